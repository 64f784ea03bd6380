package io.mendline.processors.pipeline;

import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.CorruptDataException;

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
      throw new CorruptDataException(
          "a "
              + what
              + " of version "
              + found
              + " cannot be read; this build reads version "
              + version,
          in.position());
    }
  }
}
