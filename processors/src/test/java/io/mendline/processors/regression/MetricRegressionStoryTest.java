package io.mendline.processors.regression;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.pipeline.DetectorHarness;
import io.mendline.processors.pipeline.Disorder;
import io.mendline.processors.policy.Policies;
import io.mendline.processors.policy.PolicyBook;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.FindingStatus;
import io.mendline.schemas.ResourceType;
import io.mendline.schemas.Severity;
import io.mendline.schemas.Suspect;
import io.mendline.serdes.telemetry.MetricSample.Better;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.function.LongToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Metrics that get worse, and such that do not. */
class MetricRegressionStoryTest {
  private static final long START = Scope.millis("2026-03-02T00:00:00Z");
  private static final long HOUR = Scope.HOUR;
  private static final long DAY = 24 * HOUR;
  private static final long MINUTES = 10 * 60_000;

  private final Random random = new Random(7);
  private DetectorHarness<MetricState> harness =
      DetectorHarness.of(MetricRegressionDetector::new)
          .changes(
              Scope.change("pr-7", START + 5 * DAY - HOUR / 2, "search", "deployment", "v7"),
              Scope.change("pr-8", START + 5 * DAY - HOUR / 2, "orders", "deployment", "v8"));

  @Test
  void a_latency_that_rises_and_stays_is_told_with_its_onset_and_the_deployment_to_blame() {
    List<Finding> told =
        told("p95_latency_ms", Better.UNSAID, 8, at -> noisy(at < 5 * DAY ? 200 : 320, 0.05));

    assertThat(told)
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.getKind()).isEqualTo(FindingKind.METRIC_REGRESSION);
              assertThat(finding.getResource().getType()).isEqualTo(ResourceType.METRIC);
              assertThat(finding.getResource().getId()).isEqualTo("search/p95_latency_ms");
              assertThat(finding.getWindowStart()).isEqualTo(Instant.ofEpochMilli(START + 5 * DAY));
              assertThat(finding.getSeverity()).isEqualTo(Severity.HIGH);
              assertThat(finding.getSummary())
                  .matches("p95_latency_ms of search rose from (19|20)\\d.* to (31|32)\\d.* at .*");
              assertThat(finding.getSuspects())
                  .extracting(Suspect::getChangeId)
                  .as("of its own service")
                  .containsExactly("pr-7");
              assertThat(finding.getAttributes())
                  .containsEntry("shape", "step")
                  .containsEntry("better", "LOWER")
                  .containsEntry("suspectClear", "true");
            });
  }

  @Test
  void what_recovers_is_cleared_and_what_stays_is_the_new_level() {
    assertThat(
            told(
                "latency",
                Better.UNSAID,
                8,
                at -> noisy(at < 3 * DAY || at > 4 * DAY ? 200 : 300, 0.05)))
        .last()
        .satisfies(
            finding -> {
              assertThat(finding.getStatus()).isEqualTo(FindingStatus.CLEARED);
              assertThat(finding.getAttributes()).containsEntry("clearedBecause", "recovered");
            });
    assertThat(told("latency", Better.UNSAID, 12, at -> noisy(at < 5 * DAY ? 200 : 300, 0.05)))
        .last()
        .satisfies(
            finding ->
                assertThat(finding.getAttributes()).containsEntry("clearedBecause", "relearned"));
  }

  @Test
  void a_slow_rise_over_a_week_is_one_drift_from_where_it_began() {
    List<Finding> told =
        told(
            "latency",
            Better.UNSAID,
            12,
            at ->
                noisy(200 * (1 + 0.6 * Math.max(0, Math.min(7, at / (double) DAY - 4)) / 7), 0.03));

    assertThat(told).extracting(Finding::getId).containsOnly(told.get(0).getId());
    assertThat(told.get(0).getAttributes()).containsEntry("shape", "drift");
    assertThat(
            Duration.between(Instant.ofEpochMilli(START + 4 * DAY), told.get(0).getWindowStart()))
        .isBetween(Duration.ofDays(-1), Duration.ofDays(2));
  }

  @ParameterizedTest
  @CsvSource({"HIGHER, 1", "LOWER, 0", "UNSAID, 0"})
  void which_way_is_better_say_the_samples_where_the_policy_does_not(Better better, int found) {
    assertThat(told("orders_taken", better, 8, at -> noisy(at < 5 * DAY ? 200 : 120, 0.05)))
        .hasSize(found);
  }

  @ParameterizedTest
  @CsvSource({
    "'{metric: orders_taken, better: UNSAID, minimumShare: 0.2}', 0",
    "'{metric: orders_taken, minimumShare: 0.6}', 0",
    "'{metric: orders_taken, scope: other, minimumShare: 0.6}', 1",
    "'{metric: orders_taken, minimumChange: 50}', 1",
    "'{metric: orders_taken, minimumChange: 120}', 0",
    "'{metric: orders_taken, minimumShare: 0.2, persistence: P4D}', 0",
    "'{metric: orders_taken, minimumShare: 0.2, minimumBins: 80}', 0",
    "'{metric: orders_taken, minimumShare: 0.2, minimumSamplesPerBin: 7}', 0",
    // Two hours before a fall are too few to have a level.
    "'{metric: orders_taken, minimumShare: 0.2, baseline: PT2H}', 0",
  })
  void what_counts_is_a_policy(String rule, int found) {
    PolicyBook book = new PolicyBook();
    String policy = "metrics: {rules: [" + rule + ", {metric: '*', minimumShare: 0.2}]}";
    book.put(Policies.parse("test", policy.getBytes(StandardCharsets.UTF_8)));
    harness = harness.policies(book);

    assertThat(told("orders_taken", Better.HIGHER, 8, at -> noisy(at < 5 * DAY ? 200 : 120, 0.05)))
        .hasSize(found);
  }

  @ParameterizedTest
  @CsvSource({"latency, 0.05", "throughput, 0.1", "error_rate, 0.15"})
  void noise_by_itself_is_nothing(String metric, double noise) {
    assertThat(told(metric, Better.UNSAID, 14, at -> noisy(200, noise))).isEmpty();
  }

  @Test
  void a_spike_of_two_hours_is_nothing() {
    assertThat(
            told(
                "latency",
                Better.UNSAID,
                9,
                at -> noisy(at >= 5 * DAY && at < 5 * DAY + 2 * HOUR ? 900 : 200, 0.05)))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "44, 0.08",
    // A wave that falls by more than is told at once of a step.
    "64, 0.02",
  })
  void the_night_of_a_first_day_is_nothing(double wave, double noise) {
    for (int seed = 0; seed < 20; seed++) {
      random.setSeed(seed);
      harness = DetectorHarness.of(MetricRegressionDetector::new);
      double phase = seed / 20.0;
      LongToDoubleFunction day =
          at -> noisy(200 + wave * Math.cos(2 * Math.PI * (at / (double) DAY + phase)), noise);

      assertThat(told("throughput", Better.UNSAID, 1, day)).as("seed %d", seed).isEmpty();
    }
  }

  @Test
  void days_and_weekends_are_known_after_a_week() {
    LongToDoubleFunction week =
        at -> {
          boolean weekend = Math.floorMod(at / DAY, 7) >= 5;
          double day = 1 + 0.3 * Math.sin(2 * Math.PI * (at % DAY) / DAY);
          return noisy((weekend ? 120 : 200) * day, 0.03);
        };

    assertThat(
            told("throughput", Better.UNSAID, 29, week).stream()
                .filter(
                    finding ->
                        finding.getStatus() == FindingStatus.RAISED
                            && finding.getOccurredAt().toEpochMilli() > START + 8 * DAY))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"1, 0.3, 1.0", "2, 0.0, 0.6"})
  void a_rhythm_goes_along_to_a_lower_level(long seed, double swing, double weekend) {
    random.setSeed(seed);
    LongToDoubleFunction falls =
        at -> {
          double level = at < 9 * DAY ? 200 : 120;
          double week = Math.floorMod(at / DAY, 7) >= 5 ? weekend : 1;
          double day = 1 + swing * Math.sin(2 * Math.PI * (at % DAY) / DAY);
          return noisy(level * week * day, 0.03);
        };

    assertThat(
            told("throughput", Better.UNSAID, 21, falls).stream()
                .filter(finding -> finding.getOccurredAt().toEpochMilli() > START + 8 * DAY))
        .as("the fall, and no night or weekend after it")
        .singleElement()
        .satisfies(
            finding ->
                assertThat(
                        Duration.between(
                            Instant.ofEpochMilli(START + 9 * DAY), finding.getWindowStart()))
                    .isBetween(Duration.ofHours(-12), Duration.ofHours(12)));
  }

  @Test
  void gaps_and_bins_of_one_sample_say_nothing() {
    assertThat(
            told(
                "latency",
                Better.UNSAID,
                9,
                at ->
                    at >= 5 * DAY && at < 7 * DAY
                        ? (at % (2 * HOUR) == 0 ? 5_000 : Double.NaN)
                        : noisy(200, 0.05)))
        .isEmpty();
  }

  private double noisy(double level, double noise) {
    return level * (1 + noise * random.nextGaussian());
  }

  /** What is told of a metric that is sampled every ten minutes; no sample where it is NaN. */
  private List<Finding> told(String name, Better better, int days, LongToDoubleFunction value) {
    Metric metric = new Metric("search", name, better);
    long to = START + days * DAY;
    for (long at = START; at < to; at += MINUTES) {
      double now = value.applyAsDouble(at - START);
      if (!Double.isNaN(now)) {
        metric.sample(at, now, 1);
      }
    }
    var result = harness.run(Disorder.inOrder(metric.messages(START, to)));
    assertThat(result.largestEntry()).isLessThan(16 * 1024);
    return result.findings();
  }
}
