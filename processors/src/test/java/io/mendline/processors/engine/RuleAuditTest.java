package io.mendline.processors.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.ingest.Decoded;
import io.mendline.processors.ingest.RawMessage;
import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.Source;
import io.mendline.schemas.Action;
import io.mendline.schemas.Alert;
import io.mendline.schemas.AlertKind;
import io.mendline.schemas.AlertStatus;
import io.mendline.schemas.Command;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.FindingStatus;
import io.mendline.schemas.Incident;
import io.mendline.schemas.IncidentStatus;
import io.mendline.schemas.Severity;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From the records of Sentinel and Azure, as they are sent, to what people and executors get. */
class RuleAuditTest {
  private static final String RULE =
      "/subscriptions/s/resourceGroups/g/providers/Microsoft.OperationalInsights/workspaces/law-soc"
          + "/providers/Microsoft.SecurityInsights/alertRules/rule-1";
  private static final String NOT_EXECUTED = "The analytics rule is disabled and was not executed.";

  private final StoryRuntime story = new StoryRuntime();
  private final Map<String, Finding> findings = story.findings;
  private final Map<String, Incident> incidents = story.incidents;
  private final List<Alert> alerts = story.alerts;
  private final List<Command> commands = story.commands;
  private final LocalRuntime runtime = StoryRuntime.of("mode: auto", source -> 60_000, story::note);

  @Test
  void a_rule_that_both_logs_say_was_switched_off_is_one_finding_that_people_are_told_of() {
    accept("10:00:07", activity("10:00:07", "write", false));
    accept("10:00:00", audit("10:00:00", "Dormant admin", true, false, "mira@contoso.example"));
    until("12:00");

    Finding finding = only(FindingKind.RULE_DISABLED);
    assertThat(finding.getStatus()).isEqualTo(FindingStatus.RAISED);
    assertThat(finding.getSeverity()).isEqualTo(Severity.HIGH);
    assertThat(finding.getAttributes())
        .containsEntry("changedBy", "mira@contoso.example")
        .containsEntry("changedFrom", "203.0.113.7")
        .containsEntry("correlationId", "corr-1")
        .containsEntry("ruleSeverity", "High")
        .containsEntry("tactics", "Persistence")
        .containsEntry("techniques", "T1078,T1098");
    assertThat(alerts).extracting(Alert::getKind).containsExactly(AlertKind.NOTICE);
    assertThat(alerts.get(0).getTitle()).contains("was disabled by mira@contoso.example");
    assertThat(commands).isEmpty();
  }

  @Test
  void a_deleted_rule_is_told_of_and_its_windows_are_not_replayed() {
    accept("10:01", givenUp("10:01", "10:00"));
    accept("10:01:20", activity("10:01:20", "delete", null));
    until("14:00");

    assertThat(only(FindingKind.RULE_DELETED).getAttributes()).containsEntry("changedBy", "ann");
    assertThat(findings.values())
        .extracting(Finding::getKind)
        .containsExactlyInAnyOrder(FindingKind.SKIPPED_WINDOW, FindingKind.RULE_DELETED);
    assertThat(commands).isEmpty();
    assertThat(alerts)
        .extracting(Alert::getMessage)
        .anySatisfy(message -> assertThat(message).contains("not replayed: the rule was deleted"));
  }

  @Test
  void a_window_of_a_rule_of_high_severity_weighs_more_and_is_replayed() {
    accept("08:00", audit("08:00", "Dormant admin", null, true, "ann"));
    accept("10:01", givenUp("10:01", "10:00"));
    until("14:00");

    Finding finding = only(FindingKind.SKIPPED_WINDOW);
    assertThat(finding.getAttributes()).containsEntry("ruleSeverity", "High");
    assertThat(finding.getSeverity()).isEqualTo(Severity.HIGH);
    assertThat(commands).extracting(Command::getAction).containsExactly(Action.REPLAY_WINDOW);
  }

  /** The cause is gone when the rule is changed meanwhile, or when a person says so. */
  @ParameterizedTest
  @ValueSource(strings = {"change", "verdict"})
  void what_sentinel_disabled_is_enabled_once_its_cause_is_gone_and_a_person_agrees(String sign) {
    accept("10:00", health("10:00", "AUTO DISABLED Dormant admin", NOT_EXECUTED));
    until("13:00");
    assertThat(only(FindingKind.RULE_AUTO_DISABLED).getStatus()).isEqualTo(FindingStatus.RAISED);
    assertThat(incident().getStatus()).isEqualTo(IncidentStatus.ESCALATED);
    assertThat(alerts.get(0).getMessage()).contains("until the cause is mended");
    assertThat(alerts.get(0).getMessage()).contains("mend the cause");

    if (sign.equals("change")) {
      accept("14:00", audit("14:00", "AUTO DISABLED Dormant admin", false, false, "ann"));
    } else {
      accept(Source.OPERATIONS, "14:00", verdict());
    }
    until("15:00");
    assertThat(incident().getStatus()).isEqualTo(IncidentStatus.AWAITING_APPROVAL);
    assertThat(commands).as("never without approval, though the mode is auto").isEmpty();
    Alert request = alerts.get(alerts.size() - 1);
    assertThat(request.getKind()).isEqualTo(AlertKind.APPROVAL_REQUEST);
    Command asked = request.getCommand();
    assertThat(asked.getAction()).isEqualTo(Action.ENABLE_RULE);
    assertThat(asked.getParameters())
        .containsEntry("ruleId", RULE.toLowerCase(Locale.ROOT))
        .containsEntry("workspace", "law-soc");

    accept(
        Source.APPROVALS,
        "15:01",
        "{\"commandId\": \"%s\", \"decision\": \"APPROVED\", \"by\": \"ann\", \"at\": \"%s\"}"
            .formatted(asked.getId(), at("15:01")));
    // That it is changed once more is no reason to take back what was asked for.
    accept("15:02", audit("15:02", "AUTO DISABLED Dormant admin", false, false, "ann"));
    until("15:10");
    assertThat(commands).extracting(Command::getId).containsExactly(asked.getId());

    accept("15:20", audit("15:20", "Dormant admin", false, true, "mendline"));
    until("16:00");
    assertThat(only(FindingKind.RULE_AUTO_DISABLED).getStatus()).isEqualTo(FindingStatus.CLEARED);
    assertThat(incident().getStatus()).isEqualTo(IncidentStatus.RESOLVED);
    assertThat(alerts.get(alerts.size() - 1).getStatus()).isEqualTo(AlertStatus.CLEARED);
  }

  private Incident incident() {
    return incidents.values().iterator().next();
  }

  private Finding only(FindingKind kind) {
    List<Finding> of = findings.values().stream().filter(one -> one.getKind() == kind).toList();
    assertThat(of).hasSize(1);
    return of.get(0);
  }

  private String verdict() {
    return """
        {"id": "v1", "incidentId": "%s", "kind": "VERDICT", "by": "ann", "at": "%s",
         "verdict": {"falseAlarm": false, "fix": "the table was restored"}}"""
        .formatted(incident().getId(), at("14:00"));
  }

  private static String health(String time, String name, String reason) {
    return """
        {"records": [{"time": "%s", "category": "SentinelHealth",
          "operationName": "Scheduled analytics rule run",
          "properties": {"SentinelResourceId": "%s", "SentinelResourceName": "%s",
            "Status": "Failure", "Reason": "%s", "SentinelResourceType": "Analytics rule",
            "SentinelResourceKind": "Scheduled"}}]}"""
        .formatted(at(time), RULE, name, reason);
  }

  private static String givenUp(String time, String run) {
    return """
        {"records": [{"time": "%s", "category": "SentinelHealth",
          "operationName": "Scheduled analytics rule run",
          "properties": {"SentinelResourceId": "%s", "SentinelResourceName": "Dormant admin",
            "Status": "Failure", "SentinelResourceType": "Analytics rule",
            "Description": "Rule's scheduled run at %s failed after numerous attempts.",
            "SentinelResourceKind": "Scheduled", "ExtendedProperties":
              {"QueryStartTimeUTC": "%s", "QueryEndTimeUTC": "%s", "QueryFrequency": "PT1H",
               "QueryPeriod": "PT1H", "Issues": [{"Code": "QUERY_TIMEOUT"}]}}}]}"""
        .formatted(at(time), RULE, at(run), at(run).minusSeconds(3_600), at(run));
  }

  private static String audit(
      String time, String name, Boolean before, boolean after, String caller) {
    return """
        {"TimeGenerated": "%s", "Type": "SentinelAudit", "Status": "Success",
         "OperationName": "Microsoft.SecurityInsights/alertRules/Write",
         "SentinelResourceId": "%s", "SentinelResourceName": "Dormant admin",
         "CorrelationId": "corr-1", "RecordId": "audit-%s",
         "ExtendedProperties": {"CallerName": "%s", "CallerIpAddress": "203.0.113.7",
           "OriginalResourceState": "%s",
           "UpdatedResourceState": {"properties": {"displayName": "%s", "enabled": %s,
             "severity": "High", "tactics": ["Persistence"], "techniques": ["T1098", "T1078"]}}}}"""
        .formatted(
            at(time),
            RULE,
            time,
            caller,
            before == null ? "" : "{\\\"properties\\\": {\\\"enabled\\\": " + before + "}}",
            name,
            after);
  }

  private static String activity(String time, String what, Boolean enabled) {
    String body = enabled == null ? "" : "{\\\"properties\\\": {\\\"enabled\\\": " + enabled + "}}";
    return """
        {"records": [{"time": "%s", "category": "Administrative", "resultType": "Success",
          "resourceId": "%s", "operationName": "MICROSOFT.SECURITYINSIGHTS/ALERTRULES/%s",
          "callerIpAddress": "198.51.100.1", "correlationId": "corr-1", "identity": "ann",
          "properties": {"responseBody": "%s"}}]}"""
        .formatted(at(time), RULE.toUpperCase(Locale.ROOT), what.toUpperCase(Locale.ROOT), body);
  }

  private void accept(String time, String json) {
    accept(Source.SENTINEL, time, json);
  }

  private void accept(Source source, String time, String json) {
    runtime.accept(
        Decoded.of(
            new RawMessage(
                source,
                new Coordinates(source.label(), 0, 0),
                at(time).toEpochMilli(),
                null,
                json.getBytes(UTF_8))));
  }

  private void until(String time) {
    runtime.advance(at(time).toEpochMilli());
  }

  private static Instant at(String time) {
    return Instant.parse("2026-06-01T" + time + (time.length() == 5 ? ":00Z" : "Z"));
  }
}
