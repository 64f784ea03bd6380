package io.mendline.processors.sentinel;

import static io.mendline.processors.sentinel.HealthRows.row;
import static io.mendline.processors.sentinel.RuleChanges.delete;
import static io.mendline.processors.sentinel.RuleChanges.echo;
import static io.mendline.processors.sentinel.RuleChanges.write;
import static io.mendline.serdes.telemetry.RuleChange.Before.DISABLED;
import static io.mendline.serdes.telemetry.RuleChange.Before.ENABLED;
import static io.mendline.serdes.telemetry.RuleChange.Before.NONE;
import static io.mendline.serdes.telemetry.RuleChange.Before.UNKNOWN;
import static io.mendline.serdes.telemetry.RuleChange.Enabled.NO;
import static io.mendline.serdes.telemetry.RuleChange.Enabled.YES;
import static io.mendline.serdes.telemetry.SentinelHealth.Status.FAILURE;
import static io.mendline.serdes.telemetry.SentinelHealth.Status.SUCCESS;
import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.cause.CauseCatalogue;
import io.mendline.processors.pipeline.DetectorHarness;
import io.mendline.processors.pipeline.Disorder;
import io.mendline.processors.pipeline.Message;
import io.mendline.schemas.Confidence;
import io.mendline.schemas.Finding;
import io.mendline.schemas.Severity;
import io.mendline.serdes.telemetry.RuleChange;
import io.mendline.serdes.telemetry.RuleChange.Before;
import io.mendline.serdes.telemetry.RuleChange.Enabled;
import io.mendline.serdes.telemetry.SentinelHealth;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is found of rules by the records of their changes, told as operators tell it. */
class RuleChangesStoryTest {
  private static final CauseCatalogue CATALOGUE = CauseCatalogue.bundled();
  private static final String NOT_EXECUTED = "The analytics rule is disabled and was not executed.";

  @Test
  void aRuleIsSwitchedOffAndOnAgain() {
    var result =
        run(
            row(0, SUCCESS),
            write(30, ENABLED, NO).severity("High").tactics(List.of("Impact", "Execution")),
            row(60, FAILURE).reason(NOT_EXECUTED),
            write(90, DISABLED, YES).caller("ann"));

    assertThat(versions(result))
        .containsExactly("RULE_DISABLED RAISED 1 HIGH", "RULE_DISABLED CLEARED 2 HIGH");
    Finding finding = result.findings().get(0);
    assertThat(finding.getOccurredAt()).isEqualTo(HealthRows.minute(30));
    assertThat(finding.getSeverity()).as("a rule of high severity").isEqualTo(Severity.HIGH);
    assertThat(finding.getSummary())
        .isEqualTo("Rule Rule r1 was disabled by mira@contoso.example; it was enabled by ann");
    assertThat(finding.getAttributes())
        .containsEntry("changedBy", "mira@contoso.example")
        .containsEntry("changedFrom", "203.0.113.7")
        .containsEntry("changedAt", "2026-06-01T10:30:00Z")
        .containsEntry("correlationId", "c-30")
        .containsEntry("enabledBy", "ann")
        .containsEntry("until", "2026-06-01T11:30:00Z")
        .containsEntry("ruleSeverity", "High")
        .containsEntry("tactics", "Execution,Impact")
        .doesNotContainKey("techniques");
  }

  @Test
  void aRuleIsDeletedAndCreatedAgain() {
    var result = run(write(0, ENABLED, NO), delete(30), write(120, NONE, YES));

    assertThat(versions(result))
        .containsExactly(
            "RULE_DISABLED RAISED 1 HIGH",
            "RULE_DISABLED CLEARED 2 HIGH",
            "RULE_DELETED RAISED 1 HIGH",
            "RULE_DELETED CLEARED 2 HIGH");
    assertThat(result.findings().get(0).getSummary())
        .endsWith("; it was deleted by mira@contoso.example");
    assertThat(result.findings().get(1).getSummary())
        .isEqualTo("Rule Rule r1 was deleted by mira@contoso.example; it is there again");
    assertThat(result.findings().get(1).getSeverity()).isEqualTo(Severity.MEDIUM);
  }

  @ParameterizedTest
  @ValueSource(ints = {-4, -1, 0, 3, 5})
  void theSameChangeToldByTheOtherLogIsOne(int minutesLater) {
    RuleChange.Builder audit = write(30, ENABLED, NO);
    var result = run(audit, echo(audit, minutesLater), row(0, SUCCESS));

    assertThat(versions(result)).containsExactly("RULE_DISABLED RAISED 1 HIGH");
    assertThat(result.findings().get(0).getAttributes())
        .containsEntry("changedBy", "mira@contoso.example")
        .containsEntry("changedAt", "2026-06-01T10:30:00Z");
    assertThat(result.findings().get(0).getEvidence()).hasSize(2);
  }

  @Test
  void whatTheOtherLogTellsAfterItWasEnabledAgainIsStillTheSameChange() {
    RuleChange.Builder off = write(30, ENABLED, NO);
    var result = run(off, write(31, DISABLED, YES), echo(off, 3));

    assertThat(versions(result))
        .containsExactly("RULE_DISABLED RAISED 1 HIGH", "RULE_DISABLED CLEARED 2 HIGH");
  }

  @Test
  void theActivityLogAloneWillDo() {
    var result = run(echo(write(30, ENABLED, NO), 0));

    assertThat(versions(result)).containsExactly("RULE_DISABLED RAISED 1 HIGH");
    assertThat(result.findings().get(0).getAttributes())
        .containsEntry("changedBy", "0000-object-id")
        .doesNotContainKey("changedFrom");
  }

  @ParameterizedTest
  @ValueSource(ints = {-30, -4, 2, 30})
  void theRecordOfTheChangeAndTheWordsOfRunsAreOneFinding(int wordsLater) {
    var result = run(write(60, ENABLED, NO), row(60 + wordsLater, FAILURE).reason(NOT_EXECUTED));

    assertThat(result.findings()).hasSize(1);
    Finding finding = result.findings().get(0);
    assertThat(finding.getConfidence()).isEqualTo(Confidence.HIGH);
    assertThat(finding.getRevision()).isEqualTo(wordsLater < 5 ? 2 : 1);
    assertThat(finding.getAttributes()).containsEntry("changedBy", "mira@contoso.example");
  }

  @Test
  void aRunThatWasLoggedJustAfterTheRuleWasSwitchedOffEnablesNothing() {
    var result = run(write(30, ENABLED, NO), row(33, SUCCESS));
    assertThat(versions(result)).containsExactly("RULE_DISABLED RAISED 1 HIGH");

    assertThat(versions(run(write(30, ENABLED, NO), row(36, SUCCESS)))).hasSize(2);
  }

  /**
   * Sentinel disables the rule by a write of its own, tells it in the name, and runs it no more.
   */
  @ParameterizedTest
  @ValueSource(ints = {25, 30, 34, 300})
  void theWriteBySentinelItselfIsPartOfTheOneEpisode(int words) {
    var result =
        run(
            row(0, FAILURE, "TABLE_NOT_EXISTS"),
            row(10, FAILURE, "TABLE_NOT_EXISTS"),
            row(20, FAILURE, "TABLE_NOT_EXISTS"),
            write(30, words % 2 == 0 ? ENABLED : UNKNOWN, NO)
                .name("AUTO DISABLED Rule r1")
                .caller("Microsoft Sentinel"),
            row(words, FAILURE).name("AUTO DISABLED Rule r1").reason(NOT_EXECUTED));

    assertThat(result.findings())
        .extracting(finding -> finding.getKind().name())
        .containsExactlyInAnyOrder("RULE_DEGRADED", "RULE_AUTO_DISABLED");
    Finding disabled = result.findings().get(1);
    assertThat(disabled.getRootCause().getKey()).isEqualTo("sentinel/table-missing");
    assertThat(disabled.getAttributes())
        .containsEntry("changedBy", "Microsoft Sentinel")
        .containsEntry("reason", NOT_EXECUTED)
        .doesNotContainKey("editedAt");
  }

  @Test
  void aChangeWhileItStaysAutoDisabledIsToldOfAndEnablingClears() {
    var result =
        run(
            row(0, FAILURE).name("AUTO DISABLED Rule r1").reason(NOT_EXECUTED),
            write(60, DISABLED, NO).name("AUTO DISABLED Rule r1"),
            write(90, DISABLED, NO).name("Rule r1").caller("ann"),
            write(120, DISABLED, YES));

    assertThat(versions(result))
        .containsExactly(
            "RULE_AUTO_DISABLED RAISED 1 HIGH",
            "RULE_AUTO_DISABLED RAISED 2 HIGH",
            "RULE_AUTO_DISABLED CLEARED 3 HIGH");
    assertThat(result.settled()).hasSize(3);
    assertThat(result.found().get(1).getAttributes())
        .containsEntry("editedBy", "mira@contoso.example")
        .containsEntry("editedAt", "2026-06-01T11:00:00Z");
    assertThat(result.found().get(1).getSummary()).contains("it was changed by mira@contoso");
  }

  @ParameterizedTest
  @CsvSource({
    "NONE, NO",
    "NONE, YES",
    "DISABLED, NO",
    "ENABLED, YES",
    "ENABLED, UNKNOWN",
    "UNKNOWN, UNKNOWN",
    "UNKNOWN, YES",
    "DISABLED, UNKNOWN",
  })
  void whatNeitherDisablesNorEnablesRaisesNothing(Before before, Enabled enabled) {
    RuleChange.Builder audit = write(30, before, enabled);

    assertThat(run(audit).outputs()).isEmpty();
    // nor with what the other log makes of it, which does not know the state before
    assertThat(run(audit, echo(audit, -1)).outputs()).isEmpty();
  }

  @Test
  void whatWasCreatedDisabledIsNotDisabledByALaterChange() {
    var created = echo(write(0, NONE, NO), 0);

    assertThat(run(created, echo(write(60, UNKNOWN, NO), 0)).outputs()).isEmpty();
    assertThat(run(created, row(30, SUCCESS), echo(write(60, UNKNOWN, NO), 0)).findings())
        .as("it ran meanwhile")
        .hasSize(1);
  }

  @Test
  void aDeletedRuleIsForgottenInTheEnd() {
    assertThat(run(delete(0)).keys()).isZero();
    assertThat(run(write(0, ENABLED, NO)).keys()).isEqualTo(1);
  }

  private static DetectorHarness.Result run(Object... records) {
    List<Message> messages = new ArrayList<>();
    for (Object record : records) {
      messages.add(
          record instanceof RuleChange.Builder change
              ? RuleChanges.signal(change)
              : HealthRows.signal((SentinelHealth.Builder) record));
    }
    return DetectorHarness.of(() -> new RuleHealthDetector(CATALOGUE))
        .run(Disorder.inOrder(messages));
  }

  private static List<String> versions(DetectorHarness.Result result) {
    return result.found().stream()
        .map(
            finding ->
                String.join(
                    " ",
                    finding.getKind().name(),
                    finding.getStatus().name(),
                    Integer.toString(finding.getRevision()),
                    finding.getConfidence().name()))
        .toList();
  }
}
