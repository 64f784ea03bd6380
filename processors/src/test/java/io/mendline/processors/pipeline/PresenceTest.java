package io.mendline.processors.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PresenceTest {
  private static final long EIGHT_DAYS = 8 * 24 * 3_600_000L;

  private final Presence presence = new Presence();

  @Test
  void a_bin_is_five_minutes_and_holds_its_start_but_not_its_end() {
    presence.hear(Samples.at("10:07"));

    assertThat(presence.heardAt(Samples.at("10:05"))).isTrue();
    assertThat(presence.heardAt(Samples.at("10:09:59"))).isTrue();
    assertThat(presence.heardAt(Samples.at("10:04:59"))).isFalse();
    assertThat(presence.heardAt(Samples.at("10:10"))).isFalse();
    assertThat(presence.heardUntil()).isEqualTo(Samples.at("10:10"));
  }

  @Test
  void a_time_between_is_heard_when_a_bin_that_it_overlaps_was() {
    presence.hear(Samples.at("10:07"));

    assertThat(presence.heardBetween(Samples.at("10:09"), Samples.at("11:00"))).isTrue();
    assertThat(presence.heardBetween(Samples.at("09:00"), Samples.at("10:06"))).isTrue();
    assertThat(presence.heardBetween(Samples.at("09:00"), Samples.at("10:05"))).isFalse();
    assertThat(presence.heardBetween(Samples.at("10:10"), Samples.at("11:00"))).isFalse();
  }

  @Test
  void nothing_heard_is_nothing() {
    assertThat(presence.heardAt(0)).isFalse();
    assertThat(presence.heardBetween(0, Samples.at("10:00"))).isFalse();
    assertThat(presence.heardUntil()).isEqualTo(Long.MIN_VALUE);
  }

  @Test
  void what_arrives_late_counts_as_if_it_had_come_in_time() {
    presence.hear(Samples.at("10:07"));

    assertThat(presence.hear(Samples.at("08:00"))).isTrue();

    assertThat(presence.heardAt(Samples.at("08:00"))).isTrue();
    assertThat(presence.heardUntil()).isEqualTo(Samples.at("10:10"));
  }

  @Test
  void the_same_bin_again_changes_nothing() {
    assertThat(presence.hear(Samples.at("10:07"))).isTrue();
    assertThat(presence.hear(Samples.at("10:08"))).isFalse();
  }

  @Test
  void more_than_eight_days_back_is_not_known() {
    presence.hear(Samples.at("10:00"));
    presence.hear(Samples.at("10:00") + EIGHT_DAYS);

    assertThat(presence.heardAt(Samples.at("10:00"))).isFalse();
    assertThat(presence.hear(Samples.at("10:00"))).isFalse();
    assertThat(presence.heardBetween(0, Samples.at("10:00") + EIGHT_DAYS)).isFalse();
    assertThat(presence.heardAt(Samples.at("10:00") + EIGHT_DAYS)).isTrue();
  }

  @Property(tries = 300)
  void the_order_of_hearing_does_not_matter(
      @ForAll @Size(max = 30) List<@LongRange(min = 0, max = 20L * 24 * 3_600_000) Long> times) {
    Presence inOrder = new Presence();
    times.stream().sorted().forEach(inOrder::hear);
    Presence asGiven = new Presence();
    times.forEach(asGiven::hear);

    for (long time : times) {
      assertThat(asGiven.heardAt(time)).isEqualTo(inOrder.heardAt(time));
    }
    assertThat(asGiven.heardUntil()).isEqualTo(inOrder.heardUntil());
  }
}
