package io.mendline.processors.regression;

import io.mendline.processors.policy.Policy;
import io.mendline.schemas.Confidence;
import java.util.List;
import java.util.Optional;

/**
 * Judges a series of points, one a bin. Pure: the answer is a function of the points and the
 * thresholds alone, and is given as of the end of the last bin.
 *
 * <p>All points given say something: they have volume enough to be judged by. They are sorted by
 * time; gaps between them are idle or quiet times and mean nothing. {@code since} says from when on
 * they are of the level to compare with; earlier ones are of a level that was left behind, and only
 * tell of the rhythm of the day.
 */
public interface RegressionMethod {
  /** The fall that the series ends in: it happened, it lasted, and the value is still low. */
  Optional<Shift> fall(List<Point> points, long since, Thresholds thresholds);

  /** The rise that the series ends in. */
  Optional<Shift> rise(List<Point> points, long since, Thresholds thresholds);

  /** The level at the end of the series; empty while it is too short to have one. */
  Optional<Level> level(List<Point> points, Thresholds thresholds);

  /**
   * What is usual at the time of each point, for charts; nothing is judged by it.
   *
   * @param usual those of the points that are of no fall
   * @param since from when on points are of the level to compare with: earlier ones say nothing of
   *     what is usual for those from then on
   * @return one for each point, in their order
   */
  default List<Band> band(
      List<Point> points, List<Point> usual, long since, Thresholds thresholds) {
    return SameHours.band(points, usual, since, thresholds);
  }

  /**
   * A lasting change of the value.
   *
   * @param onset start of the first bin of the change, epoch milliseconds; not the moment of
   *     detection
   * @param before the value before the onset
   * @param after the value at the end
   * @param gradual whether it came about over time rather than at once
   * @param volume the weight of all points since the onset
   * @param confidence how far the effect stands out of the noise
   */
  record Shift(
      long onset,
      double before,
      double after,
      boolean gradual,
      double volume,
      Confidence confidence) {}

  /**
   * The level at the end of a series, over the time of persistence.
   *
   * @param since start of the first bin it is taken from, epoch milliseconds
   * @param value the mean, weighted by volume
   * @param lowest the least value of a bin, single dips smoothed away
   * @param highest the greatest value of a bin, single spikes smoothed away
   */
  record Level(long since, double value, double lowest, double highest) {}

  /**
   * What is usual at the time of a point.
   *
   * @param start of the point, epoch milliseconds
   * @param low the least usual value; NaN where it is not known yet
   * @param high the greatest usual value; NaN where it is not known yet
   */
  record Band(long start, double low, double high) {}

  /**
   * What counts.
   *
   * @param baseline how much time the level before is taken from, milliseconds
   * @param persistence how long the new level must have lasted, milliseconds
   * @param minimumEffect the least change of the value that counts
   * @param minimumBins bins needed on each side
   */
  record Thresholds(long baseline, long persistence, double minimumEffect, int minimumBins) {
    /** As a policy has them. */
    static Thresholds of(Policy.Cache rules) {
      return new Thresholds(
          rules.baseline().toMillis(),
          rules.persistence().toMillis(),
          rules.minimumDrop(),
          rules.minimumBins());
    }

    /** The same, but asking for at least this persistence. */
    Thresholds lasting(long millis) {
      return new Thresholds(baseline, Math.max(persistence, millis), minimumEffect, minimumBins);
    }
  }
}
