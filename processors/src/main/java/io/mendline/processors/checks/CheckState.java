package io.mendline.processors.checks;

import io.mendline.processors.pipeline.Codecs;
import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.StateCodec;
import io.mendline.processors.pipeline.Step;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import io.mendline.serdes.telemetry.CheckResult;
import io.mendline.serdes.telemetry.TelemetryCodec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/** The state of one check of one resource: what is not judged yet, and what was found last. */
public final class CheckState {
  /** At most so many results wait for the watermark; the oldest is judged early. */
  static final int MAX_WAITING = 256;

  /** What was found and where that was read. */
  record Told(CheckResult result, long contentId, Coordinates at) {
    static final Comparator<Told> ORDER =
        Comparator.comparingLong((Told told) -> told.result.time())
            .thenComparing(told -> told.result.status())
            .thenComparingLong(Told::contentId);
  }

  /** Not judged yet, in order. */
  final List<Told> waiting = new ArrayList<>();

  /** The last that was judged; null before the first. */
  Told last;

  /** The result with which the trouble began that lasts; null while the check passes. */
  Told since;

  /** The revision of its finding. */
  int revision;

  /** How many results in a row have not passed. */
  int inRow;

  /** How many were judged before the watermark had passed them. */
  int early;

  /** Takes a result to be judged; false where it waits already. */
  boolean add(Told told) {
    int at = Collections.binarySearch(waiting, told, Told.ORDER);
    if (at >= 0) {
      return false;
    }
    waiting.add(-at - 1, told);
    return true;
  }

  /** Takes out the worst result of the first instant, and the others of it with that. */
  Told takeFirst() {
    Told first = waiting.remove(0);
    while (!waiting.isEmpty() && waiting.get(0).result.time() == first.result.time()) {
      first = waiting.remove(0);
    }
    return first;
  }

  /** Forgets all that was judged; what waits may be the first of another trouble. */
  void forget() {
    last = null;
    since = null;
    revision = 0;
    inRow = 0;
  }

  boolean isEmpty() {
    return last == null && waiting.isEmpty();
  }

  long wakeAt() {
    long forget = last == null ? Step.NEVER : last.result.time() + CheckDetector.MEMORY.toMillis();
    return waiting.isEmpty() ? forget : Math.min(forget, waiting.get(0).result.time());
  }

  /** The binary form. */
  static final class Codec implements StateCodec<CheckState> {
    private static final int VERSION = 1;

    @Override
    public void write(CheckState state, BinaryWriter out) {
      out.writeByte(VERSION).writeList(state.waiting, Codec::write);
      writeNullable(state.last, out);
      writeNullable(state.since, out);
      out.writeVarInt(state.revision).writeVarInt(state.inRow).writeVarInt(state.early);
    }

    @Override
    public CheckState read(BinaryReader in) {
      Codecs.requireVersion(in, VERSION, "state of a check");
      CheckState state = new CheckState();
      state.waiting.addAll(in.readList(Codec::readTold));
      state.last = in.readBoolean() ? readTold(in) : null;
      state.since = in.readBoolean() ? readTold(in) : null;
      state.revision = in.readVarInt();
      state.inRow = in.readVarInt();
      state.early = in.readVarInt();
      return state;
    }

    private static void writeNullable(Told told, BinaryWriter out) {
      out.writeBoolean(told != null);
      if (told != null) {
        write(out, told);
      }
    }

    private static void write(BinaryWriter out, Told told) {
      TelemetryCodec.encode(told.result, out);
      Codecs.write(told.at, out.writeFixed64(told.contentId));
    }

    private static Told readTold(BinaryReader in) {
      return new Told(
          (CheckResult) TelemetryCodec.decode(in), in.readFixed64(), Codecs.readCoordinates(in));
    }
  }
}
