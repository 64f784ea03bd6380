package io.mendline.serdes.binary;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * xxHash64, the 64-bit hash of Yann Collet's xxHash: fast, well mixed, the same on every machine
 * and in every release, not cryptographic. Content ids are made with it: among n of them that are
 * compared with each other, the chance of any collision is about n²/2⁶⁵, which for a million is 3
 * in 10⁸.
 *
 * <p>Source: the algorithm description in the xxHash repository ({@code doc/xxhash_spec.md}).
 */
public final class Hash64 {
  private static final long P1 = 0x9E3779B185EBCA87L;
  private static final long P2 = 0xC2B2AE3D27D4EB4FL;
  private static final long P3 = 0x165667B19E3779F9L;
  private static final long P4 = 0x85EBCA77C2B2AE63L;
  private static final long P5 = 0x27D4EB2F165667C5L;
  private static final int STRIPE = 32;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private Hash64() {}

  /** The hash of a whole array with seed 0. */
  public static long xxHash64(byte[] data) {
    return xxHash64(data, 0, data.length, 0);
  }

  /**
   * The hash of a part of an array.
   *
   * @throws IndexOutOfBoundsException if the part is not within the array
   */
  public static long xxHash64(byte[] data, int offset, int length, long seed) {
    Objects.checkFromIndexSize(offset, length, data.length);
    int at = offset;
    int end = offset + length;
    long hash;
    if (length >= STRIPE) {
      long a = seed + P1 + P2;
      long b = seed + P2;
      long c = seed;
      long d = seed - P1;
      for (; at <= end - STRIPE; at += STRIPE) {
        a = round(a, longAt(data, at));
        b = round(b, longAt(data, at + 8));
        c = round(c, longAt(data, at + 16));
        d = round(d, longAt(data, at + 24));
      }
      hash =
          Long.rotateLeft(a, 1)
              + Long.rotateLeft(b, 7)
              + Long.rotateLeft(c, 12)
              + Long.rotateLeft(d, 18);
      hash = merge(merge(merge(merge(hash, a), b), c), d);
    } else {
      hash = seed + P5;
    }
    return avalanche(tail(hash + length, data, at, end));
  }

  private static long tail(long start, byte[] data, int from, int end) {
    long hash = start;
    int at = from;
    for (; at <= end - 8; at += 8) {
      hash = Long.rotateLeft(hash ^ round(0, longAt(data, at)), 27) * P1 + P4;
    }
    if (at <= end - 4) {
      long next = (int) INT.get(data, at) & 0xFFFF_FFFFL;
      hash = Long.rotateLeft(hash ^ (next * P1), 23) * P2 + P3;
      at += 4;
    }
    for (; at < end; at++) {
      hash = Long.rotateLeft(hash ^ ((data[at] & 0xFFL) * P5), 11) * P1;
    }
    return hash;
  }

  private static long avalanche(long mixed) {
    long hash = mixed;
    hash = (hash ^ (hash >>> 33)) * P2;
    hash = (hash ^ (hash >>> 29)) * P3;
    return hash ^ (hash >>> 32);
  }

  private static long round(long accumulator, long input) {
    return Long.rotateLeft(accumulator + input * P2, 31) * P1;
  }

  private static long merge(long hash, long accumulator) {
    return (hash ^ round(0, accumulator)) * P1 + P4;
  }

  private static long longAt(byte[] data, int at) {
    return (long) LONG.get(data, at);
  }
}
