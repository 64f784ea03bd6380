package io.mendline.processors.pipeline;

import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * Deadlines by due time, one heap per set of sources that settle them. In memory only: a deadline's
 * truth is the {@code wakeAt} in its key's state, from which this is rebuilt at start.
 *
 * <p>A heap entry that no longer matches its key's current deadline is dropped when it surfaces, or
 * when such entries outnumber the others; so setting and clearing cost O(log n), and memory goes by
 * the number of keys.
 */
final class TimerIndex {
  private static final int SLACK = 1_000;

  private final Map<StateKey, Timer> current = new HashMap<>();
  private final Map<Integer, PriorityQueue<Timer>> due = new HashMap<>();

  /** Sets the one deadline of a key, replacing the one it had; {@link Step#NEVER} clears it. */
  void set(StateKey key, long at, int sources) {
    Timer before = current.get(key);
    if (at == Step.NEVER) {
      if (before != null) {
        current.remove(key);
      }
      return;
    }
    if (before != null && before.at == at && before.sources == sources) {
      return;
    }
    Timer timer = new Timer(at, key, sources);
    current.put(key, timer);
    PriorityQueue<Timer> heap = due.computeIfAbsent(sources, bits -> new PriorityQueue<>());
    heap.add(timer);
    if (heap.size() > 2 * current.size() + SLACK) {
      heap.removeIf(other -> current.get(other.key) != other);
    }
  }

  /**
   * Removes and returns the key whose deadline is the earliest of those that have passed, or null.
   */
  StateKey poll(Progress progress) {
    Timer earliest = null;
    for (Map.Entry<Integer, PriorityQueue<Timer>> heap : due.entrySet()) {
      Timer head = head(heap.getValue());
      if (head != null
          && head.at <= progress.of(heap.getKey())
          && (earliest == null || head.compareTo(earliest) < 0)) {
        earliest = head;
      }
    }
    if (earliest == null) {
      return null;
    }
    due.get(earliest.sources).poll();
    current.remove(earliest.key);
    return earliest.key;
  }

  /** How many keys have a deadline. */
  int size() {
    return current.size();
  }

  /** How many keys have a deadline that has passed. Looks at all of them. */
  int due(Progress progress) {
    int passed = 0;
    for (Timer timer : current.values()) {
      if (timer.at <= progress.of(timer.sources)) {
        passed++;
      }
    }
    return passed;
  }

  /** How many entries are held, stale ones among them. */
  int entries() {
    return due.values().stream().mapToInt(PriorityQueue::size).sum();
  }

  private Timer head(PriorityQueue<Timer> heap) {
    Timer head = heap.peek();
    while (head != null && current.get(head.key) != head) {
      heap.poll();
      head = heap.peek();
    }
    return head;
  }

  private static final class Timer implements Comparable<Timer> {
    private final long at;
    private final StateKey key;
    private final int sources;

    Timer(long at, StateKey key, int sources) {
      this.at = at;
      this.key = key;
      this.sources = sources;
    }

    @Override
    public int compareTo(Timer other) {
      int byTime = Long.compare(at, other.at);
      return byTime != 0 ? byTime : key.compareTo(other.key);
    }
  }
}
