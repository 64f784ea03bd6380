package io.mendline.processors.regression;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.pipeline.CanonicalResult;
import io.mendline.processors.pipeline.DetectorHarness;
import io.mendline.processors.pipeline.Disorder;
import io.mendline.processors.pipeline.Message;
import io.mendline.serdes.telemetry.MetricSample.Better;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;

/** Law 1 for regressions of metrics. */
class MetricRegressionPropertyTest {
  private static final long START = Scope.millis("2026-03-02T00:00:00Z");
  private static final Duration LATENESS = Duration.ofMinutes(2);
  private static final int HOURS = 120;

  @Property(tries = 25, shrinking = ShrinkingMode.OFF)
  void order_duplicates_and_restarts_change_nothing(
      @ForAll long seed,
      @ForAll @IntRange(min = 10, max = 30) int twicePercent,
      @ForAll @IntRange(min = 1, max = 7) int watermarkEvery) {
    List<Message> messages = messages(seed);
    CanonicalResult expected = harness().run(Disorder.inOrder(messages)).canonical();

    List<Message> disordered = Disorder.of(messages, LATENESS, twicePercent / 100.0, seed);
    Random random = new Random(seed);
    var actual =
        harness()
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

  private static DetectorHarness<MetricState> harness() {
    return DetectorHarness.of(MetricRegressionDetector::new);
  }

  /** A level that jumps now and then, with idle hours and some with more samples than are held. */
  private static List<Message> messages(long seed) {
    Random random = new Random(seed);
    Metric metric = new Metric("search", "latency", Better.LOWER);
    double level = 200;
    int next = 30 + random.nextInt(30);
    for (int hour = 0; hour < HOURS; hour++) {
      if (hour == next) {
        level = 100 + 400 * random.nextDouble();
        next += 10 + random.nextInt(40);
      }
      int samples = random.nextInt(12) == 0 ? 0 : random.nextInt(20) == 0 ? 700 : 8;
      for (int i = 0; i < samples; i++) {
        long at = START + hour * Scope.HOUR + i * Scope.HOUR / samples;
        metric.sample(at, level * (1 + 0.05 * random.nextGaussian()), 1 + random.nextInt(3));
      }
    }
    return metric.messages(START, START + HOURS * Scope.HOUR);
  }
}
