package io.mendline.processors.checks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.DetectorHarness;
import io.mendline.processors.pipeline.Disorder;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Output;
import io.mendline.processors.pipeline.Payload;
import io.mendline.processors.pipeline.Routes;
import io.mendline.processors.pipeline.Signal;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.pipeline.Subject;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingStatus;
import io.mendline.schemas.ResourceType;
import io.mendline.schemas.Severity;
import io.mendline.serdes.telemetry.CheckResult;
import io.mendline.serdes.telemetry.CheckResult.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class CheckDetectorTest {
  private static final String WORKSPACE = "1234";
  private static final long NINE = Instant.parse("2026-06-01T09:00:00Z").toEpochMilli();

  private final List<Message> told = new ArrayList<>();

  @Test
  void a_check_that_fails_is_one_finding_until_it_passes() {
    tell(0, Status.PASS, CheckResult.Severity.HIGH);
    tell(60, Status.FAIL, CheckResult.Severity.HIGH);
    tell(120, Status.FAIL, CheckResult.Severity.HIGH);
    tell(180, Status.PASS, CheckResult.Severity.HIGH);

    var result = harness().run(told);

    assertThat(result.findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.getStatus()).isEqualTo(FindingStatus.CLEARED);
              assertThat(finding.getSeverity()).isEqualTo(Severity.HIGH);
              assertThat(finding.getResource().getType()).isEqualTo(ResourceType.DATABRICKS_JOB);
              assertThat(finding.getOccurredAt()).isEqualTo(at(60));
              assertThat(finding.getWindowEnd()).isEqualTo(at(180));
              assertThat(finding.getSummary())
                  .isEqualTo("Check retries of Nightly load passes again");
              assertThat(finding.getAttributes())
                  .containsEntry("check", "retries")
                  .containsEntry("category", "configuration")
                  .containsEntry("assessmentId", "a-1")
                  .containsEntry("status", "FAIL");
            });
    assertThat(result.found()).hasSize(2);
    assertThat(result.settled())
        .extracting(Output.Settled::at)
        .containsExactly(at(60).toEpochMilli(), at(180).toEpochMilli());
  }

  @Test
  void what_fails_in_part_is_low_and_grows_when_all_of_it_does() {
    tell(0, Status.PARTIAL, CheckResult.Severity.OTHER);
    tell(60, Status.FAIL, CheckResult.Severity.OTHER);

    assertThat(harness().run(told).found())
        .extracting(Finding::getRevision, Finding::getSeverity, Finding::getStatus)
        .containsExactly(
            tuple(1, Severity.LOW, FindingStatus.RAISED),
            tuple(2, Severity.MEDIUM, FindingStatus.RAISED));
  }

  @Test
  void the_next_trouble_is_another_finding() {
    tell(0, Status.FAIL, CheckResult.Severity.LOW);
    tell(60, Status.PASS, CheckResult.Severity.LOW);
    tell(120, Status.FAIL, CheckResult.Severity.LOW);

    assertThat(harness().run(told).findings())
        .extracting(Finding::getStatus)
        .containsExactly(FindingStatus.CLEARED, FindingStatus.RAISED);
  }

  @Test
  void what_comes_too_late_raises_nothing_and_clears() {
    tell(0, Status.FAIL, CheckResult.Severity.LOW);
    tell(120, Status.FAIL, CheckResult.Severity.LOW);
    told.add(signal("other", 240, Status.PASS, CheckResult.Severity.LOW));
    tell(60, Status.FAIL, CheckResult.Severity.HIGH);
    tell(180, Status.PASS, CheckResult.Severity.LOW);
    told.add(signal("third", 30, Status.FAIL, CheckResult.Severity.LOW));

    assertThat(harness().run(told).findings())
        .extracting(Finding::getStatus, Finding::getSeverity)
        .containsExactly(tuple(FindingStatus.CLEARED, Severity.LOW));
  }

  @Test
  void of_one_instant_the_worst_counts() {
    tell(0, Status.FAIL, CheckResult.Severity.LOW);
    tell(0, Status.PASS, CheckResult.Severity.LOW);

    assertThat(harness().run(told).findings())
        .extracting(Finding::getStatus)
        .containsExactly(FindingStatus.RAISED);
  }

  @Test
  void one_that_is_heard_of_again_after_it_was_forgotten_begins_anew() {
    int month = (int) CheckDetector.MEMORY.toMinutes();
    tell(0, Status.FAIL, CheckResult.Severity.LOW);
    tell(month + 60, Status.FAIL, CheckResult.Severity.LOW);
    tell(month + 120, Status.PASS, CheckResult.Severity.LOW);

    var oneAfterTheOther = harness().run(told);
    var atOnce = harness().watermarkEvery(3).run(told);

    assertThat(atOnce.findings())
        .extracting(Finding::getStatus)
        .containsExactlyInAnyOrder(FindingStatus.RAISED, FindingStatus.CLEARED);
    assertThat(oneAfterTheOther.canonical()).isEqualTo(atOnce.canonical());
  }

  @Test
  void a_check_that_nothing_is_heard_of_is_forgotten() {
    tell(0, Status.PASS, CheckResult.Severity.LOW);
    var result = harness().run(told);

    assertThat(result.keysBeforeJump()).isEqualTo(1);
    assertThat(result.keys()).isZero();
    assertThat(result.largestEntry()).isLessThan(400);
  }

  @Property(tries = 200)
  void order_repetition_and_restarts_change_nothing(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int restart) {
    Random random = new Random(seed);
    List<Message> day = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      day.add(
          signal(
              "check-" + random.nextInt(3),
              random.nextInt(240),
              any(Status.values(), random),
              any(CheckResult.Severity.values(), random)));
    }
    var expected = harness().run(Disorder.inOrder(day)).canonical();

    var result =
        harness()
            .restartingAfter(restart)
            .run(Disorder.of(day, Source.CHECKS.defaultLateness(), 0.2, seed));

    assertThat(result.canonical()).isEqualTo(expected);
    assertThat(result.keys()).isZero();
  }

  private static <E> E any(E[] values, Random random) {
    return values[random.nextInt(values.length)];
  }

  private void tell(int minute, Status status, CheckResult.Severity severity) {
    told.add(signal("retries", minute, status, severity));
  }

  private static Signal signal(
      String check, int minute, Status status, CheckResult.Severity severity) {
    CheckResult result =
        new CheckResult(
            at(minute).toEpochMilli(),
            check,
            "configuration",
            status,
            severity,
            WORKSPACE,
            "DATABRICKS_JOB",
            "1234/77",
            "Nightly load",
            "a-1",
            null);
    return new Signal(
        Source.CHECKS,
        Routes.checks(WORKSPACE),
        new Subject(ResourceType.DATABRICKS_JOB, "1234/77", "Nightly load", WORKSPACE, null),
        result.time(),
        result.contentId(),
        new Coordinates("telemetry.checks", 0, minute),
        new Payload.Observed(result));
  }

  private static Instant at(int minute) {
    return Instant.ofEpochMilli(NINE).plusSeconds(60L * minute);
  }

  private static DetectorHarness<CheckState> harness() {
    return DetectorHarness.of(CheckDetector::new);
  }
}
