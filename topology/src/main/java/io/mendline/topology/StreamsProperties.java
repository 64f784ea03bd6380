package io.mendline.topology;

import io.mendline.topology.errors.DeadLetterHandler;
import java.util.Properties;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

/** The settings of Kafka Streams, with why each differs from its default. */
final class StreamsProperties {
  /** Larger than any record we write; a broker's own default limit is just above it. */
  static final int REQUEST_BYTES = 1_000_000;

  /**
   * What one fetch takes of a partition. A backlog is read in pieces of this size, so by so much
   * some partitions are ahead of the others; and what they told waits, in memory and in the states,
   * for the watermark of the last.
   */
  private static final int FETCH_BYTES = 128 * 1024;

  /**
   * What one batch of a partition may hold. The default of 16 KiB holds so few states that every
   * commit takes hundreds of requests.
   */
  private static final int BATCH_BYTES = 128 * 1024;

  /** A commit sends what waits at once; in between there is no hurry. */
  private static final int LINGER_MILLIS = 20;

  /** What is sent is alike from record to record; to compress it costs less than to send it. */
  private static final String COMPRESSION = "lz4";

  /**
   * How long a task waits for brokers that do not answer. An election or a rolling restart takes
   * seconds, rarely minutes; after this the thread is replaced and tries from its last commit.
   */
  private static final long TASK_TIMEOUT_MILLIS = 300_000;

  private StreamsProperties() {}

  static Properties of(Settings settings) {
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, settings.applicationId());
    properties.put(
        StreamsConfig.PROCESSING_GUARANTEE_CONFIG,
        settings.get(Setting.EXACTLY_ONCE)
            ? StreamsConfig.EXACTLY_ONCE_V2
            : StreamsConfig.AT_LEAST_ONCE);
    properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.get(Setting.THREADS));
    properties.put(
        StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, settings.get(Setting.STANDBY_REPLICAS));
    properties.put(
        StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, settings.get(Setting.COMMIT_INTERVAL).toMillis());
    properties.put(StreamsConfig.STATE_DIR_CONFIG, settings.get(Setting.STATE_DIR));
    properties.put(
        StreamsConfig.REPLICATION_FACTOR_CONFIG, settings.get(Setting.TOPICS_REPLICATION));
    properties.put(StreamsConfig.TASK_TIMEOUT_MS_CONFIG, TASK_TIMEOUT_MILLIS);
    // A name that Kafka Streams makes up changes with the topology, and what was kept under it is
    // lost.
    properties.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
    // No record cache: states are held decoded, and written once a commit.
    properties.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0L);
    // Hubs and brokers without telemetry subscriptions answer the push with errors.
    properties.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, false);
    properties.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class);
    properties.put(
        BoundedRocksDb.MEGABYTES, Integer.toString(settings.get(Setting.ROCKSDB_MEGABYTES)));
    // Input written before the first start is input too.
    properties.put(
        StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
    properties.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG),
        FETCH_BYTES);
    // Without the client before them, so that whoever sets them without it is heard.
    properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, REQUEST_BYTES);
    properties.put(ProducerConfig.LINGER_MS_CONFIG, LINGER_MILLIS);
    properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, COMPRESSION);
    properties.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), BATCH_BYTES);
    // What is read of several topics in one task need not be in order: watermarks see to that. To
    // wait for it costs a look at every partition with every record.
    properties.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, StreamsConfig.MAX_TASK_IDLE_MS_DISABLED);
    properties.put(DeadLetterHandler.TOPIC, settings.topics().deadLetters());
    properties.put(
        StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG, DeadLetterHandler.class);
    properties.put(
        StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, DeadLetterHandler.class);
    properties.put(
        StreamsConfig.PRODUCTION_EXCEPTION_HANDLER_CLASS_CONFIG, DeadLetterHandler.class);
    settings.kafka().forEach(properties::put);
    return properties;
  }
}
