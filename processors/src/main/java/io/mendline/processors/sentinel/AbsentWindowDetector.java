package io.mendline.processors.sentinel;

import io.mendline.processors.pipeline.Detector;
import io.mendline.processors.pipeline.Input;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Output;
import io.mendline.processors.pipeline.Payload;
import io.mendline.processors.pipeline.Presence;
import io.mendline.processors.pipeline.Routes;
import io.mendline.processors.pipeline.Signal;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.pipeline.StateCodec;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.processors.pipeline.Step;
import io.mendline.processors.pipeline.View;
import io.mendline.processors.policy.Policy;
import io.mendline.processors.sentinel.RuleCadence.Absent;
import io.mendline.processors.sentinel.RuleCadence.Run;
import io.mendline.serdes.telemetry.RuleChange;
import io.mendline.serdes.telemetry.SentinelHealth;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the windows of a scheduled analytics rule that no record at all speaks of: neither a run
 * nor a failure was logged, so no query of the health table finds them.
 *
 * <p><b>Method.</b> A rule that was seen to run {@link #seenBefore some times} in a row is expected
 * to run again one frequency after its last window's end, and for about as many windows as it was
 * seen. A window counts as absent when the {@linkplain Policy.Sentinel#allowance allowance} after
 * its end no record of it was logged, <em>and</em> the workspace was heard all the while: no
 * silence of the workspace between the window's end and then is longer than half again its usual
 * pace (law 3). Where one is, what was logged may have been lost with it, and the window is
 * <em>unknown</em>. While the workspace is silent its {@linkplain
 * io.mendline.processors.pipeline.Hearing clock} stands still, so nothing is judged until what was
 * kept back has come.
 *
 * <p>A run that comes earlier than expected, or with another frequency, sets the rhythm anew; the
 * windows that the old rhythm had expected between are none. Of a rule that runs {@linkplain #OFTEN
 * often} it does so only where the expected one does not come: else it is the try of somebody. So
 * does a change of the rule that the audit tells of; one that is switched off, deleted or given
 * another frequency is not expected until it runs again. One finding a window, {@code
 * detectedBy=ABSENT}, cleared by any later record of the window: a replay, or one logged late.
 * Within a rule's look-back a later run sees the same data; {@code uncoveredSeconds} says what of
 * the window no run has seen by the time it is judged.
 *
 * <p><b>Settled</b> (law 4): it takes the whole set up to the deadline to say that nothing was
 * logged. So the judgement looks at records up to the deadline only, and at the workspace's
 * presence up to it.
 *
 * <p><b>Cost and bound.</b> A rule that runs often costs no deadline while it keeps its rhythm:
 * each run moves it on. State: the last run, at most {@value #MAX_AHEAD} runs that came before
 * their predecessors, and {@value #MAX_ABSENT} absent windows; about 150 bytes for a healthy rule.
 * What is dropped beyond is counted. A rule that was not heard of for {@link #EXPECTED_FOR} is no
 * longer expected; for as long a change is kept of one that was never seen to run, as its first run
 * may come after it.
 */
public final class AbsentWindowDetector implements Detector<RuleCadence> {
  /**
   * How long a rule that is no longer heard of is expected: as far back as a window is replayed.
   */
  static final Duration EXPECTED_FOR = Duration.ofDays(7);

  /** At most so many runs whose predecessors have not come are kept. */
  static final int MAX_AHEAD = 4_096;

  /**
   * A rule that runs so often moves on with each run that comes, and waits with any other for the
   * one that is expected. Of one that runs more seldom that would be to wait for long when it has
   * taken up another rhythm, and a deadline a run costs little: it goes by the watermark.
   */
  static final Duration OFTEN = Duration.ofHours(1);

  /** Beyond so many runs in a row it makes no difference. */
  static final int MAX_IN_ROW = 1 << 20;

  /** At most so many changes of a rule that are ahead of its windows are kept. */
  static final int MAX_CHANGES = 64;

  /** At most so many absent windows are kept of a rule. */
  static final int MAX_ABSENT = 512;

  private static final int SOURCES = Source.SENTINEL.bit();

  /** Of a bin it is not known in which of its minutes the workspace was heard. */
  private static final long MARGIN = Presence.BIN_MILLIS;

  private final StateCodec<RuleCadence> codec = new RuleCadenceCodec();

  @Override
  public StateKey keyOf(Message message) {
    return RuleKeys.of(message, SkippedWindowDetector::isRunOfScheduledRule);
  }

  @Override
  public int sources(RuleCadence state) {
    return SOURCES;
  }

  @Override
  public int clocks() {
    return SOURCES;
  }

  @Override
  public StateCodec<RuleCadence> codec() {
    return codec;
  }

  @Override
  public Step<RuleCadence> step(StateKey key, RuleCadence before, Input input, View view) {
    RuleCadence state = before == null ? new RuleCadence() : before;
    Allowance allowance = Allowance.of(key, view);
    List<Output> outputs = new ArrayList<>();
    if (input instanceof Input.Due due) {
      judge(key, state, due.at(), allowance, view, outputs);
      return isForgotten(state, due.at()) && outputs.isEmpty()
          ? Step.gone()
          : new Step<>(state, outputs, Math.max(due.at() + 1, wakeAt(state, allowance)));
    }
    Signal signal = (Signal) ((Input.Arrived) input).message();
    if (((Payload.Observed) signal.payload()).record() instanceof RuleChange change) {
      changed(state, change);
    } else {
      Run run = runOf(signal);
      if (run != null) {
        arrived(key, state, run, allowance, view, outputs);
      }
    }
    if (state.last == null && state.ahead.isEmpty() && state.changes.isEmpty()) {
      return Step.gone();
    }
    return new Step<>(state, outputs, wakeAt(state, allowance));
  }

  /** The run that a record tells of, or null where it does not say of which window or how often. */
  private static Run runOf(Signal signal) {
    SentinelHealth row = (SentinelHealth) ((Payload.Observed) signal.payload()).record();
    Window window = Window.of(row, ConsolidatedWording.in(row));
    if (window == null || window.end() < 0 || row.frequencyMillis() <= 0) {
      return null;
    }
    boolean looked =
        row.status() == SentinelHealth.Status.SUCCESS
            || row.status() == SentinelHealth.Status.PARTIAL_SUCCESS;
    return new Run(window.end(), signal.eventTime(), looked, signal.at(), RunFact.Rule.of(row));
  }

  private static void changed(RuleCadence state, RuleChange change) {
    if (state.last == null || change.time() > state.frontier) {
      state.add(new RuleCadence.Turn(change.time(), change.endsRuns(), change.frequencyMillis()));
    }
    if (state.changes.size() > MAX_CHANGES) {
      state.changes.remove(0);
      state.dropped++;
    }
  }

  private static void arrived(
      StateKey key,
      RuleCadence state,
      Run run,
      Allowance allowance,
      View view,
      List<Output> outputs) {
    clear(key, state, run, view, outputs);
    if (!state.isBeyond(run)) {
      takeForLast(state, run, allowance);
      return;
    }
    if (state.add(run) && run.time() <= state.lookedAt) {
      // So late that its time has been looked at; it is looked at once more.
      state.lookedAt = run.time() - 1;
    }
    advanceInRhythm(state, allowance);
    while (state.ahead.size() > MAX_AHEAD) {
      state.ahead.remove(state.ahead.size() - 1);
      state.dropped++;
    }
  }

  /**
   * Of several records of the last window the first in event time stands for it, whichever came
   * first.
   */
  private static void takeForLast(RuleCadence state, Run run, Allowance allowance) {
    if (state.frontier == state.last.end()
        && run.isOfWindow(state.frontier)
        && run.frequency() == state.last.frequency()
        && run.delay() <= allowance.after(run.end())
        && Run.BY_TIME.compare(run, state.last) < 0) {
      state.last = run;
      state.frontier = run.end();
    }
  }

  /** A record about a window that counted as absent. */
  private static void clear(
      StateKey key, RuleCadence state, Run run, View view, List<Output> outputs) {
    for (Absent absent : state.absent) {
      if (run.isSameWindow(absent.end, absent.frequency)) {
        clear(key, absent, run, view, outputs);
      }
    }
  }

  /** Of several that clear it, the first in event time counts. */
  private static void clear(StateKey key, Absent absent, Run run, View view, List<Output> outputs) {
    if (absent.clearSettled || run.time() >= absent.clearedAt) {
      return;
    }
    boolean known = absent.clearedAt != RuleCadence.NEVER;
    absent.clearedAt = run.time();
    absent.clearedBy = run.at();
    if (!known) {
      outputs.add(new Output.Found(key.route(), AbsentWindows.cleared(key, absent, view)));
    }
  }

  /**
   * Moves a rule that runs often on over runs of just the windows that were expected: whatever else
   * there is, these are accounted for, so that this need not wait for the watermark.
   *
   * <p>All else waits until such a run can no longer come: else what lies between would count or
   * not, as it was before that run or after it that the watermark passed.
   */
  private static void advanceInRhythm(RuleCadence state, Allowance allowance) {
    while (waitsForExpected(state)) {
      Run next = expectedRun(state, allowance);
      if (next == null) {
        return;
      }
      accept(state, next);
    }
  }

  private static Run expectedRun(RuleCadence state, Allowance allowance) {
    long frequency = state.last.frequency();
    long end = state.frontier + frequency;
    Run first = null;
    for (Run run : state.ahead) {
      if (run.end() > end && !run.isOfWindow(end)) {
        break;
      }
      if (run.isOfWindow(end)
          && run.frequency() == frequency
          && run.delay() <= allowance.after(run.end())
          && (first == null || Run.BY_TIME.compare(run, first) < 0)) {
        first = run;
      }
    }
    return first;
  }

  private static void accept(RuleCadence state, Run run) {
    boolean inRow = state.last != null && (isExpected(state) || isNextOf(state, run));
    state.inRow = inRow ? Math.min(state.inRow + 1, MAX_IN_ROW) : 1;
    state.last = run;
    state.frontier = run.end();
    state.off = false;
    state.ahead.removeIf(other -> !state.isBeyond(other));
    state.changes.removeIf(turn -> turn.at() <= run.end());
  }

  /** Judges all that is due, as of {@code at}. */
  private static void judge(
      StateKey key,
      RuleCadence state,
      long at,
      Allowance allowance,
      View view,
      List<Output> outputs) {
    state.lookedAt = Math.max(state.lookedAt, at);
    settleClears(key, state, at, view, outputs);
    while (true) {
      advanceInRhythm(state, allowance);
      Run next = nextBy(state, at, allowance);
      if (next != null && (!isExpected(state) || isNextOf(state, next))) {
        if (next.frequency() != frequencyOf(state)) {
          unexpect(key, state, next, view, outputs);
        }
        accept(state, next);
      } else if (!isExpected(state) || deadline(state, allowance) > at) {
        break;
      } else if (!turnedBy(state)) {
        judgeNext(key, state, at, allowance, view, outputs);
      }
      state.ahead.removeIf(run -> !state.isBeyond(run));
    }
    if (state.last == null) {
      state.changes.removeIf(turn -> keptUntil(turn) <= at);
    }
    state.absent.removeIf(
        absent -> absent.clearSettled || absent.end + Window.SPOKEN_OF.toMillis() <= at);
  }

  private static long frequencyOf(RuleCadence state) {
    return state.last == null ? -1 : state.last.frequency();
  }

  /** Whether a run that is not the expected one has to wait for that. */
  private static boolean waitsForExpected(RuleCadence state) {
    return isExpected(state) && runsOften(state);
  }

  private static boolean runsOften(RuleCadence state) {
    return state.last.frequency() <= OFTEN.toMillis();
  }

  /** The earliest run beyond the frontier that was logged by an instant and need not wait. */
  private static Run nextBy(RuleCadence state, long at, Allowance allowance) {
    if (waitsForExpected(state) && deadline(state, allowance) > at) {
      return null;
    }
    for (Run run : state.ahead) {
      if (run.time() <= at && (run.delay() <= allowance.after(run.end()) || !isExpected(state))) {
        return run;
      }
    }
    return null;
  }

  /** Whether no window lies between what is accounted for and a run. */
  private static boolean isNextOf(RuleCadence state, Run run) {
    long passed = run.end() - state.frontier;
    return 2 * passed < 3 * state.last.frequency()
        || (run.frequency() != state.last.frequency() && 2 * passed < 3 * run.frequency());
  }

  /** Takes back what the old rhythm had expected after the rule had taken up a new one. */
  private static void unexpect(
      StateKey key, RuleCadence state, Run run, View view, List<Output> outputs) {
    for (Absent absent : state.absent) {
      if (absent.start() >= run.end() - run.frequency()) {
        clear(key, absent, run, view, outputs);
      }
    }
  }

  private static long deadline(RuleCadence state, Allowance allowance) {
    long end = state.frontier + state.last.frequency();
    return end + allowance.after(end);
  }

  /** How long after a window's end a record of it may be logged, in this workspace. */
  private record Allowance(String workspace, View view) {
    static Allowance of(StateKey key, View view) {
      return new Allowance(Routes.workspace(key.route()), view);
    }

    long after(long end) {
      return view.policy(end).sentinel().allowance(workspace).toMillis();
    }
  }

  /** Whether the rule has a rhythm by which a window can be missed. */
  private static boolean isExpected(RuleCadence state) {
    return state.last != null
        && state.inRow >= seenBefore(state.last.frequency())
        && !state.off
        && state.frontier < state.last.end() + EXPECTED_FOR.toMillis();
  }

  /**
   * How many runs in a row make a rhythm. Where only failures are written to the topic, or a part
   * of the rules, a few runs in a row say nothing of the next; of a rule that runs by the day two
   * have to do.
   */
  private static int seenBefore(long frequency) {
    if (frequency >= Duration.ofDays(1).toMillis()) {
      return 2;
    }
    return frequency >= Duration.ofHours(6).toMillis() ? 3 : 4;
  }

  /**
   * Takes the earliest change of the rule that comes before the next window's end: one that is
   * switched off, deleted or given another frequency is not expected until it runs, and one that is
   * changed otherwise begins anew.
   */
  private static boolean turnedBy(RuleCadence state) {
    if (state.changes.isEmpty()
        || state.changes.get(0).at() > state.frontier + state.last.frequency()) {
      return false;
    }
    RuleCadence.Turn turn = state.changes.remove(0);
    state.off = !turn.keeps(state.last.frequency());
    state.frontier = Math.max(state.frontier, turn.at());
    return true;
  }

  /** Judges the window after the frontier. */
  private static void judgeNext(
      StateKey key,
      RuleCadence state,
      long at,
      Allowance allowance,
      View view,
      List<Output> outputs) {
    long frequency = state.last.frequency();
    long end = state.frontier + frequency;
    Presence presence = view.presence(key.route(), Source.SENTINEL);
    boolean heard = presence.heardThroughout(end - MARGIN, deadline(state, allowance));
    state.frontier = end;
    state.inRow = Math.max(1, state.inRow - 1);
    if (heard) {
      raise(key, state, end, at, view, outputs);
    }
  }

  private static void raise(
      StateKey key, RuleCadence state, long end, long at, View view, List<Output> outputs) {
    long frequency = state.last.frequency();
    Absent previous = state.absent.isEmpty() ? null : state.absent.get(state.absent.size() - 1);
    long gapEnd = previous != null && previous.end == end - frequency ? previous.gapEnd : end;
    Absent absent = new Absent(end, frequency, at, uncovered(state, end, at), state.last, gapEnd);
    while (state.absent.size() >= MAX_ABSENT) {
      state.absent.remove(0);
      state.dropped++;
    }
    state.absent.add(absent);
    outputs.add(new Output.Found(key.route(), AbsentWindows.raised(key, absent, view)));
    outputs.add(
        new Output.Settled(key.route(), at, SOURCES, AbsentWindows.raised(key, absent, view)));
    for (Run run : state.ahead) {
      // Logged later than is allowed for, and read already.
      if (run.isSameWindow(end, frequency)) {
        clear(key, absent, run, view, outputs);
      }
    }
  }

  /** Seconds of a window that none of the later runs by an instant has looked back on. */
  private static long uncovered(RuleCadence state, long end, long at) {
    long start = end - state.last.frequency();
    long seenFrom = end;
    for (Run run : state.ahead) {
      if (run.looked() && run.time() <= at && run.rule().periodMillis() > 0) {
        seenFrom = Math.min(seenFrom, run.end() - run.rule().periodMillis());
      }
    }
    return Math.max(0, seenFrom - start) / 1_000;
  }

  private static void settleClears(
      StateKey key, RuleCadence state, long at, View view, List<Output> outputs) {
    for (Absent absent : state.absent) {
      long settlesAt = Math.max(absent.clearedAt, absent.judgedAt);
      if (!absent.clearSettled && settlesAt <= at) {
        absent.clearSettled = true;
        outputs.add(
            new Output.Settled(
                key.route(), settlesAt, SOURCES, AbsentWindows.cleared(key, absent, view)));
      }
    }
  }

  private static long wakeAt(RuleCadence state, Allowance allowance) {
    long wakeAt = RuleCadence.NEVER;
    if (!waitsForExpected(state)) {
      for (Run run : state.ahead) {
        // One that was looked at and not taken waits for the windows before it.
        wakeAt = Math.min(wakeAt, run.time() > state.lookedAt ? run.time() : RuleCadence.NEVER);
      }
    }
    if (isExpected(state)) {
      wakeAt = Math.min(wakeAt, deadline(state, allowance));
    } else if (state.last != null && state.ahead.isEmpty()) {
      wakeAt = Math.min(wakeAt, forgottenAt(state));
    } else if (state.last == null && !state.changes.isEmpty()) {
      wakeAt = Math.min(wakeAt, keptUntil(state.changes.get(0)));
    }
    for (Absent absent : state.absent) {
      wakeAt =
          Math.min(
              wakeAt,
              absent.clearedAt == RuleCadence.NEVER
                  ? absent.end + Window.SPOKEN_OF.toMillis()
                  : Math.max(absent.clearedAt, absent.judgedAt));
    }
    return wakeAt;
  }

  private static long forgottenAt(RuleCadence state) {
    long newest =
        state.absent.isEmpty()
            ? state.last.end()
            : Math.max(state.last.end(), state.absent.get(state.absent.size() - 1).end);
    long forgottenAt = newest + Window.SPOKEN_OF.toMillis();
    return state.changes.isEmpty()
        ? forgottenAt
        : Math.max(forgottenAt, keptUntil(state.changes.get(state.changes.size() - 1)));
  }

  /**
   * Until when a change is kept without a run to go with it: the runs before it may come after it.
   */
  private static long keptUntil(RuleCadence.Turn turn) {
    return turn.at() + EXPECTED_FOR.toMillis();
  }

  private static boolean isForgotten(RuleCadence state, long at) {
    return state.ahead.isEmpty()
        && state.absent.isEmpty()
        && (state.last == null ? state.changes.isEmpty() : forgottenAt(state) <= at);
  }
}
