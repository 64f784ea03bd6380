package io.mendline.topology.errors;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.errors.ProductionExceptionHandler;
import org.apache.kafka.streams.errors.ProductionExceptionHandler.SerializationExceptionOrigin;
import org.apache.kafka.streams.errors.internals.DefaultErrorHandlerContext;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DeadLetterHandlerTest {
  private static final byte[] KEY = {1};
  private static final byte[] VALUE = "as received".getBytes(StandardCharsets.UTF_8);
  private static final int LIMIT = 900 * 1024;

  private final DeadLetterHandler handler = new DeadLetterHandler();

  @BeforeEach
  void configure() {
    handler.configure(
        Map.of(DeadLetterHandler.TOPIC, "dead-letters", "application.id", "mendline"));
  }

  @Test
  void what_cannot_be_decoded_goes_to_the_dead_letters_with_where_it_was_read() {
    var response =
        handler.handleError(
            context("mendline-signals-repartition"),
            new ConsumerRecord<>("mendline-signals-repartition", 3, 17, KEY, VALUE),
            new IllegalStateException("outer", new IllegalArgumentException("sig=abcdef123456")));

    assertThat(response.result()).isEqualTo(DeserializationExceptionHandler.Result.RESUME);
    ProducerRecord<byte[], byte[]> letter = only(response.deadLetterQueueRecords());
    assertThat(letter.topic()).isEqualTo("dead-letters");
    assertThat(letter.key()).isEqualTo(KEY);
    assertThat(letter.value()).isEqualTo(VALUE);
    assertThat(header(letter, "topic")).contains("mendline-signals-repartition");
    assertThat(header(letter, "partition")).contains("3");
    assertThat(header(letter, "offset")).contains("17");
    assertThat(header(letter, "stage")).contains("decode");
    assertThat(header(letter, "internal")).contains("true");
    assertThat(header(letter, "task")).contains("2_3");
    assertThat(header(letter, "node")).contains("runs");
    assertThat(header(letter, "exception")).contains("java.lang.IllegalArgumentException");
    assertThat(header(letter, "error")).contains("sig=[redacted]");
  }

  @Test
  void what_a_part_of_ours_throws_is_a_letter_with_the_record_it_came_of() {
    var response =
        handler.handleError(
            context("telemetry.runs"), new Record<>("k", "v", 0L), new IllegalStateException());

    assertThat(response.result()).isEqualTo(ProcessingExceptionHandler.Result.RESUME);
    ProducerRecord<byte[], byte[]> letter = only(response.deadLetterQueueRecords());
    assertThat(letter.value()).isEqualTo(VALUE);
    assertThat(letter.timestamp()).isEqualTo(1_000);
    assertThat(header(letter, "stage")).contains("process");
    assertThat(header(letter, "time")).contains("1970-01-01T00:00:01Z");
    assertThat(header(letter, "internal")).isEmpty();
    assertThat(header(letter, "error")).contains("IllegalStateException");
  }

  @Test
  void a_deadline_that_fails_again_and_again_is_one_letter() {
    Record<String, String> none = null;
    var first = handler.handleError(context(null), none, new IllegalStateException("due"));
    var second = handler.handleError(context(null), none, new IllegalStateException("due"));

    assertThat(header(only(first.deadLetterQueueRecords()), "topic")).isEmpty();
    assertThat(second.result()).isEqualTo(ProcessingExceptionHandler.Result.RESUME);
    assertThat(second.deadLetterQueueRecords()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("notOfTheRecord")
  void what_is_not_the_fault_of_the_record_loses_no_record(Exception problem) {
    var response =
        handler.handleError(context("telemetry.runs"), new Record<>("k", "v", 0L), problem);

    assertThat(response.result()).isEqualTo(ProcessingExceptionHandler.Result.FAIL);
    assertThat(response.deadLetterQueueRecords()).isEmpty();
  }

  static List<Exception> notOfTheRecord() {
    return List.of(
        new KafkaException("a broker's"),
        new IllegalStateException("wrapped", new TimeoutException("slow")),
        new UncheckedIOException(new AccessDeniedException("state")),
        new IllegalStateException("wrapped", new OutOfMemoryError("heap")));
  }

  @Test
  void an_output_that_is_too_large_is_a_letter_cut_and_marked() {
    byte[] large = new byte[LIMIT + 1];
    var response =
        handler.handleError(
            context("telemetry.runs"),
            new ProducerRecord<>("findings", KEY, large),
            new RecordTooLargeException("too large"));

    assertThat(response.result()).isEqualTo(ProductionExceptionHandler.Result.RESUME);
    ProducerRecord<byte[], byte[]> letter = only(response.deadLetterQueueRecords());
    assertThat(letter.value()).hasSize(LIMIT - KEY.length);
    assertThat(header(letter, "cut")).contains(Integer.toString(large.length));
    assertThat(header(letter, "topic")).contains("findings");
    assertThat(header(letter, "stage")).contains("produce");
    assertThat(header(letter, "offset")).isEmpty();
  }

  @Test
  void an_output_that_cannot_be_written_as_bytes_is_a_letter_with_what_it_came_of() {
    var response =
        handler.handleSerializationError(
            context("telemetry.runs"),
            new ProducerRecord<>("findings", "key", "value"),
            new IllegalStateException("no bytes"),
            SerializationExceptionOrigin.VALUE);

    assertThat(response.result()).isEqualTo(ProductionExceptionHandler.Result.RESUME);
    assertThat(only(response.deadLetterQueueRecords()).value()).isEqualTo(VALUE);
  }

  @Test
  void what_a_broker_refuses_for_now_is_tried_again_and_what_it_forbids_ends_the_thread() {
    ProducerRecord<byte[], byte[]> output = new ProducerRecord<>("findings", KEY, VALUE);

    assertThat(
            handler
                .handleError(context("x"), output, new NotEnoughReplicasException("for now"))
                .result())
        .isEqualTo(ProductionExceptionHandler.Result.RETRY);
    assertThat(
            handler
                .handleError(context("x"), output, new PolicyViolationException("quota"))
                .result())
        .isEqualTo(ProductionExceptionHandler.Result.FAIL);
  }

  @Test
  void neither_a_letter_nor_a_changelog_becomes_a_letter() {
    for (String topic : List.of("dead-letters", "mendline-runs-changelog")) {
      assertThat(
              handler
                  .handleError(
                      context("x"),
                      new ProducerRecord<>(topic, KEY, VALUE),
                      new RecordTooLargeException("too large"))
                  .result())
          .isEqualTo(ProductionExceptionHandler.Result.FAIL);
    }
  }

  private static ErrorHandlerContext context(String topic) {
    return new DefaultErrorHandlerContext(
        null, topic, 3, 17, new RecordHeaders(), "runs", new TaskId(2, 3), 1_000, KEY, VALUE);
  }

  private static ProducerRecord<byte[], byte[]> only(List<ProducerRecord<byte[], byte[]>> letters) {
    assertThat(letters).hasSize(1);
    return letters.get(0);
  }

  private static Optional<String> header(ProducerRecord<byte[], byte[]> letter, String name) {
    Header header = letter.headers().lastHeader(name);
    return header == null
        ? Optional.empty()
        : Optional.of(new String(header.value(), StandardCharsets.UTF_8));
  }
}
