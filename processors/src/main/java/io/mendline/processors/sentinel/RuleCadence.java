package io.mendline.processors.sentinel;

import io.mendline.processors.pipeline.Coordinates;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/**
 * The state of one rule's rhythm: up to where its windows are accounted for, the runs heard of
 * beyond that, and the windows that no run was logged for.
 */
public final class RuleCadence {
  /** No such instant. */
  static final long NEVER = Long.MAX_VALUE;

  /**
   * A run of the rule, over one window, however it ended.
   *
   * @param end end of its window, epoch milliseconds
   * @param time event time of its record
   * @param looked it looked at the window's data
   * @param at where it was read
   * @param rule the rule as its record describes it; its frequency is known
   */
  record Run(long end, long time, boolean looked, Coordinates at, RunFact.Rule rule) {
    /** Ends of one window differ by less: some records tell them to the second. */
    private static final long SAME_END_MILLIS = 1_000;

    private static final Comparator<Run> BY_CONTENT =
        Comparator.comparing((Run run) -> run.rule().toString()).thenComparing(Run::looked);

    static final Comparator<Run> BY_END =
        Comparator.comparingLong(Run::end).thenComparingLong(Run::time).thenComparing(BY_CONTENT);

    static final Comparator<Run> BY_TIME =
        Comparator.comparingLong(Run::time).thenComparingLong(Run::end).thenComparing(BY_CONTENT);

    long frequency() {
      return rule.frequencyMillis();
    }

    long delay() {
      return Math.max(0, time - end);
    }

    /** Whether this is a run over the window with just this end, to the second. */
    boolean isOfWindow(long otherEnd) {
      return Math.floorDiv(end, 1_000L) == Math.floorDiv(otherEnd, 1_000L);
    }

    /**
     * Whether its window is rather the one with this end than a neighbour of that. Of a rule that
     * has taken up another frequency only a replay looks at the same window.
     */
    boolean isSameWindow(long otherEnd, long frequency) {
      long apart = Math.abs(end - otherEnd);
      return frequency == frequency() ? 2 * apart < frequency : apart < SAME_END_MILLIS;
    }
  }

  /** A window that no run was logged for in time. */
  static final class Absent {
    final long end;
    final long frequency;

    /** Event time at which it counted as absent. */
    final long judgedAt;

    /** Seconds of it that no run has looked at. */
    final long uncoveredSeconds;

    /** The last run before it. */
    final Run before;

    /**
     * End of the first of the neighbouring windows that are absent with it; its own if it is that.
     */
    final long gapEnd;

    /** Event time of what cleared it, or {@link #NEVER}. */
    long clearedAt = NEVER;

    /** Where the record that cleared it was read; null while nothing has. */
    Coordinates clearedBy;

    boolean clearSettled;

    Absent(
        long end, long frequency, long judgedAt, long uncoveredSeconds, Run before, long gapEnd) {
      this.end = end;
      this.frequency = frequency;
      this.judgedAt = judgedAt;
      this.uncoveredSeconds = uncoveredSeconds;
      this.before = before;
      this.gapEnd = gapEnd;
    }

    long start() {
      return end - frequency;
    }
  }

  /**
   * A change of the rule that the audit tells of.
   *
   * @param at event time
   * @param off it was switched off, or deleted
   * @param frequency how often the rule runs from then on, milliseconds; may be absent
   */
  record Turn(long at, boolean off, long frequency) {
    static final Comparator<Turn> BY_TIME =
        Comparator.comparingLong(Turn::at)
            .thenComparing(Turn::off)
            .thenComparingLong(Turn::frequency);

    /** Whether the rule keeps the rhythm that it had. */
    boolean keeps(long rhythm) {
      return !off && (frequency <= 0 || frequency == rhythm);
    }
  }

  /** The last run that is accounted for; null before the first. */
  Run last;

  /** The end of the last window that is accounted for, with a run or without. */
  long frontier;

  /** How many runs were seen one after the other, less the windows missed since. */
  int inRow;

  /** Whether it was switched off after the last run, or given another frequency. */
  boolean off;

  /** Changes of the rule beyond the frontier, or before its first run, by time. */
  final List<Turn> changes = new ArrayList<>();

  /** Runs beyond the frontier, by end. */
  final List<Run> ahead = new ArrayList<>();

  /** Windows without a run, by end. */
  final List<Absent> absent = new ArrayList<>();

  /** Up to when all that is due has been looked at, event time. */
  long lookedAt = Long.MIN_VALUE;

  /** How much was dropped because a bound was reached. */
  long dropped;

  /** Whether a run is of a window that is not accounted for. */
  boolean isBeyond(Run run) {
    return last == null || (run.end() > frontier && !run.isOfWindow(last.end()));
  }

  /** Takes a run that lies beyond the frontier; false where it was known. */
  boolean add(Run run) {
    int at = Collections.binarySearch(ahead, run, Run.BY_END);
    if (at >= 0) {
      return false;
    }
    ahead.add(-at - 1, run);
    return true;
  }

  /** Takes a change of the rule. */
  void add(Turn turn) {
    int at = Collections.binarySearch(changes, turn, Turn.BY_TIME);
    if (at < 0) {
      changes.add(-at - 1, turn);
    }
  }
}
