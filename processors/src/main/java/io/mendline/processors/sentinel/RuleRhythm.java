package io.mendline.processors.sentinel;

import io.mendline.processors.pipeline.ConnectorTrouble;
import io.mendline.processors.pipeline.Coordinates;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;

/**
 * The state of one rule's results: in which of the last hours it ran and in which of them it
 * returned anything, the hours that the watermark has not passed, and the open finding.
 *
 * <p>Hours and minutes are counted from 1970-01-01T00:00:00Z.
 */
public final class RuleRhythm {
  /** No such instant. */
  static final long NEVER = Long.MAX_VALUE;

  static final long HOUR_MILLIS = Duration.ofHours(1).toMillis();
  static final long MINUTE_MILLIS = Duration.ofMinutes(1).toMillis();

  /** How many hours are remembered: four weeks to learn from, and two to be quiet for. */
  static final int HOURS = 42 * 24;

  /** Hours in which the rule ran as often as it does, with or without results. */
  private final BitSet ran;

  /** Hours in which it returned something. */
  private final BitSet returned;

  /** All hours before this one are judged; {@link Long#MIN_VALUE} before the first. */
  long judged;

  /** Hours that are not, by hour. */
  final List<Hour> waiting = new ArrayList<>();

  /** The newest run of the judged hours; null before the first. */
  Run newest;

  /** The minute, epoch milliseconds, in which results were last returned; or negative. */
  long lastResult = -1;

  /** So many runs without results there were since; those of one minute count once. */
  long quietRuns;

  /** The finding that is open, or null. */
  Open open;

  /** How many hours were judged early because too many waited. */
  long early;

  RuleRhythm() {
    this(new BitSet(), new BitSet(), Long.MIN_VALUE);
  }

  RuleRhythm(BitSet ran, BitSet returned, long judged) {
    this.ran = ran;
    this.returned = returned;
    this.judged = judged;
  }

  /**
   * What describes the rule at a time, of a run of it.
   *
   * @param time event time of the record, epoch milliseconds
   * @param contentId its identity
   * @param rule the rule as the record describes it
   * @param at where it was read
   */
  record Run(long time, long contentId, RunFact.Rule rule, Coordinates at) {
    static final Comparator<Run> ORDER =
        Comparator.comparingLong(Run::time).thenComparingLong(Run::contentId);
  }

  /** The runs of an hour, by the minute: so the same run told twice is one, in any order. */
  static final class Hour {
    final long hour;

    /** The minutes in which a run returned nothing, as bits. */
    long quiet;

    /** The minutes in which a run returned something, as bits. */
    long returned;

    /** The newest run of the hour. */
    Run newest;

    Hour(long hour) {
      this.hour = hour;
    }

    void add(Run run, boolean something) {
      long minute = 1L << (Math.floorMod(run.time(), HOUR_MILLIS) / MINUTE_MILLIS);
      if (something) {
        returned |= minute;
      } else {
        quiet |= minute;
      }
      if (newest == null || Run.ORDER.compare(run, newest) > 0) {
        newest = run;
      }
    }

    long end() {
      return (hour + 1) * HOUR_MILLIS;
    }

    /** The first minute with results, epoch milliseconds; there is one. */
    long firstResult() {
      return hour * HOUR_MILLIS + Long.numberOfTrailingZeros(returned) * MINUTE_MILLIS;
    }

    /** The last minute with results, epoch milliseconds; there is one. */
    long lastResult() {
      return hour * HOUR_MILLIS + lastMinute() * MINUTE_MILLIS;
    }

    /** Runs without results after the last one with. */
    int quietRuns() {
      long after = returned == 0 ? -1L : ~((1L << lastMinute() << 1) - 1);
      return Long.bitCount(quiet & ~returned & after);
    }

    /** Whether it ran at least half as often as its frequency says. */
    boolean isFull() {
      long frequency = newest.rule().frequencyMillis();
      return frequency <= 0 || 2L * Long.bitCount(quiet | returned) * frequency >= HOUR_MILLIS;
    }

    /** Runs without results before the first one with. */
    int quietRunsBefore() {
      return Long.bitCount(quiet & (Long.lowestOneBit(returned) - 1));
    }

    private int lastMinute() {
      return Long.SIZE - 1 - Long.numberOfLeadingZeros(returned);
    }
  }

  /** What was told of the silence that lasts. */
  static final class Open {
    /** The minute of the last results before it, epoch milliseconds: what it is known by. */
    final long lastResult;

    /** From when on results were due, epoch milliseconds. */
    final long onset;

    /** When it was raised, epoch milliseconds. */
    final long raisedAt;

    final double expected;
    final int quietHours;
    final int learntDays;
    final long quietRuns;

    /** The connector that may be the reason; null where there is none. */
    final ConnectorTrouble connector;

    Open(
        long lastResult,
        long onset,
        long raisedAt,
        double expected,
        int quietHours,
        int learntDays,
        long quietRuns,
        ConnectorTrouble connector) {
      this.lastResult = lastResult;
      this.onset = onset;
      this.raisedAt = raisedAt;
      this.expected = expected;
      this.quietHours = quietHours;
      this.learntDays = learntDays;
      this.quietRuns = quietRuns;
      this.connector = connector;
    }
  }

  static long hourOf(long instant) {
    return Math.floorDiv(instant, HOUR_MILLIS);
  }

  BitSet ran() {
    return ran;
  }

  BitSet returned() {
    return returned;
  }

  boolean ranIn(long hour) {
    return isKept(hour) && ran.get(slot(hour));
  }

  boolean returnedIn(long hour) {
    return isKept(hour) && returned.get(slot(hour));
  }

  private boolean isKept(long hour) {
    return hour < judged && hour >= judged - HOURS;
  }

  /** The hour that waits, made if it is new. */
  Hour waiting(long hour) {
    int at = waiting.size();
    while (at > 0 && waiting.get(at - 1).hour > hour) {
      at--;
    }
    if (at > 0 && waiting.get(at - 1).hour == hour) {
      return waiting.get(at - 1);
    }
    Hour made = new Hour(hour);
    waiting.add(at, made);
    return made;
  }

  /** Takes the first hour that waits into the rhythm. */
  Hour judgeFirst() {
    Hour next = waiting.remove(0);
    if (isAnother(next.newest.rule())) {
      forget();
    }
    moveOnTo(next.hour + 1);
    newest = next.newest;
    if (next.isFull()) {
      ran.set(slot(next.hour));
    }
    if (next.returned == 0) {
      quietRuns += next.quietRuns();
    } else {
      returned.set(slot(next.hour));
      lastResult = next.lastResult();
      quietRuns = next.quietRuns();
    }
    return next;
  }

  /** A rule that runs at another pace or looks back otherwise has another rhythm. */
  private boolean isAnother(RunFact.Rule rule) {
    return newest != null
        && (differ(newest.rule().frequencyMillis(), rule.frequencyMillis())
            || differ(newest.rule().periodMillis(), rule.periodMillis()));
  }

  private static boolean differ(long before, long now) {
    return before > 0 && now > 0 && before != now;
  }

  private void moveOnTo(long hour) {
    if (judged == Long.MIN_VALUE || hour - judged >= HOURS) {
      ran.clear();
      returned.clear();
      judged = hour;
    }
    for (; judged < hour; judged++) {
      ran.clear(slot(judged));
      returned.clear(slot(judged));
    }
  }

  /** Notes results that were told of when their hour had been judged. */
  void noteLate(long time) {
    long hour = hourOf(time);
    if (isKept(hour)) {
      returned.set(slot(hour));
    }
    long minute = Math.floorDiv(time, MINUTE_MILLIS) * MINUTE_MILLIS;
    if (minute > lastResult) {
      lastResult = minute;
      quietRuns = 0;
    }
  }

  /** Takes the hours from an instant on out of the rhythm. */
  void leaveOut(long from) {
    for (long hour = Math.max(hourOf(from), judged - HOURS); hour < judged; hour++) {
      ran.clear(slot(hour));
    }
  }

  /** Begins to learn anew. */
  void forget() {
    ran.clear();
    returned.clear();
    lastResult = -1;
    quietRuns = 0;
  }

  private static int slot(long hour) {
    return (int) Math.floorMod(hour, (long) HOURS);
  }
}
