package io.mendline.cli.bench;

/** A benchmark that cannot be run, or whose run was not what it should have been. */
public final class BenchException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With one line for people. */
  public BenchException(String message) {
    super(message);
  }

  /** With one line for people, and why. */
  public BenchException(String message, Throwable cause) {
    super(message, cause);
  }
}
