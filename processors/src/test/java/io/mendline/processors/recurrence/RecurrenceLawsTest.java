package io.mendline.processors.recurrence;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.pipeline.CanonicalResult;
import io.mendline.processors.pipeline.DetectorHarness;
import io.mendline.processors.pipeline.Disorder;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Source;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;

/** Law 1 for recurrence, and its definition, counted in the plainest way. */
class RecurrenceLawsTest {
  private static final Instant START = Instant.parse("2026-06-01T00:00:00Z");
  private static final Duration WEEK = Duration.ofDays(7);

  /** What the detectors upstream grant: a failure is settled within this of its time. */
  private static final Duration SETTLED_WITHIN = Duration.ofSeconds(60);

  @Property(tries = 400)
  void orderDuplicatesAndRestartsChangeNothing(
      @ForAll("weeks") List<Message> weeks,
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 40) int restart,
      @ForAll @IntRange(min = 1, max = 5) int watermarkEvery) {
    CanonicalResult expected = harness().run(Disorder.inOrder(weeks)).canonical();

    double twice = 0.1 + 0.2 * Math.floorMod(seed, 100) / 100;
    var told = Disorder.of(weeks, SETTLED_WITHIN, twice, seed);
    var result =
        harness().restartingAfter(restart, 2 * restart).watermarkEvery(watermarkEvery).run(told);

    assertThat(result.canonical()).isEqualTo(expected);
    assertThat(result.keys()).isZero();
  }

  @Property(tries = 200)
  void itIsOpenExactlyWhileThreeFailuresLieWithinAWeek(@ForAll("instants") List<Long> millis) {
    // given distinct runs that fail of one cause
    TreeSet<Long> at = new TreeSet<>();
    millis.forEach(after -> at.add(START.toEpochMilli() + after));
    List<Message> failures = new ArrayList<>();
    at.forEach(
        time ->
            failures.add(
                SettledFailures.run(
                    "job", "run-" + time, Instant.ofEpochMilli(time).toString(), "cause")));

    // then between what is settled it is open exactly when the week before holds three of them
    List<String> expected = new ArrayList<>();
    boolean open = false;
    TreeSet<Long> turns = new TreeSet<>(at);
    at.forEach(time -> turns.add(time + WEEK.toMillis() + 1));
    for (long now : turns) {
      boolean many = at.subSet(now - WEEK.toMillis(), true, now, true).size() >= 3;
      if (many != open) {
        expected.add(now + (many ? " RAISED" : " CLEARED"));
        open = many;
      }
    }
    assertThat(harness().run(failures).settled())
        .extracting(settled -> settled.at() + " " + settled.finding().getStatus())
        .isEqualTo(expected);
  }

  @Property(tries = 100)
  void everyRecurrenceIsClearedAtLast(@ForAll("weeks") List<Message> weeks) {
    assertThat(harness().run(weeks).findings())
        .extracting(Finding::getStatus)
        .allMatch(status -> status == FindingStatus.CLEARED);
  }

  @Provide
  Arbitrary<List<Long>> instants() {
    long day = Duration.ofDays(1).toMillis();
    Arbitrary<Long> anywhere = Arbitraries.longs().between(0, 30 * day);
    // A week and a millisecond apart: where the one leaves the week the other comes in.
    Arbitrary<Long> atTheEdge =
        Combinators.combine(Arbitraries.longs().between(0, 14), Arbitraries.longs().between(0, 2))
            .as((days, edge) -> days * day + edge);
    return Arbitraries.oneOf(anywhere, atTheEdge).list().ofMaxSize(25);
  }

  /** Up to forty failures of three causes in three weeks, some of one run, some close together. */
  @Provide
  Arbitrary<List<Message>> weeks() {
    Arbitrary<Integer> seconds =
        Arbitraries.frequencyOf(
            Tuple.of(3, Arbitraries.integers().between(0, 21 * 24 * 3600)),
            Tuple.of(1, Arbitraries.integers().between(0, 300)),
            Tuple.of(1, Arbitraries.integers().between(7 * 24 * 3600 - 200, 7 * 24 * 3600 + 200)));
    Arbitrary<Message> failure =
        Combinators.combine(
                seconds,
                Arbitraries.integers().between(0, 20),
                Arbitraries.of("cause-a", "cause-b", "cause-c"))
            .as(
                (second, run, cause) ->
                    SettledFailures.run(
                        "job-" + run % 4,
                        "run-" + run,
                        START.plusSeconds(second).toString(),
                        cause));
    Arbitrary<Message> tried =
        Combinators.combine(
                seconds,
                Arbitraries.integers().between(0, 20),
                Arbitraries.of("cause-a", "cause-d"),
                Arbitraries.of(true, false))
            .as(
                (second, run, cause, worked) ->
                    SettledFailures.tried(
                        "run-" + run, START.plusSeconds(second).toString(), cause, worked));
    return Arbitraries.frequencyOf(Tuple.of(4, failure), Tuple.of(1, tried)).list().ofMaxSize(50);
  }

  private static DetectorHarness<CauseHistory> harness() {
    // The watermark has passed a failure when it is settled.
    return DetectorHarness.of(RecurrenceDetector::new).lateness(Source.RUNS, Duration.ZERO);
  }
}
