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
 * A recorded file: NDJSON, plain or gzip, one message value a line. Its name before the first dot
 * or dash says which topic it is of.
 *
 * @param path the file
 * @param source the topic it is of
 */
record Recording(Path path, Source source) {

  /**
   * A recording.
   *
   * @throws ReplayException when the file is missing or its name says no topic
   */
  static Recording of(Path path) {
    if (!Files.isRegularFile(path)) {
      throw new ReplayException("there is no file " + path);
    }
    String name = path.getFileName().toString().toLowerCase(Locale.ROOT);
    String label = name.split("[.-]", 2)[0];
    Source source =
        Source.ofLabel(label)
            .orElseThrow(
                () ->
                    new ReplayException(
                        path
                            + ": \""
                            + label
                            + "\" is no topic; a file's name begins with one of "
                            + String.join(", ", labels())));
    return new Recording(path, source);
  }

  /** The file's name, which stands for the topic in evidence. */
  String name() {
    return path.getFileName().toString();
  }

  InputStream open() throws IOException {
    InputStream in = new BufferedInputStream(Files.newInputStream(path), 1 << 16);
    return path.toString().endsWith(".gz") ? new GZIPInputStream(in, 1 << 16) : in;
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
