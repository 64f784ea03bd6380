package io.mendline.processors.sentinel;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Facts about one resource that the watermark has not passed, in the order in which they will be
 * judged, and how far judgement has come.
 */
final class FactQueue {
  /** At most so many facts wait; beyond that the oldest is judged before its time. */
  static final int MAX_WAITING = 512;

  private final List<HealthFact> waiting;
  private HealthFact.Place last;
  private long early;

  FactQueue() {
    this(List.of(), null, 0);
  }

  FactQueue(List<HealthFact> waiting, HealthFact.Place last, long early) {
    this.waiting = new ArrayList<>(waiting);
    this.last = last;
    this.early = early;
  }

  /** The facts that wait, in order. */
  List<HealthFact> waiting() {
    return waiting;
  }

  /** The place of the last fact, in order, that was judged; null before the first. */
  HealthFact.Place last() {
    return last;
  }

  /** How many were judged before the watermark passed them, because the bound was reached. */
  long early() {
    return early;
  }

  /** Takes a fact up, unless the same waits already. */
  void add(HealthFact fact) {
    int at = Collections.binarySearch(waiting, fact, HealthFact.ORDER);
    if (at < 0) {
      waiting.add(-at - 1, fact);
    }
  }

  /** Whether this fact, or one that comes after it in order, was judged already. */
  boolean isBehind(HealthFact fact) {
    return last != null && fact.place().compareTo(last) <= 0;
  }

  /** The next fact to judge with an event time up to an instant, or null. */
  HealthFact pollUpTo(long instant) {
    return waiting.isEmpty() || waiting.get(0).time() > instant ? null : poll();
  }

  /** The next fact to judge because too many wait, or null. */
  HealthFact pollEarly() {
    if (waiting.size() <= MAX_WAITING) {
      return null;
    }
    early++;
    return poll();
  }

  private HealthFact poll() {
    HealthFact next = waiting.remove(0);
    judged(next);
    return next;
  }

  /** Notes that a fact was judged. */
  void judged(HealthFact fact) {
    if (!isBehind(fact)) {
      last = fact.place();
    }
  }
}
