package io.mendline.processors.regression;

import static io.mendline.processors.regression.Scope.HOUR;
import static io.mendline.processors.regression.Scope.change;
import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.pipeline.CanonicalResult;
import io.mendline.processors.pipeline.DetectorHarness;
import io.mendline.processors.pipeline.Disorder;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.policy.Policies;
import io.mendline.processors.policy.PolicyBook;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;

/** Law 1: the result is a function of the set of records. */
class CacheRegressionPropertyTest {
  private static final long START = Scope.millis("2026-03-02T00:00:00Z");
  private static final Duration LATENESS = Duration.ofMinutes(5);
  private static final int HOURS = 110;

  @Property(tries = 25, shrinking = ShrinkingMode.OFF)
  void orderDuplicatesAndRestartsChangeNothing(
      @ForAll long seed,
      @ForAll @IntRange(min = 10, max = 30) int twicePercent,
      @ForAll @IntRange(min = 1, max = 7) int watermarkEvery) {
    List<Message> messages = messages(seed);
    CanonicalResult expected = harness(seed).run(Disorder.inOrder(messages)).canonical();

    List<Message> disordered = Disorder.of(messages, LATENESS, twicePercent / 100.0, seed);
    Random random = new Random(seed);
    var actual =
        harness(seed)
            .watermarkEvery(watermarkEvery)
            .restartingAfter(
                random.nextInt(disordered.size()),
                random.nextInt(disordered.size()),
                random.nextInt(disordered.size()))
            .run(disordered);

    assertThat(actual.canonical()).isEqualTo(expected);
    assertThat(actual.keys()).isZero();
    assertThat(actual.largestEntry()).isLessThan(16 * 1024);
  }

  @Property(tries = 10, shrinking = ShrinkingMode.OFF)
  void policiesThatChangeTheBinsMidwayChangeNothingOfThat(@ForAll long seed) {
    List<Message> messages = messages(seed);
    CanonicalResult expected =
        harness(seed)
            .policies(halfHoursFromSomeQuarterOn())
            .run(Disorder.inOrder(messages))
            .canonical();
    assertThat(
            harness(seed)
                .policies(halfHoursFromSomeQuarterOn())
                .run(Disorder.of(messages, LATENESS, 0.2, seed))
                .canonical())
        .isEqualTo(expected);
  }

  private static DetectorHarness<CacheState> harness(long seed) {
    Random random = new Random(seed);
    var harness = DetectorHarness.of(CacheRegressionDetector::new);
    for (int i = 0; i < 20; i++) {
      long at = START + random.nextInt(HOURS * (int) HOUR);
      // Half of them name a model, so that it counts what became of the other.
      String what = i % 2 == 0 ? "Change " + i : "Prompt of claude-opus-4-6";
      harness.changes(change("pr-" + i, at, "assistant", "pull_request", what));
    }
    return harness;
  }

  private static PolicyBook halfHoursFromSomeQuarterOn() {
    PolicyBook book = new PolicyBook();
    book.put(
        Policies.parse(
            "half-hours",
            """
            effectiveAt: 2026-03-04T12:15:30Z
            cache: {bin: PT30M, minimumTokensPerBin: 10000}
            """
                .getBytes(StandardCharsets.UTF_8)));
    return book;
  }

  /**
   * A level that jumps now and then, with idle hours, and a neighbour that at times falls with it.
   */
  private static List<Message> messages(long seed) {
    Random random = new Random(seed);
    Scope scope = new Scope("assistant", "claude-opus-4-6");
    Scope neighbour = new Scope("assistant", "gpt-5");
    boolean falls = random.nextBoolean();
    double level = 0.7;
    int next = 30 + random.nextInt(30);
    for (int hour = 0; hour < HOURS; hour++) {
      if (hour == next) {
        level = 0.2 + 0.6 * random.nextDouble();
        next += 10 + random.nextInt(40);
      }
      if (random.nextInt(12) > 0) {
        // Calls come in pairs, a minute apart, so that disorder can turn them round.
        scope.hour(START + hour * HOUR, 4, 9_000, level, 0.02, random);
        scope.hour(START + hour * HOUR + 60_000, 4, 9_000, level, 0.02, random);
        neighbour.hour(START + hour * HOUR, 4, 9_000, falls ? level : 0.6, 0.02, random);
      }
    }
    List<Message> messages = new ArrayList<>(scope.messages());
    messages.addAll(neighbour.messages());
    messages.addAll(Scope.elsewhere(START, START + HOURS * HOUR));
    return messages;
  }
}
