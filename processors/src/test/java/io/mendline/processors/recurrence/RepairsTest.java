package io.mendline.processors.recurrence;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.pipeline.Output;
import io.mendline.processors.pipeline.RepairOdds;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is kept of runs that were tried again. */
class RepairsTest {
  private static final Instant START = Instant.parse("2026-06-01T00:00:00Z");

  @ParameterizedTest
  @CsvSource({
    "0, 0, false",
    "9, 0, false",
    "10, 0, true",
    "10, 1, false",
    "11, 1, true",
    "30, 2, true",
    "30, 3, false"
  })
  void fewer_than_one_in_ten_of_ten_or_more_is_doomed(int tried, int worked, boolean doomed) {
    assertThat(new RepairOdds(tried, worked).isDoomed()).isEqualTo(doomed);
  }

  @Test
  void the_30_days_up_to_an_instant_count_and_nothing_after_it() {
    Repairs repairs = new Repairs();
    for (int day = 0; day < 40; day++) {
      repairs.add(tried(day, Duration.ofDays(day), day % 2 == 0));
    }

    assertThat(repairs.upTo(at(Duration.ofDays(5)))).isEqualTo(new RepairOdds(6, 3));
    assertThat(repairs.upTo(at(Duration.ofDays(5)) - 1)).isEqualTo(new RepairOdds(5, 3));
    assertThat(repairs.upTo(at(Duration.ofDays(39)))).isEqualTo(new RepairOdds(30, 15));
    assertThat(repairs.upTo(at(Duration.ofDays(-1)))).isEqualTo(RepairOdds.NONE);
  }

  @Test
  void a_storm_keeps_the_newest() {
    Repairs repairs = new Repairs();
    for (int run = 0; run < Repairs.MOST + 100; run++) {
      repairs.add(tried(run, Duration.ofSeconds(run), false));
    }

    assertThat(repairs.upTo(at(Duration.ofDays(1)))).isEqualTo(new RepairOdds(Repairs.MOST, 0));
  }

  @Property
  void order_repetition_and_restarts_change_nothing(
      @ForAll @Size(max = 60) List<@IntRange(max = 2_000_000) Integer> seconds, @ForAll long seed) {
    List<Output.Tried> tries = new ArrayList<>();
    for (int i = 0; i < seconds.size(); i++) {
      tries.add(tried(i % 7, Duration.ofSeconds(seconds.get(i)), i % 3 == 0));
    }
    Repairs inOrder = of(tries);

    List<Output.Tried> others = new ArrayList<>(tries);
    others.addAll(tries.subList(0, tries.size() / 2));
    Collections.shuffle(others, new Random(seed));
    Repairs otherwise = of(others.subList(0, others.size() / 3));
    BinaryWriter written = new BinaryWriter();
    otherwise.write(written);
    otherwise = Repairs.read(new BinaryReader(written.toByteArray()));
    for (Output.Tried tried : others.subList(others.size() / 3, others.size())) {
      otherwise.add(tried);
    }

    for (int day = 0; day < 26; day++) {
      long at = at(Duration.ofDays(day));
      assertThat(otherwise.upTo(at)).isEqualTo(inOrder.upTo(at));
    }
  }

  private static Repairs of(List<Output.Tried> tries) {
    Repairs repairs = new Repairs();
    tries.forEach(repairs::add);
    return repairs;
  }

  private static Output.Tried tried(int run, Duration after, boolean worked) {
    return SettledFailures.tried("run-" + run, START.plus(after).toString(), "cause", worked);
  }

  private static long at(Duration after) {
    return START.plus(after).toEpochMilli();
  }
}
