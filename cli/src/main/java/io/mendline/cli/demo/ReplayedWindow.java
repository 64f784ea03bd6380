package io.mendline.cli.demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mendline.schemas.Command;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * A window of a Sentinel rule that was run again on command, as Log Analytics exports its row of
 * SentinelHealth.
 */
final class ReplayedWindow {
  /** How long the rule's query runs. */
  static final Duration TAKES = Duration.ofSeconds(40);

  private final Command command;

  ReplayedWindow(Command command) {
    this.command = command;
  }

  /** The last part of the rule's path. */
  String ruleGuid() {
    String path = command.getTarget().getId();
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** The window's begin, ISO-8601. */
  String start() {
    return command.getParameters().get("windowStart");
  }

  /**
   * The row that says that it succeeded.
   *
   * @param at when the rule ran, epoch milliseconds
   */
  ObjectNode success(long at) {
    String end = command.getParameters().get("windowEnd");
    ObjectNode row = Json.object();
    if (command.getTarget().getTenant() != null) {
      row.put("TenantId", command.getTarget().getTenant());
    }
    row.put("TimeGenerated", Instant.ofEpochMilli(at).toString());
    row.put("OperationName", "Scheduled analytics rule run");
    row.put("SentinelResourceId", command.getTarget().getId());
    row.put("SentinelResourceName", command.getTarget().getName());
    row.put("Status", "Success");
    row.put("Description", "Rule executed successfully.");
    row.put("Reason", "");
    row.put("WorkspaceId", command.getTarget().getWorkspace());
    row.put("SentinelResourceType", "Analytics rule");
    row.put("SentinelResourceKind", "Scheduled");
    row.put("RecordId", recordId());
    ObjectNode properties = row.putObject("ExtendedProperties");
    properties.put("AlertsGeneratedAmount", 0);
    properties.put("EntitiesGeneratedAmount", 0);
    properties.put("QueryStartTimeUTC", start());
    properties.put("QueryEndTimeUTC", end);
    String length = Duration.between(Instant.parse(start()), Instant.parse(end)).toString();
    properties.put("QueryFrequency", length);
    properties.put("QueryPeriod", length);
    properties.put("QueryResultAmount", 0);
    properties.put("RuleId", ruleGuid());
    properties.put("TriggerType", "Manual");
    row.put("Type", "SentinelHealth");
    return row;
  }

  /** From the command's id, so that the same replay is told under the same one. */
  private String recordId() {
    return UUID.nameUUIDFromBytes(command.getId().getBytes(StandardCharsets.UTF_8)).toString();
  }
}
