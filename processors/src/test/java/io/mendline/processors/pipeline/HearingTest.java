package io.mendline.processors.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class HearingTest {
  private static final long NOON = Instant.parse("2026-06-01T12:00:00Z").toEpochMilli();
  private static final long GRACE = Hearing.grace(Duration.ofHours(2).toMillis());

  private final Hearing hearing = new Hearing();

  @Test
  void of_a_route_that_was_never_heard_the_clock_is_the_watermark() {
    assertThat(hearing.clock(NOON)).isEqualTo(NOON);
    assertThat(hearing.clock(Progress.UNHEARD)).isEqualTo(Progress.UNHEARD);
  }

  @Test
  void it_follows_the_watermark_while_the_route_is_ahead_of_it() {
    hear(NOON, NOON - hours(2));

    assertThat(hearing.clock(NOON - hours(2))).isEqualTo(NOON - hours(2));
    assertThat(hearing.clock(NOON)).isEqualTo(NOON);
  }

  @Test
  void it_goes_no_further_than_the_newest_event() {
    hear(NOON - hours(1), NOON - hours(3));
    hear(NOON, NOON - hours(2));
    hear(NOON - hours(2), NOON - hours(2));

    assertThat(hearing.clock(NOON + hours(3))).isEqualTo(NOON + Presence.BIN_MILLIS);
  }

  @Test
  void on_the_routes_return_it_stands_still_for_a_grace() {
    hear(NOON, NOON - hours(2));
    long back = NOON + hours(5);
    hear(back + hours(2), back);

    assertThat(hearing.clock(back + GRACE / 2)).isEqualTo(NOON + Presence.BIN_MILLIS);
    assertThat(hearing.clock(back + GRACE)).isEqualTo(back + GRACE);
  }

  @Test
  void longer_while_what_comes_is_late() {
    hear(NOON, NOON - hours(2));
    long back = NOON + hours(5);
    hear(back + hours(2), back);
    hear(NOON + hours(1), back + GRACE / 2);

    assertThat(hearing.clock(back + GRACE)).isEqualTo(NOON + Presence.BIN_MILLIS);
    assertThat(hearing.clock(back + GRACE / 2 + GRACE)).isEqualTo(back + GRACE / 2 + GRACE);
  }

  @Test
  void what_is_told_twice_makes_it_stand_no_longer() {
    Hearing once = new Hearing();
    for (Hearing each : List.of(hearing, once, hearing)) {
      each.hear(NOON, NOON - hours(2), GRACE);
    }
    for (Hearing each : List.of(hearing, once, hearing)) {
      each.hear(NOON + 1_000, NOON + hours(5) + 1, GRACE);
    }

    long over = NOON + hours(6) + 1;
    assertThat(LongStream.range(over - hours(1), over).filter(at -> at % 1_000 == 0))
        .allMatch(at -> hearing.clock(at) == once.clock(at));
  }

  @Test
  void but_no_longer_than_half_a_day() {
    hear(NOON, NOON - hours(2));
    long back = NOON + hours(5);
    for (long watermark = back; watermark < back + hours(20); watermark += GRACE / 4) {
      hear(watermark + hours(2), watermark);
      hear(watermark - 1, watermark);
    }

    assertThat(hearing.clock(back + hours(12) - 1)).isEqualTo(NOON + Presence.BIN_MILLIS);
    assertThat(hearing.clock(back + hours(12))).isEqualTo(back + hours(12));
  }

  @Test
  void what_is_no_evidence_of_the_source_moves_it_all_the_same() {
    hear(NOON, NOON - hours(2));
    assertThat(hearing.hearBesides(NOON + hours(1), NOON - hours(1), GRACE)).isTrue();
    assertThat(hearing.hearBesides(NOON + hours(1), NOON - hours(1), GRACE)).isFalse();

    assertThat(hearing.clock(NOON + hours(9))).isEqualTo(NOON + hours(1) + Presence.BIN_MILLIS);
    assertThat(hearing.presence().heardUntil()).isEqualTo(NOON + Presence.BIN_MILLIS);
  }

  @Test
  void of_a_route_that_is_gone_it_stays_a_month_behind() {
    hear(NOON, NOON - hours(2));

    long far = NOON + Duration.ofDays(100).toMillis();
    assertThat(hearing.clock(far)).isEqualTo(far - Duration.ofDays(31).toMillis());
  }

  @Test
  void a_grace_is_half_of_what_may_come_late_within_five_minutes_and_an_hour() {
    assertThat(Hearing.grace(hours(2))).isEqualTo(hours(1));
    assertThat(Hearing.grace(hours(9))).isEqualTo(hours(1));
    assertThat(Hearing.grace(60_000)).isEqualTo(300_000);
    assertThat(Hearing.grace(0)).isEqualTo(300_000);
  }

  @Property
  void it_never_goes_back_nor_ahead_of_the_watermark(@ForAll long seed) {
    Random random = new Random(seed);
    Hearing any = new Hearing();
    long watermark = NOON;
    long clock = Long.MIN_VALUE;
    for (int i = 0; i < 300; i++) {
      if (random.nextInt(3) > 0) {
        watermark += random.nextInt(random.nextInt(20) == 0 ? (int) hours(9) : 600_000);
      } else {
        // What a route tells is ahead of the watermark, or late.
        long time = watermark + random.nextInt((int) hours(4)) - hours(2);
        if (random.nextInt(5) == 0) {
          any.hearBesides(time, watermark, GRACE);
        } else {
          any.hear(time, watermark, GRACE);
        }
      }
      long now = any.clock(watermark);
      assertThat(now).isLessThanOrEqualTo(watermark);
      if (clock != Long.MIN_VALUE && i > 0 && any.presence().heardUntil() != Long.MIN_VALUE) {
        assertThat(now).isGreaterThanOrEqualTo(clock);
      }
      clock = any.presence().heardUntil() == Long.MIN_VALUE ? Long.MIN_VALUE : now;
    }
  }

  private void hear(long eventTime, long watermark) {
    hearing.hear(eventTime, watermark, GRACE);
  }

  private static long hours(int hours) {
    return Duration.ofHours(hours).toMillis();
  }
}
