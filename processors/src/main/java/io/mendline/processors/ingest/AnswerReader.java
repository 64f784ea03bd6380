package io.mendline.processors.ingest;

import io.mendline.processors.pipeline.Payload;
import io.mendline.processors.pipeline.Routes;
import io.mendline.processors.pipeline.Signal;
import io.mendline.processors.pipeline.Source;
import io.mendline.schemas.Approval;
import io.mendline.schemas.Operation;
import io.mendline.schemas.Outcome;
import io.mendline.schemas.Verdict;
import io.mendline.serdes.DetectingFormat;
import io.mendline.serdes.RecordFormat;
import io.mendline.serdes.RecordFormatException;
import io.mendline.serdes.avro.AvroSingleObject;
import io.mendline.serdes.binary.Hash64;
import io.mendline.serdes.json.AvroJson;
import io.mendline.serdes.text.FreeText;
import io.mendline.serdes.text.Redactor;
import java.time.Instant;
import java.util.Map;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;

/**
 * Reads what the executor and people answer: one record of the contract a message, Avro or JSON.
 * Its route is the route hash with which the id of the command or incident begins.
 *
 * <p>The free texts in it are redacted and cut as those of telemetry are: they are told again in
 * incidents and alerts, many of one incident together, and a record that a broker refuses would
 * stop the task.
 */
final class AnswerReader<T extends SpecificRecord> implements MessageReader {
  private static final FreeText TEXTS = new FreeText(Redactor.standard());

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
            Outcome.class,
            Outcome::getCommandId,
            Outcome::getAt,
            outcome -> new Payload.Reported(cleaned(outcome))),
        Source.APPROVALS,
        new AnswerReader<>(
            Approval.class,
            Approval::getCommandId,
            Approval::getAt,
            approval -> new Payload.Decided(cleaned(approval))),
        Source.OPERATIONS,
        new AnswerReader<>(
            Operation.class,
            Operation::getIncidentId,
            Operation::getAt,
            operation -> new Payload.Operated(cleaned(operation))));
  }

  private static Outcome cleaned(Outcome outcome) {
    return Outcome.newBuilder(outcome)
        .setDetail(TEXTS.line(outcome.getDetail()))
        .setExternalRef(TEXTS.line(outcome.getExternalRef()))
        .setActor(required(outcome.getActor()))
        .build();
  }

  private static Approval cleaned(Approval approval) {
    return Approval.newBuilder(approval)
        .setBy(required(approval.getBy()))
        .setComment(TEXTS.line(approval.getComment()))
        .build();
  }

  private static Operation cleaned(Operation operation) {
    Verdict verdict = operation.getVerdict();
    return Operation.newBuilder(operation)
        .setId(required(operation.getId()))
        .setBy(required(operation.getBy()))
        .setComment(TEXTS.line(operation.getComment()))
        .setVerdict(
            verdict == null
                ? null
                : Verdict.newBuilder(verdict)
                    .setActualCause(TEXTS.line(verdict.getActualCause()))
                    .setFix(TEXTS.line(verdict.getFix()))
                    .build())
        .build();
  }

  /** A text that a record must have, if only a blank one. */
  private static String required(String text) {
    String cleaned = TEXTS.line(text);
    return cleaned == null ? "" : cleaned;
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
