package io.mendline.processors.pipeline;

import io.mendline.processors.policy.Policy;
import io.mendline.serdes.telemetry.Change;
import io.mendline.serdes.telemetry.Heartbeat;
import io.mendline.serdes.telemetry.JobSettings;
import io.mendline.serdes.telemetry.RuleChange;
import io.mendline.serdes.telemetry.RunState;
import io.mendline.serdes.telemetry.SentinelHealth;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/**
 * The first station of the engine: unpacks what ingest wrote, remembers how far each source has
 * come, when it was heard, which changes there were, what rules and jobs are, how runs ended that
 * others hang on and what data connectors said of themselves, and sends signals and progress down
 * the line.
 */
public final class Intake {
  /**
   * At most so many changes are kept for a service; the oldest go first. Not by their age: see
   * {@link Presence}.
   */
  static final int CHANGES_KEPT = 500;

  private static final int ROUTES_CACHED = 10_000;
  private static final Comparator<Change> BY_TIME =
      Comparator.comparingLong(Change::at).thenComparing(Change::id);

  private static final Comparator<Signal> BY_EVENT =
      Comparator.comparingLong(Signal::eventTime).thenComparingLong(Signal::contentId);
  private static final Comparator<SignalRecord.Named> BY_SINCE =
      Comparator.comparingLong(SignalRecord.Named::since)
          .thenComparing(SignalRecord.Named::workspace);

  /** So many changes are held back at most; the oldest go on first. */
  private static final int UNNAMED_KEPT = 1_000;

  private final Store<RouteMemory> store;
  private final Predicate<String> isOurs;
  private final Clock clock;
  private final LongSupplier wall;
  private final LongFunction<Policy> policies;
  private final ToLongFunction<Source> lateness;
  private final Map<StateKey, Heard> heard = new HashMap<>();

  private WatermarkTable table;
  private Progress progress = Progress.NONE;

  /**
   * An intake over its store.
   *
   * @param wall the wall clock, epoch milliseconds; reaches no judgement, only {@code detectedAt}
   * @param lateness per source, milliseconds
   * @param policies the policy in force at an event time, epoch milliseconds
   * @param isOurs whether a route is judged in this partition
   */
  public Intake(
      Store<RouteMemory> store,
      Clock clock,
      LongSupplier wall,
      ToLongFunction<Source> lateness,
      LongFunction<Policy> policies,
      Predicate<String> isOurs) {
    this.store = store;
    this.isOurs = isOurs;
    this.clock = clock;
    this.wall = wall;
    this.lateness = lateness;
    this.policies = policies;
  }

  /** Deals with one record of the {@code signals} topic. */
  public void accept(SignalRecord record, Emitter out) {
    if (record instanceof SignalRecord.Batch batch) {
      for (Signal signal : batch.signals()) {
        if (signal.isNamedByPath()) {
          hold(signal, out);
        } else {
          remember(signal, out);
          if (!isHeartbeat(signal)) {
            out.emit(signal);
          }
        }
      }
      if (clock == Clock.INPUT) {
        batch.signals().forEach(signal -> table().see(signal.source(), signal.eventTime()));
        advance(out);
      }
    } else if (record instanceof SignalRecord.Watermark watermark) {
      table().tell(watermark);
      advance(out);
    } else if (record instanceof SignalRecord.Named named) {
      StateKey key = RouteMemory.workspaceKey(named.path());
      if (!(store.get(key) instanceof RouteMemory.Workspace known)
          || BY_SINCE.compare(named, known.named()) < 0) {
        store.put(key, new RouteMemory.Workspace(named));
      }
    }
  }

  /** How far event time has come. */
  public Progress progress() {
    return progress;
  }

  /** Tells every station how far the last life of this task had come. Called once, at start. */
  public void recover(Emitter out) {
    if (store.get(RouteMemory.WATERMARKS) != null) {
      advance(out);
    }
  }

  private void advance(Emitter out) {
    Progress next = table().progress(clock, wall.getAsLong(), lateness);
    if (!next.sameWatermarks(progress)) {
      release(next.of(Source.SENTINEL), out);
      progress = next;
      store.put(RouteMemory.WATERMARKS, new RouteMemory.Watermarks(table()));
      out.emit(next);
    }
  }

  /** Keeps a change until it is known by what name records call its workspace. */
  private void hold(Signal signal, Emitter out) {
    List<Signal> held = held();
    int at = Collections.binarySearch(held, signal, BY_EVENT);
    if (at < 0) {
      held.add(-at - 1, signal);
      store.put(RouteMemory.UNNAMED, new RouteMemory.Unnamed(List.copyOf(held)));
    }
    long reached = progress.of(Source.SENTINEL);
    release(held.size() > UNNAMED_KEPT ? Math.max(reached, held.get(0).eventTime()) : reached, out);
  }

  private List<Signal> held() {
    return store.get(RouteMemory.UNNAMED) instanceof RouteMemory.Unnamed unnamed
        ? new ArrayList<>(unnamed.changes())
        : new ArrayList<>();
  }

  /**
   * Sends on the changes that the watermark has passed, each by the route of the partition that
   * judges the rule. All records up to then have been read, so every partition knows the same.
   */
  private void release(long watermark, Emitter out) {
    List<Signal> held = held();
    if (held.isEmpty() || held.get(0).eventTime() > watermark) {
      return;
    }
    int passed = 0;
    while (passed < held.size() && held.get(passed).eventTime() <= watermark) {
      Signal named = named(held.get(passed));
      passed++;
      if (isOurs.test(named.route())) {
        remember(named, out);
        out.emit(named);
      }
    }
    store.put(
        RouteMemory.UNNAMED,
        passed == held.size()
            ? null
            : new RouteMemory.Unnamed(List.copyOf(held.subList(passed, held.size()))));
  }

  private Signal named(Signal signal) {
    RuleChange told = (RuleChange) ((Payload.Observed) signal.payload()).record();
    StateKey key = RouteMemory.workspaceKey(told.workspacePath());
    if (!(store.get(key) instanceof RouteMemory.Workspace known)
        || known.named().since() > told.time()) {
      return signal;
    }
    String workspace = known.named().workspace();
    Subject subject = signal.subject();
    return new Signal(
        signal.source(),
        Routes.sentinel(workspace),
        new Subject(subject.type(), subject.id(), subject.name(), workspace, subject.tenant()),
        signal.eventTime(),
        signal.contentId(),
        signal.at(),
        new Payload.Observed(told.toBuilder().workspace(workspace).build()));
  }

  /** It says no more than that the route was heard. */
  private static boolean isHeartbeat(Signal signal) {
    return signal.payload() instanceof Payload.Observed observed
        && observed.record() instanceof Heartbeat;
  }

  private void remember(Signal signal, Emitter out) {
    if (!(signal.payload() instanceof Payload.Observed observed)) {
      return;
    }
    if (observed.record() instanceof Change change) {
      remember(change);
      return;
    }
    if (observed.record() instanceof JobSettings settings) {
      // That a job was changed is no evidence that its runs would be told.
      JobLog.remember(store, signal.route(), settings, progress.of(Source.RUNS));
      return;
    }
    if (observed.record() instanceof RuleChange change) {
      remember(signal.route(), change);
      // Sent by a setting of their own: that they come is no evidence that health rows do.
      StateKey key = RouteMemory.heardKey(signal.route(), signal.source());
      Heard known = heard(key);
      if (known.hearing.hearBesides(
          signal.eventTime(), progress.of(signal.source()), grace(signal))) {
        store.put(key, new RouteMemory.Heard(known.hearing));
      }
      return;
    }
    StateKey key = RouteMemory.heardKey(signal.route(), signal.source());
    Heard known = heard(key);
    boolean isNew =
        known.hearing.hear(signal.eventTime(), progress.of(signal.source()), grace(signal));
    if (isNew) {
      store.put(key, new RouteMemory.Heard(known.hearing));
    }
    long at = clock == Clock.WALL ? wall.getAsLong() : signal.eventTime();
    if (clock == Clock.WALL ? known.arrived(at) : isNew) {
      out.emit(new RouteHeard(signal.route(), signal.source(), at));
    }
    if (observed.record() instanceof SentinelHealth row
        && row.resourceType() == SentinelHealth.ResourceType.CONNECTOR) {
      ConnectorLog.remember(store, signal.route(), row);
    }
    if (observed.record() instanceof RunState state && state.outcome().terminal()) {
      RunLog.remember(store, signal.route(), state, policies.apply(state.time()));
    }
  }

  private long grace(Signal signal) {
    return Hearing.grace(lateness.applyAsLong(signal.source()));
  }

  private Heard heard(StateKey key) {
    Heard known = heard.get(key);
    if (known == null) {
      if (heard.size() >= ROUTES_CACHED) {
        heard.clear();
      }
      known =
          new Heard(
              store.get(key) instanceof RouteMemory.Heard kept ? kept.hearing() : new Hearing());
      heard.put(key, known);
    }
    return known;
  }

  /** When a route's source was heard, by event time and, to its last bin, by arrival. */
  private static final class Heard {
    private final Hearing hearing;
    private long arrivedUntil = Long.MIN_VALUE;

    Heard(Hearing hearing) {
      this.hearing = hearing;
    }

    /** Whether nothing had arrived in this bin before. */
    boolean arrived(long at) {
      if (at < arrivedUntil) {
        return false;
      }
      arrivedUntil = Presence.endOfBin(at);
      return true;
    }
  }

  private void remember(String route, RuleChange change) {
    StateKey key = RouteMemory.ruleKey(route, change.ruleId());
    RuleVersions known =
        store.get(key) instanceof RouteMemory.Rule rule ? rule.versions() : RuleVersions.NONE;
    RuleVersions now = known.with(change);
    if (now != known) {
      store.put(key, new RouteMemory.Rule(now));
    }
  }

  private void remember(Change change) {
    StateKey key = RouteMemory.changesKey(change.service() == null ? "" : change.service());
    List<Change> known =
        store.get(key) instanceof RouteMemory.Changes changes ? changes.changes() : List.of();
    for (Change other : known) {
      if (other.id().equals(change.id()) && other.contentId() == change.contentId()) {
        return;
      }
    }
    List<Change> all = new ArrayList<>(known);
    all.add(change);
    all.sort(BY_TIME);
    store.put(
        key,
        new RouteMemory.Changes(
            List.copyOf(all.subList(Math.max(0, all.size() - CHANGES_KEPT), all.size()))));
  }

  private WatermarkTable table() {
    if (table == null) {
      table =
          store.get(RouteMemory.WATERMARKS) instanceof RouteMemory.Watermarks watermarks
              ? watermarks.table()
              : new WatermarkTable();
    }
    return table;
  }
}
