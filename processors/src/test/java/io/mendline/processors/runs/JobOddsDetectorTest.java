package io.mendline.processors.runs;

import static io.mendline.processors.runs.Told.signal;
import static io.mendline.serdes.telemetry.RunState.Outcome.CANCELLED;
import static io.mendline.serdes.telemetry.RunState.Outcome.FAILED;
import static io.mendline.serdes.telemetry.RunState.Outcome.RUNNING;
import static io.mendline.serdes.telemetry.RunState.Outcome.SKIPPED;
import static io.mendline.serdes.telemetry.RunState.Outcome.SUCCESS;
import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.pipeline.CutBytes;
import io.mendline.processors.pipeline.DetectorHarness;
import io.mendline.processors.pipeline.Disorder;
import io.mendline.processors.pipeline.LastState;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.runs.JobOdds.Verdict;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import io.mendline.serdes.telemetry.RunItems;
import io.mendline.serdes.telemetry.RunState;
import io.mendline.serdes.telemetry.RunState.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** What counts of the ends of runs; S succeeded, F failed, O ended otherwise, oldest first. */
class JobOddsDetectorTest {
  private static final Duration LATENESS = Source.RUNS.defaultLateness();

  @Test
  void runsCountInTheOrderInWhichTheyEnded() {
    assertThat(
            counted(
                told("1", 0, SUCCESS),
                told("2", 1, RUNNING),
                told("2", 2, FAILED),
                told("3", 3, Outcome.TIMED_OUT),
                told("4", 4, SUCCESS)))
        .isEqualTo("SFFS");
  }

  @Test
  void whoeverTellsOfARunItIsOne() {
    assertThat(
            counted(
                told("1", 0, FAILED),
                signal(run("1", 0.02, FAILED).source(RunState.Source.AUDIT)),
                signal(run("1", 0.5, FAILED).source(RunState.Source.SYSTEM_TABLE)),
                notified("1", 3, FAILED)))
        .isEqualTo("F");
  }

  @Test
  void aRepairedRunCountsByItsLastEndWhereItFailedFirst() {
    assertThat(
            counted(
                told("1", 0, FAILED),
                told("2", 1, FAILED),
                told("3", 2, FAILED),
                told("1", 30, SUCCESS),
                told("2", 31, SUCCESS),
                told("2", 60, FAILED)))
        .isEqualTo("SFF");
  }

  @Test
  void atOneInstantSuccessPrevails() {
    assertThat(counted(told("1", 0, SUCCESS), told("1", 0, FAILED))).isEqualTo("S");
  }

  @Test
  void whatAPersonCancelledOrThePlatformDidNotStartCountsNeitherWay() {
    assertThat(
            counted(
                signal(run("1", 0, CANCELLED).termination("USER_CANCELED", null)),
                told("2", 1, SKIPPED),
                signal(run("3", 2, CANCELLED).termination("CLOUD_FAILURE", null)),
                told("4", 3, SUCCESS)))
        .isEqualTo("OOFS");
    assertThat(odds(told("1", 0, SKIPPED)).successRate().runs()).isZero();
  }

  @Test
  void aNotificationOfAFailureCountsWhileNobodyElseTells() {
    assertThat(counted(notified("1", 0, FAILED))).isEqualTo("F");
    assertThat(counted(told("1", 0, SKIPPED), notified("1", 0.1, FAILED))).isEqualTo("O");
    assertThat(counted(notified("1", 0, FAILED), told("1", 1, SKIPPED))).isEqualTo("O");
    assertThat(counted(told("1", 0, SUCCESS), notified("1", 40, FAILED))).isEqualTo("S");
    assertThat(counted(notified("1", 0, FAILED), notified("1", 20, SUCCESS))).isEqualTo("S");
    assertThat(counted(told("1", 0, FAILED), notified("1", 20, SUCCESS))).isEqualTo("S");
  }

  @Test
  void whatTheRunReportsOfItsItemsWeighsMoreThanThatItEnded() {
    RunItems bad = new RunItems(20, 2, List.of(), false, false);
    Message reported = signal(run("1", 0, SUCCESS).items(bad));

    assertThat(counted(reported)).isEqualTo("F");
    assertThat(counted(reported, told("1", 0.5, SUCCESS))).as("of the same end").isEqualTo("F");
    assertThat(counted(told("1", -0.5, SUCCESS), reported)).as("of the same end").isEqualTo("F");
    assertThat(counted(reported, told("1", 20, SUCCESS))).as("of another end").isEqualTo("S");
  }

  @Test
  void theLastFiftyCount() {
    List<Message> told = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      told.add(told("r" + i, 10 * i, i < 70 ? FAILED : i % 10 == 0 ? SKIPPED : SUCCESS));
    }

    JobOdds odds = odds(told.toArray(Message[]::new));

    // Of the last 50 five were skipped: so five more of those before count.
    assertThat(odds.successRate().runs()).isEqualTo(50);
    assertThat(odds.successRate().succeeded()).isEqualTo(45);
    assertThat(odds.successRate().trend()).isEqualTo(SuccessRate.Trend.SAME);
  }

  @Test
  void whatIsToldAfterTheWatermarkNeverCountsOverALaterEnd() {
    Message later = told("9", 600, SUCCESS);
    List<Message> told =
        List.of(
            told("1", 0, FAILED),
            told("1", 60, SUCCESS),
            later,
            told("1", 0.2, FAILED),
            told("2", -30, FAILED));

    LastState<JobOdds> detector = new LastState<>(new JobOddsDetector());
    detector.harness().run(told);

    assertThat(letters(detector.last())).isEqualTo("FSS");
  }

  @Test
  void whatIsToldFarAheadOfTheWatermarkIsBounded() {
    List<Message> told = new ArrayList<>();
    for (int i = 0; i < 700; i++) {
      told.add(told("r" + i, i, SUCCESS));
    }

    LastState<JobOdds> detector = new LastState<>(new JobOddsDetector());
    detector.harness().watermarkEvery(1_000).run(told);

    assertThat(detector.last().early).isEqualTo(700 - JobOddsDetector.MAX_WAITING);
    assertThat(letters(detector.last())).isEqualTo("S".repeat(50));
  }

  @Test
  void aJobThatIsNoLongerHeardOfIsForgottenAndItsStateIsSmall() {
    DetectorHarness.Result result =
        DetectorHarness.of(JobOddsDetector::new).run(busy(new Random(7)));

    assertThat(result.outputs()).isEmpty();
    assertThat(result.keysBeforeJump()).isOne();
    assertThat(result.keys()).isZero();
    assertThat(result.largestEntry()).isLessThan(1_200);
  }

  @Property(tries = 200)
  void orderDuplicatesAndRestartsChangeNothing(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 150) int restart) {
    Random random = new Random(seed);
    List<Message> told = busy(random);
    LastState<JobOdds> inOrder = new LastState<>(new JobOddsDetector());
    inOrder.harness().run(Disorder.inOrder(told));

    LastState<JobOdds> other = new LastState<>(new JobOddsDetector());
    other
        .harness()
        .restartingAfter(restart, restart / 2)
        .watermarkEvery(1 + random.nextInt(5))
        .run(Disorder.of(told, LATENESS, 0.2, seed));

    assertThat(other.last().ended).isEqualTo(inOrder.last().ended);
    assertThat(other.last().early).isZero();
  }

  @Test
  void everyFieldComesBackAndCutBytesAreRefused() {
    JobOddsCodec codec = new JobOddsCodec();
    JobOdds state = new JobOdds();
    state.heard = 9_000;
    state.counted = 5_000;
    state.early = 3;
    state.count(new JobOdds.Telling(4_000, -7, Verdict.FAILED, JobOdds.Weight.TOLD));
    state.count(new JobOdds.Telling(4_500, -7, Verdict.SUCCEEDED, JobOdds.Weight.REPORTED));
    state.count(new JobOdds.Telling(4_600, 8, Verdict.OTHERWISE, JobOdds.Weight.NOTIFIED));
    state.waiting.add(new JobOdds.Telling(9_000, 9, Verdict.SUCCEEDED, JobOdds.Weight.TOLD));
    BinaryWriter out = new BinaryWriter();
    codec.write(state, out);

    BinaryReader in = new BinaryReader(out.toByteArray());
    JobOdds back = codec.read(in);

    in.requireEnd();
    assertThat(back).usingRecursiveComparison().isEqualTo(state);
    CutBytes.areRefused(codec, state);
  }

  /** Some 150 tellings of 60 runs, many of them close together. */
  private static List<Message> busy(Random random) {
    List<Message> told = new ArrayList<>();
    double minute = 0;
    for (int i = 0; i < 60; i++) {
      minute += random.nextDouble() * 3;
      String id = "r" + i;
      for (int end = 1 + random.nextInt(3); end > 0; end--) {
        double at = minute + (random.nextInt(3) == 0 ? random.nextInt(90) : random.nextDouble());
        Outcome outcome =
            List.of(SUCCESS, SUCCESS, FAILED, SKIPPED, RUNNING).get(random.nextInt(5));
        told.add(
            switch (random.nextInt(6)) {
              case 0 -> notified(id, at, outcome == SKIPPED ? FAILED : outcome);
              case 1 ->
                  signal(
                      run(id, at, outcome)
                          .items(new RunItems(20, random.nextInt(21), List.of(), false, false)));
              default -> told(id, at, outcome);
            });
      }
    }
    return told;
  }

  private static Message told(String runId, double minute, Outcome outcome) {
    return signal(run(runId, minute, outcome));
  }

  private static Message notified(String runId, double minute, Outcome outcome) {
    return signal(
        run(runId, minute, outcome)
            .state("jobs.on_" + outcome, null, outcome)
            .source(RunState.Source.WEBHOOK));
  }

  private static RunState.Builder run(String runId, double minute, Outcome outcome) {
    long at = Instant.parse("2026-03-10T03:00:00Z").toEpochMilli() + Math.round(minute * 60_000);
    return Told.run(runId, "02:00:00", outcome).time(at).ran(RunState.ABSENT, at);
  }

  private static String counted(Message... told) {
    return letters(odds(told));
  }

  private static String letters(JobOdds odds) {
    return odds.ended.stream()
        .map(run -> run.verdict().name().substring(0, 1))
        .collect(Collectors.joining());
  }

  private static JobOdds odds(Message... told) {
    LastState<JobOdds> detector = new LastState<>(new JobOddsDetector());
    detector.harness().run(Disorder.inOrder(Arrays.asList(told)));
    return detector.last();
  }
}
