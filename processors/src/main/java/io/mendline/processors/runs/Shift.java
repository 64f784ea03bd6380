package io.mendline.processors.runs;

import io.mendline.processors.policy.Policy;
import java.util.Arrays;

/**
 * A lasting rise in how long the runs of a job take, found in the durations of its last successes.
 *
 * <p><b>Method.</b> What the hour and the day have to do with durations is taken out first ({@link
 * RunRhythm}). Then the exceedance test: a run is long when it takes {@code slowFactor} times the
 * median of those before, and {@code slowBy} more. For every split of the series into a before and
 * an after of 3 to {@value #MOST_AFTER} runs, Fisher's exact test tells how likely it is to find so
 * many of the long runs in the after by chance. The split where that is least likely counts, when
 * it is at most {@link #CHANCE}, when its median is long, and when it lies above all that the job
 * has shown for a while on its last days ({@code peak}), so that Monday is not a regression.
 *
 * <p>So persistence adapts by itself: three long runs in a row do where none of 67 before was long;
 * of a job where every fifth run is long anyway it takes about eight. Nothing is assumed of the
 * distribution: it may be skewed, have two modes, or outliers.
 *
 * <p>Sources: R. A. Fisher, <i>Statistical Methods for Research Workers</i>, 1934, § 21.02, for the
 * exact test; A. M. Mood, <i>Introduction to the Theory of Statistics</i>, 1950, ch. 16, for
 * counting what lies above a common threshold instead of comparing values; A. N. Pettitt, <i>A
 * non-parametric approach to the change-point problem</i>, Applied Statistics 28 (1979), for taking
 * the split that is least likely. What else was tried is told in {@code
 * docs/evaluation/run-slow.md}.
 *
 * @param onset the place of the first slow run
 * @param before the median before, milliseconds
 * @param after the median since, milliseconds
 * @param chance how likely it is by chance
 */
record Shift(int onset, long before, long after, double chance) {
  /** At most so many runs are looked at as those after a rise. */
  static final int MOST_AFTER = 20;

  /** At least so many runs have to be known before it. */
  static final int LEAST_BEFORE = 10;

  /** Less likely than this is no chance: three of 70 runs, if they are the only long ones. */
  static final double CHANCE = 1.0 / 50_000;

  /** How far above the highest level of the last days a rise has to be. */
  private static final double ABOVE_PEAK = 1.2;

  /** Logarithms of factorials, for all there may be. */
  private static final double[] LOG_FACTORIAL = logFactorials(256);

  /**
   * The rise that the last run of a series confirms.
   *
   * @param took durations, milliseconds, oldest first; fewer than 256
   * @param peak the highest level that the job has shown on its last days; 0 where none is known
   * @return null where there is none
   */
  static Shift in(long[] took, long peak, Policy.Runs policy) {
    Shift best = null;
    int most = Math.min(MOST_AFTER, took.length - LEAST_BEFORE);
    // Sorted once for all splits: from one to the next a single run leaves what was before.
    int length = Math.max(0, took.length - policy.slowRuns() + 1);
    long[] before = Arrays.copyOf(took, length);
    Arrays.sort(before);
    for (int count = policy.slowRuns(); count <= most; count++) {
      int onset = took.length - count;
      remove(before, length--, took[onset]);
      Shift shift = at(took, onset, before[(onset - 1) / 2], peak, policy);
      // Of equals the longer one: the onset is the first slow run.
      if (shift != null && (best == null || shift.chance <= best.chance)) {
        best = shift;
      }
    }
    return best;
  }

  private static void remove(long[] sorted, int length, long value) {
    int place = Arrays.binarySearch(sorted, 0, length, value);
    System.arraycopy(sorted, place + 1, sorted, place, length - place - 1);
  }

  private static Shift at(long[] took, int onset, long before, long peak, Policy.Runs policy) {
    long isLong = longFrom(before, policy);
    if (took[onset] < isLong || took[took.length - 1] < isLong) {
      return null;
    }
    long after = median(took, onset, took.length);
    double level = level(took, onset, took.length);
    if (after < isLong
        || level < policy.slowFactor() * level(took, 0, onset)
        || level < ABOVE_PEAK * peak) {
      return null;
    }
    int longBefore = count(took, 0, onset, isLong);
    int longAfter = count(took, onset, took.length, isLong);
    double chance = chance(onset, longBefore, took.length - onset, longAfter);
    return chance > CHANCE ? null : new Shift(onset, before, after, chance);
  }

  /** From which duration on a run is long, by the median before. */
  static long longFrom(long before, Policy.Runs policy) {
    long by = before + policy.slowBy().toMillis();
    return Math.max((long) Math.ceil(before * policy.slowFactor()), by);
  }

  /** Below which level a job is as fast again as it was: half way, by ratio, to what is long. */
  static long backBelow(long before, long after, Policy.Runs policy) {
    return (long)
        Math.min(before * Math.sqrt(policy.slowFactor()), Math.sqrt((double) before * after));
  }

  /** How likely it is that at least so many of the long runs fall into the after. */
  static double chance(int before, int longBefore, int after, int longAfter) {
    int all = longBefore + longAfter;
    double sum = 0;
    for (int in = longAfter; in <= Math.min(after, all); in++) {
      if (all - in <= before) {
        sum +=
            Math.exp(
                logChoose(after, in)
                    + logChoose(before, all - in)
                    - logChoose(before + after, all));
      }
    }
    return sum;
  }

  /** The median of a part of a series; of two in the middle the lower. */
  static long median(long[] values, int from, int to) {
    long[] sorted = Arrays.copyOfRange(values, from, to);
    Arrays.sort(sorted);
    return sorted[(sorted.length - 1) / 2];
  }

  /** The geometric mean of a part of a series: unlike a median it does not leap between modes. */
  static double level(long[] values, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += Math.log((double) Math.max(1, values[i]));
    }
    return Math.exp(sum / (to - from));
  }

  private static int count(long[] values, int from, int to, long least) {
    int count = 0;
    for (int i = from; i < to; i++) {
      count += values[i] >= least ? 1 : 0;
    }
    return count;
  }

  private static double logChoose(int of, int some) {
    return LOG_FACTORIAL[of] - LOG_FACTORIAL[some] - LOG_FACTORIAL[of - some];
  }

  private static double[] logFactorials(int most) {
    double[] values = new double[most];
    for (int i = 2; i < most; i++) {
      values[i] = values[i - 1] + Math.log(i);
    }
    return values;
  }
}
