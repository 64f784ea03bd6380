package io.mendline.processors.ingest;

import io.mendline.processors.pipeline.Payload;
import io.mendline.processors.pipeline.Routes;
import io.mendline.processors.pipeline.Signal;
import io.mendline.processors.pipeline.Source;
import io.mendline.schemas.Approval;
import io.mendline.schemas.Operation;
import io.mendline.schemas.Outcome;
import io.mendline.serdes.DetectingFormat;
import io.mendline.serdes.RecordFormat;
import io.mendline.serdes.RecordFormatException;
import io.mendline.serdes.avro.AvroSingleObject;
import io.mendline.serdes.binary.Hash64;
import io.mendline.serdes.json.AvroJson;
import java.time.Instant;
import java.util.Map;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;

/**
 * Reads what the executor and people answer: one record of the contract a message, Avro or JSON.
 * Its route is the route hash with which the id of the command or incident begins.
 */
final class AnswerReader<T extends SpecificRecord> implements MessageReader {
  private final RecordFormat<T> format;
  private final Function<T, String> id;
  private final Function<T, Instant> at;
  private final Function<T, Payload> payload;

  private AnswerReader(
      Class<T> type,
      Function<T, String> id,
      Function<T, Instant> at,
      Function<T, Payload> payload) {
    this.format = new DetectingFormat<>(new AvroSingleObject<>(type), new AvroJson<>(type));
    this.id = id;
    this.at = at;
    this.payload = payload;
  }

  static Map<Source, MessageReader> all() {
    return Map.of(
        Source.OUTCOMES,
        new AnswerReader<>(
            Outcome.class, Outcome::getCommandId, Outcome::getAt, Payload.Reported::new),
        Source.APPROVALS,
        new AnswerReader<>(
            Approval.class, Approval::getCommandId, Approval::getAt, Payload.Decided::new),
        Source.OPERATIONS,
        new AnswerReader<>(
            Operation.class, Operation::getIncidentId, Operation::getAt, Payload.Operated::new));
  }

  @Override
  public void read(RawMessage message, Sink sink) {
    T record;
    try {
      if (message.value() == null) {
        throw new RecordFormatException("the message is empty");
      }
      record = format.read(message.value());
    } catch (RecordFormatException e) {
      sink.refuse(WHOLE, "decode", e.getMessage());
      return;
    }
    String routed = id.apply(record);
    if (!Routes.isId(routed)) {
      sink.refuse(WHOLE, "route", "\"" + cut(routed) + "\" is no id of a command or incident");
      return;
    }
    sink.signal(
        0,
        new Signal(
            message.source(),
            routed.substring(0, Routes.HASH_LENGTH),
            null,
            at.apply(record).toEpochMilli(),
            Hash64.xxHash64(message.value()),
            message.at(),
            payload.apply(record)));
  }

  private static String cut(String text) {
    return text == null || text.length() <= 80 ? text : text.substring(0, 80);
  }
}
