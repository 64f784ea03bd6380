package io.mendline.cli.proof;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import io.mendline.cli.broker.EmbeddedBroker;
import io.mendline.processors.ingest.DeadLetter;
import io.mendline.processors.ingest.Decoded;
import io.mendline.processors.ingest.RawMessage;
import io.mendline.processors.kafka.DeadLetterHeaders;
import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.policy.Policies;
import io.mendline.processors.policy.PolicyBook;
import io.mendline.schemas.FindingKind;
import io.mendline.topology.Settings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * Law 6: whatever is sent to whatever topic, the service goes on, and each message is either taken
 * or a dead letter: the sums agree to the last record.
 *
 * <p>More or other messages: {@code -Dmendline.fuzz.messages=1000000 -Dmendline.fuzz.seed=7}.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FuzzTest {
  private static final int MESSAGES = Integer.getInteger("mendline.fuzz.messages", 100_000);
  private static final long SEED = Long.getLong("mendline.fuzz.seed", 20_260_504L);
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Duration LITTLE_PATIENCE = Duration.ofSeconds(20);
  private static final String LARGEST = "4000000";
  private static final String NAME = "fuzz";

  /** Lines of the log with a stack trace, and lines at all, beyond which it is a flood. */
  private static final int MOST_TRACES = 5;

  private static final int MOST_LINES = 1_000;

  private static final int SOUND_JOB = 424_242;

  private static EmbeddedBroker broker;

  @TempDir private static Path folder;

  /** What should come of the messages, and of how many. */
  private final Map<String, List<String>> letters = new TreeMap<>();

  private final Map<Source, Long> messages = new TreeMap<>();
  private final Map<Source, Long> signals = new TreeMap<>();
  private final Map<String, Long> stages = new TreeMap<>();
  private final PolicyBook policies = new PolicyBook();

  /** A message that was sent, and the dead letters that should come of it. */
  private record Refused(Future<RecordMetadata> sent, List<String> letters) {}

  @BeforeAll
  static void start() {
    broker = EmbeddedBroker.start(Map.of("message.max.bytes", LARGEST));
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @Test
  void every_message_is_taken_or_a_dead_letter_and_the_service_goes_on() throws Exception {
    Map<String, String> given = LiveRun.given(broker.bootstrapServers(), NAME, 2, folder);
    // Nothing is killed here, and a few large messages may take a busy machine a while.
    given.remove("kafka.transaction.timeout.ms");
    given.remove("kafka.session.timeout.ms");
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    log.start();
    root.addAppender(log);
    try (LiveRun run = new LiveRun(Settings.of(given), broker.bootstrapServers())) {
      run.start();
      ApiClient api = new ApiClient(run.apiPort());
      send(run);
      assertThat(Await.until(() -> total(scrape(api), "messages") >= MESSAGES, PATIENCE))
          .as("all messages are read: %s", scrape(api))
          .isTrue();

      assertThat(lettersTold(run)).isEqualTo(letters);
      assertCounted(scrape(api));
      List<String> valid = documents(policies);
      // A global table follows its topic on a thread of its own.
      boolean unused = Await.until(() -> documents(api).equals(valid), LITTLE_PATIENCE);
      assertThat(documents(api)).containsExactlyElementsOf(valid);
      assertSound(run, api);
    } finally {
      root.detachAppender(log);
    }
    List<ILoggingEvent> lines = List.copyOf(log.list);
    // The broker is in this process too and logs what it tells the clients, who try again.
    assertThat(lines.stream().filter(line -> !line.getLoggerName().startsWith("kafka.server")))
        .hasSizeLessThan(MOST_LINES)
        .filteredOn(line -> line.getThrowableProxy() != null)
        .hasSizeLessThan(MOST_TRACES);
  }

  /** Sends everything and works out, with the service's own decoder, what should come of it. */
  private void send(LiveRun run) throws Exception {
    Mutations mutations = new Mutations(SEED, ValidMessages.all());
    List<Refused> refused = new ArrayList<>();
    Properties client = new Properties();
    client.put("bootstrap.servers", broker.bootstrapServers());
    client.put("enable.metrics.push", "false");
    client.put("max.request.size", LARGEST);
    client.put("linger.ms", "5");
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int i = 0; i < MESSAGES; i++) {
        Mutations.Spoilt message = mutations.next();
        String topic = run.topics().inputs().get(message.source());
        Future<RecordMetadata> sent =
            producer.send(
                new ProducerRecord<>(
                    topic,
                    i / Source.values().length % producer.partitionsFor(topic).size(),
                    ValidMessages.END.toEpochMilli(),
                    message.key(),
                    message.value()));
        List<String> expected = expect(message);
        if (!expected.isEmpty()) {
          refused.add(new Refused(sent, expected));
        }
      }
    }
    for (Refused each : refused) {
      RecordMetadata at = each.sent().get();
      letters.put(at.topic() + "/" + at.partition() + "/" + at.offset(), each.letters());
    }
  }

  /** Counts what should come of a message; returns its dead letters. */
  private List<String> expect(Mutations.Spoilt message) {
    Decoded decoded =
        Decoded.of(
            new RawMessage(
                message.source(),
                new Coordinates("", 0, 0),
                ValidMessages.END.toEpochMilli(),
                message.key(),
                message.value()));
    messages.merge(message.source(), 1L, Long::sum);
    signals.merge(message.source(), (long) decoded.signals().size(), Long::sum);
    if (decoded.policy() != null) {
      policies.put(decoded.policy());
    }
    List<String> told = new ArrayList<>();
    for (DeadLetter letter : decoded.letters()) {
      stages.merge(letter.stage(), 1L, Long::sum);
      told.add(
          line(
              letter.stage(),
              letter.error(),
              letter.records().isEmpty() ? null : letter.records().toString(),
              letter.key(),
              letter.value()));
    }
    return told;
  }

  private static String line(String stage, String error, String records, byte[] key, byte[] value) {
    return "%s %s %s: key %x, value %x"
        .formatted(stage, error, records, Arrays.hashCode(key), Arrays.hashCode(value));
  }

  /** Every dead letter, by the place of its message. */
  private static Map<String, List<String>> lettersTold(LiveRun run) {
    Properties client = new Properties();
    client.put("bootstrap.servers", broker.bootstrapServers());
    client.put("enable.metrics.push", "false");
    client.put("isolation.level", "read_committed");
    Map<String, List<String>> told = new TreeMap<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(client, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(run.topics().deadLetters()).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      // What was read last is committed within the commit interval; a second without more is ten.
      int quiet = 0;
      while (quiet < 10) {
        var records = consumer.poll(Duration.ofMillis(100));
        quiet = records.isEmpty() ? quiet + 1 : 0;
        for (ConsumerRecord<byte[], byte[]> record : records) {
          told.computeIfAbsent(
                  header(record, DeadLetterHeaders.TOPIC)
                      + "/"
                      + header(record, DeadLetterHeaders.PARTITION)
                      + "/"
                      + header(record, DeadLetterHeaders.OFFSET),
                  any -> new ArrayList<>())
              .add(
                  line(
                      header(record, DeadLetterHeaders.STAGE),
                      header(record, DeadLetterHeaders.ERROR),
                      header(record, DeadLetterHeaders.RECORDS),
                      record.key(),
                      record.value()));
        }
      }
    }
    return told;
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
  }

  private void assertCounted(Map<String, Long> scrape) {
    messages.forEach((source, count) -> assertCount(scrape, "messages", "source", source, count));
    signals.forEach((source, count) -> assertCount(scrape, "signals", "source", source, count));
    stages.forEach((stage, count) -> assertCount(scrape, "dead_letters", "stage", stage, count));
    assertThat(total(scrape, "messages")).isEqualTo(MESSAGES);
    assertThat(total(scrape, "dead_letters"))
        .isEqualTo(letters.values().stream().mapToLong(List::size).sum());
  }

  private static void assertCount(
      Map<String, Long> scrape, String metric, String label, Object value, long count) {
    String text = value instanceof Source source ? source.label() : value.toString();
    String series = "mendline_%s_total{%s=\"%s\"}".formatted(metric, label, text);
    assertThat(scrape.getOrDefault(series, 0L)).as(series).isEqualTo(count);
  }

  private static Map<String, Long> scrape(ApiClient api) {
    Map<String, Long> series = new TreeMap<>();
    for (String line : api.get("/metrics").body().lines().toList()) {
      if (line.startsWith("mendline_") && line.contains("_total{")) {
        int space = line.lastIndexOf(' ');
        series.put(line.substring(0, space), (long) Double.parseDouble(line.substring(space + 1)));
      }
    }
    return series;
  }

  private static long total(Map<String, Long> scrape, String metric) {
    return scrape.entrySet().stream()
        .filter(each -> each.getKey().startsWith("mendline_" + metric + "_total{"))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  /** Every version of every document, sorted, as the service has them. */
  private static List<String> documents(ApiClient api) {
    List<String> documents = new ArrayList<>();
    for (JsonNode policy : api.document("/api/v1/policies").path("items")) {
      for (JsonNode version : policy.path("versions")) {
        documents.add(policy.path("id") + " " + version.path("document"));
      }
    }
    return documents.stream().sorted().toList();
  }

  /** The same, as they should be. */
  private static List<String> documents(PolicyBook book) {
    List<String> documents = new ArrayList<>();
    book.documents()
        .forEach(
            (id, versions) ->
                versions.forEach(
                    version -> {
                      String json = new String(Policies.write(version), StandardCharsets.UTF_8);
                      JsonNode document = ApiClient.json(json);
                      documents.add(document.path("id") + " " + document);
                    }));
    return documents.stream().sorted().toList();
  }

  private static void assertSound(LiveRun run, ApiClient api) {
    run.send(List.of(FailedRun.of(SOUND_JOB, 101)));
    assertThat(
            run.await(
                result ->
                    result.findings().values().stream()
                        .anyMatch(
                            finding ->
                                finding.getKind() == FindingKind.RUN_FAILED
                                    && finding.getResource().getId().endsWith("/" + SOUND_JOB)),
                PATIENCE))
        .as("a valid message is still found")
        .isTrue();
    assertThat(run.service().failure()).isNull();
    assertThat(run.service().state()).isEqualTo(KafkaStreams.State.RUNNING);
    assertThat(api.get("/health/live").statusCode()).isEqualTo(200);
  }
}
