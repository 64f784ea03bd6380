package io.mendline.processors.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.FindingStatus;
import io.mendline.schemas.ResourceType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Metrics beyond their floors and ceilings. */
class MetricBreachedTest {
  @Test
  void answers_that_lose_faith_are_found_and_cleared_when_they_are_back_for_as_long() {
    Pool answers = new Pool("assistant", "faithfulness");
    for (int minute = 0; minute < 90; minute++) {
      answers.tell(minute, null, minute >= 30 && minute < 60 ? 0.6 : 0.9);
    }

    var result = Pool.harness().withoutJump().run(answers.messages);

    assertThat(result.found())
        .extracting(Finding::getStatus)
        .containsExactly(FindingStatus.RAISED, FindingStatus.CLEARED);
    Finding finding = result.found().get(0);
    assertThat(finding.getKind()).isEqualTo(FindingKind.METRIC_BREACHED);
    assertThat(finding.getResource().getType()).isEqualTo(ResourceType.METRIC);
    assertThat(finding.getResource().getId()).isEqualTo("assistant/faithfulness");
    assertThat(finding.getWindowStart()).isEqualTo(Pool.at(30));
    assertThat(finding.getOccurredAt()).isEqualTo(Pool.at(45));
    assertThat(finding.getSummary())
        .isEqualTo(
            "The metric faithfulness of assistant is below its floor of 0.75: 0.6 since"
                + " 2026-03-02T00:30:00Z");
    assertThat(result.settled())
        .extracting(settled -> settled.at())
        .containsExactly(Pool.at(45).toEpochMilli(), Pool.at(75).toEpochMilli());
  }

  @ParameterizedTest
  @CsvSource({
    "faithfulness,           0.75,  0", // the floor itself is right
    "faithfulness,           0.749, 1",
    "answer_relevancy,       0.69,  1",
    "http_error_rate,        0.06,  1",
    "http_error_rate,        0.05,  0",
    "throttled_request_rate, 0.06,  1",
    "replica_lag_seconds,    61,    1",
    "pg_replication_lag_seconds, 61, 1",
    "latency_seconds,        999,   0", // nobody says what is right
  })
  void built_in_limits(String metric, double value, int findings) {
    Pool pool = new Pool("db", metric);
    for (int minute = 0; minute < 15; minute++) {
      pool.tell(minute, null, value);
    }

    assertThat(Pool.harness().run(pool.messages).findings()).hasSize(findings);
  }

  @Test
  void one_good_minute_begins_the_time_anew() {
    Pool pool = new Pool("db", "error_rate");
    for (int minute = 0; minute < 40; minute++) {
      pool.tell(minute, null, minute % 9 == 8 ? 0.01 : 0.2);
    }

    assertThat(Pool.harness().run(pool.messages).findings()).isEmpty();
  }

  /** A mean of 1 in 1,000 calls and one of 999 in 1,000 calls is not the mean of the two. */
  @Test
  void the_scope_is_judged_by_its_weighted_mean_and_names_its_worst_node() {
    Pool pool = new Pool("api", "error_rate");
    for (int minute = 0; minute < 10; minute++) {
      pool.tell(minute, "node-0", 0.9, 1).tell(minute, "node-1", 0, 999);
    }
    assertThat(Pool.harness().run(pool.messages).findings()).isEmpty();

    for (int minute = 10; minute < 20; minute++) {
      pool.tell(minute, "node-0", 0.9, 500).tell(minute, "node-1", 0, 500);
    }
    Finding finding = Pool.harness().run(pool.messages).findings().get(0);

    assertThat(finding.getResource().getType()).isEqualTo(ResourceType.NODE_POOL);
    assertThat(finding.getAttributes())
        .containsEntry("node", "node-0")
        .containsEntry("value", "0.45")
        .containsEntry("limit", "error-rate");
  }

  @ParameterizedTest
  @CsvSource({
    "'capacity: {limits: {faithfulness: null}}', 0",
    "'capacity: {limits: {faithfulness: {floor: 0.5}}}', 0",
    "'capacity: {limits: {ours: {metric: faithfulness, scope: assist*, floor: 0.5}}}', 0",
    "'capacity: {limits: {ours: {metric: faithfulness, scope: other, floor: 0.5}}}', 1",
    "'capacity: {limits: {faithfulness: {persistence: PT31M}}}', 0",
  })
  void a_policy_sets_and_removes_each_limit(String policy, int findings) {
    Pool answers = new Pool("assistant", "faithfulness");
    for (int minute = 0; minute < 30; minute++) {
      answers.tell(minute, null, 0.6);
    }

    assertThat(Pool.harness().policies(Pool.policy(policy)).run(answers.messages).findings())
        .hasSize(findings);
  }

  /** What is measured once an hour says nothing of the time between. */
  @Test
  void two_samples_an_hour_apart_are_a_breach_and_one_is_not() {
    Pool answers = new Pool("assistant", "faithfulness").tell(0, null, 0.5);
    assertThat(Pool.harness().run(answers.messages).findings()).isEmpty();

    answers.tell(60, null, 0.5);
    assertThat(Pool.harness().run(answers.messages).findings()).hasSize(1);
  }
}
