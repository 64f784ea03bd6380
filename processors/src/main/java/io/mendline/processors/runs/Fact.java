package io.mendline.processors.runs;

import io.mendline.processors.pipeline.Coordinates;
import io.mendline.serdes.binary.WireEnum;
import io.mendline.serdes.telemetry.ChildRun;
import io.mendline.serdes.telemetry.RunItems;
import io.mendline.serdes.telemetry.RunState;
import io.mendline.serdes.telemetry.RunState.Level;
import io.mendline.serdes.text.FreeText;
import java.util.Comparator;

/**
 * What is kept of a state that ended a run or a task: a failure with its diagnosis, a success after
 * which a failure counts as mended, or an end that is neither. Texts are cut; of a success only
 * what identifies it is kept.
 *
 * @param time event time
 * @param contentId identity of the fact
 * @param level whether it is the run's or a task's
 * @param stage what is still to be done about it
 * @param cause why; null for a success
 * @param attempt retries before this attempt, or {@link RunState#ABSENT}
 * @param start when the run or task started, or absent
 * @param end when it ended, or absent
 * @param taskRunId nullable, as all that follow but the last
 * @param taskKey the task's key
 * @param jobName the job's name
 * @param environment the deployment environment
 * @param message what it said
 * @param runPageUrl where a person can look
 * @param repairId the latest repair
 * @param terminationCode as given
 * @param clusterId where it ran
 * @param allPurpose whether that is a cluster that others run on too
 * @param trigger what started the run
 * @param childRun the run of another job that the task has started
 * @param otherwise whether it ended neither well nor in failure: cancelled by a person, or skipped
 * @param observed whether the time is when it was received: {@link RunState#timedOnArrival()}
 * @param items what of its items went well; null where it does not say
 * @param saidCause why it failed by its own account, though it ended well; nullable
 * @param at where it was read
 */
record Fact(
    long time,
    long contentId,
    Level level,
    Stage stage,
    Cause cause,
    int attempt,
    long start,
    long end,
    String taskRunId,
    String taskKey,
    String jobName,
    String environment,
    String message,
    String runPageUrl,
    String repairId,
    String terminationCode,
    String clusterId,
    boolean allPurpose,
    String trigger,
    ChildRun childRun,
    boolean otherwise,
    boolean observed,
    RunItems items,
    Cause saidCause,
    Coordinates at) {

  /** At most so many characters of a message are kept. */
  static final int MESSAGE_LENGTH = 400;

  /** In the order of time; at one instant failure goes before success, so that success prevails. */
  static final Comparator<Fact> BY_TIME =
      Comparator.comparingLong(Fact::time)
          .thenComparing(fact -> fact.cause() == null)
          .thenComparingLong(Fact::contentId);

  /** What is still to be done about a fact. */
  enum Stage implements WireEnum {
    /** The watermark has not passed its deadline. */
    PENDING(1),
    /** Nothing. */
    DONE(2),
    /** Nothing: it was put out as settled, as the first of its episode. */
    SETTLED(3);

    private final int code;

    Stage(int code) {
      this.code = code;
    }

    @Override
    public int code() {
      return code;
    }
  }

  static Fact failure(RunState state, Cause cause, Stage stage, Coordinates at) {
    return new Fact(
        state.time(),
        state.contentId(),
        state.level(),
        stage,
        cause,
        state.attemptNumber(),
        state.startTime(),
        state.endTime(),
        state.taskRunId(),
        state.taskKey(),
        state.jobName(),
        state.environment(),
        FreeText.beginning(state.message(), MESSAGE_LENGTH),
        state.runPageUrl(),
        state.repairId(),
        state.terminationCode(),
        state.clusterId(),
        state.allPurpose(),
        state.trigger(),
        state.childRun(),
        false,
        state.timedOnArrival(),
        null,
        null,
        at);
  }

  /** The end, good as far as the platform knows, of what reports its items. */
  static Fact reported(RunState state, Cause saidCause, Coordinates at) {
    Fact failure = failure(state, saidCause, Stage.PENDING, at);
    return failure.with(
        null, state.items(), saidCause, state.level() == Level.TASK ? Stage.DONE : Stage.PENDING);
  }

  static Fact success(RunState state, Coordinates at) {
    return ended(state, false, at);
  }

  /** An end that is neither success nor failure. */
  static Fact otherwise(RunState state, Coordinates at) {
    return ended(state, true, at);
  }

  private static Fact ended(RunState state, boolean otherwise, Coordinates at) {
    return new Fact(
        state.time(),
        state.contentId(),
        state.level(),
        Stage.PENDING,
        null,
        state.attemptNumber(),
        state.startTime(),
        state.endTime(),
        state.taskRunId(),
        state.taskKey(),
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        false,
        null,
        null,
        otherwise,
        state.timedOnArrival(),
        null,
        null,
        at);
  }

  boolean failed() {
    return cause != null;
  }

  boolean succeeded() {
    return cause == null && !otherwise;
  }

  boolean ofJob() {
    return level == Level.JOB;
  }

  boolean ofTask() {
    return level == Level.TASK;
  }

  boolean pending() {
    return stage == Stage.PENDING;
  }

  /** Whether it says what of its items went well. */
  boolean reports() {
    return items != null;
  }

  /** This end counted as a failure, for the reason that a report gives. */
  Fact failedFor(Fact report) {
    return with(report.saidCause, items == null ? report.items : items, saidCause, stage);
  }

  Fact at(Stage next) {
    return with(cause, items, saidCause, next);
  }

  /** The same, received earlier. */
  Fact earlier(Fact before) {
    return with(before.time, before.at, cause, items, saidCause, stage);
  }

  private Fact with(Cause why, RunItems counted, Cause said, Stage next) {
    return with(time, at, why, counted, said, next);
  }

  private Fact with(
      long instant, Coordinates place, Cause why, RunItems counted, Cause said, Stage next) {
    return new Fact(
        instant,
        contentId,
        level,
        next,
        why,
        attempt,
        start,
        end,
        taskRunId,
        taskKey,
        jobName,
        environment,
        message,
        runPageUrl,
        repairId,
        terminationCode,
        clusterId,
        allPurpose,
        trigger,
        childRun,
        otherwise,
        observed,
        counted,
        said,
        place);
  }
}
