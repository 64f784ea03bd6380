package io.mendline.serdes.telemetry;

import com.fasterxml.jackson.core.JsonParser;
import io.mendline.serdes.text.FreeText;
import java.io.IOException;

/** The first thing that is wrong with a record; later ones are usually its consequence. */
final class Problem {
  private final FreeText texts;
  private String reason;

  Problem(FreeText texts) {
    this.texts = texts;
  }

  /** Notes that a field has a value that makes no sense. */
  void note(String field, String value, String why) {
    if (reason == null) {
      reason = field + ": " + texts.quote(value) + ' ' + why;
    }
  }

  /** Notes that a field is missing, or whatever else has no value to quote. */
  void note(String field, String why) {
    if (reason == null) {
      reason = field + ": " + why;
    }
  }

  /**
   * The instant that a field holds, in epoch milliseconds; notes what is none.
   *
   * @param before what is known where the field holds nothing, or nothing that can be read
   */
  long instant(String field, JsonParser value, long before) throws IOException {
    long millis = Json.instant(value);
    if (millis < TelemetryRecord.ABSENT) {
      note(field, Json.shown(value), "is no instant after 1970");
    }
    return millis < 0 ? before : millis;
  }

  boolean found() {
    return reason != null;
  }

  /** One line; null if nothing was noted. */
  String reason() {
    return reason;
  }
}
