package io.mendline.processors.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.mendline.processors.ingest.Decoded;
import io.mendline.processors.ingest.RawMessage;
import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.Source;
import io.mendline.schemas.Action;
import io.mendline.schemas.Alert;
import io.mendline.schemas.AlertKind;
import io.mendline.schemas.AlertStatus;
import io.mendline.schemas.Command;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.FindingStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A workspace whose jobs nobody has prepared for trouble, as a poller writes it. */
class JobChecksStoryTest {
  private static final Instant DAY = Instant.parse("2026-06-01T00:00:00Z");
  private static final String NOTHING =
      "{\"name\": \"job %d\", \"tasks\": [{\"task_key\": \"a\"}]}";
  private static final String ALL =
      """
      {"name": "job %d", "timeout_seconds": 3600, "email_notifications": {"on_failure": ["a@b.c"]},
       "tasks": [{"task_key": "a", "max_retries": 2}]}
      """;

  private final StoryRuntime story = new StoryRuntime();
  private final Map<String, Finding> findings = story.findings;
  private final List<Command> commands = story.commands;
  private final List<Alert> alerts = story.alerts;
  private final LocalRuntime runtime = StoryRuntime.acting(story::note);
  private int now;
  private int offset;

  @Test
  void three_hundred_jobs_are_one_message_a_check_that_grows_by_doublings() {
    for (int job = 0; job < 300; job++) {
      settings(job, NOTHING);
    }
    alive(10);

    assertThat(findings).hasSize(900);
    Map<String, List<Alert>> byKey =
        alerts.stream().collect(Collectors.groupingBy(Alert::getDedupKey));
    assertThat(byKey).hasSize(3);
    assertThat(byKey.values())
        .allSatisfy(
            told -> {
              assertThat(told)
                  .extracting(Alert::getStatus)
                  .startsWith(AlertStatus.RAISED)
                  .hasSize(9)
                  .filteredOn(status -> status == AlertStatus.UPDATED)
                  .hasSize(8);
              assertThat(told).extracting(Alert::getId).containsOnly(told.get(0).getId());
              assertThat(told).extracting(Alert::getKind).containsOnly(AlertKind.NOTICE);
            });
    assertThat(byKey.values())
        .extracting(told -> told.get(8).getTitle())
        .containsExactlyInAnyOrder(
            "7700: 256 jobs have no retries",
            "7700: 256 jobs have no time-out",
            "7700: 256 jobs have no notification of failures");
    assertThat(alerts)
        .filteredOn(alert -> alert.getTitle().endsWith("256 jobs have no time-out"))
        .singleElement()
        .satisfies(
            alert -> {
              assertThat(alert.getMessage())
                  .startsWith("256 of 256 are still so: set timeout_seconds of the job");
              assertThat(alert.getFindingIds()).hasSize(256);
            });

    int told = alerts.size();
    for (int job = 0; job < 300; job++) {
      settings(job, NOTHING);
    }
    alive(20);
    assertThat(alerts).as("told again").hasSize(told);

    for (int job = 0; job < 299; job++) {
      settings(job, ALL);
    }
    alive(30);
    assertThat(alerts).as("while one is left").hasSize(told);
    settings(299, ALL);
    alive(40);
    assertThat(alerts.subList(told, alerts.size()))
        .extracting(Alert::getStatus)
        .containsExactly(AlertStatus.CLEARED, AlertStatus.CLEARED, AlertStatus.CLEARED);
  }

  @Test
  void retries_are_proposed_when_they_were_missed_and_what_sets_them_ends_it() {
    settings(1, ALL.replace("\"max_retries\": 2", "\"max_retries\": 0"));
    settings(2, ALL.replace("\"max_retries\": 2", "\"max_retries\": 0"));
    alive(10);
    failed(1, "CLOUD_FAILURE");
    alive(20);

    assertThat(commands)
        .as("not before somebody approves")
        .extracting(Command::getAction)
        .doesNotContain(Action.UPDATE_JOB_SETTINGS);
    Command asked =
        alerts.stream()
            .filter(alert -> alert.getKind() == AlertKind.APPROVAL_REQUEST)
            .map(Alert::getCommand)
            .findFirst()
            .orElseThrow();
    assertThat(asked.getAction()).isEqualTo(Action.UPDATE_JOB_SETTINGS);
    assertThat(asked.getTarget().getId()).isEqualTo("7700/1");
    assertThat(asked.getParameters()).containsEntry("jobId", "1").containsKey("taskDefaults");

    settings(1, ALL);
    settings(2, ALL);
    alive(30);
    assertThat(findings.values())
        .filteredOn(finding -> finding.getKind() == FindingKind.CHECK_FAILED)
        .hasSize(2)
        .extracting(Finding::getStatus)
        .containsOnly(FindingStatus.CLEARED);
    assertThat(alerts)
        .filteredOn(alert -> alert.getStatus() == AlertStatus.CLEARED)
        .extracting(Alert::getKind)
        .containsExactlyInAnyOrder(AlertKind.APPROVAL_REQUEST, AlertKind.NOTICE);
  }

  @Test
  void the_job_of_a_bundle_is_a_matter_for_who_owns_the_bundle() {
    String ofBundle =
        ALL.replace("\"max_retries\": 2", "\"max_retries\": 0")
            .replace("\"timeout", "\"deployment\": {\"kind\": \"BUNDLE\"}, \"timeout");
    settings(1, ofBundle);
    settings(2, ofBundle);
    alive(10);
    failed(1, "CLOUD_FAILURE");
    failed(2, "CLOUD_FAILURE");
    alive(20);

    assertThat(commands).extracting(Command::getAction).doesNotContain(Action.UPDATE_JOB_SETTINGS);
    assertThat(alerts)
        .filteredOn(alert -> alert.getMessage().contains("A bundle owns the job"))
        .as("each by itself")
        .extracting(Alert::getKind, Alert::getStatus, alert -> alert.getResource().getId())
        .containsExactlyInAnyOrder(
            tuple(AlertKind.ESCALATION, AlertStatus.RAISED, "7700/1"),
            tuple(AlertKind.ESCALATION, AlertStatus.RAISED, "7700/2"));

    settings(1, ALL);
    settings(2, ALL);
    alive(30);
    assertThat(alerts)
        .filteredOn(alert -> alert.getStatus() == AlertStatus.CLEARED)
        .extracting(Alert::getKind)
        .contains(AlertKind.ESCALATION, AlertKind.NOTICE);
  }

  private void settings(int job, String settings) {
    accept(
        """
        {"kind": "job", "workspaceId": "7700", "time": "%s", "job": {"job_id": %d, "settings": %s}}
        """
            .formatted(at(now).plusMillis(offset % 1_000), job, settings.formatted(job)));
  }

  private void failed(int job, String code) {
    long end = at(now).toEpochMilli();
    accept(
        """
        {"job_id": %d, "run_id": 22, "workspace_id": "7700", "start_time": %d, "end_time": %d,
         "status": {"state": "TERMINATED", "termination_details": {"code": "%s", "type": "CLOUD_FAILURE"}}}
        """
            .formatted(job, end - 60_000, end, code));
  }

  private void alive(int until) {
    for (; now < until; now++) {
      accept(
          "{\"kind\":\"heartbeat\",\"workspaceId\":\"7700\",\"time\":\"%s\"}".formatted(at(now)));
    }
  }

  private static Instant at(int minute) {
    return DAY.plus(Duration.ofMinutes(minute));
  }

  private void accept(String json) {
    runtime.accept(
        Decoded.of(
            new RawMessage(
                Source.RUNS,
                new Coordinates("runs", 0, offset++),
                at(now).toEpochMilli() + 1_000,
                null,
                json.getBytes(UTF_8))));
  }
}
