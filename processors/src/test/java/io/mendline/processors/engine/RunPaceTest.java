package io.mendline.processors.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.ingest.Decoded;
import io.mendline.processors.ingest.RawMessage;
import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.Source;
import io.mendline.schemas.Action;
import io.mendline.schemas.Alert;
import io.mendline.schemas.AlertKind;
import io.mendline.schemas.Command;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.Incident;
import io.mendline.schemas.IncidentStatus;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Runs that are skipped, slow and stuck, from a poller's JSON to what people are told. */
class RunPaceTest {
  private static final Instant FROM = Instant.parse("2026-06-01T00:00:00Z");

  private final StoryRuntime story = new StoryRuntime();
  private final Map<String, Finding> findings = story.findings;
  private final Map<String, Incident> incidents = story.incidents;
  private final List<Alert> alerts = story.alerts;
  private final List<Command> commands = story.commands;
  private final LocalRuntime runtime = StoryRuntime.acting(story::note);

  @Test
  void aSkippedRunIsToldWithWhatToLookAt() {
    ended(1, 0, 10);
    tell(
        60,
        2,
        60,
        60,
        "\"life_cycle_state\": \"SKIPPED\", \"state_message\": \"Max concurrent runs reached\"");
    ended(3, 70, 80);
    ended(4, 120, 130);

    Finding finding = only(FindingKind.RUN_SKIPPED);
    assertThat(finding.getAttributes()).containsEntry("limit", "MAX_CONCURRENT_RUNS");
    assertThat(alerts)
        .filteredOn(alert -> alert.getKind() == AlertKind.NOTICE)
        .first()
        .satisfies(
            alert ->
                assertThat(alert.getMessage()).contains("look at the run that was still going"));
    assertThat(incidents.values())
        .singleElement()
        .satisfies(incident -> assertThat(incident.getStatus()).isEqualTo(IncidentStatus.RESOLVED));
    assertThat(commands).isEmpty();
  }

  @Test
  void aSlowJobIsToldOnce() {
    for (int run = 0; run < 60; run++) {
      ended(run, run * 60, run * 60 + 10);
    }
    for (int run = 60; run < 70; run++) {
      ended(run, run * 60, run * 60 + 25);
    }

    assertThat(only(FindingKind.RUN_SLOW).getAttributes())
        .containsEntry("before", "600")
        .containsEntry("after", "1500");
    assertThat(alerts)
        .singleElement()
        .satisfies(
            alert -> {
              assertThat(alert.getKind()).isEqualTo(AlertKind.NOTICE);
              assertThat(alert.getMessage()).contains("look at what has changed");
            });
    assertThat(commands).isEmpty();
  }

  @Test
  void aStuckRunIsCancelledOnceAPersonApproves() {
    for (int run = 0; run < 20; run++) {
      ended(run, run * 60, run * 60 + 10);
    }
    tell(1_200, 99, 1_200, 0, "\"life_cycle_state\": \"RUNNING\"");
    for (int minute = 1_205; minute < 1_300; minute += 5) {
      tell(
          minute,
          500 + minute,
          minute - 4,
          minute,
          "\"life_cycle_state\": \"TERMINATED\", \"result_state\": \"SUCCESS\"",
          411);
    }

    assertThat(only(FindingKind.RUN_STUCK).getAttributes()).containsEntry("runId", "99");
    assertThat(incidents.values())
        .singleElement()
        .satisfies(
            incident ->
                assertThat(incident.getStatus()).isEqualTo(IncidentStatus.AWAITING_APPROVAL));
    assertThat(alerts)
        .filteredOn(alert -> alert.getKind() == AlertKind.APPROVAL_REQUEST)
        .singleElement()
        .satisfies(
            alert -> {
              assertThat(alert.getCommand().getAction()).isEqualTo(Action.CANCEL_RUN);
              assertThat(alert.getCommand().getMaxAttempts()).isEqualTo(1);
              assertThat(alert.getCommand().getParameters()).containsOnly(Map.entry("runId", "99"));
            });
    assertThat(commands).as("released").isEmpty();
  }

  private Finding only(FindingKind kind) {
    assertThat(findings.values()).extracting(Finding::getKind).containsOnly(kind);
    assertThat(findings).hasSize(1);
    return findings.values().iterator().next();
  }

  private void ended(int run, int from, int to) {
    tell(to, run, from, to, "\"life_cycle_state\": \"TERMINATED\", \"result_state\": \"SUCCESS\"");
  }

  private void tell(int minute, int run, int from, int to, String state) {
    tell(minute, run, from, to, state, 410);
  }

  private void tell(int minute, int run, int from, int to, String state, int job) {
    String json =
        """
        {"workspace_id": 4321, "job_id": %d, "run_id": %d, "run_name": "nightly load", "trigger": "PERIODIC",
         "start_time": %d, "end_time": %d, "state": {%s}}
        """
            .formatted(job, run, millis(from), to == 0 ? 0 : millis(to), state);
    runtime.accept(
        Decoded.of(
            new RawMessage(
                Source.RUNS,
                new Coordinates("runs", 0, minute),
                millis(minute),
                null,
                json.getBytes(StandardCharsets.UTF_8))));
  }

  private static long millis(int minute) {
    return FROM.plus(Duration.ofMinutes(minute)).toEpochMilli();
  }
}
