package io.mendline.cli.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.mendline.cli.broker.EmbeddedBroker;
import io.mendline.processors.pipeline.Source;
import io.mendline.topology.MendlineService;
import io.mendline.topology.Settings;
import io.mendline.topology.health.Health;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A service on a broker, with eight partitions as by default: what it exposes is what the documents
 * list, and all that the dashboard and the alerts ask for.
 */
class WatchedServiceTest {
  private static final Path ROOT = Path.of(System.getProperty("mendline.root"));
  private static final Path OPERATIONS = ROOT.resolve("docs/operations.md");
  private static final Path DASHBOARD = ROOT.resolve("deploy/grafana/mendline.json");
  private static final Path ALERTS = ROOT.resolve("deploy/prometheus/alerts.yaml");
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(50);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  /** What Prometheus itself adds to every series, and the label of buckets. */
  private static final Set<String> LABELS_OF_PROMETHEUS = Set.of("instance", "job", "le");

  /** What Prometheus says of each target. */
  private static final Set<String> METRICS_OF_PROMETHEUS = Set.of("up");

  private static final int MOST_SERIES = 1_000;

  @TempDir private static Path state;
  private static EmbeddedBroker broker;
  private static MendlineService service;
  private static Exposed exposed;

  @BeforeAll
  static void start() throws IOException {
    broker = EmbeddedBroker.start();
    service = MendlineService.start(settings("watched"));
    await("the service is ready", () -> service.health().ready().up());
    send(failedRun());
    await(
        "a finding is counted",
        () -> {
          exposed = new Exposed(service.metrics().scrape());
          return exposed.value("mendline_findings_total{kind=\"RUN_FAILED\",status=\"RAISED\"}")
              == 1;
        });
    // Meters of tasks and of collections are there only after a first look and a first collection;
    // what is still missing then is told by the tests, each its own.
    Set<String> documented = documented();
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!exposed.names().containsAll(documented) && System.nanoTime() < end) {
      System.gc();
      LockSupport.parkNanos(LOOK_AGAIN.toNanos());
      exposed = new Exposed(service.metrics().scrape());
    }
  }

  @AfterAll
  static void stop() {
    service.close();
    broker.close();
  }

  @Test
  void what_is_counted_is_what_was_sent() {
    assertThat(exposed.value("mendline_messages_total{source=\"runs\"}")).isEqualTo(1);
    assertThat(exposed.value("mendline_signals_total{source=\"runs\"}")).isEqualTo(1);
    assertThat(exposed.value("mendline_end_to_end_seconds_count")).isEqualTo(1);
    assertThat(exposed.value("mendline_end_to_end_seconds_bucket{le=\"60.0\"}")).isEqualTo(1);
    assertThat(exposed.value("mendline_ready")).isEqualTo(1);
    assertThat(exposed.value("mendline_live")).isEqualTo(1);
    assertThat(exposed.value("mendline_watermark_lag_seconds{source=\"runs\"}"))
        .isBetween(59.0, 90.0);
  }

  @Test
  void one_instance_makes_no_more_than_a_thousand_series() {
    assertThat(exposed.size()).isLessThan(MOST_SERIES);
  }

  /** Else every start would make all series anew. */
  @Test
  void no_label_holds_the_number_of_the_process() {
    assertThat(service.metrics().scrape())
        .doesNotContainPattern("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}");
  }

  @Test
  void the_documented_metrics_are_the_metrics() throws IOException {
    StringBuilder table =
        new StringBuilder("| metric | type | labels | meaning |\n|---|---|---|---|\n");
    for (String metric : exposed.metrics()) {
      if (metric.startsWith("mendline_")) {
        table.append(
            "| `%s` | %s | %s | %s |%n"
                .formatted(
                    metric,
                    exposed.type(metric),
                    String.join(", ", exposed.labels(metric)),
                    exposed.meaning(metric)));
      }
    }
    assertDocumented("metrics", table.toString());
  }

  @Test
  void the_documented_metrics_of_Kafka_are_the_ones_that_are_kept() throws IOException {
    StringBuilder table = new StringBuilder("| metric | labels | meaning |\n|---|---|---|\n");
    for (String metric : exposed.metrics()) {
      if (metric.startsWith("kafka_")) {
        Set<String> labels = new TreeSet<>(exposed.labels(metric));
        labels.remove("kafka_version");
        table.append(
            "| `%s` | %s | %s |%n"
                .formatted(
                    metric,
                    String.join(", ", labels),
                    exposed.meaning(metric).replace("\\n", " ").replace("|", "\\|")));
      }
    }
    assertDocumented("metrics of Kafka", table.toString());
  }

  @Test
  void the_dashboard_and_the_alerts_ask_only_for_what_is_there() throws IOException {
    List<String> missing = new ArrayList<>();
    for (String query : queries()) {
      PromQl asked = new PromQl(query);
      Set<String> labels = new TreeSet<>(LABELS_OF_PROMETHEUS);
      for (String metric : asked.metrics()) {
        if (METRICS_OF_PROMETHEUS.contains(metric)) {
          continue;
        }
        labels.addAll(exposed.labels(metric));
        if (!exposed.names().contains(metric)) {
          missing.add(metric + " in " + query);
        }
      }
      asked.labels().stream()
          .filter(label -> !labels.contains(label))
          .forEach(label -> missing.add("label " + label + " in " + query));
    }
    assertThat(missing).isEmpty();
    assertThat(queries()).hasSizeGreaterThan(40);
  }

  @Test
  void every_metric_of_Mendline_is_on_the_dashboard_or_in_an_alert() throws IOException {
    Set<String> asked = new TreeSet<>();
    for (String query : queries()) {
      new PromQl(query)
          .metrics()
          .forEach(metric -> asked.add(metric.replaceAll("_(bucket|count|sum)$", "")));
    }
    Set<String> unused = new TreeSet<>(exposed.metrics());
    unused.removeIf(metric -> !metric.startsWith("mendline_") || asked.contains(metric));
    assertThat(unused).isEmpty();
  }

  @Test
  void every_alert_has_a_section_that_says_what_to_do_and_every_section_an_alert()
      throws IOException {
    Set<String> runbooks = new TreeSet<>();
    Set<String> alerts = new TreeSet<>();
    for (JsonNode rule : rules()) {
      alerts.add(rule.get("alert").asText());
      assertThat(rule.at("/annotations/summary").asText()).isNotBlank();
      assertThat(rule.at("/labels/severity").asText()).isIn("critical", "warning");
      runbooks.add(rule.at("/annotations/runbook").asText());
      assertThat(rule.at("/annotations/runbook").asText())
          .isEqualToIgnoringCase("docs/operations.md#" + rule.get("alert").asText());
    }
    Set<String> sections = new TreeSet<>();
    Matcher heading =
        Pattern.compile("(?m)^### (Mendline\\w+)$").matcher(Files.readString(OPERATIONS));
    while (heading.find()) {
      sections.add(heading.group(1));
    }
    assertThat(sections).isEqualTo(alerts);
    assertThat(runbooks).hasSameSizeAs(alerts);
  }

  @Test
  void health_follows_the_life_of_an_instance() {
    MendlineService second = MendlineService.start(settings("short-lived"));
    Health health = second.health();
    try {
      assertThat(health.live().up()).isTrue();
      await(
          "it is ready",
          () -> {
            boolean ready = health.ready().up();
            assertThat(!ready || health.started().up()).as("ready only once started").isTrue();
            return ready;
          });
      assertThat(health.ready().details())
          .containsEntry("recordsToRestore", 0L)
          .containsEntry("threads", 2);
    } finally {
      second.close();
    }
    assertThat(health.ready().up()).isFalse();
    // On a busy machine it may leave later than it is waited for.
    await("it has ended", () -> !health.live().up());
    assertThat(health.started().up()).isTrue();
  }

  private static void assertDocumented(String mark, String table) throws IOException {
    String begin = "<!-- " + mark + ": begin -->\n";
    String end = "<!-- " + mark + ": end -->";
    String document = Files.readString(OPERATIONS);
    assertThat(document).contains(begin, end);
    assertThat(document.substring(document.indexOf(begin) + begin.length(), document.indexOf(end)))
        .as("%s in docs/operations.md; paste this between the marks:%n%s", mark, table)
        .isEqualTo(table);
  }

  /** What can be waited for: histograms have other names in their series. */
  private static Set<String> documented() throws IOException {
    Set<String> documented = new TreeSet<>(Set.of("jvm_gc_pause_seconds_sum"));
    Matcher row =
        Pattern.compile("(?m)^\\| `(kafka_\\w+)` \\|").matcher(Files.readString(OPERATIONS));
    while (row.find()) {
      documented.add(row.group(1));
    }
    return documented;
  }

  private static List<String> queries() throws IOException {
    List<String> queries = new ArrayList<>();
    JsonNode dashboard = JSON.readTree(DASHBOARD.toFile());
    dashboard.findValues("expr").forEach(query -> queries.add(query.asText()));
    for (JsonNode variable : dashboard.at("/templating/list")) {
      Matcher values =
          Pattern.compile("label_values\\((\\w+), (\\w+)\\)")
              .matcher(variable.at("/query/query").asText());
      assertThat(values.matches()).isTrue();
      queries.add("sum by (" + values.group(2) + ") (" + values.group(1) + ")");
    }
    rules().forEach(rule -> queries.add(rule.get("expr").asText()));
    return queries;
  }

  private static List<JsonNode> rules() throws IOException {
    List<JsonNode> rules = new ArrayList<>();
    for (JsonNode group : YAML.readTree(ALERTS.toFile()).get("groups")) {
      group.get("rules").forEach(rules::add);
    }
    return rules;
  }

  private static Settings settings(String name) {
    return Settings.of(
        new TreeMap<>(
            Map.of(
                "application.id",
                name,
                "topics.prefix",
                name + ".",
                "state.dir",
                state.resolve(name).toString(),
                "api.port",
                "0",
                "kafka.bootstrap.servers",
                broker.bootstrapServers())));
  }

  private static void send(String message) {
    Properties client = new Properties();
    client.put("bootstrap.servers", broker.bootstrapServers());
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
      var unused =
          producer.send(
              new ProducerRecord<>(
                  "watched." + Source.RUNS.defaultTopic(),
                  message.getBytes(StandardCharsets.UTF_8)));
      producer.flush();
    }
  }

  private static String failedRun() {
    long at = Instant.now().toEpochMilli();
    return """
    {"workspace_id": 1234, "job_id": "11", "run_id": 22, "start_time": %d, "end_time": %d,
     "status": {"state": "TERMINATED", "termination_details":
       {"code": "DRIVER_ERROR", "type": "CLOUD_FAILURE", "message": "Driver is gone"}}}
    """
        .formatted(at - 300_000, at);
  }

  private static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(end);
      LockSupport.parkNanos(LOOK_AGAIN.toNanos());
    }
  }
}
