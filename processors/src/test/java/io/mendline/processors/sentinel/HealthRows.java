package io.mendline.processors.sentinel;

import io.mendline.processors.pipeline.Message;
import io.mendline.serdes.telemetry.SentinelHealth;
import io.mendline.serdes.telemetry.SentinelHealth.Operation;
import io.mendline.serdes.telemetry.SentinelHealth.RuleKind;
import io.mendline.serdes.telemetry.SentinelHealth.Status;
import io.mendline.serdes.telemetry.TelemetryRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Health records of one rule whose times are minutes after a beginning, which tells them apart. */
final class HealthRows {
  static final Instant BEGIN = Instant.parse("2026-06-01T10:00:00Z");
  static final String GIVEN_UP =
      "Rule's NRT run at 06/01/2026 10:43:55 failed after numerous attempts. It will be"
          + " re-executed over the next scheduled time.";

  private HealthRows() {}

  static Instant minute(int minute) {
    return BEGIN.plus(Duration.ofMinutes(minute));
  }

  /** A record of a scheduled rule. */
  static SentinelHealth.Builder row(int minute, Status status, String... codes) {
    return RuleRecords.hourly("r1", "record-" + minute, minute(minute).toString(), status)
        .issues(List.of(codes));
  }

  /** A record of an NRT rule, without a window. */
  static SentinelHealth.Builder nrt(int minute, Status status, String... codes) {
    return row(minute, status, codes)
        .ruleKind(RuleKind.NRT)
        .operation(Operation.NRT_RULE_RUN)
        .triggerType("NrtRun")
        .frequencyMillis(TelemetryRecord.ABSENT)
        .periodMillis(TelemetryRecord.ABSENT);
  }

  /** A run of an NRT rule that looked at so many minutes of data, up to its own time. */
  static SentinelHealth.Builder nrtOver(int minutes, int minute, Status status, String... codes) {
    return nrt(minute, status, codes)
        .window(minute(minute - minutes).toEpochMilli(), minute(minute).toEpochMilli());
  }

  static Message signal(SentinelHealth.Builder row) {
    SentinelHealth record = row.build();
    return RuleRecords.signal(record, record.time() % 1_000_000);
  }

  static List<Message> told(SentinelHealth.Builder... rows) {
    return List.of(rows).stream().map(HealthRows::signal).toList();
  }
}
