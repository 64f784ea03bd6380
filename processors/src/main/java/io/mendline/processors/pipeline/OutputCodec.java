package io.mendline.processors.pipeline;

import io.mendline.schemas.Alert;
import io.mendline.schemas.AuditEntry;
import io.mendline.schemas.Command;
import io.mendline.schemas.Finding;
import io.mendline.schemas.Incident;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import io.mendline.serdes.binary.CorruptDataException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/**
 * The binary form of an {@link Output} that waits in an outbox: a number for its kind, its route,
 * and the record as it will leave, in Avro's single-object encoding.
 */
final class OutputCodec {
  private static final int FOUND = 1;
  private static final int SETTLED = 2;
  private static final int TRACKED = 3;
  private static final int TOLD = 4;
  private static final int NOTED = 5;
  private static final int ASKED = 6;
  private static final int COMMANDED = 7;
  private static final int FORGOT = 8;
  private static final int TRIED = 9;
  private static final int METERED = 10;

  private OutputCodec() {}

  static void write(Output output, BinaryWriter out) {
    try {
      if (output instanceof Output.Found found) {
        head(out, FOUND, found.route()).writeBytes(bytes(found.finding().toByteBuffer()));
      } else if (output instanceof Output.Settled settled) {
        head(out, SETTLED, settled.route())
            .writeFixed64(settled.at())
            .writeVarInt(settled.sources())
            .writeBytes(bytes(settled.finding().toByteBuffer()));
      } else if (output instanceof Output.Tried tried) {
        head(out, TRIED, tried.route())
            .writeFixed64(tried.at())
            .writeVarInt(tried.sources())
            .writeString(tried.cause())
            .writeString(tried.findingId())
            .writeBoolean(tried.worked());
      } else if (output instanceof Output.Metered metered) {
        head(out, METERED, metered.route())
            .writeString(metered.service())
            .writeString(metered.scope())
            .writeFixed64(metered.at())
            .writeVarInt(metered.sources())
            .writeVarLong(metered.length())
            .writeVarLong(metered.promptTokens())
            .writeVarLong(metered.cachedTokens());
      } else if (output instanceof Output.Tracked tracked) {
        head(out, TRACKED, tracked.route()).writeBytes(bytes(tracked.incident().toByteBuffer()));
      } else if (output instanceof Output.Forgot forgot) {
        head(out, FORGOT, forgot.route()).writeString(forgot.incidentId());
      } else if (output instanceof Output.Told told) {
        head(out, TOLD, told.route()).writeBytes(bytes(told.alert().toByteBuffer()));
      } else if (output instanceof Output.Noted noted) {
        head(out, NOTED, noted.route()).writeBytes(bytes(noted.entry().toByteBuffer()));
      } else if (output instanceof Output.Asked asked) {
        RequestCodec.write(asked.request(), head(out, ASKED, asked.route()));
      } else if (output instanceof Output.Commanded commanded) {
        head(out, COMMANDED, commanded.route())
            .writeBytes(bytes(commanded.command().toByteBuffer()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("a record that was built cannot be encoded", e);
    }
  }

  static Output read(BinaryReader in) {
    int kind = in.readByte();
    String route = in.readString();
    return switch (kind) {
      case FOUND -> new Output.Found(route, Codecs.readRecord(Finding.getDecoder(), in));
      case SETTLED ->
          new Output.Settled(
              route,
              in.readFixed64(),
              in.readVarInt(),
              Codecs.readRecord(Finding.getDecoder(), in));
      case TRIED ->
          new Output.Tried(
              route,
              in.readFixed64(),
              in.readVarInt(),
              in.readString(),
              in.readString(),
              in.readBoolean());
      case METERED ->
          new Output.Metered(
              route,
              in.readString(),
              in.readString(),
              in.readFixed64(),
              in.readVarInt(),
              in.readVarLong(),
              in.readVarLong(),
              in.readVarLong());
      case TRACKED -> new Output.Tracked(route, Codecs.readRecord(Incident.getDecoder(), in));
      case TOLD -> new Output.Told(route, Codecs.readRecord(Alert.getDecoder(), in));
      case NOTED -> new Output.Noted(route, Codecs.readRecord(AuditEntry.getDecoder(), in));
      case ASKED -> new Output.Asked(route, RequestCodec.read(in));
      case FORGOT -> new Output.Forgot(route, in.readString());
      case COMMANDED -> new Output.Commanded(route, Codecs.readRecord(Command.getDecoder(), in));
      default -> throw new CorruptDataException("no output has the kind " + kind, in.position());
    };
  }

  private static BinaryWriter head(BinaryWriter out, int kind, String route) {
    return out.writeByte(kind).writeString(route);
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }
}
