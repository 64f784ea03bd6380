package io.mendline.serdes.text;

/**
 * What becomes of free text on its way in: redacted first, so that no secret is cut into a half
 * that no pattern knows, then cut to a length, since one field may hold a notebook's whole output.
 * A cut text keeps its beginning and its end, because some languages name the error first and some
 * last, and says in the middle how much is gone.
 *
 * <p>Blank text counts as absent. Immutable and safe for use by several threads.
 */
public final class FreeText {
  /** Characters kept of a name, a title or an address. */
  public static final int MAX_LINE = 1_000;

  /** Characters kept of a description, reason or message. */
  public static final int MAX_MESSAGE = 4_000;

  /** Characters kept of a stack trace or of logs. */
  public static final int MAX_TRACE = 16_000;

  private static final int MAX_QUOTE = 80;

  private final Redactor redactor;

  /** Free text redacted by {@code redactor}. */
  public FreeText(Redactor redactor) {
    this.redactor = redactor;
  }

  /** A name, a title or an address; null for null and for blank. */
  public String line(String text) {
    return clean(text, MAX_LINE);
  }

  /** A description, reason or message; null for null and for blank. */
  public String message(String text) {
    return clean(text, MAX_MESSAGE);
  }

  /** A stack trace or logs; null for null and for blank. */
  public String trace(String text) {
    return clean(text, MAX_TRACE);
  }

  /**
   * A value as it may stand in an error: redacted, on one line, at most 80 characters, in quotes.
   *
   * @param value nullable, which gives {@code null} without quotes
   */
  public String quote(String value) {
    if (value == null) {
      return "null";
    }
    String redacted = redactor.redact(value);
    StringBuilder quoted = new StringBuilder(MAX_QUOTE + 8).append('\'');
    int end = Math.min(redacted.length(), MAX_QUOTE);
    for (int i = 0; i < end; i++) {
      char c = redacted.charAt(i);
      quoted.append(Character.isISOControl(c) || c == '\u2028' || c == '\u2029' ? ' ' : c);
    }
    return quoted.append(end < redacted.length() ? "…'" : "'").toString();
  }

  private String clean(String text, int most) {
    if (text == null || text.isBlank()) {
      return null;
    }
    String redacted = redactor.redact(text);
    if (redacted.length() <= most) {
      return redacted;
    }
    int head = boundary(redacted, most / 2);
    int tail = boundary(redacted, redacted.length() - most / 2);
    return redacted.substring(0, head)
        + " … ["
        + (tail - head)
        + " characters cut] … "
        + redacted.substring(tail);
  }

  /**
   * The beginning of a text.
   *
   * @param text nullable, which gives null
   * @param most characters it may have
   */
  public static String beginning(String text, int most) {
    return text == null || text.length() <= most ? text : text.substring(0, boundary(text, most));
  }

  /** The index itself, or one less where it would part a surrogate pair. */
  private static int boundary(String text, int index) {
    return Character.isLowSurrogate(text.charAt(index)) ? index - 1 : index;
  }
}
