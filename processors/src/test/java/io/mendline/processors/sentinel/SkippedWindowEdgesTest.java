package io.mendline.processors.sentinel;

import static io.mendline.processors.sentinel.RuleRecords.at;
import static io.mendline.processors.sentinel.RuleRecords.givenUp;
import static io.mendline.processors.sentinel.RuleRecords.givenUpRow;
import static io.mendline.processors.sentinel.RuleRecords.hourly;
import static io.mendline.processors.sentinel.RuleRecords.run;
import static io.mendline.processors.sentinel.RuleRecords.signal;
import static io.mendline.serdes.telemetry.SentinelHealth.Status.FAILURE;
import static io.mendline.serdes.telemetry.SentinelHealth.Status.PARTIAL_SUCCESS;
import static io.mendline.serdes.telemetry.SentinelHealth.Status.SUCCESS;
import static io.mendline.serdes.telemetry.SentinelHealth.Status.WARNING;
import static io.mendline.serdes.telemetry.TelemetryRecord.ABSENT;
import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.cause.CauseCatalogue;
import io.mendline.processors.pipeline.DetectorHarness;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Output;
import io.mendline.processors.pipeline.Samples;
import io.mendline.processors.pipeline.Source;
import io.mendline.schemas.Confidence;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingStatus;
import io.mendline.schemas.Severity;
import io.mendline.serdes.telemetry.SentinelHealth;
import io.mendline.serdes.telemetry.SentinelHealth.Operation;
import io.mendline.serdes.telemetry.SentinelHealth.ResourceType;
import io.mendline.serdes.telemetry.SentinelHealth.RuleKind;
import io.mendline.serdes.telemetry.SentinelHealth.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class SkippedWindowEdgesTest {
  private static final CauseCatalogue CATALOGUE = CauseCatalogue.bundled();
  private static final String WINDOW = "2026-06-01T09:00:00Z";
  private static final String RUN = "2026-06-01T10:00:00Z";
  private static final String LOGGED = "2026-06-01T10:07:00Z";
  private static final long HOUR = Duration.ofHours(1).toMillis();

  /** One record that says its window was given up, and whether it makes a finding. */
  @TestFactory
  Stream<DynamicTest> oneRecord() {
    return Stream.of(
        finds("a failure", row()),
        finds("an operation that is not told", row().operation(Operation.OTHER)),
        finds("a kind that is not told", row().ruleKind(RuleKind.OTHER)),
        finds(
            "the words in the reason", row().reason(row().build().description()).description(null)),
        findsNot("a success", row().status(SUCCESS)),
        findsNot("a warning", row().status(WARNING)),
        findsNot("a status that is not known", row().status(Status.OTHER)),
        findsNot("a summary", row().status(Status.INFORMATIONAL)),
        findsNot("an NRT rule", row().ruleKind(RuleKind.NRT)),
        findsNot("an NRT run", row().operation(Operation.NRT_RULE_RUN)),
        findsNot("an NRT trigger", row().triggerType("NrtRun")),
        findsNot("a connector", row().resourceType(ResourceType.CONNECTOR)),
        findsNot("an automation rule", row().resourceType(ResourceType.AUTOMATION_RULE)),
        findsNot("a failure like any other", row().description("The query timed out.")));
  }

  @Test
  void aChangeOfARuleIsNoRunOfIt() {
    assertThat(new SkippedWindowDetector(CATALOGUE).keyOf(Samples.ruleChanged("10:00"))).isNull();
  }

  private static DynamicTest finds(String what, SentinelHealth.Builder row) {
    return DynamicTest.dynamicTest(
        what + " is found", () -> assertThat(told(row).findings()).hasSize(1));
  }

  private static DynamicTest findsNot(String what, SentinelHealth.Builder row) {
    return DynamicTest.dynamicTest(
        what + " is not found", () -> assertThat(told(row).findings()).isEmpty());
  }

  /** How a window is told, and what is made of it. */
  @TestFactory
  Stream<DynamicTest> windows() {
    return Stream.of(
        window("both ends", row().window(at(WINDOW), at(RUN)), "EXPLICIT", WINDOW, RUN, "HIGH"),
        window(
            "its start, and the frequency",
            row().window(at(WINDOW), ABSENT),
            "EXPLICIT",
            WINDOW,
            RUN,
            "HIGH"),
        window("the run, and the frequency", row(), "DERIVED", WINDOW, RUN, "MEDIUM"),
        window(
            "its end, and the frequency",
            row().window(ABSENT, at(RUN)).description("Failed after numerous attempts."),
            "DERIVED",
            WINDOW,
            RUN,
            "MEDIUM"),
        window(
            "the run, and the look-back",
            row().frequencyMillis(ABSENT),
            "DERIVED",
            WINDOW,
            RUN,
            "MEDIUM"),
        window(
            "the run alone",
            row().frequencyMillis(ABSENT).periodMillis(ABSENT),
            "RUN_TIME",
            null,
            RUN,
            "MEDIUM"),
        window(
            "nothing but the record's time",
            row().description("Failed after numerous attempts."),
            "RECORD_TIME",
            "2026-06-01T09:07:00Z",
            LOGGED,
            "LOW"),
        window(
            "ends of another year",
            row().window(at("2036-06-01T09:00:00Z"), at("2036-06-01T10:00:00Z")),
            "DERIVED",
            WINDOW,
            RUN,
            "MEDIUM"));
  }

  private static DynamicTest window(
      String what,
      SentinelHealth.Builder row,
      String told,
      String start,
      String end,
      String confidence) {
    return DynamicTest.dynamicTest(
        what,
        () -> {
          Finding finding = told(row).findings().get(0);
          assertThat(finding.getAttributes()).containsEntry("windowIdentity", told);
          assertThat(finding.getWindowStart())
              .isEqualTo(start == null ? null : Instant.parse(start));
          assertThat(finding.getWindowEnd()).isEqualTo(Instant.parse(end));
          assertThat(finding.getConfidence()).isEqualTo(Confidence.valueOf(confidence));
        });
  }

  @Test
  void aRuleThatLooksBackALongWayTellsOneWindowWithAndWithoutItsEnds() {
    // given a rule that runs every five minutes over the last day
    SentinelHealth.Builder longLookBack =
        row().frequencyMillis(Duration.ofMinutes(5).toMillis()).periodMillis(24 * HOUR);
    SentinelHealth runTold = longLookBack.recordId("1").build();
    SentinelHealth endsTold =
        longLookBack.recordId("2").window(at(RUN) - 24 * HOUR, at(RUN)).build();

    // then both speak of the window of one run, of which the ends are those that were told
    var result = told(List.of(signal(runTold), signal(endsTold)));
    assertThat(result.findings()).hasSize(1);
    assertThat(result.findings().get(0).getWindowStart()).isEqualTo("2026-05-31T10:00:00Z");
    assertThat(result.findings().get(0).getRevision()).isEqualTo(2);
  }

  @Test
  void fractionsOfASecondDoNotMakeAnotherWindow() {
    SentinelHealth ends = row().recordId("2").window(at(WINDOW) + 123, at(RUN) + 123).build();

    assertThat(told(List.of(signal(row().build()), signal(ends))).findings()).hasSize(1);
  }

  @Test
  void aRunOfWhichOnlyTheTimeIsKnownIsClearedByASuccessThatEndsThen() {
    SentinelHealth runOnly = row().frequencyMillis(ABSENT).periodMillis(ABSENT).build();

    var result =
        told(List.of(signal(runOnly), run("r1", "2", "2026-06-01T11:00:00Z", SUCCESS, WINDOW)));

    assertThat(result.findings())
        .extracting(Finding::getStatus)
        .containsExactly(FindingStatus.CLEARED);
  }

  @Test
  void theWindowBesideIsNotCleared() {
    SentinelHealth runOnly = row().frequencyMillis(ABSENT).periodMillis(ABSENT).build();

    var result =
        told(
            List.of(
                signal(runOnly),
                givenUp("r1", "2", LOGGED, RUN),
                run("r1", "3", "2026-06-01T11:00:00Z", SUCCESS, RUN),
                run("r1", "4", "2026-06-01T11:00:00Z", SUCCESS, "2026-06-01T08:00:00Z"),
                run("r2", "5", "2026-06-01T11:00:00Z", SUCCESS, WINDOW)));

    assertThat(result.findings())
        .hasSize(2)
        .extracting(Finding::getStatus)
        .containsOnly(FindingStatus.RAISED);
  }

  @Test
  void aPartialSuccessIsAnAttemptAndARunOverTheData() {
    List<Message> attempts = new ArrayList<>(attempts(5));
    attempts.add(run("r1", "6", "2026-06-01T10:30:00Z", PARTIAL_SUCCESS, WINDOW));

    var result = told(attempts);

    assertThat(result.found())
        .extracting(Finding::getStatus)
        .containsExactly(FindingStatus.RAISED, FindingStatus.CLEARED);
    assertThat(result.findings().get(0).getRevision()).isEqualTo(6);
    assertThat(result.settled()).hasSize(1);
  }

  @Test
  void aWarningIsAnAttempt() {
    List<Message> attempts = new ArrayList<>(attempts(5));
    attempts.add(run("r1", "6", "2026-06-01T10:30:00Z", WARNING, WINDOW));

    assertThat(told(attempts).findings())
        .extracting(Finding::getStatus)
        .containsExactly(FindingStatus.RAISED);
  }

  @Test
  void aSeventhAttemptEnrichesAndIsNotSettledAgain() {
    var result = told(attempts(7));

    assertThat(result.found()).extracting(Finding::getRevision).containsExactly(6, 7);
    assertThat(result.settled()).hasSize(1);
    assertThat(result.settled().get(0).finding().getRevision()).isEqualTo(6);
  }

  @Test
  void theSurestCauseOfTheWindowIsItsCause() {
    // given attempts of which one names a missing table, and the record that gives up names no code
    SentinelHealth missing =
        hourly("r1", "1", "2026-06-01T10:01:00Z", FAILURE)
            .window(at(WINDOW), at(RUN))
            .issues(List.of("TABLE_NOT_EXISTS"))
            .build();
    SentinelHealth givenUp = row().recordId("2").issues(List.of()).build();

    Finding finding = told(List.of(signal(missing), signal(givenUp))).findings().get(0);
    assertThat(finding.getRootCause().getKey()).startsWith("sentinel/table");
    assertThat(finding.getSeverity()).isEqualTo(Severity.HIGH);
  }

  @Test
  void thatAWindowWasGivenUpIsNoCause() {
    assertThat(told(row().issues(List.of())).findings().get(0).getRootCause()).isNull();
  }

  @Test
  void aLateSuccessClearsAndALateFailureIsFound() {
    // given a window whose record and success arrive days after the watermark has passed them
    List<Message> records =
        List.of(
            run("r1", "1", "2026-06-05T10:00:30Z", SUCCESS, "2026-06-05T09:00:00Z"),
            givenUp("r1", "2", LOGGED, RUN),
            run("r1", "3", "2026-06-05T11:00:30Z", SUCCESS, "2026-06-05T10:00:00Z"),
            run("r1", "4", "2026-06-02T10:00:00Z", SUCCESS, WINDOW));

    var result = told(records);

    assertThat(result.found())
        .extracting(Finding::getStatus)
        .containsExactly(FindingStatus.RAISED, FindingStatus.CLEARED);
    assertThat(result.settled())
        .extracting(settled -> settled.finding().getStatus())
        .containsExactly(FindingStatus.RAISED, FindingStatus.CLEARED);
  }

  @Test
  void whatIsSpokenOfTooLateDoesNotCount() {
    // given a success 23 days after the window
    var result =
        told(
            List.of(
                givenUp("r1", "1", LOGGED, RUN),
                run("r1", "2", "2026-06-24T10:00:00Z", SUCCESS, WINDOW)));

    assertThat(result.findings())
        .extracting(Finding::getStatus)
        .containsExactly(FindingStatus.RAISED);
  }

  @Test
  void aHealthyRuleIsSmallAndForgottenWhenItIsSilent() {
    List<Message> records = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      Instant start = Instant.parse(WINDOW).plusSeconds(300L * i);
      Instant end = start.plusSeconds(300);
      records.add(
          signal(
              hourly("r1", "record-" + i, end.toString(), SUCCESS)
                  .frequencyMillis(300_000)
                  .periodMillis(300_000)
                  .window(start.toEpochMilli(), end.toEpochMilli())
                  .build(),
              i));
    }

    var result = told(records);

    assertThat(result.outputs()).isEmpty();
    assertThat(result.keysBeforeJump()).isOne();
    assertThat(result.keys()).isZero();
    assertThat(result.largestEntry()).isLessThan(4_000);
  }

  @Test
  void aRuleThatGivesUpAlwaysStaysWithinItsBoundAndSaysSo() {
    List<Message> records = new ArrayList<>();
    for (int i = 0; i < 1_500; i++) {
      Instant end = Instant.parse(RUN).plusSeconds(300L * i);
      records.add(
          signal(
              givenUpRow(
                      "r1",
                      "5f1e2c34-0000-4000-8000-" + (100_000_000_000L + i),
                      end.plusSeconds(60).toString(),
                      end.toString())
                  .frequencyMillis(300_000)
                  .periodMillis(300_000)
                  .build(),
              i));
    }

    var result = told(records);

    assertThat(result.findings()).hasSize(1_500);
    assertThat(result.settled()).hasSize(1_500);
    assertThat(result.largestEntry()).isLessThan(60_000);
    assertThat(result.of(Output.Noted.class))
        .extracting(noted -> noted.entry().getDetail().get("dropped"))
        .containsExactly("1", "2", "4", "8", "16", "32", "64", "128", "256", "512");
    assertThat(result.keys()).isZero();
  }

  @Test
  void moreRecordsOfOneWindowThanAreKeptAreCounted() {
    var result = told(attempts(14));

    assertThat(result.findings().get(0).getRevision()).isEqualTo(12);
    assertThat(result.of(Output.Noted.class))
        .extracting(noted -> noted.entry().getDetail().get("dropped"))
        .containsExactly("1", "2");
  }

  @Test
  void aRecordThatIsNotKeptInAnyWayLeavesNoState() {
    SentinelHealth noWindow = hourly("r1", "1", LOGGED, FAILURE).build();

    var result = told(List.of(signal(noWindow)));

    assertThat(result.outputs()).isEmpty();
    assertThat(result.keysBeforeJump()).isZero();
  }

  private static SentinelHealth.Builder row() {
    return givenUpRow("r1", "1", LOGGED, RUN);
  }

  private static List<Message> attempts(int count) {
    List<Message> attempts = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      String time = Instant.parse(RUN).plusSeconds(60L * i).toString();
      attempts.add(run("r1", "attempt-" + i, time, FAILURE, WINDOW));
    }
    return attempts;
  }

  private static DetectorHarness.Result told(SentinelHealth.Builder row) {
    return told(List.of(signal(row.build())));
  }

  private static DetectorHarness.Result told(List<? extends Message> messages) {
    return DetectorHarness.of(() -> new SkippedWindowDetector(CATALOGUE))
        .lateness(Source.SENTINEL, Duration.ofHours(2))
        .run(messages);
  }
}
