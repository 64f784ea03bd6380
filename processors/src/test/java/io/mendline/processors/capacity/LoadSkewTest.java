package io.mendline.processors.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.FindingStatus;
import io.mendline.schemas.Severity;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pools whose requests are spread unevenly. */
class LoadSkewTest {
  @Test
  void a_member_with_more_than_twice_its_part_is_found_and_cleared_when_balanced() {
    Pool pool = new Pool("gateway", "requests");
    for (int minute = 0; minute < 20; minute++) {
      pool.nodes(minute, 70, 15, 15, 15, 15);
    }
    for (int minute = 20; minute < 80; minute++) {
      pool.nodes(minute, 26, 26, 26, 26, 26);
    }

    var result = Pool.harness().withoutJump().run(pool.messages);

    assertThat(result.found())
        .extracting(Finding::getStatus)
        .containsExactly(FindingStatus.RAISED, FindingStatus.CLEARED);
    Finding finding = result.found().get(0);
    assertThat(finding.getKind()).isEqualTo(FindingKind.LOAD_SKEW);
    assertThat(finding.getOccurredAt()).isEqualTo(Pool.at(15));
    assertThat(finding.getAttributes())
        .containsEntry(
            "shares", "node-0=0.538, node-1=0.115, node-2=0.115, node-3=0.115, node-4=0.115")
        .containsEntry("over", "node-0")
        .containsEntry("requests", "1950");
    assertThat(finding.getSummary())
        .isEqualTo("The requests of gateway are out of balance: too many for node-0");
    assertThat(finding.getRootCause()).isNull();
    assertThat(result.found().get(1).getAttributes()).containsEntry("clearedBecause", "balanced");
  }

  @ParameterizedTest
  @CsvSource({
    "40, 30, 30, ''", // fair
    "66, 17, 17, ''", // just under twice a third, just over half of it
    "60, 15, 15, ''", // just twice a third, just half of it
    "68, 16, 16, 'over: node-0'", // 68 is more than twice a third; 16 is less than half of one
    "45, 45, 10, 'under: node-2'",
    "50, 50, 0, 'silent: node-2'", // it tells of itself that it got nothing
  })
  void shares_against_equal_parts(double a, double b, double c, String found) {
    Pool pool = new Pool("gateway", "requests");
    for (int minute = 0; minute < 15; minute++) {
      pool.nodes(minute, a, b, c);
    }

    List<Finding> findings = Pool.harness().run(pool.messages).findings();

    assertThat(findings).hasSize(found.isEmpty() ? 0 : 1);
    if (!found.isEmpty()) {
      String[] expected = found.split(": ", 2);
      assertThat(findings.get(0).getAttributes()).containsEntry(expected[0], expected[1]);
    }
  }

  @ParameterizedTest
  @CsvSource({"300, 1", "299, 0"})
  void fewer_than_300_requests_say_nothing(double requests, int findings) {
    Pool pool = new Pool("gateway", "requests_total");
    for (int minute = 0; minute < 15; minute++) {
      pool.nodes(minute, requests / 15, 0);
    }

    assertThat(Pool.harness().run(pool.messages).findings()).hasSize(findings);
  }

  @Test
  void where_one_has_all_the_hint_names_session_affinity() {
    Pool pool = new Pool("gateway", "requests");
    for (int minute = 0; minute < 15; minute++) {
      pool.nodes(minute, 50, 50, 50);
    }
    for (int minute = 15; minute < 60; minute++) {
      pool.nodes(minute, 150);
    }

    Finding finding = Pool.harness().withoutJump().run(pool.messages).findings().get(0);

    assertThat(finding.getRevision()).isGreaterThan(0);
    assertThat(
            Pool.harness().withoutJump().run(pool.messages).found().stream()
                .filter(found -> found.getRootCause() != null)
                .map(found -> found.getRootCause().getHint()))
        .anyMatch(hint -> hint.contains("session affinity"));
  }

  @Test
  void why_one_has_all_is_said_to_the_end() {
    Pool pool = new Pool("gateway", "requests");
    for (int minute = 0; minute < 120; minute++) {
      boolean sticky = minute >= 30 && minute < 60;
      pool.nodes(minute, sticky ? 0 : 50, sticky ? 150 : 50, sticky ? 0 : 50);
    }

    Finding last = last(Pool.harness().withoutJump().run(pool.messages).found());

    assertThat(last.getStatus()).isEqualTo(FindingStatus.CLEARED);
    assertThat(last.getSeverity()).isEqualTo(Severity.HIGH);
    assertThat(last.getRootCause().getKey()).isEqualTo("capacity/one-member-has-all");
  }

  private static Finding last(List<Finding> findings) {
    return findings.get(findings.size() - 1);
  }

  @Test
  void a_member_that_the_policy_names_and_nobody_hears_of_is_silent() {
    Pool pool = new Pool("gateway", "requests");
    for (int minute = 0; minute < 15; minute++) {
      pool.nodes(minute, 40, 40);
    }

    assertThat(
            Pool.harness()
                .policies(
                    Pool.policy(
                        "capacity: {pools: [{scope: gate*, members: [{name: node-0}, {name: node-1},"
                            + " {name: node-2}]}]}"))
                .run(pool.messages)
                .found()
                .get(0)
                .getAttributes())
        .containsEntry("silent", "node-2")
        .containsEntry("fairParts", "node-0=0.333, node-1=0.333, node-2=0.333");
    assertThat(Pool.harness().run(pool.messages).findings()).isEmpty();
  }

  @Test
  void fair_is_what_the_policy_weighs() {
    String weights =
        "capacity: {pools: [{scope: gateway, members: [{name: a, weight: 8, node: node-0},"
            + " {name: b, weight: 1, node: node-1}, {name: c, weight: 1, node: node-1}]}]}";
    Pool pool = new Pool("gateway", "requests");
    for (int minute = 0; minute < 15; minute++) {
      pool.nodes(minute, 80, 20);
    }

    assertThat(Pool.harness().policies(Pool.policy(weights)).run(pool.messages).findings())
        .isEmpty();
    assertThat(Pool.harness().run(pool.messages).findings()).hasSize(1);
  }

  /** A member that is gone is expected for a day. */
  @Test
  void who_was_heard_of_within_a_day_is_expected() {
    Pool pool = new Pool("gateway", "requests");
    for (int minute = 0; minute < 15; minute++) {
      pool.nodes(minute, 50, 50, 50);
    }
    for (int minute = 15; minute < 1_500; minute++) {
      pool.nodes(minute, 75, 75);
    }

    var found = Pool.harness().withoutJump().run(pool.messages).found();

    assertThat(found)
        .extracting(Finding::getStatus)
        .endsWith(FindingStatus.RAISED, FindingStatus.CLEARED);
    assertThat(found.get(0).getAttributes()).containsEntry("under", "node-2");
    assertThat(found.get(found.size() - 1).getWindowEnd()).isEqualTo(Pool.at(15 + 1_440 + 14));
  }
}
