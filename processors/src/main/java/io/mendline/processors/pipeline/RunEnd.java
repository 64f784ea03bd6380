package io.mendline.processors.pipeline;

/**
 * An end of a run of a Databricks job as a whole. A run that was repaired has several.
 *
 * @param jobId the job
 * @param jobName its name; nullable
 * @param runId the run
 * @param at when it ended, epoch milliseconds
 * @param failed whether it failed; else it succeeded
 */
public record RunEnd(String jobId, String jobName, String runId, long at, boolean failed) {}
