package io.mendline.processors.regression;

import io.mendline.processors.regression.LeastSquares.Fit;
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

  /** A drift is judged by its last day, so that no hour of it decides. */
  private static final long DRIFT_LASTS = Duration.ofDays(1).toMillis();

  /** Without a step of this part of the least effect there is nothing worth a closer look. */
  private static final double WORTH_A_LOOK = 0.5;

  private static final double LEAST_ORDERED_PAIRS = 0.9;

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

  /** On the first weekend so many standard errors are taken from it. */
  private static final double ERRORS_OF_WEEKEND = 3;

  /** On the first day, so many of the greater of what was fitted and what is seen. */
  private static final double ERRORS_OF_NIGHT = 1;

  private static final long WEEK = Duration.ofDays(7).toMillis();
  private static final double MEDIUM_SEPARATION = 2.5;
  private static final double HIGH_SEPARATION = 4;

  /** Noise is never taken to be a lesser part of the least effect: bins can agree by chance. */
  private static final double LEAST_NOISE = 0.02;

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
    Alike known = Alike.known(series, tail);
    return found.isPresent() || known == Alike.BY_THE_CLOCK
        ? found
        : change(series, known, first, tail, clearly, thresholds);
  }

  private static Optional<Shift> change(
      Series series, Alike alike, int first, int tail, boolean clearly, Thresholds thresholds) {
    LeastSquares frame = new LeastSquares(series, alike);
    double least = WORTH_A_LOOK * thresholds.minimumEffect();
    if (!frame.isWorthALook(first, tail, least)) {
      return Optional.empty();
    }
    Fit step = step(frame, first, tail, least);
    Fit drift = drift(frame, first, tail, least);
    Fit fit = preferred(frame, step, drift);
    if (fit == null
        || frame.squaresOfLaterStep(tail) < fit.squares()
        || !againstTheWeek(series, fit, tail, thresholds)) {
      return Optional.empty();
    }
    double ahead = drift == null ? Double.POSITIVE_INFINITY : frame.ahead(fit, drift);
    if (fit.transition() == 0) {
      boolean atOnce = clearly || alike == Alike.ALL;
      Fit placed = frame.placed(fit, first);
      return (alike == Alike.BY_THE_HOUR && ahead < 0)
              || (atOnce && ahead < CLEARLY)
              || placed.onset() > tail
          ? Optional.empty()
          : accepted(frame, placed, ahead >= CLEARLY, tail, thresholds)
              .filter(shift -> !clearly || shift.size() >= thresholds.minimumEffect());
    }
    int lastDay = series.tail(thresholds.lasting(DRIFT_LASTS));
    return alike != Alike.BY_THE_CLOCK || clearly || lastDay < first
        ? Optional.empty()
        : accepted(frame, fit, false, lastDay, thresholds);
  }

  private static Fit preferred(LeastSquares frame, Fit step, Fit drift) {
    if (step == null || drift == null) {
      return step == null ? drift : step;
    }
    return frame.ahead(drift, step) > DRIFT_ADVANTAGE ? drift : step;
  }

  /** The step with the least sum of squares; of equal ones the earliest. */
  private static Fit step(LeastSquares frame, int first, int tail, double least) {
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
  private static Fit drift(LeastSquares frame, int first, int tail, double least) {
    Fit best = null;
    for (long transition : TRANSITIONS) {
      for (int onset = first; onset <= tail; onset += STRIDE) {
        best = frame.better(best, frame.fit(onset, transition), tail, least);
      }
    }
    if (best != null) {
      int from = Math.max(first, best.onset() - STRIDE + 1);
      int to = Math.min(tail, best.onset() + STRIDE - 1);
      for (int onset = from; onset <= to; onset++) {
        best = frame.better(best, frame.fit(onset, best.transition()), tail, least);
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
        if (j < fit.onset() && series.start(j) == at) {
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
      LeastSquares frame, Fit fit, boolean abrupt, int tail, Thresholds thresholds) {
    Series series = frame.series();
    int size = series.size();
    int from = series.firstSince(series.start(fit.onset()) - thresholds.baseline());
    if (fit.onset() - from < thresholds.minimumBins()) {
      return Optional.empty();
    }
    double minimum = thresholds.minimumEffect();
    double noise = Math.max(LEAST_NOISE * minimum, frame.noise(fit));
    double error = LINGERING * noise * fit.error();
    double ofEnd = LINGERING * noise / Math.sqrt(size - tail);
    Usual usual = new Usual(frame, fit.onset());
    double[] free = new Rhythm(series, fit.onset(), frame.alike()).free(series);
    double before = pooled(series, free, from, fit.onset());
    double end = pooled(series, free, tail, size);
    double effect = fit.transition() == 0 ? -fit.slope() : before - end;
    if (frame.alike() == Alike.BY_THE_HOUR
        ? effect - ERRORS_OF_WEEKEND * error < UNKNOWN * minimum
        : frame.alike() == Alike.ALL
            && Math.max(effect, -usual.off(tail)) - ERRORS_OF_NIGHT * error < UNKNOWN * minimum) {
      return Optional.empty();
    }
    if (effect < minimum - Math.min(MOST_TOLERANCE * minimum, TOLERATED_ERRORS * error)
        || -fit.slope() < LEAST_ERRORS * error
        || -usual.off(tail)
            < minimum - Math.min(MOST_TOLERANCE_AT_END * minimum, TOLERATED_ERRORS * ofEnd)
        || orderedPairs(free, from, fit.onset(), tail) < LEAST_ORDERED_PAIRS) {
      return Optional.empty();
    }
    double after = before - effect;
    Confidence confidence =
        effect >= HIGH_SEPARATION * noise
            ? Confidence.HIGH
            : effect >= MEDIUM_SEPARATION * noise ? Confidence.MEDIUM : Confidence.LOW;
    double volume = 0;
    for (int i = fit.onset(); i < size; i++) {
      volume += series.volume(i);
    }
    long onset = series.start(fit.onset());
    boolean step = fit.transition() == 0;
    return Optional.of(
        new Shift(
            onset,
            step ? onset : series.start(tail),
            step
                ? When.ofStep(frame, fit, before, effect, noise)
                : When.ofDrift(series, fit.onset()),
            series.upright(before),
            series.upright(after),
            fit.transition() > 0,
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

  @Override
  public Optional<Level> level(Series series, long from, Thresholds thresholds) {
    int tail = series.tail(thresholds);
    if (tail < series.firstSince(from)) {
      return Optional.empty();
    }
    Alike alike = Alike.known(series, tail);
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
    double highest = free[(int) Math.ceil((1 - LeastSquares.MOST_BACK) * known) - 1];
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
    Rhythm rhythm = new Rhythm(series, turn, Alike.known(series, turn));
    double by = 0;
    double weight = 0;
    for (int i = turn; i < size; i++) {
      double rhythmic = rhythm.of(series, i);
      double usual = rhythm.usual() + (Double.isNaN(rhythmic) ? 0 : rhythmic);
      by += series.weight(i) * (series.moved(i) - usual);
      weight += series.weight(i);
    }
    return new Move(series.start(turn), series.start(turn), by / weight);
  }
}
