package io.mendline.topology;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

/** What {@code kafka.*} may not change, because the pipeline goes by it, and what to do instead. */
final class Reserved {
  private static final Map<String, Rule> RULES = rules();

  private Reserved() {}

  /** Which values are taken all the same, and what to do. */
  private record Rule(Predicate<String> taken, String reason) {}

  /**
   * Why a setting cannot be passed through.
   *
   * @param name as Kafka has it, client before it or not
   * @return what completes a sentence about the key; empty when it can
   */
  static Optional<String> problem(String name, Given value) {
    Rule rule = RULES.get(KafkaKeys.base(name));
    return rule == null || rule.taken().test(value.text())
        ? Optional.empty()
        : Optional.of("cannot be set" + rule.reason());
  }

  private static Map<String, Rule> rules() {
    Map<String, Rule> rules = new LinkedHashMap<>();
    said(rules, StreamsConfig.PROCESSING_GUARANTEE_CONFIG, Setting.EXACTLY_ONCE);
    said(rules, StreamsConfig.APPLICATION_ID_CONFIG, Setting.APPLICATION_ID);
    said(rules, ConsumerConfig.GROUP_ID_CONFIG, Setting.APPLICATION_ID);
    said(rules, StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, Setting.COMMIT_INTERVAL);
    said(rules, StreamsConfig.NUM_STREAM_THREADS_CONFIG, Setting.THREADS);
    said(rules, StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, Setting.STANDBY_REPLICAS);
    said(rules, StreamsConfig.STATE_DIR_CONFIG, Setting.STATE_DIR);
    said(rules, StreamsConfig.REPLICATION_FACTOR_CONFIG, Setting.TOPICS_REPLICATION);
    said(rules, StreamsConfig.APPLICATION_SERVER_CONFIG, Setting.API_ADVERTISED);
    only(rules, ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest", "inputs are read whole");
    only(
        rules,
        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
        "read_committed",
        "what a producer took back must not be judged");
    only(rules, ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false", "the pipeline commits");
    only(rules, ProducerConfig.ACKS_CONFIG, "all", "an output must not be lost with a broker");
    only(rules, ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true", "order must outlive a retry");
    only(
        rules,
        ConsumerConfig.GROUP_PROTOCOL_CONFIG,
        "classic",
        "the service works with no other, and Event Hubs knows no other");
    only(
        rules,
        StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG,
        "0",
        "every key is written once a signal, a cache would only copy");
    only(
        rules,
        "cache.max.bytes.buffering",
        "0",
        "every key is written once a signal, a cache would only copy");
    only(
        rules,
        StreamsConfig.TOPOLOGY_OPTIMIZATION_CONFIG,
        StreamsConfig.NO_OPTIMIZATION,
        "it would rename what state is kept under");
    only(
        rules,
        StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG,
        "true",
        "a made-up name loses its state");
    for (String name :
        new String[] {
          ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
          ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
          ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
          ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
          StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG,
          StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG,
          StreamsConfig.DEFAULT_TIMESTAMP_EXTRACTOR_CLASS_CONFIG,
          StreamsConfig.DEFAULT_CLIENT_SUPPLIER_CONFIG,
          StreamsConfig.PROCESSOR_WRAPPER_CLASS_CONFIG,
          StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG,
          StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG,
          StreamsConfig.PRODUCTION_EXCEPTION_HANDLER_CLASS_CONFIG,
          "default.deserialization.exception.handler",
          "default.production.exception.handler",
          "processing.exception.handler.global.enabled",
          StreamsConfig.ERRORS_DEAD_LETTER_QUEUE_TOPIC_NAME_CONFIG,
          StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG,
          StreamsConfig.DSL_STORE_SUPPLIERS_CLASS_CONFIG,
          "dsl.store.format",
          ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
          ProducerConfig.TRANSACTIONAL_ID_CONFIG,
          ProducerConfig.PARTITIONER_CLASS_CONFIG
        }) {
      rules.put(name, new Rule(any -> false, ": the pipeline goes by its own; take it out"));
    }
    return rules;
  }

  private static void said(Map<String, Rule> rules, String name, Setting<?> instead) {
    rules.put(name, new Rule(any -> false, "; set \"" + instead.key() + "\" instead"));
  }

  private static void only(Map<String, Rule> rules, String name, String value, String why) {
    rules.put(
        name,
        new Rule(
            text -> text.equalsIgnoreCase(value) || (name.equals("acks") && text.equals("-1")),
            " to anything but \"" + value + "\": " + why + "; take it out"));
  }
}
