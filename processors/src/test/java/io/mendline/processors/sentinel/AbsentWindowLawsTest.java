package io.mendline.processors.sentinel;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.pipeline.CanonicalResult;
import io.mendline.processors.pipeline.Disorder;
import io.mendline.processors.pipeline.Message;
import io.mendline.serdes.telemetry.RuleChange;
import io.mendline.serdes.telemetry.SentinelHealth.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Law 1, over a source that is silent at times and a rule that changes its frequency. */
class AbsentWindowLawsTest {
  private static final Duration LATENESS = Duration.ofHours(2);

  private static final List<Integer> FREQUENCIES = List.of(15, 30, 60, 120, 180);

  @Property(tries = 300)
  void order_duplicates_and_restarts_change_nothing(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 900) int restart) {
    Random random = new Random(seed);
    assertDisorderChangesNothing(silentAtTimes(random), seed, random, restart);
  }

  /** A rule that is also tried at other frequencies, replayed and changed. */
  @Property(tries = 300)
  void nor_of_a_rule_that_is_tampered_with(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 900) int restart) {
    Random random = new Random(seed);
    assertDisorderChangesNothing(tamperedWith(random), seed, random, restart);
  }

  /**
   * A run out of turn, at minute 317, before the expected one, at 360: as the watermark passed it
   * before that came or not, it counted or did not, and two windows more were found absent.
   */
  @Example
  void nor_where_a_run_out_of_turn_is_judged_before_the_expected_one_has_come() {
    long seed = -7685278236230904202L;
    Random random = new Random(seed);
    assertDisorderChangesNothing(silentAtTimes(random), seed, random, 162);
  }

  private static void assertDisorderChangesNothing(
      List<Message> day, long seed, Random random, int restart) {
    CanonicalResult expected = AbsentWindowTest.harness().run(Disorder.inOrder(day)).canonical();

    List<Message> disorder = Disorder.of(day, LATENESS, 0.2, seed);

    assertThat(
            AbsentWindowTest.harness()
                .restartingAfter(restart, restart / 2)
                .watermarkEvery(1 + random.nextInt(5))
                .run(disorder)
                .canonical())
        .isEqualTo(expected);
  }

  private static List<Message> silentAtTimes(Random random) {
    List<Message> day = new ArrayList<>();
    for (int minute = 0; minute < 18 * 60; minute += 5) {
      boolean heard = minute < 400 || minute > 400 + random.nextInt(200);
      if (heard && random.nextInt(100) > 1) {
        day.add(
            AbsentWindowTest.run(
                "busy", AbsentWindowTest.minute(minute + 1), minute, 5, 5, Status.SUCCESS));
      }
    }
    int frequency = 60;
    for (int end = 60; end < 18 * 60; end += frequency) {
      frequency = random.nextInt(15) == 0 ? List.of(30, 60, 120).get(random.nextInt(3)) : frequency;
      if (random.nextInt(5) != 0) {
        int late = random.nextInt(10) == 0 ? random.nextInt(200) : random.nextInt(6);
        Status status = random.nextInt(6) == 0 ? Status.FAILURE : Status.SUCCESS;
        day.add(
            AbsentWindowTest.run(
                "r", AbsentWindowTest.minute(end + late), end, frequency, frequency, status));
        for (int again = 1; status == Status.FAILURE && again < random.nextInt(6); again++) {
          int at = end + late + again * 7;
          day.add(
              AbsentWindowTest.run(
                  "r", AbsentWindowTest.minute(at), end, frequency, frequency, status));
        }
      }
      if (random.nextInt(12) == 0) {
        // One out of turn, as of somebody who tries the rule.
        int extra = end + 1 + random.nextInt(frequency - 1);
        int looksBack = frequency * (1 + random.nextInt(2));
        day.add(
            AbsentWindowTest.run(
                "r",
                AbsentWindowTest.minute(extra + 2),
                extra,
                frequency,
                looksBack,
                Status.SUCCESS));
      }
    }
    return day;
  }

  private static List<Message> tamperedWith(Random random) {
    List<Message> day = new ArrayList<>();
    for (int minute = 0; minute < 18 * 60; minute += 5) {
      day.add(
          AbsentWindowTest.run(
              "busy", AbsentWindowTest.minute(minute + 1), minute, 5, 5, Status.SUCCESS));
    }
    int frequency = any(FREQUENCIES, random);
    for (int end = 0; end < 18 * 60; end += frequency) {
      frequency = random.nextInt(15) == 0 ? any(FREQUENCIES, random) : frequency;
      int attempts = random.nextInt(5) == 0 ? 0 : 1 + Math.max(0, random.nextInt(8) - 5);
      int late = random.nextInt(10) == 0 ? random.nextInt(200) : random.nextInt(6);
      for (int attempt = 1; attempt <= attempts; attempt++) {
        Status status = attempt < attempts ? Status.FAILURE : Status.SUCCESS;
        day.add(run(end + late + 7 * attempt, end, frequency, status, random));
      }
      if (random.nextInt(4) == 0) {
        int tried = end + 1 + random.nextInt(frequency - 1);
        int other = any(FREQUENCIES, random);
        day.add(run(tried + random.nextInt(150), tried, other, Status.SUCCESS, random));
        day.add(run(tried + other + 2, tried + other, other, Status.SUCCESS, random));
      }
      if (random.nextInt(8) == 0) {
        int replayed = end - frequency * (1 + random.nextInt(4));
        day.add(run(end, replayed, frequency, Status.SUCCESS, random));
      }
      if (random.nextInt(8) == 0) {
        day.add(
            AbsentWindowTest.change(
                end + random.nextInt(frequency),
                random.nextInt(4) == 0 ? RuleChange.Kind.DELETE : RuleChange.Kind.WRITE,
                any(List.of(RuleChange.Enabled.values()), random),
                Duration.ofMinutes(random.nextBoolean() ? frequency : 60)));
      }
    }
    return day;
  }

  /** Ends of one window are told to the second by some records, finer by others. */
  private static Message run(int time, int end, int frequency, Status status, Random random) {
    long finer = 300L * random.nextInt(3);
    long length = Duration.ofMinutes(frequency).toMillis();
    return RuleRecords.signal(
        RuleRecords.hourly(
                "r",
                String.join("-", "r", "" + end, "" + time, "" + frequency),
                Instant.ofEpochMilli(AbsentWindowTest.minute(time)).toString(),
                status)
            .frequencyMillis(length)
            .periodMillis(length)
            .window(
                AbsentWindowTest.minute(end) - length + finer, AbsentWindowTest.minute(end) + finer)
            .build());
  }

  private static <T> T any(List<T> of, Random random) {
    return of.get(random.nextInt(of.size()));
  }
}
