package io.mendline.processors.runs;

import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.Findings;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.processors.pipeline.View;
import io.mendline.schemas.Confidence;
import io.mendline.schemas.Evidence;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.FindingStatus;
import io.mendline.schemas.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes the finding of one run that was expected and did not start. */
final class MissedRuns {
  private MissedRuns() {}

  /** Why a finding is cleared. */
  enum Because {
    STARTED_LATE("started-late"),
    TOLD_LATE("told-late"),
    RUN_BY_HAND("run-by-hand"),
    DELETED("deleted");

    private final String word;

    Because(String word) {
      this.word = word;
    }
  }

  /**
   * What clears a finding.
   *
   * @param run the run that has; null where there is none
   * @param at where it was read
   */
  record Clear(Because because, Expectation.Run run, Coordinates at) {}

  /** The finding as it was raised. */
  static Finding raised(StateKey job, MissedRun missed, View view) {
    return finding(job, missed, null, view);
  }

  /** The finding once something has cleared it. */
  static Finding cleared(StateKey job, MissedRun missed, Clear clear, View view) {
    return finding(job, missed, clear, view);
  }

  private static Finding finding(StateKey job, MissedRun missed, Clear clear, View view) {
    JobPlan plan = missed.plan();
    long expected = missed.expected().at();
    List<Evidence> evidence = new ArrayList<>();
    evidence.add(Findings.evidence(plan.at(), null));
    if (clear != null) {
      evidence.add(Findings.evidence(clear.at(), clear.run() == null ? null : clear.run().runId));
    }
    return Findings.begin(
            id(job, expected),
            FindingKind.MISSED_RUN,
            FailedRun.subject(job, plan.name()),
            expected,
            view)
        .setStatus(clear == null ? FindingStatus.RAISED : FindingStatus.CLEARED)
        .setRevision(clear == null ? 1 : 2)
        .setWindowStart(Instant.ofEpochMilli(expected))
        .setWindowEnd(Instant.ofEpochMilli(expected + missed.expected().grace()))
        .setSeverity(Environments.isForTrial(plan.environment()) ? Severity.MEDIUM : Severity.HIGH)
        .setConfidence(Confidence.HIGH)
        .setSummary(summary(job, missed, clear))
        .setAttributes(attributes(job, missed, clear))
        .setEvidence(evidence)
        .build();
  }

  private static String id(StateKey job, long expected) {
    return Findings.id(FindingKind.MISSED_RUN, job.route(), job.id(), "expected " + expected);
  }

  private static String summary(StateKey job, MissedRun missed, Clear clear) {
    String name = missed.plan().name() == null ? "Job " + job.id() : missed.plan().name();
    String expected = name + " was expected at " + text(missed.expected().at());
    if (clear == null) {
      return expected + " by its schedule and has not started";
    }
    return expected
        + switch (clear.because()) {
          case STARTED_LATE -> " and started late, at " + text(clear.run().start());
          case TOLD_LATE ->
              " and started at " + text(clear.run().start()) + ", which was told late";
          case RUN_BY_HAND -> " and was run by hand since, by run " + clear.run().runId;
          case DELETED -> ", did not start, and was deleted since";
        };
  }

  private static Map<String, String> attributes(StateKey job, MissedRun missed, Clear clear) {
    JobPlan plan = missed.plan();
    Map<String, String> attributes = new TreeMap<>();
    attributes.put("jobId", job.id().substring(job.id().lastIndexOf('/') + 1));
    put(attributes, "jobName", plan.name());
    put(attributes, "environment", plan.environment());
    attributes.put("expectedAt", text(missed.expected().at()));
    attributes.put("grace", Duration.ofMillis(missed.expected().grace()).toString());
    attributes.put("schedule", plan.cron());
    put(attributes, "timeZone", plan.timeZone());
    if (missed.expected().next() != Expectation.NEVER) {
      attributes.put("nextExpectedAt", text(missed.expected().next()));
    }
    if (missed.lastStart() != Expectation.NONE) {
      attributes.put("lastStartedAt", text(missed.lastStart()));
    }
    if (missed.laterStart() != Expectation.NONE) {
      attributes.put("laterRunAt", text(missed.laterStart()));
    }
    attributes.put("gapStart", text(missed.gapStart()));
    attributes.put("gapFindingId", id(job, missed.gapStart()));
    attributes.put("gapPlace", Integer.toString(missed.gapPlace()));
    if (clear != null) {
      attributes.put("clearedBecause", clear.because().word);
      if (clear.run() != null) {
        attributes.put("runId", clear.run().runId);
        attributes.put("startedAt", text(clear.run().start()));
      }
    }
    return attributes;
  }

  private static void put(Map<String, String> attributes, String name, String value) {
    if (value != null) {
      attributes.put(name, value);
    }
  }

  private static String text(long instant) {
    return Instant.ofEpochMilli(instant).toString();
  }
}
