package io.mendline.processors.regression;

import io.mendline.processors.pipeline.Step;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What is remembered of a series that is judged: bins that still take messages, closed bins of the
 * last fifteen days, the regressions that are open, and the last that were cleared.
 *
 * <p>Closed bins stay packed as bytes until they are judged, so that a message costs no more than
 * the copying of them.
 *
 * @param <O> its open bins
 * @param <C> its closed bins
 */
abstract class SeriesState<O extends OpenBin<C>, C extends ClosedBin<C>> {
  /** How long a closed bin is remembered. */
  static final long MEMORY = Duration.ofDays(15).toMillis();

  /** After so long without anything to judge by, nothing is left of what was open. */
  static final long UNOBSERVED = Duration.ofDays(8).toMillis();

  /** How many closed bins are remembered, of any length: fifteen days of an hour each. */
  static final int MEMORY_BINS = 360;

  /** Of so many of the newest it is known where they were read. */
  static final int MEMORY_COORDINATES = 192;

  /** Open bins, which tell duplicates apart; older ones are sealed: they only keep their sums. */
  static final int OPEN = 48;

  /** No instant: before everything. */
  static final long NOT_YET = Long.MIN_VALUE;

  private static final int MOST_COUNTED = Integer.MAX_VALUE - 1;

  /** Bins that end at or before this are judged. */
  long judgedUntil = NOT_YET;

  /**
   * When the last of the closed bins, or then of the past regressions, is to be forgotten; {@link
   * Step#NEVER} without any.
   */
  long forgetAt = Step.NEVER;

  /** Messages that came after their bin was judged, or a second time by then; since last told. */
  int late;

  /** Messages of a sealed bin, refused; since last told. */
  int refused;

  final List<OpenRegression> regressions = new ArrayList<>();

  /** Lasting changes of the level that were taken as given. */
  final List<Move> moves = new ArrayList<>();

  /** The regressions that were cleared last, in the order in which they were. */
  final List<PastRegression> past = new ArrayList<>();

  private final List<O> open = new ArrayList<>();

  /** Bins that end at or before this take no more messages, though they may not be judged yet. */
  private long sealedUntil = NOT_YET;

  /** The end of the first sealed bin that is not judged yet, or {@link Step#NEVER}. */
  private long sealedEnd = Step.NEVER;

  /** The closed bins, as bytes until they are needed: a message needs none of them. */
  private byte[] packed;

  private List<C> closed = new ArrayList<>();

  abstract O begin(long start, long length);

  abstract O readOpen(BinaryReader in);

  abstract byte[] pack(List<C> bins);

  abstract List<C> unpack(byte[] bins);

  /** Counts a message that comes too late to be judged by. */
  final void countLate() {
    late = Math.min(MOST_COUNTED, late + 1);
  }

  /** The open bin of an instant; null where it was sealed, which is counted. */
  final O openBin(long time, long length) {
    long start = Math.floorDiv(time, length) * length;
    if (start + length <= sealedUntil) {
      refused = Math.min(MOST_COUNTED, refused + 1);
      return null;
    }
    O wanted = begin(start, length);
    int at = 0;
    while (at < open.size() && OpenBin.BY_END.compare(open.get(at), wanted) < 0) {
      at++;
    }
    if (at == open.size() || OpenBin.BY_END.compare(open.get(at), wanted) > 0) {
      open.add(at, wanted);
    }
    return open.get(at);
  }

  /**
   * Makes room where there is too little: seals the oldest bins, and has the fullest hold a smaller
   * sample.
   *
   * @param most messages that all open bins may hold together
   * @return how often a bin was thinned
   */
  final int makeRoom(int most) {
    while (open.size() > OPEN) {
      seal();
    }
    int thinned = 0;
    while (held() > most && fullest().thin()) {
      thinned++;
    }
    return thinned;
  }

  /** When something is to be judged or forgotten. */
  final long wakeAt() {
    return Math.min(firstEnd(), forgetAt);
  }

  /** The end of the bin that is to be judged first, or {@link Step#NEVER}. */
  final long firstEnd() {
    return open.isEmpty() ? sealedEnd : Math.min(sealedEnd, open.get(0).end());
  }

  /** The closed bins that end by an instant, oldest first. */
  final List<C> judged(long at) {
    return remembered().stream().filter(bin -> bin.end() <= at).toList();
  }

  /**
   * Closes the bins that end by an instant and forgets those that are too old then.
   *
   * @return whether any was closed
   */
  final boolean close(long at) {
    List<C> bins = remembered();
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
  final void forget(long at) {
    remembered().removeIf(bin -> bin.end() <= at);
    moves.clear();
    changed(at);
  }

  /** Closes the oldest open bin for want of room, to be judged when its time has come. */
  private void seal() {
    C sealed = open.remove(0).close();
    sealedUntil = sealed.end();
    remembered().add(sealed);
    changed(judgedUntil);
  }

  private void changed(long judged) {
    List<C> bins = remembered();
    bins.sort(ClosedBin.BY_END);
    if (bins.size() > MEMORY_BINS) {
      bins.subList(0, bins.size() - MEMORY_BINS).clear();
    }
    for (int i = bins.size() - MEMORY_COORDINATES - 1; i >= 0 && bins.get(i).first() != null; i--) {
      bins.set(i, bins.get(i).withoutFirst());
    }
    sealedEnd =
        bins.stream().mapToLong(C::end).filter(end -> end > judged).min().orElse(Step.NEVER);
    packed = null;
  }

  private List<C> remembered() {
    if (closed == null) {
      closed = unpack(packed);
    }
    return closed;
  }

  private int held() {
    int held = 0;
    for (O bin : open) {
      held += bin.held();
    }
    return held;
  }

  private O fullest() {
    O fullest = open.get(0);
    for (O bin : open) {
      if (bin.held() > fullest.held()) {
        fullest = bin;
      }
    }
    return fullest;
  }

  final void write(BinaryWriter out) {
    out.writeFixed64(judgedUntil).writeFixed64(forgetAt);
    out.writeFixed64(sealedUntil).writeFixed64(sealedEnd);
    out.writeVarInt(late).writeVarInt(refused);
    out.writeList(regressions, (to, regression) -> regression.write(to));
    Move.writeAll(moves, out);
    out.writeList(past, (to, regression) -> regression.write(to));
    out.writeList(open, (to, bin) -> bin.write(to));
    if (packed == null) {
      packed = pack(closed);
    }
    out.writeBytes(packed);
  }

  final void read(BinaryReader in) {
    judgedUntil = in.readFixed64();
    forgetAt = in.readFixed64();
    sealedUntil = in.readFixed64();
    sealedEnd = in.readFixed64();
    late = in.readVarInt();
    refused = in.readVarInt();
    regressions.addAll(in.readList(OpenRegression::read));
    moves.addAll(Move.readAll(in));
    past.addAll(in.readList(PastRegression::read));
    open.addAll(in.readList(this::readOpen));
    packed = in.readBytes();
    closed = null;
  }
}
