package io.mendline.processors.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PresenceTest {
  private static final long DAY = 24 * 3_600_000L;

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
  void what_is_told_of_next_month_wipes_out_nothing() {
    presence.hear(Samples.at("10:00"));
    presence.hear(Samples.at("10:00") + 30 * DAY);

    assertThat(presence.heardAt(Samples.at("10:00"))).isTrue();
    assertThat(presence.heardBy(Samples.at("10:00") + 29 * DAY)).isEqualTo(Samples.at("10:05"));
    assertThat(presence.hear(Samples.at("09:00"))).isTrue();
  }

  @Test
  void beyond_the_bound_the_oldest_go_in_whatever_order_they_are_heard() {
    Presence backwards = new Presence();
    int more = Presence.MAX_STRETCHES + 10;
    for (int i = 0; i < more; i++) {
      presence.hear(2L * i * Presence.BIN_MILLIS);
      backwards.hear(2L * (more - 1 - i) * Presence.BIN_MILLIS);
    }

    assertThat(written(presence)).isEqualTo(written(backwards));
    assertThat(presence.heardAt(2L * 9 * Presence.BIN_MILLIS)).isFalse();
    assertThat(presence.heardAt(2L * 10 * Presence.BIN_MILLIS)).isTrue();
    assertThat(presence.hear(0)).isFalse();
    assertThat(written(presence)).hasSizeLessThan(3 * Presence.MAX_STRETCHES);
  }

  @Test
  void a_route_that_always_speaks_takes_a_few_bytes() {
    for (long at = 0; at < 100 * DAY; at += Presence.BIN_MILLIS) {
      presence.hear(Samples.at("10:00") + at);
    }

    assertThat(written(presence)).hasSizeLessThan(12);
    assertThat(presence.pace(Samples.at("10:00") + 100 * DAY)).isZero();
  }

  @Test
  void the_pace_is_what_silences_usually_are_at_most() {
    for (int i = 0; i < 100; i++) {
      presence.hear(Samples.at("10:00") + 4L * i * Presence.BIN_MILLIS);
    }
    long until = Samples.at("10:00") + 400 * Presence.BIN_MILLIS;

    assertThat(presence.pace(until)).isEqualTo(3 * Presence.BIN_MILLIS);
    presence.hear(until + DAY);
    assertThat(presence.pace(until + 2 * DAY))
        .as("one long silence is not usual")
        .isEqualTo(3 * Presence.BIN_MILLIS);
    assertThat(presence.pace(Samples.at("10:00"))).isZero();
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

  @Property(tries = 300)
  void it_answers_as_a_set_of_bins_would(
      @ForAll @Size(max = 60) List<@LongRange(min = 0, max = 60) Long> bins,
      @ForAll @LongRange(min = -2, max = 66) long from,
      @ForAll @LongRange(min = -2, max = 66) long to) {
    Presence heard = new Presence();
    TreeSet<Long> model = new TreeSet<>();
    for (long bin : bins) {
      assertThat(heard.hear(bin * Presence.BIN_MILLIS + 7)).isEqualTo(model.add(bin));
    }
    heard = new Presence.Codec().read(new BinaryReader(written(heard)));
    long start = from * Presence.BIN_MILLIS;
    long end = to * Presence.BIN_MILLIS;

    assertThat(heard.heardAt(start)).isEqualTo(model.contains(from));
    Long by = model.lower(to);
    assertThat(heard.heardBy(end))
        .isEqualTo(by == null ? Long.MIN_VALUE : (by + 1) * Presence.BIN_MILLIS);
    Long next = model.ceiling(from);
    assertThat(heard.heardFrom(start, end))
        .isEqualTo(next == null || next >= to ? Long.MAX_VALUE : next * Presence.BIN_MILLIS);
    if (from < to) {
      assertThat(heard.heardBetween(start, end))
          .isEqualTo(!model.subSet(from, true, to, false).isEmpty());
    }
    List<Long> silences = new ArrayList<>();
    for (long bin : model.headSet(to)) {
      if (model.lower(bin) != null) {
        silences.add(bin - model.lower(bin) - 1);
      }
    }
    Collections.sort(silences);
    assertThat(heard.pace(end))
        .isEqualTo(
            silences.isEmpty()
                ? 0
                : silences.get((int) (silences.size() * 0.95)) * Presence.BIN_MILLIS);
  }

  private static byte[] written(Presence presence) {
    BinaryWriter out = new BinaryWriter();
    new Presence.Codec().write(presence, out);
    return out.toByteArray();
  }
}
