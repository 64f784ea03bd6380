/**
 * Failed runs of Databricks jobs: what of a run's states is a failure, which facts tell of the same
 * failure, why it failed, and when it recovered: {@link io.mendline.processors.runs.RunsDetector}.
 * And runs that should have started and did not: {@link
 * io.mendline.processors.runs.MissedRunDetector}.
 */
package io.mendline.processors.runs;
