package io.mendline.processors.partitions;

import io.mendline.processors.partitions.PartitionState.Layer;
import io.mendline.processors.partitions.PartitionState.Told;
import io.mendline.processors.pipeline.Detector;
import io.mendline.processors.pipeline.Input;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Output;
import io.mendline.processors.pipeline.Payload;
import io.mendline.processors.pipeline.Signal;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.pipeline.StateCodec;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.processors.pipeline.Step;
import io.mendline.processors.pipeline.View;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingStatus;
import io.mendline.serdes.telemetry.PartitionRow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Finds partitions that are missing: one {@code PARTITION_MISSING} from the first row that wants a
 * backfill until one that shows the partition available and good, or wants none any more.
 *
 * <p><b>Settled</b> (law 4): rows are judged in the order of their time when the watermark has
 * passed them. Of rows of one layer and instant the worst counts. A row that is later than the
 * source's lateness may clear and enrich, never raise.
 *
 * <p>The layers of one day share a key, as a layer waits for those below it: its finding says which
 * of them are missing and is told anew when that changes.
 *
 * <p><b>Cost and bound.</b> One deadline for each instant of a day's rows. State: three rows for
 * each of at most {@value PartitionState#MAX_LAYERS} layers, and at most {@value
 * PartitionState#MAX_WAITING} that wait. A day of which nothing was heard for {@link #MEMORY} is
 * forgotten; with an open finding for {@link #MEMORY_OF_TROUBLE}.
 */
public final class PartitionDetector implements Detector<PartitionState> {
  /** See above. */
  static final Duration MEMORY = Duration.ofDays(30);

  /** See above. A table that is told of when it changes may say nothing of it for long. */
  static final Duration MEMORY_OF_TROUBLE = Duration.ofDays(366);

  static final int SOURCES = Source.PARTITIONS.bit();

  /** Layers in the order in which they are made of each other. */
  private static final List<String> LADDER = List.of("bronze", "silver", "gold");

  private static final StateCodec<PartitionState> CODEC = new PartitionState.Codec();

  /** What has to be told of a layer, from nothing to all. */
  private enum News {
    /** Its finding says more, and nothing has happened. */
    MORE,
    /** The trouble has begun, has shown itself again, or may be dealt with. */
    STRUCK,
    /** The trouble is over. */
    OVER
  }

  @Override
  public StateKey keyOf(Message message) {
    return message instanceof Signal signal
            && signal.payload() instanceof Payload.Observed observed
            && observed.record() instanceof PartitionRow row
        ? new StateKey(signal.route(), row.date())
        : null;
  }

  @Override
  public int sources(PartitionState state) {
    return SOURCES;
  }

  @Override
  public StateCodec<PartitionState> codec() {
    return CODEC;
  }

  @Override
  public Step<PartitionState> step(StateKey key, PartitionState before, Input input, View view) {
    PartitionState state = before == null ? new PartitionState() : before;
    List<Output> out = new ArrayList<>();
    if (input instanceof Input.Due due) {
      while (!state.waiting.isEmpty() && state.waiting.get(0).row().time() <= due.at()) {
        judge(key, state, state.takeInstant(), false, view, out);
      }
      return state.forgetAt() <= due.at() ? Step.gone() : new Step<>(state, out, state.wakeAt());
    }
    Input.Arrived arrived = (Input.Arrived) input;
    Signal signal = (Signal) arrived.message();
    PartitionRow row = (PartitionRow) ((Payload.Observed) signal.payload()).record();
    arrive(key, state, new Told(row, signal.contentId(), signal.at()), arrived.late(), view, out);
    return state.layers.isEmpty() && state.waiting.isEmpty() && out.isEmpty()
        ? Step.gone()
        : new Step<>(state, out, state.wakeAt());
  }

  private static void arrive(
      StateKey key, PartitionState state, Told told, boolean late, View view, List<Output> out) {
    Layer layer = state.layers.get(told.layer());
    if (layer != null && layer.last != null && told.row().time() <= layer.last.row().time()) {
      return; // its time, or what came after it, has been judged
    }
    if (late) {
      judge(key, state, List.of(told), true, view, out);
      return;
    }
    state.add(told);
    if (state.waiting.size() > PartitionState.MAX_WAITING) {
      judge(key, state, state.takeInstant(), false, view, out);
      state.early++;
      overflow(key, told, "JUDGE_EARLY", state.early, out);
    }
  }

  /** Judges rows of one instant, one of each layer. */
  private static void judge(
      StateKey key,
      PartitionState state,
      List<Told> rows,
      boolean late,
      View view,
      List<Output> out) {
    long at = rows.get(0).row().time();
    Map<String, News> news = new TreeMap<>();
    for (Told told : rows) {
      if (state.hasRoom(told.layer())) {
        Layer layer = state.layers.computeIfAbsent(told.layer(), any -> new Layer());
        put(news, told.layer(), take(layer, told, late));
      } else {
        state.refused++;
        overflow(key, told, "DROP_LAYER", state.refused, out);
      }
    }
    state.layers.forEach(
        (name, layer) -> {
          if (layer.since != null && news.get(name) != News.OVER) {
            String waitsFor = missingBelow(state, name);
            if (!waitsFor.equals(layer.waitsFor)) {
              layer.waitsFor = waitsFor;
              news.put(name, News.STRUCK);
            }
          }
        });
    news.forEach((name, what) -> tell(key, state.layers.get(name), at, what, view, out));
  }

  private static void put(Map<String, News> news, String layer, News what) {
    if (what != null) {
      news.put(layer, what);
    }
  }

  /** Takes the next row of a layer; null where there is nothing to tell. */
  private static News take(Layer layer, Told told, boolean late) {
    if (layer.last != null && told.row().time() <= layer.last.row().time()) {
      return null; // several rows of an instant that was judged early
    }
    Told before = layer.last;
    layer.last = told;
    return switch (Standing.of(told.row())) {
      case WELL -> layer.since == null ? null : News.OVER;
      case UNSETTLED -> null;
      case TROUBLED -> troubled(layer, before, told, late);
    };
  }

  private static News troubled(Layer layer, Told before, Told told, boolean late) {
    if (layer.since == null) {
      if (late) {
        return null;
      }
      layer.since = told;
      layer.shown = told;
      layer.retriesBefore = told.row().retryCount();
      layer.revision = 0;
      return News.STRUCK;
    }
    PartitionRow was = layer.shown.row();
    PartitionRow is = told.row();
    layer.retriesBefore = Math.min(layer.retriesBefore, is.retryCount());
    boolean meanwhile = Standing.of(before.row()) == Standing.UNSETTLED;
    if (meanwhile || !sameTrouble(was, is)) {
      layer.shown = told;
      return News.STRUCK;
    }
    if (was.maxRetryCount() != is.maxRetryCount() || !Objects.equals(was.reason(), is.reason())) {
      layer.shown = told;
      return News.MORE;
    }
    return null;
  }

  /** Whether the table says the same again, as one does that is exported every hour. */
  private static boolean sameTrouble(PartitionRow one, PartitionRow other) {
    return one.status() == other.status()
        && one.quality() == other.quality()
        && one.retryCount() == other.retryCount()
        && one.retriesUsedUp() == other.retriesUsedUp();
  }

  /** The lower layers of the day that are missing, the lowest first. */
  private static String missingBelow(PartitionState state, String layer) {
    List<String> missing = new ArrayList<>();
    for (String lower : LADDER.subList(0, Math.max(0, LADDER.indexOf(layer)))) {
      Layer below = state.layers.get(lower);
      if (below != null && below.since != null && Standing.of(below.last.row()) != Standing.WELL) {
        missing.add(lower);
      }
    }
    return String.join(", ", missing);
  }

  private static void tell(
      StateKey key, Layer layer, long at, News what, View view, List<Output> out) {
    layer.revision++;
    FindingStatus status = what == News.OVER ? FindingStatus.CLEARED : FindingStatus.RAISED;
    Finding finding = PartitionFindings.finding(key.route(), layer, status, view);
    out.add(new Output.Found(key.route(), finding));
    if (what != News.MORE) {
      // A late row may be of an instant of which something was settled already.
      layer.settledAt = layer.revision == 1 ? at : Math.max(at, layer.settledAt + 1);
      out.add(new Output.Settled(key.route(), layer.settledAt, SOURCES, finding));
    }
    if (what == News.OVER) {
      layer.since = null;
      layer.shown = null;
      layer.waitsFor = "";
    }
  }

  /** Told at 1, 2, 4, 8 and so on: what overflows once overflows often. */
  private static void overflow(
      StateKey key, Told told, String action, int count, List<Output> out) {
    if (Integer.bitCount(count) == 1) {
      out.add(new Output.Noted(key.route(), PartitionFindings.overflow(told.row(), action, count)));
    }
  }
}
