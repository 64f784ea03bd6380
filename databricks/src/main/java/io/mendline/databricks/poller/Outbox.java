package io.mendline.databricks.poller;

/** Where messages go. Used by one thread. */
public interface Outbox {
  /** Hands over a message; it counts once {@link #flush} has returned. */
  void send(String key, byte[] value);

  /**
   * Waits until all that was handed over is kept.
   *
   * @throws DeliveryException if any of it is not; then all of it since the last flush has to be
   *     handed over again
   */
  void flush() throws DeliveryException;
}
