package io.mendline.cli.sample;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/**
 * Writes the runs of one job: as run objects of the Jobs API, 2.1 with {@code state} or 2.2 with
 * {@code status}, and as records of the {@code jobs} audit log.
 */
final class RunObjects {
  private static final long FIRST_WORKSPACE = 4_321_987_650_000_000L;
  private static final long FIRST_JOB = 7_200_001L;
  private static final String SEE_OUTPUT = "Workload failed, see run output for details.";
  private static final String RETRIED_ERROR =
      "[DELTA_CONCURRENT_APPEND] Files were added by a concurrent update. SQLSTATE: 2D521";
  private static final int RETRY_OFFSET = 9;

  private final long workspace;
  private final long job;
  private final int tasks;
  private final boolean newer;
  private final String name;
  private final String resourceId;

  /**
   * @param tasks how many tasks the job has, of which the last one fails if one does
   * @param newer whether the job is told in the shape of 2.2
   */
  RunObjects(int workspace, int number, int tasks, boolean newer) {
    this.workspace = FIRST_WORKSPACE + workspace;
    this.job = FIRST_JOB + number;
    this.tasks = tasks;
    this.newer = newer;
    this.name = "job_" + (number + 1);
    this.resourceId =
        "/SUBSCRIPTIONS/B6D2E0F4-1C7A-4C19-A5D3-7E40C8915F26/RESOURCEGROUPS/RG-DATA/PROVIDERS"
            + "/MICROSOFT.DATABRICKS/WORKSPACES/DBW-"
            + (workspace + 1);
  }

  String workspaceId() {
    return Long.toString(workspace);
  }

  String jobId() {
    return Long.toString(job);
  }

  /**
   * One run, up to its first end.
   *
   * @param cause why it failed; null if it did not
   */
  record Run(long id, long start, long end, DatabricksJob.Story story, RunCause cause) {}

  /** The run as the poller sees it under way. */
  void running(JsonGenerator json, Run run) throws IOException {
    begin(json, run);
    if (newer) {
      json.writeObjectFieldStart("status");
      json.writeStringField("state", "RUNNING");
    } else {
      json.writeObjectFieldStart("state");
      json.writeStringField("life_cycle_state", "RUNNING");
      json.writeStringField("state_message", "In run");
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  /** The run at its end. */
  void ended(JsonGenerator json, Run run) throws IOException {
    begin(json, run);
    json.writeNumberField("end_time", run.end());
    json.writeNumberField("run_duration", run.end() - run.start());
    boolean status = tellsStatus(run);
    end(json, run, status, false);
    json.writeArrayFieldStart("tasks");
    for (int task = 1; task < tasks; task++) {
      task(json, run, task, 0);
      succeeded(json, status);
      json.writeEndObject();
    }
    if (run.story() == DatabricksJob.Story.TASK_RETRIED) {
      retriedTask(json, run, status);
    } else {
      task(json, run, tasks, 0);
      end(json, run, status, true);
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  /** The run after a repair that mended it. */
  void repaired(JsonGenerator json, Run run, long end) throws IOException {
    boolean status = tellsStatus(run);
    begin(json, run);
    json.writeNumberField("end_time", end);
    json.writeArrayFieldStart("repair_history");
    json.writeStartObject();
    json.writeStringField("type", "ORIGINAL");
    json.writeEndObject();
    json.writeStartObject();
    json.writeStringField("type", "REPAIR");
    json.writeNumberField("id", run.id() + RETRY_OFFSET);
    json.writeEndObject();
    json.writeEndArray();
    succeeded(json, status);
    json.writeArrayFieldStart("tasks");
    for (int task = 1; task <= tasks; task++) {
      boolean again = task == tasks;
      json.writeStartObject();
      json.writeNumberField("run_id", run.id() + task + (again ? tasks : 0));
      json.writeStringField("task_key", "step_" + task);
      json.writeNumberField("attempt_number", again ? 1 : 0);
      json.writeNumberField("start_time", again ? run.end() + 1_000 : started(run, task));
      json.writeNumberField("end_time", again ? end - 500 : started(run, task + 1) - 1);
      succeeded(json, status);
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  /** Only the newer shape has room for a termination code. */
  private boolean tellsStatus(Run run) {
    return newer
        || run.story() == DatabricksJob.Story.CANCELLED
        || (run.cause() != null && run.cause().code() != null);
  }

  private void begin(JsonGenerator json, Run run) throws IOException {
    json.writeStartObject();
    json.writeNumberField("job_id", job);
    json.writeNumberField("run_id", run.id());
    json.writeStringField("run_name", name);
    json.writeStringField("run_type", "JOB_RUN");
    json.writeStringField("trigger", "PERIODIC");
    json.writeNumberField("start_time", run.start());
    json.writeStringField(
        "run_page_url",
        "https://adb-"
            + workspace
            + ".7.azuredatabricks.net/?o="
            + workspace
            + "#job/"
            + job
            + "/run/"
            + run.id());
  }

  private void end(JsonGenerator json, Run run, boolean status, boolean task) throws IOException {
    switch (run.story()) {
      case SUCCEEDED, TASK_RETRIED -> succeeded(json, status);
      case CANCELLED -> terminated(json, "USER_CANCELED", "SUCCESS", "Run cancelled.");
      case FAILED -> failed(json, run.cause(), status, task);
    }
  }

  private static void failed(JsonGenerator json, RunCause cause, boolean status, boolean task)
      throws IOException {
    if (cause.code() != null) {
      terminated(json, cause.code(), "CLOUD_FAILURE", cause.message());
      return;
    }
    if (status) {
      terminated(json, "RUN_EXECUTION_ERROR", "CLIENT_ERROR", SEE_OUTPUT);
    } else {
      state(json, "INTERNAL_ERROR", "FAILED", SEE_OUTPUT);
    }
    if (task) {
      output(json, cause.error());
    }
  }

  private static void succeeded(JsonGenerator json, boolean status) throws IOException {
    if (status) {
      terminated(json, "SUCCESS", "SUCCESS", "");
    } else {
      state(json, "TERMINATED", "SUCCESS", "");
    }
  }

  private static void terminated(JsonGenerator json, String code, String type, String message)
      throws IOException {
    json.writeObjectFieldStart("status");
    json.writeStringField("state", "TERMINATED");
    json.writeObjectFieldStart("termination_details");
    json.writeStringField("code", code);
    json.writeStringField("type", type);
    json.writeStringField("message", message);
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void state(JsonGenerator json, String lifeCycle, String result, String message)
      throws IOException {
    json.writeObjectFieldStart("state");
    json.writeStringField("life_cycle_state", lifeCycle);
    json.writeStringField("result_state", result);
    json.writeStringField("state_message", message);
    json.writeEndObject();
  }

  private static void output(JsonGenerator json, String error) throws IOException {
    json.writeObjectFieldStart("run_output");
    json.writeStringField("error", error);
    json.writeEndObject();
  }

  /** Tasks follow each other without a gap, the first at the run's start. */
  private long started(Run run, int task) {
    return run.start() + (run.end() - run.start()) * (task - 1) / tasks;
  }

  private void task(JsonGenerator json, Run run, int task, int attempt) throws IOException {
    json.writeStartObject();
    json.writeNumberField("run_id", run.id() + task);
    json.writeStringField("task_key", "step_" + task);
    json.writeNumberField("attempt_number", attempt);
    json.writeNumberField("start_time", started(run, task));
    json.writeNumberField("end_time", started(run, task + 1) - 1);
  }

  /** Both attempts of the last task, of which the second succeeded. */
  private void retriedTask(JsonGenerator json, Run run, boolean status) throws IOException {
    long start = started(run, tasks);
    long middle = start + (run.end() - start) / 2;
    for (int attempt = 0; attempt <= 1; attempt++) {
      json.writeStartObject();
      json.writeNumberField("run_id", run.id() + tasks + (attempt == 0 ? 0 : tasks));
      json.writeStringField("task_key", "step_" + tasks);
      json.writeNumberField("attempt_number", attempt);
      json.writeNumberField("start_time", attempt == 0 ? start : middle + 1);
      json.writeNumberField("end_time", attempt == 0 ? middle : run.end() - 1);
      if (attempt == 1) {
        succeeded(json, status);
      } else if (status) {
        terminated(json, "RUN_EXECUTION_ERROR", "CLIENT_ERROR", SEE_OUTPUT);
        output(json, RETRIED_ERROR);
      } else {
        state(json, "INTERNAL_ERROR", "FAILED", SEE_OUTPUT);
        output(json, RETRIED_ERROR);
      }
      json.writeEndObject();
    }
  }

  /** A record of the audit log about the run as a whole. */
  void audit(JsonGenerator json, Run run, long time, String action) throws IOException {
    json.writeStartObject();
    json.writeStringField("time", Json.time(time));
    json.writeStringField("resourceId", resourceId);
    json.writeStringField("category", "jobs");
    json.writeStringField("operationName", "Microsoft.Databricks/jobs/" + action);
    json.writeObjectFieldStart("properties");
    json.writeStringField("actionName", action);
    json.writeStringField("requestParams", Json.text(inner -> params(inner, run, action)));
    json.writeStringField("response", "{\"statusCode\":200}");
    json.writeEndObject();
    json.writeEndObject();
  }

  private void params(JsonGenerator json, Run run, String action) throws IOException {
    json.writeStartObject();
    json.writeStringField("jobId", jobId());
    json.writeStringField("runId", Long.toString(run.id()));
    json.writeStringField("jobRunId", Long.toString(run.id()));
    json.writeStringField("orgId", workspaceId());
    json.writeStringField("multitaskParentRunId", "0");
    json.writeStringField("jobTriggerType", "cron");
    if (!action.equals("runStart")) {
      json.writeStringField("jobTerminalState", terminalState(run));
    }
    json.writeEndObject();
  }

  private static String terminalState(Run run) {
    return switch (run.story()) {
      case SUCCEEDED, TASK_RETRIED -> "Succeeded";
      case CANCELLED -> "Canceled";
      case FAILED -> run.cause().code() == null ? "Failed" : "InternalError";
    };
  }
}
