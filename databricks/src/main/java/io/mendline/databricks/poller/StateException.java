package io.mendline.databricks.poller;

/** A state that cannot be used. The message names the file and says what to do. */
public final class StateException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StateException(String message, Throwable cause) {
    super(message, cause);
  }
}
