package io.mendline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mendline.processors.cause.CauseCatalogue;
import io.mendline.processors.engine.LocalRuntime;
import io.mendline.processors.ingest.Decoded;
import io.mendline.processors.ingest.RawMessage;
import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.policy.PolicyBook;
import io.mendline.topology.logs.EventLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What a service logs of what happens, and what that looks like in JSON. */
class EventLogTest {
  private static final Instant FAILED = Instant.parse("2026-06-01T10:00:00Z");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
  private final Logger logger = context.getLogger(EventLog.class);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final AtomicLong nanos = new AtomicLong();
  private final EventLog log = new EventLog(nanos::get);
  private final LocalRuntime runtime =
      new LocalRuntime(
          source -> source == Source.POLICIES ? 0 : source.defaultLateness().toMillis(),
          new PolicyBook(),
          CauseCatalogue.bundled(),
          log::told,
          log::refused);
  private long offset;

  @BeforeEach
  void listen() {
    logger.setLevel(Level.INFO);
    lines.start();
    logger.addAppender(lines);
  }

  @AfterEach
  void leave() {
    logger.detachAppender(lines);
    logger.setLevel(null);
  }

  @Test
  void an_incident_is_logged_once_a_status_and_a_command_when_it_is_released() {
    send(Source.RUNS, failed("22"));
    send(Source.RUNS, failed("22"));
    runtime.advance(FAILED.plusSeconds(8 * 3_600).toEpochMilli());

    List<JsonNode> told = told();
    assertThat(told)
        .extracting(line -> line.get("formattedMessage").asText())
        .containsExactly(
            "incident is OPEN", "command released as a dry run", "incident is ESCALATED");
    assertThat(told)
        .filteredOn(line -> line.get("formattedMessage").asText().equals("incident is OPEN"))
        .singleElement()
        .satisfies(
            line ->
                assertThat(fields(line))
                    .containsEntry("resource", "DATABRICKS_JOB/1234/11")
                    .containsEntry("status", "OPEN")
                    .containsKey("incident"));
    assertThat(told)
        .filteredOn(line -> line.get("formattedMessage").asText().startsWith("command"))
        .allSatisfy(
            line ->
                assertThat(fields(line))
                    .containsKeys("incident", "command", "reason")
                    .containsEntry("action", "REPAIR_RUN"));
    assertThat(told).allSatisfy(line -> assertThat(line.get("level").asText()).isEqualTo("INFO"));
  }

  @Test
  void what_is_held_says_why() {
    send(Source.POLICIES, "{\"id\": \"test\", \"mode\": \"auto\", \"killSwitch\": true}");
    send(Source.RUNS, failed("22"));
    runtime.advance(FAILED.plusSeconds(900).toEpochMilli());

    assertThat(told())
        .filteredOn(line -> line.get("formattedMessage").asText().equals("command held"))
        .singleElement()
        .satisfies(
            line ->
                assertThat(fields(line))
                    .containsEntry("reason", "the kill switch is on")
                    .containsKeys("incident", "command", "resource"));
  }

  @Test
  void a_flood_of_dead_letters_is_kept_back_and_counted_and_hides_nothing_else() {
    for (int i = 0; i < 1_000; i++) {
      send(Source.RUNS, "{broken");
    }
    send(Source.RUNS, failed("22"));

    assertThat(told())
        .filteredOn(line -> line.get("level").asText().equals("WARN"))
        .hasSize(50)
        .allSatisfy(
            line ->
                assertThat(fields(line))
                    .containsEntry("topic", "telemetry.runs")
                    .containsEntry("partition", "0")
                    .containsEntry("stage", "decode")
                    .containsKeys("offset", "error"));
    assertThat(told())
        .extracting(line -> line.get("formattedMessage").asText())
        .contains("incident is OPEN");

    nanos.addAndGet(1_000_000_000L);
    send(Source.RUNS, "{broken");
    assertThat(fields(told().get(told().size() - 1))).containsEntry("keptBack", "950");
  }

  @Test
  void no_secret_is_logged() {
    send(Source.RUNS, "{\"password\": \"hunter2hunter2\", sig=abcdefghijklmnop");
    send(Source.RUNS, failed("22").replace("Driver is gone", "Bearer abcdefghijklmnopqrstuvw"));
    runtime.advance(FAILED.plusSeconds(7_200).toEpochMilli());

    assertThat(told().toString())
        .contains("dead letter", "incident is")
        .doesNotContain("hunter2", "abcdefghij");
  }

  private static String failed(String runId) {
    return """
    {"workspace_id": 1234, "job_id": "11", "run_id": %s, "start_time": %d, "end_time": %d,
     "status": {"state": "TERMINATED", "termination_details":
       {"code": "DRIVER_ERROR", "type": "CLOUD_FAILURE", "message": "Driver is gone"}}}
    """
        .formatted(runId, FAILED.minusSeconds(300).toEpochMilli(), FAILED.toEpochMilli());
  }

  private void send(Source source, String value) {
    runtime.accept(
        Decoded.of(
            new RawMessage(
                source,
                new Coordinates(source.defaultTopic(), 0, offset++),
                FAILED.toEpochMilli(),
                null,
                value.getBytes(StandardCharsets.UTF_8))));
  }

  /** The lines so far, as they are written in JSON: one object a line. */
  private List<JsonNode> told() {
    Encoder<ILoggingEvent> encoder = Logging.json(context);
    return lines.list.stream()
        .map(event -> new String(encoder.encode(event), StandardCharsets.UTF_8))
        .map(
            line -> {
              assertThat(line).endsWith("\n");
              assertThat(line.strip()).doesNotContain("\n");
              return json(line);
            })
        .toList();
  }

  private static JsonNode json(String line) {
    try {
      return JSON.readTree(line);
    } catch (IOException e) {
      throw new UncheckedIOException(line, e);
    }
  }

  private static Map<String, String> fields(JsonNode line) {
    Map<String, String> fields = new HashMap<>();
    line.get("kvpList")
        .forEach(
            pair ->
                pair.properties()
                    .forEach(field -> fields.put(field.getKey(), field.getValue().asText())));
    return fields;
  }
}
