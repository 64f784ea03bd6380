package io.mendline.processors.runs;

import io.mendline.processors.cause.FailureEvidence;
import io.mendline.processors.cause.RootCauseClassifier;
import io.mendline.processors.pipeline.Detector;
import io.mendline.processors.pipeline.Input;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Output;
import io.mendline.processors.pipeline.Settling;
import io.mendline.processors.pipeline.Signal;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.pipeline.StateCodec;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.processors.pipeline.Step;
import io.mendline.processors.pipeline.View;
import io.mendline.processors.runs.SkippedRuns.Skipped;
import io.mendline.processors.runs.SkippedRuns.Started;
import io.mendline.processors.runs.SkippedRuns.Telling;
import io.mendline.schemas.AuditEntry;
import io.mendline.schemas.Finding;
import io.mendline.serdes.telemetry.RunState;
import io.mendline.serdes.telemetry.RunState.Outcome;
import io.mendline.serdes.text.FreeText;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Finds runs that the platform did not start: one finding {@code RUN_SKIPPED} a run, however many
 * sources tell of it and by whatever word ({@link SkipWords}).
 *
 * <ul>
 *   <li><b>Monotone:</b> a run was skipped. Put out at once, and again with each further distinct
 *       telling, which may name the limit that caused it.
 *   <li><b>Settled:</b> it is one of several scheduled ones in a row, none of the job's runs having
 *       begun between them; it weighs more then. And it is cleared, when the watermark has passed
 *       the success of a run that began later: the run that was in its way, and succeeds after it,
 *       clears nothing.
 * </ul>
 *
 * <p>{@link Output.Settled} is put out when what other sources tell of it has come ({@link
 * Settling#RUN}), or it was cleared, whichever is first.
 *
 * <p><b>Cost.</b> A job of which nothing is skipped costs no deadline but the one by which it is
 * forgotten. <b>State:</b> at most {@value #MAX_SKIPPED} skipped runs, some 60 bytes each, more
 * with their pages and messages, and the last {@value #MAX_STARTED} that began, some 20 bytes each.
 * Of more, the oldest go; dropped findings are counted, and audited at the first and then at every
 * doubling. A skipped run is forgotten 8 days after it was cleared, else after 30.
 */
public final class SkippedRunDetector implements Detector<SkippedRuns> {
  /** At most so many skipped runs are kept of a job. */
  static final int MAX_SKIPPED = 256;

  /** So many of the last runs that began are kept of a job. */
  static final int MAX_STARTED = 8;

  /** For so long nothing has to be heard of a run or job until it is forgotten. */
  static final Duration MEMORY = Duration.ofDays(30);

  private static final int SOURCES = Source.RUNS.bit();

  private final RootCauseClassifier causes;
  private final StateCodec<SkippedRuns> codec = new SkippedRunsCodec();

  /** A detector that names causes by this classifier. */
  public SkippedRunDetector(RootCauseClassifier causes) {
    this.causes = causes;
  }

  @Override
  public StateKey keyOf(Message message) {
    RunState told = RunStates.of(message);
    return told != null
            && told.level() == RunState.Level.JOB
            && (SkipWords.isSkipped(told) || saysThatItBegan(told))
        ? new StateKey(((Signal) message).route(), told.resourceId())
        : null;
  }

  private static boolean saysThatItBegan(RunState told) {
    Outcome outcome = told.outcome();
    return outcome == Outcome.SUCCESS
        || outcome == Outcome.FAILED
        || outcome == Outcome.TIMED_OUT
        || JobPaceDetector.saying(told) == JobPace.Saying.RUNS;
  }

  @Override
  public int sources(SkippedRuns state) {
    return SOURCES;
  }

  @Override
  public StateCodec<SkippedRuns> codec() {
    return codec;
  }

  @Override
  public Step<SkippedRuns> step(StateKey key, SkippedRuns before, Input input, View view) {
    SkippedRuns state = before == null ? new SkippedRuns() : before;
    List<Output> outputs = new ArrayList<>();
    if (input instanceof Input.Due due) {
      settle(key, state, due.at(), view, outputs);
      clear(key, state, due.at(), view, outputs);
      state.skipped.removeIf(run -> forgottenAt(run) <= due.at());
      boolean over = state.skipped.isEmpty() && forgottenAt(state) <= due.at();
      return over && outputs.isEmpty()
          ? Step.gone()
          : new Step<>(state, outputs, Math.max(due.at() + 1, wakeAt(state)));
    }
    Signal signal = (Signal) ((Input.Arrived) input).message();
    RunState told = RunStates.of(signal);
    if (SkipWords.isSkipped(told)) {
      skipped(key, state, signal, told, view, outputs);
    } else {
      started(state, signal, told);
    }
    return new Step<>(state, outputs, wakeAt(state));
  }

  private void skipped(
      StateKey key,
      SkippedRuns state,
      Signal signal,
      RunState told,
      View view,
      List<Output> outputs) {
    Skipped run = state.skipped(told.runId());
    if (run == null) {
      run = new Skipped(told.runId());
      state.skipped.add(run);
    }
    boolean known = run.tellings.stream().anyMatch(other -> other.contentId() == told.contentId());
    if (known || run.tellings.size() == SkippedRuns.MAX_TELLINGS) {
      return;
    }
    run.tellings.add(telling(signal, told));
    run.tellings.sort(
        Comparator.comparingLong(Telling::time).thenComparingLong(Telling::contentId));
    state.sort();
    outputs.add(new Output.Found(key.route(), finding(key, run, run.tellings, view)));
    if (state.skipped.size() > MAX_SKIPPED) {
      drop(key, state, outputs);
    }
  }

  private static void started(SkippedRuns state, Signal signal, RunState told) {
    Started run = state.started(told.runId());
    if (run == null) {
      run = new Started(told.runId());
      state.started.add(run);
    }
    if (told.time() < run.told || (told.time() == run.told && told.contentId() < run.contentId)) {
      run.told = told.time();
      run.contentId = told.contentId();
      run.start = told.startTime();
      run.scheduled = SkipWords.isScheduled(told);
    }
    if (told.outcome() == Outcome.SUCCESS && told.time() < run.succeeded) {
      run.succeeded = told.time();
      run.at = signal.at();
    }
    state.sort();
    if (state.started.size() > MAX_STARTED) {
      state.started.remove(0);
    }
  }

  private Telling telling(Signal signal, RunState told) {
    String limit = SkipWords.limit(told);
    Cause cause = causeOf(told, limit);
    if (limit == null && cause != null) {
      limit = cause.key().contains("MAX_CONCURRENT_RUNS") ? SkipWords.CONCURRENT_RUNS : null;
    }
    return new Telling(
        told.time(),
        told.contentId(),
        limit,
        cause,
        FreeText.beginning(told.message(), Fact.MESSAGE_LENGTH),
        told.jobName(),
        told.environment(),
        told.runPageUrl(),
        SkipWords.isScheduled(told),
        signal.at());
  }

  /** The cause that the catalogue knows, or null: that a run was skipped says itself. */
  private Cause causeOf(RunState told, String limit) {
    if (limit == null && told.message() == null) {
      return null;
    }
    Cause cause =
        Cause.of(
            causes.classify(
                new FailureEvidence(
                    limit == null ? null : limit + "_EXCEEDED",
                    told.terminationType(),
                    told.lifeCycle(),
                    told.result(),
                    told.message(),
                    told.errorTrace(),
                    told.taskKey())));
    return cause.known() ? cause : null;
  }

  private static void settle(
      StateKey key, SkippedRuns state, long at, View view, List<Output> outputs) {
    for (Skipped run : state.skipped) {
      long deadline = deadline(state, run);
      if (run.settled || deadline > at) {
        continue;
      }
      run.settled = true;
      run.inRow = isInRow(state, run, view.policy(run.at()).runs().skippedInRow());
      List<Telling> told =
          run.tellings.stream().filter(telling -> telling.time() <= deadline).toList();
      if (run.inRow) {
        outputs.add(new Output.Found(key.route(), finding(key, run, run.tellings, view)));
      }
      outputs.add(
          new Output.Settled(key.route(), run.at(), SOURCES, finding(key, run, told, view)));
    }
  }

  private static long deadline(SkippedRuns state, Skipped run) {
    return Math.min(run.at() + Settling.RUN.toMillis(), clearedAt(state, run));
  }

  /** Whether this and the scheduled runs before it were skipped, and none began between them. */
  private static boolean isInRow(SkippedRuns state, Skipped run, int many) {
    List<Skipped> row =
        state.skipped.stream()
            .filter(other -> other.at() <= run.at() && other.scheduledBy(run.at()))
            .toList();
    if (!run.scheduledBy(run.at()) || row.size() < many) {
      return false;
    }
    long from = row.get(row.size() - many).at();
    return state.started.stream()
        .filter(other -> other.scheduled && !state.isSkippedBy(other.runId, run.at()))
        .noneMatch(
            other -> other.begun() > from && other.begun() <= run.at() && other.told <= run.at());
  }

  private static void clear(
      StateKey key, SkippedRuns state, long at, View view, List<Output> outputs) {
    for (Skipped run : state.skipped) {
      long clearedAt = clearedAt(state, run);
      if (run.settled && run.clearedAt == 0 && clearedAt <= at) {
        run.clearedAt = clearedAt;
        List<Telling> told =
            run.tellings.stream().filter(telling -> telling.time() <= clearedAt).toList();
        outputs.add(new Output.Found(key.route(), finding(key, run, run.tellings, view)));
        outputs.add(
            new Output.Settled(key.route(), clearedAt, SOURCES, finding(key, run, told, view)));
      }
    }
  }

  /** The first success of a run that began later, as far as it was told; NEVER while none was. */
  private static long clearedAt(SkippedRuns state, Skipped run) {
    return state.started.stream()
        .filter(
            other -> other.begun() > run.at() && !state.isSkippedBy(other.runId, other.succeeded))
        .mapToLong(other -> other.succeeded)
        .min()
        .orElse(Step.NEVER);
  }

  private static long wakeAt(SkippedRuns state) {
    long wakeAt = state.skipped.isEmpty() ? forgottenAt(state) : Step.NEVER;
    for (Skipped run : state.skipped) {
      wakeAt = Math.min(wakeAt, forgottenAt(run));
      if (!run.settled) {
        wakeAt = Math.min(wakeAt, deadline(state, run));
      } else if (run.clearedAt == 0) {
        wakeAt = Math.min(wakeAt, clearedAt(state, run));
      }
    }
    return wakeAt;
  }

  private static long forgottenAt(Skipped run) {
    long last = run.tellings.get(run.tellings.size() - 1).time();
    return run.clearedAt > 0
        ? Math.max(last, run.clearedAt) + RunFacts.KEPT
        : last + MEMORY.toMillis();
  }

  private static long forgottenAt(SkippedRuns state) {
    return state.started.stream().mapToLong(run -> run.told).max().orElse(0) + MEMORY.toMillis();
  }

  /** Told at 1, 2, 4, 8 and so on: what overflows once overflows often. */
  private static void drop(StateKey key, SkippedRuns state, List<Output> outputs) {
    Skipped gone = state.skipped.remove(0);
    state.dropped++;
    if (Integer.bitCount(state.dropped) != 1) {
      return;
    }
    outputs.add(
        new Output.Noted(
            key.route(),
            AuditEntry.newBuilder()
                .setAt(Instant.ofEpochMilli(gone.at()))
                .setActor("skipped-runs")
                .setAction("DROP_RUN")
                .setResource(FailedRun.subject(key, null).toResource())
                .setWhy("more skipped runs than are kept of one job")
                .setHow("the finding of the oldest is not cleared any more")
                .setDetail(Map.of("runId", gone.runId, "dropped", Integer.toString(state.dropped)))
                .setStatus("OVERFLOW")
                .build()));
  }

  private static Finding finding(StateKey key, Skipped run, List<Telling> told, View view) {
    return SkippedRunFindings.of(key, run, told, view);
  }
}
