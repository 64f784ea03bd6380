package io.mendline.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The configurations in {@code deploy/} are read as the service reads them. */
class DeployedSettingsTest {
  private static final Map<String, String> NO_ENVIRONMENT = Map.of();

  @ParameterizedTest
  @ValueSource(strings = {"kafka.properties", "event-hubs.properties"})
  void every_key_is_known_to_us_or_to_kafka(String file) {
    Settings settings = Settings.load(deployed(file), NO_ENVIRONMENT);

    assertThat(settings.kafka().keySet()).isSubsetOf(knownToKafka()).contains("bootstrap.servers");
    // Builds without a broker, so what Kafka Streams checks of its settings was checked.
    assertThat(MendlineService.describe(settings).describe().subtopologies()).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"kafka.properties", "event-hubs.properties"})
  void no_secret_is_in_the_file(String file) {
    assertThat(Settings.load(deployed(file), NO_ENVIRONMENT).kafka().keySet())
        .noneMatch(
            key -> key.contains("jaas") || key.contains("password") || key.contains("secret"));
  }

  @Test
  void the_connection_string_comes_from_the_environment_and_is_never_printed() {
    String login =
        "org.apache.kafka.common.security.plain.PlainLoginModule required"
            + " username=\"$ConnectionString\" password=\"Endpoint=sb://ns/;SharedAccessKey=key\";";

    Settings settings =
        Settings.load(
            deployed("event-hubs.properties"), Map.of("MENDLINE_KAFKA_SASL_JAAS_CONFIG", login));

    assertThat(settings.kafka()).containsEntry("sasl.jaas.config", login);
    assertThat(settings.toString()).doesNotContain("SharedAccessKey");
  }

  @Test
  void on_event_hubs_nothing_is_asked_for_that_it_refuses() {
    Properties properties =
        StreamsProperties.of(Settings.load(deployed("event-hubs.properties"), NO_ENVIRONMENT));

    assertThat(properties)
        .containsEntry(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE)
        .containsEntry("group.protocol", "classic")
        .containsEntry("enable.metrics.push", "false")
        .containsEntry(StreamsConfig.REPLICATION_FACTOR_CONFIG, -1);
    assertThat((Long) properties.get(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG))
        .isGreaterThanOrEqualTo(1_000L);
  }

  /** An admin client refuses to start when a call may not last as long as one request. */
  @Test
  void a_call_may_last_as_long_as_a_request() {
    Map<String, String> kafka =
        Settings.load(deployed("event-hubs.properties"), NO_ENVIRONMENT).kafka();

    assertThat(Integer.parseInt(kafka.getOrDefault("default.api.timeout.ms", "0")))
        .isGreaterThanOrEqualTo(Integer.parseInt(kafka.get("request.timeout.ms")));
  }

  private static Path deployed(String file) {
    return Path.of(System.getProperty("mendline.root"), "deploy", file);
  }

  private static Set<String> knownToKafka() {
    Set<String> known = new TreeSet<>(StreamsConfig.configDef().names());
    known.addAll(ConsumerConfig.configNames());
    known.addAll(ProducerConfig.configNames());
    known.addAll(AdminClientConfig.configNames());
    return known;
  }
}
