package io.mendline.topology;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.config.TopicConfig;

/**
 * How a topic of the cluster differs from the one that is needed.
 *
 * @param topic its name
 * @param line what differs and what to do, in one line
 * @param essential whether the service must not run with it
 */
record TopicDifference(String topic, String line, boolean essential) {

  /**
   * A topic as it is on the cluster.
   *
   * @param partitions how many it has
   * @param configs what the broker tells of its settings; not all brokers tell all
   */
  record Actual(int partitions, Map<String, String> configs) {}

  /** All differences of a topic that is there. */
  static List<TopicDifference> of(PlannedTopic planned, Actual actual) {
    List<TopicDifference> differences = new ArrayList<>();
    if (planned.kind().isOfKafkaStreams() && actual.partitions() != planned.partitions()) {
      differences.add(
          essential(
              planned,
              "has %d partitions and needs %d: %s"
                  .formatted(actual.partitions(), planned.partitions(), remedy(planned, actual))));
    }
    new TreeMap<>(planned.configs())
        .forEach(
            (name, value) -> {
              String is = actual.configs().get(name);
              // What a broker does not tell cannot be compared.
              if (is != null && !same(name, value, is)) {
                differences.add(setting(planned, name, value, is));
              }
            });
    return differences;
  }

  private static String remedy(PlannedTopic planned, Actual actual) {
    if (planned.kind() == PlannedTopic.Kind.REPARTITION && planned.partitions() > 1) {
      return "set \"partitions=%d\", or take another \"application.id\", which starts anew"
          .formatted(actual.partitions());
    }
    return "an input, or \"partitions\", has changed since; take another \"application.id\", which"
        + " starts anew";
  }

  private static boolean same(String name, String wanted, String is) {
    if (name.equals(TopicConfig.MAX_MESSAGE_BYTES_CONFIG)) {
      return Long.parseLong(is) >= StreamsProperties.REQUEST_BYTES;
    }
    return wanted.equalsIgnoreCase(is);
  }

  private static TopicDifference setting(
      PlannedTopic planned, String name, String wanted, String is) {
    return switch (name) {
      case TopicConfig.CLEANUP_POLICY_CONFIG ->
          essential(
              planned,
              "has cleanup.policy=%s and needs %s: %s; set it, or on Event Hubs, where it cannot be changed, delete and create the hub"
                  .formatted(
                      is,
                      wanted,
                      wanted.equals(TopicConfig.CLEANUP_POLICY_COMPACT)
                          ? "the last version of a key must stay"
                          : "messages without a key, and all but the last of a key, must stay"));
      case TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG ->
          essential(
              planned,
              "has message.timestamp.type=%s and needs %s: times must be the sender's; set it"
                  .formatted(is, wanted));
      case TopicConfig.MAX_MESSAGE_BYTES_CONFIG ->
          essential(
              planned,
              "has max.message.bytes=%s and needs at least %d: what is written may be that large; raise it"
                  .formatted(is, StreamsProperties.REQUEST_BYTES));
      default ->
          new TopicDifference(
              planned.name(),
              "the topic \"%s\" has %s=%s, planned is %s; set it"
                  .formatted(planned.name(), name, is, wanted),
              false);
    };
  }

  private static TopicDifference essential(PlannedTopic planned, String what) {
    return new TopicDifference(
        planned.name(), "the topic \"" + planned.name() + "\" " + what, true);
  }
}
