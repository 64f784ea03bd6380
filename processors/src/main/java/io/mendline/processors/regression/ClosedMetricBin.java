package io.mendline.processors.regression;

import io.mendline.processors.pipeline.Coordinates;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import java.util.ArrayList;
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
 * @param first where the earliest of them was read; null where that is no longer known
 */
record ClosedMetricBin(
    long start,
    long length,
    long samples,
    float weight,
    float mean,
    boolean sampled,
    Coordinates first)
    implements ClosedBin<ClosedMetricBin> {

  @Override
  public ClosedMetricBin withoutFirst() {
    return new ClosedMetricBin(start, length, samples, weight, mean, sampled, null);
  }

  @Override
  public long messages() {
    return samples;
  }

  static byte[] pack(List<ClosedMetricBin> bins) {
    BinaryWriter out = new BinaryWriter(16 * bins.size() + 16);
    out.writeVarInt(bins.size());
    Bins.Frame last = Bins.Frame.NONE;
    for (ClosedMetricBin bin : bins) {
      last = last.write(bin.start, bin.length, bin.sampled, bin.first, out);
      boolean even = bin.weight == bin.samples;
      // Samples mostly weigh one each; then their number is their weight, too.
      out.writeVarLong(bin.samples << 1 | (even ? 0 : 1));
      if (!even) {
        writeFloat(bin.weight, out);
      }
      writeFloat(bin.mean, out);
    }
    return out.toByteArray();
  }

  static List<ClosedMetricBin> unpack(byte[] packed) {
    BinaryReader in = new BinaryReader(packed);
    int count = in.readVarInt();
    List<ClosedMetricBin> bins = new ArrayList<>(count);
    Bins.Frame last = Bins.Frame.NONE;
    for (int i = 0; i < count; i++) {
      last = last.read(in);
      long coded = in.readVarLong();
      long samples = coded >>> 1;
      float weight = (coded & 1) == 0 ? samples : readFloat(in);
      float mean = readFloat(in);
      bins.add(
          new ClosedMetricBin(
              last.start(), last.length(), samples, weight, mean, last.sampled(), last.first()));
    }
    in.requireEnd();
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
