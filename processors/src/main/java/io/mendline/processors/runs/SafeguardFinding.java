package io.mendline.processors.runs;

import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.Findings;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.processors.pipeline.View;
import io.mendline.processors.policy.JobCheck;
import io.mendline.processors.runs.JobSafeguards.Failure;
import io.mendline.processors.runs.JobSafeguards.Standing;
import io.mendline.schemas.Confidence;
import io.mendline.schemas.Evidence;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.FindingStatus;
import io.mendline.schemas.Severity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes the finding {@code CHECK_FAILED} of a check of a job's settings. */
final class SafeguardFinding {
  private SafeguardFinding() {}

  /**
   * What ends it.
   *
   * @param because the attribute {@code clearedBecause}
   * @param time event time of the settings that do
   * @param at where those were read
   */
  record Clear(String because, long time, Coordinates at) {
    static final String SET = "set";
    static final String DELETED = "deleted";
    static final String NOT_WANTED = "not-asked-for";
  }

  /**
   * The finding.
   *
   * @param clear null while it stands
   */
  static Finding of(
      StateKey key,
      JobSafeguards state,
      JobCheck check,
      Standing standing,
      Clear clear,
      View view) {
    Failure failure = standing.failure();
    Finding.Builder finding =
        Findings.begin(
                Findings.id(
                    FindingKind.CHECK_FAILED,
                    key.route(),
                    key.id(),
                    check.id() + "@" + standing.since()),
                FindingKind.CHECK_FAILED,
                FailedRun.subject(key, state.name),
                standing.since(),
                view)
            .setStatus(clear == null ? FindingStatus.RAISED : FindingStatus.CLEARED)
            .setRevision(standing.revision())
            .setWindowStart(Instant.ofEpochMilli(standing.since()))
            .setWindowEnd(clear == null ? null : Instant.ofEpochMilli(clear.time()))
            .setSeverity(failure == null ? Severity.LOW : Severity.MEDIUM)
            .setConfidence(Confidence.HIGH)
            .setSummary(summary(key, state, check, failure, clear))
            .setAttributes(attributes(key, state, check, failure, clear))
            .setEvidence(evidence(standing, clear));
    if (failure != null) {
      finding.setRootCause(failure.cause().toRootCause());
    }
    return finding.build();
  }

  private static String summary(
      StateKey key, JobSafeguards state, JobCheck check, Failure failure, Clear clear) {
    String name = state.name == null ? "Job " + key.id() : state.name;
    if (clear == null) {
      return name
          + " has no "
          + check.thing()
          + (failure == null
              ? ""
              : ", and run " + failure.runId() + " failed for a cause that passes by itself");
    }
    return switch (clear.because()) {
      case Clear.DELETED -> name + " was deleted";
      case Clear.SET -> "Check " + check.id() + " of " + name + " passes";
      default -> "Check " + check.id() + " of " + name + " is not asked for any more";
    };
  }

  private static Map<String, String> attributes(
      StateKey key, JobSafeguards state, JobCheck check, Failure failure, Clear clear) {
    Map<String, String> attributes = new TreeMap<>();
    attributes.put("check", check.id());
    attributes.put("status", "FAIL");
    attributes.put("category", "configuration");
    attributes.put("message", "it has no " + check.thing());
    attributes.put("builtIn", "true");
    attributes.put("jobId", key.id().substring(key.id().lastIndexOf('/') + 1));
    put("jobName", state.name, attributes);
    put("deployment", state.deployment, attributes);
    put("failedRunId", failure == null ? null : failure.runId(), attributes);
    put("clearedBecause", clear == null ? null : clear.because(), attributes);
    return attributes;
  }

  private static void put(String key, String value, Map<String, String> attributes) {
    if (value != null) {
      attributes.put(key, value);
    }
  }

  private static List<Evidence> evidence(Standing standing, Clear clear) {
    List<Evidence> evidence = new ArrayList<>();
    evidence.add(Findings.evidence(standing.at(), null));
    if (standing.failure() != null) {
      evidence.add(Findings.evidence(standing.failure().at(), standing.failure().runId()));
    }
    if (clear != null) {
      evidence.add(Findings.evidence(clear.at(), null));
    }
    return evidence;
  }
}
