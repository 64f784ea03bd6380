package io.mendline.processors.sentinel;

import io.mendline.processors.pipeline.Codecs;
import io.mendline.processors.pipeline.Presence;
import io.mendline.processors.pipeline.StateCodec;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;

/** The state of one workspace as a source: when it was heard, and up to when that is judged. */
public final class SourceSilence {
  /** When something of it arrived. */
  Presence presence = new Presence();

  /** The end of the last bin up to which it is judged, epoch milliseconds. */
  long heardUntil;

  /** How long a silence after that may last. */
  long allowed;

  /** Whether the silence after that has been told. */
  boolean told;

  /** When to look next, epoch milliseconds. */
  long lookAt;

  /** The binary form. */
  static final class Codec implements StateCodec<SourceSilence> {
    private static final int VERSION = 1;
    private static final StateCodec<Presence> PRESENCE = new Presence.Codec();

    @Override
    public void write(SourceSilence state, BinaryWriter out) {
      out.writeByte(VERSION)
          .writeFixed64(state.heardUntil)
          .writeVarLong(state.allowed)
          .writeBoolean(state.told)
          .writeFixed64(state.lookAt);
      PRESENCE.write(state.presence, out);
    }

    @Override
    public SourceSilence read(BinaryReader in) {
      Codecs.requireVersion(in, VERSION, "state of a source's silence");
      SourceSilence state = new SourceSilence();
      state.heardUntil = in.readFixed64();
      state.allowed = in.readVarLong();
      state.told = in.readBoolean();
      state.lookAt = in.readFixed64();
      state.presence = PRESENCE.read(in);
      return state;
    }
  }
}
