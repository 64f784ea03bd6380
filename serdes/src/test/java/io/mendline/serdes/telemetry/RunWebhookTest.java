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

class RunWebhookTest {
  private static final String JOB =
      """
      {"event_type": "%s", "workspace_id": "7700", "run": {"run_id": "22"},
       "job": {"job_id": "11", "name": "Nightly"}}
      """;
  private static final String TASK =
      """
      {"event_type": "jobs.on_failure", "workspace_id": "7700",
       "run": {"run_id": "332", "parent_run_id": "22"}, "task": {"task_key": "load"},
       "job": {"job_id": "11", "name": "Nightly"}}
      """;

  private final TelemetryDecoder decoder = new RunDecoder(Redactor.standard());

  private RunState state(String json) {
    return Decoded.of(decoder, json).only(RunState.class);
  }

  @ParameterizedTest
  @CsvSource({
    "jobs.on_start, RUNNING",
    "jobs.on_success, SUCCESS",
    "jobs.on_failure, FAILED",
    "jobs.on_duration_warning_threshold_exceeded, RUNNING",
    "JOBS.ON_FAILURE, FAILED",
  })
  void theTypeOfTheEventIsTheState(String type, Outcome outcome) {
    assertThat(state(JOB.formatted(type)))
        .isEqualTo(
            RunState.builder()
                .workspace("7700")
                .jobId("11")
                .runId("22")
                .jobName("Nightly")
                .state(type, null, outcome)
                .source(Source.WEBHOOK)
                .build());
  }

  @ParameterizedTest
  @ValueSource(strings = {"jobs.on_streaming_backlog_exceeded", "jobs.on_something_new", "else"})
  void whatSaysNothingOfARunsStateIsSkippedAndNoDeadLetter(String type) {
    Decoded decoded = Decoded.of(decoder, JOB.formatted(type));

    assertThat(decoded.bad).isEmpty();
    assertThat(decoded.facts).isEmpty();
    assertThat(decoded.skipped).containsExactly("0 webhook '" + type + "' tells no state of a run");
  }

  @Test
  void aTaskIsToldByItsOwnRunAndTheOneItIsPartOf() {
    RunState task = state(TASK);

    assertThat(task.level()).isEqualTo(Level.TASK);
    assertThat(task.runId()).isEqualTo("22");
    assertThat(task.taskRunId()).isEqualTo("332");
    assertThat(task.taskKey()).isEqualTo("load");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"time\":\"2026-06-01T11:00:00Z\",\"body\":%s}",
        "{\"receivedAt\":1780311600000,\"headers\":{\"a\":1},\"body\":%s}",
        "{\"specversion\":\"1.0\",\"type\":\"x\",\"time\":\"2026-06-01T11:00:00Z\",\"data\":%s}",
        "{\"eventType\":\"forwarded\",\"eventTime\":\"2026-06-01T11:00:00Z\",\"data\":%s}",
        "{\"data\":%s,\"eventType\":\"forwarded\",\"eventTime\":\"2026-06-01T11:00:00Z\"}",
        "{\"payload\":%s,\"EventEnqueuedUtcTime\":\"2026-06-01T11:00:00Z\"}",
        "{\"records\":[{\"time\":\"2026-06-01T11:00:00Z\",\"properties\":%s}]}",
      })
  void whatWrapsItTellsTheTime(String wrapper) {
    RunState state = state(wrapper.formatted(JOB.formatted("jobs.on_failure")));

    assertThat(state.time()).isEqualTo(1780311600000L);
    assertThat(state.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(state.runId()).isEqualTo("22");
  }

  @Test
  void receivedTwiceItIsOneFact() {
    RunState state = state(JOB.formatted("jobs.on_failure"));

    assertThat(state.toBuilder().time(1780311600000L).build().contentId())
        .isEqualTo(state.toBuilder().time(1780311700000L).build().contentId())
        .isNotEqualTo(state(JOB.formatted("jobs.on_success")).contentId())
        .isNotEqualTo(state(TASK).contentId());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"event_type\":\"jobs.on_failure\",\"workspace_id\":\"1\",\"run\":{\"run_id\":\"2\"}}|job_id",
        "{\"event_type\":\"jobs.on_failure\",\"workspace_id\":\"1\",\"job\":{\"job_id\":\"2\"}}|run_id",
        "{\"event_type\":\"jobs.on_failure\",\"run\":{\"run_id\":\"2\"},\"job\":{\"job_id\":\"2\"}}|workspace_id",
        "{\"event_type\":\"jobs.on_failure\",\"workspace_id\":\"1\",\"run\":{\"run_id\":\"2\"},"
            + "\"job\":{\"job_id\":\"2\"},\"task\":{\"task_key\":\"a\"}}|parent_run_id",
      })
  void oneThatDoesNotSayOfWhichRunIsBad(String json, String field) {
    assertThat(Decoded.of(decoder, json).onlyBad()).startsWith("0 " + field + ": missing");
  }
}
