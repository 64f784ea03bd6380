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
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Output;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingStatus;
import io.mendline.schemas.Severity;
import io.mendline.schemas.Transience;
import io.mendline.serdes.telemetry.SentinelHealth;
import io.mendline.serdes.telemetry.SentinelHealth.Operation;
import io.mendline.serdes.telemetry.SentinelHealth.ResourceType;
import io.mendline.serdes.telemetry.SentinelHealth.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AutomationEdgesTest {
  private static final CauseCatalogue CATALOGUE = CauseCatalogue.bundled();
  private static final String TEN = "2026-06-01T10:00:00Z";
  private static final String ELEVEN = "2026-06-01T11:00:00Z";
  private static final String NOON = "2026-06-01T12:00:00Z";

  /** The documented errors, and what has to change. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "The incident/alert was not found.                                       | dependency",
        "Playbook was not found, or Sentinel was missing permissions on it.      | dependency",
        "The playbook contains an unsupported trigger type.                      | configuration",
        "The subscription is disabled and marked as read-only.                   | configuration",
        "The playbook was disabled.                                              | configuration",
        "Because of invalid template definition.                                 | configuration",
        "Access control configuration restricts Microsoft Sentinel.              | access",
        "Microsoft Sentinel is missing permissions to run it.                    | access",
        "The playbook's subscription or resource group was locked.               | configuration",
        "Invalid credentials in connection.                                      | access",
      })
  void errorsThatDoNotPassRaiseAtOnce(String text, String category) {
    Finding inDescription = only(told(playbook("p", TEN, FAILURE).description(text)));
    Finding inReason = only(told(automation("a", TEN, PARTIAL_SUCCESS).reason(text)));

    assertThat(inDescription.getRootCause().getCategory()).isEqualTo(category);
    assertThat(inDescription.getRootCause().getTransience()).isEqualTo(Transience.PERMANENT);
    assertThat(inDescription.getSeverity()).isEqualTo(Severity.HIGH);
    assertThat(inReason.getRootCause().getKey()).isEqualTo(inDescription.getRootCause().getKey());
    assertThat(inReason.getSeverity()).as("some of it was done").isEqualTo(Severity.MEDIUM);
  }

  /** What is known of one failed run, and whether one such run raises. */
  @ParameterizedTest(name = "{0} {1} {2}: {3}")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "Too many requests. Workflow throttling limits were exceeded.      | -    | -   | false",
        "Because of too many requests exceeded throttling limits.          | -    | -   | false",
        "TOO MANY  REQUESTS                                                | -    | -   | false",
        "- | Too many requests exceeded throttling limits.                        | -   | false",
        "- | -                                         | TooManyRequests                | false",
        "- | -                                         | TOO_MANY_REQUESTS              | false",
        "Too many requests; and the playbook was disabled.   | -                  | -   | true",
        "It did not work.                                                   | -   | -   | true",
        "- | -                                                              | -         | true",
      })
  void onlyTooManyRequestsAreWaitedFor(
      String description, String reason, String code, boolean raises) {
    SentinelHealth.Builder row = automation("a", TEN, FAILURE);
    row.description(description).reason(reason);
    row.issues(code == null ? List.of() : List.of(code));

    assertThat(told(row).findings()).hasSize(raises ? 1 : 0);
  }

  /** Whether one run of this kind and status raises, and clears what failed before. */
  @ParameterizedTest(name = "{0} {1}: raises {2}, clears {3}")
  @CsvSource({
    "AUTOMATION_RULE, FAILURE,         true,  false",
    "AUTOMATION_RULE, PARTIAL_SUCCESS, true,  false",
    "AUTOMATION_RULE, SUCCESS,         false, true",
    "AUTOMATION_RULE, WARNING,         false, false",
    "AUTOMATION_RULE, INFORMATIONAL,   false, false",
    "AUTOMATION_RULE, OTHER,           false, false",
    "PLAYBOOK,        FAILURE,         true,  false",
    "CONNECTOR,       FAILURE,         false, false",
    "ANALYTICS_RULE,  FAILURE,         false, false",
    "OTHER,           SUCCESS,         false, false",
  })
  void statuses(ResourceType type, Status status, boolean raises, boolean clears) {
    var alone = told(automation("a", ELEVEN, status).resourceType(type));
    var after =
        told(automation("a", TEN, FAILURE), automation("a", ELEVEN, status).resourceType(type));

    assertThat(alone.findings()).hasSize(raises ? 1 : 0);
    assertThat(after.findings().get(0).getStatus())
        .isEqualTo(clears ? FindingStatus.CLEARED : FindingStatus.RAISED);
  }

  @Test
  void anOperationThatIsNotKnownIsARun() {
    assertThat(told(automation("a", TEN, FAILURE).operation(Operation.OTHER)).findings())
        .hasSize(1);
  }

  @Test
  void anAutomationRuleAndAPlaybookOfOneNameAreTwo() {
    var result =
        told(
            automation("block", TEN, FAILURE),
            playbook("block", TEN, FAILURE),
            playbook("block", ELEVEN, SUCCESS));

    assertThat(result.findings())
        .extracting(
            finding ->
                finding.getResource().getType()
                    + " "
                    + finding.getResource().getId()
                    + " "
                    + finding.getStatus())
        .containsExactlyInAnyOrder(
            "SENTINEL_AUTOMATION block RAISED", "SENTINEL_PLAYBOOK block CLEARED");
  }

  @Test
  void aSuccessAtTheInstantOfAFailureDoesNotClearIt() {
    var result = told(automation("a", TEN, FAILURE), automation("a", TEN, SUCCESS).recordId("2"));

    assertThat(only(result).getStatus()).isEqualTo(FindingStatus.RAISED);
  }

  @Test
  void oneRunToldAtTwoTimesCountsOnce() {
    var result =
        told(
            throttled(TEN).recordId("1"),
            throttled("2026-06-01T10:00:01Z").recordId("1"),
            throttled(ELEVEN).recordId("2"));

    assertThat(result.outputs()).isEmpty();
  }

  @Test
  void aLateRunRaisesNothingAndIsCountedBySuchAsFollow() {
    // given two throttled runs, a third that arrives late, and a fourth in time
    var late =
        told(
            throttled(TEN),
            throttled(ELEVEN),
            automation("other", "2026-06-01T15:00:00Z", SUCCESS),
            throttled(NOON));
    var andOneMore =
        told(
            throttled(TEN),
            throttled(ELEVEN),
            automation("other", "2026-06-01T15:00:00Z", SUCCESS),
            throttled(NOON),
            throttled("2026-06-01T14:00:00Z"));

    assertThat(late.outputs()).isEmpty();
    assertThat(only(andOneMore).getOccurredAt()).isEqualTo("2026-06-01T14:00:00Z");
    assertThat(only(andOneMore).getAttributes()).containsEntry("throttledRuns", "4");
  }

  @Test
  void aLateFailureOfOneThatIsNotKnownLeavesNothing() {
    var result =
        told(automation("other", "2026-06-01T15:00:00Z", SUCCESS), automation("a", TEN, FAILURE));

    assertThat(result.outputs()).isEmpty();
    assertThat(result.keys()).isZero();
  }

  @Test
  void aLateSuccessClearsOnlyWhenItIsTheNewest() {
    var newest =
        told(
            automation("a", TEN, FAILURE),
            automation("other", "2026-06-01T15:00:00Z", SUCCESS),
            automation("a", ELEVEN, SUCCESS));
    var older =
        told(
            automation("a", TEN, FAILURE),
            automation("a", NOON, FAILURE),
            automation("other", "2026-06-01T15:00:00Z", SUCCESS),
            automation("a", ELEVEN, SUCCESS));

    assertThat(only(newest).getStatus()).isEqualTo(FindingStatus.CLEARED);
    assertThat(newest.keys()).isZero();
    assertThat(only(older).getStatus()).isEqualTo(FindingStatus.RAISED);
  }

  @Test
  void whatIsForgottenBeginsANewEpisode() {
    var result =
        told(
            automation("a", "2026-06-01T10:00:00Z", FAILURE),
            automation("a", "2026-07-01T10:00:00Z", FAILURE),
            automation("a", "2026-07-31T10:00:01Z", FAILURE));

    assertThat(result.findings()).hasSize(2);
  }

  @Test
  void aBusyAutomationThatWorksIsSmall() {
    List<Message> records = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      String time = Instant.parse(TEN).plusSeconds(60L * i).toString();
      records.add(
          signal(
              automation("a", time, SUCCESS)
                  .recordId("5f1e2c34-0000-4000-8000-" + (100_000_000_000L + i)),
              i));
    }

    var result = harness().run(records);

    assertThat(result.outputs()).isEmpty();
    assertThat(result.largestEntry()).isLessThan(10_000);
    assertThat(result.keys()).isZero();
  }

  @Test
  void moreThanMayWaitIsJudgedEarlyAndNothingIsLost() {
    // given two thousand runs within the lateness, of which the first fails
    List<Message> records = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      String time = Instant.parse(TEN).plusSeconds(3L * i).toString();
      records.add(
          signal(automation("a", time, i == 0 ? FAILURE : SUCCESS).recordId("record-" + i), i));
    }

    var result = harness().run(records);

    assertThat(only(result).getStatus()).isEqualTo(FindingStatus.CLEARED);
    assertThat(result.largestEntry()).isLessThan(50_000);
    assertThat(result.of(Output.Noted.class))
        .extracting(noted -> noted.entry().getDetail().get("judgedEarly"))
        .containsExactly("1", "2", "4", "8", "16", "32", "64", "128", "256", "512", "1024");
    assertThat(result.keys()).isZero();
  }

  @Test
  void manyFailuresWithLongMessagesStayWithinTheBound() {
    List<Message> records = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      String time = Instant.parse(TEN).plusSeconds(3L * i).toString();
      records.add(
          signal(
              automation("a", time, FAILURE)
                  .recordId("5f1e2c34-0000-4000-8000-" + (100_000_000_000L + i))
                  .issues(List.of("AccessDenied", "503"))
                  .description((i + " was not done. ").repeat(100)),
              i));
    }

    var result = harness().run(records);

    assertThat(only(result).getAttributes().get("message")).hasSize(HealthFact.MAX_MESSAGE);
    assertThat(result.largestEntry()).isLessThan(250_000);
    assertThat(result.keys()).isZero();
  }

  private static SentinelHealth.Builder throttled(String time) {
    return automation("a", time, FAILURE)
        .description("Because of too many requests exceeded throttling limits.");
  }

  private static Finding only(DetectorHarness.Result result) {
    assertThat(result.findings()).hasSize(1);
    return result.findings().get(0);
  }

  private static DetectorHarness.Result told(SentinelHealth.Builder... rows) {
    List<Message> records = new ArrayList<>();
    for (SentinelHealth.Builder row : rows) {
      records.add(signal(row));
    }
    return harness().run(records);
  }

  private static DetectorHarness<AutomationState> harness() {
    return DetectorHarness.of(() -> new AutomationDetector(CATALOGUE));
  }
}
