package io.mendline.cli.bench;

import io.mendline.cli.sample.SteadyTelemetry;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;

/** Sends blocks of telemetry at a steady rate. */
final class Pace {
  private static final long BETWEEN_SENDS_NANOS = 2_000_000;

  private Pace() {}

  /** How many blocks hold so many events. */
  static double blocks(double events) {
    return events / SteadyTelemetry.BLOCK;
  }

  /**
   * Sends, and returns when all are sent. What could not be sent in time is sent as soon as it can.
   *
   * @param goesOn asked between the sends
   * @param send takes the number of a block, from 0
   */
  static void send(double blocksPerSecond, long blocks, BooleanSupplier goesOn, LongConsumer send) {
    long start = System.nanoTime();
    long next = 0;
    while (next < blocks && goesOn.getAsBoolean()) {
      long due = (long) ((System.nanoTime() - start) / 1e9 * blocksPerSecond) + 1;
      for (; next < Math.min(due, blocks); next++) {
        send.accept(next);
      }
      LockSupport.parkNanos(BETWEEN_SENDS_NANOS);
    }
  }
}
