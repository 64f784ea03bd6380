package io.mendline.processors.regression;

import io.mendline.processors.pipeline.Coordinates;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import io.mendline.serdes.telemetry.MetricSample;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/**
 * A bin of event time that still takes samples of one metric: every distinct one once, in bounded
 * memory, and whatever the order, the same result.
 *
 * <p>As {@link OpenBin} it holds a distinct sample of what comes where that is more than {@value
 * #CAPACITY}. But it holds the values themselves, and adds them up in the order of their ids when
 * it is closed: sums of fractions depend on the order in which they are taken. Values are kept to
 * seven digits.
 */
final class MetricBin {
  /** Distinct samples held at most. */
  static final int CAPACITY = 256;

  private static final int TOP_RANK = 23;

  final long start;
  final long length;

  /** By id. */
  private final List<Held> held;

  /** The lowest rank that is held. */
  private int level;

  private long firstTime = Long.MAX_VALUE;
  private long firstId = Long.MAX_VALUE;
  private Coordinates first;

  MetricBin(long start, long length) {
    this(start, length, new ArrayList<>());
  }

  private MetricBin(long start, long length, List<Held> held) {
    this.start = start;
    this.length = length;
    this.held = held;
  }

  /** A sample: a part of its content id, its rank, and what it says. */
  private record Held(int id, int rank, float value, float weight) {
    static final Comparator<Held> ORDER =
        Comparator.comparingInt(Held::id).thenComparingInt(Held::rank);
  }

  long end() {
    return start + length;
  }

  int held() {
    return held.size();
  }

  /** Counts a sample unless it was counted before. */
  void add(MetricSample sample, long contentId, Coordinates at) {
    int rank = Math.min(TOP_RANK, Long.numberOfTrailingZeros(contentId));
    if (rank < level) {
      return;
    }
    Held taken =
        new Held((int) (contentId >>> 32), rank, (float) sample.value(), (float) sample.weight());
    int place = Collections.binarySearch(held, taken, Held.ORDER);
    if (place >= 0) {
      return;
    }
    held.add(-place - 1, taken);
    if (sample.time() < firstTime || (sample.time() == firstTime && contentId < firstId)) {
      firstTime = sample.time();
      firstId = contentId;
      first = at;
    }
    while (held.size() > CAPACITY && level < TOP_RANK) {
      thin();
    }
  }

  /** Gives up the lowest rank; false when only the highest is left. */
  boolean thin() {
    if (level == TOP_RANK) {
      return false;
    }
    level++;
    held.removeIf(one -> one.rank < level);
    return true;
  }

  /** The mean of all distinct samples, estimated where the bin holds a part of them. */
  ClosedMetricBin close() {
    double sum = 0;
    double weight = 0;
    for (Held one : held) {
      sum += (double) one.value * one.weight;
      weight += one.weight;
    }
    double scale = Math.scalb(1.0, level);
    return new ClosedMetricBin(
        start,
        length,
        (long) held.size() << level,
        (float) (weight * scale),
        (float) (weight == 0 ? 0 : sum / weight),
        level > 0,
        first);
  }

  void write(BinaryWriter out) {
    out.writeZigZag(start).writeVarLong(length).writeByte(level);
    out.writeFixed64(firstTime).writeFixed64(firstId);
    Bins.writeCoordinates(first, null, out);
    out.writeList(
        held,
        (to, one) -> {
          ClosedMetricBin.writeInt(one.id, to);
          to.writeByte(one.rank);
          ClosedMetricBin.writeFloat(one.value, to);
          ClosedMetricBin.writeFloat(one.weight, to);
        });
  }

  static MetricBin read(BinaryReader in) {
    long start = in.readZigZag();
    long length = in.readVarLong();
    int level = in.readByte();
    long firstTime = in.readFixed64();
    long firstId = in.readFixed64();
    Coordinates first = Bins.readCoordinates(null, in);
    List<Held> held =
        in.readList(
            from ->
                new Held(
                    ClosedMetricBin.readInt(from),
                    from.readByte(),
                    ClosedMetricBin.readFloat(from),
                    ClosedMetricBin.readFloat(from)));
    MetricBin bin = new MetricBin(start, length, new ArrayList<>(held));
    bin.level = level;
    bin.firstTime = firstTime;
    bin.firstId = firstId;
    bin.first = first;
    return bin;
  }
}
