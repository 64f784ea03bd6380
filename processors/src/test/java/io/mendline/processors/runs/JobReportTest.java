package io.mendline.processors.runs;

import static io.mendline.processors.runs.JobRecords.at;
import static io.mendline.processors.runs.JobRecords.signal;
import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.cause.CauseCatalogue;
import io.mendline.processors.cause.RootCauseClassifier;
import io.mendline.processors.pipeline.Disorder;
import io.mendline.processors.pipeline.JoinedDetector;
import io.mendline.processors.pipeline.JoinedDetector.Parts;
import io.mendline.processors.pipeline.LastState;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Signal;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.schemas.FindingKind;
import io.mendline.serdes.telemetry.RunState;
import io.mendline.serdes.telemetry.RunState.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is said of a job of which this and that was told; times are minutes of one day. */
class JobReportTest {
  private static final RootCauseClassifier CAUSES =
      new RootCauseClassifier(CauseCatalogue.bundled());
  private static final StateKey JOB = new StateKey(JobRecords.ROUTE, JobRecords.WORKSPACE + "/1");

  @Test
  void aJobThatRunsAsItShould() {
    JobReport report = report(hourly(0, 5), JobRecords.scheduled("1", 1, JobRecords.HOURLY));

    assertThat(report.workspace()).isEqualTo(JobRecords.WORKSPACE);
    assertThat(report.id()).isEqualTo("1");
    assertThat(report.name()).isEqualTo("Job 1");
    assertThat(report.health()).isEqualTo(JobHealth.HEALTHY);
    assertThat(report.openFindings()).isEmpty();
    assertThat(report.schedule())
        .isEqualTo(new JobReport.Schedule(JobRecords.HOURLY, "UTC", false, false));
    assertThat(report.nextExpected()).isEqualTo(at(300));
    assertThat(report.misses()).isEmpty();
    assertThat(report.durations()).isEqualTo(new JobReport.Durations(5, 600_000, 600_000));
    assertThat(report.successRate().succeeded()).isEqualTo(5);
    assertThat(report.runs())
        .extracting(JobReport.Run::id)
        .containsExactly("r240", "r180", "r120", "r60", "r0");
    assertThat(report.runs().get(0))
        .isEqualTo(
            new JobReport.Run(
                "r240", JobReport.State.SUCCEEDED, at(240), at(250), false, null, null));
    assertThat(report.asOf()).isEqualTo(at(250));
  }

  @Test
  void aFailureIsNamedWithItsCauseUntilALaterRunGoesWell() {
    Message failed = ended("bad", 300, 305, Outcome.FAILED, Told.MISSING_MODULE);

    JobReport failing = report(hourly(0, 5), failed);

    assertThat(failing.health()).isEqualTo(JobHealth.FAILING);
    assertThat(failing.openFindings()).containsExactly(FindingKind.RUN_FAILED);
    assertThat(failing.runs().get(0).state()).isEqualTo(JobReport.State.FAILED);
    assertThat(failing.runs().get(0).cause().getTitle()).isNotBlank();
    assertThat(failing.successRate().runs()).isEqualTo(6);
    assertThat(failing.successRate().succeeded()).isEqualTo(5);

    JobReport later = report(hourly(0, 5), failed, ended("good", 360, 370, Outcome.SUCCESS, null));
    assertThat(later.health()).isEqualTo(JobHealth.HEALTHY);
    assertThat(later.openFindings()).as("nobody has mended it").contains(FindingKind.RUN_FAILED);

    JobReport repaired =
        report(hourly(0, 5), failed, ended("bad", 320, 330, Outcome.SUCCESS, null));
    assertThat(repaired.health()).isEqualTo(JobHealth.HEALTHY);
    assertThat(repaired.openFindings()).isEmpty();
    assertThat(repaired.runs()).hasSize(6);
    assertThat(repaired.runs().get(0).state()).isEqualTo(JobReport.State.SUCCEEDED);
  }

  @Test
  void aRunThatDidNotStartIsMissedUntilOneMakesGoodForIt() {
    List<Message> told = hourly(0, 3);
    told.add(JobRecords.scheduled("1", 1, JobRecords.HOURLY));
    for (int minute = 0; minute < 240; minute += 5) {
      told.add(JobRecords.heartbeat(minute));
    }

    JobReport missed = report(told);
    assertThat(missed.health()).isEqualTo(JobHealth.MISSED);
    assertThat(missed.misses()).extracting(JobReport.Miss::expectedAt).containsExactly(at(180));

    JobReport good =
        report(
            told,
            signal(
                JobRecords.run("1", 238, Outcome.SUCCESS)
                    .runId("by hand")
                    .ran(at(230), at(238))
                    .trigger("ONE_TIME")
                    .build()));
    assertThat(good.health()).isEqualTo(JobHealth.HEALTHY);
    assertThat(good.misses()).isEmpty();
  }

  @Test
  void aRunThatDoesNotEndIsStuckAndOneThatWaitsIsTold() {
    List<Message> told = hourly(0, 6);
    told.add(under("long", 360, "RUNNING"));
    for (int minute = 360; minute < 720; minute += 5) {
      told.add(JobRecords.heartbeat(minute));
    }
    told.add(under("next", 715, "QUEUED"));

    JobReport report = report(told);

    assertThat(report.health()).isEqualTo(JobHealth.STUCK);
    assertThat(report.openFindings()).containsExactly(FindingKind.RUN_STUCK);
    assertThat(report.runs().subList(0, 2))
        .containsExactly(
            new JobReport.Run(
                "next", JobReport.State.WAITING, at(715), JobReport.NONE, false, null, null),
            new JobReport.Run(
                "long", JobReport.State.RUNNING, at(360), JobReport.NONE, true, null, null));
  }

  @Test
  void whatWasNotStartedIsSkippedAndWhatAPersonCancelledIsCancelled() {
    JobReport report =
        report(
            hourly(0, 3),
            ended("cancelled", 180, 181, Outcome.CANCELLED, null),
            ended("skipped", 240, 240, Outcome.SKIPPED, null));

    assertThat(report.health()).isEqualTo(JobHealth.SKIPPED);
    assertThat(report.runs())
        .extracting(JobReport.Run::state)
        .startsWith(JobReport.State.SKIPPED, JobReport.State.CANCELLED);
    assertThat(report.successRate().runs()).isEqualTo(3);
  }

  @Test
  void ofAJobOfWhichOnlyTheSettingsAreKnownNothingElseIsSaid() {
    JobReport report =
        report(List.of(), JobRecords.paused("1", 1, JobRecords.HOURLY), JobRecords.heartbeat(9));

    assertThat(report.health()).isEqualTo(JobHealth.UNKNOWN);
    assertThat(report.schedule().paused()).isTrue();
    assertThat(report.nextExpected()).isEqualTo(JobReport.NONE);
    assertThat(report.durations()).isNull();
    assertThat(report.successRate().share()).isEmpty();
    assertThat(report.runs()).isEmpty();
  }

  private static List<Message> hourly(int from, int to) {
    List<Message> told = new ArrayList<>();
    for (int hour = from; hour < to; hour++) {
      told.add(ended("r" + 60 * hour, 60 * hour, 60 * hour + 10, Outcome.SUCCESS, null));
    }
    return told;
  }

  private static Message ended(String id, int from, int to, Outcome outcome, String message) {
    return signal(
        JobRecords.run("1", to, outcome)
            .runId(id)
            .state("TERMINATED", outcome.name(), outcome)
            .ran(at(from), at(to))
            .message(message)
            .build());
  }

  private static Message under(String id, int from, String state) {
    return signal(
        JobRecords.run("1", from, Outcome.RUNNING)
            .runId(id)
            .state(state, null, Outcome.RUNNING)
            .ran(at(from), RunState.ABSENT)
            .build());
  }

  private static JobReport report(List<Message> told, Message... more) {
    List<Message> all = new ArrayList<>(told);
    all.addAll(List.of(more));
    LastState<Parts> job =
        new LastState<>(
            new JoinedDetector(
                List.of(
                    new RunsDetector(CAUSES),
                    new MissedRunDetector(),
                    new SkippedRunDetector(CAUSES),
                    new JobPaceDetector(),
                    new JobOddsDetector())));
    job.harness().withoutJump().run(settled(Disorder.inOrder(all)));
    return JobReport.of(JOB, job.last());
  }

  /** With another workspace that goes on until the watermark has passed all that was told. */
  private static List<Message> settled(List<Message> told) {
    List<Message> settled = new ArrayList<>(told);
    double last = 0;
    for (Message message : told) {
      last =
          Math.max(
              last, (((Signal) message).eventTime() - JobRecords.DAY.toEpochMilli()) / 60_000.0);
    }
    settled.add(JobRecords.elsewhere(last + 30));
    return settled;
  }
}
