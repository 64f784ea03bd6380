package io.mendline.processors.runs;

import static io.mendline.processors.runs.Told.at;
import static io.mendline.processors.runs.Told.harness;
import static io.mendline.processors.runs.Told.instant;
import static io.mendline.processors.runs.Told.job;
import static io.mendline.processors.runs.Told.run;
import static io.mendline.processors.runs.Told.signal;
import static io.mendline.processors.runs.Told.task;
import static io.mendline.serdes.telemetry.RunState.Outcome.CANCELLED;
import static io.mendline.serdes.telemetry.RunState.Outcome.FAILED;
import static io.mendline.serdes.telemetry.RunState.Outcome.RUNNING;
import static io.mendline.serdes.telemetry.RunState.Outcome.SKIPPED;
import static io.mendline.serdes.telemetry.RunState.Outcome.SUCCESS;
import static io.mendline.serdes.telemetry.RunState.Outcome.TIMED_OUT;
import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.pipeline.DetectorHarness.Result;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Output;
import io.mendline.schemas.Confidence;
import io.mendline.schemas.Evidence;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.FindingStatus;
import io.mendline.schemas.Link;
import io.mendline.schemas.ResourceType;
import io.mendline.schemas.Severity;
import io.mendline.serdes.telemetry.RunState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunsDetectorTest {

  @Test
  void aNightlyLoadFailsIsRepairedFailsAgainAndRecovers() {
    // Given a run that is under way since two o'clock
    List<Message> told = new ArrayList<>();
    told.add(job("7001", "02:00:00", RUNNING));
    told.add(task("7001", "02:05:00", "extract", SUCCESS));

    // When its load task fails for want of a module, and with it the run, which only points there,
    // and the audit log tells the same two seconds later without saying why
    told.add(
        signal(
            run("7001", "02:14:58", FAILED)
                .task("8001", "load")
                .attemptNumber(0)
                .message(Told.MISSING_MODULE)));
    told.add(
        signal(
            run("7001", "02:15:00", FAILED)
                .message(Told.WRAPPER)
                .termination("RUN_EXECUTION_ERROR", "CLIENT_ERROR")
                .attemptNumber(0)
                .environment("prod")
                .runPageUrl("https://adb-1.azuredatabricks.net/jobs/410/runs/7001")));
    told.add(
        signal(
            run("7001", "02:15:02", FAILED)
                .state("runFailed", "FAILED", FAILED)
                .ran(RunState.ABSENT, at("02:15:02"))
                .source(RunState.Source.AUDIT)));

    // And a first repair fails for another reason, and a second one succeeds
    told.add(
        signal(
            run("7001", "02:29:59", FAILED)
                .task("8002", "load")
                .attemptNumber(0)
                .repairId("91")
                .message(Told.MISSING_TABLE)));
    told.add(
        signal(
            run("7001", "02:30:00", FAILED).message(Told.WRAPPER).attemptNumber(0).repairId("91")));
    told.add(signal(run("7001", "02:50:00", SUCCESS).attemptNumber(0).repairId("92")));
    told.add(job("7001", "02:50:03", SUCCESS));

    // Then there is one finding, put out with the first failure of the run as a whole
    Result result = harness().run(told);
    assertThat(result.found()).extracting(Finding::getId).containsOnly(idOf(result));
    Finding first = result.found().get(0);
    assertThat(first.getKind()).isEqualTo(FindingKind.RUN_FAILED);
    assertThat(first.getStatus()).isEqualTo(FindingStatus.RAISED);
    assertThat(first.getRevision()).isEqualTo(2);
    assertThat(first.getOccurredAt()).isEqualTo(instant("02:15:00"));
    assertThat(first.getDetectedAt()).isEqualTo(instant("02:15:00"));
    assertThat(first.getWindowStart()).isEqualTo(instant("02:00:00"));
    assertThat(first.getWindowEnd()).isEqualTo(instant("02:15:00"));
    assertThat(first.getSeverity()).isEqualTo(Severity.HIGH);
    assertThat(first.getConfidence()).isNotEqualTo(Confidence.LOW);
    assertThat(first.getSummary()).startsWith("nightly load failed: ").doesNotContain("\n");
    assertThat(first.getResource().getType()).isEqualTo(ResourceType.DATABRICKS_JOB);
    assertThat(first.getResource().getId()).isEqualTo(Told.WORKSPACE + "/410");
    assertThat(first.getResource().getWorkspace()).isEqualTo(Told.WORKSPACE);
    assertThat(first.getRootCause().getCategory()).isEqualTo("code");
    assertThat(first.getAttributes())
        .containsEntry("runId", "7001")
        .containsEntry("taskRunId", "8001")
        .containsEntry("taskKey", "load")
        .containsEntry("jobName", "nightly load")
        .containsEntry("environment", "prod")
        .containsEntry("message", Told.MISSING_MODULE)
        .containsEntry("attempt", "0")
        .containsEntry("episode", "1")
        .containsEntry("terminationCode", "RUN_EXECUTION_ERROR")
        .doesNotContainKey("repairId");
    assertThat(first.getLinks())
        .extracting(Link::getUrl)
        .containsExactly("https://adb-1.azuredatabricks.net/jobs/410/runs/7001");
    assertThat(first.getEvidence()).extracting(Evidence::getRef).containsExactly("8001", "7001");

    // And it ends cleared, with the cause of the last failure
    Finding last = result.findings().get(0);
    assertThat(last.getStatus()).isEqualTo(FindingStatus.CLEARED);
    assertThat(last.getRevision()).isEqualTo(7);
    assertThat(last.getRootCause().getKey()).isEqualTo("spark/TABLE_OR_VIEW_NOT_FOUND");
    assertThat(last.getAttributes()).containsEntry("repairId", "91").containsEntry("episode", "2");

    // And two failures and one recovery are settled, each once, in their order
    assertThat(settled(result))
        .containsExactly(
            "02:15:00 RAISED episode 1", "02:30:00 RAISED episode 2", "02:50:00 CLEARED episode 2");
    assertThat(result.settled())
        .extracting(settled -> settled.finding().getAttributes().get("taskKey"))
        .containsOnly("load");
    assertThat(result.keys()).isZero();
  }

  @Nested
  class WhatIsNoFailureOfTheRun {
    @Test
    void aTaskThatIsRetriedToSuccessUnderARunThatSucceeds() {
      Result result =
          harness()
              .run(
                  List.of(
                      job("1", "02:00:00", RUNNING),
                      task("1", "02:10:00", "load", FAILED, 0),
                      task("1", "02:20:00", "load", SUCCESS, 1),
                      job("1", "02:20:01", SUCCESS)));
      assertThat(result.outputs()).isEmpty();
      assertThat(result.keys()).isZero();
    }

    @Test
    void aFailedTaskUnderARunThatSucceedsAtOnceOrWithFailures() {
      assertThat(
              harness()
                  .run(
                      List.of(
                          task("1", "02:10:00", "optional", FAILED),
                          signal(
                              run("1", "02:10:40", SUCCESS)
                                  .state("TERMINATED", "SUCCESS_WITH_FAILURES", SUCCESS))))
                  .outputs())
          .isEmpty();
    }

    @Test
    void aRunThatAPersonCancelled() {
      assertThat(
              harness()
                  .run(
                      List.of(
                          task("1", "02:10:00", "load", FAILED),
                          job("1", "02:10:01", CANCELLED),
                          signal(
                              run("1", "02:10:02", CANCELLED).termination("USER_CANCELED", null)),
                          job("2", "02:11:00", SKIPPED)))
                  .outputs())
          .isEmpty();
    }
  }

  @Nested
  class ARunOfWhichOnlyTasksAreTold {
    @Test
    void isNotRaised() {
      assertThat(
              harness()
                  .run(
                      List.of(
                          task("1", "02:10:00", "load", FAILED),
                          task("1", "02:10:30", "report", FAILED),
                          job("2", "02:30:00", SUCCESS)))
                  .outputs())
          .isEmpty();
    }

    @Test
    void isRaisedWithTheirEvidenceOnceTheRunIsToldToHaveFailed() {
      Result result =
          harness()
              .run(
                  List.of(
                      signal(
                          run("1", "02:10:00", FAILED)
                              .task("11", "load")
                              .message(Told.MISSING_MODULE)),
                      job("1", "02:10:30", FAILED)));
      assertThat(settled(result)).containsExactly("02:10:30 RAISED episode 1");
      assertThat(result.findings().get(0).getAttributes())
          .containsEntry("message", Told.MISSING_MODULE);
      assertThat(result.findings().get(0).getRevision()).isEqualTo(2);
    }
  }

  @Nested
  class Episodes {
    @ParameterizedTest(name = "{0} s apart, attempts {1} and {2}: {3} failure(s)")
    @CsvSource({
      "0, 0, 0, 1",
      "0, 0, 1, 1",
      "60, 0, 0, 1",
      "61, 0, 0, 2",
      "60, 0, -1, 1",
      "60, -1, 1, 1",
      "60, 0, 1, 2",
      "1, 1, 2, 2",
    })
    void tellOneFailureOnce(int seconds, int firstAttempt, int secondAttempt, int failures) {
      Result result =
          harness()
              .run(
                  List.of(
                      signal(run("1", "02:10:00", FAILED).attemptNumber(firstAttempt)),
                      signal(
                          run("1", "02:10:00", FAILED)
                              .time(at("02:10:00") + seconds * 1000L)
                              .source(RunState.Source.AUDIT)
                              .attemptNumber(secondAttempt))));
      assertThat(result.settled()).hasSize(failures);
      assertThat(result.findings()).hasSize(1);
      assertThat(result.findings().get(0).getAttributes())
          .containsEntry("episode", Integer.toString(failures));
    }

    @Test
    void areCountedAnewAfterASuccess() {
      Result result =
          harness()
              .run(
                  List.of(
                      job("1", "02:10:00", FAILED),
                      job("1", "02:20:00", SUCCESS),
                      job("1", "02:30:00", TIMED_OUT)));
      assertThat(settled(result))
          .containsExactly(
              "02:10:00 RAISED episode 1",
              "02:20:00 CLEARED episode 1",
              "02:30:00 RAISED episode 1");
      assertThat(result.findings().get(0).getStatus()).isEqualTo(FindingStatus.RAISED);
      assertThat(result.findings().get(0).getRevision()).isEqualTo(3);
    }

    @Test
    void areSettledBeforeTheirRecoveryEvenIfThatComesWithinTheMinute() {
      Result result =
          harness().run(List.of(job("1", "02:10:00", FAILED), job("1", "02:10:20", SUCCESS)));
      assertThat(settled(result))
          .containsExactly("02:10:00 RAISED episode 1", "02:10:20 CLEARED episode 1");
    }

    @Test
    void takeEvidenceThatLagsBehindByAMinute() {
      Result result =
          harness()
              .run(
                  List.of(
                      signal(run("1", "02:10:00", FAILED).message(Told.WRAPPER)),
                      signal(
                          run("1", "02:11:00", FAILED)
                              .task("11", "load")
                              .message(Told.MISSING_MODULE))));
      assertThat(result.settled().get(0).finding().getAttributes())
          .containsEntry("message", Told.MISSING_MODULE);
    }
  }

  @Nested
  class LateFacts {
    private final List<Message> before =
        List.of(
            job("1", "02:10:00", FAILED),
            job("1", "02:30:00", SUCCESS),
            job("2", "03:00:00", SUCCESS));

    @Test
    void enrichWhatIsClearedWithoutRaisingIt() {
      List<Message> told = new ArrayList<>(before);
      told.add(
          signal(run("1", "02:09:59", FAILED).task("11", "load").message(Told.MISSING_MODULE)));
      Finding last = harness().run(told).findings().get(0);
      assertThat(last.getStatus()).isEqualTo(FindingStatus.CLEARED);
      assertThat(last.getRevision()).isEqualTo(3);
      assertThat(last.getAttributes()).containsEntry("message", Told.MISSING_MODULE);
    }

    @Test
    void doNotSettleAFailureTwice() {
      List<Message> told = new ArrayList<>(before);
      told.add(signal(run("1", "02:09:50", FAILED).source(RunState.Source.AUDIT)));
      assertThat(settled(harness().run(told)))
          .containsExactly("02:10:00 RAISED episode 1", "02:30:00 CLEARED episode 1");
    }

    @Test
    void raiseAFailedRunAllTheSame() {
      Result result =
          harness()
              .run(
                  List.of(
                      job("2", "03:00:00", SUCCESS),
                      job("2", "03:10:00", SUCCESS),
                      job("3", "02:10:00", FAILED)));
      assertThat(result.found()).hasSize(1);
      assertThat(settled(result)).containsExactly("02:10:00 RAISED episode 1");
    }

    @Test
    void clear() {
      Result result =
          harness()
              .run(
                  List.of(
                      job("1", "02:10:00", FAILED),
                      job("2", "03:00:00", SUCCESS),
                      job("1", "02:30:00", SUCCESS)));
      assertThat(result.findings().get(0).getStatus()).isEqualTo(FindingStatus.CLEARED);
    }
  }

  @Nested
  class Causes {
    @Test
    void areTakenFromWhatSaysMost() {
      assertThat(causeOf(Told.WRAPPER, Told.MISSING_TABLE))
          .isEqualTo("spark/TABLE_OR_VIEW_NOT_FOUND");
      assertThat(causeOf(Told.MISSING_TABLE, "the flux compensator is warped"))
          .isEqualTo("spark/TABLE_OR_VIEW_NOT_FOUND");
      assertThat(causeOf(Told.WRAPPER, "the flux compensator is warped")).startsWith("unknown/");
    }

    private String causeOf(String ofJob, String ofTask) {
      Result result =
          harness()
              .run(
                  List.of(
                      signal(run("1", "02:09:59", FAILED).task("11", "load").message(ofTask)),
                      signal(run("1", "02:10:00", FAILED).message(ofJob))));
      return result.findings().get(0).getRootCause().getKey();
    }
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "prod, HIGH",
    "production, HIGH",
    "latest, HIGH",
    "dev, MEDIUM",
    "DEV-west, MEDIUM",
    "Test, MEDIUM",
    "development, MEDIUM",
  })
  void severityGoesByTheEnvironment(String environment, Severity severity) {
    assertThat(
            harness()
                .run(List.of(signal(run("1", "02:10:00", FAILED).environment(environment))))
                .findings()
                .get(0)
                .getSeverity())
        .isEqualTo(severity);
  }

  @Test
  void aSuccessClearsOnlyOnceTheWatermarkHasPassedIt() {
    List<Message> told = new ArrayList<>();
    told.add(job("1", "02:10:00", FAILED));
    told.add(job("1", "02:20:00", SUCCESS));
    told.add(signal(run("1", "02:10:01", FAILED).task("11", "load")));
    assertThat(harness().withoutJump().run(told).found())
        .extracting(Finding::getStatus)
        .containsOnly(FindingStatus.RAISED);
    told.add(job("2", "02:21:00", RUNNING));
    assertThat(harness().withoutJump().run(told).findings())
        .extracting(Finding::getStatus)
        .containsOnly(FindingStatus.CLEARED);
  }

  @Test
  void aFactToldTwicePutsNothingOutAgain() {
    Message failed = job("1", "02:10:00", FAILED);
    assertThat(harness().run(List.of(failed, failed, failed)).found()).hasSize(1);
  }

  @Test
  void runsOfAJobAreJudgedApart() {
    Result result =
        harness()
            .run(
                List.of(
                    job("1", "02:10:00", FAILED),
                    job("2", "02:10:10", FAILED),
                    job("1", "02:20:00", SUCCESS)));
    assertThat(result.findings())
        .extracting(Finding::getStatus)
        .containsExactly(FindingStatus.CLEARED, FindingStatus.RAISED);
    assertThat(result.findings()).extracting(Finding::getId).doesNotHaveDuplicates();
  }

  @Nested
  class Bounds {
    @Test
    void aJobThatNeverSucceedsKeepsSixtyFourRunsAndSaysSo() {
      List<Message> told = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        String runId = Integer.toString(1000 + i);
        told.add(
            signal(
                run(runId, "02:00:00", FAILED)
                    .time(at("02:00:00") + i * 600_000L)
                    .message(Told.MISSING_MODULE)
                    .runPageUrl("https://adb-1.azuredatabricks.net/jobs/410/runs/" + runId)));
      }
      Result result = harness().run(told);
      assertThat(result.findings()).hasSize(100);
      assertThat(result.settled()).hasSize(100);
      assertThat(result.of(Output.Noted.class))
          .hasSize(34)
          .allSatisfy(noted -> assertThat(noted.entry().getAction()).isEqualTo("EVICT_RUN"));
      assertThat(result.of(Output.Noted.class).get(0).entry().getDetail())
          .containsEntry("runId", "1000");
      assertThat(result.largestEntry()).isLessThan(12_000);
      assertThat(result.keys()).isZero();
    }

    @Test
    void ofRunsThatEndedWellTheLastSixteenAreKept() {
      List<Message> told = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        told.add(
            signal(
                run(Integer.toString(i), "02:00:00", SUCCESS).time(at("02:00:00") + i * 60_000L)));
      }
      Result result = harness().run(told);
      assertThat(result.outputs()).isEmpty();
      assertThat(result.largestEntry()).isLessThan(1_800);
    }

    @Test
    void ofManyFailedTasksThoseAreKeptThatSayMost() {
      List<Message> told = new ArrayList<>();
      told.add(
          signal(run("1", "02:00:00", FAILED).task("100", "first").message(Told.MISSING_TABLE)));
      for (int i = 0; i < 40; i++) {
        told.add(
            signal(
                run("1", "02:00:01", FAILED)
                    .time(at("02:00:01") + i)
                    .task("2" + i, "each_" + i)
                    .message("item was lost")));
      }
      told.add(job("1", "02:01:00", FAILED));
      Result result = harness().run(told);
      assertThat(result.of(Output.Noted.class)).hasSize(1);
      Finding finding = result.findings().get(0);
      assertThat(finding.getAttributes()).containsEntry("taskKey", "first");
      assertThat(finding.getRevision()).isEqualTo(42);
      assertThat(finding.getEvidence()).hasSize(10);
    }
  }

  private static String idOf(Result result) {
    assertThat(result.findings()).hasSize(1);
    return result.findings().get(0).getId();
  }

  private static List<String> settled(Result result) {
    return result.settled().stream()
        .map(
            settled ->
                Instant.ofEpochMilli(settled.at()).toString().substring(11, 19)
                    + " "
                    + settled.finding().getStatus()
                    + " episode "
                    + settled.finding().getAttributes().get("episode"))
        .toList();
  }
}
