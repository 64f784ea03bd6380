package io.mendline.processors.regression;

import io.mendline.processors.pipeline.Codecs;
import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.StateCodec;
import io.mendline.processors.pipeline.Step;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import io.mendline.serdes.binary.WireEnums;
import io.mendline.serdes.telemetry.MetricSample;
import io.mendline.serdes.telemetry.MetricSample.Better;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What is remembered of one metric of one scope: bins that still take samples, closed bins of the
 * last fifteen days, the regressions that are open, and the last that were cleared. At most 16 KB:
 * 512 samples of 13 bytes (7 KB), 360 closed bins of about 12 bytes (4 KB), 48 open bins (2 KB),
 * three regressions (2 KB), eight past ones (1 KB).
 */
final class MetricState {
  /** Samples held by all open bins together: two full bins, or many small ones in a backlog. */
  static final int HELD = 2 * MetricBin.CAPACITY;

  /** Open bins, which tell duplicates apart; older ones are sealed. */
  static final int OPEN = 48;

  private static final Comparator<MetricBin> BY_END =
      Comparator.comparingLong(MetricBin::end).thenComparingLong(bin -> bin.length);

  final String scope;
  final String metric;

  /**
   * Which way is better, as samples say: the greatest that was said, so that order is no matter.
   */
  Better better = Better.UNSAID;

  /** Bins that end at or before this are judged. */
  long judgedUntil = CacheState.NOT_YET;

  /**
   * When the last of the closed bins, or then of the past regressions, is to be forgotten; {@link
   * Step#NEVER} without any.
   */
  long forgetAt = Step.NEVER;

  /** Samples that came after their bin was judged, or a second time by then; since last told. */
  int late;

  /** Samples of a sealed bin, refused; since last told. */
  int refused;

  final List<OpenRegression> regressions = new ArrayList<>();

  /** Lasting changes of the level that were taken as given. */
  final List<Move> moves = new ArrayList<>();

  /** The regressions that were cleared last, in the order in which they were. */
  final List<PastRegression> past = new ArrayList<>();

  private final List<MetricBin> open = new ArrayList<>();
  private long sealedUntil = CacheState.NOT_YET;

  /** The end of the first sealed bin that is not judged yet, or {@link Step#NEVER}. */
  private long sealedEnd = Step.NEVER;

  /** The closed bins, as bytes until they are needed: a sample needs none of them. */
  private byte[] packed;

  private List<ClosedMetricBin> closed;

  MetricState(String scope, String metric) {
    this.scope = scope;
    this.metric = metric;
    this.closed = new ArrayList<>();
  }

  /** Counts a sample in its bin, and makes room where there is too little. */
  void add(MetricSample sample, long bin, long contentId, Coordinates at) {
    better = better.compareTo(sample.better()) >= 0 ? better : sample.better();
    MetricBin into = openBin(sample.time(), bin);
    if (into == null) {
      refused++;
      return;
    }
    into.add(sample, contentId, at);
    while (open.size() > OPEN) {
      seal();
    }
    boolean room = true;
    while (room && held() > HELD) {
      // A smaller part of its samples stands for all of them.
      room = fullest().thin();
    }
  }

  /** The end of the bin that is to be judged first, or {@link Step#NEVER}. */
  long firstEnd() {
    return open.isEmpty() ? sealedEnd : Math.min(sealedEnd, open.get(0).end());
  }

  /** The judged bins, oldest first. */
  List<ClosedMetricBin> judged(long at) {
    return remembered().stream().filter(bin -> bin.end() <= at).toList();
  }

  /**
   * Closes the bins that end by an instant and forgets those that are too old then.
   *
   * @return whether any was closed
   */
  boolean close(long at) {
    List<ClosedMetricBin> bins = remembered();
    boolean any = sealedEnd <= at;
    while (!open.isEmpty() && open.get(0).end() <= at) {
      bins.add(open.remove(0).close());
      any = true;
    }
    bins.removeIf(bin -> bin.end() <= at - CacheState.MEMORY);
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
    ClosedMetricBin sealed = open.remove(0).close();
    sealedUntil = sealed.end();
    remembered().add(sealed);
    changed(judgedUntil);
  }

  private void changed(long judged) {
    List<ClosedMetricBin> bins = remembered();
    bins.sort(ClosedMetricBin.BY_END);
    if (bins.size() > CacheState.MEMORY_BINS) {
      bins.subList(0, bins.size() - CacheState.MEMORY_BINS).clear();
    }
    int known = CacheState.MEMORY_COORDINATES;
    for (int i = bins.size() - known - 1; i >= 0 && bins.get(i).first() != null; i--) {
      bins.set(i, bins.get(i).withoutFirst());
    }
    sealedEnd =
        bins.stream()
            .mapToLong(ClosedMetricBin::end)
            .filter(end -> end > judged)
            .min()
            .orElse(Step.NEVER);
    packed = null;
  }

  private List<ClosedMetricBin> remembered() {
    if (closed == null) {
      closed = ClosedMetricBin.unpack(packed);
    }
    return closed;
  }

  private MetricBin openBin(long time, long length) {
    long start = Math.floorDiv(time, length) * length;
    if (start + length <= sealedUntil) {
      return null;
    }
    MetricBin wanted = new MetricBin(start, length);
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
    for (MetricBin bin : open) {
      held += bin.held();
    }
    return held;
  }

  private MetricBin fullest() {
    MetricBin fullest = open.get(0);
    for (MetricBin bin : open) {
      if (bin.held() > fullest.held()) {
        fullest = bin;
      }
    }
    return fullest;
  }

  /** The binary form. */
  static final class Codec implements StateCodec<MetricState> {
    /** 1 held eight days of bins, and forgot what was cleared. */
    private static final int VERSION = 2;

    private static final WireEnums<Better> BETTER = WireEnums.of(Better.class);

    @Override
    public void write(MetricState state, BinaryWriter out) {
      out.writeByte(VERSION).writeString(state.scope).writeString(state.metric);
      out.writeEnum(state.better);
      out.writeFixed64(state.judgedUntil);
      out.writeFixed64(state.forgetAt).writeFixed64(state.sealedUntil);
      out.writeFixed64(state.sealedEnd);
      out.writeVarInt(state.late).writeVarInt(state.refused);
      out.writeList(state.regressions, (to, regression) -> regression.write(to));
      Move.writeAll(state.moves, out);
      out.writeList(state.past, (to, past) -> past.write(to));
      out.writeList(state.open, (to, bin) -> bin.write(to));
      if (state.packed == null) {
        state.packed = ClosedMetricBin.pack(state.closed);
      }
      out.writeBytes(state.packed);
    }

    @Override
    public MetricState read(BinaryReader in) {
      Codecs.requireVersion(in, VERSION, "metric");
      MetricState state = new MetricState(in.readString(), in.readString());
      state.better = in.readEnum(BETTER);
      state.judgedUntil = in.readFixed64();
      state.forgetAt = in.readFixed64();
      state.sealedUntil = in.readFixed64();
      state.sealedEnd = in.readFixed64();
      state.late = in.readVarInt();
      state.refused = in.readVarInt();
      state.regressions.addAll(in.readList(OpenRegression::read));
      state.moves.addAll(Move.readAll(in));
      state.past.addAll(in.readList(PastRegression::read));
      state.open.addAll(in.readList(MetricBin::read));
      state.packed = in.readBytes();
      state.closed = null;
      return state;
    }
  }
}
