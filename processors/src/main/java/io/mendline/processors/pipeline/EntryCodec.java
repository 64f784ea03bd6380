package io.mendline.processors.pipeline;

import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import java.util.List;

/**
 * The binary form of an {@link Entry}: version, deadline, outbox, then the detector's state in its
 * own codec. What is left of a key that is gone has a form of its own, without the state.
 *
 * @param <S> the detector's state
 */
public final class EntryCodec<S> implements StateCodec<Entry<S>> {
  private static final int VERSION = 1;
  private static final int GONE = 2;

  private final StateCodec<S> state;

  /** For entries that hold states of this codec. */
  public EntryCodec(StateCodec<S> state) {
    this.state = state;
  }

  @Override
  public void write(Entry<S> entry, BinaryWriter out) {
    if (entry.state() == null) {
      writeOutbox(entry, out.writeByte(GONE));
      return;
    }
    out.writeByte(VERSION).writeFixed64(entry.wakeAt());
    writeOutbox(entry, out);
    state.write(entry.state(), out);
  }

  @Override
  public Entry<S> read(BinaryReader in) {
    int form = in.readByte();
    return switch (form) {
      case VERSION -> {
        long wakeAt = in.readFixed64();
        long commit = in.readVarLong();
        List<Output> outbox = in.readList(OutputCodec::read);
        yield new Entry<>(state.read(in), wakeAt, outbox, commit);
      }
      case GONE -> {
        long commit = in.readVarLong();
        yield Entry.gone(in.readList(OutputCodec::read), commit);
      }
      default -> throw Codecs.unknownVersion(form, VERSION, "state entry", in);
    };
  }

  private static void writeOutbox(Entry<?> entry, BinaryWriter out) {
    out.writeVarLong(entry.commit());
    out.writeList(entry.outbox(), (writer, output) -> OutputCodec.write(output, writer));
  }
}
