package io.mendline.cli.deadletters;

import io.mendline.topology.Clients;
import io.mendline.topology.Preflight;
import io.mendline.topology.Settings;
import io.mendline.topology.SettingsException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The topic of the dead letters, read from its beginning to the end it has now, and the note of
 * which were sent again.
 */
final class LetterTopic implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration QUIET = Duration.ofSeconds(30);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final List<TopicPartition> partitions = new ArrayList<>();
  private final Map<Integer, Replayed> replayed = new HashMap<>();

  /**
   * Opens the topic.
   *
   * @throws SettingsException when it is not there, or no broker answers
   */
  LetterTopic(Settings settings, Preflight preflight) {
    String topic = settings.topics().deadLetters();
    int count = preflight.partitions(topic);
    for (int i = 0; i < count; i++) {
      partitions.add(new TopicPartition(topic, i));
    }
    Map<String, Object> client = Clients.consumer(settings);
    client.put("group.id", settings.applicationId() + "-dead-letters");
    consumer =
        new KafkaConsumer<>(client, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    consumer.assign(partitions);
    consumer
        .committed(new HashSet<>(partitions))
        .forEach(
            (partition, committed) ->
                replayed.put(partition.partition(), note(partition, committed)));
  }

  private static Replayed note(TopicPartition partition, OffsetAndMetadata committed) {
    try {
      return Replayed.parse(committed == null ? "" : committed.metadata());
    } catch (IllegalArgumentException e) {
      throw new SettingsException(
          "the consumer group of the dead letters holds a note for "
              + partition
              + " that mendline did not write; delete that group");
    }
  }

  /** Hands over every letter, in the order of the topic, and whether it was sent again before. */
  void read(BiConsumer<Letter, Boolean> taker) {
    consumer.seekToBeginning(partitions);
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    long quietUntil = System.nanoTime() + QUIET.toNanos();
    while (ends.entrySet().stream()
        .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        quietUntil = System.nanoTime() + QUIET.toNanos();
        if (record.offset() < ends.get(new TopicPartition(record.topic(), record.partition()))) {
          taker.accept(
              Letter.of(record), replayed.get(record.partition()).contains(record.offset()));
        }
      }
      if (System.nanoTime() > quietUntil) {
        throw new SettingsException(
            "the dead letters cannot be read to their end; an unfinished transaction may hold them"
                + " back, try again in a minute");
      }
    }
  }

  /**
   * Notes that letters are about to be sent again, so that it can be checked that the note holds.
   *
   * @throws SettingsException when there are too many gaps between them
   */
  void note(List<Letter> letters) {
    letters.forEach(
        letter -> replayed.get(letter.record().partition()).add(letter.record().offset()));
    Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions);
    beginnings.forEach(
        (partition, first) -> replayed.get(partition.partition()).forgetBefore(first));
    if (replayed.values().stream()
        .anyMatch(note -> note.toString().length() > Replayed.MOST_CHARACTERS)) {
      throw new SettingsException(
          "which letters were sent again has too many gaps to be noted; send a whole stretch of time"
              + " with --since and --until, or all");
    }
  }

  /** Keeps the note. */
  void keepNote() {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    consumer
        .beginningOffsets(partitions)
        .forEach(
            (partition, first) -> {
              Replayed note = replayed.get(partition.partition());
              offsets.put(
                  partition, new OffsetAndMetadata(note.firstAfter(first), note.toString()));
            });
    consumer.commitSync(offsets);
  }

  @Override
  public void close() {
    consumer.close();
  }
}
