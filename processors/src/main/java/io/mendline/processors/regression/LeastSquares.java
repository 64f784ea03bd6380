package io.mendline.processors.regression;

import java.util.Arrays;

/**
 * A series and its rhythm, fitted together with a change: least squares of a level for each hour of
 * workdays and of weekends. It is the same as to take the mean of its group from every value, of
 * the change too, and to fit what is left (Frisch and Waugh 1933). So bins say nothing of a change
 * before which none was like them by the clock.
 */
final class LeastSquares {
  /** The greatest part of a drift that may lie between two bins: one that nobody saw is a step. */
  private static final double UNSEEN = 1.0 / 5;

  /** A step explains so much where it is worth a look, in squares of how the series varies. */
  private static final double LEAST_SIGNIFICANCE = 16;

  /** What must be known of the time since a step: so many bins that can be told from the rhythm. */
  private static final double LEAST_KNOWN = 0.5;

  /** Bins on each side by which a step is seen. */
  private static final int NEIGHBOURS = 3;

  /** The most of the bins after a fall that may lie nearer to the level before. */
  static final double MOST_BACK = 0.2;

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

  /**
   * Two levels and the transition between them.
   *
   * @param onset the first bin of the transition
   * @param settled the first bin after it; the number of bins where it goes on
   * @param seen whether bins lie all along the transition
   * @param transition its length in milliseconds; 0 for a step
   * @param slope from the level before to the one after; below zero
   * @param error the standard error of the slope, in units of the noise of one bin
   * @param squares weighted sum of squares that is left
   */
  record Fit(
      int onset,
      int settled,
      boolean seen,
      long transition,
      double slope,
      double error,
      double squares) {}

  LeastSquares(Series series, Alike alike) {
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

  /** The series that is fitted. */
  Series series() {
    return series;
  }

  /** Which of its bins are fitted with one level. */
  Alike alike() {
    return alike;
  }

  /** The group of a bin: those of one group are alike. */
  int group(int i) {
    return group[i];
  }

  /** Whether a step of a size or more at any bin would explain enough to look closer. */
  boolean isWorthALook(int first, int tail, double least) {
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
          && -values / information >= least) {
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
   * The same step where it is seen best. Where no bin that can be told from the rhythm lies between
   * two onsets, the fit knows no difference; but from one hour to the next it is seen.
   *
   * @return perhaps one of which it is too early to say that it lasts
   */
  Fit placed(Fit step, int first) {
    double noise = noise(step);
    double most = step.squares + series.usualWeight() * noise * noise;
    int placed = step.onset;
    double greatest = fallAt(step.onset);
    int last = series.size() - NEIGHBOURS;
    for (int onset = Math.max(first, NEIGHBOURS); onset <= last; onset++) {
      Fit fit = fit(onset, 0);
      if (fit != null && fit.squares <= most && Math.abs(onset - step.onset) > NEIGHBOURS) {
        // Few bins before a step are smoothed away, so it may be a little later.
        for (int near = onset; near <= Math.min(last, onset + NEIGHBOURS); near++) {
          if (fallAt(near) > greatest) {
            greatest = fallAt(near);
            placed = near;
          }
        }
      }
    }
    Fit fit = placed == step.onset ? step : fit(placed, 0);
    return sharpened(fit == null ? step : fit);
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

  private boolean beginsWeekend(int onset) {
    return Series.isWeekend(series.group(onset)) && !Series.isWeekend(series.group(onset - 1));
  }

  /**
   * How far the bins from one on lie below the ones before. Where a weekend begins, the rhythm is
   * as likely to be what falls.
   */
  private double fallAt(int onset) {
    double fall = 0;
    for (int i = 0; i < NEIGHBOURS; i++) {
      fall += series.moved(onset - 1 - i);
      fall -= series.moved(Math.min(onset + i, series.size() - 1));
    }
    return beginsWeekend(onset) ? fall / 2 : fall;
  }

  /** How much of the transition lies behind a bin's middle, 0 to 1. */
  private double part(int i, int onset, long transition) {
    if (i < onset) {
      return 0;
    }
    return transition == 0 ? 1 : Math.min(1, (series.middle(i) - series.start(onset)) / transition);
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
   * The standard deviation of a bin beside level and rhythm, by medians: of what a fit leaves, and
   * of how bins differ from the ones before.
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
    return Series.MAD_TO_SIGMA * Math.max(left, Series.median(steps, 0, steps.length));
  }
}
