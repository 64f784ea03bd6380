package io.mendline.processors.sentinel;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.pipeline.CanonicalResult;
import io.mendline.processors.pipeline.Disorder;
import io.mendline.processors.pipeline.Message;
import io.mendline.serdes.telemetry.SentinelHealth.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Law 1, over a source that is silent at times and a rule that changes its frequency. */
class AbsentWindowLawsTest {
  private static final Duration LATENESS = Duration.ofHours(2);

  @Property(tries = 300)
  void order_duplicates_and_restarts_change_nothing(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 900) int restart) {
    Random random = new Random(seed);
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
}
