package io.mendline.cli.bench;

import io.mendline.processors.ingest.Decoded;
import io.mendline.processors.ingest.RawMessage;
import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Consumers that decode what they read, in as many threads as the service has. */
final class BareConsumer implements Subject {
  private static final Duration POLL = Duration.ofMillis(100);

  private final String bootstrapServers;
  private final Map<String, Source> sources;
  private final List<TopicPartition> partitions;
  private final List<Thread> threads = new ArrayList<>();
  private final int count;
  private volatile boolean ending;

  BareConsumer(
      String bootstrapServers,
      Map<String, Source> sources,
      List<TopicPartition> partitions,
      int count) {
    this.bootstrapServers = bootstrapServers;
    this.sources = sources;
    this.partitions = partitions;
    this.count = count;
  }

  @Override
  public void start(String application) {
    ending = false;
    for (int i = 0; i < count; i++) {
      List<TopicPartition> own = new ArrayList<>();
      for (int p = i; p < partitions.size(); p += count) {
        own.add(partitions.get(p));
      }
      Thread thread = new Thread(() -> consume(application, own), "consumer-" + i);
      thread.start();
      threads.add(thread);
    }
  }

  @Override
  public void stop() {
    ending = true;
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
    threads.clear();
  }

  private void consume(String group, List<TopicPartition> own) {
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            settings(group), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(own);
      while (!ending) {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
        Map<TopicPartition, OffsetAndMetadata> read = new HashMap<>();
        for (TopicPartition partition : records.partitions()) {
          List<ConsumerRecord<byte[], byte[]>> those = records.records(partition);
          those.forEach(this::decode);
          read.put(partition, new OffsetAndMetadata(those.get(those.size() - 1).offset() + 1));
        }
        if (!read.isEmpty()) {
          consumer.commitAsync(read, null);
        }
      }
    }
  }

  private void decode(ConsumerRecord<byte[], byte[]> record) {
    Decoded decoded =
        Decoded.of(
            new RawMessage(
                sources.get(record.topic()),
                new Coordinates(record.topic(), record.partition(), record.offset()),
                record.timestamp(),
                record.key(),
                record.value()));
    if (!decoded.letters().isEmpty()) {
      throw new BenchException("a message cannot be read: " + decoded.letters().get(0).error());
    }
  }

  private Properties settings(String group) {
    Properties settings = new Properties();
    settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    settings.put(ConsumerConfig.GROUP_ID_CONFIG, group);
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put("enable.metrics.push", false);
    return settings;
  }
}
