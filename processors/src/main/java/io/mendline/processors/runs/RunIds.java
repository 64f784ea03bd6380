package io.mendline.processors.runs;

import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import io.mendline.serdes.binary.CorruptDataException;

/**
 * The binary form of run ids: mostly they are numbers of fifteen digits, which take eight bytes as
 * such. A job's states hold a hundred of them.
 */
final class RunIds {
  private static final int NONE = 0;
  private static final int TEXT = 1;
  private static final int FIRST_NUMBER = 2;

  /** Longer ones may be too great for a long. */
  private static final int MOST_DIGITS = 18;

  private RunIds() {}

  /** Writes an id, or null. */
  static void write(String id, BinaryWriter to) {
    if (id == null) {
      to.writeVarInt(NONE);
      return;
    }
    long number = number(id);
    if (number < 0) {
      to.writeVarInt(TEXT).writeString(id);
    } else {
      to.writeVarLong(number + FIRST_NUMBER);
    }
  }

  /** Reads what {@link #write} wrote. */
  static String read(BinaryReader from) {
    int at = from.position();
    long written = from.readVarLong();
    if (written < 0) {
      throw new CorruptDataException("no run has the number " + written, at);
    }
    if (written == NONE) {
      return null;
    }
    return written == TEXT ? from.readString() : Long.toString(written - FIRST_NUMBER);
  }

  /** Tells runs apart in eight bytes. */
  static long hash(String id) {
    return new BinaryWriter(24).writeString(id).hashFrom(0);
  }

  /** What an id is as a number, if that is written as the id is; else -1. */
  private static long number(String id) {
    int length = id.length();
    if (length == 0 || length > MOST_DIGITS || (length > 1 && id.charAt(0) == '0')) {
      return -1;
    }
    long number = 0;
    for (int i = 0; i < length; i++) {
      int digit = id.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      number = 10 * number + digit;
    }
    return number;
  }
}
