package io.mendline.processors.runs;

import io.mendline.processors.cause.RootCauseClassifier;
import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.Detector;
import io.mendline.processors.pipeline.Input;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Output;
import io.mendline.processors.pipeline.Payload;
import io.mendline.processors.pipeline.RunFailures;
import io.mendline.processors.pipeline.Signal;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.pipeline.StateCodec;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.processors.pipeline.Step;
import io.mendline.processors.pipeline.View;
import io.mendline.schemas.AuditEntry;
import io.mendline.schemas.Finding;
import io.mendline.serdes.telemetry.RunItems;
import io.mendline.serdes.telemetry.RunItems.Verdict;
import io.mendline.serdes.telemetry.RunState;
import io.mendline.serdes.telemetry.RunState.Level;
import io.mendline.serdes.telemetry.RunState.Outcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Finds failed runs of Databricks jobs: one finding {@code RUN_FAILED} per run, however often it is
 * told, retried or repaired.
 *
 * <p>A job notification says neither when a run ended nor why, and of what was cancelled or skipped
 * that it failed: so it is settled rather than told at once, and counts only while no other source
 * tells of the same end, see {@link Tellings}.
 *
 * <p>A run that reports its items is judged by them, see {@link Tellings}: too many that failed
 * make {@code RUN_FAILED} of a run that ended well, a few {@code RUN_DEGRADED}, settled with its
 * end.
 *
 * <p>An update of a declarative pipeline counts as a run of it, its flows as tasks. It is cleared
 * by a success of any later update of the pipeline.
 *
 * <p>A task's failure by itself raises nothing: it is evidence for why the run as a whole failed,
 * and may yet be retried. The run as a whole is told of by every source that tells of its tasks.
 *
 * <p><b>Method.</b> Per run the distinct facts that ended it or its tasks are kept, in the order of
 * event time, and everything said of it is computed from that set anew. What is a failure says
 * {@link RunFailures}; which facts tell of one failure says {@link Episode}; which fact names the
 * cause says {@link Judgement#BEST_FIRST}.
 *
 * <ul>
 *   <li><b>Monotone:</b> the run as a whole failed. Put out with the first such fact, even a late
 *       one, and again with every further distinct fact.
 *   <li><b>Settled:</b> raised, where only a notification says so, {@link RunFacts#EVIDENCE_WAIT}
 *       after it. Cleared, when the watermark has passed a success after the last failure. A
 *       success counts, also in the revision, from then on only.
 * </ul>
 *
 * <p>{@link Output.Settled} is put out once per failure, when its evidence has come or it was
 * mended, whichever is first, as of then; and once per recovery. A failure always before its
 * recovery.
 *
 * <p><b>Cost.</b> A fact costs one classification and work linear in the facts of its run, plus a
 * pass over the job's runs for the next deadline.
 *
 * <p><b>State.</b> Per job at most 64 settled runs, 8 that ended well, 512 with those that the
 * watermark has not passed, and 1,024 facts; per run 16 facts of its own and 16 of its tasks. A run
 * is dropped 8 days after its last fact. Above the bounds those go first that ended well, of which
 * nothing is missed, then those that are settled longest; each of these is counted and audited.
 * What is told of a run after it was dropped is judged as of a run never heard of, so that its
 * revision begins anew.
 *
 * <p>Source of the cases: the Jobs API's run object and its {@code termination_details}, the audit
 * log and the run timeline tables, see {@link RunState}.
 */
public final class RunsDetector implements Detector<JobRuns> {
  private static final String ACTOR = "runs";

  private final RunCauses causes;
  private final StateCodec<JobRuns> codec = new JobRunsCodec();

  /** A detector that names causes by this classifier. */
  public RunsDetector(RootCauseClassifier causes) {
    this.causes = new RunCauses(causes);
  }

  @Override
  public StateKey keyOf(Message message) {
    return message instanceof Signal signal
            && signal.payload() instanceof Payload.Observed observed
            && observed.record() instanceof RunState state
            && (state.level() == Level.JOB || isFact(state))
        ? new StateKey(signal.route(), state.resourceId())
        : null;
  }

  @Override
  public int sources(JobRuns state) {
    return Source.RUNS.bit();
  }

  @Override
  public StateCodec<JobRuns> codec() {
    return codec;
  }

  @Override
  public Step<JobRuns> step(StateKey key, JobRuns before, Input input, View view) {
    JobRuns state = before == null ? new JobRuns() : before;
    List<Output> out = new ArrayList<>();
    if (input instanceof Input.Due due) {
      due(key, state, due.at(), view, out);
    } else if (input instanceof Input.Arrived arrived
        && arrived.message() instanceof Signal signal
        && signal.payload() instanceof Payload.Observed observed
        && observed.record() instanceof RunState told) {
      arrive(key, state, signal, told, view, out);
    }
    return state.all().isEmpty() && out.isEmpty()
        ? Step.gone()
        : new Step<>(state, List.copyOf(out), state.deadline());
  }

  private void arrive(
      StateKey key, JobRuns state, Signal signal, RunState told, View view, List<Output> out) {
    RunFacts run = state.of(told.runId());
    run.hear(told);
    boolean known = run.knows(signal.contentId());
    if (isFact(told) && known && told.timedOnArrival()) {
      run.again(fact(signal, told, view));
    }
    if (isFact(told) && !known) {
      boolean full = run.dropped > 0;
      if (run.add(fact(signal, told, view), isAtOnce(told, view)) && !full) {
        out.add(noted(key, run, "DROP_FACTS", "more facts than are kept of one run", state));
      }
      tell(key, run, view, out);
    }
    state.note(run);
    for (RunFacts gone : state.evictAllBut(run)) {
      out.add(noted(key, gone, "EVICT_RUN", "more runs or facts than are kept of one job", state));
    }
  }

  /** A task's success says nothing that the run as a whole does not say. */
  private static boolean isFact(RunState told) {
    return (told.outcome().terminal() && told.level() == Level.JOB)
        || told.items() != null
        || RunFailures.isFailure(told);
  }

  /** What a notification says, or one of many tasks, may yet turn out to be no failure. */
  private static boolean isAtOnce(RunState told, View view) {
    return !told.timedOnArrival() && !view.policy(told.time()).runs().tasksAsItems();
  }

  private Fact fact(Signal signal, RunState told, View view) {
    Coordinates at = signal.at();
    RunItems items = told.items();
    if (items != null
        && (items.ofTasks()
            ? items.verdict() == Verdict.DEGRADED && view.policy(told.time()).runs().tasksAsItems()
            : told.outcome() == Outcome.SUCCESS)) {
      return Fact.reported(told, items.verdict() == Verdict.FAILED ? causes.of(told) : null, at);
    }
    if (told.outcome() == Outcome.SUCCESS) {
      return Fact.success(told, at);
    }
    if (!RunFailures.isFailure(told)) {
      return Fact.otherwise(told, at);
    }
    Fact.Stage stage = told.level() == Level.TASK ? Fact.Stage.DONE : Fact.Stage.PENDING;
    return Fact.failure(told, causes.of(told), stage, at);
  }

  private static void due(StateKey key, JobRuns state, long at, View view, List<Output> out) {
    for (RunFacts run : state.due(at)) {
      settle(key, state, run, at, view, out);
      if (run.prunedAt() <= at) {
        state.remove(run);
      } else {
        state.note(run);
      }
    }
    for (RunFacts run : List.copyOf(state.all())) {
      Fact success = run.pipeline && run.standing ? laterSuccess(state, run, at) : null;
      if (success != null) {
        run.add(success.at(Fact.Stage.DONE), false);
        settle(key, state, run, at, view, out);
        state.note(run);
      }
    }
  }

  /** An update that failed is not repaired: the pipeline recovers with a later one. */
  private static Fact laterSuccess(JobRuns state, RunFacts failed, long at) {
    Judgement judgement = Judgement.ofLast(failed.upTo(at));
    return judgement == null
        ? null
        : state.all().stream()
            .filter(run -> run != failed)
            .flatMap(run -> Tellings.of(run.upTo(at)).stream())
            .filter(fact -> fact.ofJob() && fact.succeeded())
            .filter(fact -> fact.time() > judgement.occurredAt())
            .min(Fact.BY_TIME)
            .orElse(null);
  }

  /** How many updates of a pipeline have failed one after the other, up to this one. */
  private static int failedInRow(JobRuns state, RunFacts run, long at) {
    List<Fact> others =
        state.all().stream()
            .filter(other -> other != run)
            .flatMap(other -> Episode.of(Tellings.of(other.upTo(at))).stream())
            .map(Episode::first)
            .filter(fact -> fact.time() < at)
            .toList();
    long since =
        state.all().stream()
            .flatMap(other -> Tellings.of(other.upTo(at)).stream())
            .filter(fact -> fact.ofJob() && fact.succeeded())
            .mapToLong(Fact::time)
            .max()
            .orElse(Long.MIN_VALUE);
    return 1 + (int) others.stream().filter(fact -> fact.time() > since).count();
  }

  /** Judges what is due of a run, as of {@code at}. */
  private static void settle(
      StateKey key, JobRuns state, RunFacts run, long at, View view, List<Output> out) {
    List<Output> settled = new ArrayList<>();
    List<Fact> due =
        run.facts.stream().filter(fact -> fact.pending() && run.deadline(fact) <= at).toList();
    for (Fact fact : due) {
      // An end that the platform takes for good may have failed by what was reported of it.
      boolean raises = fact.ofJob() && raises(run, fact, at);
      run.put(fact, raises ? Fact.Stage.SETTLED : Fact.Stage.DONE);
      if (raises) {
        run.raised = true;
        run.standing = true;
        failure(key, state, run, fact, at, view, settled);
      }
    }
    Judgement now = Judgement.ofLast(run.upTo(at));
    if (run.standing && now != null && now.mendedBy() != null) {
      run.standing = false;
      recovery(key, run, now, view, settled);
    }
    tell(key, run, view, out);
    if (due.stream().anyMatch(fact -> fact.ofJob() && fact.succeeded())) {
      degrade(key, run, at, view, settled, out);
    }
    out.addAll(settled);
  }

  /** Judges what was reported of the items of a run that has just ended. */
  private static void degrade(
      StateKey key, RunFacts run, long at, View view, List<Output> settled, List<Output> out) {
    List<Fact> on = run.upTo(at);
    List<Fact> reports = Tellings.reportsAtEnd(on);
    boolean now = !reports.isEmpty() && reports.get(0).items().verdict() == Verdict.DEGRADED;
    Fact report =
        now
            ? reports.get(0)
            : on.stream()
                .filter(fact -> fact.reports() && fact.items().verdict() == Verdict.DEGRADED)
                .reduce((earlier, later) -> later)
                .orElse(null);
    if ((now || run.degraded) && report != null) {
      run.degraded = now;
      Finding finding = DegradedRun.finding(key, run, report, !now, on, view);
      out.add(new Output.Found(key.route(), finding));
      settled.add(
          new Output.Settled(key.route(), now ? report.time() : at, Source.RUNS.bit(), finding));
    }
  }

  private static boolean raises(RunFacts run, Fact failure, long at) {
    // Facts fall due in the order of time, so the first of an episode comes to this before others.
    return episodeOf(failure, run.upTo(at))
        .filter(
            episode ->
                episode.members().stream().noneMatch(fact -> fact.stage() == Fact.Stage.SETTLED))
        .isPresent();
  }

  /** The failure as of {@code at}, as if it had not been mended meanwhile. */
  private static void failure(
      StateKey key,
      JobRuns state,
      RunFacts run,
      Fact failure,
      long at,
      View view,
      List<Output> out) {
    List<Fact> on =
        run.upTo(at).stream()
            .filter(
                fact ->
                    fact.failed()
                        || fact.reports()
                        || fact.time() < failure.time()
                        || fact.contentId() == failure.contentId())
            .toList();
    Episode episode = episodeOf(failure, on).orElseThrow();
    Output.Settled settled = settled(key, run, failure.time(), Judgement.of(episode, on), on, view);
    if (run.pipeline) {
      out.add(counted(settled, failedInRow(state, run, failure.time())));
      return;
    }
    if (episode.number() > 1) {
      Judgement before = Judgement.of(episodeBefore(episode, on), on);
      out.add(tried(key, run, failure.time(), before, false));
    }
    out.add(settled);
  }

  /** The failure that a run was tried again for when it failed once more. */
  private static Episode episodeBefore(Episode episode, List<Fact> on) {
    Episode before = null;
    for (Episode other : Episode.of(Tellings.of(on))) {
      if (other.first().contentId() == episode.first().contentId()) {
        break;
      }
      before = other;
    }
    return before;
  }

  private static Output tried(
      StateKey key, RunFacts run, long at, Judgement failure, boolean worked) {
    return new Output.Tried(
        key.route(),
        at,
        Source.RUNS.bit(),
        failure.best().cause().key(),
        FailedRun.id(key, run.runId),
        worked);
  }

  /** With how many failed in a row, which is known only when all before has come. */
  private static Output.Settled counted(Output.Settled settled, int failedInRow) {
    Map<String, String> attributes = new TreeMap<>(settled.finding().getAttributes());
    attributes.put("failedInRow", Integer.toString(failedInRow));
    return new Output.Settled(
        settled.route(),
        settled.at(),
        settled.sources(),
        Finding.newBuilder(settled.finding()).setAttributes(attributes).build());
  }

  private static void recovery(
      StateKey key, RunFacts run, Judgement judgement, View view, List<Output> out) {
    long at = Math.max(judgement.mendedBy().time(), judgement.occurredAt());
    List<Fact> on = run.upTo(at);
    if (!run.pipeline && judgement.mendedBy().succeeded()) {
      out.add(tried(key, run, at, judgement, true));
    }
    out.add(settled(key, run, at, judgement, on, view));
  }

  private static Output.Settled settled(
      StateKey key, RunFacts run, long at, Judgement judgement, List<Fact> on, View view) {
    return new Output.Settled(
        key.route(), at, Source.RUNS.bit(), FailedRun.finding(key, run, judgement, on, view));
  }

  /** The episode of a failure; empty where it is a notification that does not count. */
  private static Optional<Episode> episodeOf(Fact failure, List<Fact> all) {
    return Episode.of(Tellings.of(all)).stream()
        .filter(
            episode ->
                episode.members().stream()
                    .anyMatch(member -> member.contentId() == failure.contentId()))
        .findFirst();
  }

  /** Puts out the finding if it rests on more facts than when it was put out last. */
  private static void tell(StateKey key, RunFacts run, View view, List<Output> out) {
    if (!run.raised) {
      return;
    }
    List<Fact> counted = run.counted();
    int revision = run.revision(counted);
    Judgement judgement = Judgement.ofLast(counted);
    if (revision > run.told && judgement != null) {
      run.told = revision;
      out.add(new Output.Found(key.route(), FailedRun.finding(key, run, judgement, counted, view)));
    }
  }

  private static Output noted(
      StateKey key, RunFacts run, String action, String why, JobRuns state) {
    return new Output.Noted(
        key.route(),
        AuditEntry.newBuilder()
            .setAt(Instant.ofEpochMilli(run.last))
            .setActor(ACTOR)
            .setAction(action)
            .setResource(FailedRun.subject(key, run, null).toResource())
            .setWhy(why)
            .setHow("bound of the state")
            .setDetail(Map.of("runId", run.runId, "evictedRuns", Integer.toString(state.evicted)))
            .setStatus("OK")
            .build());
  }
}
