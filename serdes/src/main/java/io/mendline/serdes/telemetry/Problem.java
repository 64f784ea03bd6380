package io.mendline.serdes.telemetry;

import io.mendline.serdes.text.FreeText;

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

  boolean found() {
    return reason != null;
  }

  /** One line; null if nothing was noted. */
  String reason() {
    return reason;
  }
}
