package io.mendline.processors.regression;

import io.mendline.processors.policy.Policy;
import io.mendline.schemas.Confidence;
import java.util.Optional;

/**
 * Judges a series of points, one a bin. Pure: the answer is a function of the series and the
 * thresholds alone, and is given as of the end of the last bin.
 *
 * <p>All points given say something: they have volume enough to be judged by. Gaps between them are
 * idle or quiet times and mean nothing.
 */
public interface RegressionMethod {
  /**
   * The fall that the series ends in: it happened, it lasted, and the value is still low.
   *
   * @param clearly only one that happened at once, beyond doubt: what may be the going on of a
   *     decline that is known is none
   */
  Optional<Shift> fall(Series series, boolean clearly, Thresholds thresholds);

  /** The rise that the series ends in. */
  Optional<Shift> rise(Series series, Thresholds thresholds);

  /**
   * The level at the end of the series, free of its rhythm; empty while it is too short to have
   * one, or nothing is known of the rhythm at such a time of the week.
   *
   * @param from only of points that begin at or after this, epoch milliseconds
   */
  Optional<Level> level(Series series, long from, Thresholds thresholds);

  /**
   * The rise that the series ends in, whatever its size, as one that happened at once.
   *
   * @param from when it began at the earliest, epoch milliseconds
   */
  Move recovery(Series series, long from);

  /**
   * A lasting change of the value.
   *
   * @param onset start of the first bin of the change, epoch milliseconds; not the moment of
   *     detection
   * @param until when the value was first as it is at the end, epoch milliseconds; the onset where
   *     it changed at once
   * @param when it may have happened, where it did at once; else when it may have begun
   * @param before the value before the onset
   * @param after the value at the end
   * @param gradual whether it came about over time rather than at once
   * @param abrupt whether it came about at once beyond doubt
   * @param volume the weight of all points since the onset
   * @param confidence how far the effect stands out of the noise
   */
  record Shift(
      long onset,
      long until,
      When when,
      double before,
      double after,
      boolean gradual,
      boolean abrupt,
      double volume,
      Confidence confidence) {
    /** By how much the value changed, whichever way. */
    double size() {
      return Math.abs(after - before);
    }
  }

  /**
   * The level at the end of a series, over the time of persistence.
   *
   * @param since start of the first bin it is taken from, epoch milliseconds
   * @param value the mean, weighted by volume
   * @param lowest the least value of a bin, single dips smoothed away
   * @param highest what four of five bins are not above
   * @param sure whether such a part of another week is known to compare with
   */
  record Level(long since, double value, double lowest, double highest, boolean sure) {}

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
    /**
     * As a policy has them for a metric, whose least effect is a change or a share.
     *
     * @param rule with nothing left open
     */
    static Thresholds of(Policy.MetricRule rule) {
      return new Thresholds(
          rule.baseline().toMillis(),
          rule.persistence().toMillis(),
          rule.minimumChange() == null ? rule.minimumShare() : rule.minimumChange(),
          rule.minimumBins());
    }

    /** As a policy has them for a cache's scope. */
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
