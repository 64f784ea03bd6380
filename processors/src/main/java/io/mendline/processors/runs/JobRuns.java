package io.mendline.processors.runs;

import io.mendline.processors.pipeline.Step;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

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

  private static final Comparator<RunFacts> BY_LAST =
      Comparator.comparingLong((RunFacts run) -> run.noted.last()).thenComparing(run -> run.runId);

  private static final Comparator<RunFacts> BY_DEADLINE =
      Comparator.comparingLong((RunFacts run) -> run.noted.deadline())
          .thenComparing(run -> run.runId);

  private final NavigableMap<String, RunFacts> runs = new TreeMap<>();
  private final NavigableSet<RunFacts> byDeadline = new TreeSet<>(BY_DEADLINE);

  /** By how much they are still needed, those told of longest ago first. */
  private final List<NavigableSet<RunFacts>> byUse =
      List.of(
          new TreeSet<>(BY_LAST),
          new TreeSet<>(BY_LAST),
          new TreeSet<>(BY_LAST),
          new TreeSet<>(BY_LAST));

  private int facts;

  /** How many runs were evicted that would have been kept without the bounds. */
  int evicted;

  /** What a run counted for when it was noted, so that a job's runs need not be gone through. */
  record Noted(long deadline, int use, long last, int facts) {}

  /** The run of an id; to be {@linkplain #note noted} when it is changed. */
  RunFacts of(String runId) {
    return runs.computeIfAbsent(runId, RunFacts::new);
  }

  /** All runs by id. */
  Collection<RunFacts> all() {
    return runs.values();
  }

  /** Takes up a run, or what has changed of one. */
  void note(RunFacts run) {
    forget(run);
    runs.put(run.runId, run);
    run.noted = new Noted(run.deadline(), use(run), run.last, run.facts.size());
    byDeadline.add(run);
    byUse.get(run.noted.use()).add(run);
    facts += run.noted.facts();
  }

  /** Drops a run. */
  void remove(RunFacts run) {
    forget(run);
    runs.remove(run.runId);
  }

  private void forget(RunFacts run) {
    if (run.noted != null) {
      byDeadline.remove(run);
      byUse.get(run.noted.use()).remove(run);
      facts -= run.noted.facts();
      run.noted = null;
    }
  }

  /**
   * Keeps within the bounds.
   *
   * @param kept the run that stays
   * @return those that had to go although they may still be of use, in the order they went
   */
  List<RunFacts> evictAllBut(RunFacts kept) {
    List<RunFacts> gone = List.of();
    while (byUse.get(ENDED_WELL).size() > MAX_ENDED_WELL
        || runs.size() - byUse.get(UNSETTLED).size() > MAX_RUNS
        || runs.size() > MAX_UNSETTLED
        || facts > MAX_FACTS) {
      RunFacts least = leastBut(kept);
      if (least.noted.use() > ENDED_WELL) {
        evicted++;
        gone = gone.isEmpty() ? new ArrayList<>() : gone;
        gone.add(least);
      }
      remove(least);
    }
    return gone;
  }

  private RunFacts leastBut(RunFacts kept) {
    for (NavigableSet<RunFacts> alike : byUse) {
      for (RunFacts run : alike) {
        if (run != kept) {
          return run;
        }
      }
    }
    throw new IllegalStateException("the bounds leave room for more than the one that stays");
  }

  /** The earliest deadline of any run, or {@link Step#NEVER}. */
  long deadline() {
    return byDeadline.isEmpty() ? Step.NEVER : byDeadline.first().noted.deadline();
  }

  /** The runs whose deadline has passed, by id. */
  List<RunFacts> due(long at) {
    List<RunFacts> due = new ArrayList<>();
    for (RunFacts run : byDeadline) {
      if (run.noted.deadline() > at) {
        break;
      }
      due.add(run);
    }
    due.sort(Comparator.comparing(run -> run.runId));
    return due;
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
