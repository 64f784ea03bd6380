package io.mendline.processors.runs;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.pipeline.CanonicalResult;
import io.mendline.processors.pipeline.DetectorHarness;
import io.mendline.processors.pipeline.Disorder;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Payload;
import io.mendline.processors.pipeline.RunFailures;
import io.mendline.processors.pipeline.Signal;
import io.mendline.processors.pipeline.Source;
import io.mendline.serdes.telemetry.RunState;
import io.mendline.serdes.telemetry.RunState.Outcome;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

/** Law 1: what is found of a set of messages does not depend on how they come. */
class RunsPropertiesTest {
  private static final Duration LATENESS = Source.RUNS.defaultLateness();

  @Property(tries = 400)
  void orderAndRepetitionChangeNothing(
      @ForAll("histories") List<Message> history,
      @ForAll @DoubleRange(max = 0.3) double twice,
      @ForAll long seed) {
    assertThat(run(Disorder.of(history, LATENESS, twice, seed)))
        .isEqualTo(run(Disorder.inOrder(history)));
  }

  @Property(tries = 150)
  void restartsAndSparseWatermarksChangeNothing(
      @ForAll("histories") List<Message> history,
      @ForAll @IntRange(min = 1, max = 20) int restart,
      @ForAll @IntRange(min = 1, max = 7) int watermarkEvery,
      @ForAll long seed) {
    List<Message> disordered = Disorder.of(history, LATENESS, 0.2, seed);
    DetectorHarness.Result result =
        Told.harness()
            .restartingAfter(restart, 2 * restart, 2 * restart + 1)
            .watermarkEvery(watermarkEvery)
            .run(disordered);
    assertThat(outcomes(result)).isEqualTo(run(Disorder.inOrder(history)));
  }

  @Property(tries = 150)
  void nothingIsLeftInTheEndAndEveryFailureOfARunIsFound(
      @ForAll("histories") List<Message> history) {
    DetectorHarness.Result result = Told.harness().run(Disorder.inOrder(history));
    assertThat(result.keys()).isZero();
    assertThat(result.findings().stream().map(finding -> finding.getAttributes().get("runId")))
        .containsAll(
            history.stream()
                .map(RunsPropertiesTest::state)
                .filter(state -> state.level() == RunState.Level.JOB)
                .filter(RunFailures::isFailure)
                .filter(state -> !state.timedOnArrival())
                .map(RunState::runId)
                .toList());
  }

  private static Outcomes run(List<Message> messages) {
    return outcomes(Told.harness().run(messages));
  }

  /** Stricter than law 1: what is settled must agree in all it says. */
  private static Outcomes outcomes(DetectorHarness.Result result) {
    return new Outcomes(
        result.canonical(),
        result.settled().stream()
            .map(settled -> settled.at() + " " + CanonicalResult.content(settled.finding()))
            .sorted()
            .toList());
  }

  private record Outcomes(CanonicalResult canonical, List<String> settled) {}

  private static RunState state(Message message) {
    return (RunState) ((Payload.Observed) ((Signal) message).payload()).record();
  }

  /** Up to 30 states of up to three runs within some twenty minutes, densely enough to collide. */
  @Provide
  Arbitrary<List<Message>> histories() {
    Arbitrary<Message> job =
        Combinators.combine(
                Arbitraries.of("1", "2", "3"),
                seconds(),
                Arbitraries.of(
                    Outcome.RUNNING,
                    Outcome.SUCCESS,
                    Outcome.FAILED,
                    Outcome.FAILED,
                    Outcome.TIMED_OUT,
                    Outcome.CANCELLED),
                Arbitraries.of(RunState.Source.JOBS_API, RunState.Source.AUDIT),
                Arbitraries.of(-1, 0, 1),
                Arbitraries.of("91", "92").injectNull(0.6),
                messages())
            .as(
                (runId, at, outcome, source, attempt, repair, message) ->
                    Told.signal(
                        Told.run(runId, "02:00:00", outcome)
                            .time(at)
                            .source(source)
                            .attemptNumber(attempt)
                            .repairId(repair)
                            .environment(message == null ? null : "prod")
                            .message(message)));
    Arbitrary<Message> task =
        Combinators.combine(
                Arbitraries.of("1", "2", "3"),
                seconds(),
                Arbitraries.of(Outcome.SUCCESS, Outcome.FAILED, Outcome.FAILED, Outcome.RUNNING),
                Arbitraries.of("load", "report"),
                Arbitraries.of(-1, 0, 1),
                messages())
            .as(
                (runId, at, outcome, key, attempt, message) ->
                    Told.signal(
                        Told.run(runId, "02:00:00", outcome)
                            .time(at)
                            .task(runId + key, key)
                            .attemptNumber(attempt)
                            .message(message)));
    Arbitrary<Message> notification =
        Combinators.combine(
                Arbitraries.of("1", "2", "3"),
                seconds(),
                Arbitraries.of(Outcome.SUCCESS, Outcome.FAILED, Outcome.FAILED),
                Arbitraries.of("load").injectNull(0.7))
            .as(
                (runId, at, outcome, key) -> {
                  RunState.Builder state =
                      Told.run(runId, "02:00:00", outcome)
                          .time(at)
                          .ran(RunState.ABSENT, RunState.ABSENT)
                          .state("jobs.on_" + outcome, null, outcome)
                          .source(RunState.Source.WEBHOOK);
                  return Told.signal(key == null ? state : state.task(runId + key, key));
                });
    return Arbitraries.frequencyOf(Tuple.of(2, job), Tuple.of(2, task), Tuple.of(1, notification))
        .list()
        .ofMinSize(1)
        .ofMaxSize(30);
  }

  private static Arbitrary<Long> seconds() {
    return Arbitraries.longs()
        .between(0, 120)
        .withDistribution(RandomDistribution.uniform())
        .map(tens -> Told.at("02:00:00") + tens * 10_000L);
  }

  private static Arbitrary<String> messages() {
    return Arbitraries.of(
            Told.WRAPPER, Told.MISSING_MODULE, Told.MISSING_TABLE, "the flux compensator is warped")
        .injectNull(0.3);
  }
}
