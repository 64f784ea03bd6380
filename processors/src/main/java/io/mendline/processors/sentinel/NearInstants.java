package io.mendline.processors.sentinel;

import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;

/** Instants that may be absent and mostly lie near another, written by their distance from it. */
final class NearInstants {
  private NearInstants() {}

  /** Zero for an absent instant; else the distance, moved by one away from zero's place. */
  static void write(long instant, long near, BinaryWriter to) {
    long distance = instant - near;
    to.writeZigZag(instant < 0 ? 0 : distance >= 0 ? distance + 1 : distance);
  }

  /** Reads what {@link #write} wrote; -1 for an absent instant. */
  static long read(long near, BinaryReader from) {
    long distance = from.readZigZag();
    return distance == 0 ? -1 : distance > 0 ? near + distance - 1 : near + distance;
  }
}
