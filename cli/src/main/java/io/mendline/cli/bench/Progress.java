package io.mendline.cli.bench;

import io.mendline.topology.MendlineTopology;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * How far an application has come, by what it has committed, and what it took.
 *
 * <p>Measured from when a fifth of the input was dealt with, so that neither the start nor the
 * first fetches count, until the last message was, and all that it gave rise to on the hop within
 * the service.
 */
final class Progress {
  private static final double BEGINS_AT = 0.2;

  /** Where the first look comes later than this, there is too little left to measure by. */
  private static final double BEGINS_BEFORE = 0.6;

  private static final long LOOK_AGAIN_MILLIS = 20;
  private static final Duration STUCK_AFTER = Duration.ofMinutes(2);

  private final Admin admin;
  private final WorkerProcess worker;
  private final String application;
  private final Set<String> inputs;
  private long moved;
  private long last;

  Progress(Admin admin, WorkerProcess worker, String application, Collection<String> inputs) {
    this.admin = admin;
    this.worker = worker;
    this.application = application;
    this.inputs = Set.copyOf(inputs);
  }

  /** An instant: how much was dealt with by then, and at what expense. */
  record Mark(long nanos, long messages, Duration cpu) {}

  /**
   * From one instant to another.
   *
   * @param messages dealt with between them
   */
  record Span(double seconds, long messages, double cpuSeconds) {
    static Span between(Mark from, Mark to) {
      return new Span(
          (to.nanos() - from.nanos()) / 1e9,
          to.messages() - from.messages(),
          to.cpu().minus(from.cpu()).toNanos() / 1e9);
    }
  }

  /** Nothing done yet. */
  Mark begin() {
    return mark(0);
  }

  /**
   * Waits until all is done.
   *
   * @param begin taken before the application started; counts where all is done at once
   * @param messages in the input
   * @param hop whether the application has one
   */
  Span await(Mark begin, long messages, boolean hop) throws InterruptedException {
    Mark from = null;
    moved = System.nanoTime();
    Map<TopicPartition, Long> committed = committed();
    while (inputs(committed) < messages) {
      long done = inputs(committed);
      if (from == null && done >= messages * BEGINS_AT && done < messages * BEGINS_BEFORE) {
        from = mark(done);
      }
      committed = next(done);
    }
    if (hop) {
      Map<TopicPartition, Long> ends = hopEnds();
      while (isBehind(committed, ends)) {
        committed = next(behind(committed));
      }
    }
    return Span.between(from == null ? begin : from, mark(messages));
  }

  /** How many messages of the input are committed. */
  long committedInput() {
    return inputs(committed());
  }

  private Mark mark(long messages) {
    return new Mark(System.nanoTime(), messages, worker.cpu());
  }

  private Map<TopicPartition, Long> next(long done) throws InterruptedException {
    worker.requireAlive();
    if (done != last) {
      last = done;
      moved = System.nanoTime();
    } else if (System.nanoTime() - moved > STUCK_AFTER.toNanos()) {
      throw worker.failed(
          "nothing was committed for " + STUCK_AFTER.toSeconds() + " s after " + done);
    }
    Thread.sleep(LOOK_AGAIN_MILLIS);
    return committed();
  }

  private Map<TopicPartition, Long> committed() {
    Map<TopicPartition, OffsetAndMetadata> offsets =
        Brokers.get(admin.listConsumerGroupOffsets(application).partitionsToOffsetAndMetadata());
    Map<TopicPartition, Long> committed = new HashMap<>();
    offsets.forEach(
        (partition, offset) -> {
          if (offset != null) {
            committed.put(partition, offset.offset());
          }
        });
    return committed;
  }

  private long inputs(Map<TopicPartition, Long> committed) {
    return committed.entrySet().stream()
        .filter(entry -> inputs.contains(entry.getKey().topic()))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  /** Some number that changes as the hop is read. */
  private static long behind(Map<TopicPartition, Long> committed) {
    return committed.values().stream().mapToLong(Long::longValue).sum();
  }

  private Map<TopicPartition, Long> hopEnds() {
    String topic = application + "-" + MendlineTopology.SIGNALS + "-repartition";
    Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
    int partitions =
        Brokers.get(admin.describeTopics(Set.of(topic)).allTopicNames())
            .get(topic)
            .partitions()
            .size();
    for (int i = 0; i < partitions; i++) {
      wanted.put(new TopicPartition(topic, i), OffsetSpec.latest());
    }
    Map<TopicPartition, Long> ends = new HashMap<>();
    Brokers.get(admin.listOffsets(wanted).all())
        .forEach((partition, offset) -> ends.put(partition, offset.offset()));
    return ends;
  }

  private static boolean isBehind(
      Map<TopicPartition, Long> committed, Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .anyMatch(end -> committed.getOrDefault(end.getKey(), 0L) < end.getValue());
  }
}
