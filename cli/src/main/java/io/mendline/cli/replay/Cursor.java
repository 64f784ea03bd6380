package io.mendline.cli.replay;

import io.mendline.processors.ingest.Decoded;
import io.mendline.processors.ingest.RawMessage;
import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.Progress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Comparator;

/**
 * A place in a recording: the line at hand, decoded, and the running maximum of event time up to
 * it, by which recordings are merged, so that what came late in its file comes late in the replay.
 */
final class Cursor implements Comparable<Cursor>, AutoCloseable {
  private static final Comparator<Cursor> ORDER =
      Comparator.comparingLong((Cursor cursor) -> cursor.runningMaximum)
          .thenComparing(cursor -> cursor.recording.source())
          .thenComparing(cursor -> cursor.recording.name());

  private final Recording recording;
  private final InputStream in;
  private final long now;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream(1 << 12);
  private final byte[] buffer = new byte[1 << 16];

  private int at;
  private int end;
  private long lineNumber;
  private long runningMaximum = Progress.UNHEARD;
  private Decoded message;

  /**
   * A cursor before the first line.
   *
   * @param now the real time, epoch milliseconds: what lies ahead of it is refused
   */
  Cursor(Recording recording, long now) throws IOException {
    this.recording = recording;
    this.in = recording.open();
    this.now = now;
  }

  /** Moves to the next line that is not empty; returns whether there was one. */
  boolean next() throws IOException {
    byte[] bytes;
    do {
      bytes = readLine();
      if (bytes == null) {
        return false;
      }
      lineNumber++;
    } while (isBlank(bytes));
    message =
        Decoded.of(
            new RawMessage(
                recording.source(),
                new Coordinates(recording.name(), 0, lineNumber),
                now,
                null,
                bytes),
            // A recording does not say when it was received: after all that stands before it.
            runningMaximum);
    runningMaximum = Math.max(runningMaximum, message.latestEvent());
    if (message.policy() != null) {
      runningMaximum = Math.max(runningMaximum, message.policy().effectiveAt());
    }
    return true;
  }

  Decoded message() {
    return message;
  }

  /** The running maximum of event time, epoch milliseconds, or {@link Progress#UNHEARD}. */
  long reached() {
    return runningMaximum;
  }

  @Override
  public int compareTo(Cursor other) {
    return ORDER.compare(this, other);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private byte[] readLine() throws IOException {
    line.reset();
    boolean any = false;
    while (true) {
      if (at == end) {
        end = in.read(buffer);
        at = 0;
        if (end < 0) {
          end = 0;
          return any ? line.toByteArray() : null;
        }
      }
      any = true;
      int from = at;
      while (at < end && buffer[at] != '\n') {
        at++;
      }
      line.write(buffer, from, at - from);
      if (at < end) {
        at++;
        return line.toByteArray();
      }
    }
  }

  private static boolean isBlank(byte[] bytes) {
    for (byte b : bytes) {
      if (b != ' ' && b != '\t' && b != '\r') {
        return false;
      }
    }
    return true;
  }
}
