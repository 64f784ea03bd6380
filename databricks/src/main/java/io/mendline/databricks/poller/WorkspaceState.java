package io.mendline.databricks.poller;

import io.mendline.databricks.poller.TrackedRun.Phase;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How far a workspace has been read, and what of it was told.
 *
 * <p><b>Bounds.</b> Runs that have not ended are all kept: the platform bounds them. Of those that
 * may be repaired the {@value #MAX_WATCHED} that ended last are kept; of those that are settled,
 * the ones that a list of runs can still show, and of these at most {@value #MAX_SETTLED}. Where
 * that is too few, lists begin later instead, so that nothing is told twice. Of each job 8 bytes;
 * of each pipeline its updates under way and those that were made within the overlap.
 */
final class WorkspaceState {
  static final int MAX_WATCHED = 500;
  static final int MAX_SETTLED = 20_000;

  /** Everything that started until then has been read, milliseconds since 1970. */
  long position;

  /** Lists begin no earlier than this, for what was told of earlier runs has been forgotten. */
  long floor;

  /** By id. */
  final Map<String, TrackedRun> runs = new HashMap<>();

  /** The version of each job's settings that was told last, by id. */
  final Map<String, Long> jobs = new HashMap<>();

  /** By id. */
  final Map<String, TrackedPipeline> pipelines = new HashMap<>();

  /** A workspace of which nothing has been read. */
  WorkspaceState(long position) {
    this.position = position;
  }

  /** Where a list has to begin. */
  long listFrom(long overlap) {
    return Math.max(position - overlap, floor);
  }

  /** Whether there is a run that could not be read yet. */
  boolean hasUntold() {
    return runs.values().stream()
        .anyMatch(run -> run.told == TrackedRun.NONE && run.phase != Phase.SETTLED);
  }

  /** Those that are looked at one by one. */
  List<TrackedRun> followed() {
    return runs.values().stream().filter(run -> run.phase != Phase.SETTLED).toList();
  }

  /**
   * Forgets what no list can show any more, and what is too much.
   *
   * @return how many settled runs were forgotten that a list could have shown
   */
  int prune(long overlap) {
    List<TrackedRun> watched = new ArrayList<>(in(Phase.WATCHED));
    watched.sort(Comparator.comparingLong(run -> run.end));
    for (TrackedRun run : watched.subList(0, Math.max(0, watched.size() - MAX_WATCHED))) {
      run.phase = Phase.SETTLED;
    }
    long from = listFrom(overlap);
    runs.values().removeIf(run -> run.phase == Phase.SETTLED && run.start < from);
    List<TrackedRun> settled = new ArrayList<>(in(Phase.SETTLED));
    int excess = settled.size() - MAX_SETTLED;
    if (excess <= 0) {
      return 0;
    }
    settled.sort(Comparator.comparingLong(run -> run.start));
    floor = settled.get(excess - 1).start + 1;
    runs.values().removeIf(run -> run.phase == Phase.SETTLED && run.start < floor);
    return excess;
  }

  private List<TrackedRun> in(Phase phase) {
    return runs.values().stream().filter(run -> run.phase == phase).toList();
  }
}
