package io.mendline.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.ingest.Inputs;
import io.mendline.processors.pipeline.Source;
import io.mendline.topology.metrics.Metrics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is counted is what was sent and what came of it. */
class MeteredTopologyTest {
  private static final Instant SENT = Instant.parse("2026-07-01T00:00:00Z");

  @TempDir private Path state;
  private Settings settings;
  private Metrics metrics;
  private TopologyTestDriver driver;

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
    metrics = new Metrics(settings.clock(), System::currentTimeMillis, settings.lateness());
    Properties properties = MendlineService.properties(settings);
    driver =
        new TopologyTestDriver(
            MendlineService.topology(settings, new AllRead(), metrics.observer()),
            properties,
            SENT);
    pass(1);
  }

  @AfterEach
  void stop() {
    if (driver != null) {
      driver.close();
    }
    metrics.close();
  }

  @Test
  void messages_and_signals_and_dead_letters_add_up() {
    send(Source.RUNS, failed("10:00:00", "22"));
    send(Source.RUNS, "[" + failed("10:01:00", "23") + "," + failed("10:02:00", "24") + "]");
    send(Source.RUNS, "{broken");
    send(Source.POLICIES, "{\"modus\": \"auto\"}");
    send(Source.OUTCOMES, "{\"commandId\": \"what\", \"status\": \"FAILED\"}");

    Map<String, Double> scraped = scrape();
    assertThat(scraped)
        .containsEntry("mendline_messages_total{source=\"runs\"}", 3.0)
        .containsEntry("mendline_signals_total{source=\"runs\"}", 3.0)
        .containsEntry("mendline_messages_total{source=\"policies\"}", 1.0)
        .containsEntry("mendline_signals_total{source=\"policies\"}", 0.0)
        .containsEntry("mendline_messages_total{source=\"cache\"}", 0.0)
        .containsEntry("mendline_dead_letters_total{stage=\"policy\"}", 1.0);
    assertThat(sum(scraped, "mendline_dead_letters_total")).isEqualTo(written("dead-letters"));
  }

  @Test
  void findings_incidents_alerts_and_commands_are_counted_as_they_are_written() {
    policy("{\"mode\": \"auto\"}");
    send(Source.RUNS, failed("10:00:00", "22"));
    send(Source.RUNS, running("12:00:00"));
    pass(20);

    Map<String, Double> scraped = scrape();
    assertThat(scraped)
        .containsEntry("mendline_findings_total{kind=\"RUN_FAILED\",status=\"RAISED\"}", 1.0)
        .containsEntry("mendline_commands_total{action=\"REPAIR_RUN\",result=\"ISSUED\"}", 1.0)
        .containsEntry("mendline_commands_total{action=\"REPAIR_RUN\",result=\"DRY_RUN\"}", 0.0)
        .containsEntry("mendline_end_to_end_seconds_count", 1.0);
    assertThat(sum(scraped, "mendline_findings_total")).isEqualTo(written("findings"));
    assertThat(sum(scraped, "mendline_incidents_total")).isEqualTo(written("incidents"));
    assertThat(sum(scraped, "mendline_alerts_total")).isEqualTo(written("alerts"));
    assertThat(sum(scraped, "mendline_commands_total")).isEqualTo(written("remediation.commands"));
  }

  @Test
  void a_report_of_the_executor_is_counted_under_what_its_command_was_to_do() {
    policy("{\"mode\": \"auto\"}");
    send(Source.RUNS, failed("10:00:00", "22"));
    send(Source.RUNS, running("10:20:00"));
    pass(20);
    String command = ids("remediation.commands");
    send(
        Source.OUTCOMES,
        """
        {"commandId": "%s", "status": "SUCCEEDED", "at": "2026-06-01T10:15:00Z", "actor": "test"}
        """
            .formatted(command));
    send(Source.RUNS, running("12:00:00"));
    pass(20);

    assertThat(scrape())
        .containsEntry("mendline_commands_total{action=\"REPAIR_RUN\",result=\"SUCCEEDED\"}", 1.0);
  }

  @Test
  void a_held_command_is_counted_once_by_its_reason_and_waits() {
    policy("{\"mode\": \"auto\", \"killSwitch\": true}");
    send(Source.RUNS, failed("10:00:00", "22"));
    send(Source.RUNS, running("10:10:00"));
    pass(20);

    assertThat(scrape())
        .containsEntry("mendline_held_total{reason=\"kill_switch\"}", 1.0)
        .containsEntry("mendline_held_total{reason=\"approval\"}", 0.0)
        .containsEntry("mendline_commands_waiting", 1.0);

    policy("{\"mode\": \"off\"}");
    pass(20);
    assertThat(scrape())
        .containsEntry("mendline_commands_total{action=\"REPAIR_RUN\",result=\"OFF\"}", 1.0)
        .containsEntry("mendline_commands_waiting", 0.0);
  }

  @Test
  void what_comes_after_the_watermark_is_late() {
    send(Source.RUNS, failed("12:00:00", "22"));
    pass(2);
    send(Source.RUNS, failed("10:00:00", "23"));
    send(Source.RUNS, failed("12:30:00", "24"));

    assertThat(scrape())
        .containsEntry("mendline_late_total{source=\"runs\"}", 1.0)
        .containsEntry("mendline_late_total{source=\"sentinel\"}", 0.0);
  }

  @Test
  void watermarks_timers_and_stores_are_what_the_tasks_say() {
    send(Source.RUNS, failed("10:00:00", "22"));
    pass(20);

    Map<String, Double> scraped = scrape();
    assertThat(scraped)
        .as("on the input's clock a lag is what the newest event is ahead")
        .containsEntry("mendline_watermark_lag_seconds{source=\"runs\"}", 60.0)
        .containsEntry("mendline_watermark_lag_seconds{source=\"sentinel\"}", 7_200.0)
        .containsEntry("mendline_lateness_seconds{source=\"sentinel\"}", 7_200.0)
        .containsEntry("mendline_state_entries{store=\"runs\"}", 1.0)
        .containsEntry("mendline_state_entries{store=\"regression\"}", 0.0)
        .containsEntry("mendline_timers{concern=\"incidents\"}", 1.0)
        .containsEntry("mendline_timers_due{concern=\"incidents\"}", 0.0);
    assertThat(scraped.keySet())
        .noneMatch(name -> name.startsWith("mendline_timers{concern=\"governor\""));
  }

  @Test
  void what_a_task_said_goes_with_the_task() {
    send(Source.RUNS, failed("10:00:00", "22"));
    pass(20);
    driver.close();
    driver = null;

    assertThat(scrape())
        .containsEntry("mendline_state_entries{store=\"runs\"}", 0.0)
        .containsEntry("mendline_watermark_lag_seconds{source=\"runs\"}", Double.NaN)
        .containsEntry("mendline_findings_total{kind=\"RUN_FAILED\",status=\"RAISED\"}", 1.0);
  }

  /** Whatever is in messages: labels are made of enums, and all of them are there at the start. */
  @Test
  void no_message_makes_another_series() {
    int before = scrape().size();
    for (int i = 0; i < 50; i++) {
      send(Source.RUNS, failed("10:00:00", Integer.toString(100 + i)));
      send(Source.RUNS, "{broken " + i);
    }
    pass(20);

    assertThat(scrape()).hasSize(before);
  }

  private void policy(String document) {
    send(Source.POLICIES, document);
    // The driver does not feed a global table from what the topology itself writes.
    for (TestRecord<byte[], byte[]> record : records("policies-valid")) {
      driver
          .createInputTopic("policies-valid", new ByteArraySerializer(), new ByteArraySerializer())
          .pipeInput(record);
    }
  }

  private static String failed(String time, String runId) {
    long at = Instant.parse("2026-06-01T" + time + "Z").toEpochMilli();
    return """
    {"workspace_id": 1234, "job_id": "11", "run_id": %s, "start_time": %d, "end_time": %d,
     "status": {"state": "TERMINATED", "termination_details":
       {"code": "DRIVER_ERROR", "type": "CLOUD_FAILURE", "message": "Driver is gone"}}}
    """
        .formatted(runId, at - 300_000, at);
  }

  private static String running(String time) {
    long at = Instant.parse("2026-06-01T" + time + "Z").toEpochMilli();
    return """
    {"workspace_id": 1234, "job_id": "12", "run_id": 99, "start_time": %d, "end_time": 0,
     "status": {"state": "RUNNING"}}
    """
        .formatted(at);
  }

  private void send(Source source, String value) {
    driver
        .createInputTopic(
            settings.topics().inputs().get(source),
            new ByteArraySerializer(),
            new ByteArraySerializer())
        .pipeInput(
            "test".getBytes(StandardCharsets.UTF_8), value.getBytes(StandardCharsets.UTF_8), SENT);
  }

  private void pass(int seconds) {
    for (int second = 0; second < seconds; second++) {
      driver.advanceWallClockTime(Duration.ofSeconds(1));
    }
  }

  private Iterable<TestRecord<byte[], byte[]>> records(String topic) {
    return driver
        .createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer())
        .readRecordsToList();
  }

  private double written(String topic) {
    int count = 0;
    for (TestRecord<byte[], byte[]> record : records(topic)) {
      count += record == null ? 0 : 1;
    }
    return count;
  }

  private String ids(String topic) {
    return new String(records(topic).iterator().next().key(), StandardCharsets.UTF_8);
  }

  private static double sum(Map<String, Double> scraped, String name) {
    return scraped.entrySet().stream()
        .filter(each -> each.getKey().startsWith(name + "{"))
        .mapToDouble(Map.Entry::getValue)
        .sum();
  }

  private Map<String, Double> scrape() {
    Map<String, Double> scraped = new HashMap<>();
    for (String line : metrics.scrape().lines().toList()) {
      if (!line.startsWith("#")) {
        int space = line.lastIndexOf(' ');
        scraped.put(line.substring(0, space), number(line.substring(space + 1)));
      }
    }
    return scraped;
  }

  private static double number(String text) {
    return text.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(text);
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
