package io.mendline.processors.regression;

import io.mendline.processors.policy.Policy;
import io.mendline.processors.regression.OpenRegression.Sums;
import io.mendline.processors.regression.RegressionMethod.Level;
import io.mendline.processors.regression.RegressionMethod.Shift;
import io.mendline.processors.regression.RegressionMethod.Thresholds;
import io.mendline.schemas.FindingStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What becomes of the regressions of one series when a bin is closed: one engine for shares and for
 * plain values.
 *
 * <p>A fall is raised with its onset and the suspects around it. While it is open, another step is
 * another finding; a decline that goes on revises the newest one each time the level has sunk by
 * half the least effect. It is cleared when the level is back within half the least effect of the
 * one before for the time of persistence ({@code recovered}), when the new level has stood for
 * longer than the baseline ({@code relearned}), or when there was nothing to judge by for long
 * ({@code unobserved}). A rise that lasts a day is the new level to compare with; a whole day, so
 * that a morning is not taken for one.
 *
 * <p>Points are the higher the better, and in units of the least effect's; {@link #seen} and {@link
 * #told} turn a value of the source into one of a point and back.
 */
abstract class RegressionWatch {
  /** Regressions of a series open at once. */
  static final int REGRESSIONS = 3;

  /** How long a better level must have lasted to be the one to compare with. */
  private static final long RISE_LASTS = Duration.ofDays(1).toMillis();

  private final RegressionMethod method;
  private final Thresholds thresholds;
  private final List<OpenRegression> open;
  private final List<PastRegression> past;
  private final long at;
  private long learnedFrom;

  /**
   * A watch as of the close of a bin.
   *
   * @param open the regressions that are open, oldest first; changed in place
   * @param past those that were cleared, in that order; changed in place
   * @param learnedFrom since when the series is of the level to compare with
   * @param at the end of the bin that was closed last
   */
  RegressionWatch(
      RegressionMethod method,
      Thresholds thresholds,
      List<OpenRegression> open,
      List<PastRegression> past,
      long learnedFrom,
      long at) {
    this.method = method;
    this.thresholds = thresholds;
    this.open = open;
    this.past = past;
    this.learnedFrom = learnedFrom;
    this.at = at;
  }

  /**
   * Why a regression is over.
   *
   * @param because {@code recovered}, {@code relearned} or {@code unobserved}
   * @param now the value it is back at, as the source has it; null where it is not
   */
  record Clearing(String because, Double now) {}

  /** The points of the series that begin at or after an instant, oldest first. */
  abstract List<Point> points(long from);

  /** What was counted since an instant. */
  abstract Sums sums(long from);

  /** What may be to blame for a fall, most likely first. */
  abstract List<Blame.Culprit> suspects(long onset, long bin);

  /** When a suspect is a clear one. */
  abstract Policy.Blame blame();

  /** A value of the source as one of a point. */
  abstract double seen(double value);

  /** A value of a point as the source has it. */
  abstract double told(double value);

  /**
   * Tells of a regression as it is now.
   *
   * @param clearing why it is over; null while it is not
   * @param settled whether it was raised or cleared, not only revised
   */
  abstract void tell(
      OpenRegression regression, FindingStatus status, Clearing clearing, boolean settled);

  /** Since when the series is of the level to compare with. */
  long learnedFrom() {
    return learnedFrom;
  }

  /** Judges the series, which ends in the bin that was closed last. */
  void judge() {
    clearRecovered();
    List<Point> points = points(CacheState.NOT_YET);
    Optional<Shift> rise = method.rise(points, learnedFrom, thresholds.lasting(RISE_LASTS));
    rise.ifPresent(shift -> learnedFrom = shift.onset());
    Optional<Shift> fall = method.fall(points, learnedFrom, thresholds);
    if (fall.isPresent() && (open.isEmpty() || !fall.get().gradual())) {
      raise(fall.get());
    } else {
      deepen();
    }
    clearRelearned();
  }

  /** Clears all that is open, as nothing is left to judge by. */
  void clearUnobserved() {
    for (int i = open.size() - 1; i >= 0; i--) {
      clear(i, null, "unobserved");
    }
    learnedFrom = CacheState.NOT_YET;
  }

  private void raise(Shift fall) {
    if (open.size() == REGRESSIONS) {
      // Its level before lies three falls back.
      clear(0, null, "relearned");
    }
    Sums sums = sums(fall.onset());
    List<Blame.Culprit> suspects =
        OpenRegression.bounded(suspects(fall.onset(), points(fall.onset()).get(0).length()));
    OpenRegression raised =
        new OpenRegression(
            fall.onset(),
            at,
            at,
            at,
            Figures.significant(told(fall.before())),
            Figures.significant(told(fall.after())),
            fall.gradual(),
            fall.confidence(),
            Math.round(fall.volume()),
            sums.calls(),
            sums.uncacheableShare(),
            sums.sampled(),
            1,
            suspects,
            Blame.isClear(suspects, blame()));
    open.add(raised);
    learnedFrom = fall.gradual() ? endLevel(fall.onset()).since() : fall.onset();
    tell(raised, FindingStatus.RAISED, null, true);
  }

  /** The level that a fall has ended on; present, as without it there was no fall. */
  private Level endLevel(long onset) {
    return method.level(points(onset), thresholds).orElseThrow();
  }

  /** Revises the newest regression when the level has sunk well below what it told. */
  private void deepen() {
    int newest = open.size() - 1;
    if (newest < 0) {
      return;
    }
    OpenRegression told = open.get(newest);
    double after = seen(told.after());
    Optional<Level> level = method.level(points(told.onset()), thresholds);
    if (level.isPresent()
        && level.get().highest() <= after - tolerance() / 2
        && level.get().value() <= after - tolerance()) {
      OpenRegression deeper =
          told.next(at, told(level.get().value()), sums(told.onset())).accepted(at);
      open.set(newest, deeper);
      learnedFrom = Math.max(learnedFrom, level.get().since());
      tell(deeper, FindingStatus.RAISED, null, false);
    }
  }

  private void clearRecovered() {
    for (int i = open.size() - 1; i >= 0; i--) {
      OpenRegression regression = open.get(i);
      Optional<Level> level = method.level(points(regression.onset()), thresholds);
      if (level.isPresent() && level.get().lowest() >= seen(regression.before()) - tolerance()) {
        clear(i, told(level.get().value()), "recovered");
        learnedFrom = Math.max(learnedFrom, level.get().since());
      }
    }
  }

  private void clearRelearned() {
    for (int i = open.size() - 1; i >= 0; i--) {
      if (at - open.get(i).acceptedSince() > thresholds.baseline()) {
        clear(i, null, "relearned");
      }
    }
  }

  /** Clears; the finding goes on saying how far the value had fallen, and where it is now. */
  private void clear(int index, Double now, String because) {
    OpenRegression regression = open.remove(index);
    boolean observed = !points(regression.onset()).isEmpty();
    OpenRegression last =
        regression.next(
            at, regression.after(), observed ? sums(regression.onset()) : regression.sums());
    PastRegression.remember(past, PastRegression.of(last, at, because));
    tell(last, FindingStatus.CLEARED, new Clearing(because, now), true);
  }

  /** How near to the level before counts as back, and how much further down as deeper. */
  private double tolerance() {
    return thresholds.minimumEffect() / 2;
  }
}
