package io.mendline.processors.runs;

import io.mendline.serdes.binary.WireEnum;
import io.mendline.serdes.telemetry.RunState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Predicate;

/** How the last runs of one job ended. */
public final class JobOdds {
  /** So many runs that ended well or in failure count. */
  static final int KEPT = 50;

  /**
   * So many that ended otherwise are kept beside them, only so that a notification of one is not
   * taken for a failure.
   */
  static final int KEPT_OTHERWISE = 16;

  private static final Comparator<Ended> BY_TIME =
      Comparator.comparingLong(Ended::at).thenComparingLong(Ended::run);

  /** How a run ended. Of two that are told of one instant the greater counts. */
  enum Verdict implements WireEnum {
    FAILED(1),
    /** Cancelled by a person, or not started. */
    OTHERWISE(2),
    SUCCEEDED(3);

    private final int code;

    Verdict(int code) {
      this.code = code;
    }

    @Override
    public int code() {
      return code;
    }
  }

  /** How much a telling of an end weighs against another of the same end. */
  enum Weight implements WireEnum {
    /** Of something that has no time of its own, and is sent of what did not fail, too. */
    NOTIFIED(1),
    /** Of a source that knows when. */
    TOLD(2),
    /** What the run has reported of its items was looked at. */
    REPORTED(3);

    private final int code;

    Weight(int code) {
      this.code = code;
    }

    @Override
    public int code() {
      return code;
    }
  }

  /**
   * That a run has ended, as it waits for the watermark.
   *
   * @param time event time
   * @param run a hash of the run's id
   */
  record Telling(long time, long run, Verdict verdict, Weight weight) {
    static final Comparator<Telling> ORDER =
        Comparator.comparingLong(Telling::time)
            .thenComparing(Telling::verdict)
            .thenComparing(Telling::weight)
            .thenComparingLong(Telling::run);
  }

  /**
   * A run that has ended.
   *
   * @param run a hash of its id
   * @param at when it ended first: a repair does not move it
   * @param last when it ended by the telling that counts
   * @param verdict what that says
   * @param weight what that weighs
   */
  record Ended(long run, long at, long last, Verdict verdict, Weight weight) {
    /** Once this is told as well. */
    Ended with(Telling told) {
      return counts(told)
          ? new Ended(run, at, Math.max(last, told.time()), told.verdict(), told.weight())
          : this;
    }

    private boolean counts(Telling told) {
      int order = told.weight().compareTo(weight);
      if (order != 0 && (weight == Weight.NOTIFIED || told.weight() == Weight.NOTIFIED)) {
        return order > 0;
      }
      if (weight == Weight.NOTIFIED) {
        return told.verdict().compareTo(verdict) > 0;
      }
      if (order == 0) {
        return told.time() > last || (told.time() == last && told.verdict().compareTo(verdict) > 0);
      }
      // Sources tell the time of one end a little differently; farther apart it is another end.
      return order > 0
          ? told.time() + RunFacts.EVIDENCE_WAIT >= last
          : told.time() > last + RunFacts.EVIDENCE_WAIT;
    }
  }

  final TreeSet<Telling> waiting = new TreeSet<>(Telling.ORDER);

  /** By the time they ended first. */
  final List<Ended> ended = new ArrayList<>();

  /** Up to which event time everything is counted. */
  long counted = RunState.ABSENT;

  /** When an end was told last. */
  long heard = RunState.ABSENT;

  /** How many tellings were counted before the watermark had passed them, for want of room. */
  int early;

  /** Counts a telling. */
  void count(Telling told) {
    for (int i = ended.size() - 1; i >= 0; i--) {
      if (ended.get(i).run() == told.run()) {
        ended.set(i, ended.get(i).with(told));
        keepBounds();
        return;
      }
    }
    Ended run = new Ended(told.run(), told.time(), told.time(), told.verdict(), told.weight());
    int place = ended.size();
    while (place > 0 && BY_TIME.compare(ended.get(place - 1), run) > 0) {
      place--;
    }
    ended.add(place, run);
    keepBounds();
  }

  private void keepBounds() {
    keepLast(KEPT, run -> run.verdict() != Verdict.OTHERWISE);
    keepLast(KEPT_OTHERWISE, run -> run.verdict() == Verdict.OTHERWISE);
  }

  private void keepLast(int most, Predicate<Ended> kind) {
    if (ended.stream().filter(kind).count() > most) {
      ended.remove(ended.stream().filter(kind).findFirst().orElseThrow());
    }
  }

  /** The run that ended last, well or in failure; null where none is known. */
  Ended last() {
    return ended.stream()
        .filter(run -> run.verdict() != Verdict.OTHERWISE)
        .max(Comparator.comparingLong(Ended::last).thenComparingLong(Ended::run))
        .orElse(null);
  }

  /** How often the last {@value #KEPT} runs that ended well or in failure did end well. */
  public SuccessRate successRate() {
    return SuccessRate.of(
        ended.stream()
            .filter(run -> run.verdict() != Verdict.OTHERWISE)
            .map(run -> run.verdict() == Verdict.SUCCEEDED)
            .toList());
  }
}
