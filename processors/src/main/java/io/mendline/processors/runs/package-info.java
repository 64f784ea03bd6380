/**
 * Failed runs of Databricks jobs: what of a run's states is a failure, which facts tell of the same
 * failure, why it failed, and when it recovered: {@link io.mendline.processors.runs.RunsDetector}.
 * And runs that should have started and did not: {@link
 * io.mendline.processors.runs.MissedRunDetector}; that the platform skipped: {@link
 * io.mendline.processors.runs.SkippedRunDetector}; that take too long: {@link
 * io.mendline.processors.runs.JobPaceDetector}; what jobs are set to: {@link
 * io.mendline.processors.runs.JobSafeguardsDetector}; and how their runs end: {@link
 * io.mendline.processors.runs.JobOddsDetector}.
 */
package io.mendline.processors.runs;
