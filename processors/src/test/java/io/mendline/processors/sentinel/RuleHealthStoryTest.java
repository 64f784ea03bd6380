package io.mendline.processors.sentinel;

import static io.mendline.processors.sentinel.HealthRows.GIVEN_UP;
import static io.mendline.processors.sentinel.HealthRows.minute;
import static io.mendline.processors.sentinel.HealthRows.nrt;
import static io.mendline.processors.sentinel.HealthRows.nrtOver;
import static io.mendline.processors.sentinel.HealthRows.row;
import static io.mendline.processors.sentinel.HealthRows.told;
import static io.mendline.serdes.telemetry.SentinelHealth.Status.FAILURE;
import static io.mendline.serdes.telemetry.SentinelHealth.Status.PARTIAL_SUCCESS;
import static io.mendline.serdes.telemetry.SentinelHealth.Status.SUCCESS;
import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.cause.CauseCatalogue;
import io.mendline.processors.pipeline.DetectorHarness;
import io.mendline.processors.pipeline.Message;
import io.mendline.schemas.Confidence;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.Severity;
import io.mendline.serdes.telemetry.SentinelHealth;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is found, told as operators tell it. */
class RuleHealthStoryTest {
  private static final CauseCatalogue CATALOGUE = CauseCatalogue.bundled();

  @Test
  void anNrtRuleFallsBehindAndCatchesUp() {
    // given an NRT rule whose runs look at more and more data, and then at a minute again
    var result =
        run(
            nrtOver(1, 1, SUCCESS),
            nrtOver(10, 11, SUCCESS),
            nrtOver(11, 22, SUCCESS),
            nrtOver(25, 47, SUCCESS),
            nrtOver(26, 73, SUCCESS),
            nrtOver(12, 85, SUCCESS),
            nrtOver(2, 87, SUCCESS));

    // then it is a warning above 10 minutes, a finding above 25, and over at 10 or less
    assertThat(versions(result))
        .containsExactly(
            "RULE_DELAYED RAISED 1 LOW",
            "RULE_DELAYED RAISED 2 MEDIUM",
            "RULE_DELAYED CLEARED 3 MEDIUM");
    assertThat(settled(result)).containsExactly("22 RAISED", "87 CLEARED");
    assertThat(result.findings()).hasSize(1);
    Finding finding = result.findings().get(0);
    assertThat(finding.getOccurredAt()).isEqualTo(minute(22));
    assertThat(finding.getWindowStart()).isEqualTo(minute(47));
    assertThat(finding.getWindowEnd()).isEqualTo(minute(73));
    assertThat(finding.getSummary())
        .isEqualTo(
            "NRT rule Rule r1 was up to 26 minutes late with data since 2026-06-01T10:47:00Z; it is"
                + " in time again");
    assertThat(finding.getAttributes())
        .containsEntry("delaySeconds", "1560")
        .containsEntry("warnSeconds", "600")
        .containsEntry("thresholdSeconds", "1500")
        .doesNotContainKey("failedRuns");
  }

  @Test
  void failedNrtRunsInARowAreADelayOfAllTheyLeaveUnseen() {
    // given an NRT rule that last saw data up to 10:03 and then fails every ten minutes
    var result =
        run(
            nrtOver(1, 3, SUCCESS),
            nrt(10, FAILURE).description(GIVEN_UP),
            nrt(20, FAILURE, "QUERY_TIMEOUT").description(GIVEN_UP),
            nrt(28, FAILURE).description(GIVEN_UP),
            nrt(29, FAILURE).description(GIVEN_UP),
            // the data of the failed runs is folded into this one
            nrtOver(27, 30, SUCCESS),
            nrtOver(1, 31, SUCCESS));

    // then it is late by what has not been seen, and no window is skipped
    assertThat(versions(result))
        .containsExactly(
            "RULE_DELAYED RAISED 1 LOW",
            "RULE_DELAYED RAISED 2 MEDIUM",
            "RULE_DELAYED CLEARED 3 MEDIUM");
    assertThat(settled(result)).containsExactly("20 RAISED", "31 CLEARED");
    Finding finding = result.findings().get(0);
    assertThat(finding.getAttributes())
        .containsEntry("delaySeconds", "1620")
        .containsEntry("failedRuns", "4");
    assertThat(finding.getWindowStart()).isEqualTo(minute(3));
    assertThat(finding.getRootCause().getKey()).isEqualTo("sentinel/query-timeout");
  }

  @Test
  void entitiesAreDroppedUntilTheMappingIsCorrected() {
    // given a rule that drops entities, told in both styles of codes, and alerts on one run
    var result =
        run(
            row(0, SUCCESS),
            row(60, PARTIAL_SUCCESS, "ENTITIES_DROPPED_DUE_TO_MAPPING_ISSUES"),
            row(120, PARTIAL_SUCCESS, "EntitiesDroppedDueToMappingIssues", "ALERT_PER_ROW_LIMIT"),
            row(180, SUCCESS, "EntitiesDroppedDueToMappingIssues"),
            row(240, SUCCESS));

    // then there is one finding per issue, each until a run comes without it
    assertThat(settled(result))
        .containsExactly("60 RAISED", "120 RAISED", "180 CLEARED", "240 CLEARED");
    assertThat(result.findings())
        .extracting(finding -> finding.getRootCause().getKey())
        .containsExactly("sentinel/entities-dropped-mapping", "sentinel/alert-per-row-limit");
    Finding mapping = result.findings().get(0);
    assertThat(mapping.getKind()).isEqualTo(FindingKind.RULE_DEGRADED);
    assertThat(mapping.getSeverity()).isEqualTo(Severity.MEDIUM);
    assertThat(mapping.getConfidence()).isEqualTo(Confidence.HIGH);
    assertThat(mapping.getAttributes())
        .containsEntry("issueCode", "ENTITIES_DROPPED_DUE_TO_MAPPING_ISSUES")
        .containsEntry("runs", "3")
        .containsEntry("since", "2026-06-01T11:00:00Z")
        .containsEntry("until", "2026-06-01T14:00:00Z");
    assertThat(mapping.getSummary())
        .isEqualTo(
            "Rule Rule r1 ran with trouble: Entities were dropped because of the entity mapping; it"
                + " has run without this since");
  }

  @Test
  void aRuleFailsForGoodAndIsDisabledBySentinelAndEnabledAgain() {
    // given a rule whose table is gone; after some failures Sentinel disables it, tells it so in
    // its name, and does not run it any more; then a person restores the table and enables it
    var result =
        run(
            row(0, SUCCESS),
            row(60, FAILURE, "TABLE_NOT_EXISTS"),
            row(120, FAILURE, "TableNotExists"),
            row(180, FAILURE, "TABLE_NOT_EXISTS"),
            row(240, FAILURE, "TABLE_NOT_EXISTS"),
            row(300, FAILURE)
                .name("AUTO DISABLED Rule r1")
                .reason("The analytics rule is disabled and was not executed."),
            row(360, FAILURE)
                .name("AUTO DISABLED Rule r1")
                .reason("The analytics rule is disabled and was not executed."),
            row(420, SUCCESS));

    // then the run-up is told before it happens, then the disabling with the cause of the run-up
    assertThat(versions(result))
        .containsExactly(
            "RULE_DEGRADED RAISED 1 HIGH",
            "RULE_AUTO_DISABLED RAISED 1 HIGH",
            "RULE_DEGRADED CLEARED 2 HIGH",
            "RULE_AUTO_DISABLED CLEARED 2 HIGH");
    assertThat(settled(result))
        .containsExactly("180 RAISED", "300 RAISED", "420 CLEARED", "420 CLEARED");
    Finding runUp = result.findings().get(0);
    assertThat(runUp.getAttributes())
        .containsEntry("consecutiveFailures", "4")
        .containsEntry("issueCode", "TABLE_NOT_EXISTS");
    assertThat(runUp.getEvidence()).hasSize(3);
    Finding disabled = result.findings().get(1);
    assertThat(disabled.getRootCause().getKey()).isEqualTo("sentinel/table-missing");
    assertThat(disabled.getAttributes())
        .containsEntry("reason", "The analytics rule is disabled and was not executed.");
    assertThat(disabled.getSummary())
        .isEqualTo(
            "Sentinel has disabled rule Rule r1: A table that the query reads does not exist; it is"
                + " enabled again");
  }

  @Test
  void aRuleThatSomebodySwitchedOffIsTakenForDisabledWithLowConfidence() {
    var result =
        run(
            row(0, SUCCESS),
            row(60, FAILURE).reason("The analytics rule is disabled and was not executed."),
            row(120, FAILURE).reason("The analytics rule is disabled and was not executed."),
            row(180, FAILURE, "QUERY_TIMEOUT"));

    assertThat(versions(result))
        .containsExactly("RULE_DISABLED RAISED 1 MEDIUM", "RULE_DISABLED CLEARED 2 MEDIUM");
    assertThat(result.findings().get(0).getConfidence()).isEqualTo(Confidence.LOW);
    assertThat(settled(result)).containsExactly("60 RAISED", "180 CLEARED");
  }

  @Test
  void nothingIsToldBeforeTheWatermarkHasPassed() {
    List<Message> records = told(row(0, PARTIAL_SUCCESS, "SEMANTIC_ERROR"));

    assertThat(harness().withoutJump().run(records).outputs()).isEmpty();
    assertThat(harness().run(records).found()).hasSize(1);
  }

  @Test
  void anotherEpisodeIsAnotherFinding() {
    var result =
        run(
            row(0, PARTIAL_SUCCESS, "SEMANTIC_ERROR"),
            row(60, SUCCESS),
            row(120, PARTIAL_SUCCESS, "SEMANTIC_ERROR"));

    assertThat(result.findings()).hasSize(2).extracting(Finding::getId).doesNotHaveDuplicates();
  }

  private static List<String> versions(DetectorHarness.Result result) {
    return result.found().stream()
        .map(
            finding ->
                finding.getKind()
                    + " "
                    + finding.getStatus()
                    + " "
                    + finding.getRevision()
                    + " "
                    + finding.getSeverity())
        .toList();
  }

  private static List<String> settled(DetectorHarness.Result result) {
    return result.settled().stream()
        .map(
            settled ->
                (settled.at() - HealthRows.BEGIN.toEpochMilli()) / 60_000
                    + " "
                    + settled.finding().getStatus())
        .toList();
  }

  private static DetectorHarness.Result run(SentinelHealth.Builder... rows) {
    return harness().run(told(rows));
  }

  private static DetectorHarness<RuleHealth> harness() {
    return DetectorHarness.of(() -> new RuleHealthDetector(CATALOGUE));
  }
}
