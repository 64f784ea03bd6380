package io.mendline.processors.pipeline;

import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;

/**
 * The compact binary form of a state. Hand-written and versioned: a codec writes its version first
 * and reads every version it ever wrote.
 *
 * @param <S> the state
 */
public interface StateCodec<S> {
  /** Appends the state. */
  void write(S state, BinaryWriter out);

  /**
   * Reads what {@link #write} appended.
   *
   * @throws io.mendline.serdes.binary.CorruptDataException when the bytes are not such a state
   */
  S read(BinaryReader in);
}
