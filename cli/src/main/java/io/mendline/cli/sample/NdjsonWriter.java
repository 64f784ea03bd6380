package io.mendline.cli.sample;

import io.mendline.processors.pipeline.Source;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.Map;

/**
 * Writes messages as replay reads them: a file a source, named by {@link Source#label()}, a value a
 * line, in the order of writing. Files that are there are overwritten. Keys are not kept.
 */
public final class NdjsonWriter implements AutoCloseable {
  private static final int BUFFER = 1 << 16;

  private final Path directory;
  private final Map<Source, OutputStream> files = new EnumMap<>(Source.class);

  /**
   * A writer into a directory, which is created where it is missing.
   *
   * @throws IOException if it cannot be created
   */
  public NdjsonWriter(Path directory) throws IOException {
    this.directory = Files.createDirectories(directory);
  }

  /** Writes all of them and closes the files. */
  public static void write(Iterator<SampleMessage> messages, Path directory) throws IOException {
    try (NdjsonWriter writer = new NdjsonWriter(directory)) {
      while (messages.hasNext()) {
        writer.write(messages.next());
      }
    }
  }

  /** Writes one line. */
  public void write(SampleMessage message) throws IOException {
    OutputStream file = files.get(message.source());
    if (file == null) {
      Path path = directory.resolve(message.source().label() + ".ndjson");
      file = new BufferedOutputStream(Files.newOutputStream(path), BUFFER);
      files.put(message.source(), file);
    }
    file.write(message.value());
    file.write('\n');
  }

  /** Closes every file, and throws what the first of them that fails to close throws. */
  @Override
  public void close() throws IOException {
    IOException failure = null;
    for (OutputStream file : files.values()) {
      try {
        file.close();
      } catch (IOException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
