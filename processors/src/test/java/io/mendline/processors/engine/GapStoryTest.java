package io.mendline.processors.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.ingest.Decoded;
import io.mendline.processors.ingest.RawMessage;
import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.Output;
import io.mendline.processors.pipeline.Payload;
import io.mendline.processors.pipeline.Routes;
import io.mendline.processors.pipeline.Signal;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.pipeline.Subject;
import io.mendline.schemas.Action;
import io.mendline.schemas.Alert;
import io.mendline.schemas.AlertKind;
import io.mendline.schemas.AlertStatus;
import io.mendline.schemas.Command;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.Incident;
import io.mendline.schemas.ResourceType;
import io.mendline.serdes.telemetry.SentinelHealth;
import io.mendline.serdes.telemetry.SentinelHealth.Operation;
import io.mendline.serdes.telemetry.SentinelHealth.RuleKind;
import io.mendline.serdes.telemetry.SentinelHealth.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * A rule that runs every five minutes misses its windows for a day, while others of its workspace
 * go on: that is 288 windows, each of which is made up for by itself, and one message to people.
 */
class GapStoryTest {
  private static final String WORKSPACE = "0f5d1c1e-9a67-4a4e-8f0a-2b6c1d3e4f50";
  private static final String RULE = "rule-of-five-minutes";
  private static final Instant DAY = Instant.parse("2026-06-01T00:00:00Z");
  private static final int FREQUENCY = 5;

  private final Map<String, Finding> findings = new LinkedHashMap<>();
  private final Map<String, Incident> incidents = new LinkedHashMap<>();
  private final Map<String, Command> commands = new LinkedHashMap<>();
  private final List<Alert> alerts = new ArrayList<>();
  private final LocalRuntime runtime = StoryRuntime.acting(this::note);
  private long offset;

  /** The minute up to which the day has been told. */
  private int now;

  @Test
  void that_nothing_can_be_done_about_is_told_once_and_updated_as_it_grows() {
    runs(0, 360, true);
    givenUp(360, 360 + 1_440, "SemanticErrorInQuery");
    runs(360 + 1_440, 360 + 1_600, true);

    assertThat(findings.values())
        .filteredOn(finding -> finding.getKind() == FindingKind.SKIPPED_WINDOW)
        .hasSize(288);
    assertThat(alerts).extracting(Alert::getId).containsOnly(alerts.get(0).getId());
    assertThat(alerts)
        .extracting(Alert::getStatus)
        .startsWith(AlertStatus.RAISED)
        .hasSize(9)
        .filteredOn(status -> status == AlertStatus.RAISED)
        .hasSize(1);
    Alert last = alerts.get(alerts.size() - 1);
    assertThat(last.getTitle())
        .isEqualTo(
            "Rule of five minutes: 256 windows from 2026-06-01T06:00:00Z to 2026-06-02T03:20:00Z"
                + " were skipped");
    assertThat(last.getMessage()).startsWith("256 of 256 windows");
    assertThat(last.getFindingIds()).hasSize(256);
    assertThat(incidents.values())
        .extracting(Incident::getParentId)
        .filteredOn(parent -> parent != null)
        .hasSize(287)
        .containsOnly(last.getIncidentId());

    replayed(360, 360 + 1_440);
    assertThat(alerts).hasSize(10);
    assertThat(alerts.get(9).getStatus()).isEqualTo(AlertStatus.CLEARED);
    assertThat(alerts.get(9).getDedupKey()).isEqualTo(last.getDedupKey());
  }

  @Test
  void is_replayed_window_by_window_and_told_of_only_where_that_does_not_help() {
    runs(0, 360, true);
    givenUp(360, 360 + 720, "QueryGeneralError");
    runs(360 + 720, 360 + 740, true);
    assertThat(commands).as("released").hasSizeGreaterThan(100);

    replayed(360, 360 + 720 - FREQUENCY);
    runs(now, now + 1_200, true);

    assertThat(commands.values())
        .allMatch(command -> command.getAction() == Action.REPLAY_WINDOW)
        .extracting(command -> command.getParameters().get("windowEnd"))
        .doesNotHaveDuplicates()
        .hasSize(144);
    assertThat(alerts).extracting(Alert::getStatus).containsExactly(AlertStatus.RAISED);
    assertThat(alerts.get(0).getTitle()).contains("2026-06-01T17:55:00Z");
  }

  @Test
  void that_no_record_tells_of_is_one_message_too() {
    runs(0, 1_500, true);
    runs(1_500, 1_500 + 1_440, false);
    runs(1_500 + 1_440, 1_500 + 1_440 + 900, true);

    assertThat(findings.values())
        .filteredOn(finding -> finding.getKind() == FindingKind.SKIPPED_WINDOW)
        .hasSize(288);
    assertThat(commands).as("windows that were replayed").hasSameSizeAs(findings);
    assertThat(alerts).extracting(Alert::getDedupKey).containsOnly(alerts.get(0).getDedupKey());
    assertThat(alerts)
        .extracting(Alert::getStatus)
        .filteredOn(status -> status == AlertStatus.RAISED)
        .hasSize(1);
  }

  /** What becomes of the windows that begin in these minutes, while the other rule goes on. */
  private void runs(int from, int to, boolean runs) {
    for (int minute = from; minute < to; minute++) {
      if (minute % FREQUENCY == 0 && runs) {
        tell(run(minute, minute + FREQUENCY + 1, Status.SUCCESS).build());
      }
      other(minute);
    }
  }

  private void givenUp(int from, int to, String code) {
    for (int minute = from; minute < to; minute++) {
      if (minute % FREQUENCY == 0) {
        tell(
            run(minute, minute + FREQUENCY + 1, Status.FAILURE)
                .issues(List.of(code))
                .description(
                    "Rule's scheduled run at 06/01/2026 10:43:55 failed after numerous attempts. It"
                        + " will be re-executed over the next scheduled time.")
                .build());
      }
      other(minute);
    }
  }

  /** Every window is run once more, one a minute, and all of it is settled. */
  private void replayed(int from, int to) {
    int at = now;
    for (int minute = from; minute < to; minute += FREQUENCY) {
      tell(run(minute, at, Status.SUCCESS).build());
      runs(at, ++at, true);
    }
    runs(at, at + 180, true);
  }

  private void other(int minute) {
    now = minute + 1;
    tell(
        SentinelHealth.builder()
            .time(at(minute))
            .workspace(WORKSPACE)
            .resourceType(SentinelHealth.ResourceType.ANALYTICS_RULE)
            .resourceId("other")
            .name("Other")
            .ruleKind(RuleKind.NRT)
            .operation(Operation.NRT_RULE_RUN)
            .status(Status.SUCCESS)
            .window(at(minute - 1), at(minute))
            .triggerType("NrtRun")
            .recordId("other-" + offset)
            .build());
  }

  private SentinelHealth.Builder run(int minute, int logged, Status status) {
    return SentinelHealth.builder()
        .time(at(logged))
        .workspace(WORKSPACE)
        .resourceType(SentinelHealth.ResourceType.ANALYTICS_RULE)
        .resourceId(RULE)
        .name("Rule of five minutes")
        .ruleKind(RuleKind.SCHEDULED)
        .operation(Operation.SCHEDULED_RULE_RUN)
        .status(status)
        .recordId("run-" + offset)
        .window(at(minute), at(minute + FREQUENCY))
        .frequencyMillis(Duration.ofMinutes(FREQUENCY).toMillis())
        .periodMillis(Duration.ofMinutes(FREQUENCY).toMillis())
        .triggerType("Scheduled");
  }

  private void tell(SentinelHealth row) {
    Coordinates at = new Coordinates("telemetry.sentinel", 0, offset++);
    Subject subject =
        new Subject(
            ResourceType.SENTINEL_RULE, row.resourceId(), row.name(), row.workspace(), null);
    runtime.accept(
        new Decoded(
            new RawMessage(Source.SENTINEL, at, row.time(), null, null),
            List.of(
                new Signal(
                    Source.SENTINEL,
                    Routes.sentinel(WORKSPACE),
                    subject,
                    row.time(),
                    row.contentId(),
                    at,
                    new Payload.Observed(row))),
            null,
            List.of()));
  }

  private static long at(int minute) {
    return DAY.plus(Duration.ofMinutes(minute)).toEpochMilli();
  }

  private void note(Output output) {
    if (output instanceof Output.Found found) {
      findings.put(found.finding().getId(), found.finding());
    } else if (output instanceof Output.Tracked tracked) {
      incidents.put(tracked.incident().getId(), tracked.incident());
    } else if (output instanceof Output.Told told
        && told.alert().getKind() == AlertKind.ESCALATION) {
      alerts.add(told.alert());
    } else if (output instanceof Output.Commanded commanded) {
      commands.put(commanded.command().getId(), commanded.command());
    }
  }
}
