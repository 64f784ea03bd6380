package io.mendline.serdes.binary;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * A growing byte buffer with the few primitives that signals and state are made of. What it writes,
 * {@link BinaryReader} reads back in the same order; there are no field tags, so versions are the
 * business of the codec above.
 *
 * <p>Integers are base-128 varints, least significant group first, as in Protocol Buffers; signed
 * ones are zigzag-coded first, so that -1 takes one byte. Fixed-width values are little-endian.
 * Strings are UTF-8 behind their length in bytes; a character that UTF-8 cannot carry (half of a
 * surrogate pair) becomes {@code ?}.
 *
 * <p>Every method returns this writer. A writer may be kept and {@link #reset()} between records;
 * it is not safe for use by several threads.
 */
public final class BinaryWriter {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int MAX_VARINT_BYTES = 10;
  private static final int MAX_SIZE = Integer.MAX_VALUE - 16;

  private byte[] buffer;
  private int size;

  /** An empty writer with room for 256 bytes before it first grows. */
  public BinaryWriter() {
    this(256);
  }

  /**
   * An empty writer.
   *
   * @param capacity bytes it holds before it first grows; at least 0
   */
  public BinaryWriter(int capacity) {
    this.buffer = new byte[Math.max(capacity, MAX_VARINT_BYTES)];
  }

  /** One byte; only the low eight bits of the value count. */
  public BinaryWriter writeByte(int value) {
    room(1);
    buffer[size++] = (byte) value;
    return this;
  }

  /** One byte, 1 or 0. */
  public BinaryWriter writeBoolean(boolean value) {
    return writeByte(value ? 1 : 0);
  }

  /** An int as an unsigned varint: 1 byte below 128; a negative value takes 5. */
  public BinaryWriter writeVarInt(int value) {
    return writeVarLong(value & 0xFFFF_FFFFL);
  }

  /** A long as an unsigned varint: 1 byte below 128; a negative value takes 10. */
  public BinaryWriter writeVarLong(long value) {
    room(MAX_VARINT_BYTES);
    byte[] target = buffer; // in locals, or each store would have the fields loaded again
    int at = size;
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      target[at++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    target[at++] = (byte) rest;
    size = at;
    return this;
  }

  /** A long that may be negative but is usually near zero, or an instant with -1 for absent. */
  public BinaryWriter writeZigZag(long value) {
    return writeVarLong((value << 1) ^ (value >> 63));
  }

  /** A long in eight bytes: for hashes, whose bits a varint would only lengthen. */
  public BinaryWriter writeFixed64(long value) {
    room(Long.BYTES);
    LONG.set(buffer, size, value);
    size += Long.BYTES;
    return this;
  }

  /** A double in eight bytes; every NaN is written as the one canonical NaN. */
  public BinaryWriter writeDouble(double value) {
    return writeFixed64(Double.doubleToLongBits(value));
  }

  /** What another has written, as it is. */
  public BinaryWriter append(BinaryWriter other) {
    room(other.size);
    System.arraycopy(other.buffer, 0, buffer, size, other.size);
    size += other.size;
    return this;
  }

  /** Raw bytes behind their length. */
  public BinaryWriter writeBytes(byte[] value) {
    writeVarInt(value.length);
    room(value.length);
    System.arraycopy(value, 0, buffer, size, value.length);
    size += value.length;
    return this;
  }

  /**
   * A string that is never null.
   *
   * @throws NullPointerException if it is null after all
   */
  public BinaryWriter writeString(String value) {
    return writeText(value, 0);
  }

  /** A string or null; costs no more than {@link #writeString} for strings below 127 bytes. */
  public BinaryWriter writeNullableString(String valueOrNull) {
    return valueOrNull == null ? writeByte(0) : writeText(valueOrNull, 1);
  }

  /** An enum constant by its stable code, in one byte. */
  public BinaryWriter writeEnum(WireEnum value) {
    return writeByte(value.code());
  }

  /**
   * A list behind its size.
   *
   * @param element writes one element; it must write at least one byte, which is what lets the
   *     reader refuse an absurd size before it allocates anything
   */
  public <T> BinaryWriter writeList(List<T> values, BiConsumer<BinaryWriter, ? super T> element) {
    writeVarInt(values.size());
    for (T value : values) {
      element.accept(this, value);
    }
    return this;
  }

  /** A list of strings, none of them null. */
  public BinaryWriter writeStrings(List<String> values) {
    return writeList(values, BinaryWriter::writeString);
  }

  /** Bytes written so far. */
  public int size() {
    return size;
  }

  /** A copy of what was written so far. */
  public byte[] toByteArray() {
    return Arrays.copyOf(buffer, size);
  }

  /** {@link Hash64#xxHash64} of what was written from {@code from} on, without copying it. */
  public long hashFrom(int from) {
    return Hash64.xxHash64(buffer, from, size - from, 0);
  }

  /** Forgets what was written and keeps the buffer. */
  public BinaryWriter reset() {
    size = 0;
    return this;
  }

  private BinaryWriter writeText(String value, int lengthOffset) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    writeVarInt(utf8.length + lengthOffset);
    room(utf8.length);
    System.arraycopy(utf8, 0, buffer, size, utf8.length);
    size += utf8.length;
    return this;
  }

  private void room(int bytes) {
    if (buffer.length - size < bytes) {
      long needed = (long) size + bytes;
      if (needed > MAX_SIZE) {
        throw new IllegalStateException("a record of " + needed + " bytes cannot be written");
      }
      buffer = Arrays.copyOf(buffer, (int) Math.min(MAX_SIZE, Math.max(needed, 2L * size)));
    }
  }
}
