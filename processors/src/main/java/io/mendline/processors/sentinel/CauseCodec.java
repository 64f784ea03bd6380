package io.mendline.processors.sentinel;

import io.mendline.processors.pipeline.Codecs;
import io.mendline.schemas.Confidence;
import io.mendline.schemas.Transience;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;

/** The binary form of a cause, as it stands in the tables of this package's states. */
final class CauseCodec {
  private CauseCodec() {}

  static void write(BinaryWriter to, Cause cause) {
    to.writeString(cause.key())
        .writeString(cause.category())
        .writeString(cause.transience().name())
        .writeString(cause.title())
        .writeNullableString(cause.hint())
        .writeString(cause.confidence().name());
  }

  static Cause read(BinaryReader from) {
    return new Cause(
        from.readString(),
        from.readString(),
        Codecs.readNamed(Transience.class, from),
        from.readString(),
        from.readNullableString(),
        Codecs.readNamed(Confidence.class, from));
  }
}
