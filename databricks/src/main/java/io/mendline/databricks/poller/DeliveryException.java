package io.mendline.databricks.poller;

/** Messages that could not be delivered, or a state that could not be kept. */
public final class DeliveryException extends Exception {
  private static final long serialVersionUID = 1L;

  /** With one line for people. */
  public DeliveryException(String message, Throwable cause) {
    super(message, cause);
  }
}
