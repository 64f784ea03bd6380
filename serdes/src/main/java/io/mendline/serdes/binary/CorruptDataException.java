package io.mendline.serdes.binary;

/**
 * Bytes that were written by no {@link BinaryWriter}, or were cut or damaged since. It always means
 * a bug or a damaged store, never bad input from outside, which is why it is unchecked.
 */
public final class CorruptDataException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int position;

  /**
   * @param message what was expected and what was found, without the position
   * @param position offset of the first offending byte, counted from the start of the buffer
   */
  public CorruptDataException(String message, int position) {
    super(message + " at byte " + position);
    this.position = position;
  }

  /** Offset of the first offending byte, counted from the start of the buffer. */
  public int position() {
    return position;
  }
}
