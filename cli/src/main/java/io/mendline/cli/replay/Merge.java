package io.mendline.cli.replay;

import io.mendline.processors.ingest.Decoded;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Recordings as one stream: merged by the running maximum of each one's event time, so that what
 * came late in its file comes late here; ties by topic, file and line.
 */
public final class Merge implements AutoCloseable {
  private final List<Cursor> open = new ArrayList<>();
  private final PriorityQueue<Cursor> next = new PriorityQueue<>();
  private Cursor current;

  /**
   * A merge before its first message.
   *
   * @param now the real time, epoch milliseconds: what lies ahead of it is refused
   */
  public Merge(List<Recording> recordings, long now) throws IOException {
    try {
      for (Recording recording : recordings) {
        Cursor cursor = new Cursor(recording, now);
        open.add(cursor);
        if (cursor.next()) {
          next.add(cursor);
        }
      }
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  /** Moves to the next message; returns whether there is one. */
  public boolean next() throws IOException {
    if (current != null && current.next()) {
      next.add(current);
    }
    current = next.poll();
    return current != null;
  }

  /** The message at hand. */
  public Decoded message() {
    return current.message();
  }

  /**
   * The event time that the recording of the message at hand has come to, epoch milliseconds: when
   * the message was told, as far as is known; {@link
   * io.mendline.processors.pipeline.Progress#UNHEARD} before the first that could be read.
   */
  public long reached() {
    return current.reached();
  }

  @Override
  public void close() throws IOException {
    for (Cursor cursor : open) {
      cursor.close();
    }
  }
}
