package io.mendline.processors.recurrence;

import io.mendline.processors.pipeline.Findings;
import io.mendline.processors.pipeline.Output;
import io.mendline.processors.pipeline.Routes;
import io.mendline.processors.pipeline.Source;
import io.mendline.schemas.Confidence;
import io.mendline.schemas.Evidence;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.FindingStatus;
import io.mendline.schemas.Resource;
import io.mendline.schemas.ResourceType;
import io.mendline.schemas.RootCause;
import io.mendline.schemas.Severity;
import io.mendline.schemas.Transience;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Failures as the detectors upstream settle them. */
final class SettledFailures {
  static final String WORKSPACE = "4321987650123456";
  static final String ROUTE = Routes.databricks(WORKSPACE);

  private SettledFailures() {}

  /** A run that failed. */
  static Output.Settled run(String job, String runId, String at, String cause) {
    return settled(runFinding(job, runId, at, cause).build(), at);
  }

  /** A run that was tried again. */
  static Output.Tried tried(String runId, String at, String cause, boolean worked) {
    long millis = Instant.parse(at).toEpochMilli();
    return new Output.Tried(ROUTE, millis, Source.RUNS.bit(), cause, runId, worked);
  }

  static Output.Settled settled(Finding finding, String at) {
    return new Output.Settled(ROUTE, Instant.parse(at).toEpochMilli(), Source.RUNS.bit(), finding);
  }

  static Finding.Builder runFinding(String job, String runId, String at, String cause) {
    String id = WORKSPACE + "/" + job;
    return finding(
            FindingKind.RUN_FAILED,
            Findings.id(FindingKind.RUN_FAILED, ROUTE, id, runId),
            Resource.newBuilder()
                .setType(ResourceType.DATABRICKS_JOB)
                .setId(id)
                .setName(job)
                .setWorkspace(WORKSPACE)
                .build(),
            at,
            cause)
        .setAttributes(Map.of("runId", runId))
        .setEvidence(
            List.of(
                Evidence.newBuilder()
                    .setTopic("telemetry.runs")
                    .setPartition(0)
                    .setOffset(7)
                    .setRef(runId)
                    .build()));
  }

  /** A window that was skipped. */
  static Output.Settled window(String rule, String window, String at, String cause) {
    String route = Routes.sentinel("soc");
    Finding finding =
        finding(
                FindingKind.SKIPPED_WINDOW,
                Findings.id(FindingKind.SKIPPED_WINDOW, route, rule, window),
                Resource.newBuilder().setType(ResourceType.SENTINEL_RULE).setId(rule).build(),
                at,
                cause)
            .setWindowStart(Instant.parse(window))
            .build();
    return new Output.Settled(
        route, Instant.parse(at).toEpochMilli(), Source.SENTINEL.bit(), finding);
  }

  private static Finding.Builder finding(
      FindingKind kind, String id, Resource resource, String at, String cause) {
    return Finding.newBuilder()
        .setId(id)
        .setKind(kind)
        .setStatus(FindingStatus.RAISED)
        .setRevision(1)
        .setResource(resource)
        .setOccurredAt(Instant.parse(at))
        .setDetectedAt(Instant.parse(at))
        .setSeverity(Severity.HIGH)
        .setConfidence(Confidence.HIGH)
        .setSummary("It failed")
        .setRootCause(
            cause == null
                ? null
                : RootCause.newBuilder()
                    .setKey(cause)
                    .setCategory("dependency")
                    .setTransience(Transience.PERMANENT)
                    .setTitle("A library is missing")
                    .setHint("Install it")
                    .build());
  }
}
