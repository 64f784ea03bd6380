package io.mendline.processors.sentinel;

import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.Payload;
import io.mendline.processors.pipeline.Routes;
import io.mendline.processors.pipeline.Signal;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.pipeline.Subject;
import io.mendline.schemas.ResourceType;
import io.mendline.serdes.telemetry.SentinelHealth;
import io.mendline.serdes.telemetry.SentinelHealth.Operation;
import io.mendline.serdes.telemetry.SentinelHealth.RuleKind;
import io.mendline.serdes.telemetry.SentinelHealth.Status;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/** Health records of the rules of one workspace, as ingest would hand them on. */
final class RuleRecords {
  static final String WORKSPACE = "0f5d1c1e-9a67-4a4e-8f0a-2b6c1d3e4f50";
  static final String ROUTE = Routes.sentinel(WORKSPACE);

  private static final DateTimeFormatter AS_SENTINEL_WRITES =
      DateTimeFormatter.ofPattern("MM/dd/yyyy HH:mm:ss").withZone(ZoneOffset.UTC);

  private RuleRecords() {}

  /** A record of a scheduled rule that runs hourly over the hour before. */
  static SentinelHealth.Builder hourly(String rule, String recordId, String time, Status status) {
    return SentinelHealth.builder()
        .time(at(time))
        .workspace(WORKSPACE)
        .resourceType(SentinelHealth.ResourceType.ANALYTICS_RULE)
        .resourceId(rule)
        .name("Rule " + rule)
        .ruleKind(RuleKind.SCHEDULED)
        .operation(Operation.SCHEDULED_RULE_RUN)
        .status(status)
        .recordId(recordId)
        .frequencyMillis(Duration.ofHours(1).toMillis())
        .periodMillis(Duration.ofHours(1).toMillis())
        .triggerType("Scheduled");
  }

  /** One attempt, or a success, of the run over a window. */
  static Signal run(String rule, String recordId, String time, Status status, String window) {
    long start = at(window);
    SentinelHealth.Builder row =
        hourly(rule, recordId, time, status).window(start, start + Duration.ofHours(1).toMillis());
    return signal(
        status == Status.SUCCESS
            ? row.build()
            : row.issues(List.of("QUERY_TIMEOUT")).description("The query timed out.").build());
  }

  /** The one record of a window given up, in the wording of the field report, without a window. */
  static Signal givenUp(String rule, String recordId, String time, String run) {
    return signal(givenUpRow(rule, recordId, time, run).build());
  }

  static SentinelHealth.Builder givenUpRow(String rule, String recordId, String time, String run) {
    return hourly(rule, recordId, time, Status.FAILURE)
        .issues(List.of("QueryGeneralError"))
        .description(
            "Rule's scheduled run at "
                + AS_SENTINEL_WRITES.format(Instant.parse(run))
                + " failed after numerous attempts. It will be re-executed over the next scheduled"
                + " time.");
  }

  static Signal signal(SentinelHealth row) {
    return signal(row, 1);
  }

  static Signal signal(SentinelHealth row, long offset) {
    return new Signal(
        Source.SENTINEL,
        ROUTE,
        new Subject(
            ResourceType.SENTINEL_RULE, row.resourceId(), row.name(), row.workspace(), null),
        row.time(),
        row.contentId(),
        new Coordinates("telemetry.sentinel", 0, offset),
        new Payload.Observed(row));
  }

  static long at(String instant) {
    return Instant.parse(instant).toEpochMilli();
  }
}
