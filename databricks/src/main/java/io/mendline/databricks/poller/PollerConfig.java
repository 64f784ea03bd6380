package io.mendline.databricks.poller;

import io.mendline.databricks.api.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What the poller goes by.
 *
 * @param workspaces which are polled; their ids differ
 * @param stateDir the folder that keeps how far each has been read
 * @param lookback how far back the first reading of a workspace goes
 * @param overlap how far before the newest known run each reading begins, for runs that are listed
 *     late
 * @param interval between two readings of the list of runs
 * @param jobsInterval between two readings of the list of jobs
 * @param repairWatch how long after its end a run that did not succeed is looked at for a repair
 */
public record PollerConfig(
    List<Workspace> workspaces,
    Path stateDir,
    Duration lookback,
    Duration overlap,
    Duration interval,
    Duration jobsInterval,
    Duration repairWatch) {

  /** Copies the list. */
  public PollerConfig {
    workspaces = List.copyOf(workspaces);
  }
}
