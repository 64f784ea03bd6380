package io.mendline.processors.remediation;

import java.util.Map;
import java.util.TreeMap;

/** What is proposed for a job without retries, once a run of it has failed for a passing cause. */
final class JobRetries {
  /** The attribute that names that run. */
  static final String FAILED_RUN = "failedRunId";

  static final String ROLLBACK = "set max_retries of the tasks that had none to 0 again";

  /** The back-off is Databricks' own for platform faults; a run that hung would only hang again. */
  static final String TASK_DEFAULTS =
      "{\"max_retries\":2,\"min_retry_interval_millis\":60000,\"retry_on_timeout\":false}";

  private static final String BUNDLE = "BUNDLE";

  private JobRetries() {}

  /**
   * Whether a bundle owns the job's settings: a change of the live job is undone by the next one.
   */
  static boolean isOfBundle(Trouble trouble) {
    return BUNDLE.equalsIgnoreCase(trouble.attributes().get("deployment"));
  }

  static Map<String, String> parameters(Trouble trouble) {
    Map<String, String> parameters = new TreeMap<>();
    parameters.put("jobId", trouble.attributes().get("jobId"));
    parameters.put("taskDefaults", TASK_DEFAULTS);
    return parameters;
  }

  /** What a person has to write into the bundle. */
  static String inBundle(Trouble trouble) {
    return """
        run %s failed for a passing cause%s, and no task of the job is tried again. \
        A bundle owns the job, so it is set there: put in its own keys for JOB and TASK
        resources:
          jobs:
            JOB:
              tasks:
                - task_key: TASK
                  max_retries: 2
                  min_retry_interval_millis: 60000
                  retry_on_timeout: false
        and deploy the bundle"""
        .formatted(
            trouble.attributes().get(FAILED_RUN),
            trouble.cause() == null ? "" : " (" + trouble.cause().title() + ")");
  }
}
