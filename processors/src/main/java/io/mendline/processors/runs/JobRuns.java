package io.mendline.processors.runs;

import io.mendline.processors.pipeline.Step;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

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
  static final int MAX_ENDED_WELL = 8;

  /** At most so many facts over all runs: 800 KB at the very most, usually a few. */
  static final int MAX_FACTS = 1_024;

  private static final int ENDED_WELL = 0;
  private static final int FAILED = 1;
  private static final int UNDER_WAY = 2;
  private static final int UNSETTLED = 3;

  private static final Comparator<RunFacts> BY_ID = Comparator.comparing(run -> run.runId);

  /** By id. */
  private final List<RunFacts> runs = new ArrayList<>();

  /** Those that are noted, by deadline. Most changes are at its beginning or soon after. */
  private final List<RunFacts> byDeadline = new ArrayList<>();

  /** How many there are of each use. */
  private final int[] used = new int[UNSETTLED + 1];

  private int facts;

  /** How many runs were evicted that would have been kept without the bounds. */
  int evicted;

  /** What a run counted for when it was noted, so that a job's runs need not be gone through. */
  record Noted(long deadline, int use, int facts) {}

  /** The run of an id; to be {@linkplain #note noted} when it is changed. */
  RunFacts of(String runId) {
    int place = placeOf(runId);
    if (place >= 0) {
      return runs.get(place);
    }
    RunFacts run = new RunFacts(runId);
    runs.add(-place - 1, run);
    return run;
  }

  private int placeOf(String runId) {
    int low = 0;
    int high = runs.size() - 1;
    // The newest run is asked for most, and its id is mostly the last.
    for (int at = high; low <= high; at = (low + high) >>> 1) {
      int order = runs.get(at).runId.compareTo(runId);
      if (order == 0) {
        return at;
      }
      if (order < 0) {
        low = at + 1;
      } else {
        high = at - 1;
      }
    }
    return -low - 1;
  }

  /** Where the first run of this deadline is, or would be. */
  private int placeOf(long deadline) {
    int low = 0;
    int high = byDeadline.size();
    while (low < high) {
      int at = (low + high) >>> 1;
      if (byDeadline.get(at).noted.deadline() < deadline) {
        low = at + 1;
      } else {
        high = at;
      }
    }
    return low;
  }

  /** All runs by id. */
  List<RunFacts> all() {
    return Collections.unmodifiableList(runs);
  }

  /** Takes up a run that was read, behind all others. */
  void append(RunFacts run) {
    runs.add(run);
    note(run);
  }

  /** Takes up what has changed of a run. */
  void note(RunFacts run) {
    forget(run);
    run.noted = new Noted(run.deadline(), use(run), run.facts.size());
    byDeadline.add(placeOf(run.noted.deadline()), run);
    used[run.noted.use()]++;
    facts += run.noted.facts();
  }

  /** Drops a run. */
  void remove(RunFacts run) {
    forget(run);
    runs.remove(placeOf(run.runId));
  }

  private void forget(RunFacts run) {
    if (run.noted != null) {
      int place = placeOf(run.noted.deadline());
      while (byDeadline.get(place) != run) {
        place++;
      }
      byDeadline.remove(place);
      used[run.noted.use()]--;
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
    while (used[ENDED_WELL] > MAX_ENDED_WELL
        || runs.size() - used[UNSETTLED] > MAX_RUNS
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

  /** The least needed run, and of equals the one told of longest ago. */
  private RunFacts leastBut(RunFacts kept) {
    RunFacts least = null;
    for (RunFacts run : runs) {
      if (run != kept && (least == null || isLess(run, least))) {
        least = run;
      }
    }
    if (least == null) {
      throw new IllegalStateException("the bounds leave room for more than the one that stays");
    }
    return least;
  }

  /** Whether a run goes before one of a lesser id. */
  private static boolean isLess(RunFacts run, RunFacts than) {
    int use = run.noted.use();
    int other = than.noted.use();
    return use < other || (use == other && run.last < than.last);
  }

  /** The earliest deadline of any run, or {@link Step#NEVER}. */
  long deadline() {
    return byDeadline.isEmpty() ? Step.NEVER : byDeadline.get(0).noted.deadline();
  }

  /** The runs whose deadline has passed, by id. */
  List<RunFacts> due(long at) {
    List<RunFacts> due = new ArrayList<>(byDeadline.subList(0, placeOf(at + 1)));
    due.sort(BY_ID);
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
