package io.mendline.processors.runs;

import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.DetectorHarness;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Payload;
import io.mendline.processors.pipeline.Routes;
import io.mendline.processors.pipeline.Signal;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.pipeline.Subject;
import io.mendline.schemas.ResourceType;
import io.mendline.serdes.telemetry.Heartbeat;
import io.mendline.serdes.telemetry.JobMakeup;
import io.mendline.serdes.telemetry.JobSettings;
import io.mendline.serdes.telemetry.JobSettings.Scope;
import io.mendline.serdes.telemetry.JobSettings.Start;
import io.mendline.serdes.telemetry.RunState;
import io.mendline.serdes.telemetry.RunState.Outcome;
import io.mendline.serdes.telemetry.Safeguards;
import io.mendline.serdes.telemetry.TelemetryRecord;
import java.time.Instant;

/** What the tests tell of jobs, their schedules and runs; times are minutes from a day's begin. */
final class JobRecords {
  static final String WORKSPACE = "7700";
  static final String ROUTE = Routes.databricks(WORKSPACE);
  static final Instant DAY = Instant.parse("2026-06-01T00:00:00Z");
  static final String HOURLY = "0 0 * * * ?";

  private JobRecords() {}

  static DetectorHarness<Expectation> harness() {
    return DetectorHarness.of(MissedRunDetector::new);
  }

  static Instant instant(double minute) {
    return DAY.plusMillis((long) (minute * 60_000));
  }

  static long at(double minute) {
    return instant(minute).toEpochMilli();
  }

  /** The job's schedule, in UTC, as the poller sees it. */
  static Message scheduled(String job, double minute, String cron) {
    return settings(job, minute, Scope.WHOLE, Start.SCHEDULE, cron, false);
  }

  static Message paused(String job, double minute, String cron) {
    return settings(job, minute, Scope.WHOLE, Start.SCHEDULE, cron, true);
  }

  static Message deleted(String job, double minute) {
    return settings(job, minute, Scope.DELETED, Start.UNTOLD, null, false);
  }

  static Message settings(
      String job, double minute, Scope scope, Start start, String cron, boolean paused) {
    return signal(
        new JobSettings(
            at(minute),
            WORKSPACE,
            job,
            scope,
            start,
            cron,
            start == Start.SCHEDULE ? "UTC" : null,
            paused,
            "Job " + job,
            "prod",
            null,
            Safeguards.UNTOLD,
            JobMakeup.UNTOLD,
            RunState.Source.JOBS_API));
  }

  static Message heartbeat(double minute) {
    return signal(new Heartbeat(at(minute), WORKSPACE));
  }

  /** Another workspace is heard. */
  static Message elsewhere(double minute) {
    return signal(new Heartbeat(at(minute), "8800"));
  }

  /** A run that its schedule started, as it is seen under way. */
  static Message runs(String job, double minute) {
    return signal(run(job, minute, Outcome.RUNNING).build());
  }

  static RunState.Builder run(String job, double minute, Outcome outcome) {
    return RunState.builder()
        .workspace(WORKSPACE)
        .jobId(job)
        .runId(job + "@" + minute)
        .time(at(minute))
        .ran(at(minute), outcome.terminal() ? at(minute) : RunState.ABSENT)
        .state(outcome.name(), null, outcome)
        .trigger("PERIODIC");
  }

  static Message signal(TelemetryRecord record) {
    boolean isJob = !(record instanceof Heartbeat);
    return new Signal(
        Source.RUNS,
        record instanceof Heartbeat heartbeat ? Routes.databricks(heartbeat.workspace()) : ROUTE,
        new Subject(
            isJob ? ResourceType.DATABRICKS_JOB : ResourceType.DATABRICKS_WORKSPACE,
            id(record),
            null,
            WORKSPACE,
            null),
        record.time(),
        record.contentId(),
        new Coordinates("telemetry.runs", 0, record.time() / 1_000),
        new Payload.Observed(record));
  }

  private static String id(TelemetryRecord record) {
    if (record instanceof RunState run) {
      return run.resourceId();
    }
    return record instanceof JobSettings job ? job.resourceId() : WORKSPACE;
  }
}
