package io.mendline.processors.runs;

import static io.mendline.processors.runs.Told.signal;
import static io.mendline.serdes.telemetry.RunState.Outcome.CANCELLED;
import static io.mendline.serdes.telemetry.RunState.Outcome.FAILED;
import static io.mendline.serdes.telemetry.RunState.Outcome.RUNNING;
import static io.mendline.serdes.telemetry.RunState.Outcome.SUCCESS;
import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.CutBytes;
import io.mendline.processors.pipeline.DetectorHarness;
import io.mendline.processors.pipeline.DetectorHarness.Result;
import io.mendline.processors.pipeline.Disorder;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Output;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.policy.Policies;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.FindingStatus;
import io.mendline.schemas.Severity;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import io.mendline.serdes.telemetry.RunState;
import io.mendline.serdes.telemetry.RunState.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs that become slow and runs that do not end; times are in minutes of one month. */
class JobPaceDetectorTest {
  private static final Instant FROM = Instant.parse("2026-03-01T00:00:00Z");
  private static final String OTHER_JOB = "411";

  @Test
  void aJobBecomesSlowAndIsFastAgain() {
    List<Message> told = new ArrayList<>();
    hourly(told, 0, 67, 10);
    hourly(told, 67, 77, 25);
    hourly(told, 77, 87, 10);

    Result result = harness().run(told);

    List<Finding> versions = result.found();
    assertThat(versions)
        .extracting(Finding::getStatus)
        .containsExactly(FindingStatus.RAISED, FindingStatus.CLEARED);
    Finding raised = versions.get(0);
    assertThat(raised.getKind()).isEqualTo(FindingKind.RUN_SLOW);
    assertThat(raised.getOccurredAt()).isEqualTo(at(67 * 60));
    assertThat(raised.getWindowEnd()).isEqualTo(at(69 * 60 + 25));
    assertThat(raised.getSeverity()).isEqualTo(Severity.MEDIUM);
    assertThat(raised.getSummary())
        .isEqualTo("nightly load takes 25 min instead of 10 min since 2026-03-03T19:00:00Z");
    assertThat(raised.getAttributes())
        .containsEntry("onset", "2026-03-03T19:00:00Z")
        .containsEntry("before", "600")
        .containsEntry("after", "1500")
        .containsEntry("volume", "3")
        .containsEntry("runId", "r67");
    assertThat(versions.get(1).getAttributes()).containsEntry("clearedBecause", "recovered");
    assertThat(result.settled())
        .extracting(settled -> Instant.ofEpochMilli(settled.at()))
        .containsExactly(at(69 * 60 + 25), at(79 * 60 + 10));
    assertThat(result.keys()).isZero();
  }

  @Test
  void whatHasStoodForFiftyRunsIsTheLevelOfTheJob() {
    List<Message> told = new ArrayList<>();
    hourly(told, 0, 60, 10);
    hourly(told, 60, 130, 25);

    assertThat(harness().run(told).findings())
        .singleElement()
        .satisfies(
            finding ->
                assertThat(finding.getAttributes())
                    .containsEntry("clearedBecause", "relearned")
                    .containsEntry("volume", "50"));
  }

  @ParameterizedTest
  @CsvSource({
    "10, 14, below one and a half times",
    "1, 2.9, less than two minutes more",
    "10, 10, no change",
    "10, 5, faster"
  })
  void isNotSlow(double before, double after, String why) {
    List<Message> told = new ArrayList<>();
    hourly(told, 0, 60, before);
    hourly(told, 60, 90, after);

    assertThat(harness().run(told).found()).as(why).isEmpty();
  }

  @Test
  void twoSlowRunsAreNoRegression() {
    List<Message> told = new ArrayList<>();
    hourly(told, 0, 60, 10);
    hourly(told, 60, 62, 100);
    hourly(told, 62, 90, 10);

    assertThat(harness().run(told).found()).isEmpty();
  }

  @Test
  void failedRepairedAndContinuousRunsSayNothingOfHowLongTheJobTakes() {
    List<Message> told = new ArrayList<>();
    hourly(told, 0, 60, 10);
    for (int i = 60; i < 90; i++) {
      told.add(signal(run("r" + i, i * 60, i * 60 + 30, FAILED)));
      told.add(signal(run("r" + i, i * 60, i * 60 + 50, SUCCESS)));
      told.add(signal(run("p" + i, i * 60, i * 60 + 50, SUCCESS).repairId("91")));
      told.add(signal(run("c" + i, i * 60, i * 60 + 50, SUCCESS).trigger("CONTINUOUS")));
    }

    assertThat(harness().run(told).found()).isEmpty();
  }

  @Test
  void theAuditLogAloneTellsHowLongRunsTake() {
    List<Message> told = new ArrayList<>();
    for (int i = 0; i < 70; i++) {
      int took = i < 60 ? 10 : 25;
      told.add(
          signal(
              run("r" + i, i * 60, -1, RUNNING)
                  .state("runStart", null, RUNNING)
                  .source(RunState.Source.AUDIT)));
      told.add(
          signal(
              run("r" + i, i * 60, i * 60 + took, SUCCESS)
                  .state("runSucceeded", null, SUCCESS)
                  .ran(RunState.ABSENT, millis(i * 60 + took))
                  .source(RunState.Source.AUDIT)));
    }

    assertThat(harness().run(told).findings())
        .singleElement()
        .satisfies(finding -> assertThat(finding.getAttributes()).containsEntry("after", "1500"));
  }

  @Test
  void hourlySlicesAreOneRun() {
    List<Message> told = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      int from = i * 180 + 5;
      int took = i < 55 ? 70 : 150;
      int sliceFrom = from;
      for (int end = (from / 60 + 1) * 60; end < from + took; end += 60) {
        told.add(slice("r" + i, sliceFrom, end, RUNNING));
        sliceFrom = end;
      }
      told.add(slice("r" + i, sliceFrom, from + took, SUCCESS));
    }

    assertThat(harness().run(told).findings())
        .singleElement()
        .satisfies(
            finding ->
                assertThat(finding.getAttributes())
                    .containsEntry("before", "4200")
                    .containsEntry("after", "9000"));
  }

  @Test
  void aRunIsStuckWhileOthersGoOn() {
    List<Message> told = new ArrayList<>();
    hourly(told, 0, 30, 10);
    told.add(
        signal(
            run("stuck", 30 * 60, -1, RUNNING)
                .runPageUrl("https://adb-1.azuredatabricks.net/jobs/410/runs/stuck")));
    others(told, 30 * 60, 40 * 60);
    told.add(signal(run("stuck", 30 * 60, 41 * 60, CANCELLED)));
    others(told, 41 * 60, 42 * 60);

    Result result = harness().run(told);

    assertThat(result.found())
        .extracting(Finding::getStatus)
        .containsExactly(FindingStatus.RAISED, FindingStatus.CLEARED);
    Finding raised = result.found().get(0);
    assertThat(raised.getKind()).isEqualTo(FindingKind.RUN_STUCK);
    assertThat(raised.getOccurredAt()).as("10 min and 30 more").isEqualTo(at(30 * 60 + 40));
    assertThat(raised.getSummary())
        .isEqualTo("nightly load has not ended for more than 40 min, and is running");
    assertThat(raised.getAttributes())
        .containsEntry("runId", "stuck")
        .containsEntry("jobName", "nightly load")
        .containsEntry("state", "RUNNING")
        .containsEntry("startedAt", "2026-03-02T06:00:00Z")
        .containsEntry("expectedSeconds", "600")
        .containsEntry("runPageUrl", "https://adb-1.azuredatabricks.net/jobs/410/runs/stuck");
    assertThat(result.settled())
        .extracting(settled -> Instant.ofEpochMilli(settled.at()))
        .containsExactly(at(30 * 60 + 45), at(41 * 60));
  }

  @Test
  void nothingIsStuckWhileNothingIsHeard() {
    List<Message> told = new ArrayList<>();
    hourly(told, 0, 30, 10);
    told.add(signal(run("r30", 30 * 60, -1, RUNNING)));
    told.add(signal(run("r30", 30 * 60, 36 * 60, SUCCESS)));
    others(told, 36 * 60, 40 * 60);

    assertThat(harness().run(told).found()).isEmpty();
  }

  @Test
  void aRunWhoseEndIsNotToldIsStuckOnceTheWorkspaceIsHeardAgain() {
    List<Message> told = new ArrayList<>();
    hourly(told, 0, 30, 10);
    told.add(signal(run("r30", 30 * 60, -1, RUNNING)));
    others(told, 36 * 60, 40 * 60);

    assertThat(harness().run(told).findings())
        .singleElement()
        .satisfies(finding -> assertThat(finding.getStatus()).isEqualTo(FindingStatus.RAISED));
  }

  @ParameterizedTest
  @CsvSource({
    "RUNNING, 1440",
    "TERMINATING, 0",
    "QUEUED, 120",
    "PENDING, 120",
    "BLOCKED, 120",
    "WAITING, 120",
    "WAITING_FOR_RETRY, 1440",
    "runTriggered, 120",
    "runStart, 1440",
    "cancel, 0"
  })
  void withLittleHistoryThereAreLimits(String state, int minutes) {
    List<Message> told = new ArrayList<>();
    told.add(signal(run("r1", 0, -1, RUNNING).state(state, null, RUNNING)));
    others(told, 0, 3_000);

    List<Finding> found = harness().run(told).findings();

    if (minutes == 0) {
      assertThat(found).isEmpty();
    } else {
      assertThat(found)
          .singleElement()
          .satisfies(
              finding -> {
                assertThat(finding.getOccurredAt()).isEqualTo(at(minutes));
                assertThat(finding.getAttributes()).containsEntry("state", state);
              });
    }
  }

  @Test
  void oneThatGoesFromTheQueueToWorkHasTheTimeOfOneThatRuns() {
    List<Message> told = new ArrayList<>();
    told.add(signal(run("r1", 0, -1, RUNNING).state("QUEUED", null, RUNNING)));
    told.add(signal(run("r1", 0, -1, RUNNING).time(millis(90))));
    others(told, 0, 1_300);

    assertThat(harness().run(told).found()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"CONTINUOUS", "CONTINUOUS_RESTART"})
  void continuousRunsAreNotExpectedToEnd(String trigger) {
    List<Message> told = new ArrayList<>();
    told.add(signal(run("r1", 0, -1, RUNNING).trigger(trigger)));
    others(told, 0, 3_000);

    assertThat(harness().run(told).found()).isEmpty();
  }

  @Test
  void aRepairedRunIsNotStuckByItsFirstStart() {
    List<Message> told = new ArrayList<>();
    hourly(told, 0, 30, 10);
    told.add(signal(run("r30", 30 * 60, 30 * 60 + 10, FAILED)));
    others(told, 30 * 60, 40 * 60);
    told.add(signal(run("r30", 30 * 60, -1, RUNNING).time(millis(40 * 60)).repairId("91")));
    others(told, 40 * 60, 40 * 60 + 20);
    told.add(signal(run("r30", 30 * 60, 40 * 60 + 20, SUCCESS).repairId("91")));
    others(told, 40 * 60 + 20, 50 * 60);

    assertThat(harness().run(told).found()).isEmpty();
  }

  @Test
  void moreRunsUnderWayThanAreKeptAreAuditedAtEveryDoubling() {
    List<Message> told = new ArrayList<>();
    for (int i = 0; i < JobPaceDetector.MAX_ACTIVE + 5; i++) {
      told.add(signal(run("u" + i, i, -1, RUNNING)));
    }

    assertThat(harness().run(told).of(Output.Noted.class))
        .extracting(
            noted -> noted.entry().getAction() + " " + noted.entry().getDetail().get("count"))
        .containsExactly("DROP_RUN 1", "DROP_RUN 2", "DROP_RUN 4");
  }

  @Test
  void moreTellingsThanMayWaitAreTakenBeforeTheirTimeAndAudited() {
    List<Message> told = new ArrayList<>();
    for (int i = 0; i < JobPaceDetector.MAX_WAITING + 3; i++) {
      told.add(signal(run("e" + i, i, i + 1, SUCCESS)));
    }

    Result result = harness().watermarkEvery(10_000).run(told);

    assertThat(result.of(Output.Noted.class))
        .extracting(
            noted -> noted.entry().getAction() + " " + noted.entry().getDetail().get("count"))
        .containsExactly("JUDGE_EARLY 1", "JUDGE_EARLY 2");
  }

  @Test
  void aStateComesBackFromItsBytesAndCutBytesAreRefused() {
    JobPace state = new JobPace();
    Coordinates read = new Coordinates("telemetry.runs", 3, 1_000_000);
    state.waiting.add(
        new JobPace.Telling(
            millis(7),
            5,
            "w",
            JobPace.Saying.WAITS,
            -1,
            -1,
            false,
            true,
            9,
            "QUEUED",
            null,
            null,
            read));
    JobPace.Active active = new JobPace.Active("a", 600_000);
    active.since = millis(1);
    active.heard = millis(2);
    active.state = "RUNNING";
    active.at = read;
    active.deadline = millis(40);
    active.judgeAt = millis(45);
    state.active.add(active);
    state.ended.add(new JobPace.Ended(RunIds.hash("e"), millis(3), true));
    for (int i = 0; i < 90; i++) {
      var unused =
          state.history.add(
              JobHistory.Done.of(
                  i % 2 == 0 ? "h" + i : "8005550" + i,
                  millis(60 * i + 10),
                  (i < 70 ? 10 : 25) * 60_000L),
              true,
              Policies.builtIn().runs());
    }
    state.slowRunId = "h70";
    state.jobName = "nightly load";
    state.at = read;
    JobPaceCodec codec = new JobPaceCodec();
    BinaryWriter once = new BinaryWriter();
    codec.write(state, once);
    BinaryWriter twice = new BinaryWriter();
    codec.write(codec.read(new BinaryReader(once.toByteArray())), twice);

    assertThat(twice.toByteArray()).isEqualTo(once.toByteArray());
    CutBytes.areRefused(codec, state);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void orderRepetitionAndRestartsChangeNothing(long seed) {
    List<Message> told = severalSources(seed);
    List<Message> disordered = Disorder.of(told, Source.RUNS.defaultLateness(), 0.2, seed);

    Result inOrder = harness().run(Disorder.inOrder(told));
    Result result = harness().restartingAfter(100, 150, 151).watermarkEvery(3).run(disordered);

    assertThat(inOrder.findings())
        .extracting(Finding::getKind)
        .contains(FindingKind.RUN_SLOW, FindingKind.RUN_STUCK);
    assertThat(result.canonical()).isEqualTo(inOrder.canonical());
    assertThat(inOrder.largestEntry()).isLessThan(4_000);
  }

  /** A noisy job, told by a poller and the audit log, that becomes slow and has a stuck run. */
  private static List<Message> severalSources(long seed) {
    Random random = new Random(seed);
    List<Message> told = new ArrayList<>();
    for (int i = 0; i < 70; i++) {
      double took = (i < 55 ? 10 : 24) * Math.exp(0.15 * random.nextGaussian());
      long end = millis(i * 60) + Math.round(took * 60_000);
      RunState.Builder ended =
          run("r" + i, i * 60, -1, SUCCESS)
              .state("TERMINATED", "SUCCESS", SUCCESS)
              .time(end)
              .ran(millis(i * 60), end);
      told.add(signal(run("r" + i, i * 60, -1, RUNNING)));
      if (i == 40) {
        continue;
      }
      told.add(signal(ended));
      if (i % 3 == 0) {
        told.add(
            signal(
                ended
                    .time(end + 1_700)
                    .ran(RunState.ABSENT, end + 1_700)
                    .state("runSucceeded", null, SUCCESS)
                    .source(RunState.Source.AUDIT)));
      }
    }
    return told;
  }

  private static DetectorHarness<JobPace> harness() {
    return DetectorHarness.of(JobPaceDetector::new);
  }

  private static void hourly(List<Message> told, int from, int to, double took) {
    for (int i = from; i < to; i++) {
      told.add(
          signal(
              run("r" + i, i * 60, -1, SUCCESS)
                  .state("TERMINATED", "SUCCESS", SUCCESS)
                  .time(millis(i * 60) + Math.round(took * 60_000))
                  .ran(millis(i * 60), millis(i * 60) + Math.round(took * 60_000))));
    }
  }

  /** Another job of the workspace goes on, every five minutes. */
  private static void others(List<Message> told, int from, int to) {
    for (int minute = from + 1; minute <= to; minute += 5) {
      told.add(signal(run("o" + minute, minute - 1, minute, SUCCESS).jobId(OTHER_JOB)));
    }
  }

  private static RunState.Builder run(String runId, int from, int to, Outcome outcome) {
    boolean ended = outcome.terminal();
    return Told.run(runId, "00:00:00", outcome)
        .time(millis(ended ? Math.max(from, to) : from))
        .ran(millis(from), ended && to >= 0 ? millis(to) : RunState.ABSENT);
  }

  private static Message slice(String runId, int from, int to, Outcome outcome) {
    return signal(
        Told.run(runId, "00:00:00", outcome)
            .state(null, outcome == SUCCESS ? "SUCCEEDED" : null, outcome)
            .time(millis(to))
            .ran(millis(from), outcome == SUCCESS ? millis(to) : RunState.ABSENT)
            .source(RunState.Source.SYSTEM_TABLE));
  }

  private static Instant at(int minute) {
    return FROM.plus(Duration.ofMinutes(minute));
  }

  private static long millis(int minute) {
    return at(minute).toEpochMilli();
  }
}
