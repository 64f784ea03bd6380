package io.mendline.serdes.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.serdes.telemetry.RunState.Level;
import io.mendline.serdes.telemetry.RunState.Outcome;
import io.mendline.serdes.telemetry.RunState.Source;
import io.mendline.serdes.text.Redactor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RunAuditTest {
  private final TelemetryDecoder decoder = new RunDecoder(Redactor.standard());

  private RunState state(String json) {
    return Decoded.of(decoder, json).only(RunState.class);
  }

  @Test
  void aFailedRunOfTheDiagnosticLogIsRead() {
    RunState run =
        state(
            """
            {"records": [{
              "resourceId": "/SUBSCRIPTIONS/S/RESOURCEGROUPS/G/PROVIDERS/MICROSOFT.DATABRICKS/WORKSPACES/ADB",
              "operationVersion": "1.0.0", "identity": "{\\"email\\":null,\\"subjectName\\":null}",
              "operationName": "Microsoft.Databricks/jobs/runFailed",
              "time": "2026-06-01T10:45:12Z", "category": "jobs",
              "properties": {
                "sourceIPAddress": null, "logId": "l", "serviceName": "jobs", "userAgent": null,
                "response": "{\\"statusCode\\":200,\\"errorMessage\\":\\"Cluster terminated, sig=abc\\"}",
                "sessionId": null, "actionName": "runFailed", "requestId": "q",
                "requestParams": "{\\"jobId\\":\\"11\\",\\"runId\\":\\"22\\",\\"idInJob\\":\\"1\\",\\"jobTriggerType\\":\\"cron\\",\\"jobTerminalState\\":\\"Failed\\",\\"jobTaskType\\":\\"notebook\\",\\"clusterId\\":\\"0601-a\\",\\"orgId\\":\\"7700\\",\\"multitaskParentRunId\\":\\"\\"}"}}]}
            """);

    assertThat(run)
        .isEqualTo(
            RunState.builder()
                .source(Source.AUDIT)
                .time(1780310712000L)
                .workspace("7700")
                .jobId("11")
                .runId("22")
                .state("runFailed", "Failed", Outcome.FAILED)
                .message("Cluster terminated, sig=[redacted]")
                .trigger("cron")
                .clusterId("0601-a")
                .ran(-1, 1780310712000L)
                .build());
  }

  @Test
  void aRecordWithTheIdOfAJobRunBesideItsOwnIsATasks() {
    RunState task =
        state(
            audit(
                "runSucceeded",
                "{\"jobId\":\"11\",\"runId\":\"332\",\"jobRunId\":\"22\",\"taskKey\":\"main\"}"));

    assertThat(task.level()).isEqualTo(Level.TASK);
    assertThat(task.runId()).isEqualTo("22");
    assertThat(task.taskRunId()).isEqualTo("332");
    assertThat(task.taskKey()).isEqualTo("main");
    assertThat(task.workspace()).isEqualTo("adb");
  }

  @Test
  void theSameIdTwiceIsTheRunOfAJobWithOneTask() {
    RunState run =
        state(audit("runSucceeded", "{\"jobId\":\"11\",\"runId\":\"22\",\"jobRunId\":\"22\"}"));

    assertThat(run.level()).isEqualTo(Level.JOB);
    assertThat(run.taskRunId()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "runTriggered, , RUNNING",
    "runStart, , RUNNING",
    "runSucceeded, Succeeded, SUCCESS",
    "runFailed, Failed, FAILED",
    "runFailed, , FAILED",
    "runFailed, Canceled, CANCELLED",
    "runFailed, TimedOut, TIMED_OUT",
    "runFailed, Skipped, SKIPPED",
    "repairRun, , RUNNING",
    "cancel, , RUNNING",
  })
  void everyActionOnARunComesToAnOutcome(String action, String terminal, Outcome outcome) {
    String state = terminal == null ? "null" : "\"" + terminal + "\"";
    RunState run =
        state(
            audit(
                action, "{\"jobId\":\"11\",\"runId\":\"22\",\"jobTerminalState\":" + state + "}"));

    assertThat(run.outcome()).isEqualTo(outcome);
    assertThat(run.lifeCycle()).isEqualTo(action);
    assertThat(run.endTime()).isEqualTo(outcome.terminal() ? run.time() : -1);
  }

  @Test
  void aRepairNamesItselfInItsResponse() {
    RunState run =
        state(
            audit("repairRun", "{\"job_id\":\"11\",\"run_id\":\"22\"}")
                .replace(
                    "\"properties\":{",
                    "\"properties\":{\"response\":\"{\\\"statusCode\\\":200,\\\"result\\\":"
                        + "\\\"{\\\\\\\"repair_id\\\\\\\":903}\\\"}\","));

    assertThat(run.repairId()).isEqualTo("903");
  }

  @Test
  void aCutValueIsReadAsFarAsItGoes() {
    RunState run =
        state(
            audit(
                "runStart",
                "{\"jobId\":\"11\",\"runId\":\"22\",\"notebook_params\":\"abc... truncated"));

    assertThat(run.jobId()).isEqualTo("11");
    assertThat(run.startTime()).isEqualTo(run.time());
  }

  @ParameterizedTest
  @ValueSource(strings = {"runNow", "changeJobAcl", "createAlert", "somethingNew"})
  void otherActionsAreSkippedKnowingly(String action) {
    Decoded decoded = Decoded.of(decoder, audit(action, "{\"jobId\":\"11\"}"));

    assertThat(decoded.skipped).containsExactly("0 action '" + action + "' is no fact about a run");
    assertThat(decoded.bad).isEmpty();
  }

  @Test
  void whatWasRefusedOrIsOfAnotherServiceDidNotHappenToARun() {
    String refused =
        audit("cancel", "{\"jobId\":\"11\",\"runId\":\"22\"}")
            .replace("\"properties\":{", "\"properties\":{\"response\":{\"statusCode\":403},");
    String other = audit("runStart", "{}").replace("\"jobs\"", "\"clusters\"");
    String nameless = audit("cancel", "{\"run_id\":\"22\"}");

    assertThat(Decoded.of(decoder, refused).skipped)
        .containsExactly("0 action 'cancel' was refused with status 403");
    assertThat(Decoded.of(decoder, other).skipped)
        .containsExactly("0 an audit record of category 'clusters'");
    assertThat(Decoded.of(decoder, nameless).skipped)
        .containsExactly("0 action 'cancel' names no job");
  }

  @Test
  void aRowOfTheAuditSystemTableIsTheSameFact() {
    RunState run =
        state(
            """
            {"event_time": "2026-06-01T10:45:12Z", "workspace_id": 7700, "service_name": "jobs",
             "action_name": "runSucceeded",
             "request_params": {"jobId": "11", "runId": "22", "jobTerminalState": "Succeeded"},
             "response": {"status_code": 200, "error_message": null, "result": null}}
            """);

    assertThat(run.workspace()).isEqualTo("7700");
    assertThat(run.outcome()).isEqualTo(Outcome.SUCCESS);
  }

  private static String audit(String action, String requestParams) {
    return "{\"time\":\"2026-06-01T10:45:12Z\",\"category\":\"jobs\","
        + "\"resourceId\":\"/subscriptions/s/providers/microsoft.databricks/workspaces/ADB\","
        + "\"properties\":{\"actionName\":\""
        + action
        + "\",\"requestParams\":\""
        + requestParams.replace("\"", "\\\"")
        + "\"}}";
  }
}
