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
 * one before, and a quarter of the fall, for the time of persistence ({@code recovered}), when the
 * new level has stood for longer than the baseline ({@code relearned}), or when there was nothing
 * to judge by for long ({@code unobserved}). A rise that lasts a day is the new level to compare
 * with; a whole day, so that a morning is not taken for one.
 *
 * <p>Points are the higher the better, and in units of the least effect's; {@link #seen} and {@link
 * #told} turn a value of the source into one of a point and back.
 */
abstract class RegressionWatch {
  /** Regressions of a series open at once. */
  static final int REGRESSIONS = 3;

  /**
   * How long a better level, or one still worse, must have lasted to be taken for one. What was
   * over sooner was no level of its own.
   */
  private static final long ONE_DAY = Duration.ofDays(1).toMillis();

  /** What was over sooner may as well have been a weekend, if the rhythm was not known. */
  private static final long EXCURSION = Duration.ofHours(60).toMillis();

  /** A decline may pause for so long and still go on. */
  private static final long DRIFTS = Duration.ofDays(7).toMillis();

  /** The part of a fall that may be left when it is over: noise alone comes half the way back. */
  private static final double BACK = 0.25;

  private final RegressionMethod method;
  private final Thresholds thresholds;
  private final List<OpenRegression> open;
  private final List<PastRegression> past;
  private final List<Move> moves;
  private final Policy.Week week;
  private final long at;
  private Series series;

  /**
   * A watch as of the close of a bin.
   *
   * @param open the regressions that are open, oldest first; changed in place
   * @param past those that were cleared, in that order; changed in place
   * @param moves lasting changes that were taken as given, in units of the source; changed in place
   * @param week which days are no workdays
   * @param at the end of the bin that was closed last
   */
  RegressionWatch(
      RegressionMethod method,
      Thresholds thresholds,
      List<OpenRegression> open,
      List<PastRegression> past,
      List<Move> moves,
      Policy.Week week,
      long at) {
    this.method = method;
    this.thresholds = thresholds;
    this.open = open;
    this.past = past;
    this.moves = moves;
    this.week = week;
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

  /** For how long before it a message of a bin may tell, milliseconds. */
  abstract long apart(long start);

  /** What may be to blame for a fall, most likely first. */
  abstract List<Blame.Culprit> suspects(long onset, When when);

  /** When a suspect is a clear one. */
  abstract Policy.Blame blame();

  /** A value of the source as one of a point: the same, where nothing else is said. */
  double seen(double value) {
    return value;
  }

  /** A value of a point as the source has it. */
  double told(double value) {
    return value;
  }

  /**
   * Tells of a regression as it is now.
   *
   * @param clearing why it is over; null while it is not
   * @param settled whether it was raised or cleared, not only revised
   */
  abstract void tell(
      OpenRegression regression, FindingStatus status, Clearing clearing, boolean settled);

  /** Judges the series, which ends in the bin that was closed last. */
  void judge() {
    clearRecovered();
    method
        .rise(series(), thresholds.lasting(ONE_DAY))
        .ifPresent(rise -> moved(rise.onset(), rise.until(), rise.after() - rise.before()));
    Optional<Shift> fall = method.fall(series(), !open.isEmpty(), thresholds);
    if (fall.isEmpty()) {
      deepen(tolerance());
    } else if (!open.isEmpty() && fall.get().onset() < newest().onset() + ONE_DAY) {
      // So soon it is no other fall, but more of the one that is known.
      deepen(fall.get().onset(), fall.get().until(), fall.get().before(), fall.get().after());
    } else {
      raise(fall.get());
    }
    clearRelearned();
  }

  /** All points, as the moves that are known by now have it. */
  private Series series() {
    if (series == null) {
      List<Move> seen =
          moves.stream().map(move -> new Move(move.from(), move.until(), seen(move.by()))).toList();
      series = new Series(points(SeriesState.NOT_YET), seen, week);
    }
    return series;
  }

  /** Takes a change of the level as given. */
  private void moved(long from, long until, double by) {
    Move.add(moves, new Move(from, until, told(by)));
    series = null;
  }

  /** Clears all that is open, as nothing is left to judge by. */
  void clearUnobserved() {
    for (int i = open.size() - 1; i >= 0; i--) {
      clear(i, null, "unobserved");
    }
  }

  private void raise(Shift fall) {
    if (open.size() == REGRESSIONS) {
      // Its level before lies three falls back.
      clear(0, null, "relearned");
    }
    When when = fall.when().sooner(apart(fall.onset()));
    Sums sums = sums(fall.onset());
    List<Blame.Culprit> suspects = OpenRegression.bounded(suspects(fall.onset(), when));
    OpenRegression raised =
        new OpenRegression(
            fall.onset(),
            when,
            at,
            at,
            at,
            Figures.significant(told(fall.before())),
            Figures.significant(told(fall.after())),
            fall.gradual(),
            fall.abrupt(),
            fall.confidence(),
            Math.round(fall.volume()),
            sums.calls(),
            sums.uncacheableShare(),
            sums.sampled(),
            1,
            suspects,
            Blame.isClear(suspects, blame()));
    open.add(raised);
    moved(fall.onset(), fall.until(), fall.after() - fall.before());
    tell(raised, FindingStatus.RAISED, null, true);
  }

  private OpenRegression newest() {
    return open.get(open.size() - 1);
  }

  /**
   * Revises the newest regression when the level of the last day lies below what it told.
   *
   * @param by by how much at least
   * @return whether it does
   */
  private boolean deepen(double by) {
    if (open.isEmpty()) {
      return false;
    }
    OpenRegression told = newest();
    double after = seen(told.after());
    Optional<Level> level = method.level(series(), told.onset(), thresholds.lasting(ONE_DAY));
    boolean deeper =
        level.isPresent()
            && level.get().sure()
            && level.get().highest() <= after - by / 2
            && level.get().value() <= after - by;
    if (deeper) {
      long since = Math.max(series().since(), told.onset());
      deepen(since, Math.max(since, level.get().since()), after, level.get().value());
    }
    return deeper;
  }

  private void deepen(long from, long until, double before, double after) {
    OpenRegression told = newest();
    OpenRegression deeper = told.next(at, told(after), sums(told.onset())).accepted(at);
    open.set(open.size() - 1, deeper);
    moved(from, until, after - before);
    tell(deeper, FindingStatus.RAISED, null, false);
  }

  private void clearRecovered() {
    long since = SeriesState.NOT_YET;
    for (int i = open.size() - 1; i >= 0; i--) {
      OpenRegression regression = open.get(i);
      Optional<Level> level = method.level(series(), regression.onset(), thresholds);
      if (level.isPresent() && isBack(level.get(), regression)) {
        since = regression.onset();
        clear(i, told(level.get().value()), "recovered");
      }
    }
    if (since != SeriesState.NOT_YET) {
      Move back = method.recovery(series(), Math.max(since, series().since()));
      if (back.from() - since < EXCURSION) {
        // It may as well have been the rhythm; so it has to stay in what the rhythm is taken from.
        long onset = since;
        moves.removeIf(move -> move.from() >= onset);
        moved(back.from(), back.from(), 0);
      } else {
        moved(back.from(), back.until(), back.by());
      }
    }
  }

  /** Clears what has stood for long enough; a level that went on sinking did not stand. */
  private void clearRelearned() {
    for (int i = open.size() - 1; i >= 0; i--) {
      OpenRegression regression = open.get(i);
      long after =
          !regression.abrupt() || regression.acceptedSince() > regression.raisedAt()
              ? Math.max(DRIFTS, thresholds.baseline())
              : thresholds.baseline();
      if (at - regression.acceptedSince() > after
          && (i < open.size() - 1 || !deepen(tolerance() / 2))) {
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

  /** Whether the mean is all but as before, and no bin nearer to the level after the fall. */
  private boolean isBack(Level level, OpenRegression regression) {
    double before = seen(regression.before());
    double fall = before - seen(regression.after());
    return level.value() >= before - Math.min(tolerance(), BACK * fall)
        && level.lowest() >= before - Math.min(tolerance(), fall / 2);
  }

  /** How near to the level before counts as back, and how much further down as deeper. */
  private double tolerance() {
    return thresholds.minimumEffect() / 2;
  }
}
