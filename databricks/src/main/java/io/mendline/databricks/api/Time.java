package io.mendline.databricks.api;

/** The time and the passing of it, so that what waits can be tested without waiting. */
public interface Time {
  /** Milliseconds since 1970. */
  long millis();

  /**
   * Lets time pass.
   *
   * @param millis how long; nothing happens for 0 and less
   * @throws InterruptedException when it is time to end instead
   */
  void pause(long millis) throws InterruptedException;
}
