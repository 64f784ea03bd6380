package io.mendline.processors.runs;

import io.mendline.processors.policy.Policy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How long the last {@value #KEPT} successes of a job took, in the order of their ends, and whether
 * they have become slow.
 *
 * <p>They are compared as they would be at a usual hour on a usual day ({@link RunRhythm}).
 *
 * <p>While they are slow, what was before is kept as it was and the runs since beside it, also at
 * most {@value #KEPT}: then they are the job's new level. When the job is fast again the slow runs
 * are left out.
 */
final class JobHistory {
  /** So many successes are kept, and so many at a new level make it the job's own. */
  static final int KEPT = 50;

  /** The runs that may be part of a rise are no part of the peaks before it. */
  static final int RECENT = Shift.MOST_AFTER;

  /** So many days on which the job ran have their peaks kept: three Mondays and what lags. */
  static final int PEAK_DAYS = 22;

  /** After so many days each day of the week was seen twice before. */
  private static final int TWO_WEEKS = 15;

  /** How many runs in a row make a level. */
  private static final int LEVEL = 10;

  /** By how many of the last runs it is told that the job is fast again. */
  private static final int BACK = 5;

  private static final long DAY = 86_400_000L;

  /**
   * One success.
   *
   * @param runId the run's id; kept of the last {@value #RECENT}, null of others
   * @param end when it ended, epoch milliseconds
   * @param took milliseconds
   */
  record Done(String runId, long end, long took) {
    /** Ends are kept to the second. */
    static Done of(String runId, long end, long took) {
      return new Done(runId, Math.floorDiv(end, 1_000L) * 1_000, took);
    }
  }

  /**
   * The highest level of a day.
   *
   * @param day since 1970
   * @param level a geometric mean of {@value #LEVEL} runs in a row, milliseconds
   */
  record Peak(long day, long level) {}

  /** What a success has turned. */
  enum Turn {
    NONE,
    RAISED,
    RECOVERED,
    RELEARNED
  }

  /** Oldest first. */
  final List<Done> runs = new ArrayList<>();

  /** What the hours and the days have to do with it. */
  final RunRhythm rhythm = new RunRhythm();

  /** By day. */
  final List<Peak> peaks = new ArrayList<>();

  /** The rise that stands, or stood until the last turn; null before the first. */
  Shift shift;

  /** Whether it stands. */
  boolean slow;

  /** How many successes there were since its onset. */
  int volume;

  /** The durations, oldest first. */
  long[] took() {
    return runs.stream().mapToLong(Done::took).toArray();
  }

  /** Whether a run is among the last ones. */
  boolean counts(String runId) {
    for (int i = runs.size() - 1; i >= Math.max(0, runs.size() - RECENT); i--) {
      if (runId.equals(runs.get(i).runId())) {
        return true;
      }
    }
    return false;
  }

  /** The first slow run of the rise that stands. */
  Done onset() {
    return runs.get(shift.onset());
  }

  /** How many successes there were since the onset of the rise that stands. */
  int since() {
    return runs.size() - shift.onset();
  }

  /**
   * What a run takes that is among the longest five of a hundred, milliseconds.
   *
   * @param least how many successes it takes to tell
   * @return -1 where there were fewer
   */
  long longest(int least) {
    if (runs.size() < least) {
      return -1;
    }
    int count = Math.min(KEPT, runs.size());
    long[] sorted = Arrays.copyOfRange(took(), runs.size() - count, runs.size());
    Arrays.sort(sorted);
    return sorted[(95 * count + 99) / 100 - 1];
  }

  /**
   * What half of the last {@value #KEPT} successes did not exceed, milliseconds; of one at least.
   */
  long median() {
    return Shift.median(took(), Math.max(0, runs.size() - KEPT), runs.size());
  }

  /**
   * Takes the next success.
   *
   * @param mayRaise whether it may be the one that a rise is told with
   */
  Turn add(Done done, boolean mayRaise, Policy.Runs policy) {
    runs.add(done);
    return slow ? onward(policy) : watch(mayRaise, policy);
  }

  private Turn watch(boolean mayRaise, Policy.Runs policy) {
    if (runs.size() > KEPT + RECENT) {
      runs.remove(0);
    }
    forgetIds();
    notePeak(runs.size() - RECENT);
    if (runs.size() > RECENT) {
      rhythm.learn(runs.get(runs.size() - RECENT - 1));
    }
    Shift found = mayRaise ? Shift.in(rhythm.free(runs), peak(), policy) : null;
    if (found == null) {
      return Turn.NONE;
    }
    shift = found;
    volume = since();
    slow = true;
    return Turn.RAISED;
  }

  private Turn onward(Policy.Runs policy) {
    volume++;
    forgetIds();
    int since = since();
    if (since >= BACK) {
      long last = Shift.median(rhythm.free(runs), runs.size() - BACK, runs.size());
      if (last <= Shift.backBelow(shift.before(), shift.after(), policy)) {
        slow = false;
        leaveOutSlow(policy);
        return Turn.RECOVERED;
      }
    }
    if (since < KEPT) {
      return Turn.NONE;
    }
    lift();
    for (Done run : runs.subList(shift.onset(), runs.size() - RECENT)) {
      rhythm.learn(run);
    }
    for (int to = shift.onset() + LEVEL; to <= runs.size() - RECENT; to++) {
      notePeak(to);
    }
    runs.subList(0, shift.onset()).clear();
    slow = false;
    return Turn.RELEARNED;
  }

  /** Of the runs since the onset only those count that were fast again. */
  private void leaveOutSlow(Policy.Runs policy) {
    long isLong = Shift.longFrom(shift.before(), policy);
    if (runs.get(runs.size() - 1).end() - onset().end() < DAY) {
      // So short a rise may come again each day, and is none then.
      for (int to = shift.onset() + LEVEL; to <= runs.size(); to++) {
        notePeak(to);
      }
    }
    int keptFrom = runs.size() - BACK;
    List<Done> fast =
        runs.subList(keptFrom, runs.size()).stream().filter(run -> run.took() < isLong).toList();
    runs.subList(shift.onset(), runs.size()).clear();
    runs.addAll(fast);
    while (runs.size() > KEPT + RECENT) {
      runs.remove(0);
    }
  }

  private void forgetIds() {
    int old = runs.size() - RECENT - 1;
    if (old >= 0 && runs.get(old).runId() != null) {
      Done run = runs.get(old);
      runs.set(old, new Done(null, run.end(), run.took()));
    }
  }

  /** The rhythm that the job had at its old level it will have at the new one. */
  private void lift() {
    double ratio = (double) shift.after() / Math.max(1, shift.before());
    rhythm.lift(ratio);
    peaks.replaceAll(peak -> new Peak(peak.day(), Math.round(peak.level() * ratio)));
  }

  /**
   * The level that the job has reached on two days at least: once is no rhythm. While no day of the
   * week was seen twice, once is enough.
   */
  private long peak() {
    long first = 0;
    long second = 0;
    for (Peak peak : peaks) {
      second = Math.max(second, Math.min(first, peak.level()));
      first = Math.max(first, peak.level());
    }
    boolean twice =
        !peaks.isEmpty() && runs.get(runs.size() - 1).end() / DAY - peaks.get(0).day() >= TWO_WEEKS;
    return twice ? second : first;
  }

  /** Notes the level of the runs before a place. */
  private void notePeak(int to) {
    if (to < LEVEL) {
      return;
    }
    long level = Math.round(Shift.level(took(), to - LEVEL, to));
    long day = Math.floorDiv(runs.get(to - 1).end(), DAY);
    int last = peaks.size() - 1;
    if (last >= 0 && peaks.get(last).day() >= day) {
      peaks.set(last, new Peak(peaks.get(last).day(), Math.max(level, peaks.get(last).level())));
      return;
    }
    peaks.add(new Peak(day, level));
    if (peaks.size() > PEAK_DAYS) {
      peaks.remove(0);
    }
  }
}
