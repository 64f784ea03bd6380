/**
 * Failed runs of Databricks jobs: what of a run's states is a failure, which facts tell of the same
 * failure, why it failed, and when it recovered. {@link io.mendline.processors.runs.RunsDetector}
 * is the way in.
 */
package io.mendline.processors.runs;
