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
 * <p>Bounds: {@link #MAX_RUNS} runs, {@link #MAX_ENDED_WELL} of them ended well, and {@link
 * #MAX_FACTS} facts over all of them.
 */
public final class JobRuns {
  /** At most so many runs. */
  static final int MAX_RUNS = 64;

  /**
   * At most so many that ended without a failure. They are kept only because a run that ended well
   * may be repaired and fail then, and what was told of it before must count the same in whatever
   * order it comes: so it takes no more than may end within the lateness of the source.
   */
  static final int MAX_ENDED_WELL = 16;

  /** At most so many facts over all runs: 200 KB at the very most, usually a few. */
  static final int MAX_FACTS = 256;

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
    while (endedWell() > MAX_ENDED_WELL) {
      runs.remove(leastOf(run -> run != kept && use(run) == 0).runId);
    }
    List<RunFacts> gone = new ArrayList<>();
    while (runs.size() > MAX_RUNS || facts() > MAX_FACTS) {
      RunFacts least = leastOf(run -> run != kept);
      runs.remove(least.runId);
      if (use(least) > 0) {
        evicted++;
        gone.add(least);
      }
    }
    return gone;
  }

  private RunFacts leastOf(Predicate<RunFacts> among) {
    return runs.values().stream().filter(among).min(LEAST_USE_FIRST).orElseThrow();
  }

  private long endedWell() {
    return runs.values().stream().filter(run -> use(run) == 0).count();
  }

  /** The earliest deadline of any run, or {@link Step#NEVER}. */
  long deadline() {
    long earliest = Step.NEVER;
    for (RunFacts run : runs.values()) {
      earliest = Math.min(earliest, run.deadline());
    }
    return earliest;
  }

  private int facts() {
    return runs.values().stream().mapToInt(run -> run.facts.size()).sum();
  }

  /** 0 for a run that ended well, 1 for a failed one that is settled, 2 for one under way. */
  private static int use(RunFacts run) {
    if (!run.settled() || (!run.raised && !run.over())) {
      return 2;
    }
    return run.raised ? 1 : 0;
  }
}
