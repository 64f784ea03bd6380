package io.mendline.serdes.telemetry;

/** The keys that are read of runs, in all their shapes; see {@link Spellings} for the matching. */
enum RunKey {
  // Containers
  TASKS("tasks"),
  STATE("state"),
  STATUS("status"),
  TERMINATION_DETAILS("termination_details"),
  QUEUE_DETAILS("queue_details"),
  CLUSTER_INSTANCE("cluster_instance"),
  REPAIR_HISTORY("repair_history"),
  TAGS("tags", "custom_tags"),
  /** What a gateway wraps a notification in is among them. */
  INNER("run", "task", "metadata", "properties", "body", "data", "payload", "origin", "update"),
  RUN_OUTPUT("run_output"),
  NOTEBOOK_OUTPUT("notebook_output"),
  REQUEST_PARAMS("requestParams"),
  RESPONSE("response"),
  // Identity
  WORKSPACE_ID("workspace_id", "org_id"),
  AZURE_RESOURCE_ID("resourceId"),
  JOB_ID("job_id"),
  RUN_ID("run_id"),
  JOB_RUN_ID("job_run_id"),
  PARENT_RUN_ID("multitask_parent_run_id", "parent_run_id"),
  TASK_KEY("task_key"),
  RUN_NAME("run_name"),
  JOB_NAME("job_name"),
  RUN_PAGE_URL("run_page_url"),
  CLUSTER_ID("cluster_id"),
  EXISTING_CLUSTER_ID("existing_cluster_id"),
  CLUSTER_TYPE("job_cluster_type"),
  CLUSTER_SPEC("cluster_spec"),
  ENVIRONMENT("environment", "env", "deployment_environment"),
  // Time
  TIME(
      "time",
      "timestamp",
      "TimeGenerated",
      "event_time",
      "observed_at",
      "polled_at",
      "received_at",
      "enqueued_time",
      "EventEnqueuedUtcTime"),
  START_TIME("start_time"),
  END_TIME("end_time"),
  RUN_DURATION("run_duration"),
  SETUP_DURATION("setup_duration"),
  EXECUTION_DURATION("execution_duration"),
  CLEANUP_DURATION("cleanup_duration"),
  PERIOD_START("period_start_time"),
  PERIOD_END("period_end_time"),
  RUN_DURATION_SECONDS("run_duration_seconds"),
  // State
  LIFE_CYCLE("life_cycle_state"),
  RESULT("result_state", "job_terminal_state"),
  STATE_MESSAGE("state_message"),
  TERMINATION_CODE("termination_code"),
  TERMINATION_TYPE("termination_type"),
  ERROR("error"),
  ERROR_MESSAGE("error_message"),
  ERROR_TRACE("error_trace"),
  LOGS("logs"),
  EVIDENCE_UNAVAILABLE("evidence_unavailable"),
  ATTEMPT("attempt_number"),
  TRIGGER("trigger", "job_trigger_type", "trigger_type"),
  LATEST_REPAIR_ID("latest_repair_id"),
  // What kind of record it is
  ACTION("actionName"),
  OPERATION("operationName"),
  CATEGORY("category", "serviceName"),
  EVENT_TYPE("event_type"),
  KIND("kind"),
  // Of a pipeline, see PipelineFields
  PIPELINE(
      "pipeline_id",
      "pipeline_name",
      "update_id",
      "latest_updates",
      "flow_name",
      "dataset_name",
      "cause",
      "creation_time",
      "validate_only",
      "details",
      "level",
      "message"),
  // Of a job, see JobFields; TRIGGER too, where it is an object
  JOB_SETTING(
      "job",
      "settings",
      "new_settings",
      "name",
      "deleted",
      "schedule",
      "continuous",
      "deployment",
      "fields_to_remove"),
  // Of a job, where it is asked to be made; of runs nobody reads them
  JOB_ASKED(
      "max_retries",
      "timeout_seconds",
      "email_notifications",
      "webhook_notifications",
      "libraries",
      "environments",
      "notebook_task",
      "spark_jar_task",
      "spark_python_task",
      "spark_submit_task"),
  // Of a task that starts another job
  RUN_JOB_TASK("run_job_task"),
  RUN_JOB_OUTPUT("run_job_output");

  static final Spellings<RunKey> ALL = Spellings.of(RunKey.class, key -> key.names);

  private final String names;

  RunKey(String... names) {
    this.names = Spellings.join(names);
  }
}
