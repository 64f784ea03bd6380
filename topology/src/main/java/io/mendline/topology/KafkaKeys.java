package io.mendline.topology;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.StreamsConfig;

/**
 * What Kafka's clients know of settings: their names, the values each takes, and which are secrets.
 * Names are as Kafka has them, without {@link Settings#KAFKA}, and may begin with the client they
 * are for, as {@code consumer.}.
 */
final class KafkaKeys {
  private static final ConfigDef STREAMS = StreamsConfig.configDef();
  private static final ConfigDef CONSUMER = ConsumerConfig.configDef();
  private static final ConfigDef PRODUCER = ProducerConfig.configDef();
  private static final ConfigDef ADMIN = AdminClientConfig.configDef();

  /**
   * Which client a name is for, by how it begins; what begins otherwise is for all that know it.
   */
  private static final Map<String, ConfigDef> CLIENTS =
      Map.of(
          "consumer.", CONSUMER,
          "main.consumer.", CONSUMER,
          "restore.consumer.", CONSUMER,
          "global.consumer.", CONSUMER,
          "producer.", PRODUCER,
          "admin.", ADMIN);

  /** Settings of the internal topics that Kafka Streams creates. */
  private static final String TOPIC = "topic.";

  private static final Pattern SECRET =
      Pattern.compile(
          "password|secret|jaas|token|credential|user\\.info|private|assertion|keystore\\.key",
          Pattern.CASE_INSENSITIVE);

  /** A class of one's own may have settings of its own, which nobody else knows. */
  private static final Pattern NAMES_A_CLASS =
      Pattern.compile(".*(\\.class|\\.classes|metric\\.reporters|config\\.providers)$");

  private KafkaKeys() {}

  /** The name without the client that it is for. */
  static String base(String name) {
    for (String client : CLIENTS.keySet()) {
      if (name.startsWith(client)) {
        return name.substring(client.length());
      }
    }
    return name;
  }

  /** Whether a value must not be printed: known to be a secret, or not known not to be one. */
  static boolean isSecret(String name) {
    String base = base(name);
    List<ConfigKey> keys = keys(name);
    return keys.isEmpty()
        || keys.stream().anyMatch(key -> key.type == ConfigDef.Type.PASSWORD)
        || SECRET.matcher(base).find();
  }

  /** Whether a key of Mendline's own holds a secret, by its name. */
  static boolean isSecretOfOurs(String key) {
    return SECRET.matcher(key).find();
  }

  /**
   * What is wrong with a name and its value.
   *
   * @param all everything that is passed through, by name
   * @return what completes a sentence about the key; empty when nothing is wrong
   */
  static Optional<String> problem(String name, Given value, Map<String, Given> all) {
    if (name.startsWith(TOPIC)) {
      return topicNames().contains(name.substring(TOPIC.length()))
          ? Optional.empty()
          : Optional.of(unknown(name, topicNames(), TOPIC));
    }
    List<ConfigKey> keys = keys(name);
    if (keys.isEmpty()) {
      Optional<String> nearest = Nearest.to(name, names());
      return nearest.isEmpty() && hasClassOfItsOwn(all)
          ? Optional.empty()
          : Optional.of(unknown(name, names(), ""));
    }
    return refusal(keys.get(0), value.text())
        .map(
            reason ->
                "cannot be "
                    + (isSecret(name) ? "\"***\"" : "\"" + value.printed() + "\"")
                    + ": it "
                    + reason);
  }

  private static String unknown(String name, Collection<String> known, String prefix) {
    String without = name.substring(prefix.length());
    return "is not a setting of Kafka's clients"
        + Nearest.to(without, known)
            .map(nearest -> "; did you mean \"" + Settings.KAFKA + prefix + nearest + "\"?")
            .orElse("; take it out, or see Kafka's documentation for its name");
  }

  private static boolean hasClassOfItsOwn(Map<String, Given> all) {
    return all.entrySet().stream()
        .anyMatch(
            each ->
                NAMES_A_CLASS.matcher(each.getKey()).matches()
                    && !each.getValue().text().startsWith("org.apache.kafka."));
  }

  /** What the clients that a name is for know it as, the first of them deciding. */
  private static List<ConfigKey> keys(String name) {
    List<ConfigKey> keys = new ArrayList<>();
    for (Map.Entry<String, ConfigDef> client : CLIENTS.entrySet()) {
      if (name.startsWith(client.getKey())) {
        add(keys, client.getValue(), name.substring(client.getKey().length()));
        return keys;
      }
    }
    for (ConfigDef client : List.of(STREAMS, CONSUMER, PRODUCER, ADMIN)) {
      add(keys, client, name);
    }
    return keys;
  }

  private static void add(List<ConfigKey> keys, ConfigDef client, String name) {
    ConfigKey key = client.configKeys().get(name);
    if (key != null) {
      keys.add(key);
    }
  }

  private static Optional<String> refusal(ConfigKey key, String text) {
    Object parsed;
    try {
      parsed = ConfigDef.parseType(key.name, text, key.type);
    } catch (ConfigException e) {
      return Optional.of(
          switch (key.type) {
            case BOOLEAN -> "is neither true nor false";
            case SHORT, INT, LONG ->
                "is not a whole number" + (key.name.endsWith(".ms") ? " of milliseconds" : "");
            case DOUBLE -> "is not a number";
            case CLASS -> "names a class that is not on the class path";
            default -> "is not " + key.type;
          });
    }
    try {
      if (key.validator != null) {
        key.validator.ensureValid(key.name, parsed);
      }
      return Optional.empty();
    } catch (ConfigException e) {
      return Optional.of("is not one of those that Kafka takes: " + key.validator);
    }
  }

  private static Set<String> names() {
    Set<String> names = new TreeSet<>();
    for (ConfigDef client : List.of(STREAMS, CONSUMER, PRODUCER, ADMIN)) {
      names.addAll(client.names());
    }
    CLIENTS.forEach((prefix, client) -> client.names().forEach(name -> names.add(prefix + name)));
    return names;
  }

  private static Set<String> topicNames() {
    return Set.of(
        TopicConfig.SEGMENT_BYTES_CONFIG,
        TopicConfig.SEGMENT_MS_CONFIG,
        TopicConfig.SEGMENT_INDEX_BYTES_CONFIG,
        TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
        TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG,
        TopicConfig.COMPRESSION_TYPE_CONFIG,
        TopicConfig.DELETE_RETENTION_MS_CONFIG,
        TopicConfig.RETENTION_MS_CONFIG,
        TopicConfig.RETENTION_BYTES_CONFIG,
        TopicConfig.FILE_DELETE_DELAY_MS_CONFIG,
        TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG,
        TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG,
        TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG,
        TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG,
        TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG,
        TopicConfig.PREALLOCATE_CONFIG,
        TopicConfig.FLUSH_MESSAGES_INTERVAL_CONFIG,
        TopicConfig.FLUSH_MS_CONFIG,
        TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG);
  }
}
