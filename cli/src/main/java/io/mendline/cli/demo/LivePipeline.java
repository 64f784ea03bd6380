package io.mendline.cli.demo;

import io.mendline.processors.pipeline.Output;
import io.mendline.schemas.Alert;
import io.mendline.schemas.Command;
import io.mendline.schemas.Finding;
import io.mendline.schemas.Incident;
import io.mendline.serdes.RecordFormat;
import io.mendline.serdes.json.AvroJson;
import io.mendline.topology.MendlineService;
import io.mendline.topology.MendlineTopology;
import io.mendline.topology.Settings;
import io.mendline.topology.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaStreams;

/**
 * The running service as its topics show it: messages go in, and committed output comes out.
 *
 * <p>{@link #settle} waits until the pipeline has come to rest: stage by stage all that is there
 * has been read and committed. Under exactly-once a stage's output is in the next topic before its
 * input counts as committed, so a stage that has read its topic to the end, looked at after the one
 * before it came to rest, has nothing more to come.
 */
final class LivePipeline implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(8);

  private final MendlineService service;
  private final String group;
  private final Topics topics;
  private final Admin admin;
  private final KafkaProducer<byte[], byte[]> producer;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Map<String, Function<byte[], Output>> readers;
  private final List<List<TopicPartition>> stages = new ArrayList<>();
  private final List<Output> gathered = new ArrayList<>();
  private volatile Exception failure;

  /** A pipeline that is read and written from now on. */
  LivePipeline(MendlineService service, Settings settings, String bootstrapServers) {
    this.service = service;
    this.group = settings.applicationId();
    this.topics = settings.topics();
    Properties client = new Properties();
    client.put("bootstrap.servers", bootstrapServers);
    client.put("enable.metrics.push", "false");
    Properties reading = new Properties();
    reading.putAll(client);
    reading.put("isolation.level", "read_committed");
    reading.put("auto.offset.reset", "earliest");
    // Soon rather than much at once.
    reading.put("fetch.max.wait.ms", "10");
    this.admin = Admin.create(client);
    this.producer =
        new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer());
    this.consumer =
        new KafkaConsumer<>(reading, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    this.readers =
        Map.of(
            topics.findings(),
            reader(new AvroJson<>(Finding.class), value -> new Output.Found("", value)),
            topics.incidents(),
            reader(new AvroJson<>(Incident.class), value -> new Output.Tracked("", value)),
            topics.commands(),
            reader(new AvroJson<>(Command.class), value -> new Output.Commanded("", value)),
            topics.alerts(),
            reader(new AvroJson<>(Alert.class), value -> new Output.Told("", value)));
    consumer.assign(partitions(readers.keySet()));
  }

  /** Waits until the service runs and every stage has been told how far the inputs have come. */
  void awaitReady() {
    await("start", () -> service.state() == KafkaStreams.State.RUNNING);
    List<TopicPartition> signals = partitions(List.of(internal(MendlineTopology.SIGNALS)));
    stages.add(partitions(topics.inputs().values()));
    stages.add(signals);
    stages.add(partitions(List.of(internal(MendlineTopology.COMMAND_REQUESTS))));
    await("tell how far it is", () -> ends(signals).values().stream().allMatch(end -> end > 0));
    settle();
  }

  /** Sends a message; its transport time is when it is told. */
  void send(Delivery message) {
    var unused =
        producer.send(
            new ProducerRecord<>(
                topics.inputs().get(message.source()),
                null,
                message.at(),
                message.key() == null ? null : message.key().getBytes(StandardCharsets.UTF_8),
                message.value()),
            (metadata, problem) -> {
              if (problem != null) {
                failure = problem;
              }
            });
  }

  /** Waits until all that was sent has had its effect, and returns what was put out since. */
  List<Output> settle() {
    producer.flush();
    if (failure != null) {
      throw new DemoException("a message could not be sent: " + failure.getMessage(), failure);
    }
    for (List<TopicPartition> stage : stages) {
      Map<TopicPartition, Long> ends = ends(stage);
      await("deal with what was sent", () -> committed(ends));
    }
    Map<TopicPartition, Long> ends = ends(consumer.assignment());
    await(
        "put out what it found",
        () ->
            ends.entrySet().stream()
                .allMatch(end -> consumer.position(end.getKey()) >= end.getValue()));
    List<Output> outputs = List.copyOf(gathered);
    gathered.clear();
    return outputs;
  }

  @Override
  public void close() {
    producer.close();
    consumer.close();
    admin.close();
  }

  private String internal(String name) {
    return group + "-" + name + "-repartition";
  }

  private boolean committed(Map<TopicPartition, Long> ends) {
    var offsets = get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
    return ends.entrySet().stream()
        .allMatch(
            end -> {
              var committed = offsets.get(end.getKey());
              return (committed == null ? 0 : committed.offset()) >= end.getValue();
            });
  }

  /** Waits for a condition, and gathers output meanwhile. */
  private void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (service.failure() != null) {
        throw new DemoException(
            "the service failed: " + service.failure().getMessage(), service.failure());
      }
      if (System.nanoTime() > end) {
        throw new DemoException(
            "the service did not " + what + " within " + PATIENCE.toSeconds() + " seconds");
      }
      gather();
    }
  }

  private void gather() {
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(LOOK_AGAIN)) {
      if (record.value() != null) {
        gathered.add(readers.get(record.topic()).apply(record.value()));
      }
    }
  }

  /** The ends of partitions, with what is not committed yet. */
  private Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions) {
    Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
    partitions.forEach(partition -> latest.put(partition, OffsetSpec.latest()));
    Map<TopicPartition, Long> ends = new HashMap<>();
    get(admin.listOffsets(latest).all())
        .forEach((partition, end) -> ends.put(partition, end.offset()));
    return ends;
  }

  private List<TopicPartition> partitions(Collection<String> names) {
    List<TopicPartition> partitions = new ArrayList<>();
    get(admin.describeTopics(names).allTopicNames())
        .forEach(
            (name, topic) ->
                topic
                    .partitions()
                    .forEach(info -> partitions.add(new TopicPartition(name, info.partition()))));
    return partitions;
  }

  private static <T extends SpecificRecord> Function<byte[], Output> reader(
      RecordFormat<T> format, Function<T, Output> output) {
    return value -> output.apply(format.read(value));
  }

  private static <T> T get(KafkaFuture<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw new DemoException("the broker does not answer: " + e.getCause().getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DemoException("interrupted", e);
    }
  }
}
