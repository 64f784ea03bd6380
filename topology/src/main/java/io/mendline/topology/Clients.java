package io.mendline.topology;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/** The settings of clients beside Kafka Streams: {@code kafka.*}, as far as each knows it. */
public final class Clients {
  private Clients() {}

  /** Of a consumer that reads what is committed, from the beginning. */
  public static Map<String, Object> consumer(Settings settings) {
    Map<String, Object> client = of(settings, ConsumerConfig.configNames(), "consumer.");
    client.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    client.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    client.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    return client;
  }

  /** Of a producer that loses nothing. */
  public static Map<String, Object> producer(Settings settings) {
    Map<String, Object> client = of(settings, ProducerConfig.configNames(), "producer.");
    client.put(ProducerConfig.ACKS_CONFIG, "all");
    client.putIfAbsent(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, StreamsProperties.REQUEST_BYTES);
    return client;
  }

  static Map<String, Object> admin(Settings settings) {
    return of(settings, AdminClientConfig.configNames(), "admin.");
  }

  private static Map<String, Object> of(Settings settings, Set<String> known, String prefix) {
    Map<String, Object> client = new HashMap<>();
    Map<String, String> kafka = settings.kafka();
    kafka.forEach(
        (name, value) -> {
          if (known.contains(name)) {
            client.put(name, value);
          }
        });
    kafka.forEach(
        (name, value) -> {
          if (name.startsWith(prefix)) {
            client.put(name.substring(prefix.length()), value);
          }
        });
    client.putIfAbsent(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, false);
    return client;
  }
}
