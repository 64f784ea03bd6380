package io.mendline.topology.logs;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * A token bucket: lets a burst through, then so many a second, and counts what it keeps back.
 *
 * <p>Safe for use by several threads.
 */
final class RateLimit {
  /** What {@link #pass} says of what is kept back. */
  static final long KEPT_BACK = -1;

  private final long burst;
  private final long nanosPerToken;
  private final LongSupplier nanos;
  private long tokens;
  private long filledAt;
  private long keptBack;

  /**
   * A bucket that is full.
   *
   * @param burst how many may pass at once, at least 1
   * @param every how long it takes for one more
   * @param nanos a clock that never goes back, nanoseconds
   */
  RateLimit(int burst, Duration every, LongSupplier nanos) {
    this.burst = burst;
    this.nanosPerToken = every.toNanos();
    this.nanos = nanos;
    this.tokens = burst;
    this.filledAt = nanos.getAsLong();
  }

  /**
   * Asks to let one through.
   *
   * @return how many were kept back since the last one that passed, or {@link #KEPT_BACK}
   */
  synchronized long pass() {
    long now = nanos.getAsLong();
    long more = (now - filledAt) / nanosPerToken;
    if (more > 0) {
      tokens = Math.min(burst, tokens + more);
      filledAt = tokens == burst ? now : filledAt + more * nanosPerToken;
    }
    if (tokens == 0) {
      keptBack++;
      return KEPT_BACK;
    }
    tokens--;
    long before = keptBack;
    keptBack = 0;
    return before;
  }
}
