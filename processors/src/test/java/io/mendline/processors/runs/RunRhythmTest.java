package io.mendline.processors.runs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.mendline.processors.runs.JobHistory.Done;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.LongToDoubleFunction;
import org.junit.jupiter.api.Test;

/** What of a duration comes from the hour and the day of the week. */
class RunRhythmTest {
  private static final long HOUR = 3_600_000L;
  private static final long DAY = 24 * HOUR;
  private static final long MONDAY = Instant.parse("2026-03-02T00:00:00Z").toEpochMilli();

  private final Random random = new Random(7);

  @Test
  void hours_and_days_that_take_longer_are_taken_out() {
    LongToDoubleFunction usual = at -> busy(at) * (day(at) == 0 ? 1.5 : day(at) >= 5 ? 0.7 : 1);
    RunRhythm rhythm = learned(28, HOUR, at -> usual.applyAsDouble(at) * noise(0.1));
    long[] free = rhythm.free(runs(28 * DAY, 7, HOUR, usual));

    double level = Shift.level(free, 0, free.length);
    for (long took : free) {
      assertThat(took / level).isEqualTo(1, within(0.1));
    }
  }

  @Test
  void where_nothing_tells_them_apart_durations_stay_what_they_are() {
    LongToDoubleFunction twoModes = at -> (random.nextInt(5) == 0 ? 3 : 1) * noise(0.2);
    RunRhythm rhythm = learned(28, HOUR / 2, twoModes);
    List<Done> runs = runs(28 * DAY, 7, HOUR, at -> 1);

    for (long took : rhythm.free(runs)) {
      assertThat(took / 600_000.0).isEqualTo(1, within(0.15));
    }
  }

  @Test
  void growth_is_no_rhythm_of_the_week() {
    RunRhythm rhythm = learned(28, DAY, at -> Math.exp(0.05 * (at - MONDAY) / DAY) * noise(0.05));
    List<Done> runs = runs(28 * DAY, 7, DAY, at -> 1);

    for (long took : rhythm.free(runs)) {
      assertThat(took / 600_000.0).isEqualTo(1, within(0.05));
    }
  }

  @Test
  void an_hour_that_was_not_seen_may_be_like_the_longest() {
    RunRhythm rhythm = learned(21, HOUR, at -> hour(at) >= 22 ? Double.NaN : busy(at));
    long[] free = rhythm.free(runs(21 * DAY, 1, HOUR, at -> 1.6));

    assertThat(free[23]).isEqualTo(free[12]).isLessThan(free[3]);
  }

  @Test
  void goes_along_to_a_new_level() {
    RunRhythm rhythm = learned(21, HOUR, RunRhythmTest::busy);
    long[] before = rhythm.free(runs(21 * DAY, 1, HOUR, at -> 1));
    rhythm.lift(3);
    runs(21 * DAY, 14, HOUR, at -> 3 * busy(at)).forEach(rhythm::learn);

    long[] after = rhythm.free(runs(35 * DAY, 1, HOUR, at -> 1));
    for (int i = 0; i < after.length; i++) {
      assertThat(after[i] / (double) before[i]).isEqualTo(1, within(0.02));
    }
  }

  @Test
  void a_run_is_learned_from_once() {
    RunRhythm once = learned(21, HOUR, RunRhythmTest::busy);
    RunRhythm twice = learned(21, HOUR, RunRhythmTest::busy);
    runs(20 * DAY, 1, HOUR, at -> 9).forEach(twice::learn);

    assertThat(bytes(twice)).isEqualTo(bytes(once));
  }

  @Test
  void goes_on_from_its_bytes_and_takes_few_of_them() {
    LongToDoubleFunction noisy = at -> busy(at) * noise(0.2);
    RunRhythm rhythm = learned(25, HOUR, noisy);
    assertThat(bytes(rhythm).length).isLessThan(200);
    RunRhythm read = new RunRhythm();
    read.read(new BinaryReader(bytes(rhythm)));

    List<Done> more = runs(25 * DAY, 10, HOUR, noisy);
    more.forEach(rhythm::learn);
    more.forEach(read::learn);
    assertThat(bytes(read)).isEqualTo(bytes(rhythm));
    assertThat(read.free(more)).isEqualTo(rhythm.free(more));
  }

  private static RunRhythm learned(int days, long every, LongToDoubleFunction factor) {
    RunRhythm rhythm = new RunRhythm();
    runs(0, days, every, factor).forEach(rhythm::learn);
    return rhythm;
  }

  /** Runs of ten minutes times a factor; none where it is not a number. */
  private static List<Done> runs(long from, int days, long every, LongToDoubleFunction factor) {
    List<Done> runs = new ArrayList<>();
    for (long at = MONDAY + from; at < MONDAY + from + days * DAY; at += every) {
      double times = factor.applyAsDouble(at);
      if (!Double.isNaN(times)) {
        runs.add(new Done(null, at, Math.round(600_000 * times)));
      }
    }
    return runs;
  }

  private double noise(double deviation) {
    return Math.exp(deviation * random.nextGaussian());
  }

  private static double busy(long at) {
    return hour(at) >= 8 && hour(at) < 18 ? 1.6 : 1;
  }

  private static int hour(long at) {
    return (int) (at % DAY / HOUR);
  }

  private static int day(long at) {
    return (int) ((at - MONDAY) / DAY % 7);
  }

  private static byte[] bytes(RunRhythm rhythm) {
    BinaryWriter out = new BinaryWriter();
    rhythm.write(out);
    return out.toByteArray();
  }
}
