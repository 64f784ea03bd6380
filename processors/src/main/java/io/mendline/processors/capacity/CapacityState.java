package io.mendline.processors.capacity;

import io.mendline.processors.capacity.OpenBin.Taken;
import io.mendline.processors.pipeline.Codecs;
import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.StateCodec;
import io.mendline.processors.pipeline.Step;
import io.mendline.processors.pipeline.ValueTable;
import io.mendline.processors.policy.Policy.Window;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import io.mendline.serdes.telemetry.MetricSample;
import java.util.ArrayList;
import java.util.List;

/**
 * What is remembered of one metric of a scope: the minutes that still take samples, what the closed
 * ones say, and what is open. Names are written once, in a table.
 *
 * <p>At most 16 KB, with names of 35 characters: five minutes of 64 nodes (4.5 KB), 1,024
 * fingerprints (4 KB) and the names (2 KB); beside these 720 closed minutes (4 KB), or 15 of
 * requests (5 KB). The 1,440 of {@link Window#BUSIEST} (8.5 KB) leave room for 48 nodes and 512
 * fingerprints.
 */
public final class CapacityState {
  /** No instant: before everything. */
  static final long NEVER = Long.MIN_VALUE;

  /** Minutes that were closed for want of room and wait for the watermark. */
  private static final int MOST_SEALED = 64;

  private static final int OPEN_MINUTES = 5;

  /** Of minutes with few nodes more may be open. */
  private static final int MOST_OPEN = 32;

  final String scope;
  final String metric;

  /** Minutes that end at or before this are judged. */
  long judgedUntil = NEVER;

  /** When all this is to be forgotten; {@link Step#NEVER} before anything was closed. */
  long forgetAt = Step.NEVER;

  /** Samples that came after their minute was judged. */
  int late;

  /** Samples of a sealed minute, and those that there was no room for. */
  int refused;

  /** Samples of which nobody could tell whether they had been counted. */
  int untold;

  /** Samples of a node too many. */
  int crowded;

  /** How many of all these were told of. */
  int noted;

  /** Where the last sample was read. */
  Coordinates at;

  HotBins hot = new HotBins();
  PoolLoad load = new PoolLoad();
  Streak streak = new Streak();

  /** What is open; each null where it is not. */
  Raised hotNode;

  Raised skew;
  Raised breach;

  private final List<OpenBin> open = new ArrayList<>();
  private final List<Long> sealed = new ArrayList<>();
  private long sealedUntil = NEVER;

  CapacityState(String scope, String metric) {
    this.scope = scope;
    this.metric = metric;
  }

  boolean hasRaised() {
    return hotNode != null || skew != null || breach != null;
  }

  /** How many samples did not count as they should. */
  int troubled() {
    return late + refused + untold + crowded;
  }

  /**
   * Counts a sample.
   *
   * @return a minute to be taken up ahead of its time, for want of room; mostly null
   */
  ClosedBin add(MetricSample sample, long contentId, Window window) {
    boolean large = window == Window.BUSIEST;
    int mostNodes = large ? 48 : 64;
    boolean full = nodes() >= OPEN_MINUTES * mostNodes || open.size() >= MOST_OPEN;
    boolean canSeal = open.size() > 1 && sealed.size() < MOST_SEALED;
    OpenBin bin = openBin(sample.time(), full && !canSeal);
    if (bin == null) {
      refused++;
      return null;
    }
    Taken taken = bin.add(sample, contentId, (large ? 512 : 1024) - held(), mostNodes);
    untold += taken == Taken.UNTOLD ? 1 : 0;
    crowded += taken == Taken.CROWDED ? 1 : 0;
    return full && canSeal ? seal() : null;
  }

  /** The open bin of an instant; null where there is none any more, nor room for one. */
  private OpenBin openBin(long time, boolean full) {
    long start = Math.floorDiv(time, OpenBin.LENGTH) * OpenBin.LENGTH;
    if (start + OpenBin.LENGTH <= sealedUntil) {
      return null;
    }
    int place = 0;
    while (place < open.size() && open.get(place).start < start) {
      place++;
    }
    if (place == open.size() || open.get(place).start > start) {
      if (full) {
        return null;
      }
      open.add(place, new OpenBin(start));
    }
    return open.get(place);
  }

  private int nodes() {
    int nodes = 0;
    for (OpenBin bin : open) {
      nodes += bin.nodes();
    }
    return nodes;
  }

  private int held() {
    int held = 0;
    for (OpenBin bin : open) {
      held += bin.held();
    }
    return held;
  }

  private ClosedBin seal() {
    OpenBin oldest = open.remove(0);
    sealedUntil = oldest.end();
    sealed.add(oldest.end());
    return oldest.close();
  }

  /** The end of the minute that is to be judged first, or {@link Step#NEVER}. */
  long firstEnd() {
    long first = open.isEmpty() ? Step.NEVER : open.get(0).end();
    return sealed.isEmpty() ? first : Math.min(first, sealed.get(0));
  }

  /** Whether a minute that was taken up already ends by then. */
  boolean hasSealed(long end) {
    boolean any = false;
    while (!sealed.isEmpty() && sealed.get(0) <= end) {
      sealed.remove(0);
      any = true;
    }
    return any;
  }

  /** Takes out the open minutes that end by then. */
  List<ClosedBin> close(long end) {
    List<ClosedBin> closed = new ArrayList<>();
    while (!open.isEmpty() && open.get(0).end() <= end) {
      closed.add(open.remove(0).close());
    }
    return closed;
  }

  /** Forgets what closed minutes say. */
  void forget() {
    hot = new HotBins();
    load = new PoolLoad();
    streak = new Streak();
  }

  /** The binary form. */
  static final class Codec implements StateCodec<CapacityState> {
    private static final int VERSION = 1;

    @Override
    public void write(CapacityState state, BinaryWriter out) {
      ValueTable<String> names = new ValueTable<>();
      BinaryWriter body = new BinaryWriter(1024);
      body.writeString(state.scope).writeString(state.metric);
      body.writeFixed64(state.judgedUntil).writeFixed64(state.forgetAt);
      body.writeVarInt(state.late).writeVarInt(state.refused);
      body.writeVarInt(state.untold).writeVarInt(state.crowded).writeVarInt(state.noted);
      Codecs.write(state.at, body);
      state.hot.write(body, names);
      state.load.write(body, names);
      state.streak.write(body, names);
      for (Raised raised : new Raised[] {state.hotNode, state.skew, state.breach}) {
        body.writeBoolean(raised != null);
        if (raised != null) {
          raised.write(body, names);
        }
      }
      body.writeList(state.open, (to, bin) -> bin.write(to, names));
      body.writeList(state.sealed, BinaryWriter::writeZigZag);
      body.writeFixed64(state.sealedUntil);
      out.writeByte(VERSION).writeStrings(names.values()).append(body);
    }

    @Override
    public CapacityState read(BinaryReader in) {
      Codecs.requireVersion(in, VERSION, "metric of a scope");
      List<String> names = in.readStrings();
      CapacityState state = new CapacityState(in.readString(), in.readString());
      state.judgedUntil = in.readFixed64();
      state.forgetAt = in.readFixed64();
      state.late = in.readVarInt();
      state.refused = in.readVarInt();
      state.untold = in.readVarInt();
      state.crowded = in.readVarInt();
      state.noted = in.readVarInt();
      state.at = Codecs.readCoordinates(in);
      state.hot = HotBins.read(in, names);
      state.load = PoolLoad.read(in, names);
      state.streak = Streak.read(in, names);
      state.hotNode = raised(in, names);
      state.skew = raised(in, names);
      state.breach = raised(in, names);
      state.open.addAll(in.readList(from -> OpenBin.read(from, names)));
      state.sealed.addAll(in.readList(BinaryReader::readZigZag));
      state.sealedUntil = in.readFixed64();
      return state;
    }

    private static Raised raised(BinaryReader in, List<String> names) {
      return in.readBoolean() ? Raised.read(in, names) : null;
    }
  }
}
