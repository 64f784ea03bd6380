package io.mendline.databricks.poller;

import io.mendline.databricks.api.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What the poller goes by.
 *
 * @param workspaces which are polled; their ids differ
 * @param pipelinesOff the ids of those whose pipelines are not read
 * @param reportsOf whether jobs of a name report their items: what the notebooks of such a run put
 *     out is fetched when it ended well, too
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
    Set<String> pipelinesOff,
    Predicate<String> reportsOf,
    Path stateDir,
    Duration lookback,
    Duration overlap,
    Duration interval,
    Duration jobsInterval,
    Duration repairWatch) {

  /** Copies what could be changed. */
  public PollerConfig {
    workspaces = List.copyOf(workspaces);
    pipelinesOff = Set.copyOf(pipelinesOff);
  }
}
