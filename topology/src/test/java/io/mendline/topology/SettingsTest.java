package io.mendline.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mendline.processors.pipeline.Clock;
import io.mendline.processors.pipeline.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
  private static final String SECRET = "correct-horse-battery";
  private static final String JAAS =
      "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"$ConnectionString\""
          + " password=\""
          + SECRET
          + "\";";

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "partition, partitions",
    "thread, threads",
    "procesing.guarantee, processing.guarantee",
    "topics.sentinal, topics.sentinel",
    "lateness.run, lateness.runs",
    "Stores, stores",
    "bootstrap.server, ''",
  })
  void an_unknown_key_stops_the_start_with_its_name_and_the_nearest_known_one(
      String key, String nearest) {
    assertThatThrownBy(() -> Settings.of(Map.of(key, "8")))
        .isInstanceOf(SettingsException.class)
        .hasMessageStartingWith("\"" + key + "\" is not a setting")
        .hasMessageContaining(
            nearest.isEmpty() ? "docs/configuration.md" : "did you mean \"" + nearest + "\"?");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "partitions          | eight        | is not a whole number",
        "partitions          | 0            | is not between 1 and 1000",
        "partitions          | ''           | is not a whole number",
        "topics.replication  | 11           | is not between -1 and 10",
        "threads             | 1.5          | is not a whole number",
        "processing.guarantee| exactly_once | is none of exactly-once, at-least-once",
        "topics.create       | yes          | is none of true, false",
        "clock               | system       | is none of wall, input",
        "stores              | disk         | is none of rocksdb, memory",
        "format              | xml          | is none of avro, json",
        "commit.interval     | 200          | has no unit",
        "commit.interval     | 1ms          | is not between 10ms and 10m",
        "commit.interval     | ms           | is not a duration",
        "lateness.cache      | 90d          | is not between 0s and 7d",
        "topics.runs         | runs of all  | may hold only letters",
        "topics.runs         | ..           | is a name that Kafka keeps",
        "topics.prefix       | a/b          | may hold only letters",
        "application.id      | ''           | is not 1 to 200 characters long",
        "standby.replicas    | 11           | is not between 0 and 10",
        "profile             | azure        | is none of kafka, event-hubs",
        "commit.interval     | 1.5s         | is not a duration",
        "lateness.runs       | -60s         | is negative",
        "lateness.runs       | 99999999999999999999d | is not a duration",
        "lateness.runs       | 999999999999999d      | is not a duration",
        "lateness.sentinel   | P2X          | is not a duration",
      })
  void a_value_that_a_key_does_not_take_is_refused_with_the_reason(
      String key, String value, String reason) {
    assertThatThrownBy(() -> Settings.of(Map.of(key, value)))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("\"" + key + "\" cannot be \"" + value + "\"")
        .hasMessageContaining(reason);
  }

  @ParameterizedTest
  @CsvSource({
    "200ms, PT0.2S",
    "60s, PT1M",
    "5 m, PT5M",
    "2h, PT2H",
    "7d, PT168H",
    "PT2H, PT2H",
    "p1d, P1D",
    "2H, PT2H",
    "0s, PT0S",
  })
  void a_duration_is_written_with_its_unit(String text, Duration meant) {
    Settings settings = Settings.of(Map.of("lateness.sentinel", text));

    assertThat(settings.lateness()).containsEntry(Source.SENTINEL, meant.toMillis());
  }

  @Test
  void every_default_is_a_value_that_its_key_takes() {
    for (String[] setting : Settings.reference()) {
      assertThatCode(() -> Settings.of(Map.of(setting[0], setting[1])))
          .as(setting[0])
          .doesNotThrowAnyException();
    }
  }

  @Test
  void without_a_file_the_defaults_hold() {
    Settings settings = Settings.load(null, Map.of("PATH", "/bin", "HOME", "/root"));

    assertThat(settings.applicationId()).isEqualTo("mendline");
    assertThat(settings.partitions()).isEqualTo(8);
    assertThat(settings.clock()).isEqualTo(Clock.WALL);
    assertThat(settings.format()).isEqualTo(OutputFormat.AVRO);
    assertThat(settings.topics().findings()).isEqualTo("findings");
    assertThat(settings.lateness())
        .containsEntry(Source.RUNS, 60_000L)
        .containsEntry(Source.SENTINEL, 7_200_000L)
        .containsEntry(Source.CACHE, 300_000L);
  }

  @Test
  void the_environment_stands_over_the_file() throws IOException {
    Path file = folder.resolve("mendline.properties");
    Files.writeString(
        file,
        """
        application.id = from-file
        partitions = 3
        kafka.bootstrap.servers = from-file:9092
        """);

    Settings settings =
        Settings.load(
            file,
            Map.of(
                "MENDLINE_PARTITIONS", "5",
                "MENDLINE_TOPICS_PREFIX", "west.",
                "MENDLINE_KAFKA_BOOTSTRAP_SERVERS", "from-environment:9092"));

    assertThat(settings.applicationId()).isEqualTo("from-file");
    assertThat(settings.partitions()).isEqualTo(5);
    assertThat(settings.topics().inputs()).containsEntry(Source.RUNS, "west.telemetry.runs");
    assertThat(settings.kafka()).containsEntry("bootstrap.servers", "from-environment:9092");
  }

  @Test
  void an_unknown_variable_stops_the_start_too() {
    assertThatThrownBy(() -> Settings.load(null, Map.of("MENDLINE_PARTITION", "3")))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("\"partition\" is not a setting; did you mean \"partitions\"?");
  }

  @Test
  void a_secret_comes_from_a_file_or_a_variable_and_is_never_printed() throws IOException {
    Path secret = Files.writeString(folder.resolve("secret"), "  " + SECRET + "\n\n");
    Path file = folder.resolve("m.properties");
    Files.writeString(
        file,
        "kafka.ssl.key.password=${file:"
            + secret
            + "}\nkafka.ssl.keystore.password=a${env:PASS}b\nkafka.client.id=${env:PASS}\n");

    Settings settings = Settings.load(file, Map.of("PASS", "x$1\\y"));

    assertThat(settings.kafka())
        .containsEntry("ssl.key.password", SECRET)
        .containsEntry("ssl.keystore.password", "ax$1\\yb");
    assertThat(settings.toString()).doesNotContain(SECRET).doesNotContain("x$1");
    assertThat(settings.masked("Kafka says: " + SECRET + " and x$1\\y"))
        .isEqualTo("Kafka says: *** and ***");
  }

  @Test
  void a_value_that_came_from_a_secret_is_not_repeated_when_it_is_refused() throws IOException {
    Path file = folder.resolve("m.properties");
    Files.writeString(file, "partitions=${env:PASS}\nformat=${env:PASS}\n");

    assertThatThrownBy(() -> Settings.load(file, Map.of("PASS", SECRET)))
        .hasMessageContaining("\"partitions\" cannot be \"***\"")
        .hasMessageContaining("\"format\" cannot be \"***\"")
        .hasMessageNotContaining(SECRET);
  }

  @Test
  void what_the_environment_replaces_is_not_looked_for() throws IOException {
    Path file = folder.resolve("m.properties");
    Files.writeString(file, "kafka.ssl.key.password=${file:/nowhere}\n");

    assertThat(Settings.load(file, Map.of("MENDLINE_KAFKA_SSL_KEY_PASSWORD", SECRET)).kafka())
        .containsEntry("ssl.key.password", SECRET);
    assertThat(Settings.offline(file).kafka()).isEmpty();
  }

  @Test
  void a_profile_changes_defaults_and_nothing_that_is_said() {
    Settings hubs = Settings.of(Map.of("profile", "event-hubs"));
    Settings said =
        Settings.of(
            Map.of(
                "profile", "event-hubs",
                "commit.interval", "5s",
                "topics.create", "true",
                "kafka.request.timeout.ms", "50000"));

    assertThat(hubs.get(Setting.COMMIT_INTERVAL)).hasSeconds(1);
    assertThat(hubs.get(Setting.EXACTLY_ONCE)).isFalse();
    assertThat(hubs.get(Setting.TOPICS_CREATE)).isFalse();
    assertThat(hubs.kafka()).containsEntry("request.timeout.ms", "60000");
    assertThat(said.get(Setting.COMMIT_INTERVAL)).hasSeconds(5);
    assertThat(said.get(Setting.TOPICS_CREATE)).isTrue();
    assertThat(said.kafka()).containsEntry("request.timeout.ms", "50000");
    assertThat(Settings.of(Map.of("profile", "kafka")).kafka()).isEmpty();
  }

  @Test
  void standbys_are_what_Kafka_Streams_is_told() {
    assertThat(StreamsProperties.of(Settings.of(Map.of("standby.replicas", "2"))))
        .containsEntry("num.standby.replicas", 2);
  }

  @Test
  void what_is_passed_through_stands_over_what_Mendline_sets() {
    Properties properties =
        StreamsProperties.of(
            Settings.of(Map.of("kafka.max.request.size", "2000000", "kafka.linger.ms", "0")));

    assertThat(new StreamsConfig(with(properties)).getProducerConfigs("test"))
        .containsEntry("max.request.size", "2000000")
        .containsEntry("linger.ms", "0");
  }

  @Test
  void what_is_sent_is_compressed_unless_Event_Hubs_would_refuse_it() {
    assertThat(StreamsProperties.of(Settings.of(Map.of())))
        .containsEntry("compression.type", "lz4");
    assertThat(StreamsProperties.of(Settings.of(Map.of("profile", "event-hubs"))))
        .containsEntry("compression.type", "none");
  }

  private static Properties with(Properties properties) {
    properties.put("bootstrap.servers", "localhost:9092");
    return properties;
  }

  @Test
  void what_the_script_hands_to_Java_is_no_setting() {
    assertThatCode(() -> Settings.load(null, Map.of("MENDLINE_JAVA_OPTS", "-Xmx4g")))
        .doesNotThrowAnyException();
  }

  @Test
  void a_file_that_is_missing_is_named() {
    Path missing = folder.resolve("nowhere.properties");

    assertThatThrownBy(() -> Settings.load(missing, Map.of()))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("nowhere.properties")
        .hasMessageContaining("cannot be read");
  }

  @Test
  void kafka_keys_are_passed_through_to_the_clients() {
    Settings settings =
        Settings.of(
            Map.of(
                "kafka.bootstrap.servers", " hub:9093 ",
                "kafka.fetch.max.bytes", "1000000",
                "kafka.producer.linger.ms", "50"));

    Properties properties = StreamsProperties.of(settings);

    assertThat(properties)
        .containsEntry("bootstrap.servers", "hub:9093")
        .containsEntry("fetch.max.bytes", "1000000")
        .containsEntry("producer.linger.ms", "50");
  }

  @ParameterizedTest
  @CsvSource({
    "kafka.processing.guarantee, processing.guarantee",
    "kafka.application.id, application.id",
  })
  void what_the_pipeline_itself_goes_by_cannot_be_changed_behind_its_back(
      String key, String instead) {
    assertThatThrownBy(() -> Settings.of(Map.of(key, "at_least_once")))
        .isInstanceOf(SettingsException.class)
        .hasMessage("\"" + key + "\" cannot be set; set \"" + instead + "\" instead");
  }

  @ParameterizedTest
  @ValueSource(strings = {"exactly-once", "at-least-once"})
  void the_guarantee_is_what_Kafka_Streams_is_told(String guarantee) {
    Properties properties =
        StreamsProperties.of(Settings.of(Map.of("processing.guarantee", guarantee)));

    assertThat(properties.get(StreamsConfig.PROCESSING_GUARANTEE_CONFIG))
        .isEqualTo(guarantee.equals("exactly-once") ? "exactly_once_v2" : "at_least_once");
  }

  @Test
  void secrets_are_never_printed() {
    Settings settings =
        Settings.of(
            Map.of(
                "kafka.bootstrap.servers",
                "localhost:9092",
                "kafka.sasl.jaas.config",
                JAAS,
                "kafka.ssl.keystore.password",
                SECRET,
                "kafka.security.protocol",
                "SASL_SSL",
                "kafka.sasl.oauthbearer.client.credentials.client.secret",
                "user:" + SECRET));

    assertThat(settings.toString())
        .contains("sasl.jaas.config")
        .doesNotContain(SECRET)
        .doesNotContain("user:");
    assertThat(settings.with("partitions", "3").toString()).doesNotContain(SECRET);
    assertThat(MendlineService.describe(settings).describe().toString()).doesNotContain(SECRET);
    assertThatThrownBy(() -> settings.with("partition", "3")).hasMessageNotContaining(SECRET);
  }

  @Test
  void a_setting_that_Kafka_refuses_is_named_and_its_secret_is_not() {
    Settings settings =
        Settings.of(
            Map.of(
                "kafka.bootstrap.servers", "localhost:9092",
                "kafka.security.protocol", "SASL_PLAINTEXT",
                "kafka.sasl.mechanism", "PLAIN",
                "kafka.sasl.jaas.config", JAAS.replace("required", "required username")));

    assertThatThrownBy(() -> MendlineService.prepare(settings))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("kafka.* setting")
        .hasMessageNotContaining(SECRET);
  }

  @Test
  void one_setting_changed_leaves_the_others() {
    Settings settings = Settings.of(Map.of("partitions", "3", "kafka.bootstrap.servers", "a:1"));

    Settings changed = settings.with("threads", "4");

    assertThat(changed.partitions()).isEqualTo(3);
    assertThat(changed.get(Setting.THREADS)).isEqualTo(4);
    assertThat(changed.kafka()).isEqualTo(settings.kafka());
  }

  @Test
  void the_reference_names_each_key_once() {
    List<String> keys = Settings.reference().stream().map(setting -> setting[0]).toList();

    assertThat(keys).doesNotHaveDuplicates().contains("partitions", "topics.runs", "lateness.runs");
  }
}
