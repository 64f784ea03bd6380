package io.mendline.serdes.text;

/**
 * Reads the durations that telemetry is written with, to milliseconds: ISO-8601 ({@code PT5M},
 * {@code P1DT12H}, {@code P2W}) and .NET time spans ({@code 00:05:00}, {@code 1.00:00:00}, {@code
 * 00:00:30.5000000}).
 *
 * <p>Months and years have no fixed length and are refused, and so is a bare number, which .NET
 * would take for days and nearly everybody else for seconds.
 */
public final class Durations {
  /** What {@link #parse} returns for a text that is no duration, a negative one, or too long. */
  public static final long UNREADABLE = -1;

  private static final long SECOND = 1_000;
  private static final long MINUTE = 60 * SECOND;
  private static final long HOUR = 60 * MINUTE;
  private static final long DAY = 24 * HOUR;
  private static final int MAX_LENGTH = 40;
  private static final long MAX_DAYS = 1_000_000;

  private Durations() {}

  /**
   * Milliseconds of a text; decimals beyond that are cut.
   *
   * @param text not null
   * @return {@link #UNREADABLE} if it is no duration
   */
  public static long parse(String text) {
    String trimmed = text.trim();
    if (trimmed.isEmpty() || trimmed.length() > MAX_LENGTH) {
      return UNREADABLE;
    }
    char first = trimmed.charAt(0);
    return first == 'P' || first == 'p' ? iso(trimmed) : timeSpan(trimmed);
  }

  private static long iso(String text) {
    double total = 0;
    boolean time = false;
    int at = 1;
    while (at < text.length()) {
      if (!time && (text.charAt(at) == 'T' || text.charAt(at) == 't')) {
        time = true;
        at++;
      }
      int end = numberEnd(text, at);
      if (end == at || end == text.length()) {
        return UNREADABLE;
      }
      long unit = unit(Character.toUpperCase(text.charAt(end)), time);
      double count = decimal(text, at, end);
      if (unit < 0 || count < 0) {
        return UNREADABLE;
      }
      total += count * unit;
      at = end + 1;
    }
    return text.length() == 1 ? UNREADABLE : bounded(total);
  }

  private static long unit(char letter, boolean time) {
    return switch (letter) {
      case 'W' -> time ? UNREADABLE : 7 * DAY;
      case 'D' -> time ? UNREADABLE : DAY;
      case 'H' -> time ? HOUR : UNREADABLE;
      case 'M' -> time ? MINUTE : UNREADABLE;
      case 'S' -> time ? SECOND : UNREADABLE;
      default -> UNREADABLE;
    };
  }

  private static long timeSpan(String text) {
    int firstColon = text.indexOf(':');
    int secondColon = text.indexOf(':', firstColon + 1);
    if (firstColon < 0) {
      return UNREADABLE;
    }
    int dot = text.indexOf('.');
    boolean days = dot >= 0 && dot < firstColon;
    double d = days ? decimal(text, 0, dot) : 0;
    double h = decimal(text, days ? dot + 1 : 0, firstColon);
    double m = decimal(text, firstColon + 1, secondColon < 0 ? text.length() : secondColon);
    double s = secondColon < 0 ? 0 : decimal(text, secondColon + 1, text.length());
    if (d < 0 || h < 0 || h >= 24 || m < 0 || m >= 60 || s < 0 || s >= 60) {
      return UNREADABLE;
    }
    return bounded(d * DAY + h * HOUR + m * MINUTE + s * SECOND);
  }

  private static long bounded(double millis) {
    return millis > (double) MAX_DAYS * DAY ? UNREADABLE : (long) millis;
  }

  private static int numberEnd(String text, int from) {
    int at = from;
    while (at < text.length() && (isDigit(text.charAt(at)) || text.charAt(at) == '.')) {
      at++;
    }
    return at;
  }

  /** Digits with at most one decimal point, -1 for anything else. */
  private static double decimal(String text, int from, int to) {
    double value = 0;
    double weight = 0;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (c == '.' && weight == 0 && i > from && i < to - 1) {
        weight = 1;
      } else if (isDigit(c)) {
        value = value * 10 + (c - '0');
        weight *= 10;
      } else {
        return -1;
      }
    }
    return from == to ? -1 : weight == 0 ? value : value / weight;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
