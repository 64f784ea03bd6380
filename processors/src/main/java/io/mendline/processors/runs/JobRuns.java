package io.mendline.processors.runs;

import io.mendline.processors.pipeline.Step;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The state of one job: its runs that are under way, that failed, and the last ones that ended
 * well, each for {@link RunFacts#KEPT}.
 *
 * <p>Bounds: {@link #MAX_ENDED_WELL} runs that ended well, {@link #MAX_RUNS} others that nothing is
 * left to be done about, {@link #MAX_UNSETTLED} in all, and {@link #MAX_FACTS} facts over all of
 * them. Only a backlog comes near the last two: its partitions are read at different speeds, so
 * what one tells may lie hours ahead of the watermark, which waits for the slowest.
 */
public final class JobRuns {
  /** At most so many runs that failed and are settled, or are under way. */
  static final int MAX_RUNS = 64;

  /** At most so many runs in all, those included that the watermark has not passed yet. */
  static final int MAX_UNSETTLED = 512;

  /**
   * At most so many that ended without a failure. They are kept only because a run that ended well
   * may be repaired and fail then, and what was told of it before must count the same in whatever
   * order it comes: so it takes no more than may end within the lateness of the source.
   */
  static final int MAX_ENDED_WELL = 16;

  /** At most so many facts over all runs: 800 KB at the very most, usually a few. */
  static final int MAX_FACTS = 1_024;

  private static final int ENDED_WELL = 0;
  private static final int FAILED = 1;
  private static final int UNDER_WAY = 2;
  private static final int UNSETTLED = 3;

  private static final Comparator<RunFacts> LEAST_USE_FIRST =
      Comparator.comparingInt(JobRuns::use)
          .thenComparingLong((RunFacts run) -> run.last)
          .thenComparing(run -> run.runId);

  final NavigableMap<String, RunFacts> runs = new TreeMap<>();

  /** How many runs were evicted that would have been kept without the bounds. */
  int evicted;

  RunFacts of(String runId) {
    return runs.computeIfAbsent(runId, RunFacts::new);
  }

  /**
   * Keeps within the bounds.
   *
   * @param kept the run that stays
   * @return those that had to go although they may still be of use, in the order they went
   */
  List<RunFacts> evictAllBut(RunFacts kept) {
    // In one pass and without streams: this is done for every fact of a job.
    int endedWell = 0;
    int settledOrUnderWay = 0;
    int facts = 0;
    for (RunFacts run : runs.values()) {
      int use = use(run);
      endedWell += use == ENDED_WELL ? 1 : 0;
      settledOrUnderWay += use < UNSETTLED ? 1 : 0;
      facts += run.facts.size();
    }
    List<RunFacts> gone = new ArrayList<>();
    while (endedWell > MAX_ENDED_WELL
        || settledOrUnderWay > MAX_RUNS
        || runs.size() > MAX_UNSETTLED
        || facts > MAX_FACTS) {
      boolean onlyWell = endedWell > MAX_ENDED_WELL;
      RunFacts least = leastOf(run -> run != kept && (!onlyWell || use(run) == ENDED_WELL));
      runs.remove(least.runId);
      int use = use(least);
      endedWell -= use == ENDED_WELL ? 1 : 0;
      settledOrUnderWay -= use < UNSETTLED ? 1 : 0;
      facts -= least.facts.size();
      if (use > ENDED_WELL) {
        evicted++;
        gone.add(least);
      }
    }
    return gone;
  }

  private RunFacts leastOf(Predicate<RunFacts> among) {
    return runs.values().stream().filter(among).min(LEAST_USE_FIRST).orElseThrow();
  }

  /** The earliest deadline of any run, or {@link Step#NEVER}. */
  long deadline() {
    long earliest = Step.NEVER;
    for (RunFacts run : runs.values()) {
      earliest = Math.min(earliest, run.deadline());
    }
    return earliest;
  }

  /** How much a run is still needed. */
  private static int use(RunFacts run) {
    if (!run.settled()) {
      return UNSETTLED;
    }
    if (run.raised) {
      return FAILED;
    }
    return run.over() ? ENDED_WELL : UNDER_WAY;
  }
}
