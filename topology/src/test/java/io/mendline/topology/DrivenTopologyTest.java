package io.mendline.topology;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mendline.processors.ingest.Inputs;
import io.mendline.processors.pipeline.Source;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole topology on a few messages: what goes in on one side and comes out on the other. */
class DrivenTopologyTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Instant SENT = Instant.parse("2026-07-01T00:00:00Z");

  @TempDir private Path state;
  private Settings settings;
  private TopologyTestDriver driver;
  private final Map<String, List<TestRecord<byte[], byte[]>>> read = new HashMap<>();

  @BeforeEach
  void start() {
    settings =
        Settings.of(
            Map.of(
                "partitions", "1",
                "clock", "input",
                "stores", "memory",
                "format", "json",
                "state.dir", state.toString()));
    driver =
        new TopologyTestDriver(
            MendlineService.topology(settings, new AllRead()),
            MendlineService.properties(settings),
            SENT);
    second();
  }

  @AfterEach
  void stop() {
    driver.close();
  }

  @Test
  void a_failed_run_becomes_a_finding_an_incident_and_a_command() {
    policy("{\"mode\": \"auto\"}");
    run("10:00:00", "DRIVER_ERROR", "CLOUD_FAILURE", "Driver is gone");
    run("12:00:00", "SUCCESS", "SUCCESS", "", "23");

    List<JsonNode> findings = values("findings");
    assertThat(findings).isNotEmpty();
    assertThat(findings.get(0).get("kind").asText()).isEqualTo("RUN_FAILED");
    assertThat(findings.get(0).get("resource").get("id").asText()).isEqualTo("1234/11");
    assertThat(values("incidents")).isNotEmpty();
    List<JsonNode> commands = values("remediation.commands");
    assertThat(commands.get(0).get("action").asText()).isEqualTo("REPAIR_RUN");
    assertThat(commands.get(0).get("dryRun").asBoolean()).isFalse();
    assertThat(values("audit"))
        .extracting(entry -> entry.get("action").asText())
        .contains("RELEASE");
    assertThat(values("dead-letters")).isEmpty();
  }

  /** The driver commits after every message, and no time passes in which bundles are sent. */
  @Test
  void what_was_read_is_sent_on_before_the_commit_that_says_so() {
    send(
        Source.RUNS,
        null,
        """
        {"workspace_id": 1234, "job_id": "11", "run_id": 22, "end_time": 1780308000000,
         "state": {"life_cycle_state": "TERMINATED", "result_state": "FAILED"}}
        """);

    assertThat(values("findings")).hasSize(1);
  }

  @Test
  void what_leaves_is_keyed_as_the_contract_says() {
    policy("{\"mode\": \"auto\"}");
    run("10:00:00", "DRIVER_ERROR", "CLOUD_FAILURE", "Driver is gone");
    run("12:00:00", "SUCCESS", "SUCCESS", "", "23");

    assertThat(records("findings"))
        .allSatisfy(record -> assertThat(text(record.key())).isEqualTo("1234/11"));
    assertThat(records("incidents"))
        .allSatisfy(
            record ->
                assertThat(text(record.key())).isEqualTo(json(record.value()).get("id").asText()));
    assertThat(records("remediation.commands"))
        .isNotEmpty()
        .allSatisfy(
            record ->
                assertThat(text(record.key())).isEqualTo(json(record.value()).get("id").asText()));
  }

  @Test
  void an_unreadable_message_becomes_a_dead_letter_that_says_where_it_was_and_the_stream_goes_on() {
    send(Source.RUNS, "key", "{broken");
    run("10:00:00", "DRIVER_ERROR", "CLOUD_FAILURE", "Driver is gone");

    List<TestRecord<byte[], byte[]>> letters = records("dead-letters");
    assertThat(letters).hasSize(1);
    TestRecord<byte[], byte[]> letter = letters.get(0);
    assertThat(text(letter.key())).isEqualTo("key");
    assertThat(text(letter.value())).isEqualTo("{broken");
    assertThat(header(letter, "topic")).isEqualTo("telemetry.runs");
    assertThat(header(letter, "partition")).isEqualTo("0");
    assertThat(header(letter, "offset")).isEqualTo("0");
    assertThat(header(letter, "time")).isEqualTo("2026-07-01T00:00:00Z");
    assertThat(header(letter, "stage")).isEqualTo("decode");
    assertThat(header(letter, "error")).isNotBlank();
    assertThat(values("findings")).isNotEmpty();
  }

  @Test
  void a_policy_is_checked_and_written_for_the_global_table() {
    policy("{\"mode\": \"auto\"}");
    policy("{\"modus\": \"auto\"}");

    List<JsonNode> valid = values("policies-valid");
    assertThat(valid).hasSize(1);
    assertThat(valid.get(0).get("mode").asText()).isEqualTo("auto");
    assertThat(header(records("dead-letters").get(0), "stage")).isEqualTo("policy");
  }

  @Test
  void the_kill_switch_holds_every_command_and_lets_it_go_when_it_is_off() {
    policy("{\"mode\": \"auto\", \"killSwitch\": true}");
    run("10:00:00", "DRIVER_ERROR", "CLOUD_FAILURE", "Driver is gone");
    run("10:10:00", "RUNNING", null, "", "23");
    second();

    assertThat(values("remediation.commands")).isEmpty();
    assertThat(values("audit")).extracting(entry -> entry.get("action").asText()).contains("HOLD");

    policy("{\"mode\": \"auto\"}");
    second();
    assertThat(values("remediation.commands")).hasSize(1);
  }

  private void policy(String document) {
    send(Source.POLICIES, "test", document);
    // The driver does not feed a global table from what the topology itself writes.
    fresh("policies-valid")
        .forEach(
            record ->
                driver
                    .createInputTopic(
                        "policies-valid", new ByteArraySerializer(), new ByteArraySerializer())
                    .pipeInput(record));
  }

  private void run(String time, String code, String type, String message) {
    run(time, code, type, message, "22");
  }

  private void run(String time, String code, String type, String message, String runId) {
    long at = Instant.parse("2026-06-01T" + time + "Z").toEpochMilli();
    String status =
        type == null
            ? "{\"state\": \"RUNNING\"}"
            : """
              {"state": "TERMINATED", "termination_details":
                {"code": "%s", "type": "%s", "message": "%s"}}"""
                .formatted(code, type, message);
    send(
        Source.RUNS,
        null,
        """
        {"workspace_id": 1234, "job_id": "11", "run_id": %s, "start_time": %d, "end_time": %d,
         "status": %s}
        """
            .formatted(runId, at - 300_000, type == null ? 0 : at, status));
    settle();
  }

  private void send(Source source, String key, String value) {
    driver
        .createInputTopic(
            settings.topics().inputs().get(source),
            new ByteArraySerializer(),
            new ByteArraySerializer())
        .pipeInput(
            key == null ? null : key.getBytes(StandardCharsets.UTF_8),
            value.getBytes(StandardCharsets.UTF_8),
            SENT);
  }

  /** Lets a second of the wall clock pass: watermarks are told, the governor looks again. */
  private void second() {
    driver.advanceWallClockTime(Duration.ofSeconds(1));
  }

  /**
   * Work that is over its budget of time is done in rounds: on a busy machine it takes some more.
   */
  private void settle() {
    for (int round = 0; round < 20; round++) {
      second();
    }
  }

  /** Everything that was written so far. */
  private List<TestRecord<byte[], byte[]>> records(String topic) {
    fresh(topic);
    return read.get(topic);
  }

  /** What was written since the last time that anybody asked. */
  private List<TestRecord<byte[], byte[]>> fresh(String topic) {
    List<TestRecord<byte[], byte[]>> more =
        driver
            .createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer())
            .readRecordsToList();
    read.computeIfAbsent(topic, any -> new ArrayList<>()).addAll(more);
    return more;
  }

  private List<JsonNode> values(String topic) {
    return records(topic).stream().map(record -> json(record.value())).toList();
  }

  private static JsonNode json(byte[] value) {
    try {
      return JSON.readTree(value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String header(TestRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null ? null : text(header.value());
  }

  private static String text(byte[] bytes) {
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }

  private static final class AllRead implements Inputs {
    @Override
    public int partitions(Source source) {
      return 1;
    }

    @Override
    public long readToEndAt(Source source, int partition, long lastOffset) {
      return 0;
    }
  }
}
