package io.mendline.processors.sentinel;

import static io.mendline.processors.sentinel.HealthRecords.automation;
import static io.mendline.processors.sentinel.HealthRecords.playbook;
import static io.mendline.processors.sentinel.HealthRecords.signal;
import static io.mendline.serdes.telemetry.SentinelHealth.Status.FAILURE;
import static io.mendline.serdes.telemetry.SentinelHealth.Status.PARTIAL_SUCCESS;
import static io.mendline.serdes.telemetry.SentinelHealth.Status.SUCCESS;
import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.cause.CauseCatalogue;
import io.mendline.processors.pipeline.DetectorHarness;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.FindingStatus;
import io.mendline.schemas.ResourceType;
import io.mendline.schemas.Severity;
import io.mendline.schemas.Transience;
import io.mendline.serdes.telemetry.SentinelHealth;
import io.mendline.serdes.telemetry.SentinelHealth.Status;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is found of automation rules and playbooks, told as operators tell it. */
class AutomationStoryTest {
  private static final CauseCatalogue CATALOGUE = CauseCatalogue.bundled();
  private static final String THROTTLED =
      "Could not trigger playbook: Too many requests. Workflow throttling limits were exceeded.";

  @Test
  void aDisabledPlaybookIsFoundAtOnceAndClearedByALaterSuccess() {
    // given a playbook that is disabled between two runs, and enabled the day after
    var result =
        harness()
            .run(
                List.of(
                    signal(playbook("block", "2026-06-01T10:00:00Z", SUCCESS)),
                    signal(disabled("2026-06-01T11:00:00Z")),
                    signal(disabled("2026-06-01T12:00:00Z")),
                    signal(playbook("block", "2026-06-02T09:00:00Z", SUCCESS))));

    // then there is one finding, with what has to change, raised at the first failure
    assertThat(result.findings()).hasSize(1);
    Finding finding = result.findings().get(0);
    assertThat(finding.getKind()).isEqualTo(FindingKind.AUTOMATION_FAILED);
    assertThat(finding.getResource().getType()).isEqualTo(ResourceType.SENTINEL_PLAYBOOK);
    assertThat(finding.getResource().getId()).isEqualTo("block");
    assertThat(finding.getSeverity()).isEqualTo(Severity.HIGH);
    assertThat(finding.getRootCause().getKey()).isEqualTo("sentinel/playbook-disabled");
    assertThat(finding.getRootCause().getTransience()).isEqualTo(Transience.PERMANENT);
    assertThat(finding.getAttributes())
        .containsEntry("failures", "2")
        .containsEntry("partialSuccesses", "0")
        .containsEntry("lastStatus", "FAILURE");
    assertThat(settled(result))
        .containsExactly("2026-06-01T11:00:00Z RAISED", "2026-06-02T09:00:00Z CLEARED");
    assertThat(result.keys()).isZero();
  }

  @Test
  void tooManyRequestsTwiceAreNothing() {
    var result =
        harness()
            .run(
                List.of(
                    signal(throttled("2026-06-01T10:00:00Z")),
                    signal(throttled("2026-06-01T10:10:00Z")),
                    signal(automation("enrich", "2026-06-01T10:20:00Z", SUCCESS)),
                    signal(throttled("2026-06-01T10:30:00Z")),
                    signal(throttled("2026-06-01T10:40:00Z"))));

    assertThat(result.outputs()).isEmpty();
    assertThat(result.keys()).isZero();
  }

  @Test
  void tooManyRequestsThreeTimesInARowAreFound() {
    // given three throttled runs in a row, of which the second is delivered twice
    var second = signal(throttled("2026-06-01T10:10:00Z"));
    var result =
        harness()
            .run(
                List.of(
                    signal(throttled("2026-06-01T10:00:00Z")),
                    second,
                    second,
                    signal(throttled("2026-06-01T10:20:00Z"))));

    // then the third raises, and the episode began with the first
    assertThat(result.findings()).hasSize(1);
    Finding finding = result.findings().get(0);
    assertThat(finding.getResource().getType()).isEqualTo(ResourceType.SENTINEL_AUTOMATION);
    assertThat(finding.getOccurredAt()).isEqualTo("2026-06-01T10:20:00Z");
    assertThat(finding.getWindowStart()).isEqualTo("2026-06-01T10:00:00Z");
    assertThat(finding.getSeverity()).isEqualTo(Severity.MEDIUM);
    assertThat(finding.getRootCause().getTransience()).isEqualTo(Transience.TRANSIENT);
    assertThat(finding.getAttributes()).containsEntry("throttledRuns", "3");
    assertThat(settled(result)).containsExactly("2026-06-01T10:20:00Z RAISED");
  }

  @Test
  void anErrorThatDoesNotPassEndsThePatience() {
    var result =
        harness()
            .run(
                List.of(
                    signal(throttled("2026-06-01T10:00:00Z")),
                    signal(
                        automation("enrich", "2026-06-01T10:10:00Z", PARTIAL_SUCCESS)
                            .description("Playbook was not found"))));

    assertThat(result.findings()).hasSize(1);
    Finding finding = result.findings().get(0);
    assertThat(finding.getStatus()).isEqualTo(FindingStatus.RAISED);
    assertThat(finding.getRootCause().getKey()).isEqualTo("sentinel/playbook-missing");
    assertThat(finding.getAttributes())
        .containsEntry("failures", "1")
        .containsEntry("partialSuccesses", "1")
        .containsEntry("throttledRuns", "1")
        .containsEntry("lastStatus", "PARTIAL_SUCCESS");
    assertThat(settled(result)).containsExactly("2026-06-01T10:10:00Z RAISED");
  }

  private static SentinelHealth.Builder disabled(String time) {
    return playbook("block", time, FAILURE)
        .description("Could not trigger playbook block: the playbook was disabled.");
  }

  private static SentinelHealth.Builder throttled(String time) {
    return automation("enrich", time, Status.FAILURE).description(THROTTLED);
  }

  private static List<String> settled(DetectorHarness.Result result) {
    return result.settled().stream()
        .map(fact -> Instant.ofEpochMilli(fact.at()) + " " + fact.finding().getStatus())
        .toList();
  }

  private static DetectorHarness<AutomationState> harness() {
    return DetectorHarness.of(() -> new AutomationDetector(CATALOGUE));
  }
}
