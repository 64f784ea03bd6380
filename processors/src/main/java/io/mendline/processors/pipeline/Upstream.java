package io.mendline.processors.pipeline;

import io.mendline.schemas.FindingKind;

/**
 * The failed run of a Databricks job on which the failure of another one hangs.
 *
 * @param resourceId the job, {@code <workspace>/<job id>}
 * @param name the job's name; nullable
 * @param runId its run
 * @param findingId the finding that tells of its failure
 * @param failedAt when it failed, epoch milliseconds; of a run that a task has started, when the
 *     run with that task failed
 * @param declared whether a policy names the dependency; else a task has started the run
 */
public record Upstream(
    String resourceId,
    String name,
    String runId,
    String findingId,
    long failedAt,
    boolean declared) {
  /** The attribute of a failed run that names the finding on which it hangs. */
  public static final String FINDING_ID = "upstreamFindingId";

  /** The attribute that names the job of that finding. */
  public static final String JOB_ID = "upstreamJobId";

  /** The attribute that names the run of that finding. */
  public static final String RUN_ID = "upstreamRunId";

  /** The failure of a run of a job whose dependency a policy names. */
  public static Upstream declared(String route, String workspace, RunEnd end) {
    String resourceId = workspace + "/" + end.jobId();
    return new Upstream(
        resourceId,
        end.jobName(),
        end.runId(),
        findingId(route, resourceId, end.runId()),
        end.at(),
        true);
  }

  /** The id of the finding that tells that a run of a job has failed. */
  public static String findingId(String route, String resourceId, String runId) {
    return Findings.id(FindingKind.RUN_FAILED, route, resourceId, runId);
  }

  /** The job's id alone. */
  public String jobId() {
    return resourceId.substring(resourceId.lastIndexOf('/') + 1);
  }

  /** The job for people. */
  public String shown() {
    return name == null ? "job " + resourceId : name;
  }
}
