package io.mendline.processors.regression;

import io.mendline.schemas.Confidence;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * Finds the one change of level that explains a series best: least squares over every onset and a
 * few lengths of transition, from a step to a week's decline.
 *
 * <p>Method: the split of a series into two levels that leaves the least sum of squares (Quandt
 * 1958, <i>The estimation of the parameters of a linear regression system obeying two separate
 * regimes</i>; Scott and Knott 1974, <i>A cluster analysis method for grouping means in the
 * analysis of variance</i>, whose repeated use is binary segmentation; Hinkley 1970, <i>Inference
 * about the change-point in a sequence of random variables</i>), with the straight transition of
 * given length between the two levels of Bacon and Watts 1971 (<i>Estimating the transition between
 * two intersecting straight lines</i>) beside the step. So the onset of a drift is where the
 * decline began, not the middle of it. A drift must explain clearly more than a step to be
 * preferred. Repetition is the caller's: once a change was accepted, it goes on with the bins after
 * it.
 *
 * <p>The rhythm of the day and the week is fitted together with the change: a level for each hour
 * of workdays and for each of weekends. That is done as Frisch and Waugh showed (1933, <i>Partial
 * time regressions as compared with individual trends</i>): the mean of its group is taken from
 * every value, and from the change, and what is left is fitted. So a bin says nothing of a change
 * before which none was heard that is like it by the clock, and the first night and the first
 * weekend are no falls. Only a step of twice the least effect does not wait for that; see {@link
 * Alike}.
 *
 * <p>Bins weigh by their tokens, after a running median of seven (Tukey 1977, <i>Exploratory data
 * analysis</i>), which removes dips and spikes of up to three bins and keeps the edge of a step.
 * The fit only proposes; what counts must also hold of the plain numbers. The effect has to be the
 * least one at least, but for its error; it must lie six standard errors from nothing; four of five
 * bins since the transition must be nearer to the level after than to what was usual at their hours
 * before ({@link Usual}); nine of ten pairs of a bin before and a bin at the end must be in the
 * same order (the statistic of Mann and Whitney 1947); and where the same hours of weeks before are
 * known, the change must show against them.
 *
 * <p>Cost: O(n) for n bins in which nothing happens; where something may have, O(n²) for a step and
 * five lengths of transition, which for 360 bins is about a millisecond.
 */
final class TransitionFit implements RegressionMethod {
  /** Lengths of a transition that are tried beside the step. */
  private static final long[] TRANSITIONS = {
    Duration.ofHours(12).toMillis(),
    Duration.ofDays(1).toMillis(),
    Duration.ofDays(2).toMillis(),
    Duration.ofDays(4).toMillis(),
    Duration.ofDays(7).toMillis()
  };

  /** Bins between two onsets of a drift that are tried at first. */
  private static final int STRIDE = 3;

  /** A step is preferred unless a drift explains so much more, in squares of a bin's noise. */
  private static final double DRIFT_ADVANTAGE = 12;

  /** A step that explains so much more than any drift happened at once beyond doubt. */
  private static final double CLEARLY = 8;

  /** The greatest part of a drift that may lie between two bins: one that nobody saw is a step. */
  private static final double UNSEEN = 1.0 / 3;

  /** A drift is judged by its last day, so that no hour of it decides. */
  private static final long DRIFT_LASTS = Duration.ofDays(1).toMillis();

  /** Without a step of this part of the least effect there is nothing worth a closer look. */
  private static final double WORTH_A_LOOK = 0.5;

  /** Nor without one that explains so much, in squares of how the whole series varies. */
  private static final double LEAST_SIGNIFICANCE = 16;

  /** What must be known of the time since a step: so many bins that can be told from the rhythm. */
  private static final double LEAST_KNOWN = 0.5;

  /** Bins on each side by which a step is seen. */
  private static final int NEIGHBOURS = 3;

  private static final double LEAST_ORDERED_PAIRS = 0.9;

  /** The most of the bins after a fall that may lie nearer to the level before. */
  private static final double MOST_BACK = 0.2;

  /** The least part of the effect that must show against the same hours of a week before. */
  private static final double SAME_WEEK_PART = 0.5;

  /** Noise lasts for longer than a bin: so much greater is the error of a mean. */
  private static final double LINGERING = 1.3;

  /** A change is none by chance from so many standard errors on. */
  private static final double LEAST_ERRORS = 6;

  /** Standard errors by which an effect may miss the least one: half of those of its size do. */
  private static final double TOLERATED_ERRORS = 2;

  /** But by no greater part of it, over all bins since the onset. */
  private static final double MOST_TOLERANCE = 0.15;

  /** And at the end. */
  private static final double MOST_TOLERANCE_AT_END = 0.3;

  /** So many times the least effect is no night and no weekend that was not heard before. */
  private static final double UNKNOWN = 2;

  /** For which so many standard errors are taken from it. */
  private static final double ERRORS_OF_UNKNOWN = 1;

  /** Longer than a weekend lasts, and shorter than the days between two. */
  private static final long WEEKEND = Duration.ofHours(60).toMillis();

  private static final long WEEK = Duration.ofDays(7).toMillis();
  private static final double MEDIUM_SEPARATION = 2.5;
  private static final double HIGH_SEPARATION = 4;

  /** Noise is never taken to be a lesser part of the least effect: bins can agree by chance. */
  private static final double LEAST_NOISE = 0.02;

  /** From the median absolute deviation to the standard deviation of a normal distribution. */
  private static final double MAD_TO_SIGMA = 1.4826;

  @Override
  public Optional<Shift> fall(Series series, boolean clearly, Thresholds thresholds) {
    return change(series, clearly, thresholds);
  }

  @Override
  public Optional<Shift> rise(Series series, Thresholds thresholds) {
    return change(series.upsideDown(), false, thresholds);
  }

  private static Optional<Shift> change(Series series, boolean clearly, Thresholds thresholds) {
    int first = series.firstSince(series.since()) + thresholds.minimumBins();
    int tail = series.tail(thresholds);
    if (tail < first) {
      return Optional.empty();
    }
    Optional<Shift> found = change(series, Alike.BY_THE_CLOCK, first, tail, clearly, thresholds);
    if (found.isPresent() || isWeekKnown(series, tail)) {
      return found;
    }
    Alike alike = areHoursKnown(series, tail) ? Alike.BY_THE_HOUR : Alike.ALL;
    return change(series, alike, first, tail, clearly, thresholds);
  }

  /** Whether most hours at the end were heard before in such a part of another week. */
  private static boolean isWeekKnown(Series series, int tail) {
    boolean[] heard = new boolean[Series.GROUPS];
    for (int i = 0; i < tail && series.start(i) < series.start(tail) - WEEKEND; i++) {
      heard[series.group(i)] = true;
    }
    int known = 0;
    for (int i = tail; i < series.size(); i++) {
      known += heard[series.group(i)] ? 1 : 0;
    }
    return 2 * known >= series.size() - tail;
  }

  /** Whether most hours at the end were heard on a day before. */
  private static boolean areHoursKnown(Series series, int tail) {
    boolean[] heard = new boolean[Series.GROUPS];
    for (int i = 0; i < tail; i++) {
      heard[Alike.BY_THE_HOUR.group(series, i)] = true;
    }
    int known = 0;
    for (int i = tail; i < series.size(); i++) {
      known += heard[Alike.BY_THE_HOUR.group(series, i)] ? 1 : 0;
    }
    return 2 * known >= series.size() - tail;
  }

  private static Optional<Shift> change(
      Series series, Alike alike, int first, int tail, boolean clearly, Thresholds thresholds) {
    Frame frame = new Frame(series, alike);
    if (!frame.worthALook(first, tail, thresholds)) {
      return Optional.empty();
    }
    double least = WORTH_A_LOOK * thresholds.minimumEffect();
    Fit step = step(frame, first, tail, least);
    Fit drift = drift(frame, first, tail, least);
    Fit fit = preferred(frame, step, drift);
    if (fit == null
        || frame.squaresOfLaterStep(tail) < fit.squares
        || !againstTheWeek(series, fit, tail, thresholds)) {
      return Optional.empty();
    }
    double ahead = drift == null ? Double.POSITIVE_INFINITY : frame.ahead(fit, drift);
    if (fit.transition == 0) {
      return (alike != Alike.BY_THE_CLOCK && ahead < 0) || (clearly && ahead < CLEARLY)
          ? Optional.empty()
          : accepted(frame, frame.placed(fit, first, tail), ahead >= CLEARLY, tail, thresholds)
              .filter(shift -> !clearly || shift.size() >= thresholds.minimumEffect());
    }
    int lastDay = series.tail(thresholds.lasting(DRIFT_LASTS));
    return alike != Alike.BY_THE_CLOCK || clearly || lastDay < first
        ? Optional.empty()
        : accepted(frame, fit, false, lastDay, thresholds);
  }

  private static Fit preferred(Frame frame, Fit step, Fit drift) {
    if (step == null || drift == null) {
      return step == null ? drift : step;
    }
    return frame.ahead(drift, step) > DRIFT_ADVANTAGE ? drift : step;
  }

  /** The step with the least sum of squares; of equal ones the earliest. */
  private static Fit step(Frame frame, int first, int tail, double least) {
    Fit best = null;
    for (int onset = first; onset <= tail; onset++) {
      best = frame.better(best, frame.fit(onset, 0), tail, least);
    }
    return best;
  }

  /**
   * The drift with the least sum of squares; of equal ones the shortest. Its onset is looked for
   * every few bins, and then around the best of these.
   */
  private static Fit drift(Frame frame, int first, int tail, double least) {
    Fit best = null;
    for (long transition : TRANSITIONS) {
      for (int onset = first; onset <= tail; onset += STRIDE) {
        best = frame.better(best, frame.fit(onset, transition), tail, least);
      }
    }
    if (best != null) {
      int from = Math.max(first, best.onset - STRIDE + 1);
      int to = Math.min(tail, best.onset + STRIDE - 1);
      for (int onset = from; onset <= to; onset++) {
        best = frame.better(best, frame.fit(onset, best.transition), tail, least);
      }
    }
    return best;
  }

  /**
   * Whether the change shows against the same hours of weeks before, so that what comes back on
   * certain days is none. Where less than half of the bins at the end have such hours before the
   * onset, nothing is known of it, and anything goes.
   */
  private static boolean againstTheWeek(Series series, Fit fit, int tail, Thresholds thresholds) {
    double[] effects = new double[series.size() - tail];
    int known = 0;
    for (int i = tail; i < series.size(); i++) {
      double sum = 0;
      int count = 0;
      for (long at = series.start(i) - WEEK; at >= series.start(0); at -= WEEK) {
        int j = series.firstSince(at);
        if (j < fit.onset && series.start(j) == at) {
          sum += series.smooth(j);
          count++;
        }
      }
      if (count > 0) {
        effects[known++] = sum / count - series.smooth(i);
      }
    }
    return 2 * known < effects.length
        || Series.median(effects, 0, known) >= SAME_WEEK_PART * thresholds.minimumEffect();
  }

  /** Whether the plain numbers bear the fit out. */
  private static Optional<Shift> accepted(
      Frame frame, Fit fit, boolean abrupt, int tail, Thresholds thresholds) {
    Series series = frame.series;
    int size = series.size();
    int from = series.firstSince(series.start(fit.onset) - thresholds.baseline());
    if (fit.onset - from < thresholds.minimumBins()) {
      return Optional.empty();
    }
    double minimum = thresholds.minimumEffect();
    double noise = Math.max(LEAST_NOISE * minimum, frame.noise(fit));
    double error = LINGERING * noise * fit.error;
    double ofEnd = LINGERING * noise / Math.sqrt(size - tail);
    Usual usual = new Usual(frame, fit.onset);
    double[] free = new Rhythm(series, fit.onset, frame.alike).free(series);
    double before = pooled(series, free, from, fit.onset);
    double end = pooled(series, free, tail, size);
    double effect = fit.transition == 0 ? -fit.slope : before - end;
    if (frame.alike != Alike.BY_THE_CLOCK
        && Math.max(effect, -usual.off(tail)) - ERRORS_OF_UNKNOWN * error < UNKNOWN * minimum) {
      return Optional.empty();
    }
    if (effect < minimum - Math.min(MOST_TOLERANCE * minimum, TOLERATED_ERRORS * error)
        || -fit.slope < LEAST_ERRORS * error
        || -usual.off(tail)
            < minimum - Math.min(MOST_TOLERANCE_AT_END * minimum, TOLERATED_ERRORS * ofEnd)
        || orderedPairs(free, from, fit.onset, tail) < LEAST_ORDERED_PAIRS) {
      return Optional.empty();
    }
    double after = before - effect;
    Confidence confidence =
        effect >= HIGH_SEPARATION * noise
            ? Confidence.HIGH
            : effect >= MEDIUM_SEPARATION * noise ? Confidence.MEDIUM : Confidence.LOW;
    double volume = 0;
    for (int i = fit.onset; i < size; i++) {
      volume += series.volume(i);
    }
    return Optional.of(
        new Shift(
            series.start(fit.onset),
            fit.transition == 0 ? series.start(fit.onset) : series.start(tail),
            series.upright(before),
            series.upright(after),
            fit.transition > 0,
            abrupt,
            volume,
            confidence));
  }

  /** The mean of several points that are known, by their true weights. */
  private static double pooled(Series series, double[] values, int from, int to) {
    double sum = 0;
    double all = 0;
    for (int i = from; i < to; i++) {
      if (!Double.isNaN(values[i])) {
        sum += series.volume(i) * values[i];
        all += series.volume(i);
      }
    }
    return sum / all;
  }

  /** The share of pairs of a bin before and a bin at the end of which the earlier is higher. */
  private static double orderedPairs(double[] values, int from, int to, int tail) {
    int ordered = 0;
    int known = 0;
    for (int j = tail; j < values.length; j++) {
      if (!Double.isNaN(values[j])) {
        known++;
        for (int i = from; i < to; i++) {
          ordered += values[i] > values[j] ? 1 : 0;
        }
      }
    }
    return (double) ordered / ((to - from) * known);
  }

  /** What is known of the rhythm of the bins from one on. */
  private static Alike known(Series series, int from) {
    return isWeekKnown(series, from)
        ? Alike.BY_THE_CLOCK
        : areHoursKnown(series, from) ? Alike.BY_THE_HOUR : Alike.ALL;
  }

  @Override
  public Optional<Level> level(Series series, long from, Thresholds thresholds) {
    int tail = series.tail(thresholds);
    if (tail < series.firstSince(from)) {
      return Optional.empty();
    }
    Alike alike = known(series, tail);
    Rhythm rhythm = new Rhythm(series, tail, alike);
    double[] actual = series.actual(tail);
    double[] smooth = Series.smoothed(actual, 0, actual.length);
    double[] free = new double[actual.length];
    double sum = 0;
    double weight = 0;
    int known = 0;
    for (int i = 0; i < actual.length; i++) {
      double rhythmic = rhythm.of(series, tail + i);
      if (!Double.isNaN(rhythmic)) {
        free[known++] = smooth[i] - rhythmic;
        sum += series.volume(tail + i) * (actual[i] - rhythmic);
        weight += series.volume(tail + i);
      }
    }
    if (2 * known < actual.length) {
      return Optional.empty();
    }
    Arrays.sort(free, 0, known);
    double highest = free[(int) Math.ceil((1 - MOST_BACK) * known) - 1];
    return Optional.of(
        new Level(series.start(tail), sum / weight, free[0], highest, alike == Alike.BY_THE_CLOCK));
  }

  @Override
  public Move recovery(Series series, long from) {
    int first = series.firstSince(from);
    int size = series.size();
    double all = 0;
    for (int i = first; i < size; i++) {
      all += series.moved(i);
    }
    int turn = size - 1;
    double most = Double.NEGATIVE_INFINITY;
    double left = 0;
    for (int k = first + 1; k < size; k++) {
      left += series.moved(k - 1);
      double before = left / (k - first);
      double after = (all - left) / (size - k);
      // What is left of the squares is the less, the greater the squares of the means are.
      double explained = left * before + (all - left) * after;
      if (after > before && explained > most) {
        most = explained;
        turn = k;
      }
    }
    Rhythm rhythm = new Rhythm(series, turn, known(series, turn));
    double by = 0;
    double weight = 0;
    for (int i = turn; i < size; i++) {
      double rhythmic = rhythm.of(series, i);
      double usual = rhythm.usual + (Double.isNaN(rhythmic) ? 0 : rhythmic);
      by += series.weight(i) * (series.moved(i) - usual);
      weight += series.weight(i);
    }
    return new Move(series.start(turn), series.start(turn), by / weight);
  }

  /**
   * Two levels and the transition between them.
   *
   * @param onset the first bin of the transition
   * @param settled the first bin after it; the number of bins where it goes on
   * @param seen whether bins lie all along the transition
   * @param slope from the level before to the one after; below zero
   * @param error the standard error of the slope, in units of the noise of one bin
   * @param squares weighted sum of squares that is left
   */
  private record Fit(
      int onset,
      int settled,
      boolean seen,
      long transition,
      double slope,
      double error,
      double squares) {}

  /** Which bins are taken to be alike, but for noise. */
  private enum Alike {
    /** Those of an hour of workdays, or of weekends. */
    BY_THE_CLOCK,
    /** Those of an hour of any day, as long as no other weekend is known. */
    BY_THE_HOUR,
    /** All, as long as no other day is known. */
    ALL;

    int group(Series series, int i) {
      return switch (this) {
        case BY_THE_CLOCK -> series.group(i);
        case BY_THE_HOUR -> series.group(i) % Series.HOURS;
        case ALL -> 0;
      };
    }
  }

  /** How the hours of the days and the parts of the week differ, as bins up to one show it. */
  private static final class Rhythm {
    private final Alike alike;
    private final double[] sum = new double[Series.GROUPS];
    private final double[] weight = new double[Series.GROUPS];
    private final double usual;

    /** Of the bins before one. */
    Rhythm(Series series, int to, Alike alike) {
      this.alike = alike;
      for (int i = 0; i < to; i++) {
        int g = alike.group(series, i);
        sum[g] += series.weight(i) * series.smooth(i);
        weight[g] += series.weight(i);
      }
      usual = usual(sum, weight);
    }

    /** The values as they would be without it, as on a workday; NaN where it is not known. */
    double[] free(Series series) {
      double[] free = new double[series.size()];
      for (int i = 0; i < free.length; i++) {
        free[i] = series.moved(i) - of(series, i);
      }
      return free;
    }

    /** How far bins like one lie above the usual; NaN where none was seen. */
    double of(Series series, int i) {
      int g = alike.group(series, i);
      return weight[g] == 0 ? Double.NaN : sum[g] / weight[g] - usual;
    }

    /** The mean over the hours of workdays; over all, where there are none. */
    static double usual(double[] sum, double[] weight) {
      double means = 0;
      int count = 0;
      for (int part = 0; part < 2 && count == 0; part++) {
        for (int g = 0; g < Series.GROUPS; g++) {
          if (weight[g] > 0 && Series.isWeekend(g) == (part == 1)) {
            means += sum[g] / weight[g];
            count++;
          }
        }
      }
      return means / count;
    }
  }

  /**
   * A series and its rhythm, fitted together with a change: least squares of a level for each hour
   * of workdays and of weekends. It is the same as to take the mean of its group from every value,
   * of the change too, and to fit what is left (Frisch and Waugh 1933). So bins say nothing of a
   * change before which none was like them by the clock.
   */
  private static final class Frame {
    private final Series series;

    private final Alike alike;

    private final int[] group;

    /** The first bin of each group. */
    private final int[] firstOf = new int[Series.GROUPS];

    private final double[] weightOf = new double[Series.GROUPS];
    private final double[] meanOf = new double[Series.GROUPS];

    /** What the rhythm leaves of the values. */
    private final double[] left;

    private final double squares;
    private final double[] partOf = new double[Series.GROUPS];

    Frame(Series series, Alike alike) {
      int size = series.size();
      this.series = series;
      this.alike = alike;
      this.group = new int[size];
      this.left = new double[size];
      for (int i = size - 1; i >= 0; i--) {
        group[i] = alike.group(series, i);
        firstOf[group[i]] = i;
        weightOf[group[i]] += series.weight(i);
        meanOf[group[i]] += series.weight(i) * series.smooth(i);
      }
      for (int g = 0; g < Series.GROUPS; g++) {
        meanOf[g] = weightOf[g] == 0 ? 0 : meanOf[g] / weightOf[g];
      }
      double sum = 0;
      for (int i = 0; i < size; i++) {
        left[i] = series.smooth(i) - meanOf[group[i]];
        sum += series.weight(i) * left[i] * left[i];
      }
      this.squares = sum;
    }

    /** Whether a step at any bin would be large enough to look closer. */
    boolean worthALook(int first, int tail, Thresholds thresholds) {
      double[] after = new double[Series.GROUPS];
      double values = 0;
      double information = 0;
      for (int i = series.size() - 1; i >= first; i--) {
        int g = group[i];
        double w = series.weight(i);
        values += w * left[i];
        information += w + (after[g] * after[g] - (after[g] + w) * (after[g] + w)) / weightOf[g];
        after[g] += w;
        if (i <= tail
            && values < 0
            && values * values >= LEAST_SIGNIFICANCE * information * squares / series.size()
            && information >= LEAST_KNOWN * series.usualWeight()
            && -values / information >= WORTH_A_LOOK * thresholds.minimumEffect()) {
          return true;
        }
      }
      return false;
    }

    /** The fit of a change at a bin; null where it does not fall or too little is known of it. */
    Fit fit(int onset, long transition) {
      Arrays.fill(partOf, 0);
      double information = 0;
      double values = 0;
      int settled = series.size();
      double reached = 0;
      double seen = 0;
      double jump = 0;
      for (int i = onset; i < series.size(); i++) {
        double part = part(i, onset, transition);
        if (part >= 1 && settled == series.size()) {
          settled = i;
        }
        if (firstOf[group[i]] < onset) {
          // Of others nothing can be seen.
          jump = Math.max(jump, part - seen);
          seen = part;
        }
        reached = part;
        double weighted = series.weight(i) * part;
        partOf[group[i]] += weighted;
        information += weighted * part;
        values += weighted * left[i];
      }
      for (int g = 0; g < Series.GROUPS; g++) {
        if (partOf[g] > 0) {
          information -= partOf[g] * partOf[g] / weightOf[g];
        }
      }
      if (information < LEAST_KNOWN * series.usualWeight() * reached * reached || values >= 0) {
        return null;
      }
      double slope = values / information;
      return new Fit(
          onset,
          settled,
          transition == 0 || jump <= UNSEEN * reached,
          transition,
          slope,
          Math.sqrt(series.usualWeight() / information),
          Math.max(0, squares - slope * values));
    }

    /** How much more one fit explains than another, in squares of the noise of a usual bin. */
    double ahead(Fit one, Fit other) {
      double noise = noise(one);
      double square = series.usualWeight() * noise * noise;
      return square == 0
          ? Math.signum(other.squares - one.squares) * Double.POSITIVE_INFINITY
          : (other.squares - one.squares) / square;
    }

    /** What the best step leaves that has not lasted yet. */
    double squaresOfLaterStep(int tail) {
      double least = Double.POSITIVE_INFINITY;
      for (int onset = tail + 1; onset < series.size(); onset++) {
        Fit fit = fit(onset, 0);
        if (fit != null) {
          least = Math.min(least, fit.squares);
        }
      }
      return least;
    }

    /**
     * The same step where it is seen best. Where no bin that can be told from the rhythm lies
     * between two onsets, the fit knows no difference; but from one hour to the next it is seen.
     */
    Fit placed(Fit step, int first, int tail) {
      double noise = noise(step);
      double most = step.squares + series.usualWeight() * noise * noise;
      Fit placed = step;
      double greatest = fallAt(step.onset);
      for (int onset = Math.max(first, NEIGHBOURS); onset <= tail; onset++) {
        Fit fit = fit(onset, 0);
        if (fit != null
            && fit.squares <= most
            && Math.abs(onset - step.onset) > NEIGHBOURS
            && fallAt(onset) > greatest) {
          greatest = fallAt(onset);
          placed = fit;
        }
      }
      return sharpened(placed);
    }

    /** The same step, at the bin near it from which the plain values are those after it. */
    private Fit sharpened(Fit step) {
      Usual usual = new Usual(this, step.onset);
      int first = Math.max(1, step.onset - NEIGHBOURS);
      int last = Math.min(series.size() - 1, step.onset + NEIGHBOURS);
      double squares = 0;
      double least = 0;
      int onset = last;
      // From one bin to the next it moves from the level before to the one after.
      for (int i = last - 1; i >= first; i--) {
        double off = series.moved(i) - usual.of(group[i]);
        if (!Double.isNaN(off)) {
          squares += (off - step.slope) * (off - step.slope) - off * off;
        }
        if (squares <= least) {
          least = squares;
          onset = i;
        }
      }
      Fit sharpened = onset == step.onset ? step : fit(onset, 0);
      return sharpened == null ? step : sharpened;
    }

    /** How far the bins from one on lie below the ones before. */
    private double fallAt(int onset) {
      double fall = 0;
      for (int i = 0; i < NEIGHBOURS; i++) {
        fall += series.smooth(onset - 1 - i);
        fall -= series.smooth(Math.min(onset + i, series.size() - 1));
      }
      return fall;
    }

    /** How much of the transition lies behind a bin's middle, 0 to 1. */
    private double part(int i, int onset, long transition) {
      if (i < onset) {
        return 0;
      }
      return transition == 0
          ? 1
          : Math.min(1, (series.middle(i) - series.start(onset)) / transition);
    }

    /** The better of two fits, of which the second has to stand up to the plain values first. */
    Fit better(Fit best, Fit fit, int tail, double least) {
      return fit != null
              && fit.seen
              && -fit.slope * part(series.size() - 1, fit.onset, fit.transition) >= least
              && (best == null || fit.squares < best.squares)
              && lasts(fit, tail)
          ? fit
          : best;
    }

    /**
     * Whether nearly all bins after the transition, and nearly all at the end, lie nearer to the
     * level after than to what was usual at their hours before.
     */
    boolean lasts(Fit fit, int tail) {
      Usual usual = new Usual(this, fit.onset);
      double end = usual.off(tail);
      double reached = fit.slope * part(series.size() - 1, fit.onset, fit.transition);
      double midpoint = Math.min(end, reached) / 2;
      int from = Math.min(fit.settled, tail);
      int known = 0;
      int back = 0;
      int knownAtEnd = 0;
      int backAtEnd = 0;
      for (int i = from; i < series.size(); i++) {
        double off = series.smooth(i) - usual.of(group[i]);
        if (!Double.isNaN(off)) {
          known++;
          back += off > midpoint ? 1 : 0;
          knownAtEnd += i >= tail ? 1 : 0;
          backAtEnd += i >= tail && off > midpoint ? 1 : 0;
        }
      }
      return end < 0
          && known >= series.size() - tail
          && 2 * knownAtEnd >= series.size() - tail
          && back <= MOST_BACK * known
          && backAtEnd <= MOST_BACK * knownAtEnd;
    }

    /**
     * The standard deviation of a bin beside level and rhythm, by medians: of what a fit leaves,
     * and of how bins differ from the ones before.
     */
    double noise(Fit fit) {
      int[] members = new int[Series.GROUPS];
      for (int g : group) {
        members[g]++;
      }
      Arrays.fill(partOf, 0);
      for (int i = fit.onset; i < series.size(); i++) {
        partOf[group[i]] += series.weight(i) * part(i, fit.onset, fit.transition);
      }
      double[] off = new double[series.size()];
      double[] steps = new double[series.size() - 1];
      int n = 0;
      for (int i = 0; i < off.length; i++) {
        int g = group[i];
        if (members[g] > 1) {
          double part = part(i, fit.onset, fit.transition) - partOf[g] / weightOf[g];
          // Two of a kind always lie half of their distance from their mean.
          off[n++] =
              Math.abs(series.moved(i) - meanOf[g] - fit.slope * part)
                  * Math.sqrt(members[g] / (members[g] - 1.0));
        }
        if (i > 0) {
          steps[i - 1] = Math.abs(series.moved(i) - series.moved(i - 1)) / Math.sqrt(2);
        }
      }
      double left = n == 0 ? 0 : Series.median(off, 0, n);
      return MAD_TO_SIGMA * Math.max(left, Series.median(steps, 0, steps.length));
    }
  }

  /**
   * What is usual at each hour of workdays and weekends, as the bins before a change have it. Of
   * few bins it is no mean: the lowest counts, so that a spike of yesterday makes no fall of today.
   */
  private static final class Usual {
    private final Frame frame;
    private final double[] values = new double[Series.GROUPS];

    Usual(Frame frame, int onset) {
      this.frame = frame;
      Series series = frame.series;
      double[][] alike = new double[Series.GROUPS][];
      int[] count = new int[Series.GROUPS];
      double[] all = new double[onset];
      for (int i = 0; i < onset; i++) {
        int g = frame.group[i];
        if (alike[g] == null) {
          alike[g] = new double[onset];
        }
        all[i] = series.smooth(i);
        alike[g][count[g]++] = all[i];
      }
      double ofAll = Series.median(all, 0, onset);
      for (int g = 0; g < Series.GROUPS; g++) {
        values[g] =
            switch (count[g]) {
              case 0 -> Double.NaN;
              case 1 -> Math.min(alike[g][0], ofAll);
              case 2 -> Math.min(alike[g][0], alike[g][1]);
              default -> Series.median(alike[g], 0, count[g]);
            };
      }
    }

    /** Of a group; NaN where none of it was seen. */
    double of(int group) {
      return values[group];
    }

    /** How far the bins from one on lie off, in the middle; NaN where nothing is known of them. */
    double off(int from) {
      double[] off = new double[frame.series.size() - from];
      int known = 0;
      for (int i = from; i < frame.series.size(); i++) {
        double value = frame.series.smooth(i) - values[frame.group[i]];
        if (!Double.isNaN(value)) {
          off[known++] = value;
        }
      }
      return known == 0 ? Double.NaN : Series.median(off, 0, known);
    }
  }
}
