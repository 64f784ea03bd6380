package io.mendline.processors.partitions;

import io.mendline.processors.partitions.PartitionState.Layer;
import io.mendline.processors.pipeline.Findings;
import io.mendline.processors.pipeline.Subject;
import io.mendline.processors.pipeline.View;
import io.mendline.schemas.AuditEntry;
import io.mendline.schemas.Confidence;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.FindingStatus;
import io.mendline.schemas.ResourceType;
import io.mendline.schemas.Severity;
import io.mendline.serdes.telemetry.PartitionRow;
import io.mendline.serdes.telemetry.PartitionRow.Quality;
import io.mendline.serdes.telemetry.PartitionRow.Status;
import io.mendline.serdes.telemetry.TelemetryRecord;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What is told of missing partitions. */
final class PartitionFindings {
  private PartitionFindings() {}

  /** The finding of a layer's trouble as it stands. */
  static Finding finding(String route, Layer layer, FindingStatus status, View view) {
    boolean cleared = status == FindingStatus.CLEARED;
    PartitionRow first = layer.since.row();
    PartitionRow shown = cleared ? layer.last.row() : layer.shown.row();
    LocalDate day = LocalDate.parse(first.date());
    return Findings.begin(
            Findings.id(
                FindingKind.PARTITION_MISSING, route, first.resourceId(), "@" + first.time()),
            FindingKind.PARTITION_MISSING,
            subject(first),
            first.time(),
            view)
        .setStatus(status)
        .setRevision(layer.revision)
        .setWindowStart(day.atStartOfDay(ZoneOffset.UTC).toInstant())
        .setWindowEnd(day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant())
        .setSeverity(
            (cleared ? layer.shown.row() : shown).retriesUsedUp() ? Severity.HIGH : Severity.MEDIUM)
        .setConfidence(Confidence.HIGH)
        .setSummary(summary(shown, layer.waitsFor, cleared))
        .setAttributes(attributes(layer, shown, cleared))
        .setEvidence(
            cleared
                ? List.of(
                    Findings.evidence(layer.since.at(), null),
                    Findings.evidence(layer.last.at(), null))
                : List.of(Findings.evidence(layer.shown.at(), null)))
        .build();
  }

  private static Subject subject(PartitionRow row) {
    return new Subject(ResourceType.DATASET_PARTITION, row.resourceId(), null, null, null);
  }

  private static Map<String, String> attributes(Layer layer, PartitionRow row, boolean cleared) {
    Map<String, String> attributes = new TreeMap<>();
    attributes.put("dataset", row.dataset());
    attributes.put("layer", row.layer());
    attributes.put("partitionDate", row.date());
    put("status", row.statusText(), attributes);
    put("dqStatus", row.qualityText(), attributes);
    attributes.put("retryCount", Long.toString(row.retryCount()));
    attributes.put("retryCountBefore", Long.toString(layer.retriesBefore));
    if (row.maxRetryCount() != TelemetryRecord.ABSENT) {
      attributes.put("maxRetryCount", Long.toString(row.maxRetryCount()));
    }
    put("reason", row.reason(), attributes);
    if (cleared) {
      attributes.put("clearedBecause", row.backfillRequired() ? "AVAILABLE" : "NOT_REQUIRED");
    } else {
      if (row.retriesUsedUp()) {
        attributes.put("retriesUsedUp", "true");
      }
      put("waitsFor", layer.waitsFor.isEmpty() ? null : layer.waitsFor, attributes);
    }
    return attributes;
  }

  private static void put(String key, String value, Map<String, String> attributes) {
    if (value != null) {
      attributes.put(key, value);
    }
  }

  private static String summary(PartitionRow row, String waitsFor, boolean cleared) {
    String what = "Partition " + row.resourceId();
    if (cleared) {
      return what + (row.backfillRequired() ? " is available" : " needs no backfill any more");
    }
    String how =
        row.status() == Status.MISSING
            ? " is missing"
            : row.status() == Status.FAILED || row.quality() != Quality.FAILED
                ? " has failed"
                : " did not pass its quality checks";
    String why = row.reason() == null ? "" : ": " + row.reason();
    String retries =
        row.retriesUsedUp()
            ? " (retries used up: " + row.retryCount() + " of " + row.maxRetryCount() + ")"
            : "";
    String waits = waitsFor.isEmpty() ? "" : " (waits for " + waitsFor + ")";
    return what + how + retries + waits + why;
  }

  /** More rows or layers of a day than are taken. */
  static AuditEntry overflow(PartitionRow row, String action, int count) {
    boolean early = action.equals("JUDGE_EARLY");
    return AuditEntry.newBuilder()
        .setAt(Instant.ofEpochMilli(row.time()))
        .setActor("partitions")
        .setAction(action)
        .setResource(subject(row).toResource())
        .setWhy(
            early
                ? "more rows of one day than may wait for the watermark"
                : "more layers of one day than are told apart")
        .setHow(
            early
                ? "the oldest are judged before the watermark has passed them"
                : "rows of further layers are not taken")
        .setDetail(
            Map.of(
                "count",
                Integer.toString(count),
                "most",
                Integer.toString(early ? PartitionState.MAX_WAITING : PartitionState.MAX_LAYERS)))
        .setStatus("OVERFLOW")
        .build();
  }
}
