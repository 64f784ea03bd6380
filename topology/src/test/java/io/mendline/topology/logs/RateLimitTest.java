package io.mendline.topology.logs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateLimitTest {
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1_000);
  private final RateLimit limit = new RateLimit(3, Duration.ofSeconds(1), now::get);

  @Test
  void a_burst_passes_and_what_follows_is_kept_back() {
    assertThat(pass(5)).containsExactly(0, 0, 0, -1, -1);
  }

  @Test
  void one_more_passes_a_second_later_and_says_how_many_were_kept_back() {
    pass(10);

    later(Duration.ofMillis(999));
    assertThat(pass(1)).containsExactly(-1);
    later(Duration.ofMillis(1));
    assertThat(pass(3)).containsExactly(8, -1, -1);
    later(Duration.ofSeconds(1));
    assertThat(pass(1)).containsExactly(2);
  }

  @Test
  void a_long_silence_gives_no_more_than_a_burst() {
    pass(3);

    later(Duration.ofDays(1));
    assertThat(pass(5)).containsExactly(0, 0, 0, -1, -1);
  }

  @Test
  void a_part_of_a_second_is_not_lost() {
    pass(3);

    later(Duration.ofMillis(1_500));
    assertThat(pass(2)).containsExactly(0, -1);
    later(Duration.ofMillis(500));
    assertThat(pass(1)).containsExactly(1);
  }

  private long[] pass(int times) {
    long[] said = new long[times];
    for (int i = 0; i < times; i++) {
      said[i] = limit.pass();
    }
    return said;
  }

  /** The clock of a JVM may begin anywhere and run over. */
  private void later(Duration by) {
    now.addAndGet(by.toNanos());
  }
}
