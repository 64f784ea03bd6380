package io.mendline.processors.runs;

import io.mendline.processors.pipeline.Detector;
import io.mendline.processors.pipeline.Input;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Output;
import io.mendline.processors.pipeline.Payload;
import io.mendline.processors.pipeline.Presence;
import io.mendline.processors.pipeline.Signal;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.pipeline.StateCodec;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.processors.pipeline.Step;
import io.mendline.processors.pipeline.View;
import io.mendline.processors.runs.MissedRuns.Because;
import io.mendline.processors.runs.MissedRuns.Clear;
import io.mendline.schemas.AuditEntry;
import io.mendline.schemas.Finding;
import io.mendline.serdes.binary.BinaryWriter;
import io.mendline.serdes.telemetry.JobSettings;
import io.mendline.serdes.telemetry.RunState;
import io.mendline.serdes.telemetry.RunState.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Finds runs of Databricks jobs that their schedule promised and that did not start: nothing is
 * logged of what did not happen, so nobody is told.
 *
 * <p><b>Method.</b> The job's settings say when it is expected ({@link CronSchedule}). A run counts
 * for an expected time when it started from five minutes before it (half the time since the
 * expected time before, where that is less) up to the next one, and nothing but the schedule is
 * told to have started it; that the platform skipped it counts as a start. An expected time is
 * judged {@link Presence#BIN_MILLIS} after its grace. It counts as missed when no run counts for it
 * by then, <em>and</em> the workspace was heard all the while and after the grace, by heartbeats or
 * runs (law 3). Where it was not, the time is <em>unknown</em>. While the workspace is silent its
 * {@linkplain io.mendline.processors.pipeline.Hearing clock} stands still, so that nothing is
 * judged until what was kept back has come.
 *
 * <p>Settings hold from their event time on, the first ones from when they were seen. Whatever
 * changes how a job is started takes back the expected times that are not judged yet, for a poller
 * sees a change later than it is made.
 *
 * <p>One finding an expected time. Cleared by a run that counts for it, late or told late; by a run
 * by hand that ends well after it; and when the job is deleted.
 *
 * <p><b>Settled</b> (law 4), raised and cleared: a judgement looks at what is told up to its
 * deadline only, and at the presence up to it.
 *
 * <p><b>Cost and bound.</b> A deadline for each expected time and for each telling of settings; an
 * expression is parsed once, and the next times are kept. State: the settings, the expected times
 * around now, and what is told of runs since: some 150 bytes for a healthy job. At most {@value
 * #MAX_STARTED} tellings of runs are kept, {@value #MAX_PENDING} settings that wait for the
 * watermark, and {@value #MAX_MISSED} missed times, for {@link #CLEARABLE}; what is dropped beyond
 * is counted, and audited at the first and then at every doubling. A job of which nothing was told
 * for {@link #EXPECTED_FOR} is expected once more and then forgotten.
 */
public final class MissedRunDetector implements Detector<Expectation> {
  /** How long a missed run can be cleared. */
  static final Duration CLEARABLE = Duration.ofDays(8);

  /** How long a job that is no longer heard of is expected. */
  static final Duration EXPECTED_FOR = Duration.ofDays(35);

  /** At most so many tellings of runs are kept of a job. */
  static final int MAX_STARTED = 4_096;

  /** At most so many settings that the watermark has not passed are kept of a job. */
  static final int MAX_PENDING = 64;

  /** At most so many missed runs are kept of a job. */
  static final int MAX_MISSED = 512;

  /** More neighbours than this are not one gap. */
  static final int LONGEST_GAP = 288;

  private static final int SOURCES = Source.RUNS.bit();

  /** Of a bin it is not known in which of its minutes the workspace was heard. */
  private static final long MARGIN = Presence.BIN_MILLIS;

  /** What no longer counts for anything is dropped at a deadline, at the latest after this. */
  private static final long DROPPED_AFTER = Duration.ofHours(1).toMillis();

  /** What tells of a run by hand may be needed to tell by whom another record's run was started. */
  private static final long BY_HAND_KEPT = Duration.ofDays(1).toMillis();

  private static final int UNREADABLE_KEPT = 8;

  private static final Comparator<Expectation.Run> FIRST =
      Comparator.comparingLong(Expectation.Run::start).thenComparing(run -> run.runId);

  private final CronSchedule.Cache schedules = new CronSchedule.Cache();
  private final StateCodec<Expectation> codec = new ExpectationCodec();

  @Override
  public StateKey keyOf(Message message) {
    if (!(message instanceof Signal signal)
        || !(signal.payload() instanceof Payload.Observed observed)) {
      return null;
    }
    if (observed.record() instanceof JobSettings settings) {
      return new StateKey(signal.route(), settings.resourceId());
    }
    return observed.record() instanceof RunState state
            && state.level() == Level.JOB
            && StartedRun.of(state, signal.at()) != null
        ? new StateKey(signal.route(), state.resourceId())
        : null;
  }

  @Override
  public int sources(Expectation state) {
    return SOURCES;
  }

  @Override
  public int clocks() {
    return SOURCES;
  }

  /** A silence of minutes is one, too. */
  @Override
  public Duration soon() {
    return Duration.ZERO;
  }

  @Override
  public StateCodec<Expectation> codec() {
    return codec;
  }

  @Override
  public Step<Expectation> step(StateKey key, Expectation before, Input input, View view) {
    Expectation state = before == null ? new Expectation() : before;
    List<Output> outputs = new ArrayList<>();
    if (input instanceof Input.Due due) {
      judge(key, state, due.at(), view, outputs);
      return outputs.isEmpty() && forgottenAt(state) <= due.at()
          ? Step.gone()
          : new Step<>(state, outputs, Math.max(due.at() + 1, wakeAt(state, view)));
    }
    Signal signal = (Signal) ((Input.Arrived) input).message();
    if (((Payload.Observed) signal.payload()).record() instanceof JobSettings settings) {
      state.add(JobPlan.of(settings, signal.at()));
    } else {
      RunState run = (RunState) ((Payload.Observed) signal.payload()).record();
      state.add(StartedRun.of(run, signal.at()));
    }
    keepBounds(key, state, view, outputs);
    return isEmpty(state) && outputs.isEmpty()
        ? Step.gone()
        : new Step<>(state, outputs, wakeAt(state, view));
  }

  private void keepBounds(StateKey key, Expectation state, View view, List<Output> outputs) {
    if (state.started.size() > MAX_STARTED) {
      state.started.remove(Collections.min(state.started, Comparator.comparing(StartedRun::time)));
      dropped(key, state, "more was told of a job's runs than is kept", outputs);
    }
    if (state.pending.size() > MAX_PENDING) {
      follow(key, state, view, outputs);
      dropped(key, state, "more settings of a job than may wait for the watermark", outputs);
    }
  }

  /** Deals with all that is due by an instant, in the order of event time. */
  private void judge(StateKey key, Expectation state, long at, View view, List<Output> outputs) {
    while (true) {
      long followed = state.pending.isEmpty() ? Expectation.NEVER : state.pending.get(0).time();
      long judged = judgedAt(state, view);
      MissedRun clearable = firstClearable(state);
      long cleared = clearable == null ? Expectation.NEVER : clearedAt(state, clearable);
      long first = Math.min(followed, Math.min(judged, cleared));
      if (first > at || first == Expectation.NEVER) {
        break;
      }
      if (followed == first) {
        follow(key, state, view, outputs);
      } else if (cleared == first) {
        clear(key, state, clearable, cleared, view, outputs);
      } else {
        judgeNext(key, state, judged, view, outputs);
      }
    }
    long from = nextFrom(state);
    state.started.removeIf(told -> told.time() <= at && neededUntil(state, told, from, 0) <= at);
    state.missed.removeIf(missed -> expiresAt(missed) <= at);
  }

  // Settings

  /** Takes the earliest of the settings that wait. */
  private void follow(StateKey key, Expectation state, View view, List<Output> outputs) {
    JobPlan told = state.pending.remove(0);
    JobPlan before = state.plan;
    state.plan = told.over(before);
    if (state.plan == null || (before != null && state.plan.startsAs(before))) {
      return;
    }
    state.previous = Expectation.NONE;
    state.next = Expectation.NEVER;
    state.following = Expectation.NEVER;
    state.gapLength = 0;
    if (state.plan.fires()) {
      CronSchedule.Read read = schedules.read(state.plan);
      if (read.schedule() == null) {
        unreadable(key, state, read.error(), outputs);
      } else {
        state.next = read.schedule().after(told.time());
        state.following = after(read.schedule(), state.next);
      }
    } else if (state.plan.deleted()) {
      for (MissedRun missed : state.missed) {
        Clear clear = new Clear(Because.DELETED, null, told.at());
        cleared(key, missed, clear, Math.max(told.time(), missed.clearableAt()), view, outputs);
      }
      state.missed.clear();
    }
  }

  private static long after(CronSchedule schedule, long instant) {
    return instant == Expectation.NEVER ? Expectation.NEVER : schedule.after(instant);
  }

  private static void unreadable(
      StateKey key, Expectation state, String error, List<Output> outputs) {
    JobPlan plan = state.plan;
    long digest =
        new BinaryWriter(64)
            .writeString(plan.cron())
            .writeNullableString(plan.timeZone())
            .hashFrom(0);
    if (state.unreadable.contains(digest)) {
      return;
    }
    if (state.unreadable.size() == UNREADABLE_KEPT) {
      state.unreadable.remove(0);
    }
    state.unreadable.add(digest);
    outputs.add(
        noted(
            key,
            state,
            plan.time(),
            "READ_SCHEDULE",
            "the schedule \""
                + plan.cron()
                + "\" in the time zone \""
                + plan.timeZone()
                + "\" cannot be read: "
                + error,
            "nothing is expected of the job until its schedule is changed",
            Map.of("schedule", plan.cron()),
            "FAILED"));
  }

  // Expected times

  private static long judgedAt(Expectation state, View view) {
    return state.next == Expectation.NEVER
        ? Expectation.NEVER
        : state.next + grace(state.next, view) + MARGIN;
  }

  private static long grace(long expected, View view) {
    return view.policy(expected).runs().grace().toMillis();
  }

  private void judgeNext(
      StateKey key, Expectation state, long at, View view, List<Output> outputs) {
    if (state.next > state.newest + EXPECTED_FOR.toMillis()
        && state.previous != Expectation.NONE
        && state.previous > state.newest) {
      state.plan = null;
      state.next = Expectation.NEVER;
      return;
    }
    CronSchedule schedule = schedules.read(state.plan).schedule();
    ExpectedRun expected =
        ExpectedRun.of(
            state.next, state.previous, state.following, grace(state.next, view), schedule);
    Expectation.Run counts = null;
    long later = Expectation.NEVER;
    for (Expectation.Run run : state.runs(at)) {
      if (run.isOf(expected)) {
        counts = counts == null || FIRST.compare(run, counts) < 0 ? run : counts;
      } else if (run.start() >= expected.at()) {
        later = Math.min(later, run.start());
      }
    }
    if (counts != null) {
      state.lastRun = counts.runId;
      state.lastStart = counts.start();
      state.gapLength = 0;
    } else if (isHeard(view.presence(key.route(), Source.RUNS), expected.at(), at)) {
      raise(key, state, expected, at, later, view, outputs);
    } else {
      state.gapLength = 0;
    }
    state.previous = state.next;
    state.next = state.following;
    state.following = after(schedule, state.following);
  }

  /** Whether the workspace was heard all the while, and after the grace. */
  private static boolean isHeard(Presence presence, long expected, long at) {
    // Of a workspace that was left behind by a month the clock goes on unheard.
    return presence.heardUntil() >= at && presence.heardThroughout(expected - MARGIN, at);
  }

  private static void raise(
      StateKey key,
      Expectation state,
      ExpectedRun expected,
      long at,
      long later,
      View view,
      List<Output> outputs) {
    boolean goesOn = state.gapLength > 0 && state.gapLength < LONGEST_GAP;
    state.gapStart = goesOn ? state.gapStart : expected.at();
    state.gapLength = goesOn ? state.gapLength + 1 : 1;
    MissedRun missed =
        new MissedRun(
            expected,
            state.plan,
            at,
            state.lastStart,
            later == Expectation.NEVER ? Expectation.NONE : later,
            state.gapStart,
            state.gapLength);
    if (state.missed.size() == MAX_MISSED) {
      state.missed.remove(0);
      dropped(key, state, "more missed runs of a job than are kept", outputs);
    }
    state.missed.add(missed);
    Finding finding = MissedRuns.raised(key, missed, view);
    outputs.add(new Output.Found(key.route(), finding));
    outputs.add(new Output.Settled(key.route(), at, SOURCES, finding));
  }

  // What was missed and has come about

  /** The missed run that is cleared first, or null where nothing clears any. */
  private static MissedRun firstClearable(Expectation state) {
    MissedRun first = null;
    long earliest = Expectation.NEVER;
    for (MissedRun missed : state.missed) {
      long at = clearedAt(state, missed);
      if (at < earliest) {
        earliest = at;
        first = missed;
      }
    }
    return first;
  }

  /** Event time at which a missed run is cleared by what is known, or NEVER. */
  private static long clearedAt(Expectation state, MissedRun missed) {
    long earliest = Expectation.NEVER;
    for (StartedRun told : state.started) {
      long at = Math.max(told.time(), missed.clearableAt());
      if (at < earliest
          && (told.succeeded() || missed.expected().takes(told.start()))
          && clearing(state, missed, at) != null) {
        earliest = at;
      }
    }
    return earliest;
  }

  /** The first run that clears a missed one, as known by an event time; null where none does. */
  private static Expectation.Run clearing(Expectation state, MissedRun missed, long by) {
    ExpectedRun expected = missed.expected();
    return state.runs(by).stream()
        .filter(run -> run.isOf(expected) || run.makesGoodFor(expected))
        .min(Comparator.comparing(Expectation.Run::byOther).thenComparing(FIRST))
        .orElse(null);
  }

  private static void clear(
      StateKey key, Expectation state, MissedRun missed, long at, View view, List<Output> outputs) {
    state.missed.remove(missed);
    Expectation.Run run = clearing(state, missed, at);
    Because because;
    if (run.byOther()) {
      because = Because.RUN_BY_HAND;
    } else if (missed.expected().isInTime(run.start())) {
      because = Because.TOLD_LATE;
    } else {
      because = Because.STARTED_LATE;
    }
    cleared(key, missed, new Clear(because, run, run.told().at()), at, view, outputs);
  }

  private static void cleared(
      StateKey key, MissedRun missed, Clear clear, long at, View view, List<Output> outputs) {
    Finding finding = MissedRuns.cleared(key, missed, clear, view);
    outputs.add(new Output.Found(key.route(), finding));
    outputs.add(new Output.Settled(key.route(), at, SOURCES, finding));
  }

  private static long expiresAt(MissedRun missed) {
    return missed.judgedAt() + CLEARABLE.toMillis();
  }

  // Deadlines

  private long wakeAt(Expectation state, View view) {
    long wakeAt = Math.min(judgedAt(state, view), forgottenAt(state));
    if (!state.pending.isEmpty()) {
      wakeAt = Math.min(wakeAt, state.pending.get(0).time());
    }
    for (MissedRun missed : state.missed) {
      wakeAt = Math.min(wakeAt, Math.min(clearedAt(state, missed), expiresAt(missed)));
    }
    long from = nextFrom(state);
    for (StartedRun told : state.started) {
      wakeAt = Math.min(wakeAt, neededUntil(state, told, from, DROPPED_AFTER));
    }
    return wakeAt;
  }

  /** The earliest start that counts for the next expected time. */
  private long nextFrom(Expectation state) {
    if (state.next == Expectation.NEVER) {
      return Expectation.NEVER;
    }
    long repeated = schedules.read(state.plan).schedule().repeated(state.next);
    return state.next - repeated - ExpectedRun.MOST_EARLY;
  }

  /**
   * Up to when what is told of a run may count for anything.
   *
   * @param from the earliest start that counts for the next expected time
   * @param least how long it is kept in any case
   */
  private static long neededUntil(Expectation state, StartedRun told, long from, long least) {
    if (told.start() >= from) {
      return Expectation.NEVER;
    }
    boolean byHand = !state.missed.isEmpty() && told.by() != StartedRun.By.SCHEDULE;
    // Settings that were seen meanwhile may expect a run from five minutes ago on.
    long counts = Math.max(told.time(), told.start() + ExpectedRun.MOST_EARLY + 1);
    return counts + Math.max(least, byHand ? BY_HAND_KEPT : 0);
  }

  private static boolean isEmpty(Expectation state) {
    return state.plan == null
        && state.pending.isEmpty()
        && state.started.isEmpty()
        && state.missed.isEmpty();
  }

  private static long forgottenAt(Expectation state) {
    if (!state.pending.isEmpty() || !state.started.isEmpty() || !state.missed.isEmpty()) {
      return Expectation.NEVER;
    }
    if (state.plan == null) {
      return Expectation.NONE;
    }
    if (state.plan.deleted()) {
      // Kept for a while, so that what was told of it before and comes again does not revive it.
      return state.plan.time() + CLEARABLE.toMillis();
    }
    return state.next == Expectation.NEVER
        ? state.newest + EXPECTED_FOR.toMillis()
        : Expectation.NEVER;
  }

  // Audit

  /** Told at 1, 2, 4, 8 and so on: what overflows once overflows often. */
  private static void dropped(StateKey key, Expectation state, String why, List<Output> outputs) {
    state.dropped++;
    if (Long.bitCount(state.dropped) == 1) {
      outputs.add(
          noted(
              key,
              state,
              state.newest,
              "DROP_EXPECTED",
              why,
              "the oldest is dropped",
              Map.of("dropped", Long.toString(state.dropped)),
              "OVERFLOW"));
    }
  }

  private static Output noted(
      StateKey key,
      Expectation state,
      long at,
      String action,
      String why,
      String how,
      Map<String, String> detail,
      String status) {
    return new Output.Noted(
        key.route(),
        AuditEntry.newBuilder()
            .setAt(Instant.ofEpochMilli(at))
            .setActor("missed-runs")
            .setAction(action)
            .setResource(
                FailedRun.subject(key, state.plan == null ? null : state.plan.name()).toResource())
            .setWhy(why)
            .setHow(how)
            .setDetail(detail)
            .setStatus(status)
            .build());
  }
}
