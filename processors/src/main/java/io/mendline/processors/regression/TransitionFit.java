package io.mendline.processors.regression;

import io.mendline.schemas.Confidence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
 * <p>Bins weigh by their tokens, after a running median of three (Tukey 1977, <i>Exploratory data
 * analysis</i>), which removes a single dip or spike and keeps the edge of a step. The fit only
 * proposes; what counts must also hold of the plain numbers: effect by volume and by median, every
 * bin since the transition beyond the midpoint, nine of ten pairs of a bin before and a bin at the
 * end in the same order (the statistic of Mann and Whitney 1947), and the effect against the same
 * hours of earlier days. Where there are none yet, only a step counts; still, a night that begins
 * abruptly on a scope's first day can be taken for a fall, and clears in the morning. Where the
 * same hours of a week before are known, the change must show against them, too: else it is a
 * weekend.
 *
 * <p>Cost: O(n²) for n bins, for a step and five lengths of transition; 192 bins take under a
 * millisecond.
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

  /** A step is preferred unless a drift leaves less than this part of its sum of squares. */
  private static final double DRIFT_ADVANTAGE = 0.8;

  /** The greatest part of a drift that may lie between two bins: one that nobody saw is a step. */
  private static final double UNSEEN = 1.0 / 3;

  private static final double LEAST_ORDERED_PAIRS = 0.9;

  /** The least part of the effect that must show against the same hours of earlier days. */
  private static final double SAME_HOUR_PART = 0.75;

  private static final long DAY = Duration.ofDays(1).toMillis();
  private static final long WEEK = 7 * DAY;
  private static final double MEDIUM_SEPARATION = 2.5;
  private static final double HIGH_SEPARATION = 4;

  /** Noise is never taken to be a lesser part of the least effect: bins can agree by chance. */
  private static final double LEAST_NOISE = 0.02;

  /** From the median absolute deviation to the standard deviation of a normal distribution. */
  private static final double MAD_TO_SIGMA = 1.4826;

  @Override
  public Optional<Shift> fall(List<Point> points, long since, Thresholds thresholds) {
    return change(points, since, false, thresholds);
  }

  @Override
  public Optional<Shift> rise(List<Point> points, long since, Thresholds thresholds) {
    return change(points, since, true, thresholds);
  }

  @Override
  public Optional<Level> level(List<Point> points, Thresholds thresholds) {
    Series series = new Series(points, false);
    int tail = series.tail(thresholds);
    if (tail < 0) {
      return Optional.empty();
    }
    double lowest = Double.POSITIVE_INFINITY;
    double highest = Double.NEGATIVE_INFINITY;
    for (int i = tail; i < series.size(); i++) {
      lowest = Math.min(lowest, series.smooth[i]);
      highest = Math.max(highest, series.smooth[i]);
    }
    return Optional.of(
        new Level(points.get(tail).start(), series.pooled(tail, series.size()), lowest, highest));
  }

  private static Optional<Shift> change(
      List<Point> points, long since, boolean inverted, Thresholds thresholds) {
    int first = 0;
    while (first < points.size() && points.get(first).start() < since) {
      first++;
    }
    Series series = new Series(points.subList(first, points.size()), inverted);
    int tail = series.tail(thresholds);
    if (tail < thresholds.minimumBins()) {
      return Optional.empty();
    }
    double after = series.pooled(tail, series.size());
    if (series.highest() - after < thresholds.minimumEffect()) {
      return Optional.empty();
    }
    Fit step = best(series, tail, thresholds, after, new long[] {0});
    Fit drift = best(series, tail, thresholds, after, TRANSITIONS);
    Fit fit = preferred(step, drift);
    if (fit == null) {
      return Optional.empty();
    }
    boolean abrupt = fit.transition == 0 && (drift == null || fit.squares <= drift.squares);
    long onset = series.points.get(fit.onset).start();
    List<Point> earlier = before(points, since, onset);
    List<Point> present = earlier.stream().filter(point -> point.start() >= since).toList();
    boolean known = effect(present, series, tail, DAY) != null;
    return againstTheDay(known ? present : earlier, series, abrupt, tail, thresholds)
            && againstTheWeek(earlier, series, tail, thresholds)
            && againstTheWeek(points, series, tail, thresholds)
        ? accepted(series, fit, tail, thresholds)
        : Optional.empty();
  }

  private static Fit preferred(Fit step, Fit drift) {
    if (step == null || drift == null) {
      return step == null ? drift : step;
    }
    return drift.squares < DRIFT_ADVANTAGE * step.squares ? drift : step;
  }

  /** The fit with the least sum of squares; of equal ones the earliest. */
  private static Fit best(
      Series series, int tail, Thresholds thresholds, double after, long[] transitions) {
    Fit best = null;
    for (long transition : transitions) {
      for (int onset = thresholds.minimumBins(); onset <= tail; onset++) {
        Fit fit = series.fit(onset, transition);
        double midpoint = (fit.before + after) / 2;
        boolean lasts =
            fit.drop > 0
                && (transition == 0 || fit.seen)
                && series.highestFrom(Math.min(fit.settled, tail)) < midpoint;
        if (lasts && (best == null || fit.squares < best.squares)) {
          best = fit;
        }
      }
    }
    return best;
  }

  /**
   * Whether the change shows against the same hours of earlier days, so that a level that comes
   * back every night is none. Where less than half of the bins at the end have such hours before
   * the onset, the rhythm is not known; then a drift could be one, and only a step counts.
   *
   * @param abrupt whether no drift explains the series better than a step
   */
  private static boolean againstTheDay(
      List<Point> earlier, Series series, boolean abrupt, int tail, Thresholds thresholds) {
    Double effect = effect(earlier, series, tail, DAY);
    return effect == null ? abrupt : effect >= SAME_HOUR_PART * thresholds.minimumEffect();
  }

  /**
   * Whether the change shows against the same hours of a week before, so that a weekend is none.
   * Where less than half of the bins at the end have one, the week is not known and anything goes.
   *
   * @param earlier the points before, as they were or moved to the present level
   */
  private static boolean againstTheWeek(
      List<Point> earlier, Series series, int tail, Thresholds thresholds) {
    Double effect = effect(earlier, series, tail, WEEK);
    return effect == null || effect >= SAME_HOUR_PART * thresholds.minimumEffect();
  }

  /**
   * By how much the bins at the end lie below those whole periods before them, in the middle; null
   * where less than half of them have such.
   */
  private static Double effect(List<Point> earlier, Series series, int tail, long period) {
    double[] effects = new double[series.size() - tail];
    int known = 0;
    for (int j = tail; j < series.size(); j++) {
      double usual = usual(earlier, series.points.get(j).start(), period);
      if (!Double.isNaN(usual)) {
        effects[known++] = series.turned(usual) - series.raw[j];
      }
    }
    return 2 * known < effects.length ? null : median(effects, 0, known);
  }

  /** The mean of the points that lie whole periods before an instant; NaN where there are none. */
  private static double usual(List<Point> earlier, long start, long period) {
    double sum = 0;
    int count = 0;
    for (Point point : earlier) {
      if (point.start() < start && (start - point.start()) % period == 0) {
        sum += point.value();
        count++;
      }
    }
    return count == 0 ? Double.NaN : sum / count;
  }

  /**
   * The points before an onset. Those of a level that was left behind tell of the rhythm only: they
   * are moved to the present one, by what lies between the last day of the one and the first of the
   * other at the same hours.
   */
  private static List<Point> before(List<Point> points, long since, long onset) {
    List<Point> left = points.stream().filter(point -> point.start() < since).toList();
    List<Point> present =
        points.stream().filter(point -> point.start() >= since && point.start() < onset).toList();
    List<Point> lastDay = left.stream().filter(point -> point.start() >= since - DAY).toList();
    double[] apart =
        present.stream()
            .filter(point -> point.start() < since + DAY)
            .mapToDouble(point -> usual(lastDay, point.start(), DAY) - point.value())
            .filter(Double::isFinite)
            .toArray();
    if (apart.length == 0) {
      return present;
    }
    double shift = median(apart, 0, apart.length);
    List<Point> all = new ArrayList<>(points.size());
    for (Point point : left) {
      all.add(new Point(point.start(), point.length(), point.value() - shift, point.weight()));
    }
    all.addAll(present);
    return all;
  }

  /** Whether the plain numbers bear the fit out. */
  private static Optional<Shift> accepted(Series series, Fit fit, int tail, Thresholds thresholds) {
    int from = series.firstSince(series.points.get(fit.onset).start() - thresholds.baseline());
    int size = series.size();
    int binsBefore = fit.onset - from;
    if (binsBefore < thresholds.minimumBins()) {
      return Optional.empty();
    }
    double before = series.pooled(from, fit.onset);
    double after = series.pooled(tail, size);
    double effect = before - after;
    double byMedian = median(series.raw, from, fit.onset) - median(series.raw, tail, size);
    double noise = series.noise(fit, thresholds);
    if (Math.min(effect, byMedian) < thresholds.minimumEffect()
        || series.orderedPairs(from, fit.onset, tail) < LEAST_ORDERED_PAIRS) {
      return Optional.empty();
    }
    Confidence confidence =
        effect >= HIGH_SEPARATION * noise
            ? Confidence.HIGH
            : effect >= MEDIUM_SEPARATION * noise ? Confidence.MEDIUM : Confidence.LOW;
    double volume = 0;
    for (Point point : series.points.subList(fit.onset, size)) {
      volume += point.weight();
    }
    return Optional.of(
        new Shift(
            series.points.get(fit.onset).start(),
            series.turned(before),
            series.turned(after),
            fit.transition > 0,
            volume,
            confidence));
  }

  private static double median(double[] values, int from, int to) {
    double[] sorted = Arrays.copyOfRange(values, from, to);
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  /**
   * Two levels and the transition between them.
   *
   * @param onset the first bin of the transition
   * @param settled the first bin after it; the number of bins where it goes on
   * @param seen whether bins lie all along the transition
   * @param squares weighted sum of squares that is left
   */
  private record Fit(
      int onset,
      int settled,
      boolean seen,
      long transition,
      double before,
      double drop,
      double squares) {}

  /** The points as numbers; turned upside down to look for a rise. */
  private static final class Series {
    private final List<Point> points;
    private final boolean inverted;
    private final double[] raw;
    private final double[] smooth;
    private final double[] weight;
    private final double[] highestFrom;
    private final double[] start;
    private final double[] middle;

    /** Sums over all bins: of weights, of weighted values, of their weighted squares. */
    private double w;

    private double x;
    private double xx;

    Series(List<Point> points, boolean inverted) {
      int size = points.size();
      this.points = points;
      this.inverted = inverted;
      this.raw = new double[size];
      this.smooth = new double[size];
      this.weight = new double[size];
      this.highestFrom = new double[size + 1];
      this.start = new double[size];
      this.middle = new double[size];
      for (int i = 0; i < size; i++) {
        raw[i] = turned(points.get(i).value());
        weight[i] = points.get(i).weight();
        start[i] = points.get(i).start();
        middle[i] = start[i] + points.get(i).length() / 2.0;
      }
      highestFrom[size] = Double.NEGATIVE_INFINITY;
      for (int i = size - 1; i >= 0; i--) {
        smooth[i] = i == 0 || i == size - 1 ? raw[i] : median(raw, i - 1, i + 2);
        highestFrom[i] = Math.max(highestFrom[i + 1], smooth[i]);
        w += weight[i];
        x += weight[i] * smooth[i];
        xx += weight[i] * smooth[i] * smooth[i];
      }
    }

    int size() {
      return raw.length;
    }

    /** Turns a value upside down, or back. */
    double turned(double value) {
      return inverted ? -value : value;
    }

    double highest() {
      return highestFrom[0];
    }

    double highestFrom(int index) {
      return highestFrom[index];
    }

    /** First bin of the shortest end that has bins enough and lasted long enough, or -1. */
    int tail(Thresholds thresholds) {
      int size = size();
      for (int i = size - thresholds.minimumBins(); i >= 0; i--) {
        if (points.get(size - 1).end() - points.get(i).start() >= thresholds.persistence()) {
          return i;
        }
      }
      return -1;
    }

    int firstSince(long time) {
      int i = 0;
      while (points.get(i).start() < time) {
        i++;
      }
      return i;
    }

    /** The mean of several points. */
    double pooled(int from, int to) {
      double sum = 0;
      double all = 0;
      for (int i = from; i < to; i++) {
        sum += weight[i] * raw[i];
        all += weight[i];
      }
      return sum / all;
    }

    /** The share of pairs of a bin before and a bin at the end of which the earlier is higher. */
    double orderedPairs(int from, int to, int tail) {
      int ordered = 0;
      for (int i = from; i < to; i++) {
        for (int j = tail; j < size(); j++) {
          ordered += raw[i] > raw[j] ? 1 : 0;
        }
      }
      return (double) ordered / ((to - from) * (size() - tail));
    }

    Fit fit(int onset, long transition) {
      double g = 0;
      double gg = 0;
      double xg = 0;
      int settled = size();
      double reached = 0;
      double jump = 0;
      for (int i = onset; i < size(); i++) {
        double part = part(i, onset, transition);
        if (part >= 1 && settled == size()) {
          settled = i;
        }
        jump = Math.max(jump, part - reached);
        reached = part;
        double weighted = weight[i] * part;
        g += weighted;
        gg += weighted * part;
        xg += weighted * smooth[i];
      }
      double slope = (w * xg - g * x) / (w * gg - g * g);
      double before = (x - slope * g) / w;
      double squares = Math.max(0, xx - before * x - slope * xg);
      boolean seen = jump <= UNSEEN * reached;
      return new Fit(onset, settled, seen, transition, before, -slope, squares);
    }

    /** How much of the transition lies behind a bin's middle, 0 to 1. */
    private double part(int i, int onset, long transition) {
      if (i < onset) {
        return 0;
      }
      return transition == 0 ? 1 : Math.min(1, (middle[i] - start[onset]) / transition);
    }

    /** The standard deviation of what a fit leaves, by its median. */
    double noise(Fit fit, Thresholds thresholds) {
      double[] left = new double[size()];
      for (int i = 0; i < left.length; i++) {
        left[i] = Math.abs(raw[i] - fit.before + fit.drop * part(i, fit.onset, fit.transition));
      }
      return Math.max(
          LEAST_NOISE * thresholds.minimumEffect(), MAD_TO_SIGMA * median(left, 0, left.length));
    }
  }
}
