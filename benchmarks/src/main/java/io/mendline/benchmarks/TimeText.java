package io.mendline.benchmarks;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Reads the times of published data sets. */
final class TimeText {
  /** How to write a time, for errors. */
  static final String FORMS =
      "as 2014-04-10T00:00:00Z, as 2014-04-10 00:00:00 (UTC), or in seconds or milliseconds since"
          + " 1970";

  private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,15}(\\.[0-9]{1,9})?");

  /** In seconds it lies in the year 5138, in milliseconds in 1973. */
  private static final BigDecimal LEAST_MILLIS = BigDecimal.valueOf(100_000_000_000L);

  private TimeText() {}

  /**
   * A time in epoch milliseconds; nothing where the text is none.
   *
   * @param text an ISO-8601 date and time with {@code T} or a blank between them, taken as UTC
   *     where it names no zone; a date, taken as its midnight; or seconds or milliseconds since
   *     1970
   */
  static OptionalLong parse(String text) {
    String stripped = text.strip();
    if (NUMBER.matcher(stripped).matches()) {
      BigDecimal number = new BigDecimal(stripped);
      boolean seconds = number.abs().compareTo(LEAST_MILLIS) < 0;
      return OptionalLong.of((seconds ? number.movePointRight(3) : number).longValue());
    }
    try {
      return OptionalLong.of(instant(stripped.replaceFirst(" +", "T")).toEpochMilli());
    } catch (DateTimeException | ArithmeticException e) {
      return OptionalLong.empty();
    }
  }

  private static Instant instant(String text) {
    if (!text.contains("T")) {
      return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
    }
    TemporalAccessor time =
        DateTimeFormatter.ISO_DATE_TIME.parseBest(text, ZonedDateTime::from, LocalDateTime::from);
    return time instanceof LocalDateTime local
        ? local.toInstant(ZoneOffset.UTC)
        : Instant.from(time);
  }
}
