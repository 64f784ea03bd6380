package io.mendline.processors.pipeline;

import io.mendline.processors.engine.MemoryStore;
import io.mendline.processors.policy.Policy;
import io.mendline.processors.policy.PolicyBook;
import io.mendline.schemas.Finding;
import io.mendline.serdes.telemetry.Change;
import io.mendline.serdes.telemetry.Heartbeat;
import io.mendline.serdes.telemetry.JobSettings;
import io.mendline.serdes.telemetry.RuleChange;
import io.mendline.serdes.telemetry.SentinelHealth;
import io.mendline.serdes.telemetry.TelemetryRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * Runs a detector as the engine does, for tests: a {@link KeyedStation} over a {@link ByteStore},
 * fed messages in the order given, with a watermark per source that trails the greatest event time
 * of that source by its lateness, and at the end a jump of every watermark past all deadlines.
 *
 * <pre>{@code
 * var result = DetectorHarness.of(RunsDetector::new).run(messages);
 * assertThat(harness.restartingAfter(3).run(Disorder.of(messages, lateness, 0.2, seed)).canonical())
 *     .isEqualTo(result.canonical());
 * }</pre>
 *
 * @param <S> the detector's state
 */
public final class DetectorHarness<S> {
  /** Where the final jump goes: later than any deadline of a test. */
  public static final long FAR = Instant.parse("2200-01-01T00:00:00Z").toEpochMilli();

  private final Supplier<? extends Detector<S>> detectors;
  private final Map<Source, Duration> lateness = new EnumMap<>(Source.class);
  private final List<Change> changes = new ArrayList<>();
  private final Set<Integer> restarts = new TreeSet<>();
  private PolicyBook policies = new PolicyBook();
  private int watermarkEvery = 1;
  private boolean jump = true;

  private DetectorHarness(Supplier<? extends Detector<S>> detectors) {
    this.detectors = detectors;
    for (Source source : Source.values()) {
      lateness.put(source, source.defaultLateness());
    }
  }

  /** A harness; the detector is made anew at every start and restart. */
  public static <S> DetectorHarness<S> of(Supplier<? extends Detector<S>> detectors) {
    return new DetectorHarness<>(detectors);
  }

  /** Another lateness than the source's default. */
  public DetectorHarness<S> lateness(Source source, Duration duration) {
    lateness.put(source, duration);
    return this;
  }

  /** The policies that are in force. */
  public DetectorHarness<S> policies(PolicyBook book) {
    policies = book;
    return this;
  }

  /** Changes that the view knows. */
  public DetectorHarness<S> changes(Change... known) {
    changes.addAll(Arrays.asList(known));
    return this;
  }

  /** The process ends and starts again after so many messages; only bytes survive. */
  public DetectorHarness<S> restartingAfter(Integer... messages) {
    restarts.clear();
    restarts.addAll(Arrays.asList(messages));
    return this;
  }

  /** A watermark after every so many messages instead of after each. */
  public DetectorHarness<S> watermarkEvery(int messages) {
    watermarkEvery = messages;
    return this;
  }

  /** The run ends with the last message: nothing fires that its watermark has not passed. */
  public DetectorHarness<S> withoutJump() {
    jump = false;
    return this;
  }

  /** Feeds the messages to a new store and returns everything that was put out. */
  public Result run(List<? extends Message> messages) {
    Run run = new Run();
    for (int i = 0; i < messages.size(); i++) {
      run.accept(messages.get(i));
      if ((i + 1) % watermarkEvery == 0) {
        run.progress();
      }
      if (restarts.contains(i + 1)) {
        run.start();
      }
    }
    run.progress();
    int keysBeforeJump = run.store.size();
    if (jump) {
      run.jump();
    }
    return new Result(
        List.copyOf(run.outputs), keysBeforeJump, run.store.size(), run.store.largest());
  }

  /**
   * What a run put out.
   *
   * @param outputs in order
   * @param keysBeforeJump keys with a state when the last message had been dealt with
   * @param keys keys that are left with a state at the end
   * @param largestEntry the largest state entry ever put, bytes
   */
  public record Result(List<Output> outputs, int keysBeforeJump, int keys, int largestEntry) {
    /** See {@link CanonicalResult}. */
    public CanonicalResult canonical() {
      return CanonicalResult.of(outputs);
    }

    /** Every version of every finding, in the order told. */
    public List<Finding> found() {
      return of(Output.Found.class).stream().map(Output.Found::finding).toList();
    }

    /** The last version of every finding, by occurrence and id. */
    public List<Finding> findings() {
      Map<String, Finding> last = new TreeMap<>();
      found().forEach(finding -> last.put(finding.getId(), finding));
      List<Finding> sorted = new ArrayList<>(last.values());
      sorted.sort(Comparator.comparing(Finding::getOccurredAt).thenComparing(Finding::getId));
      return sorted;
    }

    /** Everything settled, in the order told. */
    public List<Output.Settled> settled() {
      return of(Output.Settled.class);
    }

    /** Outputs of one kind, in order. */
    public <T extends Output> List<T> of(Class<T> kind) {
      return outputs.stream().filter(kind::isInstance).map(kind::cast).toList();
    }
  }

  /** One life, or several with restarts between, over one store. */
  private final class Run implements View {
    private final ByteStore<S> store = new ByteStore<>(detectors.get().codec());
    private final Map<Source, Long> newest = new EnumMap<>(Source.class);
    private final Map<String, Hearing> heard = new TreeMap<>();
    private final Map<StateKey, RuleVersions> rules = new HashMap<>();
    private final Store<RouteMemory> connectors = new MemoryStore<>();
    private final List<Output> outputs = new ArrayList<>();
    private Progress progress = Progress.NONE;
    private long clock = Long.MIN_VALUE;
    private Message given;
    private KeyedStation<S> station;

    Run() {
      start();
    }

    void start() {
      station = new KeyedStation<>(detectors.get(), store, this, Commits.ATOMIC, Budget.UNLIMITED);
      station.recover(this::collect);
      station.accept(progress, this::collect);
    }

    void accept(Message message) {
      long at = Disorder.eventTime(message);
      clock = Math.max(clock, at);
      int sources = sourcesOf(message);
      for (Source source : Source.values()) {
        if ((sources & source.bit()) != 0) {
          newest.merge(source, at, Math::max);
        }
      }
      if (message instanceof Signal signal) {
        hear(signal, at);
      }
      if (isHeartbeat(message)) {
        return;
      }
      given = message;
      station.accept(message, this::collect);
      given = null;
    }

    private void hear(Signal signal, long at) {
      TelemetryRecord record =
          signal.payload() instanceof Payload.Observed observed ? observed.record() : null;
      if (record instanceof RuleChange change) {
        rules.merge(
            RouteMemory.ruleKey(signal.route(), change.ruleId()),
            RuleVersions.NONE.with(change),
            (known, added) -> known.with(change));
        heard(signal.route(), signal.source())
            .hearBesides(at, progress.of(signal.source()), grace(signal.source()));
        return;
      }
      if (record instanceof JobSettings) {
        return;
      }
      heard(signal.route(), signal.source())
          .hear(at, progress.of(signal.source()), grace(signal.source()));
      if (record instanceof SentinelHealth row
          && row.resourceType() == SentinelHealth.ResourceType.CONNECTOR) {
        ConnectorLog.remember(connectors, signal.route(), row);
      }
    }

    void progress() {
      advance(Progress.of(this::watermark, clock));
    }

    void jump() {
      clock = FAR;
      advance(Progress.of(source -> FAR, FAR));
    }

    private void advance(Progress next) {
      progress = next;
      station.accept(next, this::collect);
    }

    private long watermark(Source source) {
      Long at = newest.get(source);
      return at == null ? Progress.UNHEARD : at - lateness.get(source).toMillis();
    }

    private void collect(Message message) {
      // A station hands on the message it was given; that is not something it put out.
      if (message instanceof Output output && message != given) {
        outputs.add(output);
      }
    }

    @Override
    public long clock() {
      return clock;
    }

    @Override
    public Policy policy(long at) {
      return policies.at(at);
    }

    @Override
    public Presence presence(String route, Source source) {
      return heard(route, source).presence();
    }

    @Override
    public long clock(String route, Source source, long watermark) {
      return heard(route, source).clock(watermark);
    }

    private long grace(Source source) {
      return Hearing.grace(lateness.get(source).toMillis());
    }

    private Hearing heard(String route, Source source) {
      return heard.computeIfAbsent(route + ' ' + source, key -> new Hearing());
    }

    @Override
    public RuleProfile ruleProfile(String route, String ruleId, long at) {
      return rules.getOrDefault(RouteMemory.ruleKey(route, ruleId), RuleVersions.NONE).at(at);
    }

    @Override
    public Siblings siblings(String route, String jobId, long at) {
      return Siblings.NONE;
    }

    @Override
    public List<RunEnd> lastEnds(String route, String pattern, long before) {
      return List.of();
    }

    @Override
    public List<RunEnd> ends(String route, String jobId, long after, long until) {
      return List.of();
    }

    @Override
    public List<Change> changes(String service, long from, long to) {
      return changes.stream()
          .filter(change -> change.service() != null && change.service().equals(service))
          .filter(change -> change.time() >= from && change.time() <= to)
          .sorted(Comparator.comparingLong(Change::time).thenComparing(Change::id))
          .toList();
    }

    @Override
    public RepairOdds repairs(String route, String cause, long at) {
      return RepairOdds.NONE;
    }

    @Override
    public <T> void others(StateKey key, Class<T> type, BiConsumer<StateKey, T> visitor) {
      store.forEachOf(
          key.route(),
          (other, entry) -> {
            if (!other.equals(key) && type.isInstance(entry.state())) {
              visitor.accept(other, type.cast(entry.state()));
            }
          });
    }

    @Override
    public List<ConnectorTrouble> connectors(String route, long from, long to) {
      return ConnectorLog.troubles(connectors, route, from, to, presence(route, Source.SENTINEL));
    }
  }

  private static boolean isHeartbeat(Message message) {
    return message instanceof Signal signal
        && signal.payload() instanceof Payload.Observed observed
        && observed.record() instanceof Heartbeat;
  }

  private static int sourcesOf(Message message) {
    if (message instanceof Signal signal) {
      return signal.source().bit();
    }
    if (message instanceof RouteHeard heard) {
      return heard.source().bit();
    }
    if (message instanceof Output.Tried tried) {
      return tried.sources();
    }
    if (message instanceof Output.Metered metered) {
      return metered.sources();
    }
    return message instanceof Output.Settled settled ? settled.sources() : 0;
  }
}
