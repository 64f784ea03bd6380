package io.mendline.processors.regression;

import static io.mendline.processors.regression.Scope.HOUR;
import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.policy.Policies;
import io.mendline.serdes.telemetry.TokenUsage;
import org.junit.jupiter.api.Test;

/** What is known of a scope by its state alone. */
class NeighbourOfStateTest {
  private static final long START = Scope.millis("2026-03-02T00:00:00Z");

  @Test
  void is_the_same_whether_the_bin_that_ends_now_is_closed_or_not() {
    long onset = START + 20 * HOUR;

    assertThat(of(onset, 23, 23)).as("two hours since").isNull();
    assertThat(of(onset, 23, 22)).as("the third is not closed yet").isNull();
    assertThat(of(onset, 24, 24)).as("three hours and one").isNotNull();
    assertThat(of(onset, 24, 23)).isEqualTo(of(onset, 24, 24));
  }

  /** After some hours of which some are closed. */
  private static Neighbour of(long onset, int hours, int closed) {
    CacheState state = new CacheState("assistant", "gpt-5", null);
    for (int hour = 0; hour < hours; hour++) {
      TokenUsage usage =
          new TokenUsage(
              START + hour * HOUR, "assistant", "gpt-5", null, null, 9, 90_000, 45_000, 0, null);
      state.add(usage, true, HOUR, hour, null);
    }
    state.close(START + closed * HOUR);
    return Neighbour.of(state, Policies.builtIn().cache(), onset, START + hours * HOUR);
  }
}
