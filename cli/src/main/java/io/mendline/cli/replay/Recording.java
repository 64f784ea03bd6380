package io.mendline.cli.replay;

import io.mendline.processors.pipeline.Source;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/**
 * A recording: NDJSON, plain or gzip, one message value a line. Its name before the first dot or
 * dash says which topic it is of.
 *
 * @param name the file's name, which stands for the topic in evidence
 * @param source the topic it is of
 * @param content opens its bytes as they are stored
 */
public record Recording(String name, Source source, Content content) {

  /** Where a recording is read from. */
  @FunctionalInterface
  public interface Content {
    /** Opens it at its beginning. */
    InputStream open() throws IOException;
  }

  /**
   * A recording in a file.
   *
   * @throws ReplayException when the file is missing or its name says no topic
   */
  public static Recording of(Path path) {
    if (!Files.isRegularFile(path)) {
      throw new ReplayException("there is no file " + path);
    }
    return of(path.getFileName().toString(), path.toString(), () -> Files.newInputStream(path));
  }

  /**
   * A recording that is read from elsewhere.
   *
   * @throws ReplayException when its name says no topic
   */
  public static Recording of(String name, Content content) {
    return of(name, name, content);
  }

  private static Recording of(String name, String shown, Content content) {
    String label = name.toLowerCase(Locale.ROOT).split("[.-]", 2)[0];
    Source source =
        Source.ofLabel(label)
            .orElseThrow(
                () ->
                    new ReplayException(
                        shown
                            + ": \""
                            + label
                            + "\" is no topic; a file's name begins with one of "
                            + String.join(", ", labels())));
    return new Recording(name, source, content);
  }

  InputStream open() throws IOException {
    InputStream in = new BufferedInputStream(content.open(), 1 << 16);
    return name.endsWith(".gz") ? new GZIPInputStream(in, 1 << 16) : in;
  }

  private static String[] labels() {
    Source[] sources = Source.values();
    String[] labels = new String[sources.length];
    for (int i = 0; i < sources.length; i++) {
      labels[i] = sources[i].label();
    }
    return labels;
  }
}
