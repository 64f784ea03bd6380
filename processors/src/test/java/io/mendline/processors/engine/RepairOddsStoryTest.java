package io.mendline.processors.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.ingest.Decoded;
import io.mendline.processors.ingest.RawMessage;
import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.Source;
import io.mendline.schemas.Action;
import io.mendline.schemas.AlertTrigger;
import io.mendline.schemas.Command;
import io.mendline.schemas.Incident;
import io.mendline.schemas.TimelineEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs that fail, are tried again by somebody, and what is learned from that. */
class RepairOddsStoryTest {
  private static final Instant DAY = Instant.parse("2026-06-01T00:00:00Z");
  private static final String LOST = "CLOUD_FAILURE";
  private static final String FULL = "RUN_EXECUTION_ERROR";

  private final StoryRuntime story = new StoryRuntime();
  private LocalRuntime runtime = StoryRuntime.acting(story::note);
  private int watermarkEvery = 1;
  private int now;
  private int offset;

  @Test
  void what_has_hardly_ever_worked_is_not_tried_again() {
    for (int run = 1; run <= 11; run++) {
      ends(run, LOST);
      alive(now + 10);
      ends(run, LOST);
      alive(now + 20);
    }

    assertThat(repairs())
        .as("while there is hope")
        .filteredOn(command -> command.getReason().contains("trying again worked"))
        .first()
        .satisfies(
            command ->
                assertThat(command.getReason())
                    .endsWith("trying again worked 0 of 1 times for this cause"));
    int asked = repairs().size();

    ends(12, LOST);
    alive(now + 30);

    assertThat(repairs()).as("of the last run").hasSize(asked);
    assertThat(story.alerts)
        .filteredOn(alert -> alert.getTrigger() == AlertTrigger.PERMANENT_CAUSE)
        .last()
        .satisfies(
            alert ->
                assertThat(alert.getMessage())
                    .contains(
                        "a retry is doomed: trying again worked 0 of 11 times for this cause"));
  }

  @Test
  void one_in_ten_is_worth_it_and_each_cause_is_counted_by_itself() {
    for (int run = 1; run <= 9; run++) {
      ends(run, LOST);
      alive(now + 10);
      ends(run, LOST);
      alive(now + 20);
    }
    ends(10, LOST);
    alive(now + 10);
    succeeds(10);
    alive(now + 20);

    ends(11, LOST);
    ends(12, FULL);
    alive(now + 30);

    assertThat(ofRun(11))
        .hasSize(1)
        .allSatisfy(command -> assertThat(command.getReason()).contains("worked 1 of 10 times"));
    assertThat(story.commands)
        .filteredOn(command -> "12".equals(command.getParameters().get("runId")))
        .allSatisfy(command -> assertThat(command.getReason()).doesNotContain("trying again"));
  }

  @Test
  void what_was_tried_more_than_30_days_ago_counts_no_more() {
    for (int run = 1; run <= 11; run++) {
      ends(run, LOST);
      alive(now + 10);
      ends(run, LOST);
      alive(now + 20);
    }
    watermarkEvery = 60;
    alive(now + 31 * 24 * 60);

    ends(12, LOST);
    alive(now + 60);

    assertThat(ofRun(12))
        .hasSize(1)
        .allSatisfy(
            command -> assertThat(command.getReason()).doesNotContain("trying again worked"));
  }

  @ParameterizedTest
  @ValueSource(ints = {7, 45, 10_000})
  void how_often_the_watermark_moves_on_changes_nothing(int minutes) {
    Told often = toldWith(1);

    assertThat(toldWith(minutes)).isEqualTo(often);
    assertThat(often.reasons()).anyMatch(reason -> reason.contains("worked 3 of 11 times"));
  }

  private record Told(List<String> reasons, TreeSet<String> incidents) {}

  /** Twelve runs, of which every third is repaired well. */
  private Told toldWith(int minutes) {
    StoryRuntime told = new StoryRuntime();
    runtime = StoryRuntime.acting(told::note);
    watermarkEvery = minutes;
    now = 0;
    offset = 0;
    for (int run = 1; run <= 12; run++) {
      ends(run, LOST);
      alive(now + 10);
      if (run % 3 == 0) {
        succeeds(run);
      } else {
        ends(run, LOST);
      }
      alive(now + 3);
    }
    watermarkEvery = 1;
    alive(now + 120);
    List<String> reasons = new ArrayList<>();
    for (Command command : told.commands) {
      reasons.add(command.getId() + " " + command.getReason());
    }
    TreeSet<String> incidents = new TreeSet<>();
    for (Incident incident : told.incidents.values()) {
      for (TimelineEntry entry : incident.getTimeline()) {
        incidents.add(incident.getId() + " " + entry);
      }
    }
    return new Told(reasons, incidents);
  }

  private List<Command> repairs() {
    return story.commands.stream()
        .filter(command -> command.getAction() == Action.REPAIR_RUN)
        .toList();
  }

  private List<Command> ofRun(int run) {
    return repairs().stream()
        .filter(command -> Integer.toString(run).equals(command.getParameters().get("runId")))
        .toList();
  }

  private void ends(int run, String code) {
    ended(run, code, "CLOUD_FAILURE");
  }

  private void succeeds(int run) {
    ended(run, "SUCCESS", "SUCCESS");
  }

  private void ended(int run, String code, String type) {
    long end = at(now).toEpochMilli();
    accept(
        """
        {"job_id": 5, "run_id": %d, "workspace_id": "7700", "start_time": %d, "end_time": %d,
         "status": {"state": "TERMINATED", "termination_details": {"code": "%s", "type": "%s"}}}
        """
            .formatted(run, end - 60_000, end, code, type));
  }

  private void alive(int until) {
    for (; now < until; now++) {
      if (now % watermarkEvery == 0) {
        accept(
            "{\"kind\":\"heartbeat\",\"workspaceId\":\"7700\",\"time\":\"%s\"}".formatted(at(now)));
      }
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
