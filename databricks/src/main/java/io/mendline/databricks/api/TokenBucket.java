package io.mendline.databricks.api;

/**
 * Keeps calls below a rate. Refills at four fifths of it and holds one fifth, so that within no
 * second more calls pass than the rate allows. Not safe for use by several threads.
 */
final class TokenBucket {
  private static final double REFILL = 0.8;
  private static final double HELD = 0.2;

  private final double perMilli;
  private final double most;
  private final Time time;
  private double tokens;
  private long filledAt;

  /**
   * A bucket that is full.
   *
   * @param perSecond calls a second that the other side allows
   */
  TokenBucket(int perSecond, Time time) {
    this.perMilli = perSecond * REFILL / 1_000;
    this.most = Math.max(1, perSecond * HELD);
    this.time = time;
    this.tokens = most;
    this.filledAt = time.millis();
  }

  /** Waits until one more call may be made. */
  void take() throws InterruptedException {
    // Who has not to wait must still see that it is time to end.
    time.pause(0);
    fill();
    while (tokens < 1) {
      time.pause((long) Math.ceil((1 - tokens) / perMilli));
      fill();
    }
    tokens--;
  }

  private void fill() {
    long now = time.millis();
    // A clock that was set back takes nothing away.
    tokens = Math.min(most, tokens + Math.max(0, now - filledAt) * perMilli);
    filledAt = now;
  }
}
