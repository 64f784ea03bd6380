package io.mendline.serdes.telemetry;

import io.mendline.serdes.text.Instants;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * The day that a partition holds: {@code 2026-06-01}, {@code 20260601}, or midnight of it as Kusto
 * and Spark write dates, in the offset it is written in; a number of ten digits or more is midnight
 * in UTC since 1970.
 */
final class PartitionDates {
  private static final int DAY = "2026-06-01".length();
  private static final int BARE_DAY = "20260601".length();

  private PartitionDates() {}

  /** The day as {@code 2026-06-01}; null where the text names none. */
  static String read(String text) {
    try {
      LocalDate date = date(text.strip());
      return date == null || date.getYear() < 1970 || date.getYear() > 9999
          ? null
          : date.toString();
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static LocalDate date(String text) {
    if (isNumber(text)) {
      return text.length() == BARE_DAY
          ? LocalDate.parse(text, DateTimeFormatter.BASIC_ISO_DATE)
          : text.length() > BARE_DAY ? midnight(Instants.parse(text)) : null;
    }
    if (text.length() == DAY) {
      return LocalDate.parse(text);
    }
    if (text.length() > DAY && "Tt ".indexOf(text.charAt(DAY)) >= 0) {
      return isMidnight(text.substring(DAY + 1)) ? LocalDate.parse(text.substring(0, DAY)) : null;
    }
    return midnight(Instants.parse(text));
  }

  private static LocalDate midnight(long millis) {
    if (millis < 0) {
      return null;
    }
    OffsetDateTime at = Instant.ofEpochMilli(millis).atOffset(ZoneOffset.UTC);
    return at.toLocalTime().equals(LocalTime.MIDNIGHT) ? at.toLocalDate() : null;
  }

  /** Whether a time of day, with or without an offset, is midnight. */
  private static boolean isMidnight(String time) {
    for (int i = 0; i < time.length(); i++) {
      char c = time.charAt(i);
      if (i > 0 && (c == 'Z' || c == 'z' || c == '+' || c == '-')) {
        return true;
      }
      if (c != '0' && c != ':' && c != '.') {
        return false;
      }
    }
    return !time.isEmpty();
  }

  private static boolean isNumber(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }
}
