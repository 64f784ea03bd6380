package io.mendline.processors.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.FindingStatus;
import io.mendline.schemas.ResourceType;
import io.mendline.schemas.Severity;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The hot node of a pool, as operators tell of it: facts and edges. */
class HotNodeTest {
  private static final int HALF_DAY = 720;

  /** An operator's case: one spike of a minute to 96 %, and a busiest node that is at 43 %. */
  @Test
  void a_spike_of_one_minute_is_no_hot_node() {
    Pool pool = new Pool("registry", "cpu");
    for (int minute = 0; minute < HALF_DAY; minute++) {
      pool.nodes(minute, minute == 300 ? 96 : 43, 5, 2, 1);
    }

    assertThat(Pool.harness().run(pool.messages).found()).isEmpty();
    assertThat(Pool.harness().policies(Pool.policy(raisedAt(43))).run(pool.messages).findings())
        .singleElement()
        .satisfies(
            finding ->
                assertThat(finding.getAttributes())
                    .containsEntry("hotNodeP95", "43")
                    .containsEntry("hotNode", "node-0"));
  }

  /** The three readings of the same data: the pool at 6 %, one node at 99 %. */
  @Test
  void a_node_at_99_percent_is_found_though_the_pool_is_at_6() {
    Pool pool = new Pool("registry", "cpu_percent");
    for (int minute = 0; minute < 90; minute++) {
      for (int node = 0; node < 19; node++) {
        pool.tell(minute, "node-" + node, 1.1);
      }
      pool.tell(minute, "node-19", 99);
    }

    List<Finding> found = Pool.harness().withoutJump().run(pool.messages).found();

    assertThat(found).hasSize(1);
    Finding finding = found.get(0);
    assertThat(finding.getKind()).isEqualTo(FindingKind.HOT_NODE);
    assertThat(finding.getResource().getType()).isEqualTo(ResourceType.NODE_POOL);
    assertThat(finding.getResource().getId()).isEqualTo("registry");
    assertThat(finding.getOccurredAt()).isEqualTo(Pool.at(60));
    assertThat(finding.getSeverity()).isEqualTo(Severity.HIGH);
    assertThat(finding.getAttributes())
        .containsEntry("hotNodeP95", "99")
        .containsEntry("poolAverage", "6")
        .containsEntry("singleSampleMaximum", "99")
        .containsEntry("hotNode", "node-19")
        .containsEntry("minutes", "60");
    assertThat(finding.getSummary())
        .isEqualTo(
            "The hottest node of registry is at 99 % of cpu_percent (95th percentile of 12 hours),"
                + " the pool at 6 % on average: mostly node-19");
  }

  /** 43 % fell to 28.5 % after a move; here 90 % falls to 28.5 %. */
  @Test
  void it_is_cleared_when_the_percentile_of_the_window_has_fallen() {
    Pool pool = new Pool("registry", "cpu");
    for (int minute = 0; minute < 100; minute++) {
      pool.nodes(minute, 90, 5);
    }
    for (int minute = 100; minute < 1_000; minute++) {
      pool.nodes(minute, 28.5, 20);
    }

    var result = Pool.harness().withoutJump().run(pool.messages);

    assertThat(result.found())
        .extracting(Finding::getStatus)
        .containsExactly(FindingStatus.RAISED, FindingStatus.CLEARED);
    // 36 of 720 may lie above the percentile: so many of the hot ones are left at minute 784.
    assertThat(result.settled().get(1).at()).isEqualTo(Pool.at(784).toEpochMilli());
    assertThat(result.found().get(1).getAttributes())
        .containsEntry("hotNodeP95", "90")
        .containsEntry("hotNodeP95Now", "28.5")
        .containsEntry("clearedBecause", "below");
  }

  @ParameterizedTest
  @CsvSource({
    "80,    true", // at the threshold
    "79.99, false", // a step below
    "79.996, true", // rounds to a step
    "75,    false",
  })
  void it_is_raised_from_the_threshold_on(double level, boolean raised) {
    Pool pool = new Pool("registry", "cpu");
    for (int minute = 0; minute < 60; minute++) {
      pool.nodes(minute, level);
    }

    assertThat(Pool.harness().run(pool.messages).findings()).hasSize(raised ? 1 : 0);
  }

  @ParameterizedTest
  @CsvSource({
    "70,    false", // at the lower threshold
    "69.99, true",
  })
  void it_is_cleared_below_the_lower_threshold(double level, boolean cleared) {
    assertThat(told(82, level)).isEqualTo(cleared ? 2 : 1);
  }

  @ParameterizedTest
  @CsvSource({
    "85,    true", // five points hotter
    "84.99, false",
  })
  void it_is_told_again_when_it_is_hotter_by_five_points(double level, boolean told) {
    assertThat(told(80, level)).isEqualTo(told ? 2 : 1);
  }

  /** How often a node is told of that is at one level for a while, and then at another. */
  private static int told(double first, double then) {
    Pool pool = new Pool("registry", "cpu");
    for (int minute = 0; minute < 1_000; minute++) {
      pool.nodes(minute, minute < 100 ? first : then);
    }
    return Pool.harness().withoutJump().run(pool.messages).found().size();
  }

  @Test
  void between_the_thresholds_nothing_changes() {
    Pool pool = new Pool("registry", "cpu");
    for (int minute = 0; minute < 2_000; minute++) {
      pool.nodes(minute, minute < 100 || minute >= 1_000 ? 82 : 75);
    }

    assertThat(Pool.harness().withoutJump().run(pool.messages).found()).hasSize(1);
  }

  @Test
  void fewer_minutes_than_the_policy_asks_for_say_nothing() {
    Pool pool = new Pool("registry", "cpu");
    for (int minute = 0; minute < 59; minute++) {
      pool.nodes(10 * minute, 99);
    }
    assertThat(Pool.harness().run(pool.messages).found()).isEmpty();

    // Minutes in between of which nothing was heard are no evidence, one way or the other.
    pool.nodes(590, 99);
    assertThat(Pool.harness().run(pool.messages).findings()).hasSize(1);
  }

  /** A minute's average by the weight of the samples: 3 of 100 % and 7 of 60 % are 72 %. */
  @Test
  void the_average_of_a_node_is_weighted() {
    Pool pool = new Pool("registry", "cpu");
    for (int minute = 0; minute < 60; minute++) {
      pool.tell(minute, "node-0", 100, 3).tell(minute + 0.5, "node-0", 60, 7);
    }

    Finding finding =
        Pool.harness().policies(Pool.policy(raisedAt(72))).run(pool.messages).findings().get(0);

    assertThat(finding.getAttributes())
        .containsEntry("hotNodeP95", "72")
        .containsEntry("singleSampleMaximum", "100");
    assertThat(Pool.harness().policies(Pool.policy(raisedAt(73))).run(pool.messages).findings())
        .isEmpty();
  }

  /**
   * At night the pool is idle: within 12 hours the day's load is seen, or over the day's busiest.
   */
  @Test
  void the_busiest_half_of_a_day_does_not_forget_the_day_at_night() {
    Pool pool = new Pool("registry", "cpu");
    for (int minute = 0; minute < 2_160; minute++) {
      pool.nodes(minute, minute % 1_440 < HALF_DAY ? 85 : 10);
    }

    assertThat(Pool.harness().withoutJump().run(pool.messages).found())
        .extracting(Finding::getStatus)
        .containsExactly(FindingStatus.RAISED, FindingStatus.CLEARED, FindingStatus.RAISED);
    assertThat(
            Pool.harness()
                .withoutJump()
                .policies(Pool.policy("capacity: {hotNode: {window: BUSIEST}}"))
                .run(pool.messages)
                .found())
        .extracting(Finding::getStatus)
        .containsExactly(FindingStatus.RAISED);
  }

  @Test
  void a_pool_that_falls_silent_is_cleared_as_unobserved_and_forgotten() {
    Pool pool = new Pool("registry", "cpu");
    for (int minute = 0; minute < 60; minute++) {
      pool.nodes(minute, 99);
    }

    var result = Pool.harness().run(pool.messages);

    assertThat(result.found().get(1).getAttributes()).containsEntry("clearedBecause", "unobserved");
    assertThat(result.settled().get(1).at()).isEqualTo(Pool.at(60 + 2 * 1_440).toEpochMilli());
    assertThat(result.keys()).isZero();
  }

  @Test
  void a_metric_that_no_policy_names_leaves_nothing_behind() {
    var result = Pool.harness().run(new Pool("registry", "memory").nodes(0, 99).messages);

    assertThat(result.outputs()).isEmpty();
    assertThat(result.keysBeforeJump()).isZero();
  }

  @Test
  void what_the_policy_no_longer_asks_for_is_cleared() {
    Pool pool = new Pool("registry", "cpu");
    for (int minute = 0; minute < 70; minute++) {
      pool.nodes(minute, 99);
    }

    var result =
        Pool.harness()
            .policies(
                Pool.policy(
                    "effectiveAt: 2026-03-02T01:05:00Z\ncapacity: {hotNode: {metrics: []}}"))
            .run(pool.messages);

    assertThat(result.found().get(1).getAttributes())
        .containsEntry("clearedBecause", "not-asked-for");
    assertThat(result.found()).hasSize(2);
  }

  static String raisedAt(double level) {
    return "capacity: {hotNode: {raiseAt: " + level + ", clearBelow: " + (level - 10) + "}}";
  }
}
