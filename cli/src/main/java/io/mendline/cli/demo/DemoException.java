package io.mendline.cli.demo;

/** A demo that cannot go on; the message is one line for people. */
public final class DemoException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With one line for people. */
  public DemoException(String message) {
    super(message);
  }

  /** With one line for people, and why. */
  public DemoException(String message, Throwable cause) {
    super(message, cause);
  }
}
