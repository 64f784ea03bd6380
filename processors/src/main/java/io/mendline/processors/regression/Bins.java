package io.mendline.processors.regression;

import io.mendline.processors.pipeline.Coordinates;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import java.util.ArrayList;
import java.util.List;

/** The binary form of closed bins: each told by how it differs from the one before. */
final class Bins {
  private Bins() {}

  static byte[] pack(List<Bin> bins) {
    BinaryWriter out = new BinaryWriter(32 * bins.size() + 16);
    out.writeVarInt(bins.size());
    long end = 0;
    long length = 0;
    String topic = null;
    for (Bin bin : bins) {
      out.writeZigZag(bin.start() - end).writeZigZag(bin.length() - length);
      out.writeVarLong(bin.calls()).writeVarLong(bin.promptTokens());
      out.writeVarLong(bin.cachedTokens()).writeVarLong(bin.uncacheableCalls());
      out.writeBoolean(bin.sampled());
      writeCoordinates(bin.first(), topic, out);
      end = bin.end();
      length = bin.length();
      topic = bin.first().topic();
    }
    return out.toByteArray();
  }

  static List<Bin> unpack(byte[] packed) {
    BinaryReader in = new BinaryReader(packed);
    int count = in.readVarInt();
    List<Bin> bins = new ArrayList<>();
    long end = 0;
    long length = 0;
    String topic = null;
    for (int i = 0; i < count; i++) {
      long start = end + in.readZigZag();
      length += in.readZigZag();
      long calls = in.readVarLong();
      long promptTokens = in.readVarLong();
      long cachedTokens = in.readVarLong();
      long uncacheableCalls = in.readVarLong();
      boolean sampled = in.readBoolean();
      Coordinates first = readCoordinates(topic, in);
      bins.add(
          new Bin(
              start, length, calls, promptTokens, cachedTokens, uncacheableCalls, sampled, first));
      end = start + length;
      topic = first.topic();
    }
    in.requireEnd();
    return bins;
  }

  /**
   * Writes coordinates.
   *
   * @param topic the topic that need not be named, or null
   */
  static void writeCoordinates(Coordinates at, String topic, BinaryWriter out) {
    out.writeNullableString(at.topic().equals(topic) ? null : at.topic());
    out.writeVarInt(at.partition()).writeVarLong(at.offset());
  }

  static Coordinates readCoordinates(String topic, BinaryReader in) {
    String named = in.readNullableString();
    return new Coordinates(named == null ? topic : named, in.readVarInt(), in.readVarLong());
  }
}
