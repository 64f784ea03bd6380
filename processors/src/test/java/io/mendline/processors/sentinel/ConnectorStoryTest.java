package io.mendline.processors.sentinel;

import static io.mendline.processors.sentinel.HealthRecords.signal;
import static io.mendline.processors.sentinel.HealthRecords.state;
import static io.mendline.processors.sentinel.HealthRecords.summary;
import static io.mendline.processors.sentinel.RuleRecords.run;
import static io.mendline.serdes.telemetry.SentinelHealth.Status.FAILURE;
import static io.mendline.serdes.telemetry.SentinelHealth.Status.SUCCESS;
import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.cause.CauseCatalogue;
import io.mendline.processors.pipeline.DetectorHarness;
import io.mendline.processors.pipeline.Disorder;
import io.mendline.processors.pipeline.Message;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.FindingStatus;
import io.mendline.schemas.ResourceType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is found of connectors, told as operators tell it. */
class ConnectorStoryTest {
  private static final CauseCatalogue CATALOGUE = CauseCatalogue.bundled();

  @Test
  void aConnectorFailsForHoursAndWorksAgain() {
    // given a connector whose summary tells of refused access, that fails ten minutes later, says
    // so every hour, names a second code on the way, and works again at 16:10
    List<Message> records = new ArrayList<>();
    records.add(signal(state("aws", "2026-06-01T09:00:00Z", SUCCESS)));
    records.add(
        signal(
            summary("aws", "2026-06-01T10:00:00Z")
                .issues(List.of("AccessDenied"))
                .description("Access to the queue was denied.")));
    for (int hour = 10; hour < 16; hour++) {
      records.add(signal(state("aws", "2026-06-01T" + hour + ":10:00Z", FAILURE)));
    }
    records.add(
        signal(summary("aws", "2026-06-01T13:30:00Z").issues(List.of("AccessDenied", "503"))));
    records.add(signal(state("aws", "2026-06-01T16:10:00Z", SUCCESS)));

    // when it is told
    var result = harness().run(records);

    // then there is one finding, raised at the first failure and cleared at the success
    Finding finding = only(result);
    assertThat(finding.getKind()).isEqualTo(FindingKind.CONNECTOR_FAILING);
    assertThat(finding.getResource().getType()).isEqualTo(ResourceType.SENTINEL_CONNECTOR);
    assertThat(finding.getResource().getId()).isEqualTo("aws");
    assertThat(finding.getStatus()).isEqualTo(FindingStatus.CLEARED);
    assertThat(finding.getOccurredAt()).isEqualTo("2026-06-01T10:10:00Z");
    assertThat(finding.getWindowEnd()).isEqualTo("2026-06-01T16:10:00Z");
    assertThat(finding.getRootCause()).isNotNull();
    assertThat(finding.getAttributes())
        .containsEntry("reason", "FAILURE")
        .containsEntry("failures", "6")
        .containsEntry("issues", "AccessDenied, 503")
        .containsEntry("message", "Access to the queue was denied.");
    assertThat(settled(result))
        .containsExactly("2026-06-01T10:10:00Z RAISED", "2026-06-01T16:10:00Z CLEARED");
    // and it was told when raised, at the second and fourth failure, with the new code, and cleared
    assertThat(result.found()).extracting(Finding::getRevision).containsExactly(1, 2, 3, 4, 5);
    assertThat(result.keys()).isZero();
  }

  @Test
  void twoEpisodesAreTwoFindings() {
    var result =
        harness()
            .run(
                List.of(
                    signal(state("aws", "2026-06-01T10:00:00Z", FAILURE)),
                    signal(state("aws", "2026-06-01T11:00:00Z", SUCCESS)),
                    signal(state("aws", "2026-06-01T12:00:00Z", FAILURE))));

    assertThat(result.findings())
        .extracting(Finding::getStatus)
        .containsExactly(FindingStatus.CLEARED, FindingStatus.RAISED);
  }

  @Test
  void nothingIsSaidBeforeTheWatermarkHasPassed() {
    var result =
        harness().withoutJump().run(List.of(signal(state("aws", "2026-06-01T10:00:00Z", FAILURE))));

    assertThat(result.outputs()).isEmpty();
    assertThat(result.keysBeforeJump()).isOne();
  }

  @Test
  void aSteadyConnectorThatStopsIsSilentWhileItsWorkspaceIsHeard() {
    // given a connector that is heard every hour until 12:00, and again at 20:00, in a workspace
    // whose rules go on
    List<Message> records = new ArrayList<>(rules("2026-06-01T08:30:00Z", 15));
    for (int hour = 9; hour <= 12; hour++) {
      String time = String.format("2026-06-01T%02d:00:00Z", hour);
      records.add(signal(state("aws", time, SUCCESS)));
    }
    records.add(signal(state("aws", "2026-06-01T20:00:00Z", SUCCESS)));

    // when it is told
    var result = harness().run(Disorder.inOrder(records));

    // then it was silent from the fourth missing hour on, until it was heard
    Finding finding = only(result);
    assertThat(finding.getStatus()).isEqualTo(FindingStatus.CLEARED);
    assertThat(finding.getAttributes())
        .containsEntry("reason", "SILENT")
        .containsEntry("lastStatus", "SUCCESS");
    assertThat(finding.getWindowStart()).isEqualTo("2026-06-01T12:00:00Z");
    assertThat(settled(result))
        .containsExactly("2026-06-01T16:05:00Z RAISED", "2026-06-01T20:00:00Z CLEARED");
  }

  @Test
  void whileTheWorkspaceIsSilentNobodyKnows() {
    // given a steady connector, then nothing of its workspace for ten hours, after which the rules
    // are heard at once, and the connector two hours later
    List<Message> records = new ArrayList<>(rules("2026-06-01T08:30:00Z", 4));
    for (int hour = 9; hour <= 12; hour++) {
      String time = String.format("2026-06-01T%02d:00:00Z", hour);
      records.add(signal(state("aws", time, SUCCESS)));
    }
    records.addAll(rules("2026-06-01T22:30:00Z", 6));
    records.add(signal(state("aws", "2026-06-02T00:40:00Z", SUCCESS)));

    var result = harness().run(Disorder.inOrder(records));

    // then it is not said that the connector was silent
    assertThat(result.outputs()).isEmpty();
  }

  @Test
  void afterAnOutageOfTheWorkspaceSilenceIsStillFound() {
    List<Message> records = new ArrayList<>(rules("2026-06-01T08:30:00Z", 4));
    for (int hour = 9; hour <= 12; hour++) {
      String time = String.format("2026-06-01T%02d:00:00Z", hour);
      records.add(signal(state("aws", time, SUCCESS)));
    }
    records.addAll(rules("2026-06-01T22:30:00Z", 8));

    var result = harness().run(Disorder.inOrder(records));

    assertThat(only(result).getOccurredAt()).isEqualTo("2026-06-02T02:05:00Z");
    assertThat(settled(result)).containsExactly("2026-06-02T02:05:00Z RAISED");
    assertThat(result.keys()).as("nothing is kept for ever").isZero();
  }

  private static List<Message> rules(String from, int hours) {
    List<Message> records = new ArrayList<>();
    for (int hour = 0; hour < hours; hour++) {
      String time = Instant.parse(from).plus(Duration.ofHours(hour)).toString();
      records.add(run("r1", time, time, SUCCESS, time));
    }
    return records;
  }

  private static Finding only(DetectorHarness.Result result) {
    assertThat(result.findings()).hasSize(1);
    return result.findings().get(0);
  }

  private static List<String> settled(DetectorHarness.Result result) {
    return result.settled().stream()
        .map(fact -> Instant.ofEpochMilli(fact.at()) + " " + fact.finding().getStatus())
        .toList();
  }

  private static DetectorHarness<ConnectorState> harness() {
    return DetectorHarness.of(() -> new ConnectorDetector(CATALOGUE));
  }
}
