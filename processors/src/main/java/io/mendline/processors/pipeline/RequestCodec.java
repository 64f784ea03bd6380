package io.mendline.processors.pipeline;

import io.mendline.schemas.Alert;
import io.mendline.schemas.Command;
import io.mendline.schemas.Decision;
import io.mendline.schemas.OutcomeStatus;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import io.mendline.serdes.binary.CorruptDataException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/** The binary form of a {@link Request}, the value of the {@code command-requests} topic. */
public final class RequestCodec {
  private static final int VERSION = 2;
  private static final int RELEASE = 1;
  private static final int DECIDE = 2;
  private static final int REPORT = 3;
  private static final int WITHDRAW = 4;
  private static final int TELL = 5;

  private RequestCodec() {}

  /** Appends a request. */
  public static void write(Request request, BinaryWriter out) {
    out.writeByte(VERSION);
    if (request instanceof Request.Release release) {
      head(out, RELEASE, release);
      writeCommand(release.command(), out);
      out.writeNullableString(release.owner()).writeNullableString(release.escalateTo());
    } else if (request instanceof Request.Decide decide) {
      head(out, DECIDE, decide)
          .writeString(decide.decision().name())
          .writeString(decide.by())
          .writeNullableString(decide.comment());
    } else if (request instanceof Request.Report report) {
      head(out, REPORT, report)
          .writeString(report.status().name())
          .writeNullableString(report.externalRef());
    } else if (request instanceof Request.Withdraw withdraw) {
      head(out, WITHDRAW, withdraw).writeString(withdraw.why());
    } else if (request instanceof Request.Tell tell) {
      head(out, TELL, tell);
      writeAlert(tell.alert(), out);
      out.writeFixed64(tell.windowStart()).writeFixed64(tell.windowEnd());
    }
  }

  /**
   * Reads what {@link #write} appended.
   *
   * @throws CorruptDataException when the bytes are not a request
   */
  public static Request read(BinaryReader in) {
    Codecs.requireVersion(in, VERSION, "request");
    int kind = in.readByte();
    String id = in.readString();
    long at = in.readFixed64();
    return switch (kind) {
      case RELEASE ->
          new Request.Release(
              id, at, readCommand(in), in.readNullableString(), in.readNullableString());
      case DECIDE ->
          new Request.Decide(
              id,
              at,
              Codecs.readNamed(Decision.class, in),
              in.readString(),
              in.readNullableString());
      case REPORT ->
          new Request.Report(
              id, at, Codecs.readNamed(OutcomeStatus.class, in), in.readNullableString());
      case WITHDRAW -> new Request.Withdraw(id, at, in.readString());
      case TELL -> new Request.Tell(id, at, readAlert(in), in.readFixed64(), in.readFixed64());
      default -> throw new CorruptDataException("no request has the kind " + kind, in.position());
    };
  }

  private static BinaryWriter head(BinaryWriter out, int kind, Request request) {
    return out.writeByte(kind).writeString(request.id()).writeFixed64(request.at());
  }

  /** Appends a command as it leaves, in Avro's single-object encoding. */
  public static void writeCommand(Command command, BinaryWriter out) {
    try {
      write(command.toByteBuffer(), out);
    } catch (IOException e) {
      throw new UncheckedIOException("a command that was built cannot be encoded", e);
    }
  }

  /** Appends an alert, in the same way. */
  public static void writeAlert(Alert alert, BinaryWriter out) {
    try {
      write(alert.toByteBuffer(), out);
    } catch (IOException e) {
      throw new UncheckedIOException("an alert that was built cannot be encoded", e);
    }
  }

  private static void write(ByteBuffer buffer, BinaryWriter out) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    out.writeBytes(bytes);
  }

  /**
   * Reads what {@link #writeCommand} appended.
   *
   * @throws CorruptDataException when the bytes are not a command
   */
  public static Command readCommand(BinaryReader in) {
    return Codecs.readRecord(Command.getDecoder(), in);
  }

  /**
   * Reads what {@link #writeAlert} appended.
   *
   * @throws CorruptDataException when the bytes are not an alert
   */
  public static Alert readAlert(BinaryReader in) {
    return Codecs.readRecord(Alert.getDecoder(), in);
  }
}
