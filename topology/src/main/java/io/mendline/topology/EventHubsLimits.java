package io.mendline.topology;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.producer.ProducerConfig;

/** What Event Hubs takes, by Microsoft's documentation of its Kafka endpoint. */
final class EventHubsLimits {
  /** Azure drops a connection that was idle for so long. */
  private static final long IDLE_MILLIS = 240_000;

  private static final long SESSION_LEAST_MILLIS = 6_000;
  private static final long SESSION_MOST_MILLIS = 300_000;
  private static final long COMMIT_LEAST_MILLIS = 1_000;
  private static final int PARTITIONS_MOST = 100;

  private final Settings settings;
  private final Map<String, String> kafka;
  private final List<String> problems;

  EventHubsLimits(Settings settings, List<String> problems) {
    this.settings = settings;
    this.kafka = settings.kafka();
    this.problems = problems;
  }

  void check() {
    if (settings.get(Setting.EXACTLY_ONCE) && !settings.get(Setting.EVENT_HUBS_TRANSACTIONS)) {
      add(
          Setting.EXACTLY_ONCE.key(),
          "cannot be \"exactly-once\" on Event Hubs, where transactions are in preview; take it out, or"
              + " set \"event-hubs.transactions=true\" once you have tried it on this namespace");
    }
    if (settings.get(Setting.COMMIT_INTERVAL).toMillis() < COMMIT_LEAST_MILLIS) {
      add(
          Setting.COMMIT_INTERVAL.key(),
          "is below 1s, and Event Hubs throttles commits to four a second and partition; set 1s or more");
    }
    if (settings.get(Setting.TOPICS_REPLICATION) > 0) {
      add(
          Setting.TOPICS_REPLICATION.key(),
          "is %d, but Event Hubs replicates by itself; set -1, or take it out",
          settings.get(Setting.TOPICS_REPLICATION));
    }
    for (Setting<Integer> setting : List.of(Setting.PARTITIONS, Setting.TOPICS_PARTITIONS)) {
      if (settings.get(setting) > PARTITIONS_MOST) {
        add(
            setting.key(),
            "is %d, but a hub has at most %d partitions; set fewer",
            settings.get(setting),
            PARTITIONS_MOST);
      }
    }
    protocol();
    clients();
  }

  private void protocol() {
    String protocol =
        kafka.get(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG).toUpperCase(Locale.ROOT);
    if (!protocol.equals("SASL_SSL")) {
      add(
          "kafka.security.protocol",
          "is %s, but Event Hubs takes only SASL_SSL: credentials never travel without TLS; take it out",
          protocol);
    }
    String mechanism = kafka.get("sasl.mechanism").toUpperCase(Locale.ROOT);
    if (!Set.of("PLAIN", "OAUTHBEARER").contains(mechanism)) {
      add(
          "kafka.sasl.mechanism",
          "is %s, but Event Hubs takes only PLAIN (connection string) and OAUTHBEARER (Entra ID)",
          mechanism);
    }
  }

  private void clients() {
    for (String prefix : List.of("", "producer.")) {
      String compression = kafka.get(prefix + ProducerConfig.COMPRESSION_TYPE_CONFIG);
      if (compression != null && !Set.of("none", "gzip").contains(compression)) {
        add(
            Settings.KAFKA + prefix + ProducerConfig.COMPRESSION_TYPE_CONFIG,
            "is %s, but Event Hubs takes only none and gzip",
            compression);
      }
      String size = prefix + ProducerConfig.MAX_REQUEST_SIZE_CONFIG;
      if (Combinations.number(kafka, size, 0) > StreamsProperties.REQUEST_BYTES) {
        add(
            Settings.KAFKA + size,
            "is above %d bytes, and Event Hubs closes the connection on a larger request; take it out",
            StreamsProperties.REQUEST_BYTES);
      }
    }
    for (String name :
        List.of(
            CommonClientConfigs.CONNECTIONS_MAX_IDLE_MS_CONFIG,
            CommonClientConfigs.METADATA_MAX_AGE_CONFIG)) {
      if (Combinations.number(kafka, name, 0) >= IDLE_MILLIS) {
        add(
            Settings.KAFKA + name,
            "is not below %d ms, after which Azure drops an idle connection; take it out",
            IDLE_MILLIS);
      }
    }
    long session = Combinations.number(kafka, "session.timeout.ms", SESSION_LEAST_MILLIS);
    if (session < SESSION_LEAST_MILLIS || session > SESSION_MOST_MILLIS) {
      add(
          "kafka.session.timeout.ms",
          "is not between %d and %d ms, which Event Hubs takes; take it out",
          SESSION_LEAST_MILLIS,
          SESSION_MOST_MILLIS);
    }
    if ("true".equalsIgnoreCase(kafka.get(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG))) {
      add(
          "kafka.enable.metrics.push",
          "is true, but Event Hubs does not know that request; take it out");
    }
  }

  private void add(String key, String format, Object... values) {
    problems.add(
        settings.located(key, "\"" + key + "\" " + String.format(Locale.ROOT, format, values)));
  }
}
