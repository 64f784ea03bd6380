package io.mendline.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ChecksTest {
  @Test
  void whatWasNotSeenIsNamed() {
    assertThat(new Checks().missing())
        .containsExactly(
            "no finding SKIPPED_WINDOW",
            "no finding RUN_FAILED",
            "no finding CACHE_REGRESSION",
            "no finding METRIC_REGRESSION",
            "no finding METRIC_BREACHED",
            "no finding HOT_NODE",
            "no finding LOAD_SKEW",
            "no finding RECURRING_ROOT_CAUSE",
            "no incident that was verified and then resolved",
            "no escalation",
            "no request for approval");
  }
}
