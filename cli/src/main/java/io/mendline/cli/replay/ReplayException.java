package io.mendline.cli.replay;

/** A replay that cannot be made; the message is one line and says what to do. */
public final class ReplayException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With one line for people. */
  public ReplayException(String message) {
    super(message);
  }
}
