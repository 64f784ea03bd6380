package io.mendline.serdes.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.serdes.telemetry.SentinelHealth.Operation;
import io.mendline.serdes.telemetry.SentinelHealth.ResourceType;
import io.mendline.serdes.telemetry.SentinelHealth.RuleKind;
import io.mendline.serdes.telemetry.SentinelHealth.Status;
import io.mendline.serdes.text.Redactor;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SentinelDecoderTest {
  private static final String RULE_PATH =
      "/subscriptions/S/resourceGroups/G/providers/Microsoft.OperationalInsights/workspaces/"
          + "Contoso-WS/providers/Microsoft.SecurityInsights/alertRules/0b1C2d3e";

  private final TelemetryDecoder decoder = new SentinelDecoder(Redactor.standard());

  /** A row that Log Analytics exported: flat, the table's columns. */
  private static final String EXPORTED_FAILURE =
      """
      {
        "TenantId": "11111111-aaaa-bbbb-cccc-222222222222",
        "TimeGenerated": "2026-06-01T10:45:12.3456789Z",
        "OperationName": "Scheduled analytics rule run",
        "SentinelResourceId": "%s",
        "SentinelResourceName": "Brute force against admin portal",
        "Status": "Failure",
        "Description": "Rule's scheduled run at 06/01/2026 10:43:55 failed after numerous attempts. It will be re-executed over the next scheduled time.",
        "Reason": "An internal server error occurred while running the query.",
        "WorkspaceId": "AAAA1111-0000-0000-0000-00000000BBBB",
        "SentinelResourceType": "Analytics Rule",
        "SentinelResourceKind": "Scheduled",
        "RecordId": "rec-1",
        "ExtendedProperties": {
          "AggregationKind": "SingleAlert",
          "AlertsGeneratedAmount": 0,
          "CorrelationId": "c",
          "Issues": [{"Code": "QueryGeneralError", "Description": "A temporary, general error"}],
          "QueryStartTimeUTC": "06/01/2026 10:38:55",
          "QueryEndTimeUTC": "2026-06-01T10:43:55Z",
          "QueryFrequency": "PT5M",
          "QueryPeriod": "1.00:00:00",
          "QueryPerformanceIndicators": {"deep": [{"er": [1, 2, {"x": null}]}]},
          "QueryResultAmount": "3",
          "TriggerType": "Scheduled"
        },
        "Type": "SentinelHealth"
      }
      """
          .formatted(RULE_PATH);

  private SentinelHealth row(String json) {
    return Decoded.of(decoder, json).only(SentinelHealth.class);
  }

  @Test
  void anExportedRowIsReadCompletely() {
    assertThat(row(EXPORTED_FAILURE))
        .isEqualTo(
            SentinelHealth.builder()
                .time(millis("2026-06-01T10:45:12.345Z"))
                .workspace("aaaa1111-0000-0000-0000-00000000bbbb")
                .tenant("11111111-aaaa-bbbb-cccc-222222222222")
                .resourceType(ResourceType.ANALYTICS_RULE)
                .resourceId(RULE_PATH.toLowerCase(Locale.ROOT))
                .name("Brute force against admin portal")
                .ruleKind(RuleKind.SCHEDULED)
                .operation(Operation.SCHEDULED_RULE_RUN)
                .status(Status.FAILURE)
                .description(
                    "Rule's scheduled run at 06/01/2026 10:43:55 failed after numerous attempts."
                        + " It will be re-executed over the next scheduled time.")
                .reason("An internal server error occurred while running the query.")
                .recordId("rec-1")
                .window(millis("2026-06-01T10:38:55Z"), millis("2026-06-01T10:43:55Z"))
                .frequencyMillis(Duration.ofMinutes(5).toMillis())
                .periodMillis(Duration.ofDays(1).toMillis())
                .issues(List.of("QueryGeneralError"))
                .queryResultAmount(3)
                .triggerType("Scheduled")
                .build());
  }

  @Test
  void azureMonitorPutsTheFieldsUnderPropertiesInAnEnvelope() {
    Decoded decoded =
        Decoded.of(
            decoder,
            """
            {"records": [
              {"time": "2026-06-01T10:45:12Z", "resourceId": "%1$s", "category": "SentinelHealth",
               "operationName": "NRT analytics rule run", "level": "Error", "durationMs": "41",
               "identity": "{\\"claims\\":{}}", "correlationId": "c", "resultType": "Failure",
               "properties": {"SENTINELRESOURCENAME": "Nrt rule", "sentinelResourceType": "AlertRule",
                 "ExtendedProperties": "{\\"RuleId\\":\\"0B1C\\",\\"QueryStartTimeUTC\\":\\"2026-06-01T10:43:00Z\\",\\"QueryEndTimeUTC\\":\\"2026-06-01T10:44:00Z\\",\\"Issues\\":\\"[{\\\\\\"Code\\\\\\":\\\\\\"QUERY_TIMEOUT\\\\\\"}]\\"}"}},
              {"time": "2026-06-01T10:46:12Z", "resourceId": "%1$s", "type": "SentinelHealth",
               "properties": "{\\"SentinelResourceName\\":\\"Office 365\\",\\"SentinelResourceType\\":\\"DataConnector\\",\\"SentinelResourceKind\\":\\"Office365\\",\\"Status\\":\\"Success\\",\\"OperationName\\":\\"Data fetch status change\\"}"}
            ]}
            """
                .formatted(RULE_PATH));

    assertThat(decoded.problems()).isEmpty();
    assertThat(decoded.indexes).containsExactly(0, 1);
    SentinelHealth rule = (SentinelHealth) decoded.facts.get(0);
    assertThat(rule.workspace()).isEqualTo("contoso-ws");
    assertThat(rule.resourceId()).isEqualTo("0b1c");
    assertThat(rule.resourceType()).isEqualTo(ResourceType.ANALYTICS_RULE);
    assertThat(rule.ruleKind()).isEqualTo(RuleKind.NRT);
    assertThat(rule.status()).isEqualTo(Status.FAILURE);
    assertThat(rule.issues()).containsExactly("QUERY_TIMEOUT");
    assertThat(rule.hasWindow()).isTrue();
    SentinelHealth connector = (SentinelHealth) decoded.facts.get(1);
    assertThat(connector.resourceType()).isEqualTo(ResourceType.CONNECTOR);
    assertThat(connector.ruleKind()).isEqualTo(RuleKind.OTHER);
    assertThat(connector.operation()).isEqualTo(Operation.DATA_FETCH_STATUS_CHANGE);
    assertThat(connector.resourceId()).isEqualTo("office 365");
    assertThat(connector.hasWindow()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "Analytics rule, ANALYTICS_RULE",
    "Analytics Rule, ANALYTICS_RULE",
    "Analytic Rule, ANALYTICS_RULE",
    "AlertRule, ANALYTICS_RULE",
    "Data connector, CONNECTOR",
    "DataConnector, CONNECTOR",
    "Automation rule, AUTOMATION_RULE",
    "AutomationRule, AUTOMATION_RULE",
    "Playbook, PLAYBOOK",
    "Watchlist, OTHER",
  })
  void resourceTypesAreKnownInEverySpelling(String spelling, ResourceType type) {
    assertThat(row(minimal("SentinelResourceType", spelling)).resourceType()).isEqualTo(type);
  }

  @ParameterizedTest
  @CsvSource({
    "Success, SUCCESS",
    "SUCCESS, SUCCESS",
    "Failure, FAILURE",
    "Partial success, PARTIAL_SUCCESS",
    "Partial Success, PARTIAL_SUCCESS",
    "PartialSuccess, PARTIAL_SUCCESS",
    "Warning, WARNING",
    "Informational, INFORMATIONAL",
    "Throttled, OTHER",
  })
  void statusesAreKnownInEverySpelling(String spelling, Status status) {
    assertThat(row(minimal("Status", spelling)).status()).isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource({
    "Data fetch status change, DATA_FETCH_STATUS_CHANGE, CONNECTOR, OTHER",
    "Data fetch failure summary, DATA_FETCH_FAILURE_SUMMARY, CONNECTOR, OTHER",
    "Automation rule run, AUTOMATION_RULE_RUN, AUTOMATION_RULE, OTHER",
    "Playbook was triggered, PLAYBOOK_TRIGGERED, PLAYBOOK, OTHER",
    "Scheduled analytics rule run, SCHEDULED_RULE_RUN, ANALYTICS_RULE, SCHEDULED",
    "NRT Analytics Rule Run, NRT_RULE_RUN, ANALYTICS_RULE, NRT",
    "Something new, OTHER, OTHER, OTHER",
  })
  void anOperationTellsTheTypeWhereTheRowDoesNot(
      String spelling, Operation operation, ResourceType type, RuleKind kind) {
    SentinelHealth row = row(minimal("OperationName", spelling));

    assertThat(row.operation()).isEqualTo(operation);
    assertThat(row.resourceType()).isEqualTo(type);
    assertThat(row.ruleKind()).isEqualTo(kind);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[{\"Code\":\"A\",\"Description\":\"some words\"},{\"code\":\"B\"}]|A,B",
        "{\"Code\":\"A\"}|A",
        "[\"TEMPORARY_ISSUE_DELAY\",\"TEMPORARY_ISSUE_DELAY\"]|TEMPORARY_ISSUE_DELAY",
        "{\"QueryGeneralError\":\"it failed\",\"Severity\":\"High\"}|QueryGeneralError",
        "{\"Issues\":[{\"IssueCode\":\"A\"}]}|A",
        "[{\"Type\":\"SemanticErrorInQuery\",\"Message\":\"bad query\"}]|SemanticErrorInQuery",
        "\"[{\\\"Code\\\":\\\"A\\\"}]\"|A",
        "\"\\\"[{\\\\\\\"Code\\\\\\\":\\\\\\\"A\\\\\\\"}]\\\"\"|A",
        "\"SYNTAX_ERROR: unexpected token, line 3\"|SYNTAX_ERROR",
        "\"A, B; C\"|A,B,C",
        "\"A temporary error, try again\"|``",
        "[null, true, {\"Code\": null}, {}]|``",
        "null|``",
        "\"\"|``",
      })
  void issueCodesAreFoundInEveryShape(String issues, String codes) {
    SentinelHealth row = row(minimalRaw("\"ExtendedProperties\": {\"Issues\": " + issues + "}"));

    assertThat(String.join(",", row.issues())).isEqualTo(codes);
  }

  @Test
  void aConnectorsFailureSummaryGivesItsStatusCodesAndSaysWhatTheyMean() {
    SentinelHealth row =
        row(
            minimalRaw(
                """
                "ExtendedProperties": {"FailureSummary":
                  [{"StatusCode": 403, "StatusMessage": "Forbidden, ask"}, {"StatusCode": "429"}]}
                """));

    assertThat(row.issues()).containsExactly("403", "429");
    assertThat(row.description()).isEqualTo("Forbidden, ask");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "3 | '' | ENTITIES_DROPPED_DUE_TO_MAPPING_ISSUES",
        "'\"3\"' | '' | ENTITIES_DROPPED_DUE_TO_MAPPING_ISSUES",
        "3 | QUERY_TIMEOUT | QUERY_TIMEOUT,ENTITIES_DROPPED_DUE_TO_MAPPING_ISSUES",
        "3 | EntitiesDroppedDueToMappingIssues | EntitiesDroppedDueToMappingIssues",
        "0 | '' | ''",
        "'\"none\"' | '' | ''",
      })
  void entitiesThatWereDroppedAreAnIssueThoughNoneSaysSo(
      String amount, String issue, String codes) {
    SentinelHealth row =
        row(
            minimalRaw(
                """
                "ExtendedProperties": {"EntitiesDroppedDueToMappingIssuesAmount": %s, "Issues": "%s"}
                """
                    .formatted(amount, issue)));

    assertThat(String.join(",", row.issues())).isEqualTo(codes);
  }

  @Test
  void aRuleThatWasAutoDisabledKeepsItsIdThoughItsNameIsAllThereIs() {
    SentinelHealth before = row(minimal("SentinelResourceName", "My Rule"));
    SentinelHealth after = row(minimal("SentinelResourceName", "AUTO DISABLED My Rule"));

    assertThat(after.resourceId()).isEqualTo(before.resourceId()).isEqualTo("my rule");
    assertThat(after.name()).isEqualTo("AUTO DISABLED My Rule");
  }

  @Test
  void theTableOfOneWorkspaceNamesItByTenantIdToo() {
    SentinelHealth row =
        row("{\"time\":\"2026-06-01\",\"TenantId\":\"WS-1\",\"SentinelResourceName\":\"r\"}");

    assertThat(row.workspace()).isEqualTo("ws-1");
  }

  @Test
  void secretsInFreeTextAreTakenOut() {
    SentinelHealth row = row(minimal("Reason", "GET https://x/?sig=SECRET failed"));

    assertThat(row.reason()).isEqualTo("GET https://x/?sig=[redacted] failed");
  }

  @Test
  void optionalFieldsThatMakeNoSenseAreAbsent() {
    SentinelHealth row =
        row(
            minimalRaw(
                """
                "ExtendedProperties": {"QueryFrequency": "often", "QueryPeriod": 5,
                  "QueryResultAmount": "many", "TriggerType": {}, "QueryStartTimeUTC": "",
                  "QueryEndTimeUTC": "0001-01-01T00:00:00"}
                """));

    assertThat(row.frequencyMillis()).isEqualTo(TelemetryRecord.ABSENT);
    assertThat(row.periodMillis()).isEqualTo(TelemetryRecord.ABSENT);
    assertThat(row.queryResultAmount()).isEqualTo(TelemetryRecord.ABSENT);
    assertThat(row.windowStart()).isEqualTo(TelemetryRecord.ABSENT);
    assertThat(row.windowEnd()).isEqualTo(TelemetryRecord.ABSENT);
    assertThat(row.triggerType()).isNull();
  }

  @Test
  void aWindowThatCannotBeReadIsNotTakenForNone() {
    assertThat(Decoded.of(decoder, minimalRaw("\"QueryStartTimeUTC\": \"last Monday\"")).onlyBad())
        .isEqualTo("0 QueryStartTimeUTC: 'last Monday' is no instant");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"WorkspaceId\":\"w\",\"SentinelResourceName\":\"r\"}|TimeGenerated: missing",
        "{\"WorkspaceId\":\"w\",\"SentinelResourceName\":\"r\",\"TimeGenerated\":\"soon\"}"
            + "|TimeGenerated: 'soon' is no instant",
        "{\"WorkspaceId\":\"w\",\"SentinelResourceName\":\"r\",\"TimeGenerated\":{\"a\":1}}"
            + "|TimeGenerated: '{…}' is no instant",
        "{\"WorkspaceId\":\"w\",\"SentinelResourceName\":\"r\",\"time\":-5}|time: '-5' is no instant",
        "{\"TimeGenerated\":\"2026-06-01\",\"SentinelResourceName\":\"r\"}|WorkspaceId: missing",
        "{\"TimeGenerated\":\"2026-06-01\",\"WorkspaceId\":\"w\"}|SentinelResourceId: missing",
        "{\"ExtendedProperties\":\"{broken\",\"WorkspaceId\":\"w\"}|ExtendedProperties: malformed",
        "{}|SentinelResourceId: missing",
      })
  void aRowThatLacksWhatMattersIsBadAndSaysWhy(String json, String reason) {
    assertThat(Decoded.of(decoder, json).onlyBad()).startsWith("0 " + reason);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"Type\":\"SentinelAudit\",\"SentinelResourceName\":\"r\"}",
        "{\"category\":\"Administrative\",\"operationName\":\"x\"}",
        "{\"operationName\":\"Microsoft.SecurityInsights/alertRules/Write\"}",
        "{\"OperationName\":\"MICROSOFT.SECURITYINSIGHTS/ALERTRULES/DELETE\",\"time\":\"x\"}",
        "{\"Type\":\"Heartbeat\",\"Computer\":\"c\"}",
      })
  void whatIsNeitherHealthNorAChangeThatTookEffectIsSkippedAndNotBad(String json) {
    Decoded decoded = Decoded.of(decoder, json);

    assertThat(decoded.skipped).hasSize(1);
    assertThat(decoded.bad).isEmpty();
  }

  @Test
  void aRowDeliveredTwiceHasOneIdentityWhicheverWayItCame() {
    SentinelHealth exported = row(EXPORTED_FAILURE);
    SentinelHealth other = exported.toBuilder().workspace("contoso-ws").description(null).build();
    SentinelHealth next = exported.toBuilder().recordId("rec-2").build();
    SentinelHealth unnumbered = exported.toBuilder().recordId(null).build();

    assertThat(other.contentId()).isEqualTo(exported.contentId());
    assertThat(next.contentId()).isNotEqualTo(exported.contentId());
    assertThat(unnumbered.contentId())
        .isEqualTo(exported.toBuilder().recordId(null).build().contentId())
        .isNotEqualTo(unnumbered.toBuilder().status(Status.SUCCESS).build().contentId());
  }

  private static String minimal(String field, String value) {
    return minimalRaw("\"" + field + "\": \"" + value + "\"");
  }

  private static String minimalRaw(String more) {
    String name = more.contains("SentinelResourceName") ? "" : "\"SentinelResourceName\": \"r\",";
    return "{\"TimeGenerated\": \"2026-06-01T10:45:00Z\", \"WorkspaceId\": \"w\", "
        + name
        + more
        + "}";
  }

  private static long millis(String instant) {
    return Instant.parse(instant).toEpochMilli();
  }
}
