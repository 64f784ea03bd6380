package io.mendline.topology.errors;

import io.mendline.processors.ingest.DeadLetter;
import io.mendline.processors.ingest.RawMessage;
import io.mendline.processors.kafka.CorruptStateException;
import io.mendline.processors.kafka.DeadLetterHeaders;
import io.mendline.processors.kafka.Observer;
import io.mendline.processors.kafka.UnwrittenStateException;
import io.mendline.processors.pipeline.Coordinates;
import io.mendline.serdes.text.FreeText;
import io.mendline.serdes.text.Redactor;
import io.mendline.topology.logs.RedactedThrowable;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.errors.ProductionExceptionHandler;
import org.apache.kafka.streams.processor.api.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of a record that makes trouble. If the trouble lies in the record, it is written to
 * the dead letters with all that is known, and the stream goes on. If it lies in Kafka, its
 * transport, the disk or the state, skipping the record would lose it for nothing, and the thread
 * ends; see {@link Failures}.
 *
 * <table>
 *   <caption>Which is which</caption>
 *   <tr><td>a record of an internal topic that cannot be decoded</td><td>letter, stage decode</td></tr>
 *   <tr><td>an exception of a detector or any other part of ours</td><td>letter, stage process</td></tr>
 *   <tr><td>an output that cannot be written as bytes, or is too large</td><td>letter, stage produce</td></tr>
 *   <tr><td>an output that a broker refuses for now</td><td>another try from the last commit</td></tr>
 *   <tr><td>anything of Kafka's own, input/output, state that cannot be read</td><td>the thread ends</td></tr>
 * </table>
 *
 * <p>Under exactly-once the letter is part of the transaction of the record. Kafka Streams makes an
 * instance for each thread and each purpose.
 */
public final class DeadLetterHandler
    implements DeserializationExceptionHandler,
        ProcessingExceptionHandler,
        ProductionExceptionHandler {
  /** The configuration that names the topic of the dead letters. */
  public static final String TOPIC = "mendline.dead.letters";

  /** The configuration that holds an {@link Observer} to tell; may be missing. */
  public static final String OBSERVER = "mendline.observer";

  private static final Logger LOG = LoggerFactory.getLogger(DeadLetterHandler.class);
  private static final FreeText TEXTS = new FreeText(Redactor.standard());

  /** A deadline that fails is met again with every look at the clock; one letter tells of it. */
  private static final long BETWEEN_LETTERS_WITHOUT_RECORD_MILLIS = 60_000;

  private final Map<String, Long> toldWithoutRecord = new ConcurrentHashMap<>();
  private String letters;
  private String application;
  private Observer observer = Observer.NONE;

  @Override
  public void configure(Map<String, ?> configs) {
    letters = String.valueOf(configs.get(TOPIC));
    application = String.valueOf(configs.get(StreamsConfig.APPLICATION_ID_CONFIG));
    if (configs.get(OBSERVER) instanceof Observer given) {
      observer = given;
    }
  }

  @Override
  public DeserializationExceptionHandler.Response handleError(
      ErrorHandlerContext context, ConsumerRecord<byte[], byte[]> record, Exception problem) {
    RawMessage message =
        new RawMessage(
            null,
            new Coordinates(record.topic(), record.partition(), record.offset()),
            record.timestamp(),
            record.key(),
            record.value());
    return DeserializationExceptionHandler.Response.resume(
        List.of(letter(context, message, "decode", problem)));
  }

  @Override
  public ProcessingExceptionHandler.Response handleError(
      ErrorHandlerContext context, Record<?, ?> record, Exception problem) {
    if (isNotOfTheRecord(problem)) {
      return ProcessingExceptionHandler.Response.fail();
    }
    LOG.warn(
        "{} at {} failed", context.processorNodeId(), at(context), RedactedThrowable.of(problem));
    if (context.topic() == null && toldLately(context.processorNodeId())) {
      return ProcessingExceptionHandler.Response.resume();
    }
    return ProcessingExceptionHandler.Response.resume(
        List.of(letter(context, source(context), "process", problem)));
  }

  @Override
  public ProductionExceptionHandler.Response handleError(
      ErrorHandlerContext context, ProducerRecord<byte[], byte[]> record, Exception problem) {
    if (problem instanceof RetriableException) {
      return ProductionExceptionHandler.Response.retry();
    }
    boolean ofTheRecord =
        problem instanceof RecordTooLargeException
            || problem instanceof InvalidRecordException
            || problem instanceof InvalidTimestampException;
    // Without its changelog a state would be another after the next restart; and a dead letter that
    // cannot be written has nowhere to go.
    if (!ofTheRecord || record.topic().equals(letters) || record.topic().endsWith("-changelog")) {
      return ProductionExceptionHandler.Response.fail();
    }
    RawMessage message =
        new RawMessage(
            null,
            new Coordinates(
                record.topic(), record.partition() == null ? -1 : record.partition(), -1),
            record.timestamp() == null ? -1 : record.timestamp(),
            record.key(),
            record.value());
    return ProductionExceptionHandler.Response.resume(
        List.of(letter(context, message, "produce", problem)));
  }

  @Override
  @SuppressWarnings("rawtypes")
  public ProductionExceptionHandler.Response handleSerializationError(
      ErrorHandlerContext context,
      ProducerRecord record,
      Exception problem,
      SerializationExceptionOrigin origin) {
    if (letters.equals(record.topic())) {
      return ProductionExceptionHandler.Response.fail();
    }
    // There are no bytes of the output, so the letter carries the record that it came of.
    return ProductionExceptionHandler.Response.resume(
        List.of(letter(context, source(context), "produce", problem)));
  }

  private ProducerRecord<byte[], byte[]> letter(
      ErrorHandlerContext context, RawMessage message, String stage, Exception problem) {
    Throwable root = root(problem);
    DeadLetter letter = new DeadLetter(message, stage, error(root), List.of());
    observer.refused(letter);
    Headers headers = DeadLetterHeaders.of(letter);
    DeadLetterHeaders.add(
        headers, DeadLetterHeaders.INTERNAL, isInternal(message.at().topic()) ? "true" : null);
    DeadLetterHeaders.add(headers, DeadLetterHeaders.EXCEPTION, root.getClass().getName());
    DeadLetterHeaders.add(headers, DeadLetterHeaders.NODE, context.processorNodeId());
    DeadLetterHeaders.add(
        headers,
        DeadLetterHeaders.TASK,
        context.taskId() == null ? null : context.taskId().toString());
    Long time = message.transportTime() < 0 ? null : message.transportTime();
    return new ProducerRecord<>(letters, null, time, letter.key(), letter.value(), headers);
  }

  private static RawMessage source(ErrorHandlerContext context) {
    return new RawMessage(
        null,
        new Coordinates(context.topic(), context.partition(), context.offset()),
        context.topic() == null ? -1 : context.timestamp(),
        context.sourceRawKey(),
        context.sourceRawValue());
  }

  private boolean isInternal(String topic) {
    return topic != null
        && topic.startsWith(application + "-")
        && (topic.endsWith("-repartition") || topic.endsWith("-changelog"));
  }

  private boolean toldLately(String node) {
    long now = System.currentTimeMillis();
    Long before = toldWithoutRecord.get(node);
    if (before != null && now - before < BETWEEN_LETTERS_WITHOUT_RECORD_MILLIS) {
      return true;
    }
    toldWithoutRecord.put(node, now);
    return false;
  }

  /** Kafka's own trouble, the disk's or the state's: not the record's fault. */
  private static boolean isNotOfTheRecord(Throwable problem) {
    for (Throwable each = problem; each != null; each = each.getCause()) {
      if (each instanceof KafkaException
          || each instanceof CorruptStateException
          || each instanceof UnwrittenStateException
          || each instanceof UncheckedIOException
          || each instanceof Error) {
        return true;
      }
    }
    return false;
  }

  private static String error(Throwable root) {
    String message = root.getMessage();
    String line = TEXTS.line(message == null ? null : message.replaceAll("\\s+", " "));
    return line == null ? root.getClass().getSimpleName() : line;
  }

  private static Throwable root(Throwable problem) {
    Throwable root = problem;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  private static String at(ErrorHandlerContext context) {
    return context.topic() == null
        ? "a deadline"
        : context.topic() + "/" + context.partition() + "/" + context.offset();
  }
}
