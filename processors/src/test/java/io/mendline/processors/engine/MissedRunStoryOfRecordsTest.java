package io.mendline.processors.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.ingest.Decoded;
import io.mendline.processors.ingest.RawMessage;
import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.Source;
import io.mendline.schemas.Action;
import io.mendline.schemas.Alert;
import io.mendline.schemas.Command;
import io.mendline.schemas.CommandStatus;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.FindingStatus;
import io.mendline.schemas.Incident;
import io.mendline.schemas.IncidentStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A job that misses a run, as a poller and the audit log write it, through the whole pipeline. */
class MissedRunStoryOfRecordsTest {
  private static final Instant DAY = Instant.parse("2026-06-01T00:00:00Z");

  private final StoryRuntime story = new StoryRuntime();
  private final Map<String, Finding> findings = story.findings;
  private final Map<String, Incident> incidents = story.incidents;
  private final List<Command> commands = story.commands;
  private final List<Alert> alerts = story.alerts;
  private final LocalRuntime runtime = StoryRuntime.acting(story::note);
  private int now;

  @Test
  void is_started_once_by_a_command_and_what_that_starts_ends_it() {
    polled(0, "UNPAUSED");
    alive(150);
    run(150, "22", "PERIODIC", "RUNNING");
    alive(160);
    run(160, "22", "PERIODIC", "TERMINATED");
    alive(1_620);

    Finding raised = missed();
    assertThat(raised.getStatus()).isEqualTo(FindingStatus.RAISED);
    assertThat(raised.getOccurredAt()).isEqualTo(at(1_590));
    assertThat(raised.getResource().getName()).isEqualTo("nightly load");
    assertThat(commands).hasSize(1);
    Command command = commands.get(0);
    assertThat(command.getAction()).isEqualTo(Action.RUN_NOW);
    assertThat(command.getParameters()).containsExactlyEntriesOf(Map.of("jobId", "11"));
    assertThat(command.getMaxAttempts()).isEqualTo(1);
    assertThat(command.getIdempotencyToken()).hasSizeLessThanOrEqualTo(64).isNotBlank();
    assertThat(command.getReason()).endsWith("by its schedule and has not started");

    run(1_621, "23", "ONE_TIME", "RUNNING");
    alive(1_630);
    run(1_630, "23", "ONE_TIME", "TERMINATED");
    alive(1_640);

    assertThat(missed().getStatus()).isEqualTo(FindingStatus.CLEARED);
    assertThat(missed().getAttributes())
        .containsEntry("clearedBecause", "run-by-hand")
        .containsEntry("runId", "23");
    assertThat(incidents.values())
        .singleElement()
        .satisfies(
            incident -> {
              assertThat(incident.getStatus()).isEqualTo(IncidentStatus.RESOLVED);
              assertThat(incident.getTimeline().toString())
                  .contains("telemetry shows that RUN_NOW");
            });
    assertThat(commands).filteredOn(one -> one.getStatus() == CommandStatus.ISSUED).hasSize(1);
  }

  @Test
  void is_left_alone_where_somebody_has_started_it_meanwhile() {
    polled(0, "UNPAUSED");
    alive(155);
    run(155, "22", "ONE_TIME", "RUNNING");
    alive(300);

    assertThat(missed().getStatus()).isEqualTo(FindingStatus.RAISED);
    assertThat(commands).isEmpty();
    assertThat(alerts)
        .singleElement()
        .satisfies(
            alert ->
                assertThat(alert.getMessage())
                    .contains("not started: the job was started again at 2026-06-01T02:35:00Z"));
  }

  @Test
  void is_none_where_the_audit_log_tells_that_the_schedule_was_paused() {
    polled(0, "UNPAUSED");
    alive(100);
    audited(
        100, "update", "{\"job_id\":\"11\",\"new_settings\":" + quoted(settings("PAUSED")) + "}");
    alive(300);

    assertThat(findings).isEmpty();
  }

  @Test
  void is_none_of_a_job_that_was_deleted() {
    polled(0, "UNPAUSED");
    alive(100);
    audited(100, "delete", "{\"job_id\":\"11\"}");
    alive(300);

    assertThat(findings).isEmpty();
  }

  @Test
  void is_none_while_the_poller_is_silent() {
    polled(0, "UNPAUSED");
    alive(140);
    runtime.advance(at(3_000).toEpochMilli());

    assertThat(findings).isEmpty();
  }

  private Finding missed() {
    assertThat(findings.values())
        .filteredOn(finding -> finding.getKind() == FindingKind.MISSED_RUN)
        .hasSize(1);
    return findings.values().iterator().next();
  }

  private void polled(int minute, String pauseStatus) {
    accept(
        minute,
        "{\"kind\":\"job\",\"workspaceId\":\"7700\",\"time\":\"%s\",\"job\":{\"job_id\":11,\"settings\":%s}}"
            .formatted(at(minute), settings(pauseStatus)));
  }

  /** By night at 4:30 in Berlin, that is 2:30 of UTC. */
  private static String settings(String pauseStatus) {
    return """
    {"name": "nightly load", "schedule": {"quartz_cron_expression": "0 30 4 * * ?",
     "timezone_id": "Europe/Berlin", "pause_status": "%s"}, "timeout_seconds": 3600,
     "email_notifications": {"on_failure": ["a@b.c"]}, "tasks": [{"task_key": "main", "max_retries": 1}]}
    """
        .formatted(pauseStatus);
  }

  private void alive(int until) {
    for (; now < until; now++) {
      accept(
          now,
          "{\"kind\":\"heartbeat\",\"workspaceId\":\"7700\",\"time\":\"%s\"}".formatted(at(now)));
    }
  }

  private void run(int minute, String runId, String trigger, String state) {
    long start = at("22".equals(runId) ? Math.min(minute, 155) : 1_621).toEpochMilli();
    boolean ended = state.equals("TERMINATED");
    accept(
        minute,
        """
        {"job_id": 11, "run_id": %s, "run_name": "nightly load", "workspace_id": "7700", "trigger": "%s",
         "start_time": %d, "end_time": %d, "time": "%s",
         "state": {"life_cycle_state": "%s" %s}}
        """
            .formatted(
                runId,
                trigger,
                start,
                ended ? at(minute).toEpochMilli() : 0,
                at(minute),
                state,
                ended ? ", \"result_state\": \"SUCCESS\"" : ""));
  }

  private void audited(int minute, String action, String requestParams) {
    accept(
        minute,
        """
        {"records": [{"time": "%s", "category": "jobs", "workspaceId": "7700",
          "properties": {"actionName": "%s", "response": {"statusCode": 200}, "requestParams": %s}}]}
        """
            .formatted(at(minute), action, quoted(requestParams)));
  }

  private static String quoted(String json) {
    return '"' + json.replace("\n", " ").replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static Instant at(int minute) {
    return DAY.plus(Duration.ofMinutes(minute));
  }

  private void accept(int minute, String json) {
    runtime.accept(
        Decoded.of(
            new RawMessage(
                Source.RUNS,
                new Coordinates("runs", 0, minute),
                at(minute).toEpochMilli(),
                null,
                json.getBytes(UTF_8))));
  }
}
