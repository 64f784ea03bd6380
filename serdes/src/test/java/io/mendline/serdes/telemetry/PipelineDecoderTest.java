package io.mendline.serdes.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.serdes.telemetry.RunState.Level;
import io.mendline.serdes.telemetry.RunState.Outcome;
import io.mendline.serdes.telemetry.RunState.Source;
import io.mendline.serdes.text.Redactor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PipelineDecoderTest {
  private static final String EVENT =
      """
      {"id": "e1", "sequence": {"data_plane_id": {"instance": "a"}},
       "origin": {"cloud": "Azure", "org_id": 7700, "pipeline_id": "p-1", "pipeline_name": "Orders",
         "update_id": "u-1", "cluster_id": "0601-a" %s},
       "timestamp": "2026-06-01T11:00:00.000Z", "message": "Update u-1 is FAILED.",
       "level": "%s", "event_type": "%s", "maturity_level": "STABLE", "details": %s %s}
      """;
  private static final String ERROR =
      """
      , "error": {"fatal": true, "exceptions": [
          {"class_name": "org.apache.spark.sql.streaming.StreamingQueryException",
           "message": "[STREAM_FAILED] Query terminated", "stack": [{"declaring_class": "A"}]},
          {"class_name": "java.lang.OutOfMemoryError", "message": "Java heap space"}]}
      """;

  private final TelemetryDecoder decoder = new RunDecoder(Redactor.standard());

  private RunState state(String json) {
    return Decoded.of(decoder, json).only(RunState.class);
  }

  @Test
  void anUpdateThatFailedSaysWhy() {
    String progress = "{\"update_progress\": {\"state\": \"FAILED\"}}";

    RunState state = state(EVENT.formatted("", "ERROR", "update_progress", progress, ERROR));

    assertThat(state)
        .isEqualTo(
            RunState.builder()
                .source(Source.PIPELINE_EVENT)
                .workspace("7700")
                .jobId("p-1")
                .runId("u-1")
                .jobName("Orders")
                .state("FAILED", null, Outcome.FAILED)
                .message(
                    "org.apache.spark.sql.streaming.StreamingQueryException:"
                        + " [STREAM_FAILED] Query terminated")
                .errorTrace(
                    "org.apache.spark.sql.streaming.StreamingQueryException:"
                        + " [STREAM_FAILED] Query terminated\n"
                        + "Caused by: java.lang.OutOfMemoryError: Java heap space")
                .time(1780311600000L)
                .ran(RunState.ABSENT, 1780311600000L)
                .clusterId("0601-a")
                .build());
    assertThat(state.isPipeline()).isTrue();
  }

  @Test
  void asARowOfATableItsDetailsAreTextAndItSaysTheSame() {
    String progress = "{\"update_progress\": {\"state\": \"FAILED\"}}";
    String quoted = "\"" + progress.replace("\"", "\\\"") + "\"";

    assertThat(state(EVENT.formatted("", "ERROR", "update_progress", quoted, ERROR)))
        .isEqualTo(state(EVENT.formatted("", "ERROR", "update_progress", progress, ERROR)));
  }

  @ParameterizedTest
  @CsvSource({
    "CREATED, RUNNING",
    "QUEUED, RUNNING",
    "WAITING_FOR_RESOURCES, RUNNING",
    "INITIALIZING, RUNNING",
    "RESETTING, RUNNING",
    "SETTING_UP_TABLES, RUNNING",
    "RUNNING, RUNNING",
    "STOPPING, RUNNING",
    "COMPLETED, SUCCESS",
    "FAILED, FAILED",
    "CANCELED, CANCELLED",
    "SOMETHING_NEW, OTHER",
  })
  void everyStateOfAnUpdateComesToAnOutcome(String word, Outcome outcome) {
    String progress = "{\"update_progress\": {\"state\": \"" + word + "\"}}";
    String update =
        "{\"workspace_id\": 7700, \"polled_at\": 1780311600000, \"update\": {\"pipeline_id\": \"p-1\","
            + " \"update_id\": \"u-1\", \"state\": \"%s\"}}";

    assertThat(state(EVENT.formatted("", "INFO", "update_progress", progress, "")).outcome())
        .isEqualTo(outcome);
    assertThat(state(update.formatted(word)).outcome()).isEqualTo(outcome);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "API_CALL",
        "INFRASTRUCTURE_MAINTENANCE",
        "JOB_TASK",
        "RETRY_ON_FAILURE",
        "SCHEMA_CHANGE",
        "SERVICE_UPGRADE",
        "USER_ACTION"
      })
  void whyAnUpdateWasMadeIsKept(String cause) {
    String created = "{\"create_update\": {\"cause\": \"" + cause + "\", \"full_refresh\": true}}";
    RunState event = state(EVENT.formatted("", "INFO", "create_update", created, ""));
    RunState update =
        state(
            """
            {"workspace_id": 7700, "update": {"pipeline_id": "p-1", "update_id": "u-1",
             "cause": "%s", "state": "RUNNING", "creation_time": 1780310000000,
             "full_refresh": true, "config": {"name": "x", "pipeline_id": "p-2"}}}
            """
                .formatted(cause));

    assertThat(event.trigger()).isEqualTo(cause);
    assertThat(event.outcome()).isEqualTo(Outcome.RUNNING);
    assertThat(update.trigger()).isEqualTo(cause);
    assertThat(update.jobId()).isEqualTo("p-1");
    assertThat(update.time()).isEqualTo(1780310000000L);
  }

  @Test
  void whatGoesWrongInAFlowIsToldOfThatFlow() {
    RunState flow =
        state(
            EVENT.formatted(
                ", \"flow_name\": \"bronze\", \"dataset_name\": \"b\"",
                "ERROR",
                "flow_progress",
                "{\"flow_progress\": {\"status\": \"FAILED\"}}",
                ERROR));

    assertThat(flow.level()).isEqualTo(Level.TASK);
    assertThat(flow.taskKey()).isEqualTo("bronze");
    assertThat(flow.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(flow.runId()).isEqualTo("u-1");
  }

  @Test
  void aPipelineTellsOfItsLatestUpdatesAndOfEachTheSameWheneverItIsAsked() {
    String pipeline =
        """
        {"workspace_id": 7700, "polled_at": %d, "pipeline_id": "p-1", "name": "Orders",
         "state": "IDLE", "latest_updates": [
           {"update_id": "u-2", "state": "FAILED", "creation_time": "2026-06-01T10:30:00Z"},
           {"update_id": "u-1", "state": "COMPLETED", "creation_time": "2026-06-01T10:00:00Z"}]}
        """;

    Decoded decoded = Decoded.of(decoder, pipeline.formatted(1780311600000L));
    Decoded again = Decoded.of(decoder, pipeline.formatted(1780311900000L));

    assertThat(decoded.facts)
        .extracting(fact -> ((RunState) fact).runId() + " " + ((RunState) fact).outcome())
        .containsExactly("u-2 FAILED", "u-1 SUCCESS");
    assertThat(((RunState) decoded.facts.get(0)).jobName()).isEqualTo("Orders");
    assertThat(decoded.facts.get(0).time()).isEqualTo(1780311600000L);
    assertThat(decoded.facts.get(0).contentId()).isEqualTo(again.facts.get(0).contentId());
  }

  @Test
  void aPageOfEventsIsAnEnvelope() {
    String progress = "{\"update_progress\": {\"state\": \"COMPLETED\"}}";
    String event = EVENT.formatted("", "INFO", "update_progress", progress, "");

    assertThat(state("{\"events\": [" + event + "], \"next_page_token\": \"t\"}").outcome())
        .isEqualTo(Outcome.SUCCESS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"flow_definition", "planning_information", "user_action", "something_new"})
  void otherEventsAreSkipped(String type) {
    Decoded decoded = Decoded.of(decoder, EVENT.formatted("", "INFO", type, "{}", ""));

    assertThat(decoded.skipped)
        .containsExactly("0 event '" + type + "' tells no state of an update");
  }

  @Test
  void aValidationIsNoUpdate() {
    assertThat(
            Decoded.of(
                    decoder,
                    """
                    {"workspace_id": 7700, "update": {"pipeline_id": "p-1", "update_id": "u-1",
                     "state": "COMPLETED", "validate_only": true}}
                    """)
                .skipped)
        .containsExactly("0 update 'u-1' only validates");
  }

  @Test
  void aPipelineWithoutUpdatesIsSkipped() {
    assertThat(
            Decoded.of(
                    decoder, "{\"workspace_id\": 1, \"pipeline_id\": \"p-1\", \"state\": \"IDLE\"}")
                .skipped)
        .containsExactly("0 pipeline 'p-1' names no update");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"update\":{\"pipeline_id\":\"p\",\"update_id\":\"u\",\"state\":\"FAILED\"}}|workspace_id",
        "{\"workspace_id\":1,\"update\":{\"pipeline_id\":\"p\",\"update_id\":\"u\"}}|state",
        "{\"origin\":{\"org_id\":1,\"pipeline_id\":\"p\",\"update_id\":\"u\"},\"level\":\"ERROR\","
            + "\"event_type\":\"update_progress\"}|timestamp",
      })
  void whatLacksWhatMattersIsBadAndNamesIt(String json, String field) {
    assertThat(Decoded.of(decoder, json).onlyBad()).startsWith("0 " + field + ": missing");
  }
}
