package io.mendline.serdes.telemetry;

import static java.util.Objects.requireNonNull;

import io.mendline.serdes.binary.WireEnum;

/**
 * The state of one Databricks job run, or of one task of it, as one source saw it at one instant;
 * or of an update of a declarative pipeline, whose flows are told of as tasks.
 *
 * <p>Sources: the Jobs API run object (2.1 with {@code state}, 2.2 with {@code status}), the {@code
 * jobs} audit log, the rows of {@code system.lakeflow.job_run_timeline} and {@code
 * job_task_run_timeline}, and job notifications. Raw enum texts are kept because the platform adds
 * values over time; {@link #outcome()} is what decisions are taken on. Note that {@code
 * life_cycle_state=INTERNAL_ERROR} with {@code result_state=FAILED} is an ordinary exception of the
 * user's code, not a fault of the platform. See {@link TelemetryRecord} for how absence is written.
 *
 * @param time when this became true: the end of the run if it has ended, else when it was observed,
 *     else its start; of a notification, when it was received, absent where nothing around it says
 *     so
 * @param workspace the workspace's numeric id where one is given, else its host or name,
 *     lower-cased
 * @param jobId the job's id
 * @param runId the id of the <em>job</em> run, also for a task
 * @param taskRunId the id of the task's own run, which is what its output is asked for with; null
 *     for the run as a whole
 * @param taskKey the task's key within the job; nullable
 * @param jobName the job's or run's name; nullable
 * @param level whether this is the run as a whole or one task of it
 * @param lifeCycle {@code life_cycle_state} or {@code status.state} as given, the action of an
 *     audit record, or the type of a notification; nullable
 * @param result {@code result_state} or the audit log's terminal state as given; nullable
 * @param outcome what it comes to
 * @param terminationCode {@code termination_details.code} as given; nullable
 * @param terminationType {@code termination_details.type} as given; nullable
 * @param message the best text there is about the end: the task's error, else the termination
 *     message, else the state message; nullable
 * @param errorTrace stack trace, else the tail of the logs; nullable
 * @param trigger what started the run, as given; nullable
 * @param attemptNumber number of automatic retries before this attempt, 0 for the first; may be
 *     absent
 * @param repairId id of the latest repair of the run, which the next repair has to name; nullable
 * @param startTime when it started; may be absent
 * @param endTime when it ended; absent while it runs
 * @param runPageUrl where a person can look; nullable
 * @param environment the deployment environment from a field or tag of that name; nullable
 * @param clusterId the cluster that it ran on; nullable
 * @param allPurpose whether that cluster is known to be one of its own, which others run on too
 * @param source which kind of record said so
 * @param childRun the run of another job that this task has started, where both are named; nullable
 * @param items what of its items went well; null where it does not say
 */
public record RunState(
    long time,
    String workspace,
    String jobId,
    String runId,
    String taskRunId,
    String taskKey,
    String jobName,
    Level level,
    String lifeCycle,
    String result,
    Outcome outcome,
    String terminationCode,
    String terminationType,
    String message,
    String errorTrace,
    String trigger,
    int attemptNumber,
    String repairId,
    long startTime,
    long endTime,
    String runPageUrl,
    String environment,
    String clusterId,
    boolean allPurpose,
    Source source,
    ChildRun childRun,
    RunItems items)
    implements TelemetryRecord {

  /** The life cycle of a notification that a run takes longer than its job expects. */
  public static final String ON_DURATION_WARNING = "jobs.on_duration_warning_threshold_exceeded";

  /** Checks what may not be null. */
  public RunState {
    requireNonNull(workspace, "workspace");
    requireNonNull(jobId, "jobId");
    requireNonNull(runId, "runId");
    requireNonNull(level, "level");
    requireNonNull(outcome, "outcome");
    requireNonNull(source, "source");
  }

  @Override
  public long contentId() {
    return ContentIds.of(this);
  }

  /** The id under which the job is known as a resource: {@code <workspace>/<job id>}. */
  public String resourceId() {
    return workspace + '/' + jobId;
  }

  /**
   * Whether it says what became of a run without saying when: {@link #time()} is when that was
   * received. What another source tells of the same goes before it, and it is the same fact
   * whenever it is received again.
   */
  public boolean timedOnArrival() {
    return source == Source.WEBHOOK || (source == Source.PIPELINE && outcome.terminal());
  }

  /**
   * Whether this is an update of a declarative pipeline: then {@link #jobId()} is the pipeline's
   * id, {@link #runId()} the update's, and {@link #trigger()} why it was made.
   */
  public boolean isPipeline() {
    return source == Source.PIPELINE || source == Source.PIPELINE_EVENT;
  }

  /** A builder with everything absent and {@link Outcome#OTHER}. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from this record. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** Whether a record is about a run as a whole or one task of it. */
  public enum Level implements WireEnum {
    /** The run as a whole. */
    JOB(1),
    /** One task of the run. */
    TASK(2);

    private final int code;

    Level(int code) {
      this.code = code;
    }

    @Override
    public int code() {
      return code;
    }
  }

  /** What a run's state comes to. */
  public enum Outcome implements WireEnum {
    /** Not ended: pending, queued, blocked, running, waiting for a retry or terminating. */
    RUNNING(1, false),
    /** Ended well; {@code SUCCESS_WITH_FAILURES} too, which the raw result tells apart. */
    SUCCESS(2, true),
    /** Ended in failure. */
    FAILED(3, true),
    /**
     * Did not run: a limit on concurrent runs, a condition, an excluded or disabled task, or an
     * upstream task that failed.
     */
    SKIPPED(4, true),
    /** Ended by a person or by the platform on someone's behalf. */
    CANCELLED(5, true),
    /** Ended by its own time limit. */
    TIMED_OUT(6, true),
    /** Nothing that is known here: decide on the raw texts. */
    OTHER(0, false);

    private final int code;
    private final boolean terminal;

    Outcome(int code, boolean terminal) {
      this.code = code;
      this.terminal = terminal;
    }

    @Override
    public int code() {
      return code;
    }

    /** True if nothing more follows, a repair apart. */
    public boolean terminal() {
      return terminal;
    }
  }

  /** Which kind of record a state was read from. */
  public enum Source implements WireEnum {
    /** A run object of the Jobs API, from a poller. */
    JOBS_API(1),
    /** A record of the {@code jobs} audit log. */
    AUDIT(2),
    /** A row of a run timeline system table. */
    SYSTEM_TABLE(3),
    /** A job notification sent to a webhook: no time, no error, and of the state its type only. */
    WEBHOOK(4),
    /** An update of a declarative pipeline, which does not say when it ended, or why. */
    PIPELINE(5),
    /** An event of the event log of a declarative pipeline. */
    PIPELINE_EVENT(6);

    private final int code;

    Source(int code) {
      this.code = code;
    }

    @Override
    public int code() {
      return code;
    }
  }

  /** Collects the fields of a {@link RunState}; not safe for use by several threads. */
  public static final class Builder {
    private long time = ABSENT;
    private String workspace;
    private String jobId;
    private String runId;
    private String taskRunId;
    private String taskKey;
    private String jobName;
    private Level level = Level.JOB;
    private String lifeCycle;
    private String result;
    private Outcome outcome = Outcome.OTHER;
    private String terminationCode;
    private String terminationType;
    private String message;
    private String errorTrace;
    private String trigger;
    private int attemptNumber = (int) ABSENT;
    private String repairId;
    private long startTime = ABSENT;
    private long endTime = ABSENT;
    private String runPageUrl;
    private String environment;
    private String clusterId;
    private boolean allPurpose;
    private Source source = Source.JOBS_API;
    private ChildRun childRun;
    private RunItems items;

    private Builder() {}

    private Builder(RunState from) {
      time = from.time;
      workspace = from.workspace;
      jobId = from.jobId;
      runId = from.runId;
      taskRunId = from.taskRunId;
      taskKey = from.taskKey;
      jobName = from.jobName;
      level = from.level;
      lifeCycle = from.lifeCycle;
      result = from.result;
      outcome = from.outcome;
      terminationCode = from.terminationCode;
      terminationType = from.terminationType;
      message = from.message;
      errorTrace = from.errorTrace;
      trigger = from.trigger;
      attemptNumber = from.attemptNumber;
      repairId = from.repairId;
      startTime = from.startTime;
      endTime = from.endTime;
      runPageUrl = from.runPageUrl;
      environment = from.environment;
      clusterId = from.clusterId;
      allPurpose = from.allPurpose;
      source = from.source;
      childRun = from.childRun;
      items = from.items;
    }

    /** Sets {@link RunState#time()}. */
    public Builder time(long value) {
      time = value;
      return this;
    }

    /** Sets {@link RunState#workspace()}. */
    public Builder workspace(String value) {
      workspace = value;
      return this;
    }

    /** Sets {@link RunState#jobId()}. */
    public Builder jobId(String value) {
      jobId = value;
      return this;
    }

    /** Sets {@link RunState#runId()}. */
    public Builder runId(String value) {
      runId = value;
      return this;
    }

    /** Makes this a task: sets its run id and key and {@link Level#TASK}. */
    public Builder task(String ownRunId, String key) {
      taskRunId = ownRunId;
      taskKey = key;
      level = Level.TASK;
      return this;
    }

    /** Sets {@link RunState#taskKey()} and leaves the level alone. */
    public Builder taskKey(String value) {
      taskKey = value;
      return this;
    }

    /** The level that was set. */
    Level level() {
      return level;
    }

    /** Sets {@link RunState#jobName()}. */
    public Builder jobName(String value) {
      jobName = value;
      return this;
    }

    /**
     * Sets {@link RunState#lifeCycle()}, {@link RunState#result()} and {@link RunState#outcome()}.
     */
    public Builder state(String rawLifeCycle, String rawResult, Outcome value) {
      lifeCycle = rawLifeCycle;
      result = rawResult;
      outcome = value;
      return this;
    }

    /** Sets {@link RunState#terminationCode()} and {@link RunState#terminationType()}. */
    public Builder termination(String code, String type) {
      terminationCode = code;
      terminationType = type;
      return this;
    }

    /** Sets {@link RunState#message()}. */
    public Builder message(String value) {
      message = value;
      return this;
    }

    /** Sets {@link RunState#errorTrace()}. */
    public Builder errorTrace(String value) {
      errorTrace = value;
      return this;
    }

    /** Sets {@link RunState#trigger()}. */
    public Builder trigger(String value) {
      trigger = value;
      return this;
    }

    /** Sets {@link RunState#attemptNumber()}. */
    public Builder attemptNumber(int value) {
      attemptNumber = value;
      return this;
    }

    /** Sets {@link RunState#repairId()}. */
    public Builder repairId(String value) {
      repairId = value;
      return this;
    }

    /** Sets {@link RunState#startTime()} and {@link RunState#endTime()}. */
    public Builder ran(long start, long end) {
      startTime = start;
      endTime = end;
      return this;
    }

    /** Sets {@link RunState#runPageUrl()}. */
    public Builder runPageUrl(String value) {
      runPageUrl = value;
      return this;
    }

    /** Sets {@link RunState#environment()}. */
    public Builder environment(String value) {
      environment = value;
      return this;
    }

    /** Sets {@link RunState#allPurpose()}. */
    public Builder allPurpose(boolean value) {
      allPurpose = value;
      return this;
    }

    /** Sets {@link RunState#clusterId()}. */
    public Builder clusterId(String value) {
      clusterId = value;
      return this;
    }

    /** Sets {@link RunState#source()}. */
    public Builder source(Source value) {
      source = value;
      return this;
    }

    /** Sets {@link RunState#childRun()}. */
    public Builder childRun(ChildRun value) {
      childRun = value;
      return this;
    }

    /** Sets {@link RunState#items()}. */
    public Builder items(RunItems value) {
      items = value;
      return this;
    }

    /**
     * The record.
     *
     * @throws NullPointerException if the workspace, the job's id or the run's id is missing
     */
    public RunState build() {
      return new RunState(
          time,
          workspace,
          jobId,
          runId,
          taskRunId,
          taskKey,
          jobName,
          level,
          lifeCycle,
          result,
          outcome,
          terminationCode,
          terminationType,
          message,
          errorTrace,
          trigger,
          attemptNumber,
          repairId,
          startTime,
          endTime,
          runPageUrl,
          environment,
          clusterId,
          allPurpose,
          source,
          childRun,
          items);
    }
  }
}
