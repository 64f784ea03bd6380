package io.mendline.processors.pipeline;

import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;

/**
 * The binary form of an {@link Entry}: version, deadline, outbox, then the detector's state in its
 * own codec.
 *
 * @param <S> the detector's state
 */
public final class EntryCodec<S> implements StateCodec<Entry<S>> {
  private static final int VERSION = 1;

  private final StateCodec<S> state;

  /** For entries that hold states of this codec. */
  public EntryCodec(StateCodec<S> state) {
    this.state = state;
  }

  @Override
  public void write(Entry<S> entry, BinaryWriter out) {
    out.writeByte(VERSION);
    out.writeFixed64(entry.wakeAt());
    out.writeVarLong(entry.commit());
    out.writeList(entry.outbox(), (writer, output) -> OutputCodec.write(output, writer));
    state.write(entry.state(), out);
  }

  @Override
  public Entry<S> read(BinaryReader in) {
    Codecs.requireVersion(in, VERSION, "state entry");
    long wakeAt = in.readFixed64();
    long commit = in.readVarLong();
    var outbox = in.readList(OutputCodec::read);
    return new Entry<>(state.read(in), wakeAt, outbox, commit);
  }
}
