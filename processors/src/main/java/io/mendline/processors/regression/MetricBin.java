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
 * An open bin of the samples of one metric. It holds the values themselves, and adds them up in the
 * order of their ids when it is closed: sums of fractions depend on the order in which they are
 * taken. Values are kept to seven digits.
 */
final class MetricBin extends OpenBin<ClosedMetricBin> {
  /** Distinct samples held at most. */
  static final int CAPACITY = 256;

  /** By id. */
  private final List<Held> held;

  MetricBin(long start, long length) {
    super(start, length);
    this.held = new ArrayList<>();
  }

  MetricBin(BinaryReader in) {
    super(in);
    this.held = new ArrayList<>(in.readList(Held::read));
  }

  /** A sample: a part of its content id, its rank, and what it says. */
  private record Held(int id, int rank, float value, float weight) {
    static final Comparator<Held> ORDER =
        Comparator.comparingInt(Held::id).thenComparingInt(Held::rank);

    void write(BinaryWriter out) {
      ClosedMetricBin.writeInt(id, out);
      out.writeByte(rank);
      ClosedMetricBin.writeFloat(value, out);
      ClosedMetricBin.writeFloat(weight, out);
    }

    static Held read(BinaryReader in) {
      return new Held(
          ClosedMetricBin.readInt(in),
          in.readByte(),
          ClosedMetricBin.readFloat(in),
          ClosedMetricBin.readFloat(in));
    }
  }

  @Override
  int held() {
    return held.size();
  }

  /** Counts a sample unless it was counted before. */
  void add(MetricSample sample, long contentId, Coordinates at) {
    int rank = rank(contentId);
    if (rank < level()) {
      return;
    }
    Held taken =
        new Held((int) (contentId >>> 32), rank, (float) sample.value(), (float) sample.weight());
    int place = Collections.binarySearch(held, taken, Held.ORDER);
    if (place >= 0) {
      return;
    }
    held.add(-place - 1, taken);
    took(sample.time(), contentId, at, CAPACITY);
  }

  @Override
  void giveUpBelow(int rank) {
    held.removeIf(one -> one.rank < rank);
  }

  @Override
  ClosedMetricBin close() {
    double sum = 0;
    double weight = 0;
    for (Held one : held) {
      sum += (double) one.value * one.weight;
      weight += one.weight;
    }
    double scale = Math.scalb(1.0, level());
    return new ClosedMetricBin(
        start,
        length,
        (long) held.size() << level(),
        (float) (weight * scale),
        (float) (weight == 0 ? 0 : sum / weight),
        level() > 0,
        first());
  }

  @Override
  void write(BinaryWriter out) {
    writeFrame(out);
    out.writeList(held, (to, one) -> one.write(to));
  }
}
