package io.mendline.processors.runs;

/**
 * A time at which a run was expected, and when a run has to start to count for it.
 *
 * @param at the time, epoch milliseconds
 * @param early how long before it a run may start, milliseconds
 * @param grace how late a run may start to be in time, milliseconds
 * @param next the next expected time; {@link Expectation#NEVER} where there is none
 * @param repeated how long before the local clock had shown the same, see {@link
 *     CronSchedule#repeated}
 */
record ExpectedRun(long at, long early, long grace, long next, long repeated) {
  /** Clocks differ, and a scheduler may be ahead of the one that wrote the schedule. */
  static final long MOST_EARLY = 5 * 60_000L;

  /**
   * An expected time among its neighbours.
   *
   * @param previous the expected time before it; {@link Expectation#NONE} where there is none
   */
  static ExpectedRun of(long at, long previous, long next, long grace, CronSchedule schedule) {
    long early =
        previous == Expectation.NONE ? MOST_EARLY : Math.min(MOST_EARLY, (at - previous) / 2);
    return new ExpectedRun(at, early, grace, next, schedule.repeated(at));
  }

  /** The earliest start that counts. */
  long from() {
    return at - repeated - early;
  }

  /** Whether a run that started then counts, in time or late. */
  boolean takes(long start) {
    return (start >= at - early && start < end())
        || (repeated > 0 && start >= from() && start < end() - repeated);
  }

  /** When a run counts for the next expected time, or for none. */
  private long end() {
    return next == Expectation.NEVER ? at + grace : next;
  }

  /** Whether a run that started then was in time. */
  boolean isInTime(long start) {
    return start <= at + grace;
  }
}
