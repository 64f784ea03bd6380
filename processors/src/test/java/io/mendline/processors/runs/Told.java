package io.mendline.processors.runs;

import io.mendline.processors.cause.CauseCatalogue;
import io.mendline.processors.cause.RootCauseClassifier;
import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.DetectorHarness;
import io.mendline.processors.pipeline.Payload;
import io.mendline.processors.pipeline.Routes;
import io.mendline.processors.pipeline.Signal;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.pipeline.Subject;
import io.mendline.schemas.ResourceType;
import io.mendline.serdes.telemetry.RunState;
import io.mendline.serdes.telemetry.RunState.Outcome;
import java.time.Instant;

/** What the tests tell the detector, in few words. */
final class Told {
  static final String WORKSPACE = "984752964297111";
  static final String JOB = "410";
  static final String ROUTE = Routes.databricks(WORKSPACE);
  static final String MISSING_MODULE = "ModuleNotFoundError: No module named 'pandas'";
  static final String MISSING_TABLE =
      "[TABLE_OR_VIEW_NOT_FOUND] The table or view `sales`.`orders` cannot be found. SQLSTATE:"
          + " 42P01";
  static final String WRAPPER =
      "Task main failed with message: Workload failed, see run output for details.";

  private static final RootCauseClassifier CLASSIFIER =
      new RootCauseClassifier(CauseCatalogue.bundled());

  private Told() {}

  static DetectorHarness<JobRuns> harness() {
    return DetectorHarness.of(() -> new RunsDetector(CLASSIFIER));
  }

  /** A state of a run of the one job, at a time of day of 2026-03-10, as {@code 02:15:00}. */
  static RunState.Builder run(String runId, String time, Outcome outcome) {
    long at = at(time);
    return RunState.builder()
        .workspace(WORKSPACE)
        .jobId(JOB)
        .runId(runId)
        .jobName("nightly load")
        .time(at)
        .ran(at("02:00:00"), outcome.terminal() ? at : RunState.ABSENT)
        .state(
            outcome.terminal() ? "TERMINATED" : "RUNNING",
            outcome.terminal() ? outcome.name() : null,
            outcome);
  }

  static Signal job(String runId, String time, Outcome outcome) {
    return signal(run(runId, time, outcome));
  }

  static Signal task(String runId, String time, String key, Outcome outcome) {
    return signal(run(runId, time, outcome).task(runId + "-" + key, key));
  }

  static Signal task(String runId, String time, String key, Outcome outcome, int attempt) {
    return signal(run(runId, time, outcome).task(runId + "-" + key, key).attemptNumber(attempt));
  }

  static Signal signal(RunState.Builder builder) {
    RunState state = builder.build();
    return new Signal(
        Source.RUNS,
        ROUTE,
        new Subject(
            ResourceType.DATABRICKS_JOB, state.resourceId(), state.jobName(), WORKSPACE, null),
        state.time(),
        state.contentId(),
        new Coordinates("telemetry.runs", 0, state.time() / 1000),
        new Payload.Observed(state));
  }

  static long at(String time) {
    return instant(time).toEpochMilli();
  }

  static Instant instant(String time) {
    return Instant.parse("2026-03-10T" + time + "Z");
  }
}
