package io.mendline.processors.runs;

/**
 * A run that was expected and did not start.
 *
 * @param expected when it was expected
 * @param plan the settings that it was expected by
 * @param judgedAt event time at which it counted as missed
 * @param lastStart start of the last run that was in time, or {@link Expectation#NONE}
 * @param laterStart the first start of another run after it, or {@link Expectation#NONE}
 * @param gapStart the first of the neighbouring times that were missed with it; its own if it is
 *     that
 * @param gapPlace which of them it is, from 1
 */
record MissedRun(
    ExpectedRun expected,
    JobPlan plan,
    long judgedAt,
    long lastStart,
    long laterStart,
    long gapStart,
    int gapPlace) {
  /** When it can be cleared at the earliest: after it was raised. */
  long clearableAt() {
    return judgedAt + 1;
  }
}
