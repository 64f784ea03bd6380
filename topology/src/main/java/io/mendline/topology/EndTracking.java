package io.mendline.topology;

import io.mendline.processors.ingest.Inputs;
import io.mendline.processors.pipeline.Source;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;

/**
 * Knows which input partitions are read to their end, which a processor cannot see and a watermark
 * needs: a partition that is merely slow must not pass for an idle one (law 3).
 *
 * <p>It supplies Kafka Streams with consumers that, after each poll, write down per input partition
 * whether any lag is left and which record they handed out last. That is known to hold as of the
 * last fetch that a broker answered, so time stands still for an application that is cut off from
 * its broker.
 */
final class EndTracking implements KafkaClientSupplier, Inputs {
  private final Map<Source, String> topics;
  private final Map<String, Integer> partitions;
  private final Set<String> names;
  private final LongSupplier wall;
  private final Map<TopicPartition, End> ends = new ConcurrentHashMap<>();

  /**
   * A tracker.
   *
   * @param topics the input topics by source
   * @param partitions how many partitions each has, by name
   * @param wall the wall clock, epoch milliseconds
   */
  EndTracking(Map<Source, String> topics, Map<String, Integer> partitions, LongSupplier wall) {
    this.topics = topics;
    this.partitions = partitions;
    this.names = Set.copyOf(topics.values());
    this.wall = wall;
  }

  @Override
  public int partitions(Source source) {
    return partitions.getOrDefault(topics.get(source), 0);
  }

  @Override
  public long readToEndAt(Source source, int partition, long lastOffset) {
    End end = ends.get(new TopicPartition(topics.get(source), partition));
    return end != null && end.lagless() && end.handedOut() <= lastOffset ? end.asOf() : -1;
  }

  @Override
  public Admin getAdmin(Map<String, Object> config) {
    return Admin.create(config);
  }

  @Override
  public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
    return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
  }

  @Override
  public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
    return new TrackedConsumer(config);
  }

  @Override
  public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
    return plain(config);
  }

  @Override
  public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
    return plain(config);
  }

  private static Consumer<byte[], byte[]> plain(Map<String, Object> config) {
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /**
   * What is known of the end of a partition.
   *
   * @param lagless nothing more was there
   * @param handedOut the offset of the last record handed to Kafka Streams, -1 for none
   * @param asOf when a broker last confirmed it, epoch milliseconds
   */
  private record End(boolean lagless, long handedOut, long asOf) {}

  /**
   * Writes down the ends after each poll, in the one thread that may ask a consumer for its lag.
   */
  private final class TrackedConsumer extends KafkaConsumer<byte[], byte[]> {
    private Metric fetchTotal;
    private double fetches;
    private long confirmedAt;

    TrackedConsumer(Map<String, Object> config) {
      super(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
      ConsumerRecords<byte[], byte[]> records = super.poll(timeout);
      double fetched = fetchesAnswered();
      if (fetched > fetches) {
        fetches = fetched;
        confirmedAt = wall.getAsLong();
      }
      for (TopicPartition partition : assignment()) {
        if (names.contains(partition.topic())) {
          note(partition, records.records(partition));
        }
      }
      return records;
    }

    @Override
    public void subscribe(Collection<String> subscribed, ConsumerRebalanceListener listener) {
      super.subscribe(subscribed, forgetting(listener));
    }

    @Override
    public void subscribe(Pattern pattern, ConsumerRebalanceListener listener) {
      super.subscribe(pattern, forgetting(listener));
    }

    private void note(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> polled) {
      End before = ends.get(partition);
      long handedOut =
          polled.isEmpty()
              ? before == null ? -1 : before.handedOut()
              : polled.get(polled.size() - 1).offset();
      boolean lagless = currentLag(partition).orElse(1) == 0;
      ends.put(partition, new End(lagless && confirmedAt > 0, handedOut, confirmedAt));
    }

    /**
     * Whoever gets a partition next has processed nothing of it yet, and will be handed it anew.
     */
    private ConsumerRebalanceListener forgetting(ConsumerRebalanceListener listener) {
      return new ConsumerRebalanceListener() {
        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
          listener.onPartitionsRevoked(revoked);
          revoked.forEach(ends::remove);
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
          listener.onPartitionsAssigned(assigned);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> lost) {
          listener.onPartitionsLost(lost);
          lost.forEach(ends::remove);
        }
      };
    }

    private double fetchesAnswered() {
      if (fetchTotal == null) {
        metrics()
            .forEach(
                (name, metric) -> {
                  // The one without a topic counts them all.
                  if (name.name().equals("fetch-total") && !name.tags().containsKey("topic")) {
                    fetchTotal = metric;
                  }
                });
      }
      return fetchTotal == null ? 0 : ((Number) fetchTotal.metricValue()).doubleValue();
    }
  }
}
