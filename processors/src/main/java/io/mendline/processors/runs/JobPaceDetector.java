package io.mendline.processors.runs;

import io.mendline.processors.pipeline.Detector;
import io.mendline.processors.pipeline.Input;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Output;
import io.mendline.processors.pipeline.Presence;
import io.mendline.processors.pipeline.Signal;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.pipeline.StateCodec;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.processors.pipeline.Step;
import io.mendline.processors.pipeline.View;
import io.mendline.processors.policy.Policy;
import io.mendline.processors.runs.JobPace.Active;
import io.mendline.processors.runs.JobPace.Ended;
import io.mendline.processors.runs.JobPace.Saying;
import io.mendline.processors.runs.JobPace.Telling;
import io.mendline.schemas.AuditEntry;
import io.mendline.schemas.Finding;
import io.mendline.serdes.telemetry.RunState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Finds jobs whose runs have become slow, {@code RUN_SLOW}, and runs that do not end, {@code
 * RUN_STUCK}. Both are judged by how long the last successes of the job took, so they share it.
 *
 * <p>Only what is told of a run as a whole counts. Tellings are taken in the order of event time,
 * when the watermark has passed them, so neither their order of arrival nor how many sources tell
 * of a run matters: the first success that says how long the run took counts, and of an hour's
 * slices the earliest start. A run that was repaired says nothing of how long the job takes, nor
 * does one of a continuous trigger.
 *
 * <p><b>Slow:</b> see {@link Shift} for the method and {@link JobHistory} for what it looks at. One
 * finding an episode, known by its first slow run. Cleared when the median of the last five
 * successes is back ({@code recovered}), or when 50 successes were slow ({@code relearned}).
 *
 * <p><b>Stuck:</b> when a run is first heard of, it is fixed how long it may take: {@code
 * stuckFactor} times what 95 in 100 of the last 50 successes took, and {@code stuckBy} more; with
 * fewer than {@value #FEW} successes the limits of the policy, which differ for a run that waits
 * and one that runs. It is judged once something of the workspace's runs was heard in a whole bin
 * of {@link Presence} after that (law 3); until then it is looked at again, less and less often.
 * One finding a run, cleared when the run ends in whatever way.
 *
 * <p><b>Settled</b> (law 4): both are raised by what the watermark has passed. Late, an end clears;
 * a success that comes late raises nothing, and a run that is first heard of late is stuck only
 * where its deadline was still to come.
 *
 * <p><b>Cost and bound.</b> A deadline for each success, at which failures are judged as well, and
 * one for each run that is first heard of under way. State: some 7 bytes for each of 70 successes
 * and 22 days, 17 more with the ids of the last 20; 60 to 120 for each of at most {@value
 * #MAX_ACTIVE} runs under way, some 15 for each of the last {@value #MAX_ENDED} that ended. At most
 * {@value #MAX_WAITING} tellings wait for the watermark; of more, the oldest is taken before its
 * time. Both bounds are counted, and audited at the first and then at every doubling. A run of
 * which nothing was heard for {@link #MEMORY} is dropped, a job after {@link #JOB_MEMORY}.
 */
public final class JobPaceDetector implements Detector<JobPace> {
  /** A run of which nothing was heard for so long is forgotten; its incident is closed by then. */
  static final Duration MEMORY = Duration.ofDays(30);

  /** A job of which nothing was heard for so long is forgotten: longer than a monthly one rests. */
  static final Duration JOB_MEMORY = Duration.ofDays(90);

  /** At most so many runs under way are kept of a job. */
  static final int MAX_ACTIVE = 64;

  /** So many runs that ended are known as such. */
  static final int MAX_ENDED = 32;

  /** At most so many tellings wait for the watermark. */
  static final int MAX_WAITING = 512;

  /** Fewer successes than these are no history. */
  static final int FEW = 5;

  private static final int SOURCES = Source.RUNS.bit();
  private static final String ACTOR = "job-pace";
  private static final Set<String> WAITING_WORDS =
      Set.of("QUEUED", "PENDING", "BLOCKED", "WAITING", "RUNTRIGGERED");
  private static final Set<String> CANCEL_WORDS = Set.of("CANCEL", "CANCELRUN", "TERMINATING");

  private final StateCodec<JobPace> codec = new JobPaceCodec();

  @Override
  public StateKey keyOf(Message message) {
    RunState told = RunStates.of(message);
    return told != null
            && told.level() == RunState.Level.JOB
            && told.outcome() != RunState.Outcome.OTHER
        ? new StateKey(((Signal) message).route(), told.resourceId())
        : null;
  }

  @Override
  public int sources(JobPace state) {
    return SOURCES;
  }

  @Override
  public StateCodec<JobPace> codec() {
    return codec;
  }

  @Override
  public Step<JobPace> step(StateKey key, JobPace before, Input input, View view) {
    JobPace state = before == null ? new JobPace() : before;
    Work work = new Work(key, state, view, new ArrayList<>());
    if (input instanceof Input.Due due) {
      work.upTo(due.at());
      boolean over = state.heard + JOB_MEMORY.toMillis() <= due.at();
      return over && work.outputs.isEmpty()
          ? Step.gone()
          : new Step<>(state, work.outputs, Math.max(due.at() + 1, wakeAt(state)));
    }
    Input.Arrived arrived = (Input.Arrived) input;
    work.arrive((Signal) arrived.message(), arrived.late());
    return new Step<>(state, work.outputs, wakeAt(state));
  }

  private static long wakeAt(JobPace state) {
    long wakeAt = state.heard + JOB_MEMORY.toMillis();
    for (Active run : state.active) {
      wakeAt = Math.min(wakeAt, Math.min(run.judgeAt, run.heard + MEMORY.toMillis()));
    }
    for (Telling told : state.waiting) {
      if (told.time() >= wakeAt) {
        break;
      }
      if (isNews(state, told)) {
        wakeAt = told.time();
      }
    }
    return wakeAt;
  }

  /** Whether something may come of a telling right when the watermark passes it. */
  private static boolean isNews(JobPace state, Telling told) {
    Active run = state.active(told.runId());
    return switch (told.saying()) {
      case SUCCEEDED -> true;
      case ENDED -> run != null && run.stuckAt > 0;
      case WAITS, RUNS -> run == null || run.waits != (told.saying() == Saying.WAITS);
      case IS_TO_END -> false;
    };
  }

  static Saying saying(RunState told) {
    return switch (told.outcome()) {
      case SUCCESS -> Saying.SUCCEEDED;
      case FAILED, SKIPPED, CANCELLED, TIMED_OUT -> Saying.ENDED;
      case RUNNING, OTHER -> {
        String word = SkipWords.bare(told.lifeCycle());
        yield WAITING_WORDS.contains(word)
            ? Saying.WAITS
            : CANCEL_WORDS.contains(word) ? Saying.IS_TO_END : Saying.RUNS;
      }
    };
  }

  /** What one step does. */
  private record Work(StateKey key, JobPace state, View view, List<Output> outputs) {
    void arrive(Signal signal, boolean late) {
      RunState told = RunStates.of(signal);
      boolean behind = told.time() <= state.judged;
      long lateBy =
          late || behind ? Math.max(1, view.presence(key.route(), Source.RUNS).heardUntil()) : 0;
      Telling telling = telling(signal, told, lateBy);
      state.heard = Math.max(state.heard, telling.time());
      if (behind) {
        takeLate(telling);
        return;
      }
      state.waiting.add(telling);
      if (state.waiting.size() > MAX_WAITING) {
        Telling first = state.waiting.pollFirst();
        state.judged = first.time();
        take(first);
        note(++state.early, "JUDGE_EARLY", "more tellings than may wait for the watermark", first);
      }
    }

    private static Telling telling(Signal signal, RunState told, long lateBy) {
      return new Telling(
          told.time(),
          told.contentId(),
          told.runId(),
          saying(told),
          told.startTime(),
          told.endTime(),
          SkipWords.bare(told.trigger()).startsWith("CONTINUOUS"),
          told.repairId() != null,
          lateBy,
          told.lifeCycle() == null ? told.outcome().name() : told.lifeCycle(),
          told.jobName(),
          told.runPageUrl(),
          signal.at());
    }

    /** Takes all tellings and meets all deadlines up to an instant, in the order of their time. */
    void upTo(long at) {
      while (true) {
        long toldAt = state.waiting.isEmpty() ? Step.NEVER : state.waiting.first().time();
        Active next = nextToJudge();
        long judgeAt = next == null ? Step.NEVER : next.judgeAt;
        if (Math.min(toldAt, judgeAt) > at) {
          break;
        }
        if (toldAt <= judgeAt) {
          take(state.waiting.pollFirst());
        } else {
          judge(next);
        }
      }
      state.judged = Math.max(state.judged, at);
      state.active.removeIf(run -> run.heard + MEMORY.toMillis() <= at);
    }

    private Active nextToJudge() {
      return state.active.stream()
          .min(
              Comparator.comparingLong((Active run) -> run.judgeAt).thenComparing(run -> run.runId))
          .orElse(null);
    }

    private void take(Telling told) {
      Active run = state.active(told.runId());
      if (told.saying().ends()) {
        end(run, told, told.time());
        succeed(run, told);
        noteEnd(told);
      } else {
        goOn(run == null ? begin(told) : run, told);
      }
    }

    /** What lies behind what was judged may end a run, or say more of one. */
    private void takeLate(Telling told) {
      Active run = state.active(told.runId());
      if (told.saying().ends()) {
        end(run, told, run == null ? told.time() : Math.max(told.time(), run.stuckAt + 1));
        noteEnd(told);
      } else if (run == null) {
        goOn(begin(told), told);
      } else if (run.waits && told.saying() == Saying.RUNS) {
        goOn(run, told);
      }
    }

    private void end(Active run, Telling told, long at) {
      if (run == null) {
        return;
      }
      state.active.remove(run);
      if (run.stuckAt > 0) {
        tell(at, PaceFindings.ended(key, run, told, policy(run.since), view));
      }
    }

    private void noteEnd(Telling told) {
      Ended before = state.ended(told.runId());
      state.ended.remove(before);
      boolean well = told.saying() == Saying.SUCCEEDED && (before == null || before.well());
      long at = before == null ? told.time() : Math.max(told.time(), before.at());
      state.ended.add(new Ended(RunIds.hash(told.runId()), at, well));
      if (state.ended.size() > MAX_ENDED) {
        state.ended.remove(0);
      }
    }

    /** A run that is heard of under way; null where it is known to be over. */
    private Active begin(Telling told) {
      Ended ended = state.ended(told.runId());
      boolean again = ended != null && told.time() > ended.at() + RunFacts.EVIDENCE_WAIT;
      if (told.saying() == Saying.IS_TO_END || (ended != null && !again)) {
        return null;
      }
      Active run = new Active(told.runId(), state.history.longest(FEW));
      // A repair begins a run of old anew: it is not overdue by its first start.
      run.repaired = again || told.repaired();
      run.since = told.start() < 0 || run.repaired ? told.time() : told.start();
      run.endless = told.endless();
      run.lateBy = told.lateBy();
      state.active.add(run);
      if (state.active.size() > MAX_ACTIVE) {
        Active oldest =
            state.active.stream()
                .filter(other -> other != run)
                .min(
                    Comparator.comparingLong((Active other) -> other.heard)
                        .thenComparing(other -> other.runId))
                .orElseThrow();
        state.active.remove(oldest);
        note(++state.dropped, "DROP_RUN", "more runs under way than are kept of one job", told);
      }
      return run;
    }

    private void goOn(Active run, Telling told) {
      if (run == null) {
        return;
      }
      run.heard = Math.max(run.heard, told.time());
      if (told.saying() != Saying.IS_TO_END) {
        run.waits = told.saying() == Saying.WAITS;
        run.state = told.state();
      }
      if (told.start() >= 0 && !run.repaired) {
        run.since = Math.min(run.since, told.start());
      }
      run.jobName = told.jobName() == null ? run.jobName : told.jobName();
      run.runPageUrl = told.runPageUrl() == null ? run.runPageUrl : told.runPageUrl();
      run.at = told.at();
      expect(run, told.time());
    }

    /** Sets by when a run is to have ended. */
    private void expect(Active run, long now) {
      boolean endless = run.endless && !run.waits;
      long deadline = endless ? Step.NEVER : run.since + allowed(run, policy(run.since));
      if (deadline == run.deadline) {
        return;
      }
      run.deadline = deadline;
      boolean decided = run.stuckAt > 0 || endless || run.lateBy >= deadline;
      run.judgeAt = decided ? Step.NEVER : Math.max(now, afterBin(deadline));
    }

    private void judge(Active run) {
      long at = run.judgeAt;
      Presence presence = view.presence(key.route(), Source.RUNS);
      if (presence.heardFrom(run.deadline, at) == Long.MAX_VALUE) {
        run.judgeAt = afterBin(at + (at - run.deadline) / 2);
        return;
      }
      run.judgeAt = Step.NEVER;
      run.stuckAt = at;
      tell(at, PaceFindings.stuck(key, run, policy(run.since), view));
    }

    private void succeed(Active run, Telling told) {
      Ended before = state.ended(told.runId());
      boolean repaired =
          told.repaired() || (run != null && run.repaired) || (before != null && !before.well());
      boolean endless = told.endless() || (run != null && run.endless);
      long start = run == null ? told.start() : earliest(run.since, told.start());
      long end = told.end() < 0 ? told.time() : told.end();
      if (told.saying() != Saying.SUCCEEDED
          || repaired
          || endless
          || start < 0
          || start >= end
          || state.history.counts(told.runId())) {
        return;
      }
      state.jobName = told.jobName() == null ? state.jobName : told.jobName();
      state.runPageUrl = told.runPageUrl();
      state.at = told.at();
      JobHistory.Done done = JobHistory.Done.of(told.runId(), end, end - start);
      boolean mayRaise = told.lateBy() == 0;
      switch (state.history.add(done, mayRaise, policy(told.time()))) {
        case NONE -> {}
        case RAISED -> {
          JobHistory.Done onset = state.history.onset();
          state.slowRunId = onset.runId();
          state.slowSince = onset.end() - onset.took();
          tell(told.time(), PaceFindings.slow(key, state, told.time(), view));
        }
        case RECOVERED ->
            tell(told.time(), PaceFindings.fastAgain(key, state, told.time(), "recovered", view));
        case RELEARNED ->
            tell(told.time(), PaceFindings.fastAgain(key, state, told.time(), "relearned", view));
      }
    }

    private static long earliest(long known, long start) {
      return start < 0 ? known : Math.min(known, start);
    }

    private Policy.Runs policy(long at) {
      return view.policy(at).runs();
    }

    private void tell(long at, Finding finding) {
      outputs.add(new Output.Found(key.route(), finding));
      outputs.add(new Output.Settled(key.route(), at, SOURCES, finding));
    }

    /** Told at 1, 2, 4, 8 and so on: what overflows once overflows often. */
    private void note(int count, String action, String why, Telling told) {
      if (Integer.bitCount(count) != 1) {
        return;
      }
      outputs.add(
          new Output.Noted(
              key.route(),
              AuditEntry.newBuilder()
                  .setAt(Instant.ofEpochMilli(told.time()))
                  .setActor(ACTOR)
                  .setAction(action)
                  .setResource(FailedRun.subject(key, told.jobName()).toResource())
                  .setWhy(why)
                  .setHow("bound of the state")
                  .setDetail(Map.of("count", String.format(Locale.ROOT, "%d", count)))
                  .setStatus("OVERFLOW")
                  .build()));
    }
  }

  /** How long a run may take, milliseconds. */
  static long allowed(Active run, Policy.Runs policy) {
    if (run.longest < 0) {
      return (run.waits ? policy.waitingLimit() : policy.runningLimit()).toMillis();
    }
    return Math.max(
        Math.round(run.longest * policy.stuckFactor()), run.longest + policy.stuckBy().toMillis());
  }

  /** When the first whole bin after an instant is over. */
  private static long afterBin(long instant) {
    return (Math.floorDiv(instant - 1, Presence.BIN_MILLIS) + 2) * Presence.BIN_MILLIS;
  }
}
