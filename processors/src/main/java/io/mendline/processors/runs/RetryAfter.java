package io.mendline.processors.runs;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How long a service that refused to work has asked to be left alone, as its message says. */
final class RetryAfter {
  /** Nobody means longer than this by it. */
  private static final Duration LONGEST = Duration.ofDays(1);

  private static final Pattern TOLD =
      Pattern.compile(
          "(?:retry|try again)[-_ ]?(?:after|in)[\"']?\\s{0,4}[:=]?\\s{0,4}[\"']?(\\d{1,8})(?![\\d.:-])"
              + "\\s{0,4}(ms|milli|m\\b|min|s|h\\b|hour)?",
          Pattern.CASE_INSENSITIVE);

  private RetryAfter() {}

  /**
   * The time that a message names.
   *
   * @param message nullable
   * @return whole seconds, rounded up; null where it names none, or one of more than a day
   */
  static Duration in(String message) {
    if (message == null) {
      return null;
    }
    Matcher told = TOLD.matcher(message);
    if (!told.find()) {
      return null;
    }
    long number = Long.parseLong(told.group(1));
    String unit = told.group(2) == null ? "s" : told.group(2).toLowerCase(Locale.ROOT);
    Duration after =
        switch (unit) {
          case "ms", "milli" -> Duration.ofSeconds((number + 999) / 1_000);
          case "m", "min" -> Duration.ofMinutes(number);
          case "h", "hour" -> Duration.ofHours(number);
          default -> Duration.ofSeconds(number);
        };
    return after.compareTo(LONGEST) > 0 ? null : after;
  }
}
