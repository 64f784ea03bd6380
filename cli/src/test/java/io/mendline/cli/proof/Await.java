package io.mendline.cli.proof;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for a condition, and looks often. */
final class Await {
  private static final long LOOK_EVERY_MILLIS = 20;

  private Await() {}

  /** Whether it has held in time. */
  static boolean until(BooleanSupplier condition, Duration within) {
    long end = System.nanoTime() + within.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        return false;
      }
      try {
        Thread.sleep(LOOK_EVERY_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return true;
  }
}
