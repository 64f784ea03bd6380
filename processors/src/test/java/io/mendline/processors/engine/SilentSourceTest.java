package io.mendline.processors.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.cause.CauseCatalogue;
import io.mendline.processors.ingest.Decoded;
import io.mendline.processors.ingest.RawMessage;
import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.Output;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.policy.PolicyBook;
import io.mendline.schemas.Alert;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.FindingStatus;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A recording in which a workspace, or all of them, fall silent, through the whole pipeline. */
class SilentSourceTest {
  private static final Instant DAY = Instant.parse("2026-06-01T00:00:00Z");

  private final Map<String, Finding> findings = new LinkedHashMap<>();
  private final List<Alert> alerts = new ArrayList<>();
  private final LocalRuntime runtime =
      new LocalRuntime(
          source -> source.defaultLateness().toMillis(),
          new PolicyBook(),
          CauseCatalogue.bundled(),
          this::note,
          letter -> {
            throw new AssertionError(letter);
          });

  @Test
  void five_hours_in_which_nothing_came_of_anything_are_one_finding_a_workspace() {
    heard(0, 600, "soc", "lab");
    heard(900, 1_440, "soc", "lab");

    assertThat(silent()).extracting(SilentSourceTest::of).containsExactlyInAnyOrder("soc", "lab");
    assertThat(silent())
        .allSatisfy(
            finding -> {
              assertThat(finding.getStatus()).isEqualTo(FindingStatus.CLEARED);
              assertThat(finding.getWindowStart()).isEqualTo(DAY.plus(Duration.ofHours(10)));
              assertThat(finding.getWindowEnd()).isEqualTo(DAY.plus(Duration.ofHours(15)));
            });
  }

  @Test
  void of_one_that_alone_is_silent_people_are_told_while_it_lasts() {
    heard(0, 600, "soc", "lab");
    heard(600, 1_000, "lab");

    assertThat(silent())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(of(finding)).isEqualTo("soc");
              assertThat(finding.getStatus()).isEqualTo(FindingStatus.RAISED);
            });
    assertThat(alerts)
        .singleElement()
        .satisfies(
            alert -> {
              assertThat(alert.getTitle())
                  .contains("Nothing has been heard of workspace soc since");
              assertThat(alert.getMessage()).contains("look at its diagnostic settings");
            });
  }

  @Test
  void twenty_minutes_are_no_silence() {
    heard(0, 600, "soc", "lab");
    heard(620, 1_440, "soc", "lab");

    assertThat(silent()).isEmpty();
  }

  @Test
  void the_end_of_a_recording_is_no_silence() {
    heard(0, 600, "soc", "lab");

    runtime.advance(DAY.plus(Duration.ofDays(20)).toEpochMilli());

    assertThat(silent()).isEmpty();
  }

  private void note(Output output) {
    if (output instanceof Output.Found found) {
      findings.put(found.finding().getId(), found.finding());
    } else if (output instanceof Output.Told told) {
      alerts.add(told.alert());
    }
  }

  private List<Finding> silent() {
    return findings.values().stream()
        .filter(finding -> finding.getKind() == FindingKind.SOURCE_SILENT)
        .toList();
  }

  private static String of(Finding finding) {
    return finding.getResource().getId();
  }

  /** A run of a rule each minute. */
  private void heard(int from, int to, String... workspaces) {
    for (int minute = from; minute < to; minute++) {
      for (String workspace : workspaces) {
        accept(DAY.plus(Duration.ofMinutes(minute)), workspace);
      }
    }
  }

  private void accept(Instant end, String workspace) {
    String row =
        """
        {"TimeGenerated": "%s", "Type": "SentinelHealth", "OperationName": "Scheduled analytics rule run",
         "SentinelResourceId": "rule-of-%s", "SentinelResourceType": "Analytics rule",
         "SentinelResourceKind": "Scheduled", "Status": "Success", "WorkspaceId": "%s",
         "ExtendedProperties": {"QueryStartTimeUTC": "%s", "QueryEndTimeUTC": "%s", "QueryFrequency": "PT1M"}}
        """
            .formatted(end, workspace, workspace, end.minusSeconds(60), end);
    runtime.accept(
        Decoded.of(
            new RawMessage(
                Source.SENTINEL,
                new Coordinates("sentinel", 0, 0),
                end.toEpochMilli(),
                null,
                row.getBytes(StandardCharsets.UTF_8))));
  }
}
