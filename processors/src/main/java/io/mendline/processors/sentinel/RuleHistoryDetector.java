package io.mendline.processors.sentinel;

import io.mendline.processors.pipeline.Detector;
import io.mendline.processors.pipeline.Input;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Payload;
import io.mendline.processors.pipeline.Routes;
import io.mendline.processors.pipeline.Signal;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.pipeline.StateCodec;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.processors.pipeline.Step;
import io.mendline.processors.pipeline.View;
import io.mendline.serdes.telemetry.RuleChange;
import io.mendline.serdes.telemetry.SentinelHealth;
import io.mendline.serdes.telemetry.SentinelHealth.Status;
import java.time.Duration;

/**
 * Remembers which windows of the last seven days an analytics rule of Microsoft Sentinel ran over,
 * for those who ask. It finds nothing itself.
 *
 * <p><b>Method.</b> A window is known by its end, to the second. A run over its data is a Success
 * or a Partial success, in time if it was logged within {@link AbsentWindowDetector#ALLOWANCE}
 * after that end. It is given up as {@link SkippedWindowDetector} has it: by one record that says
 * so, or by six attempts; a partial success counts as a run here and not as an attempt. Of an NRT
 * rule the time between start and end of its runs' data is kept; a run that does not tell its
 * window counts for the minute before its record.
 *
 * <p><b>A function of the set:</b> what a record says of its window is added to what is known, and
 * nothing is ever taken back but what is older than seven days (and an hour) before the rule's
 * newest window.
 *
 * <p><b>Cost and bound.</b> A record costs a binary search and mostly changes one number: windows
 * that follow each other and went alike are one segment. A rule whose runs are all well takes about
 * 35 bytes with a short name, at any frequency, and an NRT rule about as much. Each change of
 * status adds about 5 bytes, a window that failed and was not given up 5 for each attempt and 3. At
 * most {@value RuleHistory#MAX_SEGMENTS} segments, {@value RuleHistory#MAX_TRIED} such windows and
 * four times {@value RuleHistory#MAX_SPANS} stretches of an NRT rule are kept: 20 to 30 KB for a
 * scheduled rule of every five minutes of which no window is like the one before, by estimate as
 * much for an NRT rule. Beyond that the oldest are dropped and counted; history then reaches less
 * far back. A rule that was not heard of for {@link #MEMORY} is forgotten, on a whole day, so that
 * its deadline rarely moves.
 */
public final class RuleHistoryDetector implements Detector<RuleHistory> {
  /** How long a rule is remembered that is not heard of. */
  static final Duration MEMORY = Duration.ofDays(30);

  /** How long a window of an NRT rule is that its record does not tell, seconds. */
  static final long NRT_SECONDS = 60;

  private static final long DAY = Duration.ofDays(1).toMillis();

  private final RuleHistoryCodec codec = new RuleHistoryCodec();

  @Override
  public StateKey keyOf(Message message) {
    return RuleKeys.of(message, RuleKeys::isOfRule);
  }

  @Override
  public int sources(RuleHistory state) {
    return Source.SENTINEL.bit();
  }

  @Override
  public int clocks() {
    return Source.SENTINEL.bit();
  }

  @Override
  public StateCodec<RuleHistory> codec() {
    return codec;
  }

  @Override
  public Step<RuleHistory> step(StateKey key, RuleHistory before, Input input, View view) {
    RuleHistory state = before == null ? new RuleHistory() : before;
    if (input instanceof Input.Arrived arrived) {
      Signal signal = (Signal) arrived.message();
      if (((Payload.Observed) signal.payload()).record() instanceof RuleChange change) {
        changed(state, change);
      } else {
        heard(state, signal, view);
      }
    }
    long forgottenAt = forgottenAt(state);
    boolean over = input instanceof Input.Due due && forgottenAt <= due.at();
    return over || forgottenAt < 0 ? Step.gone() : Step.quiet(state, forgottenAt);
  }

  /** When nothing is left to say of the rule; negative where nothing was said. */
  private static long forgottenAt(RuleHistory state) {
    long switched = state.off.isEmpty() ? -1 : state.off.last() * 1_000;
    long last = Math.max(state.newest, switched);
    return last < 0 ? -1 : Math.floorDiv(last + MEMORY.toMillis(), DAY) * DAY + DAY;
  }

  private static void changed(RuleHistory state, RuleChange change) {
    if (change.endsRuns()) {
      state.switchOff(Math.floorDiv(change.time(), 1_000L));
    }
  }

  private static void heard(RuleHistory state, Signal signal, View view) {
    SentinelHealth row = (SentinelHealth) ((Payload.Observed) signal.payload()).record();
    state.hear(signal.eventTime(), row.name());
    if (SkippedWindowDetector.isRunOfScheduledRule(row)) {
      scheduled(state, signal, row, view);
    } else if (RuleRunReader.isNrt(row)) {
      nearRealTime(state, signal, row);
    }
  }

  private static void scheduled(RuleHistory state, Signal signal, SentinelHealth row, View view) {
    boolean givenUp = row.status() == Status.FAILURE && ConsolidatedWording.in(row);
    Window window = Window.of(row, givenUp);
    if (window == null || window.end() < 0) {
      return;
    }
    long end = Math.floorDiv(window.end(), 1_000L);
    long step = Math.max(0, row.frequencyMillis() / 1_000);
    long look = look(row, window, step);
    Duration allowance =
        view.policy(window.end()).sentinel().allowance(Routes.workspace(signal.route()));
    boolean onTime = signal.eventTime() <= window.end() + allowance.toMillis();
    if (isNotExecuted(row)) {
      state.mark(end, step, look, RuleHistory.DISABLED);
    } else if (row.status() == Status.SUCCESS || row.status() == Status.PARTIAL_SUCCESS) {
      int how = row.status() == Status.SUCCESS ? RuleHistory.SUCCEEDED : RuleHistory.PARTLY;
      state.mark(end, step, look, how | (onTime ? RuleHistory.ON_TIME : 0));
    } else if (givenUp) {
      state.mark(end, step, look, RuleHistory.GIVEN_UP);
    } else {
      state.attempt(end, step, look, Long.hashCode(signal.contentId()));
    }
  }

  /** How far back a run over the window looks, seconds. */
  private static long look(SentinelHealth row, Window window, long step) {
    if (row.periodMillis() > 0) {
      return row.periodMillis() / 1_000;
    }
    long told = window.start() < 0 ? 0 : (window.end() - window.start()) / 1_000;
    return Math.max(told, step);
  }

  private static boolean isNotExecuted(SentinelHealth row) {
    return row.status() != Status.SUCCESS
        && row.status() != Status.PARTIAL_SUCCESS
        && (DisabledRules.saysNotExecuted(row.reason())
            || DisabledRules.saysNotExecuted(row.description()));
  }

  private static void nearRealTime(RuleHistory state, Signal signal, SentinelHealth row) {
    long time = Math.floorDiv(signal.eventTime(), 1_000L);
    switch (row.status()) {
      case SUCCESS, PARTIAL_SUCCESS -> {
        long start = Math.floorDiv(row.windowStart(), 1_000L);
        long end = Math.floorDiv(row.windowEnd(), 1_000L);
        boolean success = row.status() == Status.SUCCESS;
        if (row.hasWindow() && end <= time + NRT_SECONDS) {
          state.ran(Math.max(start, end - RuleHistory.KEPT), end, success);
        } else {
          state.ran(time - NRT_SECONDS, time, success);
        }
      }
      case WARNING, FAILURE -> state.didNotRun(time - NRT_SECONDS, time, isNotExecuted(row));
      case INFORMATIONAL, OTHER -> {
        // It tells of no run.
      }
    }
  }
}
