package io.mendline.processors.recurrence;

import static io.mendline.processors.recurrence.SettledFailures.run;
import static io.mendline.processors.recurrence.SettledFailures.runFinding;
import static io.mendline.processors.recurrence.SettledFailures.settled;
import static io.mendline.processors.recurrence.SettledFailures.window;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.mendline.processors.pipeline.DetectorHarness;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Output;
import io.mendline.processors.policy.Policies;
import io.mendline.processors.policy.PolicyBook;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.FindingStatus;
import io.mendline.schemas.ResourceType;
import io.mendline.schemas.Severity;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecurrenceStoryTest {
  private static final String MODULE = "python/ModuleNotFoundError";
  private static final String TABLE = "spark/TABLE_OR_VIEW_NOT_FOUND";

  @Test
  void threeJobsFailOfOneCauseWithinAWeek() {
    // given three jobs that fail of one missing library, and others that fail of other causes
    List<Message> failures =
        List.of(
            run("ingest", "101", "2026-06-01T08:00:00Z", MODULE),
            run("report", "102", "2026-06-01T09:00:00Z", TABLE),
            run("score", "103", "2026-06-03T08:00:00Z", MODULE),
            run("report", "104", "2026-06-03T09:00:00Z", TABLE),
            run("export", "105", "2026-06-05T08:00:00Z", MODULE));

    // when the time has come for the last to be judged
    var result =
        harness()
            .withoutJump()
            .run(with(failures, run("other", "106", "2026-06-05T08:30:00Z", "x")));

    // then the cause is found to recur, on the workspace, with what it struck
    assertThat(result.found()).hasSize(1);
    Finding finding = result.found().get(0);
    assertThat(finding.getKind()).isEqualTo(FindingKind.RECURRING_ROOT_CAUSE);
    assertThat(finding.getResource().getType()).isEqualTo(ResourceType.DATABRICKS_WORKSPACE);
    assertThat(finding.getResource().getId()).isEqualTo(SettledFailures.WORKSPACE);
    assertThat(finding.getOccurredAt()).isEqualTo("2026-06-05T08:00:00Z");
    assertThat(finding.getWindowStart()).isEqualTo("2026-06-01T08:00:00Z");
    assertThat(finding.getWindowEnd()).isEqualTo("2026-06-05T08:00:00Z");
    assertThat(finding.getSeverity()).isEqualTo(Severity.HIGH);
    assertThat(finding.getRevision()).isEqualTo(3);
    assertThat(finding.getRootCause().getKey()).isEqualTo(MODULE);
    assertThat(finding.getRootCause().getHint()).isEqualTo("Install it");
    assertThat(finding.getAttributes())
        .containsEntry("count", "3")
        .containsEntry("category", "dependency")
        .containsEntry("runs", "101; 103; 105")
        .containsEntry("resources", "ingest; score; export");
    assertThat(finding.getEvidence())
        .extracting(evidence -> evidence.getRef())
        .containsExactly("101", "103", "105");
    assertThat(lines(result)).containsExactly("2026-06-05T08:00:00Z RAISED");
  }

  @Test
  void itIsClearedWhenFewerThanThreeRemainWithinAWeek() {
    // given a fourth failure, after which nothing fails
    var result =
        harness()
            .run(
                List.of(
                    run("ingest", "101", "2026-06-01T08:00:00Z", MODULE),
                    run("ingest", "102", "2026-06-02T08:00:00Z", MODULE),
                    run("ingest", "103", "2026-06-03T08:00:00Z", MODULE),
                    run("ingest", "104", "2026-06-04T08:00:00Z", MODULE)));

    // then it is cleared just after the second one, the last needed for three, is a week old
    assertThat(result.found())
        .extracting(Finding::getStatus, Finding::getRevision)
        .containsExactly(
            tuple(FindingStatus.RAISED, 3),
            tuple(FindingStatus.RAISED, 4),
            tuple(FindingStatus.CLEARED, 5));
    assertThat(lines(result))
        .containsExactly("2026-06-03T08:00:00Z RAISED", "2026-06-09T08:00:00.001Z CLEARED");
    assertThat(result.keys()).isZero();
  }

  @Test
  void threeFailuresThatLieFartherApartFindNothing() {
    var result =
        harness()
            .run(
                List.of(
                    run("ingest", "101", "2026-06-01T08:00:00Z", MODULE),
                    run("ingest", "102", "2026-06-04T08:00:00Z", MODULE),
                    run("ingest", "103", "2026-06-08T08:00:00.001Z", MODULE)));

    assertThat(result.outputs()).isEmpty();
    assertThat(result.keys()).isZero();
  }

  @Test
  void bothEndsOfTheWeekBelongToIt() {
    var result =
        harness()
            .run(
                List.of(
                    run("ingest", "101", "2026-06-01T08:00:00Z", MODULE),
                    run("ingest", "102", "2026-06-04T08:00:00Z", MODULE),
                    run("ingest", "103", "2026-06-08T08:00:00Z", MODULE)));

    assertThat(lines(result))
        .containsExactly("2026-06-08T08:00:00Z RAISED", "2026-06-08T08:00:00.001Z CLEARED");
  }

  @Test
  void aRunThatFailsAgainAfterARepairIsOneFailure() {
    var result =
        harness()
            .run(
                List.of(
                    run("ingest", "101", "2026-06-01T08:00:00Z", MODULE),
                    run("ingest", "101", "2026-06-01T09:00:00Z", MODULE),
                    run("ingest", "102", "2026-06-02T08:00:00Z", MODULE),
                    run("ingest", "102", "2026-06-02T09:00:00Z", MODULE)));

    assertThat(result.outputs()).isEmpty();
  }

  @Test
  void afterItWasClearedItMayRecurAnew() {
    List<Message> failures = new ArrayList<>();
    for (String day : List.of("01", "02", "03", "21", "22", "23")) {
      failures.add(run("ingest", "run-" + day, "2026-06-" + day + "T08:00:00Z", MODULE));
    }

    var result = harness().run(failures);

    assertThat(result.findings()).hasSize(2);
    assertThat(lines(result))
        .containsExactly(
            "2026-06-03T08:00:00Z RAISED",
            "2026-06-08T08:00:00.001Z CLEARED",
            "2026-06-23T08:00:00Z RAISED",
            "2026-06-28T08:00:00.001Z CLEARED");
  }

  @Test
  void skippedWindowsRecurOnTheirWorkspace() {
    String cause = "sentinel/query-timeout";
    var result =
        harness()
            .run(
                List.of(
                    window("r1", "2026-06-01T08:00:00Z", "2026-06-01T09:07:00Z", cause),
                    window("r2", "2026-06-01T08:00:00Z", "2026-06-01T09:08:00Z", cause),
                    window("r1", "2026-06-01T09:00:00Z", "2026-06-01T10:07:00Z", cause)));

    Finding finding = result.found().get(0);
    assertThat(finding.getResource().getType()).isEqualTo(ResourceType.SENTINEL_WORKSPACE);
    assertThat(finding.getResource().getId()).isEqualTo("soc");
    assertThat(finding.getAttributes())
        .containsEntry(
            "windows", "2026-06-01T08:00:00Z; 2026-06-01T08:00:00Z; 2026-06-01T09:00:00Z")
        .containsEntry("resources", "r1; r2");
  }

  @Test
  void whatRecoveredHasNoCauseOrIsOfAnotherKindDoesNotCount() {
    String at = "2026-06-01T08:00:00Z";
    List<Message> others = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      others.add(run("ingest", "a" + i, at, null));
      others.add(
          settled(
              runFinding("ingest", "b" + i, at, MODULE).setStatus(FindingStatus.CLEARED).build(),
              at));
      others.add(
          settled(
              runFinding("ingest", "c" + i, at, MODULE).setKind(FindingKind.MISSED_RUN).build(),
              at));
    }

    assertThat(harness().run(others).outputs()).isEmpty();
  }

  @Test
  void policySaysHowManyWithinWhichTime() {
    PolicyBook policies = new PolicyBook();
    policies.put(
        Policies.parse(
            "test",
            "{\"recurrence\": {\"failures\": 2, \"within\": \"PT1H\"}}"
                .getBytes(StandardCharsets.UTF_8)));

    var result =
        harness()
            .policies(policies)
            .run(
                List.of(
                    run("ingest", "101", "2026-06-01T08:00:00Z", MODULE),
                    run("ingest", "102", "2026-06-01T09:00:01Z", MODULE),
                    run("ingest", "103", "2026-06-01T10:00:00Z", MODULE)));

    assertThat(lines(result))
        .containsExactly("2026-06-01T10:00:00Z RAISED", "2026-06-01T10:00:01.001Z CLEARED");
  }

  @Test
  void aFailureSettledLongAfterItsTimeIsCountedAsOfNow() {
    // given two failures judged days ago, and a third of the day before them that is settled late
    List<Message> failures =
        List.of(
            run("ingest", "102", "2026-06-02T08:00:00Z", MODULE),
            run("ingest", "103", "2026-06-03T08:00:00Z", MODULE),
            run("other", "104", "2026-06-05T08:00:00Z", TABLE),
            run("ingest", "101", "2026-06-01T08:00:00Z", MODULE));

    assertThat(lines(harness().run(failures)))
        .containsExactly("2026-06-03T08:00:00Z RAISED", "2026-06-08T08:00:00.001Z CLEARED");
  }

  @Test
  void aStormStaysWithinItsBoundAndSaysSo() {
    List<Message> failures = new ArrayList<>();
    Instant start = Instant.parse("2026-06-01T00:00:00Z");
    for (int i = 0; i < 3_000; i++) {
      failures.add(run("job-" + i % 50, "run-" + i, start.plusSeconds(30L * i).toString(), MODULE));
    }

    var result = harness().run(failures);

    assertThat(result.findings()).hasSize(1);
    Finding finding = result.findings().get(0);
    assertThat(finding.getAttributes()).containsEntry("count", "3000");
    assertThat(finding.getAttributes().get("runs").split("; ", -1)).hasSize(20);
    assertThat(finding.getAttributes().get("resources").split("; ", -1)).hasSize(20);
    assertThat(finding.getEvidence()).hasSize(10);
    assertThat(result.largestEntry()).isLessThan(45_000);
    assertThat(result.of(Output.Noted.class))
        .extracting(noted -> noted.entry().getDetail().get("dropped"))
        .contains("1", "2", "2048")
        .hasSize(12);
    assertThat(result.keys()).isZero();
  }

  private static List<Message> with(List<Message> failures, Message last) {
    List<Message> all = new ArrayList<>(failures);
    all.add(last);
    return all;
  }

  private static List<String> lines(DetectorHarness.Result result) {
    return result.settled().stream()
        .map(settled -> Instant.ofEpochMilli(settled.at()) + " " + settled.finding().getStatus())
        .toList();
  }

  private static DetectorHarness<CauseHistory> harness() {
    return DetectorHarness.of(RecurrenceDetector::new);
  }
}
