package io.mendline.topology.metrics;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which meters of Kafka Streams and its clients are kept. All of them are more than 7,000 series
 * for one instance with eight partitions; kept is what tells that it stands still, falls behind,
 * fails or runs out of room.
 *
 * <p>The number that a process makes up for itself is taken out of the labels: it would make every
 * series a new one after each start.
 */
final class KafkaMeters implements MeterFilter {
  private static final String PREFIX = "kafka.";

  private static final Set<String> KEPT =
      Set.of(
          "kafka.stream.alive.stream.threads",
          "kafka.stream.failed.stream.threads",
          "kafka.stream.client.state",
          "kafka.stream.thread.process.total",
          "kafka.stream.thread.process.ratio",
          "kafka.stream.thread.process.latency.avg",
          "kafka.stream.thread.process.latency.max",
          "kafka.stream.thread.poll.ratio",
          "kafka.stream.thread.punctuate.ratio",
          "kafka.stream.thread.punctuate.latency.max",
          "kafka.stream.thread.commit.total",
          "kafka.stream.thread.commit.ratio",
          "kafka.stream.thread.commit.latency.avg",
          "kafka.stream.thread.commit.latency.max",
          "kafka.stream.thread.blocked.time.ns.total",
          "kafka.stream.task.dropped.records.total",
          "kafka.stream.task.active.buffer.count",
          "kafka.stream.state.updater.active.restoring.tasks",
          "kafka.stream.state.updater.standby.updating.tasks",
          "kafka.stream.state.updater.restore.records.rate",
          "kafka.stream.state.total.sst.files.size",
          "kafka.stream.state.size.all.mem.tables",
          "kafka.stream.state.estimate.pending.compaction.bytes",
          "kafka.stream.state.background.errors",
          "kafka.consumer.fetch.manager.records.lag",
          "kafka.consumer.incoming.byte.total",
          "kafka.consumer.failed.authentication.total",
          "kafka.consumer.last.poll.seconds.ago",
          "kafka.consumer.coordinator.assigned.partitions",
          "kafka.consumer.coordinator.rebalance.total",
          "kafka.consumer.coordinator.rebalance.latency.max",
          "kafka.consumer.coordinator.failed.rebalance.total",
          "kafka.consumer.coordinator.last.heartbeat.seconds.ago",
          "kafka.producer.record.send.total",
          "kafka.producer.record.error.total",
          "kafka.producer.record.retry.total",
          "kafka.producer.request.latency.max",
          "kafka.producer.outgoing.byte.total",
          "kafka.producer.failed.authentication.total",
          "kafka.producer.txn.abort.time.ns.total",
          "kafka.producer.txn.commit.time.ns.total");

  /** The application's id and the number of the process, with which ids of clients begin. */
  private static final Pattern PROCESS =
      Pattern.compile("^.*[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}-?");

  @Override
  public MeterFilterReply accept(Meter.Id id) {
    return !id.getName().startsWith(PREFIX) || KEPT.contains(id.getName())
        ? MeterFilterReply.NEUTRAL
        : MeterFilterReply.DENY;
  }

  @Override
  public Meter.Id map(Meter.Id id) {
    if (!id.getName().startsWith(PREFIX)) {
      return id;
    }
    // None may be taken away: the binder counts them to tell old meters from new ones. Prometheus
    // takes an empty label for none.
    List<Tag> tags = new ArrayList<>();
    for (Tag tag : id.getTagsAsIterable()) {
      tags.add(Tag.of(tag.getKey(), PROCESS.matcher(tag.getValue()).replaceFirst("")));
    }
    return id.replaceTags(tags);
  }
}
