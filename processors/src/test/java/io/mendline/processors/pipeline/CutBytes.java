package io.mendline.processors.pipeline;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import io.mendline.serdes.binary.CorruptDataException;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Function;

/** Holds codecs to refusing bytes that end early, wherever they are cut. */
public final class CutBytes {
  private CutBytes() {}

  /** Every beginning of a state's bytes is refused. */
  public static <S> void areRefused(StateCodec<S> codec, S state) {
    areRefused(out -> codec.write(state, out), codec::read);
  }

  /** Every beginning of what {@code write} appends is refused by {@code read}. */
  public static void areRefused(Consumer<BinaryWriter> write, Function<BinaryReader, ?> read) {
    BinaryWriter out = new BinaryWriter();
    write.accept(out);
    byte[] whole = out.toByteArray();
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> read.apply(new BinaryReader(cut)))
          .as("%d of %d bytes", length, whole.length)
          .isInstanceOf(CorruptDataException.class);
    }
  }
}
