package io.mendline.processors.runs;

import io.mendline.processors.pipeline.Coordinates;
import io.mendline.serdes.binary.WireEnum;
import io.mendline.serdes.telemetry.RunState;
import io.mendline.serdes.telemetry.RunState.Outcome;
import java.util.Locale;
import java.util.Set;

/**
 * What a record tells of the start of a run.
 *
 * @param runId the run
 * @param time event time of the record
 * @param start when the run started, epoch milliseconds; where only its end is told, that
 * @param known whether the start is told
 * @param by what started it
 * @param succeeded whether the record tells that it ended well; not kept of scheduled runs
 * @param at where it was read
 */
record StartedRun(
    String runId, long time, long start, boolean known, By by, boolean succeeded, Coordinates at) {

  private static final Set<String> BY_SCHEDULE =
      Set.of("PERIODIC", "CRON", "SCHEDULE", "SCHEDULED");

  /** What started a run. */
  enum By implements WireEnum {
    /** It is not told. */
    UNTOLD(0),
    /** The schedule. */
    SCHEDULE(1),
    /** A person, another job, a retry, or the arrival of data. */
    OTHER(2);

    private final int code;

    By(int code) {
      this.code = code;
    }

    @Override
    public int code() {
      return code;
    }
  }

  /** What a state of a run as a whole tells of its start; null where that is nothing. */
  static StartedRun of(RunState state, Coordinates at) {
    boolean told = state.startTime() != RunState.ABSENT;
    if (state.isPipeline()) {
      return null; // nothing says when an update is expected
    }
    if (!told && (isRequest(state) || isWarning(state))) {
      return null;
    }
    By by = by(state.trigger());
    return new StartedRun(
        state.runId(),
        state.time(),
        told ? state.startTime() : state.time(),
        // What the platform skips has no length.
        told || state.outcome() == Outcome.RUNNING || state.outcome() == Outcome.SKIPPED,
        by,
        by != By.SCHEDULE && state.outcome() == Outcome.SUCCESS,
        at);
  }

  /** Somebody asked for something to be done to a run that had started long before. */
  private static boolean isRequest(RunState state) {
    String action = state.lifeCycle() == null ? "" : state.lifeCycle().toLowerCase(Locale.ROOT);
    return state.source() == RunState.Source.AUDIT
        && state.outcome() == Outcome.RUNNING
        && (action.startsWith("repair") || action.startsWith("cancel"));
  }

  /** A run that takes long has started long before. */
  private static boolean isWarning(RunState state) {
    return state.source() == RunState.Source.WEBHOOK
        && RunState.ON_DURATION_WARNING.equalsIgnoreCase(state.lifeCycle());
  }

  private static By by(String trigger) {
    if (trigger == null) {
      return By.UNTOLD;
    }
    return BY_SCHEDULE.contains(trigger.toUpperCase(Locale.ROOT)) ? By.SCHEDULE : By.OTHER;
  }

  /** Whether it tells the same, but perhaps at another time. */
  boolean tellsAs(StartedRun other) {
    return start == other.start
        && known == other.known
        && by == other.by
        && succeeded == other.succeeded
        && runId.equals(other.runId);
  }
}
