package io.mendline.serdes.telemetry;

import static java.util.Objects.requireNonNull;

import io.mendline.serdes.binary.WireEnum;

/**
 * What a Databricks job is set to, as one source saw it at one instant: when it is to start and
 * what happens when it goes wrong, or that the job was deleted.
 *
 * <p>Sources: the job object of the Jobs API, which a poller writes as {@code
 * {"kind":"job","workspaceId":…,"time":…,"job":{…}}}, and the records {@code create}, {@code
 * update}, {@code reset} and {@code delete} of the {@code jobs} audit log. See {@link
 * TelemetryRecord} for how absence is written.
 *
 * @param time when the settings were seen by the poller, or made by whoever the audit log names
 * @param workspace the workspace as {@link RunState#workspace()} has it
 * @param jobId the job's id
 * @param scope how much of the job it tells
 * @param start what starts the job
 * @param cron the schedule's Quartz expression as given; null unless a schedule starts the job
 * @param timeZone the schedule's time zone as given; nullable
 * @param paused whether the schedule is paused
 * @param name the job's name; nullable
 * @param environment the deployment environment from a tag of that name; nullable
 * @param deployment {@code deployment.kind} as given, {@code BUNDLE} where a bundle owns the
 *     settings; nullable
 * @param safeguards what it is set to for the case that something goes wrong
 * @param makeup what it is made of
 * @param source which kind of record said so
 */
public record JobSettings(
    long time,
    String workspace,
    String jobId,
    Scope scope,
    Start start,
    String cron,
    String timeZone,
    boolean paused,
    String name,
    String environment,
    String deployment,
    Safeguards safeguards,
    JobMakeup makeup,
    RunState.Source source)
    implements TelemetryRecord {

  /**
   * Checks what may not be null.
   *
   * @throws IllegalArgumentException when a schedule has no expression, or something else has one
   */
  public JobSettings {
    requireNonNull(workspace, "workspace");
    requireNonNull(jobId, "jobId");
    requireNonNull(scope, "scope");
    requireNonNull(start, "start");
    requireNonNull(safeguards, "safeguards");
    requireNonNull(makeup, "makeup");
    requireNonNull(source, "source");
    if ((start == Start.SCHEDULE) != (cron != null)) {
      throw new IllegalArgumentException("a schedule has a cron expression, and nothing else does");
    }
  }

  @Override
  public long contentId() {
    return ContentIds.of(this);
  }

  /** The id under which the job is known as a resource: {@code <workspace>/<job id>}. */
  public String resourceId() {
    return workspace + '/' + jobId;
  }

  /** How much of a job a record tells. */
  public enum Scope implements WireEnum {
    /** All: what it does not name is not there. */
    WHOLE(1),
    /** What has changed: what it does not name is as it was. */
    PART(2),
    /** The job was deleted. */
    DELETED(3);

    private final int code;

    Scope(int code) {
      this.code = code;
    }

    @Override
    public int code() {
      return code;
    }
  }

  /** What starts a job. */
  public enum Start implements WireEnum {
    /** It is not told. */
    UNTOLD(0),
    /** A schedule. */
    SCHEDULE(1),
    /** Nothing but a person, another job, the arrival of data, or the end of the run before. */
    OTHER(2);

    private final int code;

    Start(int code) {
      this.code = code;
    }

    @Override
    public int code() {
      return code;
    }
  }
}
