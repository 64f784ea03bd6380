package io.mendline.serdes.binary;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/**
 * Reads what {@link BinaryWriter} wrote, in the same order.
 *
 * <p>Strict: a buffer that ends early, a varint that does not end, a size larger than the rest of
 * the buffer, an unknown enum code and text that is not UTF-8 all raise {@link
 * CorruptDataException} with the position, and no size is trusted before memory is taken for it.
 * After the exception the reader is of no further use. Not safe for use by several threads.
 */
public final class BinaryReader {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final char REPLACEMENT = '\uFFFD';

  private final byte[] buffer;
  private final int end;
  private int position;

  /** Reads a whole array; the array is not copied and must not change meanwhile. */
  public BinaryReader(byte[] buffer) {
    this(buffer, 0, buffer.length);
  }

  /**
   * Reads a part of an array.
   *
   * @throws IndexOutOfBoundsException if the part is not within the array
   */
  public BinaryReader(byte[] buffer, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, buffer.length);
    this.buffer = buffer;
    this.position = offset;
    this.end = offset + length;
  }

  /** One byte, 0 to 255. */
  public int readByte() {
    require(1);
    return buffer[position++] & 0xFF;
  }

  /** A boolean; a byte other than 0 and 1 is corrupt. */
  public boolean readBoolean() {
    int at = position;
    int value = readByte();
    if (value > 1) {
      throw new CorruptDataException("a boolean is " + value, at);
    }
    return value == 1;
  }

  /** Counterpart of {@link BinaryWriter#writeVarInt}. */
  public int readVarInt() {
    int at = position;
    long value = readVarLong();
    if (value >>> 32 != 0) {
      throw new CorruptDataException("a varint does not fit an int", at);
    }
    return (int) value;
  }

  /** Counterpart of {@link BinaryWriter#writeVarLong}. */
  public long readVarLong() {
    int at = position;
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      int next = readByte();
      if (shift == 63 && next > 1) {
        break;
      }
      value |= (next & 0x7FL) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw new CorruptDataException("a varint is longer than 64 bits", at);
  }

  /** Counterpart of {@link BinaryWriter#writeZigZag}. */
  public long readZigZag() {
    long value = readVarLong();
    return (value >>> 1) ^ -(value & 1);
  }

  /** Counterpart of {@link BinaryWriter#writeFixed64}. */
  public long readFixed64() {
    require(Long.BYTES);
    long value = (long) LONG.get(buffer, position);
    position += Long.BYTES;
    return value;
  }

  /** Counterpart of {@link BinaryWriter#writeDouble}. */
  public double readDouble() {
    return Double.longBitsToDouble(readFixed64());
  }

  /** Counterpart of {@link BinaryWriter#writeBytes}; a fresh array. */
  public byte[] readBytes() {
    int length = readSize();
    byte[] value = new byte[length];
    System.arraycopy(buffer, position, value, 0, length);
    position += length;
    return value;
  }

  /** Counterpart of {@link BinaryWriter#writeString}; never null. */
  public String readString() {
    return text(readSize());
  }

  /** Counterpart of {@link BinaryWriter#writeNullableString}. */
  public String readNullableString() {
    int at = position;
    int lengthPlusOne = readVarInt();
    if (lengthPlusOne == 0) {
      return null;
    }
    return text(checkedSize(lengthPlusOne - 1, at));
  }

  /** Counterpart of {@link BinaryWriter#writeEnum}. */
  public <E extends Enum<E> & WireEnum> E readEnum(WireEnums<E> constants) {
    int at = position;
    return constants.require(readByte(), at);
  }

  /** Counterpart of {@link BinaryWriter#writeList}; an unmodifiable list without nulls. */
  public <T> List<T> readList(Function<BinaryReader, ? extends T> element) {
    int count = readSize();
    if (count == 0) {
      return List.of();
    }
    List<T> values = new ArrayList<>(Math.min(count, 64));
    for (int i = 0; i < count; i++) {
      values.add(element.apply(this));
    }
    return List.copyOf(values);
  }

  /** Counterpart of {@link BinaryWriter#writeStrings}. */
  public List<String> readStrings() {
    return readList(BinaryReader::readString);
  }

  /** Offset of the next byte, counted from the start of the array. */
  public int position() {
    return position;
  }

  /** Bytes that are left. */
  public int remaining() {
    return end - position;
  }

  /**
   * Says that the record ends here.
   *
   * @throws CorruptDataException if bytes are left
   */
  public void requireEnd() {
    if (position != end) {
      throw new CorruptDataException(remaining() + " bytes follow the end of the record", position);
    }
  }

  private int readSize() {
    int at = position;
    return checkedSize(readVarInt(), at);
  }

  private int checkedSize(int size, int at) {
    if (size < 0 || size > remaining()) {
      throw new CorruptDataException(
          "a size of " + (size & 0xFFFF_FFFFL) + " with " + remaining() + " bytes left", at);
    }
    return size;
  }

  private String text(int length) {
    String value = new String(buffer, position, length, StandardCharsets.UTF_8);
    // The decoder of String replaces what is not UTF-8; only then is the slow, strict one asked.
    if (value.indexOf(REPLACEMENT) >= 0) {
      requireUtf8(length);
    }
    position += length;
    return value;
  }

  private void requireUtf8(int length) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(buffer, position, length));
    } catch (CharacterCodingException e) {
      CorruptDataException corrupt = new CorruptDataException("text is not UTF-8", position);
      corrupt.initCause(e);
      throw corrupt;
    }
  }

  private void require(int bytes) {
    if (end - position < bytes) {
      throw new CorruptDataException(
          "the data ends where " + bytes + " more byte(s) are expected", position);
    }
  }
}
