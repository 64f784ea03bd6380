package io.mendline.processors.sentinel;

import java.util.List;

/**
 * All that is kept of a run that went well, until the watermark has passed it.
 *
 * @param time event time of its record, epoch milliseconds
 * @param nrt the rule runs in near real time
 * @param windowEnd end of the data looked at, epoch milliseconds; absent where it is not told
 */
record HealthyRun(long time, boolean nrt, long windowEnd) {
  private static final RuleRun.Rule NOT_TOLD = new RuleRun.Rule(null, null, null);

  /** The same as a record like any other. */
  RuleRun asRun() {
    return new RuleRun(
        time,
        0,
        RuleRun.Outcome.SUCCEEDED,
        nrt,
        false,
        -1,
        windowEnd,
        List.of(),
        null,
        null,
        NOT_TOLD,
        null,
        List.of());
  }
}
