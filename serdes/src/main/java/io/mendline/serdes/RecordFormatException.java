package io.mendline.serdes;

/**
 * A record that cannot be written, or bytes that hold no record. The message is one line, names the
 * field where there is one, and quotes at most 80 characters of a value.
 */
public final class RecordFormatException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With what is wrong. */
  public RecordFormatException(String message) {
    super(message);
  }

  /** With what is wrong and what it followed from. */
  public RecordFormatException(String message, Throwable cause) {
    super(message, cause);
  }
}
