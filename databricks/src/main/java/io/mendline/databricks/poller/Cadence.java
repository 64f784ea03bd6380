package io.mendline.databricks.poller;

/**
 * How long to wait before a run is looked at again: 30, 60, then every 120 seconds while nothing
 * changes; of a run that has lasted over an hour, or has ended and may be repaired, 60, 120, 240,
 * then every 300; of a pipeline always 30. A change begins anew.
 *
 * <p>Source of the numbers: how operators poll jobs, long trainings and pipelines.
 */
final class Cadence {
  private static final long SECOND = 1_000;
  private static final long LONG_RUNNING = 3_600 * SECOND;
  private static final long FIRST = 30 * SECOND;
  private static final long LAST = 120 * SECOND;
  private static final long FIRST_OF_LONG = 60 * SECOND;
  private static final long LAST_OF_LONG = 300 * SECOND;

  private Cadence() {}

  /**
   * The wait that follows a look, milliseconds.
   *
   * @param waited the wait before it, 0 when it showed a change
   */
  static long next(TrackedRun run, long waited, long now) {
    boolean ended = run.phase != TrackedRun.Phase.ACTIVE;
    if (run.pipeline && !ended) {
      return FIRST;
    }
    // What a failed task put out should be there while its failure is being judged.
    boolean slow = ended ? !run.evidencePending : now - run.start > LONG_RUNNING;
    long first = slow ? FIRST_OF_LONG : FIRST;
    long last = slow || ended ? LAST_OF_LONG : LAST;
    return waited == 0 ? first : Math.min(last, Math.max(first, waited * 2));
  }
}
