package io.mendline.processors.capacity;

import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;

/**
 * A sum that does not depend on the order of what is added, as one of doubles does: a fixed-point
 * number of 128 bits, 32 of them behind the point. What is added is rounded once, to 2⁻³² of its
 * unit; beyond ±2⁸¹ it counts as that.
 */
final class ExactSum {
  private static final double MOST = 0x1p49;
  private static final double HALF = 0x1p63;

  private long high;
  private long low;

  void add(double value) {
    double scaled = Math.max(-MOST, Math.min(MOST, value * 0x1p-32));
    double whole = Math.floor(scaled);
    // Up to 2^64, beyond what a cast of a double to a long takes.
    double rest = Math.min((scaled - whole) * 0x1p64, Math.nextDown(0x1p64));
    long bits = rest < HALF ? (long) rest : (long) (rest - HALF) + Long.MIN_VALUE;
    low += bits;
    high += (long) whole + (Long.compareUnsigned(low, bits) < 0 ? 1 : 0);
  }

  double value() {
    double unsigned = (low >>> 1) * 2.0 + (low & 1);
    return high * 0x1p32 + unsigned * 0x1p-32;
  }

  void write(BinaryWriter out) {
    out.writeZigZag(high).writeVarLong(low);
  }

  static ExactSum read(BinaryReader in) {
    ExactSum sum = new ExactSum();
    sum.high = in.readZigZag();
    sum.low = in.readVarLong();
    return sum;
  }
}
