package io.mendline.topology;

import java.util.Locale;
import java.util.Map;

/**
 * A topic that the service needs, as it would be created.
 *
 * @param name in full
 * @param kind what it is for
 * @param partitions how many it has, or is created with
 * @param replication -1 takes the broker's default
 * @param configs what is set on it, by Kafka's names; all else is the broker's default
 */
public record PlannedTopic(
    String name, Kind kind, int partitions, int replication, Map<String, String> configs) {

  /** What a topic is for. */
  public enum Kind {
    /** Public, read by ingest; has as many partitions as its owner likes. */
    INPUT,
    /** Public, written. */
    OUTPUT,
    /** Internal, read whole by every instance. */
    TABLE,
    /** Internal, between two stages. Kafka Streams would create it. */
    REPARTITION,
    /** Internal, the replica of a store. Kafka Streams would create it. */
    CHANGELOG;

    /** As it is printed. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Whether nobody else has any business with it. */
    public boolean isInternal() {
      return this == TABLE || isOfKafkaStreams();
    }

    /** Whether Kafka Streams creates it when it is missing, and insists on its partitions. */
    public boolean isOfKafkaStreams() {
      return this == REPARTITION || this == CHANGELOG;
    }
  }

  /** Keeps the settings in an order of their own. */
  public PlannedTopic {
    configs = Map.copyOf(configs);
  }
}
