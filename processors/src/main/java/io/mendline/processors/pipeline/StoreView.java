package io.mendline.processors.pipeline;

import io.mendline.processors.policy.Policy;
import io.mendline.processors.policy.PolicyBook;
import io.mendline.serdes.telemetry.Change;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

/** The view of detectors, over what the intake remembers and the policies in force. */
public final class StoreView implements View {
  private final Store<RouteMemory> store;
  private final PolicyBook policies;
  private final LongSupplier clock;
  private final Repairs repairs;
  private final Store<? extends Entry<?>> states;

  /** Where it is known how often trying again has helped. */
  @FunctionalInterface
  public interface Repairs {
    /** Nothing is known. */
    Repairs UNKNOWN = (route, cause, at) -> RepairOdds.NONE;

    /** See {@link View#repairs}. */
    RepairOdds of(String route, String cause, long at);
  }

  /** A view of those who do not ask how often trying again has helped. */
  public StoreView(Store<RouteMemory> store, PolicyBook policies, LongSupplier clock) {
    this(store, policies, clock, Repairs.UNKNOWN, null);
  }

  /**
   * A view.
   *
   * @param store the intake's store; only read here
   * @param clock the time it is taken to be, epoch milliseconds
   * @param states those of the concern that asks; only read here; null for none
   */
  public StoreView(
      Store<RouteMemory> store,
      PolicyBook policies,
      LongSupplier clock,
      Repairs repairs,
      Store<? extends Entry<?>> states) {
    this.store = store;
    this.policies = policies;
    this.clock = clock;
    this.repairs = repairs;
    this.states = states;
  }

  @Override
  public long clock() {
    return clock.getAsLong();
  }

  @Override
  public Policy policy(long at) {
    return policies.at(at);
  }

  @Override
  public Presence presence(String route, Source source) {
    return store.get(RouteMemory.heardKey(route, source)) instanceof RouteMemory.Heard heard
        ? heard.hearing().presence()
        : new Presence();
  }

  @Override
  public long clock(String route, Source source, long watermark) {
    return store.get(RouteMemory.heardKey(route, source)) instanceof RouteMemory.Heard heard
        ? heard.hearing().clock(watermark)
        : watermark;
  }

  @Override
  public RuleProfile ruleProfile(String route, String ruleId, long at) {
    return store.get(RouteMemory.ruleKey(route, ruleId)) instanceof RouteMemory.Rule rule
        ? rule.versions().at(at)
        : RuleProfile.UNKNOWN;
  }

  @Override
  public List<Change> changes(String service, long from, long to) {
    List<Change> found = new ArrayList<>();
    collect(service, from, to, found);
    // A change that names no service may touch any.
    collect("", from, to, found);
    found.sort(Comparator.comparingLong(Change::at).thenComparing(Change::id));
    return found;
  }

  @Override
  public RepairOdds repairs(String route, String cause, long at) {
    return repairs.of(route, cause, at);
  }

  @Override
  public List<ConnectorTrouble> connectors(String route, long from, long to) {
    return ConnectorLog.troubles(store, route, from, to, presence(route, Source.SENTINEL));
  }

  @Override
  public Siblings siblings(String route, String jobId, long at) {
    return JobLog.siblings(store, route, jobId, at);
  }

  @Override
  public <T> void others(StateKey key, Class<T> type, BiConsumer<StateKey, T> visitor) {
    if (states == null) {
      return;
    }
    states.forEachOf(
        key.route(),
        (other, entry) -> {
          if (type.isInstance(entry.state()) && !other.equals(key)) {
            visitor.accept(other, type.cast(entry.state()));
          }
        });
  }

  @Override
  public List<RunEnd> lastEnds(String route, String pattern, long before) {
    return RunLog.lastEnds(store, route, pattern, before);
  }

  @Override
  public List<RunEnd> ends(String route, String jobId, long after, long until) {
    return RunLog.ends(store, route, jobId, after, until);
  }

  private void collect(String service, long from, long to, List<Change> found) {
    if (store.get(RouteMemory.changesKey(service)) instanceof RouteMemory.Changes changes) {
      for (Change change : changes.changes()) {
        if (change.at() >= from && change.at() <= to) {
          found.add(change);
        }
      }
    }
  }
}
