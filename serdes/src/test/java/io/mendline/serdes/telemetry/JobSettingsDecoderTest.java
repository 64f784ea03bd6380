package io.mendline.serdes.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.serdes.telemetry.JobSettings.Scope;
import io.mendline.serdes.telemetry.JobSettings.Start;
import io.mendline.serdes.telemetry.RunState.Source;
import io.mendline.serdes.telemetry.Safeguards.Told;
import io.mendline.serdes.text.Redactor;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobSettingsDecoderTest {
  private static final long TIME = 1780310712000L;
  private static final String CRON =
      "{\"quartz_cron_expression\":\"0 30 2 * * ?\",\"timezone_id\":\"Europe/Berlin\",\"pause_status\":\"UNPAUSED\"}";
  private static final JobSettings NIGHTLY =
      new JobSettings(
          TIME,
          "7700",
          "11",
          Scope.WHOLE,
          Start.SCHEDULE,
          "0 30 2 * * ?",
          "Europe/Berlin",
          false,
          "nightly load",
          "prod",
          "BUNDLE",
          new Safeguards(Told.YES, Told.YES, Told.YES),
          new JobMakeup("/x", List.of(), List.of("notebook_task")),
          Source.JOBS_API);

  private final TelemetryDecoder decoder = new RunDecoder(Redactor.standard());

  private JobSettings settings(String json) {
    return Decoded.of(decoder, json).only(JobSettings.class);
  }

  @Test
  void whatThePollerWritesIsRead() {
    assertThat(
            settings(
                """
                {"kind": "job", "workspaceId": "7700", "time": "2026-06-01T10:45:12Z", "job": {
                  "job_id": 11, "creator_user_name": "a@b.c", "run_as_user_name": "a@b.c",
                  "settings": {
                    "name": "nightly load", "max_concurrent_runs": 1, "timeout_seconds": 0,
                    "email_notifications": {"on_failure": ["a@b.c"]}, "webhook_notifications": {},
                    "schedule": {"quartz_cron_expression": "0 30 2 * * ?",
                                 "timezone_id": "Europe/Berlin", "pause_status": "UNPAUSED"},
                    "tags": {"env": "prod", "team": "sales"},
                    "deployment": {"kind": "BUNDLE", "metadata_file_path": "/x"},
                    "tasks": [{"task_key": "main", "max_retries": 2, "timeout_seconds": 3600,
                               "notebook_task": {"notebook_path": "/n"}}],
                    "format": "MULTI_TASK"},
                  "created_time": 1700000000000}}
                """))
        .isEqualTo(NIGHTLY);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | OTHER",
        "{\"schedule\":null} | OTHER",
        "{\"continuous\":{\"pause_status\":\"UNPAUSED\"}} | OTHER",
        "{\"trigger\":{\"file_arrival\":{\"url\":\"s3://x\"}}} | OTHER",
        "{\"schedule\":{\"quartz_cron_expression\":\"0 0 * * * ?\",\"pause_status\":\"PAUSED\"}} | SCHEDULE",
      })
  void whatStartsAJobIsTold(String settings, Start start) {
    JobSettings job =
        settings(
            "{\"kind\":\"job\",\"workspaceId\":\"7700\",\"time\":1780310712000,\"job\":{\"job_id\":11,\"settings\":"
                + settings
                + "}}");

    assertThat(job.start()).isEqualTo(start);
    assertThat(job.paused()).isEqualTo(start == Start.SCHEDULE);
    assertThat(job.resourceId()).isEqualTo("7700/11");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"kind\":\"job\",\"workspaceId\":\"7700\",\"time\":1780310712000,\"deleted\":true,\"job\":{\"job_id\":11}}",
        "{\"kind\":\"job\",\"workspaceId\":\"7700\",\"time\":1780310712000,\"deleted\":true,\"job_id\":\"11\"}",
      })
  void aDeletedJobIsTold(String json) {
    JobSettings job = settings(json);

    assertThat(job.scope()).isEqualTo(Scope.DELETED);
    assertThat(job.start()).isEqualTo(Start.UNTOLD);
    assertThat(job.resourceId()).isEqualTo("7700/11");
  }

  @Test
  void aHeartbeatIsRead() {
    assertThat(
            Decoded.of(
                    decoder,
                    "{\"kind\":\"heartbeat\",\"workspaceId\":\"7700\",\"time\":\"2026-06-01T10:45:12Z\"}")
                .only(Heartbeat.class))
        .isEqualTo(new Heartbeat(TIME, "7700"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"kind\":\"heartbeat\",\"time\":1780310712000} | workspace_id",
        "{\"kind\":\"heartbeat\",\"workspaceId\":\"7700\"} | time",
        "{\"kind\":\"job\",\"workspaceId\":\"7700\",\"time\":1780310712000,\"job\":{}} | job_id",
        "{\"kind\":\"job\",\"workspaceId\":\"7700\",\"job\":{\"job_id\":1}} | time",
        "{\"kind\":\"job\",\"time\":1780310712000,\"job\":{\"job_id\":1}} | workspace_id",
      })
  void whatIsMissingIsNamed(String json, String field) {
    assertThat(Decoded.of(decoder, json).onlyBad()).startsWith("0 " + field + ": missing");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "create | WHOLE | SCHEDULE",
        "reset | WHOLE | SCHEDULE",
        "update | PART | SCHEDULE",
      })
  void theAuditLogTellsOfAScheduleInAString(String action, Scope scope, Start start) {
    String params =
        action.equals("create")
            ? "{\"name\":\"nightly load\",\"schedule\":" + quoted(CRON) + "}"
            : "{\"job_id\":\"11\",\"new_settings\":"
                + quoted("{\"name\":\"nightly load\",\"schedule\":" + CRON + "}")
                + "}";

    JobSettings job = settings(audit(action, params));

    assertThat(job)
        .isEqualTo(
            new JobSettings(
                TIME,
                "7700",
                "11",
                scope,
                start,
                "0 30 2 * * ?",
                "Europe/Berlin",
                false,
                "nightly load",
                null,
                null,
                scope == Scope.WHOLE
                    ? new Safeguards(Told.NO, Told.NO, Told.NO)
                    : Safeguards.UNTOLD,
                JobMakeup.UNTOLD,
                Source.AUDIT));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"job_id\":\"11\",\"new_settings\":\"{\\\"max_concurrent_runs\\\":2}\"} | UNTOLD",
        "{\"job_id\":\"11\",\"fields_to_remove\":\"[\\\"schedule\\\"]\"} | OTHER",
        "{\"job_id\":\"11\",\"fields_to_remove\":[\"tags\",\"schedule\"]} | OTHER",
        "{\"job_id\":\"11\",\"fields_to_remove\":[\"tags\"]} | UNTOLD",
        "{\"job_id\":\"11\",\"new_settings\":\"{\\\"trigger\\\":{\\\"periodic\\\":{}}}\"} | OTHER",
        "{\"job_id\":\"11\",\"new_settings\":\"{\\\"tasks\\\":[{\\\"a\\\":1... truncated\"} | UNTOLD",
        "{\"job_id\":\"11\",\"trigger\":\"{\\\"file_arrival\\\":{}}\"} | OTHER",
      })
  void anUpdateTellsWhatHasChanged(String params, Start start) {
    JobSettings job = settings(audit("update", params));

    assertThat(job.scope()).isEqualTo(Scope.PART);
    assertThat(job.start()).isEqualTo(start);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"job_id\":\"11\",\"new_settings\":\"{\\\"name\\\":\\\"n\\\",... truncated",
        "{\"job_id\":\"11\",\"new_settings\":\"{\\\"name\\\":\\\"n\\\",... truncated\"}",
      })
  void ofSettingsThatWereCutWhatIsMissingMayBeThere(String params) {
    JobSettings job = settings(audit("reset", params));

    assertThat(job.scope()).isEqualTo(Scope.PART);
    assertThat(job.start()).isEqualTo(Start.UNTOLD);
  }

  @Test
  void aDeletionIsToldAndOneThatWasRefusedIsNot() {
    String delete = audit("delete", "{\"job_id\":\"11\"}");

    assertThat(settings(delete).scope()).isEqualTo(Scope.DELETED);
    assertThat(Decoded.of(decoder, delete.replace("200", "403")).skipped)
        .containsExactly("0 action 'delete' was refused with status 403");
  }

  @Test
  void theJobOfAWebhookIsNoSettings() {
    assertThat(
            Decoded.of(
                    decoder,
                    """
                    {"event_type":"jobs.on_failure","workspace_id":"7700","run":{"run_id":"22"},
                     "job":{"job_id":"11","name":"nightly load"}}
                    """)
                .only(RunState.class)
                .jobId())
        .isEqualTo("11");
  }

  @Test
  void theScheduleOfARunObjectDoesNoHarm() {
    RunState run =
        Decoded.of(
                decoder,
                """
                {"job_id": 11, "run_id": 22, "workspace_id": "7700", "start_time": 1780310712000,
                 "state": {"life_cycle_state": "RUNNING"}, "trigger": "PERIODIC", "schedule":
                """
                    + CRON
                    + "}")
            .only(RunState.class);

    assertThat(run.trigger()).isEqualTo("PERIODIC");
  }

  private static String audit(String action, String requestParams) {
    return "{\"time\":\"2026-06-01T10:45:12Z\",\"category\":\"jobs\",\"workspace_id\":\"7700\","
        + "\"properties\":{\"actionName\":\""
        + action
        + "\",\"response\":\"{\\\"statusCode\\\":200,\\\"result\\\":\\\"{\\\\\\\"job_id\\\\\\\":11}\\\"}\","
        + "\"requestParams\":"
        + quoted(requestParams)
        + "}}";
  }

  private static String quoted(String json) {
    return '"' + json.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  /** What it has in common with other jobs, from wherever the platform lets it stand. */
  @Test
  void whatAJobIsMadeOfIsTold() {
    JobSettings job =
        settings(
            """
            {"kind": "job", "workspaceId": "7700", "time": 1780310712000, "job": {"job_id": 11, "settings": {
              "deployment": {"kind": "BUNDLE", "deployment_id": "d-1",
                             "metadata_file_path": "/Workspace/.bundle/etl/prod/state/metadata.json"},
              "environments": [{"environment_key": "e", "spec": {"client": "1",
                "dependencies": ["pandas==2.2.1", "-r /x.txt", "/Volumes/lib/etl-1.0.whl"]}}],
              "tasks": [
                {"task_key": "a", "notebook_task": {"notebook_path": "/n"}, "libraries": [
                  {"pypi": {"package": "pandas==2.2.1", "repo": "https://u:secret@host/simple"}},
                  {"maven": {"coordinates": "org.x:y:1"}}, {"jar": "/x.jar"}, {"unheard": "of"}]},
                {"task_key": "b", "sql_task": null, "run_job_task": {"job_id": 5}},
                {"task_key": "c", "for_each_task": {"inputs": "[]", "task": {"task_key": "d",
                  "python_wheel_task": {"package_name": "p"}, "libraries": [{"whl": "/etl.whl"}]}}}]}}}
            """);

    assertThat(job.makeup())
        .isEqualTo(
            new JobMakeup(
                "/Workspace/.bundle/etl/prod/state/metadata.json",
                List.of(
                    "jar /x.jar",
                    "maven org.x:y:1",
                    "pypi pandas==2.2.1",
                    "whl /Volumes/lib/etl-1.0.whl",
                    "whl /etl.whl"),
                List.of("notebook_task", "python_wheel_task")));
  }

  @Test
  void whatAJobIsMadeOfIsReadOfTheAuditLogToo() {
    JobSettings job =
        settings(
            """
            {"category": "jobs", "operationName": "Microsoft.Databricks/jobs/create", "time": "2026-06-01T10:45:12Z",
             "properties": {"actionName": "create", "response": "{\\"statusCode\\":200,\\"result\\":\\"{\\\\\\"job_id\\\\\\":11}\\"}",
               "requestParams": {"orgId": "7700", "name": "n", "notebook_task": "{}",
                 "libraries": "[{\\"whl\\":\\"/etl.whl\\"}]",
                 "deployment": "{\\"kind\\":\\"BUNDLE\\",\\"deployment_id\\":\\"d-1\\"}"}}}
            """);

    assertThat(job.makeup())
        .isEqualTo(new JobMakeup("d-1", List.of("whl /etl.whl"), List.of("notebook_task")));
  }
}
