package io.mendline.processors.regression;

import io.mendline.processors.policy.Policy;
import io.mendline.processors.regression.RegressionMethod.Band;
import io.mendline.processors.regression.RegressionMethod.Thresholds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What is usual at an hour, by the same hours of earlier days. Pure.
 *
 * <p>The middle of a band is the median of the usual points that began at the same time of earlier
 * days, of workdays or of weekends where two of these are known; there have to be two. It is as
 * wide to either side as two standard deviations of the usual points from their middles, taken from
 * the median deviation so that a few outliers do not widen it, and at least as wide as what still
 * counts as the same level. Costs O(n²) for n points.
 */
final class UsualBand {
  private static final long DAY = Duration.ofDays(1).toMillis();
  private static final int FEWEST = 2;

  private UsualBand() {}

  /**
   * What is usual at the time of each point, for charts; nothing is judged by it.
   *
   * @param usual those of the points that are of no fall
   * @param since from when on points are of the level to compare with: earlier ones say nothing of
   *     what is usual for those from then on
   * @param week days of the same part of it are preferred, where there are two
   * @return one for each point, in their order
   */
  static List<Band> band(
      List<Point> points, List<Point> usual, long since, Thresholds thresholds, Policy.Week week) {
    double half =
        Math.max(
            thresholds.minimumEffect() / 2,
            2 * Series.MAD_TO_SIGMA * deviation(usual, since, week));
    List<Band> band = new ArrayList<>();
    for (Point point : points) {
      double middle = middle(usual, point, since, week);
      band.add(new Band(point.start(), middle - half, middle + half));
    }
    return band;
  }

  /** The median deviation of the usual points from their middles. */
  private static double deviation(List<Point> usual, long since, Policy.Week week) {
    List<Double> deviations = new ArrayList<>();
    for (Point point : usual) {
      double middle = middle(usual, point, since, week);
      if (!Double.isNaN(middle)) {
        deviations.add(Math.abs(point.value() - middle));
      }
    }
    return deviations.isEmpty() ? 0 : median(deviations);
  }

  private static double middle(List<Point> usual, Point point, long since, Policy.Week week) {
    List<Double> same = new ArrayList<>();
    List<Double> ofItsDays = new ArrayList<>();
    long offset = week.offset(point.start());
    boolean weekend = week.isWeekend(point.start() + offset);
    for (Point each : usual) {
      boolean ofItsLevel = each.start() >= since || point.start() < since;
      if (ofItsLevel
          && each.end() <= point.start()
          && Math.floorMod(point.start() - each.start(), DAY) == 0) {
        same.add(each.value());
        if (week.isWeekend(each.start() + offset) == weekend) {
          ofItsDays.add(each.value());
        }
      }
    }
    List<Double> alike = ofItsDays.size() < FEWEST ? same : ofItsDays;
    return alike.size() < FEWEST ? Double.NaN : median(alike);
  }

  private static double median(List<Double> values) {
    double[] all = values.stream().mapToDouble(Double::doubleValue).toArray();
    return Series.median(all, 0, all.length);
  }
}
