package io.mendline.processors.sentinel;

import static io.mendline.processors.sentinel.RuleRecords.at;

import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.Payload;
import io.mendline.processors.pipeline.Routes;
import io.mendline.processors.pipeline.Signal;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.pipeline.Subject;
import io.mendline.serdes.telemetry.SentinelHealth;
import io.mendline.serdes.telemetry.SentinelHealth.Operation;
import io.mendline.serdes.telemetry.SentinelHealth.ResourceType;
import io.mendline.serdes.telemetry.SentinelHealth.Status;

/** Health records of connectors, automation rules and playbooks of one workspace. */
final class HealthRecords {
  private HealthRecords() {}

  /** The state of a connector. */
  static SentinelHealth.Builder state(String connector, String time, Status status) {
    return row(ResourceType.CONNECTOR, Operation.DATA_FETCH_STATUS_CHANGE, connector, time)
        .status(status);
  }

  /** The hourly summary of a connector's errors. */
  static SentinelHealth.Builder summary(String connector, String time) {
    return row(ResourceType.CONNECTOR, Operation.DATA_FETCH_FAILURE_SUMMARY, connector, time)
        .status(Status.INFORMATIONAL);
  }

  /** A run of an automation rule. */
  static SentinelHealth.Builder automation(String rule, String time, Status status) {
    return row(ResourceType.AUTOMATION_RULE, Operation.AUTOMATION_RULE_RUN, rule, time)
        .status(status);
  }

  /** A run of a playbook. */
  static SentinelHealth.Builder playbook(String playbook, String time, Status status) {
    return row(ResourceType.PLAYBOOK, Operation.PLAYBOOK_TRIGGERED, playbook, time).status(status);
  }

  private static SentinelHealth.Builder row(
      ResourceType type, Operation operation, String id, String time) {
    return SentinelHealth.builder()
        .time(at(time))
        .workspace(RuleRecords.WORKSPACE)
        .resourceType(type)
        .resourceId(id)
        .name("The " + id)
        .operation(operation)
        .recordId(operation + " " + time);
  }

  static Signal signal(SentinelHealth.Builder row) {
    return signal(row, 1);
  }

  static Signal signal(SentinelHealth.Builder row, long offset) {
    SentinelHealth fact = row.build();
    return new Signal(
        Source.SENTINEL,
        Routes.sentinel(fact.workspace()),
        new Subject(
            io.mendline.schemas.ResourceType.SENTINEL_WORKSPACE,
            fact.resourceId(),
            fact.name(),
            fact.workspace(),
            null),
        fact.time(),
        fact.contentId(),
        new Coordinates("telemetry.sentinel", 0, offset),
        new Payload.Observed(fact));
  }
}
