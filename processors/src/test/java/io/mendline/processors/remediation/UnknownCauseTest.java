package io.mendline.processors.remediation;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.pipeline.Subject;
import io.mendline.processors.policy.Policies;
import io.mendline.schemas.Action;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.ResourceType;
import io.mendline.schemas.Severity;
import java.time.Instant;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * The record that Sentinel writes for a window it has given up names no cause more often than not.
 * Its documentation counts any unknown failure among the transient ones, so the window is replayed.
 */
class UnknownCauseTest {
  private static final long GIVEN_UP = Instant.parse("2026-06-10T04:38:00Z").toEpochMilli();

  @Test
  void a_window_given_up_without_a_word_is_replayed() {
    Plan plan =
        Planner.next("e401ba8e-0f", skipped(), Known.NOTHING, 0, GIVEN_UP, Policies.builtIn());

    assertThat(plan)
        .isInstanceOfSatisfying(
            Plan.Attempt.class,
            attempt -> {
              assertThat(attempt.action()).isEqualTo(Action.REPLAY_WINDOW);
              assertThat(attempt.parameters())
                  .containsEntry("windowStart", "2026-06-10T03:00:00Z")
                  .containsEntry("windowEnd", "2026-06-10T04:00:00Z");
              assertThat(attempt.reason()).startsWith("Rule X: window was skipped");
            });
  }

  private static Trouble skipped() {
    return new Trouble(
        "0f",
        FindingKind.SKIPPED_WINDOW,
        1,
        new Subject(ResourceType.SENTINEL_RULE, "rule-x", "Rule X", "workspace", null),
        Severity.HIGH,
        "Rule X: window was skipped",
        GIVEN_UP,
        Instant.parse("2026-06-10T03:00:00Z").toEpochMilli(),
        Instant.parse("2026-06-10T04:00:00Z").toEpochMilli(),
        null,
        null,
        null,
        new TreeMap<>(),
        null);
  }
}
