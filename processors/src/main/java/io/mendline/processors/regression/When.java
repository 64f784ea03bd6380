package io.mendline.processors.regression;

import io.mendline.processors.regression.LeastSquares.Fit;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import java.time.Duration;

/**
 * Between which instants a change of level happened, as far as that is known.
 *
 * @param earliest the first instant at which it may have, epoch milliseconds
 * @param latest the last one, epoch milliseconds
 */
record When(long earliest, long latest) {
  /** Standard errors by which it may have been sooner or later than it seems. */
  private static final double ERRORS = 2;

  /** Half of all drifts began within so long before and after the bin they are told with. */
  private static final long DRIFTS_OFF = Duration.ofHours(6).toMillis();

  private static final long VAGUE = Duration.ofHours(3).toMillis();

  /**
   * When a step happened, by how far the bins on both sides of it are on the way from one level to
   * the other: one that is half way holds as much of the one as of the other.
   *
   * @param before the level before, free of the rhythm
   * @param effect how far below it the level after is
   * @param noise the standard deviation of a bin
   */
  static When ofStep(LeastSquares frame, Fit step, double before, double effect, double noise) {
    Series series = frame.series();
    int onset = step.onset();
    // Neither of the two may tell what is usual at its hour.
    Rhythm rhythm = new Rhythm(series, onset - 1, frame.alike());
    double last = (before - rhythm.free(series, onset - 1)) / effect;
    double first = (before - rhythm.free(series, onset)) / effect;
    long left = series.end(onset - 1);
    long right = series.end(onset);
    if (Double.isNaN(last + first)) {
      // It is told with the bin of which it takes the greater part.
      return new When(left - (left - series.start(onset - 1)) / 2, right);
    }
    double error = ERRORS * noise / effect;
    if (left == series.start(onset)) {
      double at = right - Math.max(0, Math.min(2, last + first)) * (right - left);
      double either = error * Math.sqrt(2) * (right - left);
      return new When(Math.round(at - either), Math.round(at + either));
    }
    // Between the two nothing was heard.
    return new When(
        left - Math.round(part(last + error) * (left - series.start(onset - 1))),
        right - Math.round(part(first - error) * (right - series.start(onset))));
  }

  /**
   * When a drift began, which is known to some hours: within the first ones it has hardly fallen.
   *
   * @param onset the bin with which it seems to have begun
   */
  static When ofDrift(Series series, int onset) {
    return new When(series.start(onset) - DRIFTS_OFF, series.end(onset) + DRIFTS_OFF);
  }

  /** Whether it is known so badly that much else happened in the meantime. */
  boolean isVague() {
    return latest - earliest > VAGUE;
  }

  private static double part(double value) {
    return Math.max(0, Math.min(1, value));
  }

  /** The same, but it may have been sooner by so many milliseconds. */
  When sooner(long millis) {
    return new When(earliest - millis, latest);
  }

  /** Writes how far it is from an instant nearby. */
  void write(long near, BinaryWriter out) {
    out.writeZigZag(earliest - near).writeZigZag(latest - near);
  }

  static When read(long near, BinaryReader in) {
    return new When(near + in.readZigZag(), near + in.readZigZag());
  }
}
