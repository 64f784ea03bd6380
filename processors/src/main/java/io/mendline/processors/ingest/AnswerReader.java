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
import java.util.function.UnaryOperator;
import org.apache.avro.specific.SpecificRecord;

/**
 * Reads what the executor and people answer: one record of the contract a message, Avro or JSON.
 * Its route is the route hash with which the id of the command or incident begins. What people and
 * executors write is redacted and cut, as it is kept in incidents and told to others.
 */
final class AnswerReader<T extends SpecificRecord> implements MessageReader {
  /** Ids of ours have at most 42 characters; what is much longer is none. */
  private static final int LONGEST_ID = 200;

  private static final FreeText TEXTS = new FreeText(Redactor.standard());

  private final RecordFormat<T> format;
  private final UnaryOperator<T> cleaned;
  private final Function<T, String> id;
  private final Function<T, Instant> at;
  private final Function<T, Payload> payload;

  private AnswerReader(
      Class<T> type,
      UnaryOperator<T> cleaned,
      Function<T, String> id,
      Function<T, Instant> at,
      Function<T, Payload> payload) {
    this.format = new DetectingFormat<>(new AvroSingleObject<>(type), new AvroJson<>(type));
    this.cleaned = cleaned;
    this.id = id;
    this.at = at;
    this.payload = payload;
  }

  static Map<Source, MessageReader> all() {
    return Map.of(
        Source.OUTCOMES,
        new AnswerReader<>(
            Outcome.class,
            AnswerReader::cleaned,
            Outcome::getCommandId,
            Outcome::getAt,
            Payload.Reported::new),
        Source.APPROVALS,
        new AnswerReader<>(
            Approval.class,
            AnswerReader::cleaned,
            Approval::getCommandId,
            Approval::getAt,
            Payload.Decided::new),
        Source.OPERATIONS,
        new AnswerReader<>(
            Operation.class,
            AnswerReader::cleaned,
            Operation::getIncidentId,
            Operation::getAt,
            Payload.Operated::new));
  }

  @Override
  public void read(RawMessage message, long receivedAt, Sink sink) {
    T record;
    try {
      if (message.value() == null) {
        throw new RecordFormatException("the message is empty");
      }
      record = cleaned.apply(format.read(message.value()));
    } catch (RecordFormatException e) {
      sink.refuse(WHOLE, "decode", e.getMessage());
      return;
    }
    String routed = id.apply(record);
    if (!Routes.isId(routed) || routed.length() > LONGEST_ID) {
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

  private static Outcome cleaned(Outcome outcome) {
    return Outcome.newBuilder(outcome)
        .setDetail(TEXTS.line(outcome.getDetail()))
        .setExternalRef(TEXTS.line(outcome.getExternalRef()))
        .setActor(name(outcome.getActor()))
        .build();
  }

  private static Approval cleaned(Approval approval) {
    return Approval.newBuilder(approval)
        .setBy(name(approval.getBy()))
        .setComment(TEXTS.line(approval.getComment()))
        .build();
  }

  private static Operation cleaned(Operation operation) {
    return Operation.newBuilder(operation)
        .setId(name(operation.getId()))
        .setBy(name(operation.getBy()))
        .setComment(TEXTS.line(operation.getComment()))
        .setVerdict(operation.getVerdict() == null ? null : cleaned(operation.getVerdict()))
        .build();
  }

  private static Verdict cleaned(Verdict verdict) {
    return Verdict.newBuilder(verdict)
        .setActualCause(TEXTS.line(verdict.getActualCause()))
        .setFix(TEXTS.line(verdict.getFix()))
        .build();
  }

  private static String name(String text) {
    String line = TEXTS.line(text);
    return line == null ? "" : line;
  }

  private static String cut(String text) {
    return text == null || text.length() <= 80 ? text : text.substring(0, 80);
  }
}
