package io.mendline.processors.sentinel;

import static io.mendline.processors.sentinel.HealthRows.GIVEN_UP;
import static io.mendline.processors.sentinel.HealthRows.minute;
import static io.mendline.processors.sentinel.HealthRows.nrt;
import static io.mendline.processors.sentinel.HealthRows.nrtOver;
import static io.mendline.processors.sentinel.HealthRows.row;
import static io.mendline.processors.sentinel.HealthRows.signal;
import static io.mendline.processors.sentinel.HealthRows.told;
import static io.mendline.serdes.telemetry.SentinelHealth.Status.FAILURE;
import static io.mendline.serdes.telemetry.SentinelHealth.Status.INFORMATIONAL;
import static io.mendline.serdes.telemetry.SentinelHealth.Status.PARTIAL_SUCCESS;
import static io.mendline.serdes.telemetry.SentinelHealth.Status.SUCCESS;
import static io.mendline.serdes.telemetry.SentinelHealth.Status.WARNING;
import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.cause.CauseCatalogue;
import io.mendline.processors.pipeline.Budget;
import io.mendline.processors.pipeline.ByteStore;
import io.mendline.processors.pipeline.Commits;
import io.mendline.processors.pipeline.DetectorHarness;
import io.mendline.processors.pipeline.KeyedStation;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Output;
import io.mendline.processors.pipeline.Progress;
import io.mendline.processors.pipeline.Samples;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.policy.Policies;
import io.mendline.processors.policy.PolicyBook;
import io.mendline.schemas.Confidence;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.FindingStatus;
import io.mendline.schemas.Severity;
import io.mendline.serdes.telemetry.SentinelHealth;
import io.mendline.serdes.telemetry.SentinelHealth.Operation;
import io.mendline.serdes.telemetry.SentinelHealth.ResourceType;
import io.mendline.serdes.telemetry.SentinelHealth.RuleKind;
import io.mendline.serdes.telemetry.SentinelHealth.Status;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RuleHealthEdgesTest {
  private static final CauseCatalogue CATALOGUE = CauseCatalogue.bundled();
  private static final String NOT_EXECUTED = "The analytics rule is disabled and was not executed.";

  /** What one record alone makes: kind, severity and confidence, or nothing. */
  @TestFactory
  Stream<DynamicTest> oneRecord() {
    return Stream.of(
        finds("a partial success with a code", row(0, PARTIAL_SUCCESS, "SEMANTIC_ERROR"), "MEDIUM"),
        finds("a warning with a code", row(0, WARNING, "SEMANTIC_ERROR"), "MEDIUM"),
        finds("a success with a code", row(0, SUCCESS, "SEMANTIC_ERROR"), "MEDIUM"),
        finds("a partial success that names nothing", row(0, PARTIAL_SUCCESS), "LOW"),
        finds("a warning that names nothing", row(0, WARNING).description("Hm."), "LOW"),
        finds(
            "a partial success with known words",
            row(0, PARTIAL_SUCCESS)
                .description("Entities were dropped in the alert due to entity mapping issues."),
            "MEDIUM"),
        findsNot("a success", row(0, SUCCESS)),
        findsNot("a success with words", row(0, SUCCESS).description("The query timed out.")),
        findsNot("a failure", row(0, FAILURE, "TABLE_NOT_EXISTS")),
        findsNot("a summary with a code", row(0, INFORMATIONAL, "SEMANTIC_ERROR")),
        findsNot("a status that is not known", row(0, Status.OTHER, "SEMANTIC_ERROR")),
        findsNot("a transient code", row(0, WARNING, "TEMPORARY_ISSUE_DELAY")),
        findsNot("a code that nobody knows", row(0, WARNING, "SomethingNew")),
        findsNot(
            "a connector", row(0, WARNING, "SEMANTIC_ERROR").resourceType(ResourceType.CONNECTOR)),
        finds("a delay", nrtOver(26, 0, SUCCESS), "MEDIUM"),
        finds("a small delay", nrtOver(11, 0, SUCCESS), "LOW"),
        findsNot("ten minutes", nrtOver(10, 0, SUCCESS)),
        finds("a delay told by the kind", nrtOver(26, 0, SUCCESS).triggerType(null), "MEDIUM"),
        finds(
            "a delay told by the trigger",
            nrtOver(26, 0, SUCCESS).ruleKind(RuleKind.OTHER).operation(Operation.OTHER),
            "MEDIUM"),
        findsNot(
            "a scheduled rule that looks back for long",
            row(0, SUCCESS).window(minute(-60).toEpochMilli(), minute(0).toEpochMilli())),
        findsNot("a failed NRT run of which nothing is known", nrt(0, FAILURE)),
        finds("a failed NRT run over much data", nrtOver(26, 0, FAILURE), "MEDIUM"),
        finds(
            "a summary about a rule with the prefix",
            named(INFORMATIONAL, "AUTO DISABLED x"),
            "HIGH"));
  }

  private static DynamicTest finds(String what, SentinelHealth.Builder row, String severity) {
    return DynamicTest.dynamicTest(
        what + " is found",
        () ->
            assertThat(run(row).findings())
                .extracting(Finding::getSeverity)
                .containsExactly(Severity.valueOf(severity)));
  }

  private static DynamicTest findsNot(String what, SentinelHealth.Builder row) {
    return DynamicTest.dynamicTest(
        what + " is not found", () -> assertThat(run(row).outputs()).isEmpty());
  }

  private static SentinelHealth.Builder named(Status status, String name) {
    return row(0, status).name(name);
  }

  @ParameterizedTest
  @CsvSource({
    "AUTO DISABLED Brute force, Brute force, HIGH",
    "AUTO DISABLED: Brute force, Brute force, HIGH",
    "AUTO DISABLED - Brute force, Brute force, HIGH",
    "AUTO DISABLED, AUTO DISABLED, HIGH",
    "Auto Disabled Brute force, Brute force, MEDIUM",
    "auto  disabled Brute force, Brute force, MEDIUM",
  })
  void aNameWithThePrefixIsThatOfARuleSentinelHasDisabled(
      String name, String bare, Confidence confidence) {
    Finding finding = run(named(FAILURE, name)).findings().get(0);

    assertThat(finding.getKind()).isEqualTo(FindingKind.RULE_AUTO_DISABLED);
    assertThat(finding.getConfidence()).isEqualTo(confidence);
    assertThat(finding.getAttributes()).containsEntry("ruleName", bare);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Brute force AUTO DISABLED", "Autodisabled accounts", "AUTO-RULE"})
  void anyOtherNameIsNot(String name) {
    assertThat(run(named(FAILURE, name)).outputs()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "The analytics rule is disabled and was not executed.",
        "the analytics rule is disabled, and was not executed",
        "THE ANALYTICS RULE IS DISABLED AND WAS NOT EXECUTED!",
        "Run skipped:  The analytics rule\nis disabled and was  not executed. Enable it."
      })
  void theWordsForARuleThatWasNotExecuted(String words) {
    for (SentinelHealth.Builder row :
        List.of(row(0, FAILURE).reason(words), row(0, FAILURE).description(words))) {
      assertThat(run(row).findings())
          .extracting(Finding::getKind)
          .containsExactly(FindingKind.RULE_DISABLED);
    }
  }

  @Test
  void otherWordsSayNothingOfTheKind() {
    assertThat(run(row(0, FAILURE).reason("The analytics rule is disabled")).outputs()).isEmpty();
  }

  /** Every code of the public lists, in both styles: how many runs with it make a finding. */
  @ParameterizedTest
  @CsvSource({
    "QUERY_TIMEOUT, QueryTimeout, 3",
    "GENERAL_ERROR, QueryGeneralError, 3",
    "TEMPORARY_ISSUE_DELAY, TemporaryIssuesDelay, 3",
    "INGESTION_DELAY, IngestionDelay, 3",
    "ENRICHMENT_ABORTED_DUE_TO_TEMPRARY_ISSUES, EnrichmentAbortedDueToTempraryIssues, 3",
    "SOMETHING_NEW, SomethingNew, 3",
    "TABLE_NOT_EXISTS, TableNotExists, 1",
    "UNKNOWN_FUNCTION, UnknownFunction, 1",
    "QUERY_CONSUMES_TOO_MANY_RESOURCES, QueryConsumesTooManyResources, 1",
    "INSUFFICIENT_ACCESS_TO_QUERY, InsufficientAccessToQuery, 1",
    "SEMANTIC_ERROR, SemanticErrorInQuery, 1",
    "QUERT_RESULT_MISSING, QuertResultMissing, 1",
    "ENRICHMENT_ABORTED_DUE_TO_PERMENANT_ISSUES, EnrichmentAbortedDueToPermenantIssues, 1",
    "ENTITIES_DROPPED_DUE_TO_SIZE_LIMIT, EntitiesDroppedDueToSizeLimit, 1",
    "ENTITIES_DROPPED_DUE_TO_MAPPING_ISSUES, EntitiesDroppedDueToMappingIssues, 1",
    "ALERT_PER_ROW_LIMIT, AlertPerRowLimit, 1",
  })
  void codes(String older, String live, int runs) {
    List<SentinelHealth.Builder> rows = new ArrayList<>();
    for (int i = 1; i <= runs; i++) {
      assertThat(run(rows).outputs()).isEmpty();
      rows.add(row(60 * i, WARNING, i % 2 == 0 ? older : live));
    }

    assertThat(run(rows).findings())
        .hasSize(1)
        .allSatisfy(
            finding -> {
              assertThat(finding.getKind()).isEqualTo(FindingKind.RULE_DEGRADED);
              assertThat(finding.getOccurredAt()).isEqualTo(minute(60 * runs));
              assertThat(finding.getAttributes()).containsEntry("since", minute(60).toString());
            });
  }

  @Test
  void aTransientIssueHasToComeInARow() {
    SentinelHealth.Builder[] between = {
      row(90, SUCCESS), row(90, WARNING, "SomethingNew"), row(90, FAILURE, "TABLE_NOT_EXISTS")
    };
    for (SentinelHealth.Builder other : between) {
      assertThat(run(delay(30), delay(60), other, delay(120), delay(150)).outputs()).isEmpty();
      assertThat(run(delay(30), delay(60), other, delay(120), delay(150), delay(180)).found())
          .hasSize(1);
    }
    // A failed run with the same issue is no run with it that ended, and none without it.
    assertThat(
            run(delay(30), delay(60), row(90, FAILURE, "TEMPORARY_ISSUE_DELAY"), delay(120))
                .found())
        .hasSize(1);
  }

  private static SentinelHealth.Builder delay(int minute) {
    return row(minute, WARNING, "TEMPORARY_ISSUE_DELAY");
  }

  @Test
  void aHealthyRunThatIsHeardOfFirstStillLiesBetweenTwoOthers() {
    // given the healthy runs of an hour, and then what lies between them
    List<Message> records = new ArrayList<>();
    for (int minute = 0; minute <= 60; minute += 10) {
      records.add(signal(row(minute, SUCCESS)));
    }
    records.addAll(told(delay(5), delay(15), delay(25), delay(32), delay(34)));
    assertThat(harness().run(records).outputs()).isEmpty();

    records.add(signal(delay(36)));
    assertThat(harness().run(records).found())
        .extracting(Finding::getStatus)
        .containsExactly(FindingStatus.RAISED, FindingStatus.CLEARED);
  }

  @Test
  void aFailedRunDoesNotShowThatAnIssueIsMended() {
    var result = run(row(0, WARNING, "SEMANTIC_ERROR"), row(60, FAILURE, "QUERY_TIMEOUT"));

    assertThat(result.findings())
        .extracting(Finding::getStatus)
        .containsExactly(FindingStatus.RAISED);
  }

  @Test
  void failuresOfOnePermanentCauseInARow() {
    // given two failures, and in between or for the third one of another cause, or of none
    SentinelHealth.Builder[] others = {
      row(90, FAILURE, "SYNTAX_ERROR"),
      row(90, FAILURE, "QUERY_TIMEOUT"),
      row(90, FAILURE).description(GIVEN_UP),
      row(90, SUCCESS)
    };
    for (SentinelHealth.Builder other : others) {
      assertThat(run(missing(30), missing(60), other).outputs()).isEmpty();
      assertThat(run(missing(30), missing(60), other, missing(120), missing(150)).outputs())
          .isEmpty();
    }
    // A record that the rule is disabled is no run at all.
    assertThat(
            run(missing(30), missing(60), row(90, FAILURE).reason(NOT_EXECUTED), missing(120))
                .findings())
        .extracting(Finding::getKind)
        .contains(FindingKind.RULE_DEGRADED);
  }

  private static SentinelHealth.Builder missing(int minute) {
    return row(minute, FAILURE, "TABLE_NOT_EXISTS").description(GIVEN_UP);
  }

  @Test
  void aRunUpIsToldAgainAtEveryDoublingAndWithAllFailuresWhenItIsOver() {
    List<SentinelHealth.Builder> rows = new ArrayList<>();
    for (int i = 1; i <= 13; i++) {
      rows.add(missing(30 * i));
    }
    rows.add(row(600, WARNING, "SEMANTIC_ERROR"));

    assertThat(run(rows).found())
        .filteredOn(finding -> finding.getRootCause().getKey().equals("sentinel/table-missing"))
        .extracting(finding -> finding.getAttributes().get("consecutiveFailures"))
        .containsExactly("3", "6", "12", "13");
  }

  @Test
  void aDegradedRuleThatBeginsToFailForTheSameCauseKeepsItsFinding() {
    var result =
        run(
            row(0, WARNING, "TABLE_NOT_EXISTS"),
            missing(30),
            missing(60),
            missing(90),
            row(120, WARNING, "TABLE_NOT_EXISTS"),
            row(150, SUCCESS));

    assertThat(result.found())
        .extracting(finding -> finding.getSeverity() + " " + finding.getStatus())
        .containsExactly("MEDIUM RAISED", "HIGH RAISED", "HIGH CLEARED");
    assertThat(result.findings()).hasSize(1);
    assertThat(result.settled()).hasSize(2);
  }

  @Test
  void whatIsUnseenWhileARuleIsSwitchedOffIsNoDelay() {
    assertThat(
            run(
                    nrtOver(1, 0, SUCCESS),
                    nrt(60, FAILURE).reason(NOT_EXECUTED),
                    nrt(120, FAILURE).description(GIVEN_UP))
                .findings())
        .extracting(Finding::getKind)
        .containsExactly(FindingKind.RULE_DISABLED);
  }

  @Test
  void failuresBeforeAnyRunThatEndedCountFromTheFirst() {
    assertThat(run(nrt(0, FAILURE), nrt(10, FAILURE)).outputs()).isEmpty();
    Finding finding = run(nrt(0, FAILURE), nrt(11, FAILURE)).findings().get(0);
    assertThat(finding.getWindowStart()).isEqualTo(minute(0));
    assertThat(finding.getSeverity()).isEqualTo(Severity.LOW);
  }

  /** Of the runs between nothing was heard: they may have been lost with an outage. */
  @Test
  void aFailedNrtRunThatTellsItsWindowLeavesNothingUnseenBeforeIt() {
    assertThat(run(nrtOver(1, 0, SUCCESS), nrtOver(1, 300, FAILURE)).outputs()).isEmpty();
    Finding finding =
        run(nrtOver(1, 0, SUCCESS), nrtOver(1, 300, FAILURE), nrt(311, FAILURE)).findings().get(0);
    assertThat(finding.getAttributes()).containsEntry("delaySeconds", "720");
  }

  @Test
  void anNrtRunThatDoesNotTellItsWindowIsInTime() {
    var result = run(nrtOver(26, 0, SUCCESS), nrt(30, SUCCESS), nrt(41, FAILURE));

    assertThat(result.found())
        .extracting(Finding::getStatus)
        .containsExactly(FindingStatus.RAISED, FindingStatus.CLEARED, FindingStatus.RAISED);
    assertThat(result.findings().get(1).getWindowStart()).isEqualTo(minute(30));
  }

  @Test
  void aRuleWithoutThePrefixIsNotAutoDisabledAnyMoreThoughItMayBeDisabled() {
    var result =
        run(
            row(0, FAILURE).name("AUTO DISABLED x").description("Too many resources."),
            row(30, FAILURE).name(null).reason(NOT_EXECUTED),
            row(60, INFORMATIONAL).name("x"));

    assertThat(result.found())
        .extracting(finding -> finding.getKind() + " " + finding.getStatus())
        .containsExactly(
            "RULE_AUTO_DISABLED RAISED", "RULE_DISABLED RAISED", "RULE_AUTO_DISABLED CLEARED");
    assertThat(result.findings().get(0).getAttributes())
        .containsEntry("description", "Too many resources.");
  }

  @Test
  void otherThresholdsMayBeSet() {
    PolicyBook policies = new PolicyBook();
    policies.put(
        Policies.parse(
            "test",
            "sentinel: {delayWarning: PT5M, delay: PT10M, transientRuns: 1}"
                .getBytes(StandardCharsets.UTF_8)));
    var result =
        harness()
            .policies(policies)
            .run(told(nrtOver(11, 0, SUCCESS), nrtOver(6, 6, WARNING, "INGESTION_DELAY")));

    assertThat(result.found())
        .extracting(finding -> finding.getKind() + " " + finding.getSeverity())
        .containsExactly("RULE_DELAYED MEDIUM", "RULE_DEGRADED LOW");
  }

  @Test
  void lateRecordsClearAndRaiseNothing() {
    // given a finding told of last at 1:00, and records that come two days late
    Message now = signal(row(3_000, FAILURE, "QUERY_TIMEOUT"));
    List<Message> before =
        List.of(
            signal(row(0, WARNING, "SEMANTIC_ERROR")),
            signal(row(60, WARNING, "SEMANTIC_ERROR")),
            now);

    // then a late success clears it, unless it was told of again afterwards
    assertThat(late(before, row(61, SUCCESS)).found()).hasSize(2);
    assertThat(late(before, row(61, SUCCESS)).settled())
        .extracting(Output.Settled::at)
        .containsExactly(minute(0).toEpochMilli(), minute(61).toEpochMilli());
    assertThat(late(before, row(59, SUCCESS)).found()).hasSize(1);
    // and late trouble raises nothing
    assertThat(late(List.of(now), row(60, WARNING, "SEMANTIC_ERROR")).outputs()).isEmpty();
    assertThat(late(List.of(now), named(FAILURE, "AUTO DISABLED x")).outputs()).isEmpty();
  }

  @Test
  void whatWasJudgedIsLateEvenBeforeANewLifeHasHeardAWatermark() {
    RuleHealthDetector detector = new RuleHealthDetector(CATALOGUE);
    ByteStore<RuleHealth> store = new ByteStore<>(detector.codec());
    List<Message> put = new ArrayList<>();
    Progress progress = Progress.of(source -> minute(60).toEpochMilli(), 0);

    // given an NRT rule whose run with an issue was judged
    KeyedStation<RuleHealth> station = station(detector, store);
    Message issue = signal(nrtOver(1, 0, SUCCESS, "TEMPORARY_ISSUE_DELAY"));
    station.accept(issue, put::add);
    station.accept(progress, put::add);

    // when the process starts again, and is told of that run once more, of one before the
    // watermark, and of one after it
    station = station(detector, store);
    station.recover(put::add);
    station.accept(issue, put::add);
    station.accept(progress, put::add);
    station.accept(signal(nrtOver(1, 61, SUCCESS, "TEMPORARY_ISSUE_DELAY")), put::add);
    station.accept(Progress.of(source -> minute(90).toEpochMilli(), 0), put::add);

    // then the run judged counts once, so it has not come three times in a row
    assertThat(put).allMatch(Progress.class::isInstance);
  }

  private static KeyedStation<RuleHealth> station(
      RuleHealthDetector detector, ByteStore<RuleHealth> store) {
    return new KeyedStation<>(detector, store, Samples.view(), Commits.ATOMIC, Budget.UNLIMITED);
  }

  @Test
  void atOneInstantAHealthyRunComesLast() {
    var result =
        run(row(0, WARNING, "SEMANTIC_ERROR").recordId("1"), row(0, SUCCESS).recordId("2"));

    assertThat(result.found())
        .extracting(Finding::getStatus)
        .containsExactly(FindingStatus.RAISED, FindingStatus.CLEARED);
  }

  @Test
  void tenMinutesAreNoDelay() {
    assertThat(run(nrtOver(10, 0, WARNING, "SEMANTIC_ERROR")).findings())
        .extracting(Finding::getKind)
        .containsExactly(FindingKind.RULE_DEGRADED);
  }

  @Test
  void aLateSuccessEndsARowOfFailuresThatItFollows() {
    List<Message> records = new ArrayList<>(told(missing(0), missing(30)));
    records.add(signal(row(3_000, INFORMATIONAL)));
    records.add(signal(row(31, SUCCESS)));
    records.add(signal(missing(3_001)));

    assertThat(harness().run(records).outputs()).isEmpty();
  }

  private static DetectorHarness.Result late(List<Message> before, SentinelHealth.Builder row) {
    List<Message> records = new ArrayList<>(before);
    records.add(signal(row.recordId("late")));
    return harness().run(records);
  }

  @Test
  void oneRecordToldWithTwoTimesIsOneRecord() {
    List<Message> records = told(delay(30), delay(60).recordId("record-30"), delay(90), delay(90));

    assertThat(harness().run(records).outputs()).isEmpty();
  }

  /** A healthy rule is small and has no deadline, however often it runs. */
  @ParameterizedTest
  @CsvSource({"60, false, 150", "5, false, 320", "1, true, 1300"})
  void aHealthyRuleIsSmallAndSleeps(int every, boolean nrt, int bytes) {
    RuleHealthDetector detector = new RuleHealthDetector(CATALOGUE);
    ByteStore<RuleHealth> store = new ByteStore<>(detector.codec());
    KeyedStation<RuleHealth> station = station(detector, store);
    List<Message> put = new ArrayList<>();

    for (int i = 0; i < 1_000; i++) {
      int minute = i * every;
      station.accept(signal(nrt ? nrtOver(1, minute, SUCCESS) : row(minute, SUCCESS)), put::add);
      long now = minute(minute).toEpochMilli();
      station.accept(
          Progress.of(source -> now - source.defaultLateness().toMillis(), now), put::add);
      assertThat(station.timers()).as("deadlines after run " + i).isZero();
    }

    assertThat(put).allMatch(Progress.class::isInstance);
    assertThat(store.size()).isOne();
    assertThat(store.largest()).isLessThan(bytes);
  }

  @Test
  void whatIsOverLeavesNothingBehind() {
    var result = run(row(0, WARNING, "SEMANTIC_ERROR"), row(60, SUCCESS), row(90, FAILURE));

    assertThat(result.found()).hasSize(2);
    assertThat(result.keys()).isZero();
  }

  @Test
  void whatIsToldOfTwiceWithinAnInstantAreTwoEpisodes() {
    List<SentinelHealth.Builder> rows = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      rows.add(row(0, WARNING, i % 2 == 0 ? "SEMANTIC_ERROR" : "SYNTAX_ERROR").recordId("n" + i));
    }

    var result = run(rows);

    assertThat(result.canonical().findings()).hasSameSizeAs(result.findings());
    assertThat(result.found())
        .filteredOn(finding -> finding.getStatus() == FindingStatus.RAISED)
        .extracting(Finding::getId)
        .hasSizeGreaterThan(2)
        .doesNotHaveDuplicates();
  }

  @Test
  void moreRecordsThanAreKeptAreDroppedAndCounted() {
    List<Message> records = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      records.add(signal(row(i, WARNING, "SEMANTIC_ERROR", "SYNTAX_ERROR")));
    }

    var result = harness().lateness(Source.SENTINEL, Duration.ofDays(30)).run(records);

    assertThat(dropped(result)).containsExactly("1", "2", "4", "8", "16", "32", "64");
    assertThat(result.findings())
        .hasSize(2)
        .allSatisfy(finding -> assertThat(finding.getOccurredAt()).isEqualTo(minute(600 - 512)));
    assertThat(result.largestEntry()).isLessThan(30_000);
  }

  @Test
  void moreHealthyRunsThanAreKeptAreDroppedAndCounted() {
    List<Message> records = new ArrayList<>();
    for (int i = 0; i < 2_052; i++) {
      records.add(signal(nrtOver(1, i, SUCCESS)));
    }

    var result = harness().lateness(Source.SENTINEL, Duration.ofDays(30)).run(records);

    assertThat(dropped(result)).containsExactly("1", "2", "4");
    assertThat(result.largestEntry()).isLessThan(17_000);
  }

  private static List<String> dropped(DetectorHarness.Result result) {
    return result.of(Output.Noted.class).stream()
        .map(noted -> noted.entry().getDetail().get("dropped"))
        .toList();
  }

  private static DetectorHarness.Result run(SentinelHealth.Builder... rows) {
    return run(List.of(rows));
  }

  private static DetectorHarness.Result run(List<SentinelHealth.Builder> rows) {
    return harness().run(rows.stream().map(HealthRows::signal).toList());
  }

  private static DetectorHarness<RuleHealth> harness() {
    return DetectorHarness.of(() -> new RuleHealthDetector(CATALOGUE));
  }
}
