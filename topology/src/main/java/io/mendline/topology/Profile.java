package io.mendline.topology;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What kind of broker the service runs against. A profile only changes defaults: whatever the file
 * or the environment says stands over it. {@code docs/configuration.md} is checked against this.
 */
public enum Profile {
  /** Apache Kafka, and what behaves like it. Changes nothing. */
  KAFKA("kafka"),

  /**
   * Azure Event Hubs. The values follow Microsoft's documentation of its Kafka endpoint (client
   * configurations, quotas, Kafka Streams) and its troubleshooting guide.
   */
  EVENT_HUBS("event-hubs");

  private static final List<Default> FOR_EVENT_HUBS =
      List.of(
          new Default(
              "processing.guarantee",
              "at-least-once",
              "Transactions are in preview there. The set of ids is the same; an output may be told twice."),
          new Default(
              "commit.interval",
              "1s",
              "Commits of offsets are throttled to four a second and partition."),
          new Default(
              "topics.create",
              "false",
              "Hubs are created beforehand: Event Hubs refuses some of what Kafka Streams asks for, and their number is a quota."),
          new Default("topics.replication", "-1", "Event Hubs replicates by itself."),
          new Default(
              "kafka.security.protocol", "SASL_SSL", "The only one that the endpoint takes."),
          new Default(
              "kafka.sasl.mechanism", "PLAIN", "A connection string; OAUTHBEARER is for Entra ID."),
          new Default(
              "kafka.metadata.max.age.ms",
              "180000",
              "Azure drops a connection that was idle for 240 s; asking more often keeps it."),
          new Default(
              "kafka.connections.max.idle.ms",
              "180000",
              "An idle connection is closed by us before Azure drops it without a word."),
          new Default(
              "kafka.request.timeout.ms",
              "60000",
              "A throttled request is answered late; below 20 s clients give up in vain."),
          new Default(
              "kafka.default.api.timeout.ms",
              "60000",
              "No smaller than a request's, or an admin client refuses to start."),
          new Default(
              "kafka.session.timeout.ms",
              "30000",
              "Microsoft's value: its coordinator answers more slowly than Kafka's."),
          new Default(
              "kafka.max.request.size",
              "1000000",
              "The connection is closed on a request that is larger."),
          new Default("kafka.compression.type", "none", "Only gzip is taken besides."),
          new Default("kafka.acks", "all", "An output counts when it is replicated."),
          new Default("kafka.group.protocol", "classic", "It knows no other."),
          new Default("kafka.enable.metrics.push", "false", "It does not know that request."));

  private final String label;

  Profile(String label) {
    this.label = label;
  }

  /**
   * A default that a profile changes.
   *
   * @param key of a setting, {@code kafka.*} among them
   * @param value as one would write it
   * @param why in one line
   */
  public record Default(String key, String value, String why) {}

  /** The name of this profile in settings. */
  public String label() {
    return label;
  }

  /** What it changes, in the order of the documentation. */
  public List<Default> defaults() {
    return this == EVENT_HUBS ? FOR_EVENT_HUBS : List.of();
  }

  /** What it changes, by key. */
  Map<String, String> byKey() {
    Map<String, String> values = new LinkedHashMap<>();
    defaults().forEach(each -> values.put(each.key(), each.value()));
    return values;
  }

  /** The profile of this name. */
  static Profile ofLabel(String label) {
    return label.equals(EVENT_HUBS.label) ? EVENT_HUBS : KAFKA;
  }
}
