package io.mendline.processors.pipeline;

import io.mendline.serdes.telemetry.Change;
import io.mendline.serdes.telemetry.RuleChange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/**
 * The first station of the engine: unpacks what ingest wrote, remembers how far each source has
 * come, when it was heard and which changes there were, and sends signals and progress down the
 * line.
 */
public final class Intake {
  /**
   * At most so many changes are kept for a service; the oldest go first. Not by their age: see
   * {@link Presence}.
   */
  static final int CHANGES_KEPT = 500;

  private static final int PRESENCES_CACHED = 10_000;
  private static final Comparator<Change> BY_TIME =
      Comparator.comparingLong(Change::at).thenComparing(Change::id);

  private final Store<RouteMemory> store;
  private final Clock clock;
  private final LongSupplier wall;
  private final ToLongFunction<Source> lateness;
  private final Map<StateKey, Presence> presences = new HashMap<>();

  private WatermarkTable table;
  private Progress progress = Progress.NONE;

  /**
   * An intake over its store.
   *
   * @param wall the wall clock, epoch milliseconds; reaches no judgement, only {@code detectedAt}
   * @param lateness per source, milliseconds
   */
  public Intake(
      Store<RouteMemory> store, Clock clock, LongSupplier wall, ToLongFunction<Source> lateness) {
    this.store = store;
    this.clock = clock;
    this.wall = wall;
    this.lateness = lateness;
  }

  /** Deals with one record of the {@code signals} topic. */
  public void accept(SignalRecord record, Emitter out) {
    if (record instanceof SignalRecord.Batch batch) {
      for (Signal signal : batch.signals()) {
        remember(signal);
        out.emit(signal);
      }
      if (clock == Clock.INPUT) {
        batch.signals().forEach(signal -> table().see(signal.eventTime()));
        advance(out);
      }
    } else if (record instanceof SignalRecord.Watermark watermark) {
      table().tell(watermark);
      advance(out);
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
      progress = next;
      store.put(RouteMemory.WATERMARKS, new RouteMemory.Watermarks(table()));
      out.emit(next);
    }
  }

  private void remember(Signal signal) {
    if (!(signal.payload() instanceof Payload.Observed observed)) {
      return;
    }
    if (observed.record() instanceof Change change) {
      remember(change);
      return;
    }
    if (observed.record() instanceof RuleChange) {
      return; // sent by a setting of their own: that they come is no evidence that health rows do
    }
    StateKey key = RouteMemory.heardKey(signal.route(), signal.source());
    Presence presence = presences.get(key);
    if (presence == null) {
      if (presences.size() >= PRESENCES_CACHED) {
        presences.clear();
      }
      presence =
          store.get(key) instanceof RouteMemory.Heard heard ? heard.presence() : new Presence();
      presences.put(key, presence);
    }
    if (presence.hear(signal.eventTime())) {
      store.put(key, new RouteMemory.Heard(presence));
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
