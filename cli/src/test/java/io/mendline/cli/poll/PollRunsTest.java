package io.mendline.cli.poll;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.mendline.cli.Mendline;
import io.mendline.cli.broker.EmbeddedBroker;
import io.mendline.databricks.poller.PollerConfig;
import io.mendline.processors.cause.CauseCatalogue;
import io.mendline.processors.cause.FailureEvidence;
import io.mendline.processors.cause.RootCauseClassifier;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code mendline poll-runs --once} as a user meets it, with a broker and a workspace. */
@Timeout(120)
class PollRunsTest {
  private static final String TOPIC = "telemetry.runs";
  private static final String TOKEN = "dapi0123456789abcdef0123456789abcdef";
  private static EmbeddedBroker broker;
  private static HttpServer workspace;

  @TempDir private Path folder;
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void start() throws Exception {
    broker = EmbeddedBroker.start();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
    }
    workspace = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
    long now = System.currentTimeMillis();
    String run =
        "{\"job_id\":11,\"run_id\":22,\"run_name\":\"nightly\",\"start_time\":%d,\"end_time\":%d,"
                .formatted(now - 60_000, now - 30_000)
            + "\"state\":{\"life_cycle_state\":\"INTERNAL_ERROR\",\"result_state\":\"FAILED\"},"
            + "\"tasks\":[{\"run_id\":33,\"task_key\":\"main\",\"state\":{\"life_cycle_state\":"
            + "\"INTERNAL_ERROR\",\"result_state\":\"FAILED\"}}]}";
    Map<String, String> answers =
        Map.of(
            "/api/2.0/pipelines", "{\"statuses\":[{\"pipeline_id\":\"p-1\",\"name\":\"Orders\"}]}",
            "/api/2.0/pipelines/p-1/updates",
                "{\"updates\":[{\"pipeline_id\":\"p-1\",\"update_id\":\"u-1\",\"state\":\"RUNNING\","
                    + "\"creation_time\":%d}]}".formatted(now - 60_000),
            "/api/2.0/pipelines/p-1/updates/u-1",
                "{\"update\":{\"pipeline_id\":\"p-1\",\"update_id\":\"u-1\",\"state\":\"RUNNING\","
                    + "\"creation_time\":%d}}".formatted(now - 60_000),
            "/api/2.0/pipelines/p-1/events", "{}",
            "/api/2.2/jobs/runs/list", "{\"runs\":[" + run + "]}",
            "/api/2.2/jobs/runs/get", run,
            "/api/2.2/jobs/runs/get-output", "{\"error\":\"ValueError: no rows\"}",
            "/api/2.2/jobs/list",
                "{\"jobs\":[{\"job_id\":11,\"settings\":{\"name\":\"nightly\"}}]}",
            "/api/2.2/jobs/get", "{\"job_id\":11,\"settings\":{\"name\":\"nightly\"}}");
    workspace.createContext(
        "/",
        exchange -> {
          try (exchange) {
            boolean known =
                ("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"));
            byte[] body =
                (known ? answers.get(exchange.getRequestURI().getPath()) : "{}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(known ? 200 : 401, body.length);
            exchange.getResponseBody().write(body);
          }
        });
    workspace.start();
  }

  @AfterAll
  static void stop() {
    workspace.stop(0);
    broker.close();
  }

  private int poll(String... lines) throws IOException {
    List<String> settings = new ArrayList<>(List.of(lines));
    settings.add("kafka.bootstrap.servers=" + broker.bootstrapServers());
    settings.add("databricks.state.dir=" + folder.resolve("state"));
    Path config = Files.write(folder.resolve("mendline.properties"), settings);
    return Mendline.run(
        new PrintWriter(new StringWriter()),
        new PrintWriter(err, true),
        "poll-runs",
        "--once",
        "--config",
        config.toString());
  }

  private static String host() {
    return "http://localhost:" + workspace.getAddress().getPort();
  }

  @Test
  void once_puts_runs_jobs_and_a_sign_of_life_on_the_topic_and_says_whether_all_was_read()
      throws IOException {
    Path secret = Files.writeString(folder.resolve("token"), TOKEN + "\n");
    String[] good = {
      "databricks.workspace.prod.host=" + host(),
      "databricks.workspace.prod.id=7700",
      "databricks.workspace.prod.token=${file:" + secret + "}"
    };

    assertThat(poll(good)).as(err.toString()).isZero();
    List<ConsumerRecord<String, String>> first = read();
    assertThat(first)
        .extracting(ConsumerRecord::key)
        .containsExactly("7700/11", "7700/11", "7700/p-1", "7700");
    assertThat(first.get(0).value())
        .contains("\"run_id\":22", "\"workspace_id\":\"7700\"", "ValueError: no rows");
    assertThat(first.get(1).value()).startsWith("{\"kind\":\"job\",\"workspaceId\":\"7700\"");
    assertThat(first.get(2).value()).contains("\"update_id\":\"u-1\"", "\"Orders\"");
    assertThat(first.get(3).value()).startsWith("{\"kind\":\"heartbeat\"");

    assertThat(poll(good)).isZero();
    assertThat(read().subList(4, read().size()))
        .extracting(ConsumerRecord::key)
        .containsExactly("7700");

    assertThat(
            poll(
                good[0],
                good[1],
                good[2],
                "databricks.workspace.test.host=" + host(),
                "databricks.workspace.test.id=7701",
                "databricks.workspace.test.token=dapi-that-is-not-right"))
        .isEqualTo(2);
    assertThat(err.toString())
        .contains("mendline: test: the list of runs: ", "status 401")
        .doesNotContain(TOKEN, "dapi-that-is-not-right");
  }

  private static List<ConsumerRecord<String, String>> read() {
    List<ConsumerRecord<String, String>> records = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", broker.bootstrapServers()),
            new StringDeserializer(),
            new StringDeserializer())) {
      TopicPartition partition = new TopicPartition(TOPIC, 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).get(partition);
      while (consumer.position(partition) < end) {
        consumer.poll(Duration.ofMillis(200)).forEach(records::add);
      }
    }
    return records;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "databricks.workspace.prod.tokn=x|\"databricks.workspace.prod.tokn\" is not a setting; did you mean \"databricks.workspace.prod.token\"?",
        "databricks.intervall=30s|\"databricks.intervall\" is not a setting; did you mean \"databricks.interval\"?",
        "databricks.interval=30|\"databricks.interval\" cannot be \"30\": it has no unit",
        "databricks.overlap=0s|\"databricks.overlap\" cannot be \"0s\": it is not between 1m and 6h",
        "databricks.workspace.other.id=1|\"databricks.workspace.other.host\" is missing",
        "databricks.workspace.other.host=http://example.com|is not an address such as https://",
        "databricks.workspace.other.host=https://example.com|\"databricks.workspace.other.id\" is missing",
        "databricks.workspace.other.host=https://adb-7700.4.azuredatabricks.net|\"databricks.workspace.prod.id\" is 7700, which another",
        "databricks.workspace.other.host=https://adb-1.4.azuredatabricks.net|\"databricks.workspace.other.token\" or client.id",
        "databricks.workspace.prod.pipelines=no|\"databricks.workspace.prod.pipelines\" cannot be \"no\": it is neither true nor false",
        "databricks.report.jobs=x|\"databricks.report.jobs\" is not a setting; did you mean \"databricks.reports.jobs\"?",
        "databricks.workspace.prod.client.id=app|\"databricks.workspace.prod.token\" or client.id",
        "databricks.workspace.prod.client.secret=${env:MENDLINE_NOT_THERE}|refers to the environment variable MENDLINE_NOT_THERE",
      })
  void a_setting_that_is_wrong_is_named_with_what_to_do(String line, String said)
      throws IOException {
    assertThat(
            poll(
                "databricks.workspace.prod.host=" + host(),
                "databricks.workspace.prod.id=7700",
                "databricks.workspace.prod.token=" + TOKEN,
                line))
        .isEqualTo(1);
    assertThat(err.toString()).contains(said).doesNotContain(TOKEN);
  }

  @Test
  void pipelines_can_be_switched_off_for_a_workspace_and_reports_be_asked_for() throws IOException {
    Path config =
        Files.write(
            folder.resolve("two.properties"),
            List.of(
                "databricks.reports.jobs=nightly, Load *",
                "databricks.workspace.prod.host=https://adb-1.4.azuredatabricks.net",
                "databricks.workspace.prod.token=x",
                "databricks.workspace.test.host=https://adb-2.4.azuredatabricks.net",
                "databricks.workspace.test.token=x",
                "databricks.workspace.test.pipelines=false"));

    PollerConfig read = PollerSettings.read(config, Map.of()).config();

    assertThat(read.pipelinesOff()).containsExactly("2");
    assertThat(List.of("nightly", "load orders", "Other"))
        .filteredOn(read.reportsOf())
        .containsExactly("nightly", "load orders");
    assertThat(
            PollerSettings.read(
                    Files.write(config, Files.readAllLines(config).subList(1, 3)), Map.of())
                .config()
                .reportsOf()
                .test("nightly"))
        .isFalse();
  }

  @Test
  void a_topic_that_is_not_there_is_said_before_anything_is_read() throws IOException {
    assertThat(
            poll(
                "topics.prefix=elsewhere.",
                "kafka.max.block.ms=2000",
                "databricks.workspace.prod.host=" + host(),
                "databricks.workspace.prod.id=7700",
                "databricks.workspace.prod.token=" + TOKEN))
        .isEqualTo(1);
    assertThat(err.toString())
        .contains("the topic elsewhere.telemetry.runs cannot be written to", "topics create");
  }

  @Test
  void the_documented_settings_are_the_settings() throws IOException {
    String begin = "<!-- poller: begin -->\n";
    String document =
        Files.readString(Path.of(System.getProperty("mendline.root"), "docs", "poller.md"));
    StringBuilder table =
        new StringBuilder("| key | default | values | meaning |\n|---|---|---|---|\n");
    for (List<String> row : PollerSettings.reference()) {
      String byDefault = row.get(1).isEmpty() ? "" : "`" + row.get(1) + "`";
      table.append(
          String.format(
              "| `databricks.%s` | %s | %s | %s |%n",
              row.get(0), byDefault, row.get(2), row.get(3)));
    }

    assertThat(
            document.substring(
                document.indexOf(begin) + begin.length(), document.indexOf("<!-- poller: end -->")))
        .as("the settings in docs/poller.md; paste this between the marks:\n%s", table)
        .isEqualTo(table.toString());
  }

  /** Why the evidence is missing must not be taken for why the run failed. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "gone",
        "not-permitted",
        "not-offered",
        "not-asked",
        "too-large",
        "not-authenticated",
        "busy",
        "server-error",
        "no-answer",
        "unreadable"
      })
  void missing_evidence_changes_no_diagnosis(String why) {
    RootCauseClassifier causes = new RootCauseClassifier(CauseCatalogue.bundled());
    String pointer = "Workload failed, see run output for details.";
    String said = pointer + " [evidence unavailable: " + why + "]";

    assertThat(causes.classify(evidence(said)).key())
        .isEqualTo(causes.classify(evidence(pointer)).key())
        .isEqualTo("databricks/WORKLOAD_FAILED");
  }

  private static FailureEvidence evidence(String message) {
    return new FailureEvidence(null, null, "INTERNAL_ERROR", "FAILED", message, null, "main");
  }
}
