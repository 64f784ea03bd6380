package io.mendline.processors.partitions;

import io.mendline.processors.pipeline.Codecs;
import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.StateCodec;
import io.mendline.processors.pipeline.Step;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import io.mendline.serdes.telemetry.PartitionRow;
import io.mendline.serdes.telemetry.TelemetryCodec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The state of one day of one dataset: its partitions by layer, and the rows not judged yet. */
public final class PartitionState {
  /** At most so many rows wait for the watermark; the oldest are judged early. */
  static final int MAX_WAITING = 256;

  /** At most so many layers are told apart; rows of further ones are not taken. */
  static final int MAX_LAYERS = 16;

  /** A row and where it was read. */
  record Told(PartitionRow row, long contentId, Coordinates at) {
    /** By time, then layer, and of one instant and layer the worst last. */
    static final Comparator<Told> ORDER =
        Comparator.comparingLong((Told told) -> told.row.time())
            .thenComparing(Told::layer)
            .thenComparing(told -> Standing.of(told.row))
            .thenComparing(told -> told.row.retriesUsedUp())
            .thenComparingLong(told -> told.row.retryCount())
            .thenComparingLong(Told::contentId);

    /** What tells layers apart: their name, whatever its case. */
    String layer() {
      return row.layer().toLowerCase(Locale.ROOT);
    }
  }

  /** One layer of the day: a partition. */
  static final class Layer {
    /** The last row that was judged; null before the first. */
    Told last;

    /** The row with which the trouble began that lasts; null while there is none. */
    Told since;

    /** The row of the trouble that its finding speaks of; null while there is none. */
    Told shown;

    /**
     * How many backfills the table had counted when the trouble began, or, where somebody has
     * lowered the count since, then.
     */
    long retriesBefore;

    /** The revision of its finding. */
    int revision;

    /** When its finding was settled last, epoch milliseconds. */
    long settledAt;

    /** The lower layers that are missing, with commas between; empty where none is. */
    String waitsFor = "";
  }

  /** By layer, in lower case. */
  final Map<String, Layer> layers = new TreeMap<>();

  /** Not judged yet, in order. */
  final List<Told> waiting = new ArrayList<>();

  /** How many times rows were judged before the watermark had passed them. */
  int early;

  /** How many rows were not taken because the day has too many layers. */
  int refused;

  /** Takes a row to be judged, once. */
  void add(Told told) {
    int at = Collections.binarySearch(waiting, told, Told.ORDER);
    if (at < 0) {
      waiting.add(-at - 1, told);
    }
  }

  /** Takes out all rows of the first instant and returns the worst of each layer. */
  List<Told> takeInstant() {
    Map<String, Told> worst = new TreeMap<>();
    long time = waiting.get(0).row.time();
    int end = 0;
    while (end < waiting.size() && waiting.get(end).row.time() == time) {
      Told told = waiting.get(end++);
      worst.put(told.layer(), told);
    }
    waiting.subList(0, end).clear();
    return List.copyOf(worst.values());
  }

  /** Whether there is room for a layer. */
  boolean hasRoom(String layer) {
    return layers.size() < MAX_LAYERS || layers.containsKey(layer);
  }

  /** When nothing needs to be remembered any more; {@link Step#NEVER} while rows wait. */
  long forgetAt() {
    if (!waiting.isEmpty()) {
      return Step.NEVER;
    }
    long last = Long.MIN_VALUE;
    boolean open = false;
    for (Layer layer : layers.values()) {
      last = layer.last == null ? last : Math.max(last, layer.last.row.time());
      open |= layer.since != null;
    }
    return last == Long.MIN_VALUE
        ? last
        : last + (open ? PartitionDetector.MEMORY_OF_TROUBLE : PartitionDetector.MEMORY).toMillis();
  }

  long wakeAt() {
    return waiting.isEmpty() ? forgetAt() : waiting.get(0).row.time();
  }

  /** The binary form. */
  static final class Codec implements StateCodec<PartitionState> {
    private static final int VERSION = 1;

    @Override
    public void write(PartitionState state, BinaryWriter out) {
      out.writeByte(VERSION).writeVarInt(state.early).writeVarInt(state.refused);
      out.writeList(state.waiting, Codec::write).writeVarInt(state.layers.size());
      state.layers.forEach(
          (name, layer) -> {
            writeNullable(layer.last, out.writeString(name));
            writeNullable(layer.since, out);
            writeNullable(layer.shown, out);
            out.writeZigZag(layer.retriesBefore)
                .writeVarInt(layer.revision)
                .writeZigZag(layer.settledAt)
                .writeString(layer.waitsFor);
          });
    }

    @Override
    public PartitionState read(BinaryReader in) {
      Codecs.requireVersion(in, VERSION, "state of partitions");
      PartitionState state = new PartitionState();
      state.early = in.readVarInt();
      state.refused = in.readVarInt();
      state.waiting.addAll(in.readList(Codec::readTold));
      for (int left = in.readVarInt(); left > 0; left--) {
        Layer layer = new Layer();
        state.layers.put(in.readString(), layer);
        layer.last = readNullable(in);
        layer.since = readNullable(in);
        layer.shown = readNullable(in);
        layer.retriesBefore = in.readZigZag();
        layer.revision = in.readVarInt();
        layer.settledAt = in.readZigZag();
        layer.waitsFor = in.readString();
      }
      return state;
    }

    private static void writeNullable(Told told, BinaryWriter out) {
      out.writeBoolean(told != null);
      if (told != null) {
        write(out, told);
      }
    }

    private static Told readNullable(BinaryReader in) {
      return in.readBoolean() ? readTold(in) : null;
    }

    private static void write(BinaryWriter out, Told told) {
      TelemetryCodec.encode(told.row, out);
      Codecs.write(told.at, out.writeFixed64(told.contentId));
    }

    private static Told readTold(BinaryReader in) {
      return new Told(
          (PartitionRow) TelemetryCodec.decode(in), in.readFixed64(), Codecs.readCoordinates(in));
    }
  }
}
