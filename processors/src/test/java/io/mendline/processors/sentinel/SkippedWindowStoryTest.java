package io.mendline.processors.sentinel;

import static io.mendline.processors.sentinel.RuleRecords.givenUp;
import static io.mendline.processors.sentinel.RuleRecords.givenUpRow;
import static io.mendline.processors.sentinel.RuleRecords.run;
import static io.mendline.processors.sentinel.RuleRecords.signal;
import static io.mendline.serdes.telemetry.SentinelHealth.Status.FAILURE;
import static io.mendline.serdes.telemetry.SentinelHealth.Status.SUCCESS;
import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.cause.CauseCatalogue;
import io.mendline.processors.pipeline.DetectorHarness;
import io.mendline.processors.pipeline.Message;
import io.mendline.schemas.Confidence;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingStatus;
import io.mendline.schemas.Severity;
import io.mendline.serdes.telemetry.SentinelHealth;
import io.mendline.serdes.telemetry.SentinelHealth.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is found, told as operators tell it. */
class SkippedWindowStoryTest {
  private static final CauseCatalogue CATALOGUE = CauseCatalogue.bundled();

  @Test
  void theFieldReport73RulesAnd480WindowsGivenUpIn90Days() {
    // given 73 rules of which one or another gives up a window, 480 times in 90 days, each told by
    // one consolidated record, a few minutes after the run; and never six attempts of one window
    List<Message> records = new ArrayList<>();
    Set<String> windows = new HashSet<>();
    Instant start = Instant.parse("2026-03-03T10:43:55Z");
    for (int i = 0; i < 480; i++) {
      String rule = "rule-" + i * 31 % 73;
      Instant run = start.plus(Duration.ofHours(i * 9L / 2));
      Instant logged = run.plus(Duration.ofMinutes(7));
      records.add(givenUp(rule, "record-" + i, logged.toString(), run.toString()));
      windows.add(rule + " " + run.minus(Duration.ofHours(1)) + " " + run);
    }

    // when the 90 days are told
    var result = harness().run(records);

    // then every window is found, window by window, and each by its one record
    assertThat(result.findings())
        .hasSize(480)
        .allSatisfy(
            finding -> {
              assertThat(finding.getStatus()).isEqualTo(FindingStatus.RAISED);
              assertThat(finding.getRevision()).isEqualTo(1);
              assertThat(finding.getAttributes())
                  .containsEntry("detectedBy", "CONSOLIDATED")
                  .containsEntry("uncoveredSeconds", "3600")
                  .containsEntry("windowIdentity", "DERIVED");
            })
        .extracting(
            finding ->
                finding.getResource().getId()
                    + " "
                    + finding.getWindowStart()
                    + " "
                    + finding.getWindowEnd())
        .containsExactlyInAnyOrderElementsOf(windows);
    assertThat(result.settled()).hasSize(480);
    assertThat(result.keys()).as("nothing is kept for ever").isZero();
  }

  @Test
  void ofARuleThatLooksBackTheNextRunSeesTheData() {
    // given a rule that looks at the data of four hours each hour, and gives up the run at 10:00
    List<Message> records = new ArrayList<>();
    records.add(lookingBack("a", "09:00", Status.SUCCESS));
    records.add(lookingBack("b", "10:00", Status.FAILURE));
    List<Message> seen = new ArrayList<>(records);
    seen.add(lookingBack("c", "11:00", Status.SUCCESS));

    // when nothing more is heard, then the last hour is what nobody has seen
    assertThat(harness().run(records).findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.getAttributes()).containsEntry("uncoveredSeconds", "3600");
              assertThat(finding.getSeverity()).isEqualTo(Severity.MEDIUM);
            });

    // when the run at 11:00 looks back on it, then nothing is left, and nothing is to be done: what
    // is settled, and acted on, waits for that run
    var result = harness().run(seen);
    assertThat(result.findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.getStatus()).isEqualTo(FindingStatus.RAISED);
              assertThat(finding.getRevision()).isEqualTo(2);
              assertThat(finding.getAttributes()).containsEntry("uncoveredSeconds", "0");
              assertThat(finding.getSeverity()).isEqualTo(Severity.LOW);
            });
    assertThat(result.settled())
        .singleElement()
        .satisfies(
            settled ->
                assertThat(settled.finding().getAttributes())
                    .containsEntry("uncoveredSeconds", "0"));
  }

  private static Message lookingBack(String id, String end, Status status) {
    Instant until = Instant.parse("2026-06-01T" + end + ":00Z");
    String time = until.plus(Duration.ofMinutes(6)).toString();
    SentinelHealth.Builder row =
        status == Status.SUCCESS
            ? RuleRecords.hourly("r", id, time, status)
            : RuleRecords.givenUpRow("r", id, time, until.toString())
                .issues(List.of("QUERY_TIMEOUT"));
    return RuleRecords.signal(
        row.periodMillis(Duration.ofHours(4).toMillis())
            .window(until.minus(Duration.ofHours(4)).toEpochMilli(), until.toEpochMilli())
            .build());
  }

  @Test
  void theDocumentedPatternSixAttemptsOnOneWindow() {
    // given a rule whose run over 09:00 to 10:00 is tried six times
    List<Message> attempts =
        List.of(
            run("r1", "1", "2026-06-01T10:00:30Z", FAILURE, "2026-06-01T09:00:00Z"),
            run("r1", "2", "2026-06-01T10:02:30Z", FAILURE, "2026-06-01T09:00:00Z"),
            run("r1", "3", "2026-06-01T10:06:30Z", FAILURE, "2026-06-01T09:00:00Z"),
            run("r1", "4", "2026-06-01T10:14:30Z", FAILURE, "2026-06-01T09:00:00Z"),
            run("r1", "5", "2026-06-01T10:30:30Z", FAILURE, "2026-06-01T09:00:00Z"),
            run("r1", "6", "2026-06-01T10:59:30Z", FAILURE, "2026-06-01T09:00:00Z"));

    // when only five of them are told
    assertThat(harness().run(attempts.subList(0, 5)).outputs()).isEmpty();

    // when all six are
    var result = harness().withoutJump().run(attempts);

    // then the sixth makes the window a skipped one, at once, before the watermark has come there
    assertThat(result.settled()).isEmpty();
    assertThat(result.found()).hasSize(1);
    Finding finding = result.found().get(0);
    assertThat(finding.getStatus()).isEqualTo(FindingStatus.RAISED);
    assertThat(finding.getRevision()).isEqualTo(6);
    assertThat(finding.getOccurredAt()).isEqualTo("2026-06-01T10:59:30Z");
    assertThat(finding.getWindowStart()).isEqualTo("2026-06-01T09:00:00Z");
    assertThat(finding.getWindowEnd()).isEqualTo("2026-06-01T10:00:00Z");
    assertThat(finding.getRootCause().getKey()).isEqualTo("sentinel/query-timeout");
    assertThat(finding.getSeverity()).as("a transient cause").isEqualTo(Severity.MEDIUM);
    assertThat(finding.getConfidence()).isEqualTo(Confidence.HIGH);
    assertThat(finding.getEvidence()).hasSize(6);
    assertThat(finding.getSummary())
        .startsWith(
            "Rule Rule r1: window 2026-06-01T09:00:00Z to 2026-06-01T10:00:00Z was skipped: ");
    assertThat(finding.getAttributes())
        .containsEntry("detectedBy", "SIX_ATTEMPTS")
        .containsEntry("nonSuccessRecords", "6")
        .containsEntry("ruleName", "Rule r1")
        .containsEntry("queryFrequency", "PT1H")
        .containsEntry("queryPeriod", "PT1H");
  }

  @Test
  void fiveAttemptsAndASuccessFindNothing() {
    var result =
        harness()
            .run(
                List.of(
                    run("r1", "1", "2026-06-01T10:00:30Z", FAILURE, "2026-06-01T09:00:00Z"),
                    run("r1", "2", "2026-06-01T10:02:30Z", FAILURE, "2026-06-01T09:00:00Z"),
                    run("r1", "3", "2026-06-01T10:06:30Z", FAILURE, "2026-06-01T09:00:00Z"),
                    run("r1", "4", "2026-06-01T10:14:30Z", FAILURE, "2026-06-01T09:00:00Z"),
                    run("r1", "5", "2026-06-01T10:30:30Z", FAILURE, "2026-06-01T09:00:00Z"),
                    run("r1", "6", "2026-06-01T10:59:30Z", SUCCESS, "2026-06-01T09:00:00Z")));

    assertThat(result.outputs()).isEmpty();
    assertThat(result.keys()).isZero();
  }

  @Test
  void aWindowCountsOnceHoweverItIsTold() {
    // given the window 09:00 to 10:00, told by a record that gives it, by one that gives only the
    // time of the run, by five attempts before them, and by a second delivery of each
    List<Message> records = new ArrayList<>();
    for (int attempt = 1; attempt <= 5; attempt++) {
      String time = "2026-06-01T10:0" + attempt + ":00Z";
      records.add(run("r1", "a" + attempt, time, FAILURE, "2026-06-01T09:00:00Z"));
    }
    SentinelHealth withWindow =
        givenUpRow("r1", "x", "2026-06-01T10:07:00Z", "2026-06-01T10:00:00Z")
            .window(RuleRecords.at("2026-06-01T09:00:00Z"), RuleRecords.at("2026-06-01T10:00:00Z"))
            .build();
    records.add(signal(withWindow));
    records.add(givenUp("r1", "y", "2026-06-01T10:08:00Z", "2026-06-01T10:00:00Z"));
    records.addAll(List.copyOf(records));

    // when they are told
    var result = harness().run(records);

    // then there is one finding, and the second deliveries say nothing
    assertThat(result.findings()).hasSize(1);
    assertThat(result.found()).hasSize(2);
    Finding finding = result.findings().get(0);
    assertThat(finding.getRevision()).isEqualTo(7);
    assertThat(finding.getAttributes())
        .containsEntry("detectedBy", "CONSOLIDATED")
        .containsEntry("windowIdentity", "EXPLICIT")
        .containsEntry("nonSuccessRecords", "7");
    assertThat(finding.getOccurredAt()).isEqualTo("2026-06-01T10:07:00Z");
    assertThat(result.settled()).hasSize(1);
  }

  @Test
  void aReplayedWindowIsClearedAndBothAreSettledInOrder() {
    // given a window given up at 10:07 and replayed two days later
    List<Message> records =
        List.of(
            givenUp("r1", "1", "2026-06-01T10:07:00Z", "2026-06-01T10:00:00Z"),
            run("r1", "2", "2026-06-03T08:00:00Z", SUCCESS, "2026-06-01T09:00:00Z"));

    // when it is told
    var result = harness().run(records);

    // then the finding is raised, then cleared, and both are settled at the time they happened
    assertThat(result.found())
        .extracting(Finding::getStatus, Finding::getRevision)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(FindingStatus.RAISED, 1),
            org.assertj.core.groups.Tuple.tuple(FindingStatus.CLEARED, 2));
    assertThat(result.settled())
        .extracting(
            settled -> Instant.ofEpochMilli(settled.at()) + " " + settled.finding().getStatus())
        .containsExactly("2026-06-01T10:07:00Z RAISED", "2026-06-03T08:00:00Z CLEARED");
  }

  @Test
  void aSuccessThatIsHeardOfFirstClearsAllTheSame() {
    // given a success at 10:05, and a record of 10:07 that says the window was given up
    var result =
        harness()
            .run(
                List.of(
                    run("r1", "1", "2026-06-01T10:05:00Z", SUCCESS, "2026-06-01T09:00:00Z"),
                    givenUp("r1", "2", "2026-06-01T10:07:00Z", "2026-06-01T10:00:00Z")));

    // then it is raised and cleared in one go, and settled once, as cleared
    assertThat(result.found())
        .extracting(Finding::getStatus)
        .containsExactly(FindingStatus.RAISED, FindingStatus.CLEARED);
    assertThat(result.settled()).hasSize(1);
    assertThat(result.settled().get(0).finding().getStatus()).isEqualTo(FindingStatus.CLEARED);
    assertThat(result.settled().get(0).at()).isEqualTo(RuleRecords.at("2026-06-01T10:07:00Z"));
  }

  private static DetectorHarness<RuleWindows> harness() {
    return DetectorHarness.of(() -> new SkippedWindowDetector(CATALOGUE));
  }
}
