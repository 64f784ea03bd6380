package io.mendline.processors.cause;

import java.util.Locale;

/**
 * The shape of a message: its constant words, with {@code <*>} for what varies from one message to
 * the next.
 *
 * <p>Messages of one shape have one {@link #fingerprint}, so that a cause no rule knows still
 * recurs under one key. Unlike a log parser that learns templates from a stream (Drain: He et al.,
 * ICWS 2017), this is a pure function of the one message: what varies is told by its form alone.
 * Masked are
 *
 * <ul>
 *   <li>words with a digit in them: numbers with their unit, ids, hexadecimal, UUIDs, addresses,
 *       dates and times, host names with a number;
 *   <li>quoted text, URLs, paths, file names, e-mail addresses, dotted host names, hexadecimal
 *       words, names of months and days beside a number;
 *   <li>what follows {@code key=}, and {@code null}, {@code true} and {@code false} behind a colon.
 * </ul>
 *
 * Class names of errors are kept although they may have digits ({@code Py4JJavaError}), and so are
 * words in capitals behind {@code reason=} and its like. Masks with only punctuation between them
 * become one, so that lists of different length have one shape.
 *
 * <p>One scan by hand, linear in the text: each character is looked at a bounded number of times.
 * Immutable.
 */
public final class MessageShape {
  /** What stands for a varying part. */
  public static final String MASK = "<*>";

  /** More than this of a message does not change its shape. */
  static final int MAX_LENGTH = 2_000;

  private static final int TITLE_LENGTH = 100;
  private static final int SLUG_LENGTH = 40;
  private static final int SLUG_WORDS = 4;

  private final String masked;

  private MessageShape(String masked) {
    this.masked = masked;
  }

  /** The shape of a message; of a null one the empty shape. */
  public static MessageShape of(String message) {
    return new MessageShape(message == null ? "" : new MessageMasker(message).mask());
  }

  /** The message with what varies masked. */
  public String masked() {
    return masked;
  }

  /** 16 hexadecimal digits: a 64-bit hash of the shape, white space left out. */
  public String fingerprint() {
    // FNV-1a, then the finalizer of MurmurHash3 to spread its weak high bits.
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < masked.length(); i++) {
      char c = masked.charAt(i);
      if (c > ' ') {
        hash = (hash ^ c) * 0x100000001b3L;
      }
    }
    hash = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
    hash = (hash ^ hash >>> 33) * 0xc4ceb9fe1a85ec53L;
    return hex(hash ^ hash >>> 33);
  }

  private static String hex(long value) {
    char[] digits = new char[16];
    for (int i = 0; i < digits.length; i++) {
      digits[i] = Character.forDigit((int) (value >>> (60 - 4 * i)) & 15, 16);
    }
    return new String(digits);
  }

  /** The masked message on one line, cut at about 100 characters. */
  public String title() {
    String line = masked.replace('\n', ' ');
    if (line.length() <= TITLE_LENGTH) {
      return line;
    }
    int space = line.lastIndexOf(' ', TITLE_LENGTH);
    int end = space > TITLE_LENGTH / 2 ? space : TITLE_LENGTH;
    end = Character.isHighSurrogate(line.charAt(end - 1)) ? end - 1 : end;
    return line.substring(0, end) + "…";
  }

  /**
   * The first constant words in lower case, joined by hyphens; ASCII letters only, possibly empty.
   * For people to know a fingerprint by.
   */
  public String slug() {
    StringBuilder slug = new StringBuilder(SLUG_LENGTH);
    int words = 0;
    int i = 0;
    while (i < masked.length() && words < SLUG_WORDS) {
      int start = i;
      while (i < masked.length() && MessageMasker.isAsciiLetter(masked.charAt(i))) {
        i++;
      }
      if (i - start > 1 && slug.length() + i - start < SLUG_LENGTH) {
        slug.append(slug.isEmpty() ? "" : "-").append(masked, start, i);
        words++;
      }
      i++;
    }
    return slug.toString().toLowerCase(Locale.ROOT);
  }
}
