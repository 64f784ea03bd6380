package io.mendline.processors.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.pipeline.CanonicalResult;
import io.mendline.processors.pipeline.DetectorHarness;
import io.mendline.processors.pipeline.Disorder;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Output;
import io.mendline.processors.pipeline.Source;
import io.mendline.schemas.FindingStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Law 1, and the bounds of the state. */
class CapacityLawsTest {
  private static final Duration LATENESS = Source.METRICS.defaultLateness();
  private static final int MOST_BYTES = 16 * 1024;

  @Property(tries = 8, shrinking = ShrinkingMode.OFF)
  void order_duplicates_and_restarts_change_nothing(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 9) int watermarkEvery) {
    List<Message> messages = messages(seed);
    CanonicalResult expected = harness().run(Disorder.inOrder(messages)).canonical();
    List<Message> disordered = Disorder.of(messages, LATENESS, 0.2, seed);
    Random random = new Random(seed);

    var actual =
        harness()
            .watermarkEvery(watermarkEvery)
            .restartingAfter(random.nextInt(disordered.size()), random.nextInt(disordered.size()))
            .run(disordered);

    assertThat(expected.findings()).isNotEmpty();
    assertThat(actual.canonical()).isEqualTo(expected);
    assertThat(actual.keys()).isZero();
  }

  @Test
  void what_is_late_is_counted_and_never_judged_by() {
    Pool pool = new Pool("registry", "cpu");
    for (int minute = 0; minute < 60; minute++) {
      pool.nodes(minute, 70);
    }
    pool.tell(70, "node-0", 70);
    for (int minute = 0; minute < 60; minute++) {
      pool.nodes(minute, 99);
    }
    pool.tell(80, "node-0", 70);

    var result = Pool.harness().run(pool.messages);

    assertThat(result.found()).isEmpty();
    assertThat(result.of(Output.Noted.class).get(0).entry().getDetail())
        .containsEntry("late", "60");
  }

  /** Four samples a minute and node, from as many nodes as fit, with the longest usual names. */
  @ParameterizedTest
  @CsvSource({
    "cpu,      SLIDING, 64, 4",
    "cpu,      BUSIEST, 48, 4",
    "requests, SLIDING, 64, 4",
  })
  void a_state_stays_within_16_KB(String metric, String window, int nodes, int samples) {
    Pool pool = new Pool("registry", metric);
    Random random = new Random(7);
    for (int minute = 0; minute < 1_500; minute++) {
      // Every node is the hottest at some time; only the last minutes are full.
      boolean full = minute >= 1_488;
      for (int node = full ? 0 : minute % nodes; node < nodes; node += full ? 1 : nodes) {
        for (int i = 0; i < samples; i++) {
          pool.tell(
              minute + (double) i / samples,
              "aks-userpool1-12345678-vmss0000" + (10 + node),
              100 * random.nextDouble());
        }
      }
    }

    var result =
        Pool.harness()
            .watermarkEvery(200)
            .policies(Pool.policy("capacity: {hotNode: {window: " + window + "}}"))
            .run(pool.messages);

    assertThat(result.largestEntry()).isBetween(MOST_BYTES / 2, MOST_BYTES);
  }

  /** A backlog whose watermark stands still holds many minutes open. */
  @Test
  void a_backlog_without_a_watermark_stays_bounded_and_is_audited() {
    Pool pool = new Pool("registry", "cpu");
    for (int minute = 0; minute < 600; minute++) {
      for (int node = 0; node < 40; node++) {
        pool.tell(minute, "node-" + node, 90);
      }
    }

    var result = Pool.harness().watermarkEvery(1_000_000).run(pool.messages);

    assertThat(result.largestEntry()).isLessThan(MOST_BYTES);
    assertThat(result.of(Output.Noted.class)).isNotEmpty();
  }

  /** Which of too many nodes count does not depend on order. */
  @Property(tries = 10, shrinking = ShrinkingMode.OFF)
  void of_too_many_nodes_the_same_ones_count_in_any_order(@ForAll long seed) {
    Pool pool = new Pool("registry", "cpu");
    for (int minute = 0; minute < 62; minute++) {
      for (int node = 0; node < 90; node++) {
        pool.tell(minute, "node-" + node, 60 + node % 35 + minute % 3);
      }
    }
    assertThat(
            harness().run(Disorder.of(pool.messages, Duration.ofSeconds(50), 0, seed)).canonical())
        .isEqualTo(harness().run(pool.messages).canonical());
  }

  private static DetectorHarness<CapacityState> harness() {
    return Pool.harness()
        .policies(
            Pool.policy(
                """
                capacity:
                  hotNode: {minimumBins: 20}
                  limits: {busy: {metric: cpu, ceiling: 40, persistence: PT5M}}
                """));
  }

  /** Three scopes whose levels jump now and then, each with minutes of which nothing is told. */
  private static List<Message> messages(long seed) {
    Random random = new Random(seed);
    List<Message> messages = new ArrayList<>();
    for (String metric : List.of("cpu", "requests", "faithfulness")) {
      Pool pool = new Pool("pool", metric);
      double[] levels = new double[5];
      for (int minute = 0; minute < 900; minute++) {
        if (minute % 150 == 0) {
          for (int i = 0; i < levels.length; i++) {
            levels[i] = random.nextInt(5) == 0 ? 0 : random.nextInt(100);
          }
          levels[random.nextInt(5)] = minute % 300 == 0 ? 98 : 20;
        }
        for (int i = 0; i < levels.length && random.nextInt(10) > 0; i++) {
          double value = Math.max(0, levels[i] + random.nextGaussian());
          pool.tell(
              minute + random.nextDouble(),
              metric.equals("faithfulness") ? null : "node-" + i,
              metric.equals("faithfulness") ? value / 100 : value,
              0.1 + random.nextInt(3));
        }
      }
      messages.addAll(pool.messages);
    }
    return messages;
  }

  @Test
  void a_cleared_finding_keeps_its_id() {
    Pool pool = new Pool("db", "error_rate");
    for (int minute = 0; minute < 30; minute++) {
      pool.tell(minute, null, minute < 15 ? 1 : 0);
    }

    assertThat(Pool.harness().run(pool.messages).findings())
        .singleElement()
        .satisfies(finding -> assertThat(finding.getStatus()).isEqualTo(FindingStatus.CLEARED));
  }
}
