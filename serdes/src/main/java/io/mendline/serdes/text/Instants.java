package io.mendline.serdes.text;

/**
 * Reads the instants that telemetry is written with, to epoch milliseconds, without allocating.
 *
 * <ul>
 *   <li>ISO-8601 date and time, {@code T} or a blank between, seconds and up to any number of
 *       decimals optional, {@code Z} or an offset; without either it is UTC; a date alone is its
 *       midnight;
 *   <li>{@code MM/dd/yyyy HH:mm:ss} as .NET writes it for US English, one-digit fields, decimals
 *       and AM or PM accepted, always UTC;
 *   <li>a number since 1970: below 10¹¹ seconds, below 10¹⁴ milliseconds, below 10¹⁷ microseconds,
 *       else nanoseconds (10¹¹ seconds is the year 5138, 10¹¹ milliseconds the year 1973).
 * </ul>
 *
 * Decimals beyond milliseconds are cut, not rounded. A leap second counts as the next second.
 */
public final class Instants {
  /** What {@link #parse} returns for a text that is no instant; itself no instant of this era. */
  public static final long UNREADABLE = Long.MIN_VALUE;

  private static final long SECONDS_BELOW = 100_000_000_000L;
  private static final long MILLIS_BELOW = 100_000_000_000_000L;
  private static final long MICROS_BELOW = 100_000_000_000_000_000L;
  private static final int MAX_LENGTH = 64;

  private Instants() {}

  /**
   * Epoch milliseconds of a text; negative before 1970.
   *
   * @param text not null
   * @return {@link #UNREADABLE} if it is no instant
   */
  public static long parse(String text) {
    if (text.length() > MAX_LENGTH) {
      return UNREADABLE;
    }
    Cursor cursor = new Cursor(text);
    cursor.skipBlanks();
    int first = cursor.number(1, 19);
    long millis;
    if (first >= 0 && cursor.digits == 4 && cursor.accept('-')) {
      millis = isoDateTime(cursor, first);
    } else if (first >= 0 && cursor.digits <= 2 && cursor.accept('/')) {
      millis = usDateTime(cursor, first);
    } else {
      return epoch(text.trim());
    }
    cursor.skipBlanks();
    return cursor.atEnd() ? millis : UNREADABLE;
  }

  /** Epoch milliseconds of a number whose unit its size tells; see the class comment. */
  public static long fromEpoch(long value) {
    long size = Math.abs(value);
    if (size < SECONDS_BELOW) {
      return value * 1_000;
    }
    if (size < MILLIS_BELOW) {
      return value;
    }
    return size < MICROS_BELOW ? value / 1_000 : value / 1_000_000;
  }

  /**
   * Epoch milliseconds of a number with decimals, such as seconds with milliseconds.
   *
   * @return {@link #UNREADABLE} if it is not finite
   */
  public static long fromEpoch(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return UNREADABLE;
    }
    return Math.abs(value) < SECONDS_BELOW ? Math.round(value * 1_000) : fromEpoch((long) value);
  }

  private static long epoch(String text) {
    try {
      return text.indexOf('.') < 0 ? fromEpoch(Long.parseLong(text)) : decimalEpoch(text);
    } catch (NumberFormatException e) {
      return UNREADABLE;
    }
  }

  private static long decimalEpoch(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '.' && c != '-' && (c < '0' || c > '9')) {
        return UNREADABLE; // Double.parseDouble would take 1.0f, NaN and hexadecimal
      }
    }
    return fromEpoch(Double.parseDouble(text));
  }

  private static long isoDateTime(Cursor cursor, int year) {
    int month = cursor.number(2, 2);
    if (!cursor.accept('-')) {
      return UNREADABLE;
    }
    int day = cursor.number(2, 2);
    long midnight = midnight(year, month, day);
    if (midnight == UNREADABLE || cursor.atEnd()) {
      return midnight;
    }
    if (!cursor.accept('T') && !cursor.accept('t') && !cursor.accept(' ')) {
      return UNREADABLE;
    }
    long time = timeOfDay(cursor, 2);
    long offset = offset(cursor);
    return time < 0 || offset == UNREADABLE ? UNREADABLE : midnight + time - offset;
  }

  private static long usDateTime(Cursor cursor, int month) {
    int day = cursor.number(1, 2);
    if (!cursor.accept('/')) {
      return UNREADABLE;
    }
    long midnight = midnight(cursor.number(4, 4), month, day);
    cursor.skipBlanks();
    if (midnight == UNREADABLE || cursor.atEnd()) {
      return midnight;
    }
    long time = timeOfDay(cursor, 1);
    cursor.skipBlanks();
    boolean afternoon = cursor.acceptWord("PM");
    if (time >= 0 && (afternoon || cursor.acceptWord("AM"))) {
      time = halfDay(time, afternoon);
    }
    return time < 0 ? UNREADABLE : midnight + time;
  }

  private static long halfDay(long time, boolean afternoon) {
    long half = 12 * 3_600_000L;
    if (time < half / 12 || time >= half + half / 12) {
      return UNREADABLE; // the hours of this clock are 1 to 12
    }
    long sinceTwelve = time >= half ? time - half : time;
    return afternoon ? sinceTwelve + half : sinceTwelve;
  }

  private static long timeOfDay(Cursor cursor, int hourDigits) {
    int hour = cursor.number(hourDigits, 2);
    if (!cursor.accept(':')) {
      return UNREADABLE;
    }
    int minute = cursor.number(2, 2);
    int second = 0;
    int milli = 0;
    if (cursor.accept(':')) {
      second = cursor.number(2, 2);
      if (cursor.accept('.') || cursor.accept(',')) {
        milli = cursor.decimals();
      }
    }
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) {
      return UNREADABLE;
    }
    return milli < 0 ? UNREADABLE : ((hour * 60L + minute) * 60 + second) * 1_000 + milli;
  }

  private static long offset(Cursor cursor) {
    cursor.skipBlanks();
    if (cursor.atEnd() || cursor.acceptWord("Z") || cursor.acceptWord("UTC")) {
      return 0;
    }
    int sign = cursor.accept('+') ? 1 : cursor.accept('-') ? -1 : 0;
    int hours = cursor.number(2, 2);
    boolean colon = cursor.accept(':');
    int minutes = colon || !cursor.atEnd() ? cursor.number(2, 2) : 0;
    if (sign == 0 || hours < 0 || hours > 18 || minutes < 0 || minutes > 59) {
      return UNREADABLE;
    }
    return sign * (hours * 60L + minutes) * 60_000;
  }

  /** Howard Hinnant's {@code days_from_civil}, which needs no table and no object. */
  private static long midnight(int year, int month, int day) {
    if (year < 0 || month < 1 || month > 12 || day < 1 || day > daysOf(year, month)) {
      return UNREADABLE;
    }
    long y = month <= 2 ? year - 1L : year;
    long era = Math.floorDiv(y, 400L);
    long yearOfEra = y - era * 400;
    long dayOfYear = (153L * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    long dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
    return (era * 146_097 + dayOfEra - 719_468) * 86_400_000L;
  }

  private static int daysOf(int year, int month) {
    if (month == 2) {
      return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
    }
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
  }

  /** A position in a text; what cannot be read shows as -1 or false, never as an exception. */
  private static final class Cursor {
    private final String text;
    private int at;
    private int digits;

    Cursor(String text) {
      this.text = text;
    }

    boolean atEnd() {
      return at >= text.length();
    }

    boolean accept(char wanted) {
      if (!atEnd() && text.charAt(at) == wanted) {
        at++;
        return true;
      }
      return false;
    }

    boolean acceptWord(String word) {
      if (text.regionMatches(true, at, word, 0, word.length())) {
        at += word.length();
        return true;
      }
      return false;
    }

    void skipBlanks() {
      while (!atEnd() && text.charAt(at) <= ' ') {
        at++;
      }
    }

    /**
     * A run of digits of allowed length, -1 if there is none; longer than 9 counts as no number.
     */
    int number(int least, int most) {
      int value = 0;
      digits = 0;
      while (!atEnd() && digits < most && isDigit(text.charAt(at))) {
        value = digits < 9 ? value * 10 + (text.charAt(at) - '0') : -1;
        at++;
        digits++;
      }
      return digits < least || digits > 9 ? -1 : value;
    }

    /** Decimals of a second as milliseconds, -1 if there are none. */
    int decimals() {
      int start = at;
      int millis = 0;
      int weight = 100;
      for (; !atEnd() && isDigit(text.charAt(at)); at++) {
        millis += (text.charAt(at) - '0') * weight;
        weight /= 10;
      }
      return at == start ? -1 : millis;
    }

    private static boolean isDigit(char c) {
      return c >= '0' && c <= '9';
    }
  }
}
