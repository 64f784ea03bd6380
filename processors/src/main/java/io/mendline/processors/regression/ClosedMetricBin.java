package io.mendline.processors.regression;

import io.mendline.processors.pipeline.Coordinates;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What a metric was at over one closed bin of event time.
 *
 * @param start first instant, epoch milliseconds
 * @param length milliseconds
 * @param samples how many samples
 * @param weight the sum of their weights
 * @param mean their mean, by weight
 * @param sampled whether the numbers are estimates from a part of the samples
 * @param first where the earliest of them was read
 */
record ClosedMetricBin(
    long start,
    long length,
    long samples,
    float weight,
    float mean,
    boolean sampled,
    Coordinates first) {

  /** By end; bins of different lengths that end together by length. */
  static final Comparator<ClosedMetricBin> BY_END =
      Comparator.comparingLong(ClosedMetricBin::end).thenComparingLong(ClosedMetricBin::length);

  long end() {
    return start + length;
  }

  static void write(List<ClosedMetricBin> bins, BinaryWriter out) {
    out.writeVarInt(bins.size());
    long end = 0;
    long length = 0;
    String topic = null;
    for (ClosedMetricBin bin : bins) {
      out.writeZigZag(bin.start - end).writeZigZag(bin.length - length).writeVarLong(bin.samples);
      writeFloat(bin.weight, out);
      writeFloat(bin.mean, out);
      out.writeBoolean(bin.sampled);
      Bins.writeCoordinates(bin.first, topic, out);
      end = bin.end();
      length = bin.length;
      topic = bin.first.topic();
    }
  }

  static List<ClosedMetricBin> read(BinaryReader in) {
    int count = in.readVarInt();
    List<ClosedMetricBin> bins = new ArrayList<>();
    long end = 0;
    long length = 0;
    String topic = null;
    for (int i = 0; i < count; i++) {
      long start = end + in.readZigZag();
      length += in.readZigZag();
      long samples = in.readVarLong();
      float weight = readFloat(in);
      float mean = readFloat(in);
      boolean sampled = in.readBoolean();
      Coordinates first = Bins.readCoordinates(topic, in);
      bins.add(new ClosedMetricBin(start, length, samples, weight, mean, sampled, first));
      end = start + length;
      topic = first.topic();
    }
    return bins;
  }

  /** Four bytes. */
  static void writeFloat(float value, BinaryWriter out) {
    writeInt(Float.floatToRawIntBits(value), out);
  }

  static float readFloat(BinaryReader in) {
    return Float.intBitsToFloat(readInt(in));
  }

  static void writeInt(int value, BinaryWriter out) {
    out.writeByte(value).writeByte(value >>> 8).writeByte(value >>> 16).writeByte(value >>> 24);
  }

  static int readInt(BinaryReader in) {
    return in.readByte() | in.readByte() << 8 | in.readByte() << 16 | in.readByte() << 24;
  }
}
