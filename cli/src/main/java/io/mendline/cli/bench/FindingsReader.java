package io.mendline.cli.bench;

import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.serdes.avro.AvroSingleObject;
import io.mendline.topology.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads the committed findings from when it was made on, as a consumer of them would. */
final class FindingsReader implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final AvroSingleObject<Finding> format = new AvroSingleObject<>(Finding.class);
  private final List<TopicPartition> partitions = new ArrayList<>();
  private final TopicPartition deadLetters;
  private final long deadLettersBefore;
  private final Map<String, Long> failedRuns = new HashMap<>();
  private final Set<String> skippedWindows = new HashSet<>();

  FindingsReader(String bootstrapServers, Topics topics) {
    Properties settings = new Properties();
    settings.put("bootstrap.servers", bootstrapServers);
    settings.put("isolation.level", "read_committed");
    settings.put("enable.metrics.push", "false");
    consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    consumer
        .partitionsFor(topics.findings())
        .forEach(info -> partitions.add(new TopicPartition(info.topic(), info.partition())));
    consumer.assign(partitions);
    consumer.seekToEnd(partitions);
    partitions.forEach(consumer::position);
    deadLetters = new TopicPartition(topics.deadLetters(), 0);
    deadLettersBefore = end(deadLetters);
  }

  /** Takes what one poll brings. */
  void poll() {
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
      long now = System.currentTimeMillis();
      Finding finding = format.read(record.value());
      // Raised or not: a failure that is read after its repair is told as cleared at once.
      if (finding.getKind() == FindingKind.RUN_FAILED) {
        failedRuns.putIfAbsent(finding.getAttributes().get("runId"), now);
      } else if (finding.getKind() == FindingKind.SKIPPED_WINDOW) {
        skippedWindows.add(finding.getId());
      }
    }
  }

  /** Takes everything up to now. */
  void drain() {
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    while (ends.entrySet().stream()
        .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
      poll();
    }
  }

  /** When each failed run was first told of, epoch milliseconds, by the run's id. */
  Map<String, Long> failedRuns() {
    return failedRuns;
  }

  /**
   * Fails unless exactly what is in the telemetry was found, and nothing refused. Waits a little
   * for what is missing: the end of a transaction reaches its partitions one after the other, the
   * offsets perhaps before the findings.
   *
   * @throws BenchException saying what is not as it should be
   */
  void requireHonest(Telemetry.Content content) {
    drain();
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (isShortOf(content) && System.nanoTime() < end) {
      poll();
    }
    long refused = end(deadLetters) - deadLettersBefore;
    if (refused > 0) {
      throw new BenchException(refused + " dead letters, where none was expected");
    }
    require("failed runs", failedRuns.size(), content.failedRuns().size());
    require("skipped windows", skippedWindows.size(), content.skippedWindows());
  }

  private boolean isShortOf(Telemetry.Content content) {
    return failedRuns.size() < content.failedRuns().size()
        || skippedWindows.size() < content.skippedWindows();
  }

  private static void require(String what, int found, int expected) {
    if (expected == 0 || found != expected) {
      throw new BenchException(
          "found " + found + " " + what + " where there are " + expected + " in the telemetry");
    }
  }

  private long end(TopicPartition partition) {
    return consumer.endOffsets(List.of(partition)).get(partition);
  }

  @Override
  public void close() {
    consumer.close();
  }
}
