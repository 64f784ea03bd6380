package io.mendline.processors.regression;

import io.mendline.processors.pipeline.Coordinates;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import java.util.Comparator;

/**
 * A bin of event time that still takes messages: every distinct one once, in bounded memory, and
 * whatever the order, the same result.
 *
 * <p>While there is room, it is exact. Above, it is a distinct sample (Gibbons, <i>Distinct
 * sampling for highly-accurate answers to distinct values queries</i>, VLDB 2001): each message has
 * a rank, the number of trailing zero bits of its content id, so that half of all have rank 0, a
 * quarter rank 1, and so on. When more is held than there is room for, the lowest rank is given up,
 * for messages held and to come; the rest, times two for each rank given up, stand for all. As the
 * ranks given up depend only on the set of ids, so does the estimate; duplicates never count.
 *
 * @param <C> what it is when it is closed
 */
abstract class OpenBin<C extends ClosedBin<C>> {
  static final Comparator<OpenBin<?>> BY_END =
      Comparator.<OpenBin<?>>comparingLong(OpenBin::end).thenComparingLong(bin -> bin.length);

  /** Higher ranks count as this one: enough for ten thousand million messages in one bin. */
  private static final int TOP_RANK = 23;

  final long start;
  final long length;

  /** The lowest rank that is held. */
  private int level;

  private long firstTime = Long.MAX_VALUE;
  private long firstId = Long.MAX_VALUE;
  private Coordinates first;

  OpenBin(long start, long length) {
    this.start = start;
    this.length = length;
  }

  /** One that was written by {@link #writeFrame}. */
  OpenBin(BinaryReader in) {
    start = in.readZigZag();
    length = in.readVarLong();
    level = in.readByte();
    firstTime = in.readFixed64();
    firstId = in.readFixed64();
    first = Bins.readCoordinates(null, in);
  }

  final void writeFrame(BinaryWriter out) {
    out.writeZigZag(start).writeVarLong(length).writeByte(level);
    out.writeFixed64(firstTime).writeFixed64(firstId);
    Bins.writeCoordinates(first, null, out);
  }

  abstract void write(BinaryWriter out);

  /** Distinct messages held. */
  abstract int held();

  /** Gives up what is held of ranks below one. */
  abstract void giveUpBelow(int rank);

  /** What all distinct messages come to, estimated where it holds a sample. */
  abstract C close();

  final long end() {
    return start + length;
  }

  static int rank(long contentId) {
    return Math.min(TOP_RANK, Long.numberOfTrailingZeros(contentId));
  }

  /** The lowest rank that is held; each below it was half of what there was. */
  final int level() {
    return level;
  }

  /** Where the earliest of what it took was read. */
  final Coordinates first() {
    return first;
  }

  /** Notes where a message was read that was taken, and makes room. */
  final void took(long time, long contentId, Coordinates at, int capacity) {
    if (time < firstTime || (time == firstTime && contentId < firstId)) {
      firstTime = time;
      firstId = contentId;
      first = at;
    }
    boolean room = true;
    while (room && held() > capacity) {
      room = thin();
    }
  }

  /**
   * Gives up the lowest rank.
   *
   * @return false when only the highest rank is left
   */
  final boolean thin() {
    if (level == TOP_RANK) {
      return false;
    }
    level++;
    giveUpBelow(level);
    return true;
  }
}
