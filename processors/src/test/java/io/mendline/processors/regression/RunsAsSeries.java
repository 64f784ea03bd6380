package io.mendline.processors.regression;

import io.mendline.processors.policy.Policies;
import io.mendline.processors.policy.Policy;
import io.mendline.processors.regression.RegressionMethod.Thresholds;
import io.mendline.schemas.FindingStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * The engine of caches and metrics on the durations of a job's runs, one point a run, to measure
 * how it would do there: logarithms, so that the least effect is a factor.
 */
public final class RunsAsSeries {
  private static final int LASTS = 3;
  private static final int BASELINE = 50;

  private final long cadence;
  private final Thresholds thresholds;
  private final List<Point> points = new ArrayList<>();
  private final List<OpenRegression> open = new ArrayList<>();
  private final List<PastRegression> past = new ArrayList<>();
  private final List<Move> moves = new ArrayList<>();
  private long last = Long.MIN_VALUE;
  private int runs;
  private OptionalInt onset;

  /**
   * A job without runs.
   *
   * @param cadence how far its runs are apart, milliseconds
   * @param factor the least rise that counts
   */
  public RunsAsSeries(long cadence, double factor) {
    this.cadence = cadence;
    this.thresholds =
        new Thresholds(BASELINE * cadence, LASTS * cadence - 1, Math.log(factor), LASTS);
  }

  /** With which run a rise began, when one is told at this; the first is 0. */
  public OptionalInt add(long end, long took) {
    last = Math.max(last + 1, Math.floorDiv(end, cadence) * cadence);
    points.add(new Point(last, cadence, -Math.log((double) took), 1));
    if (points.size() > SeriesState.MEMORY_BINS) {
      points.remove(0);
    }
    runs++;
    onset = OptionalInt.empty();
    new Watch(last + cadence).judge();
    PastRegression.forget(past, last + cadence);
    return onset;
  }

  private final class Watch extends RegressionWatch {
    Watch(long at) {
      super(new TransitionFit(), thresholds, open, past, moves, Policies.builtIn().week(), at);
    }

    @Override
    List<Point> points(long from) {
      return points.stream().filter(point -> point.start() >= from).toList();
    }

    @Override
    OpenRegression.Sums sums(long from) {
      return new OpenRegression.Sums(0, 0, 0, false);
    }

    @Override
    long apart(long start) {
      return 0;
    }

    @Override
    List<Blame.Culprit> suspects(long onset, When when) {
      return List.of();
    }

    @Override
    Policy.Blame blame() {
      return Policies.builtIn().blame();
    }

    @Override
    void tell(OpenRegression regression, FindingStatus status, Clearing clearing, boolean settled) {
      if (settled && status == FindingStatus.RAISED) {
        onset = OptionalInt.of(runs - points(regression.onset()).size());
      }
    }
  }
}
