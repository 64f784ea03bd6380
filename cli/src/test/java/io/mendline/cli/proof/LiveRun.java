package io.mendline.cli.proof;

import io.mendline.cli.sample.SampleMessage;
import io.mendline.processors.engine.Pipeline;
import io.mendline.processors.pipeline.Source;
import io.mendline.schemas.Alert;
import io.mendline.schemas.AuditEntry;
import io.mendline.schemas.Command;
import io.mendline.schemas.Finding;
import io.mendline.schemas.Incident;
import io.mendline.serdes.avro.AvroSingleObject;
import io.mendline.topology.MendlineService;
import io.mendline.topology.Settings;
import io.mendline.topology.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.IntUnaryOperator;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** One application on a broker: fed with messages, its committed output gathered. */
final class LiveRun implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(100);

  private final Settings settings;
  private final Topics topics;
  private final KafkaProducer<byte[], byte[]> producer;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final AvroSingleObject<Finding> findings = new AvroSingleObject<>(Finding.class);
  private final AvroSingleObject<Incident> incidents = new AvroSingleObject<>(Incident.class);
  private final AvroSingleObject<Command> commands = new AvroSingleObject<>(Command.class);
  private final AvroSingleObject<Alert> alerts = new AvroSingleObject<>(Alert.class);
  private final AvroSingleObject<AuditEntry> audit = new AvroSingleObject<>(AuditEntry.class);
  private final CanonicalResult result = new CanonicalResult();
  private final List<Future<RecordMetadata>> sent = new ArrayList<>();
  private MendlineService service;
  private int round;

  /** Settings of an application of its own on a shared broker. */
  static Settings settings(String bootstrapServers, String name, int partitions, Path state) {
    return Settings.of(given(bootstrapServers, name, partitions, state));
  }

  /** The same, as a configuration file would have them. */
  static Map<String, String> given(
      String bootstrapServers, String name, int partitions, Path state) {
    Map<String, String> given = new TreeMap<>();
    given.put("application.id", name);
    given.put("topics.prefix", name + ".");
    given.put("topics.partitions", Integer.toString(partitions));
    given.put("partitions", Integer.toString(partitions));
    given.put("clock", "input");
    given.put("stores", "memory");
    given.put("state.dir", state.toString());
    given.put("commit.interval", "100ms");
    given.put("api.port", "0");
    given.put("kafka.bootstrap.servers", bootstrapServers);
    // So that a crash does not take the default 45 seconds to be noticed.
    given.put("kafka.session.timeout.ms", "6000");
    given.put("kafka.heartbeat.interval.ms", "1000");
    given.put("kafka.transaction.timeout.ms", "10000");
    return given;
  }

  LiveRun(Settings settings, String bootstrapServers) {
    this.settings = settings;
    this.topics = settings.topics();
    Properties client = new Properties();
    client.put("bootstrap.servers", bootstrapServers);
    client.put("enable.metrics.push", "false");
    Properties reading = new Properties();
    reading.putAll(client);
    reading.put("isolation.level", "read_committed");
    reading.put("auto.offset.reset", "earliest");
    this.producer =
        new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer());
    this.consumer =
        new KafkaConsumer<>(reading, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  LiveRun start() {
    service = MendlineService.start(settings);
    return this;
  }

  /** Starts with a line of concerns of one's own. */
  LiveRun startWith(List<Pipeline.Concern<?>> line) {
    service = MendlineService.start(settings, line);
    return this;
  }

  MendlineService service() {
    return service;
  }

  /** Writes bytes to any topic, internal ones too. */
  void write(String topic, int partition, byte[] key, byte[] value) {
    sent.add(producer.send(new ProducerRecord<>(topic, partition, key, value)));
    awaitSent();
  }

  /**
   * Makes the topics without running. On the input's clock a partition that is read to its end
   * follows the newest event anywhere, so what is written at full speed has to be there before it
   * is read.
   */
  void prepare() {
    MendlineService.prepare(settings);
  }

  /** Where its API is. */
  int apiPort() {
    return service.apiPort();
  }

  void stop() {
    service.close();
    service = null;
  }

  /** Sends messages in their order, each to the next partition of its topic. */
  void send(List<SampleMessage> messages) {
    send(messages, number -> number);
  }

  /**
   * Sends messages in their order.
   *
   * @param partition of the how-manieth message; taken modulo the partitions that its topic has
   */
  void send(List<SampleMessage> messages, IntUnaryOperator partition) {
    for (SampleMessage message : messages) {
      String topic = topics.inputs().get(message.source());
      int into = partition.applyAsInt(round++) % producer.partitionsFor(topic).size();
      sent.add(producer.send(new ProducerRecord<>(topic, into, null, message.value())));
    }
    awaitSent();
  }

  /** Sends a policy. */
  void policy(byte[] document) {
    sent.add(
        producer.send(
            new ProducerRecord<>(
                topics.inputs().get(Source.POLICIES),
                "policy".getBytes(StandardCharsets.UTF_8),
                document)));
    awaitSent();
  }

  private void awaitSent() {
    producer.flush();
    for (Future<RecordMetadata> each : sent) {
      try {
        each.get();
      } catch (InterruptedException | ExecutionException e) {
        throw new IllegalStateException("a message could not be sent", e);
      }
    }
    sent.clear();
  }

  /** Waits until the result so far is the expected one. */
  boolean awaitResult(List<String> expected, Duration within) {
    return await(result -> result.lines().equals(expected), within);
  }

  /** Waits until something holds for the result so far. */
  boolean await(Predicate<CanonicalResult> condition, Duration within) {
    subscribe();
    long end = System.nanoTime() + within.toNanos();
    while (System.nanoTime() < end) {
      // While more comes in it is not worth looking.
      if (!gather() && condition.test(result)) {
        return true;
      }
    }
    return false;
  }

  /** Takes what is committed within a time. */
  void gatherFor(Duration time) {
    boolean unused = await(any -> false, time);
  }

  /** Takes whatever else was committed up to now. */
  CanonicalResult drained() {
    subscribe();
    Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
    boolean more = true;
    while (more) {
      boolean unused = gather();
      more =
          ends.entrySet().stream()
              .anyMatch(end -> consumer.position(end.getKey()) < end.getValue());
    }
    return result;
  }

  CanonicalResult result() {
    return result;
  }

  Topics topics() {
    return topics;
  }

  @Override
  public void close() {
    if (service != null) {
      stop();
    }
    producer.close();
    consumer.close();
  }

  private void subscribe() {
    if (consumer.assignment().isEmpty()) {
      List<TopicPartition> partitions =
          List.of(
                  topics.findings(),
                  topics.incidents(),
                  topics.commands(),
                  topics.alerts(),
                  topics.audit(),
                  topics.deadLetters())
              .stream()
              .flatMap(topic -> consumer.partitionsFor(topic).stream())
              .map((PartitionInfo info) -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
    }
  }

  /** Takes what one poll brings; returns whether it brought anything. */
  private boolean gather() {
    ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
    for (ConsumerRecord<byte[], byte[]> record : records) {
      if (record.topic().equals(topics.deadLetters())) {
        result.takeDeadLetter(header(record, "stage"), header(record, "error"));
      } else if (record.topic().equals(topics.findings())) {
        result.take(findings.read(record.value()));
      } else if (record.topic().equals(topics.incidents())) {
        // A tombstone is nothing to compare.
        if (record.value() != null) {
          result.take(incidents.read(record.value()));
        }
      } else if (record.topic().equals(topics.commands())) {
        result.take(commands.read(record.value()));
      } else if (record.topic().equals(topics.audit())) {
        result.take(audit.read(record.value()));
      } else {
        result.take(alerts.read(record.value()));
      }
    }
    return !records.isEmpty();
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }
}
