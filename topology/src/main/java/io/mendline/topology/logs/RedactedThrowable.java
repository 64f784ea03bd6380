package io.mendline.topology.logs;

import io.mendline.serdes.text.Redactor;

/** A throwable as it may be logged: the same frames and causes, its words without secrets. */
public final class RedactedThrowable extends Throwable {
  private static final long serialVersionUID = 1L;

  private RedactedThrowable(String message, Throwable cause) {
    super(message, cause);
  }

  /** What is logged in place of a throwable; null for null. */
  public static Throwable of(Throwable problem) {
    if (problem == null) {
      return null;
    }
    RedactedThrowable redacted =
        new RedactedThrowable(
            Redactor.standard().redact(problem.toString()), of(problem.getCause()));
    redacted.setStackTrace(problem.getStackTrace());
    return redacted;
  }

  @Override
  @SuppressWarnings("OverrideThrowableToString") // The message begins with the other's class.
  public String toString() {
    return getMessage();
  }
}
