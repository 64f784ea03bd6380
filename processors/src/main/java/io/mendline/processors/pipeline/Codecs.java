package io.mendline.processors.pipeline;

import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import io.mendline.serdes.binary.CorruptDataException;
import java.io.IOException;
import org.apache.avro.message.BinaryMessageDecoder;

/** What the hand-written codecs share. */
public final class Codecs {
  private Codecs() {}

  /**
   * Reads a version byte.
   *
   * @throws CorruptDataException when it is another one
   */
  public static void requireVersion(BinaryReader in, int version, String what) {
    int found = in.readByte();
    if (found != version) {
      throw unknownVersion(found, version, what, in);
    }
  }

  /**
   * Reads a constant that was written by its name.
   *
   * @throws CorruptDataException when there is none of that name
   */
  public static <E extends Enum<E>> E readNamed(Class<E> type, BinaryReader in) {
    int at = in.position();
    String name = in.readString();
    try {
      return Enum.valueOf(type, name);
    } catch (IllegalArgumentException e) {
      CorruptDataException corrupt =
          new CorruptDataException("no " + type.getSimpleName() + " has that name", at);
      corrupt.initCause(e);
      throw corrupt;
    }
  }

  /**
   * Reads a source that was written by its code.
   *
   * @throws CorruptDataException when there is none of that code
   */
  static Source readSource(BinaryReader in) {
    int at = in.position();
    int code = in.readByte();
    try {
      return Source.ofCode(code);
    } catch (IllegalArgumentException e) {
      CorruptDataException corrupt = new CorruptDataException(e.getMessage(), at);
      corrupt.initCause(e);
      throw corrupt;
    }
  }

  /**
   * Reads a record of the contract that was written in Avro's single-object encoding behind its
   * length.
   *
   * @throws CorruptDataException when the bytes are not such a record
   */
  static <T> T readRecord(BinaryMessageDecoder<T> decoder, BinaryReader in) {
    int at = in.position();
    byte[] bytes = in.readBytes();
    try {
      return decoder.decode(bytes);
    } catch (IOException | RuntimeException e) {
      // Avro answers corrupt bytes with many kinds of unchecked exceptions beside its own.
      CorruptDataException corrupt =
          new CorruptDataException("a record cannot be read: " + e.getMessage(), at);
      corrupt.initCause(e);
      throw corrupt;
    }
  }

  /** What to throw when a version was read that this build does not know. */
  static CorruptDataException unknownVersion(int found, int version, String what, BinaryReader in) {
    return new CorruptDataException(
        "a "
            + what
            + " of version "
            + found
            + " cannot be read; this build reads version "
            + version,
        in.position());
  }

  /** Appends where something was read, its topic as text. */
  public static void write(Coordinates at, BinaryWriter out) {
    out.writeString(at.topic()).writeVarInt(at.partition()).writeZigZag(at.offset());
  }

  /** Reads what {@link #write(Coordinates, BinaryWriter)} appended. */
  public static Coordinates readCoordinates(BinaryReader in) {
    // There are a dozen topics, and states by the thousand that name them.
    return new Coordinates(in.readString().intern(), in.readVarInt(), in.readZigZag());
  }
}
