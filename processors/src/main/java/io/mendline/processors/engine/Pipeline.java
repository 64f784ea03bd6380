package io.mendline.processors.engine;

import io.mendline.processors.capacity.CapacityDetector;
import io.mendline.processors.cause.CauseCatalogue;
import io.mendline.processors.cause.RootCauseClassifier;
import io.mendline.processors.checks.CheckDetector;
import io.mendline.processors.incident.IncidentIndex;
import io.mendline.processors.incident.IncidentTracker;
import io.mendline.processors.mix.MixDetector;
import io.mendline.processors.partitions.PartitionDetector;
import io.mendline.processors.pipeline.Detector;
import io.mendline.processors.pipeline.Entry;
import io.mendline.processors.pipeline.JoinedDetector;
import io.mendline.processors.pipeline.RepairOdds;
import io.mendline.processors.pipeline.StateCodec;
import io.mendline.processors.pipeline.StateIndex;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.processors.pipeline.Store;
import io.mendline.processors.recurrence.CauseHistory;
import io.mendline.processors.recurrence.RecurrenceDetector;
import io.mendline.processors.regression.CacheRegressionDetector;
import io.mendline.processors.regression.CacheState;
import io.mendline.processors.regression.MetricRegressionDetector;
import io.mendline.processors.runs.JobOddsDetector;
import io.mendline.processors.runs.JobPaceDetector;
import io.mendline.processors.runs.JobSafeguardsDetector;
import io.mendline.processors.runs.MissedRunDetector;
import io.mendline.processors.runs.RunsDetector;
import io.mendline.processors.runs.SkippedRunDetector;
import io.mendline.processors.sentinel.SentinelDetectors;
import java.util.List;
import java.util.function.Supplier;

/**
 * The pipeline, said once. Both runtimes are wired from this: the Kafka Streams topology and the
 * in-process replay.
 *
 * <pre>
 *  ingest ── signals ──► intake ─► sentinel ─► runs ─► regression ─► capacity ─► recurrence ─► incidents ── command-requests ──► governor
 * </pre>
 *
 * <p>A signal goes down the line until its concern takes it. What a concern puts out goes on down
 * the line, so recurrence hears the detectors, and incidents hear recurrence. Progress goes down
 * the line behind all that was due at it. At the end findings, incidents, alerts and audit leave
 * for their topics.
 */
public final class Pipeline {
  /** The store of the ingest stage. */
  public static final String INGEST = "ingest";

  /** The store of the intake: watermarks, presence and changes. */
  public static final String ROUTES = "routes";

  /** The concern that judges Sentinel resources, and its store. */
  public static final String SENTINEL = "sentinel";

  /** The concern that judges jobs, checks and partitions, and its store. */
  public static final String RUNS = "runs";

  /** The concern that judges caches, and its store. */
  public static final String REGRESSION = "regression";

  /** The concern that judges metrics, and its store. */
  public static final String CAPACITY = "capacity";

  /** The concern that remembers why things failed, and its store. */
  public static final String RECURRENCE = "recurrence";

  /** The concern that tracks incidents, and its store. */
  public static final String INCIDENTS = "incidents";

  /** The store of the governor. */
  public static final String GOVERNOR = "governor";

  /** The global store of policies. */
  public static final String POLICIES = "policies";

  private Pipeline() {}

  /**
   * One concern on the line.
   *
   * @param name names its node and its store
   * @param hears what it takes or listens to, for people
   * @param detector makes its detector; each task has one of its own
   * @param index what its states can be found by beside their keys; null for nothing
   * @param asksRecurrence whether it looks at what the concern of {@link #RECURRENCE} keeps, which
   *     is ahead of it on the line
   */
  public record Concern<S>(
      String name,
      String hears,
      Supplier<Detector<S>> detector,
      StateIndex<S> index,
      boolean asksRecurrence) {

    /** A concern whose states are found by their keys alone, and that looks at its own only. */
    public Concern(String name, String hears, Supplier<Detector<S>> detector) {
      this(name, hears, detector, null, false);
    }
  }

  /**
   * The concerns of the engine, in the order of the line.
   *
   * @param causes what is known of root causes
   */
  public static List<Concern<?>> line(CauseCatalogue causes) {
    RootCauseClassifier classifier = new RootCauseClassifier(causes);
    return List.of(
        new Concern<>(
            SENTINEL,
            "health of Sentinel rules, connectors and automation; changes of rules",
            () -> SentinelDetectors.all(causes)),
        new Concern<>(
            RUNS,
            "states of Databricks runs, settings of jobs; what checks found; rows of partitions",
            () -> runs(classifier)),
        new Concern<>(REGRESSION, "token usage; changes", CacheRegressionDetector::new),
        new Concern<>(
            CAPACITY, "samples of metrics; changes; what cache scopes used", Pipeline::capacity),
        new Concern<>(RECURRENCE, "settled findings", RecurrenceDetector::new),
        new Concern<>(
            INCIDENTS,
            "findings; outcomes, approvals and operations",
            IncidentTracker::new,
            IncidentIndex::entriesOf,
            true));
  }

  /** How often trying again has helped, as the store of {@link #RECURRENCE} says. */
  public static RepairOdds repairs(
      Store<? extends Entry<?>> recurrence, String route, String cause, long at) {
    Entry<?> entry = recurrence.get(new StateKey(route, cause));
    return entry != null && entry.state() instanceof CauseHistory history
        ? history.repairs(at)
        : RepairOdds.NONE;
  }

  /** What the store of {@link #RUNS} keeps of a key, for those who only read it. */
  public static StateCodec<JoinedDetector.Parts> runsCodec() {
    // What is known of root causes does not show in the form.
    return runs(new RootCauseClassifier(CauseCatalogue.bundled())).codec();
  }

  /** What the store of {@link #REGRESSION} keeps of a key, for those who only read it. */
  public static StateCodec<CacheState> regressionCodec() {
    return new CacheRegressionDetector().codec();
  }

  /** What the store of {@link #CAPACITY} keeps of a key, for those who only read it. */
  public static StateCodec<JoinedDetector.Parts> capacityCodec() {
    return capacity().codec();
  }

  /**
   * All that is judged of Databricks jobs, and of checks and partitions: of those there are few,
   * and stores of their own would be more to keep and restore. The order is written into states:
   * new ones go to the end.
   */
  private static JoinedDetector runs(RootCauseClassifier classifier) {
    return new JoinedDetector(
        List.of(
            new RunsDetector(classifier),
            new MissedRunDetector(),
            new CheckDetector(),
            new SkippedRunDetector(classifier),
            new JobPaceDetector(),
            new PartitionDetector(),
            new JobSafeguardsDetector(classifier),
            new JobOddsDetector()));
  }

  /**
   * All that is judged of the metrics of a service or pool, and of what all cache scopes of a
   * service used: it hears the scopes, which are ahead of it on the line. New ones go to the end.
   */
  private static JoinedDetector capacity() {
    return new JoinedDetector(
        List.of(new CapacityDetector(), new MetricRegressionDetector(), new MixDetector()));
  }
}
