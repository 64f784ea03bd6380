package io.mendline.processors.policy;

import java.util.Arrays;
import java.util.List;

/**
 * What the settings of every job are checked for, where the policy names it: {@code runs.checks}.
 */
public enum JobCheck {
  /** A task that fails for a passing cause is tried again. */
  RETRIES(
      "job-retries",
      "retries",
      "set max_retries of its tasks to 1 or 2, but not where a task may not run twice"),
  /** A run that hangs is ended. */
  TIMEOUT(
      "job-timeout",
      "time-out",
      "set timeout_seconds of the job well above its longest run, or a run that hangs goes on until"
          + " somebody looks"),
  /** Somebody is told of a failure. */
  FAILURE_NOTICE(
      "job-failure-notification",
      "notification of failures",
      "set on_failure in email_notifications or webhook_notifications of the job");

  private final String id;
  private final String thing;
  private final String remedy;

  JobCheck(String id, String thing, String remedy) {
    this.id = id;
    this.thing = thing;
    this.remedy = remedy;
  }

  /** The name of the check, as policies and findings have it. */
  public String id() {
    return id;
  }

  /** What a job has to have, for people. */
  public String thing() {
    return thing;
  }

  /** What to set, without a full stop. */
  public String remedy() {
    return remedy;
  }

  /** The names of all. */
  public static List<String> ids() {
    return Arrays.stream(values()).map(JobCheck::id).toList();
  }

  /** The check of a name, or null. */
  public static JobCheck of(String id) {
    for (JobCheck check : values()) {
      if (check.id.equals(id)) {
        return check;
      }
    }
    return null;
  }
}
