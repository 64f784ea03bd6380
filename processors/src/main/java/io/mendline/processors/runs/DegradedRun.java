package io.mendline.processors.runs;

import io.mendline.processors.pipeline.Findings;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.processors.pipeline.View;
import io.mendline.schemas.Confidence;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.FindingStatus;
import io.mendline.schemas.Link;
import io.mendline.schemas.Severity;
import io.mendline.serdes.telemetry.RunItems;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes the finding {@code RUN_DEGRADED}: most of a run's items went well, and some did not. */
final class DegradedRun {
  private DegradedRun() {}

  /**
   * The finding.
   *
   * @param report what was reported last that was not all good
   * @param on the facts of the run that it rests on
   */
  static Finding finding(
      StateKey job, RunFacts run, Fact report, boolean cleared, List<Fact> on, View view) {
    RunItems items = report.items();
    Map<String, String> attributes = new TreeMap<>();
    attributes.put("runId", run.runId);
    put(attributes, "taskKey", report.taskKey());
    put(attributes, "taskRunId", report.taskRunId());
    put(attributes, "jobName", report.jobName());
    put(attributes, "environment", report.environment());
    put(attributes, "message", report.message());
    put(attributes, "runPageUrl", report.runPageUrl());
    FailedRun.putItems(attributes, items);
    String name = report.jobName() == null ? "Job " + job.id() : report.jobName();
    int failed = items.total() - items.succeeded();
    return Findings.begin(
            Findings.id(FindingKind.RUN_DEGRADED, job.route(), job.id(), run.runId),
            FindingKind.RUN_DEGRADED,
            FailedRun.subject(job, run, report.jobName()),
            report.time(),
            view)
        .setStatus(cleared ? FindingStatus.CLEARED : FindingStatus.RAISED)
        .setRevision(run.revision(on))
        .setSeverity(Severity.LOW)
        .setConfidence(Confidence.HIGH)
        .setWindowEnd(Instant.ofEpochMilli(report.time()))
        .setSummary(
            "%s: %d of %d %s failed"
                .formatted(name, failed, items.total(), items.ofTasks() ? "tasks" : "items"))
        .setAttributes(attributes)
        .setLinks(
            report.runPageUrl() == null
                ? List.of()
                : List.of(
                    Link.newBuilder().setTitle("Run page").setUrl(report.runPageUrl()).build()))
        .setEvidence(List.of(Findings.evidence(report.at(), run.runId)))
        .build();
  }

  private static void put(Map<String, String> attributes, String name, String value) {
    if (value != null) {
      attributes.put(name, value);
    }
  }
}
