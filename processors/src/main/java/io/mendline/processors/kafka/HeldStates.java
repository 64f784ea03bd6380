package io.mendline.processors.kafka;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * What all stores of an application may hold decoded, together, and whether they may at all put off
 * writing.
 */
final class HeldStates {
  /** A state on the heap: its entry in the map, and objects instead of packed bytes. */
  private static final int FIXED_COST = 320;

  private static final int COST_PER_BYTE = 4;

  /** How long each state is written at once after one could not be. */
  private static final long AT_ONCE_NANOS = Duration.ofMinutes(10).toNanos();

  private final long most;
  private final LongSupplier nanos;
  private final AtomicLong held = new AtomicLong();
  private volatile long atOnceUntil;
  private volatile boolean atOnce;

  /**
   * For so many bytes of heap, by estimate.
   *
   * @param nanos a clock that only goes forward
   */
  HeldStates(long most, LongSupplier nanos) {
    this.most = most;
    this.nanos = nanos;
  }

  /** What a state costs that takes so many bytes when written. */
  static long costOf(int bytes) {
    return FIXED_COST + (long) COST_PER_BYTE * bytes;
  }

  void take(long cost) {
    held.addAndGet(cost);
  }

  void release(long cost) {
    held.addAndGet(-cost);
  }

  boolean isExceeded() {
    return held.get() > most;
  }

  /**
   * From now on, and for ten minutes, each state is written when it is put, so that what fails next
   * fails alone.
   */
  void writeAtOnce() {
    atOnceUntil = nanos.getAsLong() + AT_ONCE_NANOS;
    atOnce = true;
  }

  boolean writesAtOnce() {
    if (atOnce && nanos.getAsLong() - atOnceUntil >= 0) {
      atOnce = false;
    }
    return atOnce;
  }
}
