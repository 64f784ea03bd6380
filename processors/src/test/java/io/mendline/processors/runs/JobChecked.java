package io.mendline.processors.runs;

import io.mendline.processors.cause.CauseCatalogue;
import io.mendline.processors.cause.RootCauseClassifier;
import io.mendline.processors.pipeline.DetectorHarness;
import io.mendline.processors.pipeline.Message;
import io.mendline.serdes.telemetry.JobMakeup;
import io.mendline.serdes.telemetry.JobSettings;
import io.mendline.serdes.telemetry.JobSettings.Scope;
import io.mendline.serdes.telemetry.JobSettings.Start;
import io.mendline.serdes.telemetry.RunState;
import io.mendline.serdes.telemetry.RunState.Outcome;
import io.mendline.serdes.telemetry.Safeguards;
import io.mendline.serdes.telemetry.Safeguards.Told;

/**
 * What the tests tell of one job's safeguards; times are minutes. Of {@code NY-} the letters say
 * retries, time-out and notice of failures: missing, there, and not told.
 */
final class JobChecked {
  static final String JOB = "11";

  /** What passes by itself, and what does not. */
  static final String PASSING = "CLOUD_FAILURE";

  static final String LASTING = "INVALID_RUN_CONFIGURATION";

  private static final RootCauseClassifier CLASSIFIER =
      new RootCauseClassifier(CauseCatalogue.bundled());

  private JobChecked() {}

  static JobSafeguardsDetector detector() {
    return new JobSafeguardsDetector(CLASSIFIER);
  }

  static DetectorHarness<JobSafeguards> harness() {
    return DetectorHarness.of(JobChecked::detector);
  }

  static Message all(double minute, String letters) {
    return told(minute, Scope.WHOLE, letters, "nightly load", null);
  }

  static Message part(double minute, String letters) {
    return told(minute, Scope.PART, letters, null, null);
  }

  static Message deleted(double minute) {
    return told(minute, Scope.DELETED, "---", null, null);
  }

  static Message told(double minute, Scope scope, String letters, String name, String deployment) {
    return JobRecords.signal(settings(minute, scope, letters, name, deployment));
  }

  static JobSettings settings(
      double minute, Scope scope, String letters, String name, String deployment) {
    return new JobSettings(
        JobRecords.at(minute),
        JobRecords.WORKSPACE,
        JOB,
        scope,
        scope == Scope.DELETED ? Start.UNTOLD : Start.OTHER,
        null,
        null,
        false,
        name,
        null,
        deployment,
        new Safeguards(told(letters, 0), told(letters, 1), told(letters, 2)),
        JobMakeup.UNTOLD,
        RunState.Source.JOBS_API);
  }

  /** A run of the job has failed. */
  static Message failed(double minute, String runId, String terminationCode) {
    return JobRecords.signal(failure(minute, runId, terminationCode).build());
  }

  static RunState.Builder failure(double minute, String runId, String terminationCode) {
    return JobRecords.run(JOB, minute, Outcome.FAILED)
        .runId(runId)
        .state("TERMINATED", "FAILED", Outcome.FAILED)
        .termination(terminationCode, null);
  }

  private static Told told(String letters, int place) {
    return switch (letters.charAt(place)) {
      case 'Y' -> Told.YES;
      case 'N' -> Told.NO;
      default -> Told.UNTOLD;
    };
  }
}
