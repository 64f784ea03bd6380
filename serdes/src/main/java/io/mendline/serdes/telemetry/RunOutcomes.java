package io.mendline.serdes.telemetry;

import io.mendline.serdes.telemetry.RunState.Outcome;

/**
 * What the enumerations of the platform come to. A value that is not known here is no error: the
 * platform adds values, and the raw text is kept beside the outcome.
 *
 * <p>Source: the enumerations of the Jobs API as the Databricks SDK declares them, the system
 * tables' and the audit log's own spellings.
 */
final class RunOutcomes {
  private static final Spellings<Life> LIVES = Spellings.of(Life.class, life -> life.words);
  private static final Spellings<End> ENDS = Spellings.of(End.class, end -> end.words);

  private RunOutcomes() {}

  /**
   * The outcome of a run or task.
   *
   * @param lifeCycle life cycle state or {@code status.state}; nullable, like all of them
   * @param result result state, or the audit log's terminal state
   * @param code termination code
   * @param type termination type
   */
  static Outcome of(String lifeCycle, String result, String code, String type) {
    Life life = LIVES.find(lifeCycle);
    if (life == Life.SKIPPED) {
      return Outcome.SKIPPED;
    }
    if (life == Life.ACTIVE) {
      return Outcome.RUNNING;
    }
    End byCode = ENDS.find(code);
    End byResult = ENDS.find(result);
    if (byCode == End.SKIPPED && (byResult == null || byResult == End.CANCELLED)) {
      return Outcome.SKIPPED; // a run refused for a limit may be reported as cancelled
    }
    if (byResult != null) {
      return byResult.outcome;
    }
    if (result != null) {
      return Outcome.OTHER;
    }
    if (byCode != null) {
      return byCode.outcome;
    }
    if (type != null || life == Life.BROKEN) {
      return ENDS.find(type) == End.SUCCESS ? Outcome.SUCCESS : Outcome.FAILED;
    }
    return code == null ? Outcome.OTHER : Outcome.FAILED; // every code but the known few is a fault
  }

  /** The outcome of a result text alone; {@link Outcome#OTHER} if it is not known. */
  static Outcome ofResult(String result) {
    End end = ENDS.find(result);
    return end == null ? Outcome.OTHER : end.outcome;
  }

  private enum Life {
    ACTIVE(
        "BLOCKED", "PENDING", "QUEUED", "RUNNING", "TERMINATING", "WAITING", "WAITING_FOR_RETRY"),
    SKIPPED("SKIPPED"),
    ENDED("TERMINATED"),
    /** With a result, the user's code failed; without one, the platform did. */
    BROKEN("INTERNAL_ERROR");

    private final String words;

    Life(String... words) {
      this.words = Spellings.join(words);
    }
  }

  private enum End {
    SUCCESS(Outcome.SUCCESS, "SUCCESS", "SUCCEEDED", "SUCCESS_WITH_FAILURES"),
    FAILED(Outcome.FAILED, "FAILED", "FAILURE", "ERROR", "INTERNAL_ERROR"),
    SKIPPED(
        Outcome.SKIPPED,
        "SKIPPED",
        "DISABLED",
        "EXCLUDED",
        "BLOCKED",
        "UPSTREAM_FAILED",
        "UPSTREAM_CANCELED",
        "UPSTREAM_CANCELLED",
        "MAXIMUM_CONCURRENT_RUNS_REACHED",
        "MAX_CONCURRENT_RUNS_EXCEEDED",
        "MAX_JOB_QUEUE_SIZE_EXCEEDED"),
    CANCELLED(Outcome.CANCELLED, "CANCELED", "CANCELLED", "USER_CANCELED", "USER_CANCELLED"),
    TIMED_OUT(Outcome.TIMED_OUT, "TIMEDOUT", "TIMED_OUT", "TIMEOUT");

    private final Outcome outcome;
    private final String words;

    End(Outcome outcome, String... words) {
      this.outcome = outcome;
      this.words = Spellings.join(words);
    }
  }
}
