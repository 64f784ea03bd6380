package io.mendline.serdes.telemetry;

import static java.util.Objects.requireNonNull;

/**
 * The run of another job that a task of type {@code run_job_task} has started.
 *
 * <p>Source: {@code run_job_task.job_id} of the task in the run object, and {@code
 * run_job_output.run_id} of the task's output.
 *
 * @param jobId the other job
 * @param runId the run of it as a whole
 */
public record ChildRun(String jobId, String runId) {
  /** Checks that both are there. */
  public ChildRun {
    requireNonNull(jobId, "jobId");
    requireNonNull(runId, "runId");
  }
}
