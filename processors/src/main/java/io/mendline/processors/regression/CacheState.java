package io.mendline.processors.regression;

import io.mendline.processors.pipeline.Codecs;
import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.StateCodec;
import io.mendline.processors.pipeline.Step;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import io.mendline.serdes.telemetry.TokenUsage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What is remembered of one cache scope: bins that still take records, closed bins of the last
 * fifteen days, the regressions that are open, and the last that were cleared. At most 16 KB: 1,024
 * fingerprints of four bytes (4 KB), 48 open bins (3 KB), 360 closed bins of about 14 bytes (5 KB),
 * three regressions (2 KB), eight past ones (1 KB).
 *
 * <p>Closed bins stay packed as bytes until they are judged, so that a record costs no more than
 * the copying of them.
 */
public final class CacheState {
  /** How long a closed bin is remembered. */
  static final long MEMORY = Duration.ofDays(15).toMillis();

  /** After so long without anything to judge by, nothing is left of what was open. */
  static final long UNOBSERVED = Duration.ofDays(8).toMillis();

  /** How many closed bins are remembered, of any length: fifteen days of an hour each. */
  static final int MEMORY_BINS = 360;

  /** Of so many of the newest it is known where they were read. */
  static final int MEMORY_COORDINATES = 192;

  /**
   * Records held by all open bins together. Two full bins are what a watermark leaves open; more
   * are open while a backlog is read, whose partitions come on at different speeds.
   */
  static final int HELD = 2 * OpenBin.CAPACITY;

  /** Open bins, which tell duplicates apart; older ones are sealed: they only keep their sums. */
  static final int OPEN = 48;

  /** No instant: before everything. */
  static final long NOT_YET = Long.MIN_VALUE;

  private static final Comparator<OpenBin> BY_END =
      Comparator.comparingLong(OpenBin::end).thenComparingLong(bin -> bin.length);

  final String service;
  final String model;
  final String environment;

  /** Bins that end at or before this are judged. */
  long judgedUntil = NOT_YET;

  /**
   * When the last of the closed bins, or then of the past regressions, is to be forgotten; {@link
   * Step#NEVER} without any.
   */
  long forgetAt = Step.NEVER;

  /** How many of the calls were too small to be cached, as people were told. */
  Cacheability.Share cacheability = Cacheability.Share.FEW;

  /** Records that came after their bin was judged, or a second time by then; since last told. */
  int late;

  /** Records of a sealed bin, refused; since last told. */
  int refused;

  /** How often an open bin had to hold a smaller sample than it could alone; since last told. */
  int thinned;

  final List<OpenRegression> regressions = new ArrayList<>();

  /** Lasting changes of the level that were taken as given. */
  final List<Move> moves = new ArrayList<>();

  /** The regressions that were cleared last, in the order in which they were. */
  final List<PastRegression> past = new ArrayList<>();

  private final List<OpenBin> open = new ArrayList<>();

  /** Bins that end at or before this take no more records, though they may not be judged yet. */
  private long sealedUntil = NOT_YET;

  /** The end of the first sealed bin that is not judged yet, or {@link Step#NEVER}. */
  private long sealedEnd = Step.NEVER;

  private byte[] packed;
  private List<Bin> closed;

  CacheState(String service, String model, String environment) {
    this.service = service;
    this.model = model;
    this.environment = environment;
    this.closed = new ArrayList<>();
  }

  /** Counts a record in its bin, and makes room where there is too little. */
  void add(TokenUsage usage, boolean cacheable, long bin, long contentId, Coordinates at) {
    OpenBin into = openBin(usage.time(), bin);
    if (into == null) {
      refused++;
      return;
    }
    into.add(usage, cacheable, contentId, at);
    while (open.size() > OPEN) {
      seal();
    }
    while (held() > HELD && fullest().thin()) {
      thinned++;
    }
  }

  /** The end of the bin that is to be judged first, or {@link Step#NEVER}. */
  long firstEnd() {
    return open.isEmpty() ? sealedEnd : Math.min(sealedEnd, open.get(0).end());
  }

  /** The judged bins, oldest first. */
  List<Bin> judged(long at) {
    return remembered().stream().filter(bin -> bin.end() <= at).toList();
  }

  /**
   * Closes the bins that end by an instant and forgets those that are too old then.
   *
   * @return whether any was closed
   */
  boolean close(long at) {
    List<Bin> bins = remembered();
    boolean any = sealedEnd <= at;
    while (!open.isEmpty() && open.get(0).end() <= at) {
      bins.add(open.remove(0).close());
      any = true;
    }
    bins.removeIf(bin -> bin.end() <= at - MEMORY);
    changed(at);
    return any;
  }

  /** Forgets what was counted up to an instant, after a long time without anything. */
  void forget(long at) {
    remembered().removeIf(bin -> bin.end() <= at);
    moves.clear();
    changed(at);
  }

  /** Closes the oldest open bin for want of room, to be judged when its time has come. */
  private void seal() {
    Bin sealed = open.remove(0).close();
    sealedUntil = sealed.end();
    remembered().add(sealed);
    changed(judgedUntil);
  }

  private void changed(long judged) {
    List<Bin> bins = remembered();
    bins.sort(Bin.BY_END);
    if (bins.size() > MEMORY_BINS) {
      bins.subList(0, bins.size() - MEMORY_BINS).clear();
    }
    for (int i = bins.size() - MEMORY_COORDINATES - 1; i >= 0 && bins.get(i).first() != null; i--) {
      bins.set(i, bins.get(i).withoutFirst());
    }
    sealedEnd =
        bins.stream().mapToLong(Bin::end).filter(end -> end > judged).min().orElse(Step.NEVER);
    packed = null;
  }

  private List<Bin> remembered() {
    if (closed == null) {
      closed = Bins.unpack(packed);
    }
    return closed;
  }

  /** The open bin of an instant; null where it was sealed. */
  private OpenBin openBin(long time, long length) {
    long start = Math.floorDiv(time, length) * length;
    if (start + length <= sealedUntil) {
      return null;
    }
    OpenBin wanted = new OpenBin(start, length);
    int at = 0;
    while (at < open.size() && BY_END.compare(open.get(at), wanted) < 0) {
      at++;
    }
    if (at == open.size() || BY_END.compare(open.get(at), wanted) > 0) {
      open.add(at, wanted);
    }
    return open.get(at);
  }

  private int held() {
    int held = 0;
    for (OpenBin bin : open) {
      held += bin.held();
    }
    return held;
  }

  private OpenBin fullest() {
    OpenBin fullest = open.get(0);
    for (OpenBin bin : open) {
      if (bin.held() > fullest.held()) {
        fullest = bin;
      }
    }
    return fullest;
  }

  /** The binary form. */
  static final class Codec implements StateCodec<CacheState> {
    /** 1 knew nothing of calls too small to be cached; 2 forgot what was cleared. */
    private static final int VERSION = 3;

    @Override
    public void write(CacheState state, BinaryWriter out) {
      out.writeByte(VERSION);
      out.writeString(state.service).writeString(state.model);
      out.writeNullableString(state.environment);
      out.writeFixed64(state.judgedUntil);
      out.writeFixed64(state.forgetAt).writeFixed64(state.sealedUntil);
      out.writeFixed64(state.sealedEnd);
      out.writeByte(state.cacheability.code());
      out.writeVarInt(state.late).writeVarInt(state.refused).writeVarInt(state.thinned);
      out.writeList(state.regressions, (writer, regression) -> regression.write(writer));
      Move.writeAll(state.moves, out);
      out.writeList(state.past, (writer, past) -> past.write(writer));
      out.writeList(state.open, (writer, bin) -> bin.write(writer));
      if (state.packed == null) {
        state.packed = Bins.pack(state.closed);
      }
      out.writeBytes(state.packed);
    }

    @Override
    public CacheState read(BinaryReader in) {
      Codecs.requireVersion(in, VERSION, "cache scope");
      CacheState state = new CacheState(in.readString(), in.readString(), in.readNullableString());
      state.judgedUntil = in.readFixed64();
      state.forgetAt = in.readFixed64();
      state.sealedUntil = in.readFixed64();
      state.sealedEnd = in.readFixed64();
      state.cacheability = Cacheability.Share.read(in);
      state.late = in.readVarInt();
      state.refused = in.readVarInt();
      state.thinned = in.readVarInt();
      state.regressions.addAll(in.readList(OpenRegression::read));
      state.moves.addAll(Move.readAll(in));
      state.past.addAll(in.readList(PastRegression::read));
      state.open.addAll(in.readList(OpenBin::read));
      state.packed = in.readBytes();
      state.closed = null;
      return state;
    }
  }
}
