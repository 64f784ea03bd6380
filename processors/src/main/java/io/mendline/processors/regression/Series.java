package io.mendline.processors.regression;

import io.mendline.processors.policy.Policy;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * The points of a series as numbers, oldest first: as they were, and as they would have been at the
 * present level.
 *
 * <p>Each point has its hour of the day and its part of the week, workdays or weekend. Points that
 * share both are alike by the clock: what differs between them is no rhythm.
 */
final class Series {
  /** The parts of a week, each with the hours of a day. */
  static final int GROUPS = 48;

  static final int HOURS = 24;

  /** From the median absolute deviation to the standard deviation of a normal distribution. */
  static final double MAD_TO_SIGMA = 1.4826;

  /** Dips and spikes of so many bins are smoothed away. */
  private static final int SMOOTHED = 3;

  private static final long HOUR = Duration.ofHours(1).toMillis();

  /** A point weighs at most so many times what the middle one does: one hour never decides. */
  private static final double GREATEST_WEIGHT = 8;

  private final List<Point> points;
  private final List<Move> moves;
  private final boolean inverted;
  private final double[] moved;
  private final double[] smooth;
  private final double[] weight;
  private final double usualWeight;
  private final int[] group;

  /**
   * A series.
   *
   * @param points sorted by time
   * @param moves lasting changes that were taken as given, in units of the points
   * @param week tells workdays from weekends
   */
  Series(List<Point> points, List<Move> moves, Policy.Week week) {
    int size = points.size();
    this.points = points;
    this.moves = moves;
    this.inverted = false;
    this.moved = new double[size];
    this.weight = new double[size];
    this.group = new int[size];
    for (int i = 0; i < size; i++) {
      Point point = points.get(i);
      moved[i] = point.value() + ahead(moves, point);
      weight[i] = point.weight();
    }
    this.smooth = smoothed(moved, 0, size);
    this.usualWeight = size == 0 ? 0 : median(weight, 0, size);
    long offset = size == 0 ? 0 : week.offset(points.get(size - 1).start());
    for (int i = 0; i < size; i++) {
      weight[i] = Math.min(weight[i], GREATEST_WEIGHT * usualWeight);
      long local = points.get(i).start() + offset;
      int hour = (int) Math.floorMod(Math.floorDiv(local, HOUR), (long) HOURS);
      group[i] = hour + (week.isWeekend(local) ? HOURS : 0);
    }
  }

  /** The same upside down: its rises are falls. */
  private Series(Series of) {
    this.points = of.points;
    this.moves = of.moves;
    this.inverted = !of.inverted;
    this.moved = negative(of.moved);
    this.smooth = negative(of.smooth);
    this.weight = of.weight;
    this.usualWeight = of.usualWeight;
    this.group = of.group;
  }

  Series upsideDown() {
    return new Series(this);
  }

  private static double ahead(List<Move> moves, Point point) {
    double by = 0;
    for (Move move : moves) {
      by += move.by() * move.ahead(point.start() + point.length() / 2.0);
    }
    return by;
  }

  int size() {
    return moved.length;
  }

  long start(int i) {
    return points.get(i).start();
  }

  double middle(int i) {
    return points.get(i).start() + points.get(i).length() / 2.0;
  }

  long end(int i) {
    return points.get(i).end();
  }

  /** A point's value, at the present level. */
  double moved(int i) {
    return moved[i];
  }

  /** The same after a running median: dips and spikes of up to three points are gone. */
  double smooth(int i) {
    return smooth[i];
  }

  /** What a point counts for when levels are fitted. */
  double weight(int i) {
    return weight[i];
  }

  /** The middle one of the weights. */
  double usualWeight() {
    return usualWeight;
  }

  /** Its true weight. */
  double volume(int i) {
    return points.get(i).weight();
  }

  /** A point's hour and part of the week. */
  int group(int i) {
    return group[i];
  }

  static boolean isWeekend(int group) {
    return group >= HOURS;
  }

  /** A value of this series as one of the points it was made of. */
  double upright(double value) {
    return inverted ? -value : value;
  }

  /** When the present level began, epoch milliseconds. */
  long since() {
    return Move.last(moves);
  }

  /** The first point that begins at or after an instant; the size where there is none. */
  int firstSince(long time) {
    int low = 0;
    int high = points.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (points.get(middle).start() < time) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** First point of the shortest end that has bins enough and lasted long enough, or -1. */
  int tail(RegressionMethod.Thresholds thresholds) {
    int size = size();
    for (int i = size - thresholds.minimumBins(); i >= 0; i--) {
      if (end(size - 1) - start(i) >= thresholds.persistence()) {
        return i;
      }
    }
    return -1;
  }

  /** The values from a point on as they were, without the moves and not smoothed. */
  double[] actual(int from) {
    double[] values = new double[size() - from];
    for (int i = 0; i < values.length; i++) {
      values[i] = upright(points.get(from + i).value());
    }
    return values;
  }

  /** The running median of values; at both ends of as many as there are on the shorter side. */
  static double[] smoothed(double[] values, int from, int to) {
    double[] smooth = Arrays.copyOfRange(values, from, to);
    double[] window = new double[2 * SMOOTHED + 1];
    for (int i = from + 1; i < to - 1; i++) {
      int half = Math.min(SMOOTHED, Math.min(i - from, to - 1 - i));
      int width = 2 * half + 1;
      System.arraycopy(values, i - half, window, 0, width);
      Arrays.sort(window, 0, width);
      smooth[i - from] = window[half];
    }
    return smooth;
  }

  /** The median of some values, which stay as they are. */
  static double median(double[] values, int from, int to) {
    double[] sorted = Arrays.copyOfRange(values, from, to);
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  private static double[] negative(double[] values) {
    double[] negative = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      negative[i] = -values[i];
    }
    return negative;
  }
}
