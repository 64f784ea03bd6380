package io.mendline.processors.pipeline;

import java.util.function.LongSupplier;

/**
 * How much due work a station may do before it lets signals through again.
 *
 * @param keys at most so many keys
 * @param nanos at most so long, nanoseconds of {@code ticker}
 * @param ticker a monotonic clock; it bounds the work and never reaches a result
 */
public record Budget(int keys, long nanos, LongSupplier ticker) {
  /** No bound: for replay, where nobody waits and the result must not depend on speed. */
  public static final Budget UNLIMITED = new Budget(Integer.MAX_VALUE, Long.MAX_VALUE, () -> 0);

  /** The service's bound: 2,000 keys or 20 ms. */
  public static Budget ofService() {
    return new Budget(2_000, 20_000_000L, System::nanoTime);
  }
}
