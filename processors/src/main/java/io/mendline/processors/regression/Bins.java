package io.mendline.processors.regression;

import io.mendline.processors.pipeline.Coordinates;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import java.util.ArrayList;
import java.util.List;

/** The binary form of closed bins. */
final class Bins {
  private Bins() {}

  static byte[] pack(List<Bin> bins) {
    BinaryWriter out = new BinaryWriter(24 * bins.size() + 16);
    out.writeVarInt(bins.size());
    Frame last = Frame.NONE;
    for (Bin bin : bins) {
      last = last.write(bin.start(), bin.length(), bin.sampled(), bin.first(), out);
      out.writeVarLong(bin.records()).writeVarLong(bin.calls()).writeVarLong(bin.promptTokens());
      out.writeVarLong(bin.cachedTokens()).writeVarLong(bin.uncacheableCalls());
    }
    return out.toByteArray();
  }

  static List<Bin> unpack(byte[] packed) {
    BinaryReader in = new BinaryReader(packed);
    int count = in.readVarInt();
    List<Bin> bins = new ArrayList<>(count);
    Frame last = Frame.NONE;
    for (int i = 0; i < count; i++) {
      last = last.read(in);
      bins.add(
          new Bin(
              last.start,
              last.length,
              in.readVarLong(),
              in.readVarLong(),
              in.readVarLong(),
              in.readVarLong(),
              in.readVarLong(),
              last.sampled,
              last.first));
    }
    in.requireEnd();
    return bins;
  }

  /**
   * What every closed bin has, told by how it differs from the one before: mostly one byte, and
   * where its first record was read.
   *
   * @param topic the topic named last, or null
   */
  record Frame(
      long start, long length, boolean sampled, Coordinates first, String topic, long offset) {
    static final Frame NONE = new Frame(0, 0, false, null, null, 0);

    private static final int FOLLOWS = 1;
    private static final int SAMPLED = 2;
    private static final int COORDINATES = 4;
    private static final int TOPIC = 8;

    Frame write(long start, long length, boolean sampled, Coordinates first, BinaryWriter out) {
      boolean follows = start == this.start + this.length && length == this.length;
      boolean named = first != null && !first.topic().equals(topic);
      out.writeByte(
          (follows ? FOLLOWS : 0)
              | (sampled ? SAMPLED : 0)
              | (first != null ? COORDINATES : 0)
              | (named ? TOPIC : 0));
      if (!follows) {
        out.writeZigZag(start - this.start - this.length).writeVarLong(length);
      }
      if (named) {
        out.writeString(first.topic());
      }
      if (first == null) {
        return new Frame(start, length, sampled, null, topic, offset);
      }
      out.writeVarInt(first.partition()).writeZigZag(first.offset() - offset);
      return new Frame(start, length, sampled, first, first.topic(), first.offset());
    }

    Frame read(BinaryReader in) {
      int flags = in.readByte();
      boolean follows = (flags & FOLLOWS) != 0;
      long nextStart = start + length + (follows ? 0 : in.readZigZag());
      long nextLength = follows ? length : in.readVarLong();
      boolean nextSampled = (flags & SAMPLED) != 0;
      String named = (flags & TOPIC) != 0 ? in.readString() : topic;
      if ((flags & COORDINATES) == 0) {
        return new Frame(nextStart, nextLength, nextSampled, null, named, offset);
      }
      Coordinates at = new Coordinates(named, in.readVarInt(), offset + in.readZigZag());
      return new Frame(nextStart, nextLength, nextSampled, at, named, at.offset());
    }
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
