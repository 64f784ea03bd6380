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
import io.mendline.processors.pipeline.Output;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingStatus;
import io.mendline.schemas.Severity;
import io.mendline.serdes.telemetry.SentinelHealth;
import io.mendline.serdes.telemetry.SentinelHealth.Operation;
import io.mendline.serdes.telemetry.SentinelHealth.ResourceType;
import io.mendline.serdes.telemetry.SentinelHealth.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectorEdgesTest {
  private static final CauseCatalogue CATALOGUE = CauseCatalogue.bundled();
  private static final String TEN = "2026-06-01T10:00:00Z";
  private static final String ELEVEN = "2026-06-01T11:00:00Z";
  private static final String NOON = "2026-06-01T12:00:00Z";

  /** What one record of a connector that worked before makes of it. */
  @ParameterizedTest(name = "{0} {1} {2} raises: {3}")
  @CsvSource({
    "CONNECTOR,      DATA_FETCH_STATUS_CHANGE,   FAILURE,         true",
    "CONNECTOR,      OTHER,                      FAILURE,         true",
    "CONNECTOR,      DATA_FETCH_STATUS_CHANGE,   SUCCESS,         false",
    "CONNECTOR,      DATA_FETCH_STATUS_CHANGE,   PARTIAL_SUCCESS, false",
    "CONNECTOR,      DATA_FETCH_STATUS_CHANGE,   WARNING,         false",
    "CONNECTOR,      DATA_FETCH_STATUS_CHANGE,   INFORMATIONAL,   false",
    "CONNECTOR,      DATA_FETCH_STATUS_CHANGE,   OTHER,           false",
    "CONNECTOR,      DATA_FETCH_FAILURE_SUMMARY, INFORMATIONAL,   false",
    "CONNECTOR,      DATA_FETCH_FAILURE_SUMMARY, FAILURE,         false",
    "ANALYTICS_RULE, DATA_FETCH_STATUS_CHANGE,   FAILURE,         false",
    "PLAYBOOK,       PLAYBOOK_TRIGGERED,         FAILURE,         false",
    "OTHER,          OTHER,                      FAILURE,         false",
  })
  void raising(ResourceType type, Operation operation, Status status, boolean raises) {
    var result =
        told(
            state("aws", TEN, SUCCESS),
            state("aws", ELEVEN, status).resourceType(type).operation(operation));

    assertThat(result.findings()).hasSize(raises ? 1 : 0);
  }

  /** What one record of a connector that failed before makes of it. */
  @ParameterizedTest(name = "{0} {1} clears: {2}")
  @CsvSource({
    "DATA_FETCH_STATUS_CHANGE,   SUCCESS,         true",
    "OTHER,                      SUCCESS,         true",
    "DATA_FETCH_STATUS_CHANGE,   FAILURE,         false",
    "DATA_FETCH_STATUS_CHANGE,   PARTIAL_SUCCESS, false",
    "DATA_FETCH_STATUS_CHANGE,   WARNING,         false",
    "DATA_FETCH_STATUS_CHANGE,   INFORMATIONAL,   false",
    "DATA_FETCH_STATUS_CHANGE,   OTHER,           false",
    "DATA_FETCH_FAILURE_SUMMARY, INFORMATIONAL,   false",
    "DATA_FETCH_FAILURE_SUMMARY, SUCCESS,         false",
  })
  void clearing(Operation operation, Status status, boolean clears) {
    var result =
        told(state("aws", TEN, FAILURE), state("aws", ELEVEN, status).operation(operation));

    assertThat(result.findings())
        .extracting(Finding::getStatus)
        .containsExactly(clears ? FindingStatus.CLEARED : FindingStatus.RAISED);
  }

  /** A summary before the failure, and whether it is taken to lead to it. */
  @ParameterizedTest(name = "{0} minutes before, working between: {1}")
  @CsvSource({"0, false, true", "120, false, true", "121, false, false", "90, true, false"})
  void leading(int minutes, boolean workedBetween, boolean leads) {
    Instant failed = Instant.parse(NOON);
    List<SentinelHealth.Builder> rows = new ArrayList<>();
    rows.add(
        summary("aws", failed.minus(Duration.ofMinutes(minutes)).toString())
            .issues(List.of("AccessDenied")));
    if (workedBetween) {
      rows.add(state("aws", ELEVEN, SUCCESS));
    }
    rows.add(state("aws", NOON, FAILURE));

    Finding finding = told(rows.toArray(SentinelHealth.Builder[]::new)).findings().get(0);

    assertThat(finding.getAttributes().get("issues")).isEqualTo(leads ? "AccessDenied" : null);
  }

  @Test
  void aSummaryEnrichesOnceAndKnownCodesSayNothing() {
    var result =
        told(
            state("aws", TEN, FAILURE),
            summary("aws", ELEVEN).issues(List.of("AccessDenied")),
            summary("aws", NOON).issues(List.of("AccessDenied")));

    assertThat(result.found()).extracting(Finding::getRevision).containsExactly(1, 2);
    assertThat(result.settled()).hasSize(1);
    assertThat(result.findings().get(0).getRootCause()).isNotNull();
  }

  @Test
  void withoutAWordOfWhyTheCauseIsNotKnown() {
    Finding finding = told(state("aws", TEN, FAILURE)).findings().get(0);

    assertThat(finding.getRootCause()).isNull();
    assertThat(finding.getSeverity()).isEqualTo(Severity.HIGH);
    assertThat(finding.getAttributes()).doesNotContainKeys("issues", "message");
  }

  @Test
  void ofSuccessAndFailureAtOneInstantTheFailureCounts() {
    var failing = told(state("aws", TEN, FAILURE).recordId("1"), state("aws", TEN, SUCCESS));

    assertThat(failing.findings())
        .extracting(Finding::getStatus)
        .containsExactly(FindingStatus.RAISED);
  }

  @Test
  void aLateFailureDoesNotRaiseAndTheNextInTimeDoes() {
    // given a failure that arrives after its watermark, and the steady failure an hour later
    var result =
        told(
            state("aws", TEN, SUCCESS),
            state("azure", "2026-06-01T15:00:00Z", SUCCESS),
            state("aws", NOON, FAILURE),
            state("aws", "2026-06-01T13:30:00Z", FAILURE));

    assertThat(result.findings()).hasSize(1);
    assertThat(result.findings().get(0).getOccurredAt()).isEqualTo("2026-06-01T13:30:00Z");
  }

  @Test
  void aLateSuccessClearsOnlyWhenItIsTheNewest() {
    var newest =
        told(
            state("aws", TEN, FAILURE),
            state("azure", "2026-06-01T15:00:00Z", SUCCESS),
            state("aws", ELEVEN, SUCCESS));
    var older =
        told(
            state("aws", TEN, FAILURE),
            state("aws", NOON, FAILURE),
            state("azure", "2026-06-01T15:00:00Z", SUCCESS),
            state("aws", ELEVEN, SUCCESS));

    assertThat(newest.findings())
        .extracting(Finding::getStatus)
        .containsExactly(FindingStatus.CLEARED);
    assertThat(older.findings())
        .extracting(Finding::getStatus)
        .containsExactly(FindingStatus.RAISED);
  }

  @Test
  void aLateSummaryEnrichesAlsoWhereItIsOlderAndOnce() {
    Message late = signal(summary("aws", ELEVEN).issues(List.of("AccessDenied")));
    var result =
        harness()
            .run(
                List.of(
                    signal(state("aws", TEN, FAILURE)),
                    signal(state("aws", NOON, FAILURE)),
                    signal(state("azure", "2026-06-01T15:00:00Z", SUCCESS)),
                    late,
                    late));

    assertThat(result.found()).extracting(Finding::getRevision).containsExactly(1, 2, 3);
    assertThat(result.findings().get(0).getAttributes()).containsEntry("issues", "AccessDenied");
  }

  /** At which minutes a connector was heard, and whether it is missed afterwards. */
  @ParameterizedTest(name = "heard at minutes {0}: silent {1}")
  @CsvSource({
    "'0,60,120',        true",
    "'0,60',            false",
    "'0,1,2,3',         false",
    "'0,60,61,62',      false",
    "'0,65,118',        true",
    "'0,240,480',       true",
    "'0,300,600',       false",
    "'0,60,120,1440',   true",
  })
  void onlyASteadyConnectorIsMissed(String minutes, boolean silent) {
    List<Message> records = new ArrayList<>(rules(60));
    for (String minute : minutes.split(",", -1)) {
      records.add(signal(state("aws", after(Integer.parseInt(minute)), SUCCESS)));
    }

    assertThat(harness().run(Disorder.inOrder(records)).findings()).hasSize(silent ? 1 : 0);
  }

  /** The minute at which a connector that was heard at 0, 60 and 120 is heard again. */
  @ParameterizedTest(name = "heard again after {0} minutes: silent {1}")
  @CsvSource({"180, false", "240, false", "300, false", "364, false", "366, true"})
  void threeMissingHoursAreAllowed(int minute, boolean silent) {
    List<Message> records = new ArrayList<>(rules(9));
    for (int heard : new int[] {0, 60, 120, minute}) {
      records.add(signal(state("aws", after(heard), SUCCESS)));
    }

    // The watermark ends at minute 410: whether it is heard after that is another question.
    var result = harness().withoutJump().run(Disorder.inOrder(records));
    assertThat(result.findings()).hasSize(silent ? 1 : 0);
  }

  @Test
  void aConnectorThatFailsIsNotSilentToo() {
    List<Message> records = new ArrayList<>(rules(20));
    for (int hour = 0; hour < 4; hour++) {
      records.add(signal(state("aws", after(60 * hour), FAILURE)));
    }

    assertThat(harness().run(Disorder.inOrder(records)).findings())
        .extracting(finding -> finding.getAttributes().get("reason"))
        .containsExactly("FAILURE");
  }

  @Test
  void aSilenceThatEndsWithAFailureIsClearedAndTheFailureRaised() {
    List<Message> records = new ArrayList<>(rules(12));
    for (int hour = 0; hour < 3; hour++) {
      records.add(signal(state("aws", after(60 * hour), SUCCESS)));
    }
    records.add(signal(state("aws", after(600), FAILURE)));

    assertThat(harness().run(Disorder.inOrder(records)).findings())
        .extracting(
            finding -> finding.getAttributes().get("reason") + " " + finding.getStatus().name())
        .containsExactly("SILENT CLEARED", "FAILURE RAISED");
  }

  @Test
  void aLateRecordEndsASilenceNotBeforeItWasFound() {
    List<Message> records = new ArrayList<>(rules(12));
    for (int hour = 0; hour < 3; hour++) {
      records.add(signal(state("aws", after(60 * hour), SUCCESS)));
    }
    List<Message> told = new ArrayList<>(Disorder.inOrder(records));
    told.add(signal(state("aws", after(200), SUCCESS)));

    var result = harness().withoutJump().run(told);

    assertThat(result.settled())
        .extracting(fact -> fact.finding().getStatus() + " " + (fact.at() - at(365)))
        .startsWith("RAISED 0", "CLEARED 1");
  }

  @Test
  void aConnectorThatFailsForAMonthIsSmallAndSaysLittle() {
    List<Message> records = new ArrayList<>();
    for (int hour = 0; hour < 700; hour++) {
      records.add(
          signal(
              state("aws", after(60 * hour), FAILURE)
                  .issues(List.of("403"))
                  .description("Attempt " + hour + " was refused."),
              hour));
    }

    var result = harness().run(records);

    assertThat(result.found()).hasSizeLessThan(12);
    assertThat(result.settled()).hasSize(1);
    assertThat(result.largestEntry()).isLessThan(3_000);
    assertThat(result.keys()).isZero();
  }

  @Test
  void whatIsForgottenIsNotCleared() {
    var result =
        told(
            state("aws", "2026-06-01T10:00:00Z", FAILURE),
            state("aws", "2026-07-01T10:00:01Z", SUCCESS));
    var known =
        told(
            state("aws", "2026-06-01T10:00:00Z", FAILURE),
            state("aws", "2026-07-01T10:00:00Z", SUCCESS));

    assertThat(result.findings().get(0).getStatus()).isEqualTo(FindingStatus.RAISED);
    assertThat(known.findings().get(0).getStatus()).isEqualTo(FindingStatus.CLEARED);
  }

  @Test
  void moreThanMayWaitIsJudgedEarlyAndAudited() {
    // given two thousand states within the lateness, one every three seconds, failing throughout
    List<Message> records =
        IntStream.range(0, 2_000)
            .mapToObj(
                i ->
                    (Message)
                        signal(
                            state("aws", Instant.parse(TEN).plusSeconds(3L * i).toString(), FAILURE)
                                .recordId("record-" + i),
                            i))
            .toList();

    var result = harness().run(records);

    assertThat(result.findings()).hasSize(1);
    assertThat(result.findings().get(0).getOccurredAt()).isEqualTo(TEN);
    assertThat(result.of(Output.Noted.class))
        .extracting(noted -> noted.entry().getDetail().get("judgedEarly"))
        .containsExactly("1", "2", "4", "8", "16", "32", "64", "128", "256", "512", "1024");
    assertThat(result.largestEntry()).isLessThan(60_000);
    assertThat(result.keys()).isZero();
  }

  private static long at(int minutes) {
    return Instant.parse(TEN).plus(Duration.ofMinutes(minutes)).toEpochMilli();
  }

  private static String after(int minutes) {
    return Instant.ofEpochMilli(at(minutes)).toString();
  }

  private static List<Message> rules(int hours) {
    return IntStream.range(0, hours * 6)
        .mapToObj(i -> after(10 * i))
        .map(time -> (Message) run("r1", time, time, SUCCESS, time))
        .toList();
  }

  private static DetectorHarness.Result told(SentinelHealth.Builder... rows) {
    List<Message> records = new ArrayList<>();
    for (SentinelHealth.Builder row : rows) {
      records.add(signal(row));
    }
    return harness().run(records);
  }

  private static DetectorHarness<ConnectorState> harness() {
    return DetectorHarness.of(() -> new ConnectorDetector(CATALOGUE));
  }
}
