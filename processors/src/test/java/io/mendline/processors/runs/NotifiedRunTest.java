package io.mendline.processors.runs;

import static io.mendline.processors.runs.Told.at;
import static io.mendline.processors.runs.Told.harness;
import static io.mendline.processors.runs.Told.instant;
import static io.mendline.processors.runs.Told.job;
import static io.mendline.processors.runs.Told.run;
import static io.mendline.processors.runs.Told.signal;
import static io.mendline.serdes.telemetry.RunState.Outcome.CANCELLED;
import static io.mendline.serdes.telemetry.RunState.Outcome.FAILED;
import static io.mendline.serdes.telemetry.RunState.Outcome.RUNNING;
import static io.mendline.serdes.telemetry.RunState.Outcome.SKIPPED;
import static io.mendline.serdes.telemetry.RunState.Outcome.SUCCESS;
import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.pipeline.CanonicalResult;
import io.mendline.processors.pipeline.DetectorHarness.Result;
import io.mendline.processors.pipeline.Message;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingStatus;
import io.mendline.serdes.telemetry.RunState;
import io.mendline.serdes.telemetry.RunState.Outcome;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs that job notifications tell of, alone and beside other sources. */
class NotifiedRunTest {
  private static final Message LATER = job("9", "03:30:00", RUNNING);

  @Test
  void aFailureThatOnlyANotificationTellsOfIsFoundAMinuteLater() {
    Result early =
        harness()
            .withoutJump()
            .run(List.of(notified("02:15:00", FAILED), job("9", "02:16:59", RUNNING)));
    Result result = harness().run(List.of(notified("02:15:00", FAILED), LATER));

    assertThat(early.found()).isEmpty();
    assertThat(result.findings()).hasSize(1);
    Finding finding = result.findings().get(0);
    assertThat(finding.getStatus()).isEqualTo(FindingStatus.RAISED);
    assertThat(finding.getOccurredAt()).isEqualTo(instant("02:15:00"));
    assertThat(finding.getAttributes())
        .containsEntry("runId", "1")
        .containsEntry("toldBy", "NOTIFICATION")
        .containsEntry("jobName", "nightly load");
    assertThat(finding.getRootCause().getKey()).startsWith("unknown/");
    assertThat(result.settled()).hasSize(1);
  }

  @Test
  void whatAnotherSourceSaysOfTheSameEndCountsWhicheverComesFirst() {
    Message told = signal(run("1", "02:14:30", FAILED).message(Told.MISSING_MODULE));
    Message notified = notified("02:15:00", FAILED);

    Finding alone = harness().run(List.of(told, LATER)).findings().get(0);
    Result after = harness().run(List.of(told, notified, LATER));
    Result before = harness().run(List.of(notified, told, LATER));

    assertThat(after.canonical()).isEqualTo(before.canonical());
    assertThat(after.settled()).hasSize(1);
    assertThat(before.settled()).hasSize(1);
    assertThat(unnumbered(before.findings().get(0))).isEqualTo(unnumbered(alone));
    assertThat(unnumbered(after.findings().get(0))).isEqualTo(unnumbered(alone));
  }

  @ParameterizedTest
  @ValueSource(strings = {"02:14:31", "02:15:00", "02:19:00", "03:10:00"})
  void whenItWasReceivedMakesNoDifferenceWhereAnotherSourceTells(String time) {
    Message told = signal(run("1", "02:14:30", FAILED).message(Told.MISSING_MODULE));

    Result result = harness().run(List.of(told, notified(time, FAILED), LATER));

    assertThat(result.settled()).hasSize(1);
    assertThat(result.findings()).hasSize(1);
    assertThat(unnumbered(result.findings().get(0)))
        .isEqualTo(unnumbered(harness().run(List.of(told, LATER)).findings().get(0)));
  }

  @ParameterizedTest
  @EnumSource(
      value = Outcome.class,
      names = {"CANCELLED", "SKIPPED", "SUCCESS"})
  void whatWasCancelledOrSkippedIsNoFailureThoughTheNotificationSaysSo(Outcome outcome) {
    Message told = job("1", "02:14:30", outcome);

    assertThat(harness().run(List.of(told, notified("02:15:00", FAILED), LATER)).found()).isEmpty();
    assertThat(harness().run(List.of(notified("02:15:00", FAILED), told, LATER)).found()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = Outcome.class,
      names = {"CANCELLED", "SKIPPED", "SUCCESS"})
  void whatIsToldTooLateToBeNoFailureClearsIt(Outcome outcome) {
    Result result =
        harness().run(List.of(notified("02:15:00", FAILED), LATER, job("1", "02:14:30", outcome)));

    assertThat(result.found())
        .extracting(Finding::getStatus)
        .containsExactly(FindingStatus.RAISED, FindingStatus.CLEARED);
    assertThat(result.settled())
        .extracting(settled -> settled.finding().getStatus())
        .containsExactly(FindingStatus.RAISED, FindingStatus.CLEARED);
    assertThat(result.keys()).isZero();
  }

  @Test
  void evidenceThatComesLateIsTakenUp() {
    Result result =
        harness()
            .run(
                List.of(
                    notified("02:15:00", FAILED),
                    LATER,
                    signal(run("1", "02:14:30", FAILED).message(Told.MISSING_MODULE))));

    Finding last = result.findings().get(0);
    assertThat(result.findings()).hasSize(1);
    assertThat(last.getRootCause().getCategory()).isEqualTo("code");
    assertThat(last.getOccurredAt()).isEqualTo(instant("02:14:30"));
    assertThat(last.getAttributes()).doesNotContainKey("toldBy");
  }

  @Test
  void aNotifiedSuccessOfARepairClears() {
    Result result =
        harness()
            .run(
                List.of(
                    signal(run("1", "02:14:30", FAILED).message(Told.MISSING_MODULE)),
                    notified("02:15:00", FAILED),
                    notified("02:50:00", SUCCESS),
                    LATER));

    assertThat(result.findings())
        .extracting(Finding::getStatus)
        .containsExactly(FindingStatus.CLEARED);
  }

  @Test
  void aNotifiedFailureBeforeARepairThatAnotherSourceTellsOfIsRaisedAndCleared() {
    Result result =
        harness().run(List.of(notified("02:15:00", FAILED), job("1", "02:50:00", SUCCESS), LATER));

    assertThat(result.found())
        .extracting(Finding::getStatus)
        .containsExactly(FindingStatus.RAISED, FindingStatus.CLEARED);
  }

  @Test
  void aTasksNotificationNamesItWhereNothingElseDoes() {
    Message task =
        signal(
            run("1", "02:14:00", FAILED)
                .ran(RunState.ABSENT, RunState.ABSENT)
                .task("81", "load")
                .state("jobs.on_failure", null, FAILED)
                .source(RunState.Source.WEBHOOK));

    assertThat(harness().run(List.of(task, LATER)).found()).isEmpty();
    assertThat(
            harness()
                .run(List.of(task, job("1", "02:14:10", FAILED), LATER))
                .findings()
                .get(0)
                .getAttributes())
        .containsEntry("taskKey", "load")
        .doesNotContainKey("toldBy");
  }

  @Test
  void receivedAgainItIsTheSameFailureOfTheFirstTime() {
    Message first = notified("02:15:00", FAILED);
    Message again = notified("02:15:40", FAILED);

    Result result = harness().run(List.of(again, first, LATER));

    assertThat(result.canonical())
        .isEqualTo(harness().run(List.of(first, again, LATER)).canonical())
        .isEqualTo(harness().run(List.of(first, LATER)).canonical());
    assertThat(result.findings().get(0).getOccurredAt()).isEqualTo(instant("02:15:00"));
  }

  @Test
  void aWarningThatARunTakesLongIsNoStartOfIt() {
    RunState warning =
        run("1", "02:15:00", RUNNING)
            .ran(RunState.ABSENT, RunState.ABSENT)
            .state(RunState.ON_DURATION_WARNING, null, RUNNING)
            .source(RunState.Source.WEBHOOK)
            .build();

    assertThat(StartedRun.of(warning, null)).isNull();
    assertThat(
            StartedRun.of(warning.toBuilder().state("jobs.on_start", null, RUNNING).build(), null)
                .start())
        .isEqualTo(at("02:15:00"));
  }

  @Test
  void whatEndedOtherwiseBringsNothingByItself() {
    assertThat(
            harness()
                .run(List.of(job("1", "02:14:30", CANCELLED), job("2", "02:14:30", SKIPPED), LATER))
                .outputs())
        .isEmpty();
  }

  private static Message notified(String time, Outcome outcome) {
    return signal(
        run("1", time, outcome)
            .ran(RunState.ABSENT, RunState.ABSENT)
            .state("jobs.on_" + outcome, null, outcome)
            .source(RunState.Source.WEBHOOK));
  }

  /** All it says, but how often it was told and where that was read. */
  private static String unnumbered(Finding finding) {
    return CanonicalResult.content(
        Finding.newBuilder(finding)
            .setRevision(1)
            .setDetectedAt(Instant.EPOCH)
            .setEvidence(List.of())
            .build());
  }
}
