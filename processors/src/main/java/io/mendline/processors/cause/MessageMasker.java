package io.mendline.processors.cause;

import java.util.Locale;
import java.util.Set;

/**
 * The scan behind {@link MessageShape}, which says what is masked and why.
 *
 * <p>Words are runs of letters, digits and {@code _-./\$~%+@}; everything else is white space, a
 * quote or punctuation. Each word is judged once, by its own characters and a few around it. One
 * instance masks one message.
 */
final class MessageMasker {
  private static final int MAX_QUOTED = 300;
  private static final int MIN_HEX = 8;

  /** Longer than the longest word of the sets below. */
  private static final int MAX_LOOKED_UP = 12;

  private static final int ASCII = 128;
  private static final boolean[] WORD_CHARS = new boolean[ASCII];

  static {
    for (char c = 0; c < ASCII; c++) {
      WORD_CHARS[c] = Character.isLetterOrDigit(c) || "_-./\\$~%+@".indexOf(c) >= 0;
    }
  }

  private static final Set<String> UNITS =
      words(
          "b kb mb gb tb pb kib mib gib tib byte bytes ns us ms s sec secs second seconds "
              + "msec msecs millis milliseconds min mins minute minutes h hr hrs hour hours day "
              + "days am pm utc gmt k m g");

  private static final Set<String> CALENDAR =
      words(
          "jan feb mar apr may jun jul aug sep sept oct nov dec january february march "
              + "april june july august september october november december mon tue wed thu fri "
              + "sat sun monday tuesday wednesday thursday friday saturday sunday");

  private static final Set<String> VALUES = words("true false null none nil nan undefined");

  private static final Set<String> TELLING_KEYS =
      words("error code reason status state type result cause errorcode");

  private static final Set<String> HOST_ENDS =
      words(
          "com net org edu gov io internal local localdomain cloud lan de uk eu cn jp fr "
              + "nl hk au us");

  private static final Set<String> FILE_ENDS =
      words(
          "parquet json csv avro orc yaml yml txt log xml jar whl sql sh py ipynb gz zip "
              + "tar conf html php so tmp delta");

  private final String in;
  private final int length;
  private final StringBuilder out;
  private boolean space;

  /**
   * Where the output ended behind the last mask, as long as only punctuation has followed; else -1.
   */
  private int maskEnd = -1;

  /** The last mask stands for a number, so that a unit may follow. */
  private boolean numeric;

  MessageMasker(String message) {
    in = message;
    length = Math.min(message.length(), MessageShape.MAX_LENGTH);
    out = new StringBuilder(length);
  }

  String mask() {
    int i = 0;
    while (i < length) {
      char c = in.charAt(i);
      if (c <= ' ') {
        space = true;
        i++;
      } else if (isWordChar(c)) {
        i = word(i);
      } else if (c == '\'' || c == '"' || c == '`') {
        i = quote(i, c);
      } else {
        punctuation(c);
        i++;
      }
    }
    return out.toString();
  }

  private int word(int start) {
    int end = start;
    while (end < length && isWordChar(in.charAt(end))) {
      end++;
    }
    if (in.startsWith("://", end)) {
      return url(end + 3);
    }
    while (end > start + 1 && isTrailing(in.charAt(end - 1))) {
      end--;
    }
    if (end == start + 1 && !Character.isLetterOrDigit(in.charAt(start)) && !isValue(start, end)) {
      punctuation(in.charAt(start));
      return end;
    }
    if (isUnit(start, end)) {
      return end;
    }
    if (varies(start, end)) {
      emitMask(startsNumber(start, end));
    } else {
      emitWord(start, end);
    }
    return end;
  }

  private boolean varies(int start, int end) {
    boolean digit = false;
    boolean hex = end - start >= MIN_HEX;
    int slashes = 0;
    int dot = -1;
    int at = -1;
    for (int i = start; i < end; i++) {
      char c = in.charAt(i);
      digit |= Character.isDigit(c);
      hex &= Character.digit(c, 16) >= 0;
      if (c == '/' || c == '\\') {
        slashes++;
        dot = -1;
      } else if (c == '.') {
        dot = i;
      } else if (c == '@') {
        at = i;
      }
    }
    if (digit) {
      return !isErrorName(start, end);
    }
    boolean path =
        slashes > 1
            || (slashes == 1 && (in.charAt(start) == '/' || in.charAt(start) == '~' || dot > 0));
    return hex
        || path
        || (at > start && dot > at)
        || (dot > start && endsLikeFileOrHost(start, dot + 1, end))
        || (dot > start && isPort(end) && Character.isLowerCase(in.charAt(start)))
        || isValue(start, end)
        || isCalendar(start, end);
  }

  private boolean isErrorName(int start, int end) {
    return Character.isLetter(in.charAt(start))
        && (endsWith(end, "Error") || endsWith(end, "Exception"));
  }

  private boolean endsWith(int end, String suffix) {
    return in.startsWith(suffix, end - suffix.length());
  }

  private boolean endsLikeFileOrHost(int start, int ending, int end) {
    String last = lookUp(ending, end);
    return FILE_ENDS.contains(last)
        || (HOST_ENDS.contains(last) && (in.indexOf('.', start) < ending - 1 || isPort(end)));
  }

  private boolean isPort(int end) {
    return end + 1 < length && in.charAt(end) == ':' && Character.isDigit(in.charAt(end + 1));
  }

  /**
   * What is assigned varies; what a key such as {@code reason} is assigned in capitals is the name
   * of something.
   */
  private boolean isValue(int start, int end) {
    char before = start == 0 ? ' ' : in.charAt(start - 1);
    if (before == '=' && start > 1 && Character.isLetterOrDigit(in.charAt(start - 2))) {
      return !isCapitals(start, end) || !TELLING_KEYS.contains(wordBefore(start - 1));
    }
    boolean colon = before == ':' || (before == ' ' && start > 1 && in.charAt(start - 2) == ':');
    return colon && VALUES.contains(lookUp(start, end));
  }

  private String wordBefore(int end) {
    int start = end;
    while (start > 0 && end - start <= MAX_LOOKED_UP && isLetter(in.charAt(start - 1))) {
      start--;
    }
    return lookUp(start, end);
  }

  private boolean isCapitals(int start, int end) {
    for (int i = start; i < end; i++) {
      if (!Character.isUpperCase(in.charAt(i)) && in.charAt(i) != '_') {
        return false;
      }
    }
    return true;
  }

  /** The name of a month or day with a number on one side, or another such name behind it. */
  private boolean isCalendar(int start, int end) {
    if (!Character.isUpperCase(in.charAt(start)) || !CALENDAR.contains(lookUp(start, end))) {
      return false;
    }
    int next = end;
    while (next < length && (in.charAt(next) == ' ' || in.charAt(next) == ',')) {
      next++;
    }
    if ((numeric && maskEnd == out.length())
        || (next < length && Character.isDigit(in.charAt(next)))) {
      return true;
    }
    int nextEnd = next;
    while (nextEnd < length && isLetter(in.charAt(nextEnd))) {
      nextEnd++;
    }
    return CALENDAR.contains(lookUp(next, nextEnd));
  }

  private boolean isUnit(int start, int end) {
    return numeric && maskEnd == out.length() && UNITS.contains(lookUp(start, end));
  }

  private boolean startsNumber(int start, int end) {
    char c = in.charAt(start);
    return Character.isDigit(c) || (end > start + 1 && Character.isDigit(in.charAt(start + 1)));
  }

  private String lookUp(int start, int end) {
    return end - start > MAX_LOOKED_UP ? "" : in.substring(start, end).toLowerCase(Locale.ROOT);
  }

  private int url(int from) {
    int end = from;
    while (end < length && in.charAt(end) > ' ' && "\"'`<>[]{}()|,;".indexOf(in.charAt(end)) < 0) {
      end++;
    }
    while (end > from && isTrailing(in.charAt(end - 1))) {
      end--;
    }
    emitMask(false);
    return end;
  }

  /** Text between two equal quotes, unless the first is an apostrophe. */
  private int quote(int start, char quote) {
    boolean opens = start == 0 || !Character.isLetterOrDigit(in.charAt(start - 1));
    int last = Math.min(length, start + MAX_QUOTED);
    for (int i = start + 1; opens && i < last && in.charAt(i) != '\n'; i++) {
      boolean closes = i + 1 >= length || !Character.isLetterOrDigit(in.charAt(i + 1));
      if (in.charAt(i) == quote && closes && in.charAt(i - 1) != '\\') {
        emitMask(false);
        return i + 1;
      }
    }
    punctuation(quote);
    return start + 1;
  }

  private void emitMask(boolean number) {
    numeric = number;
    if (maskEnd >= 0) {
      out.setLength(maskEnd);
    } else {
      flushSpace();
      out.append(MessageShape.MASK);
      maskEnd = out.length();
    }
    space = false;
  }

  private void emitWord(int start, int end) {
    flushSpace();
    out.append(in, start, end);
    maskEnd = -1;
    numeric = false;
  }

  private void punctuation(char c) {
    flushSpace();
    out.append(c);
    if (",:;-./_+|#@".indexOf(c) < 0) {
      maskEnd = -1;
      numeric = false;
    }
  }

  private void flushSpace() {
    if (space && !out.isEmpty()) {
      out.append(' ');
    }
    space = false;
  }

  private static boolean isTrailing(char c) {
    return c == '.' || c == '-' || c == '@';
  }

  private static boolean isLetter(char c) {
    return isAsciiLetter(c) || (c >= ASCII && Character.isLetter(c));
  }

  private static boolean isWordChar(char c) {
    return c < ASCII ? WORD_CHARS[c] : Character.isLetterOrDigit(c);
  }

  private static Set<String> words(String spaced) {
    return Set.of(spaced.split(" "));
  }

  static boolean isAsciiLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }
}
