package io.mendline.processors.regression;

import io.mendline.processors.regression.RegressionMethod.Band;
import io.mendline.processors.regression.RegressionMethod.Thresholds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What is usual at an hour, by the same hours of earlier days. Pure.
 *
 * <p>The middle of a band is the median of the points that began at the same time of earlier days;
 * there have to be two. It is as wide to either side as two standard deviations of the usual points
 * from their middles, taken from the median deviation so that a few outliers do not widen it, and
 * at least as wide as what still counts as the same level. Costs O(n²) for n points.
 */
final class SameHours {
  private static final long DAY = Duration.ofDays(1).toMillis();
  private static final int FEWEST = 2;

  /** Two standard deviations of a normal distribution, in median absolute deviations. */
  private static final double TWO_SIGMA = 2 * 1.4826;

  private SameHours() {}

  /** See {@link RegressionMethod#band}. */
  static List<Band> band(List<Point> points, long since, long until, Thresholds thresholds) {
    double[] middles = new double[points.size()];
    List<Double> deviations = new ArrayList<>();
    for (int i = 0; i < middles.length; i++) {
      Point point = points.get(i);
      middles[i] = middle(points.subList(0, i), point, since, until);
      if (point.start() < until && !Double.isNaN(middles[i])) {
        deviations.add(Math.abs(point.value() - middles[i]));
      }
    }
    double usual = deviations.isEmpty() ? 0 : TWO_SIGMA * median(deviations);
    double half = Math.max(thresholds.minimumEffect() / 2, usual);
    List<Band> band = new ArrayList<>();
    for (int i = 0; i < middles.length; i++) {
      band.add(new Band(points.get(i).start(), middles[i] - half, middles[i] + half));
    }
    return band;
  }

  private static double middle(List<Point> earlier, Point point, long since, long until) {
    List<Double> same = new ArrayList<>();
    for (Point each : earlier) {
      boolean ofItsLevel = each.start() >= since || point.start() < since;
      if (ofItsLevel
          && each.start() < until
          && each.end() <= point.start()
          && Math.floorMod(point.start() - each.start(), DAY) == 0) {
        same.add(each.value());
      }
    }
    return same.size() < FEWEST ? Double.NaN : median(same);
  }

  private static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }
}
