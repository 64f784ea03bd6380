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

class RunDecoderTest {
  private static final String PAGE = "https://adb-77.1.azuredatabricks.net/?o=7700#job/11/run/22";

  private final TelemetryDecoder decoder = new RunDecoder(Redactor.standard());

  private RunState state(String json) {
    return Decoded.of(decoder, json).only(RunState.class);
  }

  @Test
  void aTaskThatStartedAnotherJobNamesTheRunOfIt() {
    Decoded decoded =
        Decoded.of(
            decoder,
            """
            {"job_id": 11, "run_id": 22, "workspace_id": "7700", "start_time": 1780310000000, "end_time": 1780310100000,
             "state": {"life_cycle_state": "INTERNAL_ERROR", "result_state": "FAILED"},
             "tasks": [
               {"run_id": 331, "task_key": "load", "run_job_task": {"job_id": 12, "job_parameters": {"job_id": "x"}},
                "run_output": {"run_job_output": {"run_id": 44}, "metadata": {"run_id": 9}},
                "state": {"life_cycle_state": "INTERNAL_ERROR", "result_state": "FAILED"}},
               {"run_id": 332, "task_key": "next", "run_job_task": {"job_id": 13},
                "state": {"life_cycle_state": "TERMINATED", "result_state": "UPSTREAM_FAILED"}}]}
            """);

    assertThat(decoded.facts)
        .extracting(record -> ((RunState) record).childRun())
        .containsExactly(null, new ChildRun("12", "44"), null);
    assertThat(decoded.facts).extracting(record -> ((RunState) record).runId()).containsOnly("22");
  }

  @Test
  void aRunOf21GivesOneRecordForItselfAndOnePerTask() {
    Decoded decoded =
        Decoded.of(
            decoder,
            """
            {"tasks": [
               {"run_id": 331, "task_key": "bronze", "attempt_number": 0,
                "start_time": 1780310000000, "end_time": 1780310100000,
                "cluster_instance": {"cluster_id": "0601-a", "spark_context_id": "1"},
                "state": {"life_cycle_state": "TERMINATED", "result_state": "SUCCESS"}},
               {"run_id": 332, "task_key": "main", "attempt_number": 1,
                "start_time": 1780310100000, "end_time": 1780310300000,
                "run_page_url": "https://adb-77.1.azuredatabricks.net/?o=7700#job/11/run/332",
                "run_output": {"error": "RuntimeError: intentional failure",
                               "error_trace": "Traceback\\n  RuntimeError"},
                "state": {"life_cycle_state": "INTERNAL_ERROR", "result_state": "FAILED",
                          "state_message": "Workload failed, see run output for details"}},
               {"task_key": "gold", "depends_on": [{"task_key": "main"}]}],
             "job_id": 11, "run_id": 22, "run_name": "Nightly", "run_type": "JOB_RUN",
             "run_page_url": "%s", "trigger": "PERIODIC", "tags": {"environment": "prod"},
             "start_time": 1780310000000, "end_time": 1780310300500, "attempt_number": 0,
             "repair_history": [
               {"type": "ORIGINAL", "id": 1, "state": {"result_state": "SUCCESS"}},
               {"type": "REPAIR", "id": 902}, {"type": "REPAIR", "id": 903}],
             "state": {"life_cycle_state": "INTERNAL_ERROR", "result_state": "FAILED",
               "state_message": "Task main failed with message: Workload failed, see run output for details."}}
            """
                .formatted(PAGE));

    assertThat(decoded.bad).isEmpty();
    assertThat(decoded.skipped).containsExactly("0 task 'gold' has no state");
    assertThat(decoded.indexes).containsExactly(0, 0, 0);
    RunState job = (RunState) decoded.facts.get(0);
    assertThat(job)
        .isEqualTo(
            RunState.builder()
                .time(1780310300500L)
                .workspace("7700")
                .jobId("11")
                .runId("22")
                .jobName("Nightly")
                .state("INTERNAL_ERROR", "FAILED", Outcome.FAILED)
                .message(
                    "Task main failed with message: Workload failed, see run output for details.")
                .trigger("PERIODIC")
                .attemptNumber(0)
                .repairId("903")
                .ran(1780310000000L, 1780310300500L)
                .runPageUrl(PAGE)
                .environment("prod")
                .build());
    assertThat(job.resourceId()).isEqualTo("7700/11");
    RunState bronze = (RunState) decoded.facts.get(1);
    assertThat(bronze.outcome()).isEqualTo(Outcome.SUCCESS);
    assertThat(bronze.clusterId()).isEqualTo("0601-a");
    assertThat(bronze.runPageUrl()).isEqualTo(PAGE);
    RunState main = (RunState) decoded.facts.get(2);
    assertThat(main.level()).isEqualTo(Level.TASK);
    assertThat(main.runId()).isEqualTo("22");
    assertThat(main.taskRunId()).isEqualTo("332");
    assertThat(main.taskKey()).isEqualTo("main");
    assertThat(main.time()).isEqualTo(1780310300000L);
    assertThat(main.message()).isEqualTo("RuntimeError: intentional failure");
    assertThat(main.errorTrace()).startsWith("Traceback");
    assertThat(main.attemptNumber()).isOne();
    assertThat(main.environment()).isEqualTo("prod");
    assertThat(main.jobName()).isEqualTo("Nightly");
  }

  @Test
  void aRunOf22HasAStatusWithTerminationDetails() {
    RunState run =
        state(
            """
            {"workspace_id": 7700, "job_id": "11", "run_id": 22.0, "start_time": 1780310000000,
             "run_duration": 5000, "end_time": 0,
             "status": {"state": "TERMINATED", "termination_details":
               {"code": "DRIVER_ERROR", "type": "CLOUD_FAILURE", "message": "Driver is gone"}}}
            """);

    assertThat(run.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(run.lifeCycle()).isEqualTo("TERMINATED");
    assertThat(run.terminationCode()).isEqualTo("DRIVER_ERROR");
    assertThat(run.terminationType()).isEqualTo("CLOUD_FAILURE");
    assertThat(run.message()).isEqualTo("Driver is gone");
    assertThat(run.runId()).isEqualTo("22");
    assertThat(run.endTime()).isEqualTo(1780310005000L);
    assertThat(run.time()).isEqualTo(1780310005000L);
  }

  @Test
  void whenOldAndNewStateStandTogetherTheOrderDoesNotMatter() {
    String state =
        "\"state\": {\"life_cycle_state\": \"INTERNAL_ERROR\", \"result_state\": \"FAILED\"}";
    String status =
        "\"status\": {\"state\": \"TERMINATED\", \"termination_details\":"
            + " {\"code\": \"RUN_EXECUTION_ERROR\", \"type\": \"CLIENT_ERROR\"}}";

    RunState run = state(withState(state + "," + status));

    assertThat(run).isEqualTo(state(withState(status + "," + state)));
    assertThat(run.lifeCycle()).isEqualTo("INTERNAL_ERROR");
    assertThat(run.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(run.terminationCode()).isEqualTo("RUN_EXECUTION_ERROR");
  }

  @Test
  void anAttachedOutputSaysWhyButNotWhoseRunItIs() {
    RunState run =
        state(
            """
            {"job_id": 11, "run_id": 22, "workspace_id": 7700, "start_time": 1780310000000,
             "state": {"life_cycle_state": "INTERNAL_ERROR", "result_state": "FAILED"},
             "run_output": {"error": "ValueError: no", "logs": "tail", "metadata":
               {"run_id": 332, "state": {"result_state": "SUCCESS"}}}}
            """);

    assertThat(run.runId()).isEqualTo("22");
    assertThat(run.level()).isEqualTo(Level.JOB);
    assertThat(run.result()).isEqualTo("FAILED");
    assertThat(run.message()).isEqualTo("ValueError: no");
    assertThat(run.errorTrace()).isEqualTo("tail");
  }

  @ParameterizedTest
  @CsvSource({
    "'\"state_message\":\"see run output\"', , see run output [evidence unavailable: gone]",
    "'\"result_state\":\"FAILED\"', , [evidence unavailable: gone]",
    "'\"state_message\":\"see run output\"', ValueError: no, ValueError: no",
  })
  void evidenceThatCouldNotBeHadIsSaidInTheMessageThatPointsToIt(
      String state, String error, String message) {
    String task =
        "{\"run_id\": 332, \"task_key\": \"main\", \"evidence_unavailable\": \"gone\","
            + (error == null ? "" : "\"run_output\": {\"error\": \"" + error + "\"},")
            + " \"state\": {\"life_cycle_state\": \"INTERNAL_ERROR\", \"result_state\": \"FAILED\","
            + state
            + "}}";

    Decoded decoded =
        Decoded.of(
            decoder,
            withState(
                "\"tasks\": ["
                    + task
                    + "], \"state\": {\"life_cycle_state\": \"INTERNAL_ERROR\", \"result_state\": \"FAILED\"}"));

    assertThat(((RunState) decoded.facts.get(0)).message()).isNull();
    assertThat(((RunState) decoded.facts.get(1)).message()).isEqualTo(message);
  }

  @Test
  void aKindThatIsNotThePollersMakesNoRecordGood() {
    assertThat(Decoded.of(decoder, "{\"kind\":\"else\",\"workspaceId\":\"7700\"}").onlyBad())
        .startsWith("0 job_id: missing");
  }

  @Test
  void aRunThatHappensToHaveAKindIsARun() {
    assertThat(
            state(withState("\"kind\":\"job\", \"state\": {\"life_cycle_state\":\"RUNNING\"}"))
                .outcome())
        .isEqualTo(Outcome.RUNNING);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"existing_cluster_id\":\"c-1\" | true | c-1",
        "\"cluster_spec\":{\"existing_cluster_id\":\"c-1\"},\"cluster_instance\":{\"cluster_id\":\"c-1\"} | true | c-1",
        "\"job_cluster_type\":\"existing\",\"cluster_id\":\"c-1\" | true | c-1",
        "\"jobClusterType\":\"EXISTING\",\"clusterId\":\"c-1\" | true | c-1",
        "\"jobClusterType\":\"new\",\"clusterId\":\"c-1\" | false | c-1",
        "\"existing_cluster_id\":\"\",\"cluster_id\":\"c-1\" | false | c-1",
        "\"cluster_spec\":{\"new_cluster\":{\"num_workers\":8}},\"cluster_id\":\"c-1\" | false | c-1",
      })
  void whetherAClusterIsTheJobsOwn(String fields, boolean allPurpose, String clusterId) {
    RunState run = state(withState(fields + ",\"state\": {\"life_cycle_state\":\"RUNNING\"}"));

    assertThat(run.allPurpose()).isEqualTo(allPurpose);
    assertThat(run.clusterId()).isEqualTo(clusterId);
  }

  @Test
  void aTaskOnAClusterOfItsOwnIsNotOnTheSharedOneOfAnother() {
    Decoded decoded =
        Decoded.of(
            decoder,
            """
            {"job_id": 11, "run_id": 22, "workspace_id": "7700", "start_time": 1780310712000,
             "state": {"life_cycle_state": "RUNNING"},
             "tasks": [
               {"run_id": 221, "task_key": "a", "existing_cluster_id": "c-1",
                "state": {"life_cycle_state": "RUNNING"}},
               {"run_id": 222, "task_key": "b", "cluster_instance": {"cluster_id": "c-2"},
                "state": {"life_cycle_state": "RUNNING"}}]}
            """);

    assertThat(decoded.facts)
        .extracting(fact -> ((RunState) fact).taskKey() + " " + ((RunState) fact).allPurpose())
        .contains("a true", "b false");
  }

  @Test
  void theAnswerToGetRunOutputIsAboutATask() {
    RunState task =
        state(
            """
            {"metadata": {"job_id": 11, "run_id": 332, "job_run_id": 22, "task_key": "main",
               "run_page_url": "%s", "start_time": 1780310000000, "end_time": 1780310300000,
               "state": {"life_cycle_state": "INTERNAL_ERROR", "result_state": "FAILED"}},
             "error": "ModuleNotFoundError: No module named 'x'", "logs": "last lines"}
            """
                .formatted(PAGE));

    assertThat(task.level()).isEqualTo(Level.TASK);
    assertThat(task.runId()).isEqualTo("22");
    assertThat(task.taskRunId()).isEqualTo("332");
    assertThat(task.message()).startsWith("ModuleNotFoundError");
    assertThat(task.errorTrace()).isEqualTo("last lines");
  }

  @Test
  void aPageOfTheListOfRunsIsAnEnvelopeToo() {
    Decoded decoded =
        Decoded.of(decoder, "{\"runs\":[" + run("RUNNING", null) + "],\"has_more\":false}");

    assertThat(decoded.only(RunState.class).outcome()).isEqualTo(Outcome.RUNNING);
  }

  @Test
  void whileItRunsTheTimeIsWhenItWasSeen() {
    String seen =
        "\"polled_at\": \"2026-06-01T11:00:00Z\", \"state\": {\"life_cycle_state\": \"RUNNING\"}";

    assertThat(state(withState(seen)).time()).isEqualTo(1780311600000L);
    assertThat(state(withState("\"state\": {\"life_cycle_state\": \"RUNNING\"}")).time())
        .isEqualTo(1780310000000L);
  }

  @ParameterizedTest
  @CsvSource({
    "PENDING, , RUNNING",
    "QUEUED, , RUNNING",
    "BLOCKED, , RUNNING",
    "RUNNING, , RUNNING",
    "TERMINATING, SUCCESS, RUNNING",
    "WAITING_FOR_RETRY, FAILED, RUNNING",
    "SKIPPED, , SKIPPED",
    "TERMINATED, SUCCESS, SUCCESS",
    "TERMINATED, SUCCESS_WITH_FAILURES, SUCCESS",
    "TERMINATED, FAILED, FAILED",
    "INTERNAL_ERROR, FAILED, FAILED",
    "INTERNAL_ERROR, , FAILED",
    "INTERNAL_ERROR, TIMEDOUT, TIMED_OUT",
    "TERMINATED, TIMEDOUT, TIMED_OUT",
    "TERMINATED, CANCELED, CANCELLED",
    "TERMINATED, MAXIMUM_CONCURRENT_RUNS_REACHED, SKIPPED",
    "TERMINATED, UPSTREAM_FAILED, SKIPPED",
    "TERMINATED, UPSTREAM_CANCELED, SKIPPED",
    "TERMINATED, EXCLUDED, SKIPPED",
    "TERMINATED, DISABLED, SKIPPED",
    "TERMINATED, SOMETHING_NEW, OTHER",
    "SOMETHING_NEW, , OTHER",
  })
  void everyStateOf21ComesToAnOutcome(String lifeCycle, String result, Outcome outcome) {
    RunState run = state(run(lifeCycle, result));

    assertThat(run.outcome()).isEqualTo(outcome);
    assertThat(run.lifeCycle()).isEqualTo(lifeCycle);
    assertThat(run.result()).isEqualTo(result);
  }

  @ParameterizedTest
  @CsvSource({
    "WAITING, , , RUNNING",
    "TERMINATED, SUCCESS, SUCCESS, SUCCESS",
    "TERMINATED, SUCCESS_WITH_FAILURES, SUCCESS, SUCCESS",
    "TERMINATED, SKIPPED, SUCCESS, SKIPPED",
    "TERMINATED, DISABLED, SUCCESS, SKIPPED",
    "TERMINATED, USER_CANCELED, SUCCESS, CANCELLED",
    "TERMINATED, CANCELED, CLIENT_ERROR, CANCELLED",
    "TERMINATED, MAX_CONCURRENT_RUNS_EXCEEDED, CLIENT_ERROR, SKIPPED",
    "TERMINATED, MAX_JOB_QUEUE_SIZE_EXCEEDED, CLIENT_ERROR, SKIPPED",
    "TERMINATED, INTERNAL_ERROR, INTERNAL_ERROR, FAILED",
    "TERMINATED, CLUSTER_ERROR, CLOUD_FAILURE, FAILED",
    "TERMINATED, SOMETHING_NEW, CLIENT_ERROR, FAILED",
    "TERMINATED, SOMETHING_NEW, SUCCESS, SUCCESS",
    "TERMINATED, , , OTHER",
  })
  void everyStatusOf22ComesToAnOutcome(String state, String code, String type, Outcome outcome) {
    String details =
        code == null
            ? ""
            : ", \"termination_details\": {\"code\": \"%s\", \"type\": \"%s\"}"
                .formatted(code, type);

    assertThat(
            state(withState("\"status\": {\"state\": \"" + state + "\"" + details + "}")).outcome())
        .isEqualTo(outcome);
  }

  @ParameterizedTest
  @CsvSource({
    "SUCCESS, SUCCESS, SUCCESS",
    "SUCCESS_WITH_FAILURES, SUCCESS, SUCCESS",
    "SKIPPED, SUCCESS, SKIPPED",
    "DISABLED, SUCCESS, SKIPPED",
    "USER_CANCELED, SUCCESS, CANCELLED",
    "CANCELED, CLIENT_ERROR, CANCELLED",
    "MAX_CONCURRENT_RUNS_EXCEEDED, CLIENT_ERROR, SKIPPED",
    "MAX_JOB_QUEUE_SIZE_EXCEEDED, CLIENT_ERROR, SKIPPED",
    "BREAKING_CHANGE, INTERNAL_ERROR, FAILED",
    "BUDGET_POLICY_LIMIT_EXCEEDED, CLIENT_ERROR, FAILED",
    "CLOUD_FAILURE, CLOUD_FAILURE, FAILED",
    "CLUSTER_ERROR, CLOUD_FAILURE, FAILED",
    "CLUSTER_REQUEST_LIMIT_EXCEEDED, CLIENT_ERROR, FAILED",
    "CLUSTER_TERMINATED_BY_USER, CLIENT_ERROR, FAILED",
    "DRIVER_ERROR, INTERNAL_ERROR, FAILED",
    "FEATURE_DISABLED, CLIENT_ERROR, FAILED",
    "INTERNAL_ERROR, INTERNAL_ERROR, FAILED",
    "INVALID_CLUSTER_REQUEST, CLIENT_ERROR, FAILED",
    "INVALID_RUN_CONFIGURATION, CLIENT_ERROR, FAILED",
    "LIBRARY_INSTALLATION_ERROR, CLIENT_ERROR, FAILED",
    "MAX_SPARK_CONTEXTS_EXCEEDED, CLIENT_ERROR, FAILED",
    "REPOSITORY_CHECKOUT_FAILED, CLIENT_ERROR, FAILED",
    "RESOURCE_NOT_FOUND, CLIENT_ERROR, FAILED",
    "RUN_EXECUTION_ERROR, CLIENT_ERROR, FAILED",
    "STORAGE_ACCESS_ERROR, CLIENT_ERROR, FAILED",
    "UNAUTHORIZED_ERROR, CLIENT_ERROR, FAILED",
    "WORKSPACE_RUN_LIMIT_EXCEEDED, CLIENT_ERROR, FAILED",
  })
  void everyTerminationCodeComesToAnOutcome(String code, String type, Outcome outcome) {
    RunState run =
        state(
            withState(
                "\"status\": {\"state\": \"TERMINATED\", \"termination_details\":"
                    + " {\"code\": \"%s\", \"type\": \"%s\"}}".formatted(code, type)));

    assertThat(run.outcome()).isEqualTo(outcome);
    assertThat(run.terminationCode()).isEqualTo(code);
    assertThat(run.terminationType()).isEqualTo(type);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ACTIVE_RUNS_LIMIT_REACHED",
        "ACTIVE_RUN_JOB_TASKS_LIMIT_REACHED",
        "MAX_CONCURRENT_RUNS_REACHED"
      })
  void aRunThatWaitsInAQueueIsUnderWayAndSaysWhy(String code) {
    RunState run =
        state(
            withState(
                "\"status\": {\"state\": \"QUEUED\", \"queue_details\":"
                    + " {\"code\": \"%1$s\", \"message\": \"%1$s\"}}".formatted(code)));

    assertThat(run.outcome()).isEqualTo(Outcome.RUNNING);
    assertThat(run.message()).isEqualTo(code);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CONTINUOUS",
        "CONTINUOUS_RESTART",
        "FILE_ARRIVAL",
        "ONE_TIME",
        "PERIODIC",
        "RETRY",
        "RUN_JOB_TASK",
        "TABLE",
        "SOMETHING_NEW"
      })
  void whatStartedARunIsKeptAsGivenInEachShape(String trigger) {
    String started = "\"trigger\": \"" + trigger + "\", \"state\": \"RUNNING\"";
    String audit =
        """
        {"category": "jobs", "time": "2026-06-01T11:00:00Z", "properties": {
          "actionName": "runStart", "requestParams":
          "{\\"jobId\\":\\"11\\",\\"runId\\":\\"22\\",\\"orgId\\":\\"7700\\",\\"jobTriggerType\\":\\"%s\\"}"}}
        """;
    String row =
        """
        {"workspace_id": "7700", "job_id": "11", "run_id": "22", "trigger_type": "%s",
         "period_start_time": "2026-06-01T10:00:00Z", "period_end_time": "2026-06-01T11:00:00Z"}
        """;

    assertThat(state(withState(started)).trigger()).isEqualTo(trigger);
    assertThat(state(audit.formatted(trigger)).trigger()).isEqualTo(trigger);
    assertThat(state(row.formatted(trigger)).trigger()).isEqualTo(trigger);
  }

  @ParameterizedTest
  @ValueSource(strings = {"JOB_RUN", "SUBMIT_RUN", "WORKFLOW_RUN", "SOMETHING_NEW"})
  void aRunOfAnyTypeIsARun(String type) {
    assertThat(state(withState("\"run_type\": \"" + type + "\", \"state\": \"RUNNING\"")).outcome())
        .isEqualTo(Outcome.RUNNING);
  }

  @ParameterizedTest
  @CsvSource({
    "SUCCEEDED, SUCCESS",
    "FAILED, FAILED",
    "SKIPPED, SKIPPED",
    "CANCELLED, CANCELLED",
    "TIMED_OUT, TIMED_OUT",
    "ERROR, FAILED",
    "BLOCKED, SKIPPED",
    "SOMETHING_NEW, OTHER",
  })
  void everyResultOfATimelineComesToAnOutcome(String result, Outcome outcome) {
    String row =
        """
        {"workspace_id": "7700", "job_id": "11", "run_id": "22", "result_state": "%s",
         "period_start_time": "2026-06-01T10:00:00Z", "period_end_time": "2026-06-01T11:00:00Z"}
        """;

    assertThat(state(row.formatted(result)).outcome()).isEqualTo(outcome);
  }

  @ParameterizedTest
  @CsvSource({
    "https://adb-77.1.azuredatabricks.net/?o=7700#job/1, 7700",
    "https://adb-77.1.azuredatabricks.net/#job/1/run/2, 77",
    "https://Acme.cloud.databricks.com/?x=1&o=5#job/1, 5",
    "https://Acme.cloud.databricks.com/#job/1?foo=2, acme.cloud.databricks.com",
  })
  void theRunPageNamesTheWorkspace(String url, String workspace) {
    String json =
        """
        {"job_id": 11, "run_id": 22, "start_time": 1780310000000, "run_page_url": "%s",
         "state": {"life_cycle_state": "RUNNING"}}
        """
            .formatted(url);

    assertThat(state(json).workspace()).isEqualTo(workspace);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"run_id\":1,\"workspace_id\":1,\"start_time\":1780310000000,\"state\":\"RUNNING\"}|job_id",
        "{\"job_id\":1,\"workspace_id\":1,\"start_time\":1780310000000,\"state\":\"RUNNING\"}|run_id",
        "{\"job_id\":1,\"run_id\":1,\"start_time\":1780310000000,\"state\":\"RUNNING\"}|workspace_id",
        "{\"job_id\":1,\"run_id\":1,\"workspace_id\":1,\"start_time\":1780310000000}|state",
        "{\"job_id\":1,\"run_id\":1,\"workspace_id\":1,\"state\":\"RUNNING\"}|start_time",
      })
  void aRunThatLacksWhatMattersIsBadAndNamesIt(String json, String field) {
    assertThat(Decoded.of(decoder, json).onlyBad()).startsWith("0 " + field + ": missing");
  }

  @Test
  void theSlicesOfATimelineRunUntilTheLastOne() {
    String row =
        """
        {"workspace_id": "7700", "job_id": "11", "run_id": "22", "run_name": "Nightly",
         "period_start_time": "2026-06-01T10:00:00Z", "period_end_time": "2026-06-01T11:00:00Z",
         "trigger_type": "CRON", "run_duration_seconds": %s, "result_state": %s,
         "termination_code": %s}
        """;

    RunState slice = state(row.formatted("null", "null", "null"));
    RunState last = state(row.formatted("7200", "\"ERROR\"", "\"RUN_EXECUTION_ERROR\""));

    assertThat(slice.source()).isEqualTo(Source.SYSTEM_TABLE);
    assertThat(slice.outcome()).isEqualTo(Outcome.RUNNING);
    assertThat(slice.endTime()).isEqualTo(TelemetryRecord.ABSENT);
    assertThat(last.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(last.time()).isEqualTo(last.endTime()).isEqualTo(1780311600000L);
    assertThat(last.endTime() - last.startTime()).isEqualTo(7_200_000);
  }

  @Test
  void polledTwiceAfterItsEndARunIsOneFact() {
    String run =
        run("TERMINATED", "SUCCESS")
            .replace(
                "\"job_id\"", "\"end_time\":1780310300000," + "\"polled_at\":\"%s\",\"job_id\"");

    assertThat(state(run.formatted("2026-06-01T12:00:00Z")).contentId())
        .isEqualTo(state(run.formatted("2026-06-01T12:01:00Z")).contentId())
        .isNotEqualTo(state(run("RUNNING", null)).contentId());
  }

  private static String run(String lifeCycle, String result) {
    return withState(
        "\"state\": {\"life_cycle_state\": \"%s\", \"result_state\": %s}"
            .formatted(lifeCycle, result == null ? "null" : "\"" + result + "\""));
  }

  private static String withState(String state) {
    return "{\"job_id\": 11, \"run_id\": 22, \"workspace_id\": \"7700\","
        + " \"start_time\": 1780310000000, "
        + state
        + "}";
  }
}
