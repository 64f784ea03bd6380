package io.mendline.processors.engine;

import io.mendline.processors.cause.CauseCatalogue;
import io.mendline.processors.engine.Pipeline.Concern;
import io.mendline.processors.governor.Governor;
import io.mendline.processors.ingest.DeadLetter;
import io.mendline.processors.ingest.Decoded;
import io.mendline.processors.ingest.Ingest;
import io.mendline.processors.ingest.IngestMemory;
import io.mendline.processors.ingest.IngestOutput;
import io.mendline.processors.ingest.Inputs;
import io.mendline.processors.pipeline.Budget;
import io.mendline.processors.pipeline.Clock;
import io.mendline.processors.pipeline.Commits;
import io.mendline.processors.pipeline.Detector;
import io.mendline.processors.pipeline.Emitter;
import io.mendline.processors.pipeline.Entry;
import io.mendline.processors.pipeline.Intake;
import io.mendline.processors.pipeline.JoinedDetector.Parts;
import io.mendline.processors.pipeline.KeyedStation;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Output;
import io.mendline.processors.pipeline.Progress;
import io.mendline.processors.pipeline.RouteMemory;
import io.mendline.processors.pipeline.SignalRecord;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.processors.pipeline.Station;
import io.mendline.processors.pipeline.Store;
import io.mendline.processors.pipeline.StoreView;
import io.mendline.processors.pipeline.View;
import io.mendline.processors.policy.PolicyBook;
import io.mendline.processors.policy.PolicyDocument;
import io.mendline.processors.regression.CacheState;
import io.mendline.processors.regression.SeriesReport;
import io.mendline.processors.runs.JobReport;
import io.mendline.processors.sentinel.RuleReport;
import io.mendline.processors.sentinel.WorkspaceCoverage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/**
 * The pipeline in one process and one thread, on stores in memory: what {@code replay} runs on. The
 * clock is the input's, so history runs as it ran, as fast as it can be read.
 *
 * <p>Messages are taken to come in the order in which they arrived: each source counts as read to
 * its end up to the message at hand, so its watermark follows the highest event time of all
 * sources.
 */
public final class LocalRuntime {
  /** How often the governor looks again at what waits, by the input's clock. */
  private static final long TICK_MILLIS = 60_000;

  private final Ingest ingest;
  private final Intake intake;
  private final Governor governor;
  private final PolicyBook policies;
  private final Store<RouteMemory> routes = new MemoryStore<>();
  private final Map<String, Store<? extends Entry<?>>> states = new HashMap<>();
  private final Emitter line;
  private final Consumer<Output> outputs;
  private final Consumer<DeadLetter> deadLetters;
  private long nextTick = Progress.UNHEARD;

  /**
   * A runtime.
   *
   * @param outputs what leaves: findings, incidents, alerts, audit and commands, in the order
   *     produced
   * @param deadLetters what could not be read
   */
  public LocalRuntime(
      ToLongFunction<Source> lateness,
      PolicyBook policies,
      CauseCatalogue causes,
      Consumer<Output> outputs,
      Consumer<DeadLetter> deadLetters) {
    this.policies = policies;
    this.outputs = outputs;
    this.deadLetters = deadLetters;
    this.ingest =
        new Ingest(new MemoryStore<IngestMemory>(), new AllRead(), Clock.INPUT, lateness, 1);
    this.intake = new Intake(routes, Clock.INPUT, () -> 0, lateness, policies::at, route -> true);
    this.governor = new Governor(new MemoryStore<>(), policies, Clock.INPUT, () -> 0, false);
    this.line = line(causes);
    governor.recover(this::leave);
    for (Source source : Source.values()) {
      intake.accept(
          new SignalRecord.Watermark(source, 0, 1, Progress.UNHEARD, Progress.UNHEARD, true), line);
    }
  }

  /** Deals with one message. */
  public void accept(Decoded message) {
    ingest.accept(message, this::ingested);
  }

  /** Moves the clock on, so that what is due until then comes about. */
  public void advance(long until) {
    intake.accept(
        new SignalRecord.Watermark(Source.CHANGES, 0, 1, until, Progress.UNHEARD, true), line);
  }

  /** The highest event time seen, epoch milliseconds, or {@link Progress#UNHEARD}. */
  public long clock() {
    return intake.progress().clock();
  }

  /** How much the rules of each Sentinel workspace that was heard of have looked at. */
  public List<WorkspaceCoverage> coverage() {
    View view = new StoreView(routes, policies, this::clock);
    return WorkspaceCoverage.of(
        rules(), (route, rule) -> view.ruleProfile(route, rule, clock()).tactics());
  }

  /** How the analytics rules are that were heard of. */
  public List<RuleReport> rules() {
    Map<StateKey, Parts> rules = new HashMap<>();
    states
        .get(Pipeline.SENTINEL)
        .forEach(
            (key, entry) -> {
              if (entry.state() instanceof Parts parts) {
                rules.put(key, parts);
              }
            });
    return RuleReport.of(rules);
  }

  /** How the jobs are that were heard of, by workspace and id. */
  public List<JobReport> jobs() {
    Map<StateKey, JobReport> jobs = new TreeMap<>();
    states
        .get(Pipeline.RUNS)
        .forEach(
            (key, entry) -> {
              JobReport report =
                  entry.state() instanceof Parts parts ? JobReport.of(key, parts) : null;
              if (report != null) {
                jobs.put(key, report);
              }
            });
    return List.copyOf(jobs.values());
  }

  /** The caches and metrics that were heard of, by route and id. */
  public List<SeriesReport> series() {
    List<SeriesReport> series = new ArrayList<>();
    for (String store : List.of(Pipeline.REGRESSION, Pipeline.CAPACITY)) {
      states
          .get(store)
          .forEach(
              (key, entry) -> {
                SeriesReport report =
                    entry.state() instanceof CacheState cache
                        ? SeriesReport.of(key, cache)
                        : entry.state() instanceof Parts parts ? SeriesReport.of(key, parts) : null;
                if (report != null) {
                  series.add(report);
                }
              });
    }
    return List.copyOf(series);
  }

  private void ingested(IngestOutput output) {
    if (output instanceof IngestOutput.Signals signals) {
      // Watermarks need not be told here: each source follows the clock.
      if (!(signals.record() instanceof SignalRecord.Watermark)) {
        intake.accept(signals.record(), line);
      }
    } else if (output instanceof IngestOutput.Policies accepted) {
      accepted.versions().forEach((PolicyDocument version) -> policies.put(version));
    } else if (output instanceof DeadLetter letter) {
      deadLetters.accept(letter);
    }
  }

  private Emitter line(CauseCatalogue causes) {
    List<Concern<?>> concerns = new ArrayList<>(Pipeline.line(causes));
    Emitter next = this::leave;
    for (int i = concerns.size() - 1; i >= 0; i--) {
      Station station = station(concerns.get(i));
      Emitter after = next;
      next = message -> station.accept(message, after);
    }
    return next;
  }

  private <S> Station station(Concern<S> concern) {
    Detector<S> detector = concern.detector().get();
    Store<Entry<S>> store = new MemoryStore<>();
    states.put(concern.name(), store);
    View view =
        new StoreView(
            routes,
            policies,
            this::clock,
            (route, cause, at) ->
                Pipeline.repairs(states.get(Pipeline.RECURRENCE), route, cause, at),
            store);
    return new KeyedStation<>(detector, store, view, Commits.ATOMIC, Budget.UNLIMITED);
  }

  private void leave(Message message) {
    if (message instanceof Output.Asked asked) {
      governor.accept(asked.request(), this::leave);
    } else if (message instanceof Progress progress) {
      if (progress.clock() >= nextTick) {
        nextTick = progress.clock() + TICK_MILLIS;
        governor.tick(this::leave);
      }
    } else if (message instanceof Output output
        && !(output instanceof Output.Settled
            || output instanceof Output.Tried
            || output instanceof Output.Metered)) {
      outputs.accept(output);
    }
  }

  private static final class AllRead implements Inputs {
    @Override
    public int partitions(Source source) {
      return 1;
    }

    @Override
    public long readToEndAt(Source source, int partition, long lastOffset) {
      return 0;
    }
  }
}
