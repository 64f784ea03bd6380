package io.mendline.cli.sample;

import com.fasterxml.jackson.core.JsonGenerator;
import io.mendline.cli.sample.Draws.Question;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Writes the SentinelHealth rows of one rule, as Azure Monitor sends them or as Log Analytics
 * exports them, in the spellings that were seen.
 */
final class SentinelRows {
  static final String SUCCEEDED = "Rule executed successfully.";
  static final String ATTEMPT_FAILED = "The rule could not be run. It will be tried again.";

  private static final DateTimeFormatter AMERICAN =
      DateTimeFormatter.ofPattern("MM/dd/yyyy HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final String[] TYPES = {
    "Analytics rule", "Analytics Rule", "Analytic rule", "AlertRule"
  };

  private final Draws draws;
  private final String workspaceId;
  private final String workspacePath;
  private final String workspacePathUpper;
  private final String ruleId;
  private final String name;
  private final String resourceId;
  private final String resourceIdUpper;

  /**
   * @param draws chance about the rule
   * @param ofWorkspace chance about its workspace
   */
  SentinelRows(Draws draws, Draws ofWorkspace, int workspace, int number) {
    this.draws = draws;
    this.workspaceId = ofWorkspace.uuid(Question.ID, 0);
    this.workspacePath =
        "/subscriptions/"
            + ofWorkspace.uuid(Question.ID, 1)
            + "/resourceGroups/rg-soc/providers/Microsoft.OperationalInsights/workspaces/law-soc-"
            + (workspace + 1);
    this.workspacePathUpper = workspacePath.toUpperCase(Locale.ROOT);
    this.ruleId = draws.uuid(Question.ID, 0);
    this.name = "Detection " + (number + 1);
    this.resourceId = workspacePath + "/providers/Microsoft.SecurityInsights/alertRules/" + ruleId;
    this.resourceIdUpper = resourceId.toUpperCase(Locale.ROOT);
  }

  String workspaceId() {
    return workspaceId;
  }

  String resourceId() {
    return resourceId;
  }

  /** The wording of the one record for a window of which all attempts failed. */
  static String consolidated(long runTime) {
    return "Rule's scheduled run at "
        + AMERICAN.format(Instant.ofEpochMilli(runTime))
        + " failed after numerous attempts. It will be re-executed over the next scheduled time.";
  }

  /**
   * One row.
   *
   * @param number tells it from the rule's other rows
   * @param cause why it failed; null if it did not
   * @param packed whether it travels in an envelope, for which it has to come from Azure Monitor
   */
  record Row(
      long number,
      long time,
      long windowStart,
      long windowEnd,
      SentinelCause cause,
      String description,
      boolean packed) {}

  Telling.Body body(Row row) {
    return json -> {
      if (row.packed() || draws.chance(Question.SHAPE, row.number(), 0.5)) {
        diagnostics(json, row);
      } else {
        export(json, row);
      }
    };
  }

  private void diagnostics(JsonGenerator json, Row row) throws IOException {
    json.writeStartObject();
    json.writeStringField("time", Json.time(row.time()));
    json.writeStringField("resourceId", workspacePathUpper);
    json.writeStringField("category", "SentinelHealth");
    json.writeStringField("operationName", "Scheduled analytics rule run");
    json.writeStringField("resultType", status(row));
    json.writeFieldName("properties");
    json.writeStartObject();
    columns(json, row);
    json.writeEndObject();
    json.writeEndObject();
  }

  private void export(JsonGenerator json, Row row) throws IOException {
    json.writeStartObject();
    json.writeStringField("TimeGenerated", Json.time(row.time()));
    json.writeStringField("OperationName", "Scheduled analytics rule run");
    columns(json, row);
    json.writeStringField("Type", "SentinelHealth");
    json.writeEndObject();
  }

  private void columns(JsonGenerator json, Row row) throws IOException {
    boolean upper = draws.chance(Question.SPELLING, row.number(), 0.2);
    json.writeStringField("SentinelResourceId", upper ? resourceIdUpper : resourceId);
    json.writeStringField("SentinelResourceName", name);
    json.writeStringField("Status", status(row));
    json.writeStringField("Description", row.description());
    json.writeStringField("Reason", row.cause() == null ? "" : row.cause().text());
    json.writeStringField("WorkspaceId", workspaceId);
    String type = upper ? draws.one(Question.SPELLING, ~row.number(), TYPES) : TYPES[0];
    json.writeStringField("SentinelResourceType", type);
    json.writeStringField("SentinelResourceKind", "Scheduled");
    json.writeStringField("RecordId", draws.uuid(Question.RECORD, row.number()));
    boolean inString = draws.chance(Question.SHAPE, ~row.number(), 0.2);
    Json.object(json, "ExtendedProperties", inString, inner -> properties(inner, row));
  }

  private void properties(JsonGenerator json, Row row) throws IOException {
    json.writeStartObject();
    json.writeStringField("QueryStartTimeUTC", Json.time(row.windowStart()));
    json.writeStringField("QueryEndTimeUTC", Json.time(row.windowEnd()));
    boolean span = draws.chance(Question.SPELLING, row.number(), 0.1);
    String hour = span ? "01:00:00" : "PT1H";
    json.writeStringField("QueryFrequency", hour);
    json.writeStringField("QueryPeriod", hour);
    json.writeStringField("RuleId", ruleId);
    json.writeStringField("TriggerType", "Scheduled");
    if (row.cause() == null) {
      long hits = draws.between(Question.RESULT, row.number(), 0, 12);
      json.writeNumberField("AlertsGeneratedAmount", Math.min(1, hits));
      json.writeNumberField("QueryResultAmount", hits);
    } else {
      boolean inString = draws.chance(Question.RESULT, row.number(), 0.3);
      Json.object(json, "Issues", inString, inner -> issues(inner, row));
    }
    json.writeEndObject();
  }

  private void issues(JsonGenerator json, Row row) throws IOException {
    json.writeStartArray();
    json.writeStartObject();
    boolean old = draws.chance(Question.SPELLING, row.number(), 0.5);
    json.writeStringField("Code", row.cause().code(old));
    json.writeStringField("Description", row.cause().text());
    json.writeEndObject();
    json.writeEndArray();
  }

  private String status(Row row) {
    if (row.cause() == null) {
      return "Success";
    }
    return draws.chance(Question.SPELLING, row.number(), 0.1) ? "failure" : "Failure";
  }
}
