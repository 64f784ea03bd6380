package io.mendline.processors.sentinel;

import java.util.List;

/**
 * All that is kept of a run that went well, until the watermark has passed it.
 *
 * @param time event time of its record, epoch milliseconds
 * @param seenUntil for an NRT rule the end of the data it has seen, epoch milliseconds; else absent
 */
record HealthyRun(long time, long seenUntil) {
  private static final RuleRun.Rule NOT_TOLD = new RuleRun.Rule(null, null, null);

  /** The same as a record like any other. */
  RuleRun asRun() {
    return new RuleRun(
        time,
        0,
        RuleRun.Outcome.SUCCEEDED,
        seenUntil >= 0,
        false,
        -1,
        seenUntil,
        List.of(),
        null,
        null,
        NOT_TOLD,
        null,
        List.of());
  }
}
