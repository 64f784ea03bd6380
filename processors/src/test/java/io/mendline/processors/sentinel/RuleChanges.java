package io.mendline.processors.sentinel;

import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.Payload;
import io.mendline.processors.pipeline.Signal;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.pipeline.Subject;
import io.mendline.schemas.ResourceType;
import io.mendline.serdes.telemetry.RuleChange;
import io.mendline.serdes.telemetry.RuleChange.Before;
import io.mendline.serdes.telemetry.RuleChange.Enabled;
import io.mendline.serdes.telemetry.RuleChange.Kind;
import io.mendline.serdes.telemetry.RuleChange.Told;

/** Changes of the rule of {@link HealthRows}, as ingest would hand them on. */
final class RuleChanges {
  private RuleChanges() {}

  /** A write as Sentinel tells it. */
  static RuleChange.Builder write(int minute, Before before, Enabled enabled) {
    return change(minute, Kind.WRITE).before(before).enabled(enabled);
  }

  static RuleChange.Builder delete(int minute) {
    return change(minute, Kind.DELETE);
  }

  private static RuleChange.Builder change(int minute, Kind kind) {
    return RuleChange.builder()
        .time(HealthRows.minute(minute).toEpochMilli())
        .workspace(RuleRecords.WORKSPACE)
        .ruleId("r1")
        .name("Rule r1")
        .kind(kind)
        .caller("mira@contoso.example")
        .callerIp("203.0.113.7")
        .correlationId("c-" + minute)
        .recordId("audit-" + minute)
        .told(Told.AUDIT);
  }

  /** The same, as the activity log tells it so many minutes later: without the state before. */
  static RuleChange.Builder echo(RuleChange.Builder change, int minutes) {
    RuleChange told = change.build();
    return told.toBuilder()
        .time(told.time() + minutes * 60_000L)
        .before(told.before() == Before.NONE ? Before.NONE : Before.UNKNOWN)
        .caller("0000-object-id")
        .callerIp(null)
        .recordId("activity-" + told.recordId())
        .told(Told.ACTIVITY);
  }

  static Signal signal(RuleChange.Builder builder) {
    RuleChange change = builder.build();
    return new Signal(
        Source.SENTINEL,
        RuleRecords.ROUTE,
        new Subject(
            ResourceType.SENTINEL_RULE, change.ruleId(), change.name(), change.workspace(), null),
        change.time(),
        change.contentId(),
        new Coordinates("telemetry.sentinel", 1, change.time() % 1_000_000),
        new Payload.Observed(change));
  }
}
