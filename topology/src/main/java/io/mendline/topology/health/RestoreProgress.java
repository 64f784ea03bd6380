package io.mendline.topology.health;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.StateRestoreListener;

/**
 * How many records are left to read from changelogs before this instance has the state of its
 * active tasks. Counted in offsets, so transaction markers count as records. Copies on standby are
 * not restored in this sense.
 */
public final class RestoreProgress implements StateRestoreListener {
  private final Map<Restored, Range> ranges = new ConcurrentHashMap<>();

  /** How many records are left, of all stores together. */
  public long left() {
    return ranges.values().stream().mapToLong(Range::left).sum();
  }

  /** How many stores are being restored, each partition counted. */
  public int stores() {
    return ranges.size();
  }

  @Override
  public void onRestoreStart(TopicPartition changelog, String store, long from, long end) {
    ranges.put(new Restored(changelog, store), new Range(from, end));
  }

  @Override
  public void onBatchRestored(TopicPartition changelog, String store, long last, long count) {
    ranges.computeIfPresent(
        new Restored(changelog, store), (key, range) -> new Range(last + 1, range.end()));
  }

  @Override
  public void onRestoreEnd(TopicPartition changelog, String store, long count) {
    ranges.remove(new Restored(changelog, store));
  }

  @Override
  public void onRestoreSuspended(TopicPartition changelog, String store, long count) {
    ranges.remove(new Restored(changelog, store));
  }

  private record Restored(TopicPartition changelog, String store) {}

  /** Of a changelog: the next offset to read, and the one after the last. */
  private record Range(long next, long end) {
    long left() {
      return Math.max(0, end - next);
    }
  }
}
