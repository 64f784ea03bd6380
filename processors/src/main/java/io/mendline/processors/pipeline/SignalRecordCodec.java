package io.mendline.processors.pipeline;

import io.mendline.schemas.Approval;
import io.mendline.schemas.Operation;
import io.mendline.schemas.Outcome;
import io.mendline.schemas.ResourceType;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import io.mendline.serdes.binary.CorruptDataException;
import io.mendline.serdes.telemetry.TelemetryCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The binary form of a {@link SignalRecord}, the value of the {@code signals} topic. A batch names
 * its source and coordinates once, as its signals come from one message.
 */
public final class SignalRecordCodec {
  private static final int VERSION = 1;
  private static final int BATCH = 1;
  private static final int WATERMARK = 2;
  private static final int NAMED = 3;

  private static final int OBSERVED = 1;
  private static final int REPORTED = 2;
  private static final int DECIDED = 3;
  private static final int OPERATED = 4;

  /** A type's number is its place in this list; new ones go to the end. */
  private static final List<ResourceType> TYPES =
      List.of(
          ResourceType.SENTINEL_RULE,
          ResourceType.SENTINEL_CONNECTOR,
          ResourceType.SENTINEL_AUTOMATION,
          ResourceType.SENTINEL_PLAYBOOK,
          ResourceType.SENTINEL_WORKSPACE,
          ResourceType.DATABRICKS_JOB,
          ResourceType.DATABRICKS_PIPELINE,
          ResourceType.DATABRICKS_WORKSPACE,
          ResourceType.DATASET_PARTITION,
          ResourceType.CACHE_SCOPE,
          ResourceType.NODE_POOL,
          ResourceType.METRIC,
          ResourceType.UNKNOWN);

  private SignalRecordCodec() {}

  /** Appends a record. */
  public static void write(SignalRecord record, BinaryWriter out) {
    out.writeByte(VERSION);
    if (record instanceof SignalRecord.Batch batch) {
      writeBatch(batch, out.writeByte(BATCH));
    } else if (record instanceof SignalRecord.Watermark watermark) {
      writeWatermark(watermark, out.writeByte(WATERMARK));
    } else if (record instanceof SignalRecord.Named named) {
      out.writeByte(NAMED)
          .writeString(named.path())
          .writeString(named.workspace())
          .writeFixed64(named.since());
    }
  }

  /**
   * Reads what {@link #write} appended.
   *
   * @throws CorruptDataException when the bytes are not such a record
   */
  public static SignalRecord read(BinaryReader in) {
    Codecs.requireVersion(in, VERSION, "signal record");
    int kind = in.readByte();
    return switch (kind) {
      case BATCH -> readBatch(in);
      case WATERMARK -> readWatermark(in);
      case NAMED -> new SignalRecord.Named(in.readString(), in.readString(), in.readFixed64());
      default ->
          throw new CorruptDataException("no signal record has the kind " + kind, in.position());
    };
  }

  /**
   * Reads all that was appended, one record behind the other.
   *
   * @throws CorruptDataException when the bytes are not such records
   */
  public static List<SignalRecord> readAll(BinaryReader in) {
    List<SignalRecord> records = new ArrayList<>();
    do {
      records.add(read(in));
    } while (in.remaining() > 0);
    return records;
  }

  private static void writeBatch(SignalRecord.Batch batch, BinaryWriter out) {
    Signal first = batch.signals().get(0);
    out.writeZigZag(batch.partition());
    out.writeByte(first.source().code());
    out.writeString(first.at().topic());
    out.writeVarInt(first.at().partition());
    out.writeVarLong(first.at().offset());
    out.writeVarInt(batch.signals().size());
    for (Signal signal : batch.signals()) {
      out.writeString(signal.route());
      writeSubject(signal.subject(), out);
      out.writeFixed64(signal.eventTime());
      out.writeFixed64(signal.contentId());
      writePayload(signal.payload(), out);
    }
  }

  private static SignalRecord.Batch readBatch(BinaryReader in) {
    int partition = (int) in.readZigZag();
    Source source = Codecs.readSource(in);
    // There are few topics, and states hold the coordinates of many signals.
    Coordinates at = new Coordinates(in.readString().intern(), in.readVarInt(), in.readVarLong());
    int count = in.readVarInt();
    List<Signal> signals = new ArrayList<>(Math.min(count, 1_024));
    for (int i = 0; i < count; i++) {
      String route = in.readString();
      Subject subject = readSubject(in);
      long eventTime = in.readFixed64();
      long contentId = in.readFixed64();
      signals.add(new Signal(source, route, subject, eventTime, contentId, at, readPayload(in)));
    }
    return new SignalRecord.Batch(partition, signals);
  }

  private static void writeSubject(Subject subject, BinaryWriter out) {
    out.writeBoolean(subject != null);
    if (subject != null) {
      out.writeByte(TYPES.indexOf(subject.type()));
      out.writeString(subject.id());
      out.writeNullableString(subject.name());
      out.writeNullableString(subject.workspace());
      out.writeNullableString(subject.tenant());
    }
  }

  private static Subject readSubject(BinaryReader in) {
    if (!in.readBoolean()) {
      return null;
    }
    int type = in.readByte();
    if (type >= TYPES.size()) {
      throw new CorruptDataException("no resource type has the number " + type, in.position());
    }
    return new Subject(
        TYPES.get(type),
        in.readString(),
        in.readNullableString(),
        in.readNullableString(),
        in.readNullableString());
  }

  private static void writePayload(Payload payload, BinaryWriter out) {
    try {
      if (payload instanceof Payload.Observed observed) {
        TelemetryCodec.encode(observed.record(), out.writeByte(OBSERVED));
      } else if (payload instanceof Payload.Reported reported) {
        out.writeByte(REPORTED).writeBytes(bytes(reported.outcome().toByteBuffer()));
      } else if (payload instanceof Payload.Decided decided) {
        out.writeByte(DECIDED).writeBytes(bytes(decided.approval().toByteBuffer()));
      } else if (payload instanceof Payload.Operated operated) {
        out.writeByte(OPERATED).writeBytes(bytes(operated.operation().toByteBuffer()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("a record that was read cannot be encoded", e);
    }
  }

  private static Payload readPayload(BinaryReader in) {
    int kind = in.readByte();
    return switch (kind) {
      case OBSERVED -> new Payload.Observed(TelemetryCodec.decode(in));
      case REPORTED -> new Payload.Reported(Codecs.readRecord(Outcome.getDecoder(), in));
      case DECIDED -> new Payload.Decided(Codecs.readRecord(Approval.getDecoder(), in));
      case OPERATED -> new Payload.Operated(Codecs.readRecord(Operation.getDecoder(), in));
      default -> throw new CorruptDataException("no payload has the kind " + kind, in.position());
    };
  }

  private static void writeWatermark(SignalRecord.Watermark watermark, BinaryWriter out) {
    out.writeByte(watermark.source().code());
    out.writeVarInt(watermark.inputPartition());
    out.writeVarInt(watermark.inputPartitionCount());
    out.writeFixed64(watermark.newestEvent());
    out.writeFixed64(watermark.watermark());
    out.writeBoolean(watermark.idle());
  }

  private static SignalRecord.Watermark readWatermark(BinaryReader in) {
    return new SignalRecord.Watermark(
        Codecs.readSource(in),
        in.readVarInt(),
        in.readVarInt(),
        in.readFixed64(),
        in.readFixed64(),
        in.readBoolean());
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }
}
