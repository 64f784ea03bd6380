package io.mendline.topology;

/** A setting that cannot be taken; the message is one line, names the key and says what to do. */
public final class SettingsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With one line for people. */
  public SettingsException(String message) {
    super(message);
  }
}
