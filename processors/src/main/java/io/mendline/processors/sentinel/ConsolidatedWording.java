package io.mendline.processors.sentinel;

import io.mendline.serdes.telemetry.SentinelHealth;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the one record that Sentinel writes for a window it has given up: {@code Rule's scheduled
 * run at 06/01/2026 10:43:55 failed after numerous attempts. It will be re-executed over the next
 * scheduled time.}
 *
 * <p>The wording is no interface: case, spaces, punctuation and spelling drift. So words are
 * compared by their letters alone, the long ones with up to two letters wrong, which no other text
 * of the health table comes near to.
 */
final class ConsolidatedWording {
  private static final int TOLERATED = 2;
  private static final List<String> MANY = List.of("numerous", "multiple", "several", "repeated");
  private static final List<String> TRIES = List.of("attempts", "retries");

  private static final Pattern WORD = Pattern.compile("[a-z]+");
  private static final Pattern YEAR_FIRST =
      Pattern.compile(
          "(\\d{4})-(\\d{1,2})-(\\d{1,2})[Tt ]+(\\d{1,2}):(\\d{2})(?::(\\d{2}))?()"
              + "(?:\\.\\d+)?(?:\\s*([+-]\\d{2}:?\\d{2}))?");
  private static final Pattern YEAR_LAST =
      Pattern.compile(
          "(\\d{1,2})[/.](\\d{1,2})[/.](\\d{4}),?\\s+(\\d{1,2}):(\\d{2})(?::(\\d{2}))?"
              + "(?:\\.\\d+)?(?:\\s*([AaPp])\\.?[Mm])?");

  private ConsolidatedWording() {}

  /** Whether a record says, in its description or as its reason, that the window was given up. */
  static boolean in(SentinelHealth row) {
    return in(row.description()) || in(row.reason());
  }

  /** Whether a text, which may be null, says that a run was given up after numerous attempts. */
  static boolean in(String text) {
    if (text == null) {
      return false;
    }
    List<String> words = new ArrayList<>();
    Matcher word = WORD.matcher(text.toLowerCase(Locale.ROOT));
    while (word.find()) {
      words.add(word.group());
    }
    for (int i = 0; i + 3 < words.size(); i++) {
      if (distance(words.get(i), "failed", 1) <= 1
          && distance(words.get(i + 1), "after", 1) <= 1
          && near(words.get(i + 2), MANY)
          && near(words.get(i + 3), TRIES)) {
        return true;
      }
    }
    return false;
  }

  /**
   * The time of the run that a text names, epoch milliseconds. Sentinel writes the month first; a
   * tenant that writes the day first is recognised because the other reading is weeks away from the
   * record.
   *
   * @param text may be null
   * @param earliest readings before this are no reading
   * @param latest readings after this are no reading
   * @return the time, or -1 where the text names none in that range
   */
  static long runTime(String text, long earliest, long latest) {
    if (text == null) {
      return -1;
    }
    Matcher iso = YEAR_FIRST.matcher(text);
    if (iso.find()) {
      long at = instant(iso, 1, 2, 3) - offsetMillis(iso.group(8));
      if (at >= earliest && at <= latest) {
        return at;
      }
    }
    Matcher local = YEAR_LAST.matcher(text);
    if (local.find()) {
      for (long at : new long[] {instant(local, 3, 1, 2), instant(local, 3, 2, 1)}) {
        if (at >= earliest && at <= latest) {
          return at;
        }
      }
    }
    return -1;
  }

  private static long instant(Matcher time, int year, int month, int day) {
    try {
      int hour = Integer.parseInt(time.group(4));
      String half = time.group(7);
      if (half != null && !half.isEmpty()) {
        hour = hour % 12 + (half.equalsIgnoreCase("p") ? 12 : 0);
      }
      return LocalDateTime.of(
              Integer.parseInt(time.group(year)),
              Integer.parseInt(time.group(month)),
              Integer.parseInt(time.group(day)),
              hour,
              Integer.parseInt(time.group(5)),
              time.group(6) == null ? 0 : Integer.parseInt(time.group(6)))
          .toInstant(ZoneOffset.UTC)
          .toEpochMilli();
    } catch (DateTimeException e) {
      // Not a date when read this way, as a thirteenth month.
      return -1;
    }
  }

  private static long offsetMillis(String offset) {
    if (offset == null) {
      return 0;
    }
    String digits = offset.substring(1).replace(":", "");
    long minutes =
        Integer.parseInt(digits.substring(0, 2)) * 60L + Integer.parseInt(digits.substring(2));
    return (offset.charAt(0) == '-' ? -1 : 1) * minutes * 60_000L;
  }

  private static boolean near(String word, List<String> candidates) {
    for (String candidate : candidates) {
      if (distance(word, candidate, TOLERATED) <= TOLERATED) {
        return true;
      }
    }
    return false;
  }

  /** Levenshtein's distance; {@code limit + 1} as soon as the lengths alone exceed the limit. */
  private static int distance(String a, String b, int limit) {
    if (Math.abs(a.length() - b.length()) > limit) {
      return limit + 1;
    }
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
