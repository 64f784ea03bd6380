package io.mendline.processors.policy;

/**
 * A policy document that cannot be taken; the message is one line and names the document and the
 * key.
 */
public final class PolicyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With one line that says what is wrong and where. */
  public PolicyException(String message) {
    super(message);
  }
}
