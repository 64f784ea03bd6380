package io.mendline.serdes.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.serdes.telemetry.RuleChange.Before;
import io.mendline.serdes.telemetry.RuleChange.Enabled;
import io.mendline.serdes.telemetry.RuleChange.Kind;
import io.mendline.serdes.telemetry.RuleChange.Told;
import io.mendline.serdes.text.Redactor;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RuleChangeDecoderTest {
  private static final String WORKSPACE_PATH =
      "/subscriptions/S/resourceGroups/G/providers/Microsoft.OperationalInsights/workspaces/"
          + "Contoso-WS";
  private static final String RULE_PATH =
      WORKSPACE_PATH + "/providers/Microsoft.SecurityInsights/alertRules/0b1C2d3e";
  private static final String RULE = RULE_PATH.toLowerCase(Locale.ROOT);
  private static final String WORKSPACE_ID = "aaaa1111-0000-0000-0000-00000000bbbb";

  private final TelemetryDecoder decoder = new SentinelDecoder(Redactor.standard());

  /** A row of SentinelAudit as Log Analytics exports it, with states that are objects. */
  private static final String EXPORTED_AUDIT =
      """
      {
        "TenantId": "11111111-AAAA",
        "TimeGenerated": "2026-06-01T10:45:12.3456789Z",
        "OperationName": "Microsoft.SecurityInsights/alertRules/Write",
        "SentinelResourceId": "%1$s",
        "SentinelResourceName": "Brute force against admin portal",
        "Status": "Success",
        "Description": "Create or update analytics rule.",
        "WorkspaceId": "AAAA1111-0000-0000-0000-00000000BBBB",
        "SentinelResourceType": "Analytic Rule",
        "SentinelResourceKind": "Scheduled",
        "CorrelationId": "c",
        "RecordId": "rec-1",
        "ExtendedProperties": {
          "CallerName": "mira@contoso.example",
          "CallerIpAddress": "203.0.113.7",
          "OriginalResourceState": {"properties": {"enabled": true, "severity": "Low",
            "queryFrequency": "PT1H", "tactics": ["Impact"]}},
          "UpdatedResourceState": {
            "id": "%1$s", "name": "0b1C2d3e", "etag": "x", "kind": "Scheduled",
            "properties": {
              "displayName": "Brute force", "enabled": false, "severity": "High",
              "query": "SigninLogs | where x", "queryFrequency": "PT5M", "queryPeriod": "P1D",
              "suppressionEnabled": true, "tactics": ["CredentialAccess", "InitialAccess"],
              "techniques": ["T1110", "T1078"],
              "incidentConfiguration": {"createIncident": true,
                "groupingConfiguration": {"enabled": true}}}},
          "Reason": "",
          "ResourceDiffMemberNames": ["Properties.Enabled"],
          "ResourceDisplayName": "Brute force",
          "ResourceGroupName": "G",
          "ResourceId": "0b1C2d3e",
          "SubscriptionId": "S",
          "Uri": "https://management.azure.com%1$s?api-version=2023-02-01",
          "WorkspaceId": "%2$s",
          "WorkspaceName": "Contoso-WS"
        },
        "Type": "SentinelAudit"
      }
      """
          .formatted(RULE_PATH, WORKSPACE_PATH);

  private static final RuleChange DISABLED =
      RuleChange.builder()
          .time(millis("2026-06-01T10:45:12.345Z"))
          .workspace(WORKSPACE_ID)
          .tenant("11111111-AAAA")
          .ruleId(RULE)
          .name("Brute force against admin portal")
          .kind(Kind.WRITE)
          .enabled(Enabled.NO)
          .before(Before.ENABLED)
          .frequencyMillis(Duration.ofMinutes(5).toMillis())
          .periodMillis(Duration.ofDays(1).toMillis())
          .severity("High")
          .tactics(List.of("CredentialAccess", "InitialAccess"))
          .techniques(List.of("T1110", "T1078"))
          .caller("mira@contoso.example")
          .callerIp("203.0.113.7")
          .correlationId("c")
          .recordId("rec-1")
          .told(Told.AUDIT)
          .build();

  private RuleChange change(String json) {
    return Decoded.of(decoder, json).only(RuleChange.class);
  }

  private SentinelHealth health(String json) {
    return Decoded.of(decoder, json).only(SentinelHealth.class);
  }

  @Test
  void anExportedAuditRowIsReadCompletely() {
    assertThat(change(EXPORTED_AUDIT)).isEqualTo(DISABLED);
  }

  @Test
  void anAuditRowInAnEnvelopeSaysTheSameWithStringsForObjectsAndKeysInAnyCase() {
    String state =
        """
        {"PROPERTIES": "{\\"Enabled\\": \\"False\\", \\"QUERYFREQUENCY\\": \\"00:05:00\\",
          \\"query_period\\": \\"1.00:00:00\\", \\"Severity\\": \\"High\\",
          \\"Tactics\\": \\"CredentialAccess, InitialAccess\\",
          \\"techniques\\": \\"[\\\\\\"T1110\\\\\\",\\\\\\"T1078\\\\\\"]\\"}"}""";
    String extended =
        "{\"callername\": \"mira@contoso.example\", \"callerIPaddress\": \"203.0.113.7\","
            + " \"originalresourcestate\": \"{\\\"properties\\\": {\\\"enabled\\\": true}}\","
            + " \"UPDATEDRESOURCESTATE\": "
            + quoted(state)
            + "}";
    String json =
        """
        {"records": [{"time": "2026-06-01T10:45:12.3456789Z", "resourceId": "%s",
          "category": "SentinelAudit", "resultType": "Success", "correlationId": "c",
          "operationName": "MICROSOFT.SECURITYINSIGHTS/ALERTRULES/WRITE", "tenantId": "11111111-AAAA",
          "properties": {"SENTINELRESOURCEID": "%s", "RecordId": "rec-1",
            "sentinelResourceName": "Brute force against admin portal",
            "workspaceid": "%s", "ExtendedProperties": %s}}]}
        """
            .formatted(
                WORKSPACE_PATH.toUpperCase(Locale.ROOT), RULE_PATH, WORKSPACE_ID, quoted(extended));

    assertThat(change(json)).isEqualTo(DISABLED);
  }

  @Test
  void anActivityRecordInAnEnvelopeIsReadCompletely() {
    String body =
        "{\"id\": \"x\", \"name\": \"0b1C2d3e\", \"kind\": \"Scheduled\", \"properties\":"
            + " {\"displayName\": \"Brute force\", \"enabled\": true, \"severity\": \"High\"}}";
    String json =
        """
        {"records": [{"time": "2026-06-01T10:45:12Z", "resourceId": "%s",
          "operationName": "MICROSOFT.SECURITYINSIGHTS/ALERTRULES/WRITE",
          "category": "Administrative", "resultType": "Success", "resultSignature": "Succeeded.OK",
          "durationMs": "41", "callerIpAddress": "203.0.113.7", "correlationId": "c",
          "identity": {"authorization": {"scope": "%s", "evidence": {"role": "Contributor"}},
            "claims": {"aud": "https://management.core.windows.net/", "appid": "app-1",
              "name": "Mira Lindqvist",
              "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn": "mira@contoso.example"}},
          "level": "Information", "tenantId": "t",
          "properties": {"eventDataId": "event-1", "statusCode": "OK",
            "requestbody": "{\\"properties\\":{\\"enabled\\":false,\\"queryFrequency\\":\\"PT5M\\"}}",
            "responseBody": %s}}]}
        """
            .formatted(RULE_PATH.toUpperCase(Locale.ROOT), RULE_PATH, quoted(body));

    assertThat(change(json))
        .isEqualTo(
            RuleChange.builder()
                .time(millis("2026-06-01T10:45:12Z"))
                .workspace("contoso-ws")
                .tenant("t")
                .ruleId(RULE)
                .name("Brute force")
                .kind(Kind.WRITE)
                .enabled(Enabled.YES)
                .frequencyMillis(Duration.ofMinutes(5).toMillis())
                .severity("High")
                .caller("mira@contoso.example")
                .callerIp("203.0.113.7")
                .correlationId("c")
                .recordId("event-1")
                .told(Told.ACTIVITY)
                .build());
  }

  @Test
  void anExportedActivityRowIsReadCompletely() {
    String properties =
        "{\"entity\": \""
            + RULE_PATH
            + "\", \"message\": \""
            + RULE_PATH
            + "\", \"hierarchy\": \"a\","
            + " \"eventDataId\": \"event-1\", \"activityStatusValue\": \"Succeeded\"}";
    String json =
        """
        {"TenantId": "log-analytics", "TimeGenerated": "2026-06-01T10:45:12Z",
          "OperationName": "Delete Alert Rules", "Level": "Informational",
          "OperationNameValue": "MICROSOFT.SECURITYINSIGHTS/ALERTRULES/DELETE",
          "CategoryValue": "Administrative", "Category": "Administrative",
          "ActivityStatusValue": "Success", "ActivitySubstatusValue": "OK",
          "Caller": "0000-object-id", "Claims": "{\\"name\\": \\"Mira\\"}",
          "Properties": %s, "_ItemId": "item-1", "_ResourceId": "%s", "Type": "AzureActivity"}
        """
            .formatted(quoted(properties), WORKSPACE_PATH.toLowerCase(Locale.ROOT));

    assertThat(change(json))
        .isEqualTo(
            RuleChange.builder()
                .time(millis("2026-06-01T10:45:12Z"))
                .workspace("contoso-ws")
                .tenant("log-analytics")
                .ruleId(RULE)
                .kind(Kind.DELETE)
                .caller("0000-object-id")
                .recordId("event-1")
                .told(Told.ACTIVITY)
                .build());
  }

  @Test
  void aDeletedRuleIsToldAsItLastWas() {
    RuleChange deleted =
        change(
            audit(
                """
                "OperationName": "Microsoft.SecurityInsights/alertRules/Delete",
                "ExtendedProperties": {"UpdatedResourceState": "null", "ResourceDisplayName": "Old",
                  "OriginalResourceState": {"properties": {"enabled": true, "severity": "Low"}}}
                """));

    assertThat(deleted.kind()).isEqualTo(Kind.DELETE);
    assertThat(deleted.name()).isEqualTo("Old");
    assertThat(deleted.enabled()).isEqualTo(Enabled.YES);
    assertThat(deleted.severity()).isEqualTo("Low");
  }

  @Test
  void aWriteIsNotToldAsTheRuleWasBefore() {
    RuleChange written =
        change(
            write(
                "\"OriginalResourceState\": {\"properties\": {\"enabled\": true, \"severity\": \"Low\"}}"));

    assertThat(written.enabled()).isEqualTo(Enabled.UNKNOWN);
    assertThat(written.severity()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      nullValues = "-",
      value = {
        "{\"enabled\":true}|YES|-1|-1|-|``",
        "{\"enabled\":\"FALSE\"}|NO|-1|-1|-|``",
        "{\"Enabled\":\"true\",\"Properties\":{}}|YES|-1|-1|-|``",
        "{\"enabled\":1}|UNKNOWN|-1|-1|-|``",
        "{\"enabled\":null}|UNKNOWN|-1|-1|-|``",
        "{\"enabled\":{\"enabled\":false}}|UNKNOWN|-1|-1|-|``",
        "{\"properties\":{\"properties\":{\"enabled\":false}}}|UNKNOWN|-1|-1|-|``",
        "{\"suppressionEnabled\":true,\"grouping\":{\"enabled\":true}}|UNKNOWN|-1|-1|-|``",
        "{\"queryFrequency\":\"PT1H\",\"queryPeriod\":\"P14D\"}|UNKNOWN|3600000|1209600000|-|``",
        "{\"QueryFrequency\":\"01:00:00\",\"QueryPeriod\":\"14.00:00:00\"}"
            + "|UNKNOWN|3600000|1209600000|-|``",
        "{\"queryFrequency\":\"hourly\",\"queryPeriod\":5}|UNKNOWN|-1|-1|-|``",
        "{\"severity\":\"Medium\",\"tactics\":[\"Impact\",\"Impact\",null,{}]}"
            + "|UNKNOWN|-1|-1|Medium|Impact",
        "{\"tactics\":\"[\\\"Impact\\\",\\\"Execution\\\"]\"}|UNKNOWN|-1|-1|-|Impact,Execution",
        "{\"tactics\":\"Impact, Execution,\"}|UNKNOWN|-1|-1|-|Impact,Execution",
        "{\"tactics\":{\"Impact\":1}}|UNKNOWN|-1|-1|-|``",
        "\"{\\\"properties\\\":{\\\"enabled\\\":false}}\"|NO|-1|-1|-|``",
        "\"{\\\"properties\\\":\\\"{\\\\\\\"enabled\\\\\\\":false}\\\"}\"|NO|-1|-1|-|``",
        "\"{\\\"severity\\\":\\\"High\\\",\\\"tactics\\\":[\\\"Impact\\\",\\\"Ex\"|UNKNOWN|-1|-1|High|``",
        "\"null\"|UNKNOWN|-1|-1|-|``",
        "[]|UNKNOWN|-1|-1|-|``",
      })
  void statesAreReadInEveryShape(
      String state, Enabled enabled, long frequency, long period, String severity, String tactics) {
    RuleChange written = change(write("\"UpdatedResourceState\": " + state));

    assertThat(written.enabled()).isEqualTo(enabled);
    assertThat(written.frequencyMillis()).isEqualTo(frequency);
    assertThat(written.periodMillis()).isEqualTo(period);
    assertThat(written.severity()).isEqualTo(severity);
    assertThat(String.join(",", written.tactics())).isEqualTo(tactics);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"OriginalResourceState\":{\"properties\":{\"enabled\":true}}|ENABLED",
        "\"OriginalResourceState\":\"{\\\"properties\\\":{\\\"enabled\\\":false}}\"|DISABLED",
        "\"OriginalResourceState\":null|NONE",
        "\"OriginalResourceState\":\"null\"|NONE",
        "\"OriginalResourceState\":\" \"|NONE",
        "\"OriginalResourceState\":{}|NONE",
        "\"OriginalResourceState\":\"{}\"|NONE",
        "\"OriginalResourceState\":{\"severity\":\"Low\"}|UNKNOWN",
        "\"OriginalResourceState\":{\"etag\":\"x\"}|UNKNOWN",
        "\"OriginalResourceState\":\"{\\\"prop\"|UNKNOWN",
        "\"ActivitySubstatusValue\":\"Created\"|NONE",
        "\"statusCode\":\"Created\"|NONE",
        "\"statusCode\":\"OK\"|UNKNOWN",
        "\"CallerName\":\"x\"|UNKNOWN",
      })
  void whatARuleWasBefore(String said, Before before) {
    assertThat(change(write(said)).before()).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource({
    "AUTO DISABLED Brute force, AUTO DISABLED Brute force",
    "Auto disabled Brute force, Auto disabled Brute force",
    "Brute force, Old",
  })
  void thePrefixOfTheRuleAsItWasLeftCounts(String display, String name) {
    RuleChange written =
        change(
            write(
                "\"SentinelResourceName\": \"Old\", \"UpdatedResourceState\":"
                    + " {\"properties\": {\"displayName\": \""
                    + display
                    + "\"}}"));

    assertThat(written.name()).isEqualTo(name);
  }

  @ParameterizedTest
  @CsvSource({
    "audit, Status, Success",
    "audit, resultType, Success",
    "audit, status, SUCCEEDED",
    "activity, resultType, Success",
    "activity, ActivityStatusValue, Success",
    "activity, ActivityStatus, Succeeded",
    "activity, activityStatusValue, succeeded",
  })
  void whatSucceededIsAChange(String log, String field, String status) {
    assertThat(change(ended(log, field, status)).ruleId()).isEqualTo(RULE);
  }

  @ParameterizedTest
  @CsvSource({
    "audit, Status, Failure",
    "audit, Status, Partial success",
    "activity, resultType, Start",
    "activity, resultType, Accept",
    "activity, resultType, Failure",
    "activity, ActivityStatusValue, Started",
    "activity, ActivityStatusValue, Accepted",
    "activity, ActivityStatusValue, Failed",
    "activity, resultSignature, Succeeded.OK",
  })
  void whatDidNotOrNotYetSucceedIsSkipped(String log, String field, String status) {
    Decoded decoded = Decoded.of(decoder, ended(log, field, status));

    assertThat(decoded.problems()).isEqualTo(decoded.skipped).hasSize(1);
    assertThat(decoded.skipped.get(0))
        .contains(field.equals("resultSignature") ? "null" : "'" + status + "'");
  }

  @Test
  void anActivityIsAsFarAsItsStatusSaysAndNotAsItsEnvelope() {
    String json =
        ended("activity", "resultType", "Success")
            .replace("}", ", \"properties\": {\"activityStatusValue\": \"Start\"}}");

    assertThat(Decoded.of(decoder, json).skipped).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Microsoft.SecurityInsights/watchlists/Write",
        "Microsoft.SecurityInsights/alertRules/actions/write",
        "Microsoft.SecurityInsights/automationRules/delete",
        "Microsoft.SecurityInsights/alertRules/triggerRuleRun/action",
        "Microsoft.SecurityInsights/alertRules/read",
      })
  void operationsOnAnythingButRulesAreSkippedAndNamed(String operation) {
    for (String category : List.of("SentinelAudit", "Administrative", "AzureActivity")) {
      Decoded decoded =
          Decoded.of(
              decoder,
              "{\"category\": \"%s\", \"OperationName\": \"%s\", \"Status\": \"Success\"}"
                  .formatted(category, operation));

      assertThat(decoded.problems()).isEqualTo(decoded.skipped).hasSize(1);
      assertThat(decoded.skipped.get(0)).contains(operation);
    }
  }

  /** What a health row and a change may call the same rule. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"SentinelResourceId\":\"PATH\"|\"SentinelResourceId\":\"PATH\"",
        "\"SentinelResourceId\":\"PATH\",\"ResourceId\":\"WORKSPACE\"|\"resourceId\":\"UPPER\"",
        "\"SentinelResourceId\":\"0B1c2D3E\"|\"SentinelResourceId\":\"0b1C2d3e\"",
        "\"RuleId\":\"0B1c2D3E\"|\"SentinelResourceId\":\"0b1C2d3e\",\"ResourceId\":\"PATH\"",
        "\"SentinelResourceId\":\"PATH\"|\"ExtendedProperties\":{\"ResourceId\":\"PATH\"}",
        "\"SentinelResourceId\":\"PATH\""
            + "|\"ResourceId\":\"PATH\",\"ExtendedProperties\":{\"ResourceId\":\"0b1C2d3e\"}",
        "\"SentinelResourceId\":\"PATH\"|\"ResourceId\":\"PATH\",\"_ResourceId\":\"WORKSPACE\"",
        "\"SentinelResourceId\":\"PATH\"|\"ResourceId\":\"PATH\",\"SentinelResourceName\":\"My Rule\"",
        "\"SentinelResourceId\":\"PATH\""
            + "|\"ResourceId\":\"WORKSPACE\",\"ExtendedProperties\":{\"ResourceId\":\"PATH\"}",
        "\"SentinelResourceId\":\"PATH\""
            + "|\"SentinelResourceId\":\"WORKSPACE\",\"ExtendedProperties\":{\"ResourceId\":\"PATH\"}",
        "\"SentinelResourceId\":\"PATH\""
            + "|\"ExtendedProperties\":{\"Uri\":\"https://x.example/PATH?api-version=1\"}",
        "\"SentinelResourceName\":\"My Rule\"|\"SentinelResourceName\":\"AUTO DISABLED My Rule\"",
        "\"SentinelResourceName\":\"My Rule\"|\"ResourceDisplayName\":\"My rule\"",
        "\"SentinelResourceName\":\"My Rule\""
            + "|\"UpdatedResourceState\":{\"properties\":{\"displayName\":\"My rule\"}}",
      })
  void aChangeNamesTheRuleAsItsHealthRowsDo(String ofHealth, String ofChange) {
    SentinelHealth row =
        health(
            "{\"TimeGenerated\": \"2026-06-01\", \"WorkspaceId\": \"w\","
                + "\"OperationName\": \"Scheduled analytics rule run\", "
                + paths(ofHealth)
                + "}");
    RuleChange change = change(auditOf(paths(ofChange)));

    assertThat(change.ruleId()).isEqualTo(row.resourceId());
    assertThat(change.ruleKey()).isEqualTo(row.ruleKey());
    assertThat(change.workspace()).isEqualTo(row.workspace());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"SentinelResourceId\":\"0B1C2D3E\"",
        "\"RuleId\":\"0b1c2d3e\"",
        "\"SentinelResourceId\":\"PATH\"",
        "\"SentinelResourceId\":\"UPPER\"",
        "\"SentinelResourceId\":\"/alertRules/0b1C2d3e/\"",
      })
  void anActivityNamesTheRuleByItsPathAndMeetsAHealthRowThatKnowsTheIdAlone(String ofHealth) {
    SentinelHealth row =
        health(
            paths("{\"time\": \"2026-06-01\", \"resourceId\": \"WORKSPACE\", " + ofHealth + "}"));
    RuleChange activity = change(ended("activity", "resultType", "Success"));

    assertThat(activity.ruleId()).isEqualTo(RULE);
    assertThat(activity.ruleKey()).isEqualTo(row.ruleKey()).isEqualTo("0b1c2d3e");
    assertThat(activity.workspace()).isEqualTo(row.workspace());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      nullValues = "-",
      value = {
        "\"ExtendedProperties\":{\"CallerName\":\"mira\"},\"caller\":\"other\"|mira",
        "\"Caller\":\"mira\",\"identity\":{\"claims\":{\"upn\":\"other\"}}|mira",
        "\"identity\":\"mira\"|mira",
        "\"identity\":{\"claims\":{\"appid\":\"a\",\"name\":\"mira\"}}|mira",
        "\"identity\":\"{\\\"claims\\\":\\\"{\\\\\\\"appid\\\\\\\":\\\\\\\"a\\\\\\\"}\\\"}\"|a",
        "\"Claims\":\"{\\\"http://schemas.microsoft.com/identity/claims/objectidentifier\\\":\\\"o\\\"}\"|o",
        "\"identity\":\"{\\\"claims\\\":{\\\"upn\\\":\\\"mira\\\",\\\"na\"|mira",
        "\"identity\":{\"claims\":[]},\"CallerName\":\" \"|-",
        "\"CallerIpAddress\":\"203.0.113.7\"|-",
      })
  void theCallerIsFoundWhereverItStands(String fields, String caller) {
    assertThat(change(write(fields)).caller()).isEqualTo(caller);
  }

  @Test
  void whoTellsIsKnownWithoutACategoryToo() {
    String audit = ended("audit", "Status", "Success").replace("\"Type\"", "\"Something\"");
    String activity = ended("activity", "resultType", "Success").replace("Administrative", "Write");

    assertThat(change(audit).told()).isEqualTo(Told.AUDIT);
    assertThat(change(activity).told()).isEqualTo(Told.ACTIVITY);
  }

  @Test
  void secretsAreTakenOutAndWhatIsNotAskedForIsNotKept() {
    RuleChange written =
        change(
            auditOf(
                """
                "SentinelResourceName": "Rule ?sig=SECRET", "CallerName": "x token=SECRET",
                "Description": "SECRET", "Reason": "SECRET", "SentinelResourceId": "r",
                "UpdatedResourceState": {"severity": "password=SECRET", "query": "SECRET",
                  "tactics": ["pwd=SECRET"], "techniques": ["access_token=SECRET"]}
                """));

    assertThat(written.toString()).doesNotContain("SECRET").contains("?sig=[redacted]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"time\":\"2026-06-01\",\"WorkspaceId\":\"w\"|ResourceId: names no rule",
        "\"time\":\"2026-06-01\",\"SentinelResourceId\":\"r\"|WorkspaceId: missing",
        "\"WorkspaceId\":\"w\",\"SentinelResourceId\":\"r\"|TimeGenerated: missing",
        "\"time\":\"soon\",\"WorkspaceId\":\"w\",\"SentinelResourceId\":\"r\"|time: 'soon' is no",
        "\"time\":\"2026-06-01\",\"category\":\"Administrative\",\"resourceId\":\"/workspaces/w\","
            + "\"SentinelResourceName\":\"r\"|ResourceId: names no rule",
      })
  void aChangeThatLacksWhatMattersIsBadAndSaysWhy(String fields, String reason) {
    String json =
        "{\"OperationName\": \"Microsoft.SecurityInsights/alertRules/Write\","
            + "\"resultType\": \"Success\", "
            + fields
            + "}";

    assertThat(Decoded.of(decoder, json).onlyBad()).startsWith("0 " + reason);
  }

  @Test
  void propertiesThatBreakOffSpoilNoChange() {
    String json =
        ended("activity", "resultType", "Success")
            .replace("}", ", \"properties\": \"{\\\"eventDataId\\\": \\\"e\\\", \\\"requestb\"}");

    assertThat(change(json).recordId()).isEqualTo("e");
  }

  @Test
  void aChangeDeliveredTwiceHasOneIdentityAndTheTwoLogsTellTwoFacts() {
    RuleChange otherWay = DISABLED.toBuilder().workspace("contoso-ws").tenant(null).build();
    RuleChange next = DISABLED.toBuilder().recordId("rec-2").build();
    RuleChange ofOther = DISABLED.toBuilder().ruleId("r").build();
    RuleChange unnumbered = DISABLED.toBuilder().recordId(null).build();

    assertThat(change(EXPORTED_AUDIT).contentId())
        .isEqualTo(DISABLED.contentId())
        .isEqualTo(otherWay.contentId())
        .isNotEqualTo(next.contentId())
        .isNotEqualTo(ofOther.contentId())
        .isNotEqualTo(unnumbered.contentId());
    assertThat(unnumbered.contentId())
        .isEqualTo(DISABLED.toBuilder().recordId(null).build().contentId())
        .isNotEqualTo(unnumbered.toBuilder().told(Told.ACTIVITY).build().contentId());
  }

  /** A successful write of a rule, told by an audit row, with some of its extended properties. */
  private static String write(String extended) {
    return audit("\"ExtendedProperties\": {" + extended + "}");
  }

  private static String audit(String fields) {
    return auditOf("\"SentinelResourceId\": \"r\", " + fields);
  }

  private static String auditOf(String fields) {
    String operation =
        fields.contains("OperationName")
            ? ""
            : "\"OperationName\": \"Microsoft.SecurityInsights/alertRules/Write\", ";
    return "{\"TimeGenerated\": \"2026-06-01T10:45:00Z\", \"WorkspaceId\": \"w\","
        + "\"Type\": \"SentinelAudit\", \"Status\": \"Success\", "
        + operation
        + fields
        + "}";
  }

  /** A write of the rule in one of the two logs, with one field that says how it ended. */
  private static String ended(String log, String field, String status) {
    String which =
        log.equals("audit")
            ? "\"Type\": \"SentinelAudit\", \"SentinelResourceId\": "
            : "\"category\": \"Administrative\", \"resourceId\": ";
    return "{\"time\": \"2026-06-01\", "
        + which
        + quoted(RULE_PATH)
        + ", \"operationName\": \"Microsoft.SecurityInsights/alertRules/write\", "
        + quoted(field)
        + ": "
        + quoted(status)
        + "}";
  }

  private static String paths(String fields) {
    return fields
        .replace("PATH", RULE_PATH)
        .replace("UPPER", RULE_PATH.toUpperCase(Locale.ROOT))
        .replace("WORKSPACE\"", WORKSPACE_PATH + "\"");
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", " ") + '"';
  }

  private static long millis(String instant) {
    return Instant.parse(instant).toEpochMilli();
  }
}
