package io.mendline.processors.runs;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.pipeline.CanonicalResult;
import io.mendline.processors.pipeline.DetectorHarness;
import io.mendline.processors.pipeline.Disorder;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Source;
import io.mendline.serdes.telemetry.JobSettings.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Law 1 for checks of jobs: what is found does not depend on how the records come. */
class JobSafeguardsLawsTest {
  private static final String LETTERS = "NY-";

  @Property(tries = 200)
  void order_duplicates_and_restarts_change_nothing(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 80) int restart) {
    Random random = new Random(seed);
    List<Message> day = day(random);
    DetectorHarness.Result inOrder = JobChecked.harness().run(Disorder.inOrder(day));

    DetectorHarness.Result other =
        JobChecked.harness()
            .restartingAfter(restart, restart / 2)
            .watermarkEvery(1 + random.nextInt(5))
            .run(Disorder.of(day, Source.RUNS.defaultLateness(), 0.2, seed));

    assertThat(other.canonical()).isEqualTo(inOrder.canonical());
    assertThat(settled(other)).isEqualTo(settled(inOrder));
  }

  /** Stricter than law 1: what is settled must agree in all it says. */
  private static List<String> settled(DetectorHarness.Result result) {
    return result.settled().stream()
        .map(settled -> settled.at() + " " + CanonicalResult.content(settled.finding()))
        .sorted()
        .toList();
  }

  /** One job, with all that may happen to it; at times several things at once. */
  private static List<Message> day(Random random) {
    List<Message> day = new ArrayList<>();
    double minute = 0;
    for (int left = 60; left > 0; left--) {
      minute += random.nextInt(4) == 0 ? 0 : random.nextDouble() * 2;
      minute += random.nextInt(25) == 0 ? 36 * 24 * 60 : 0;
      String letters = "" + letter(random) + letter(random) + letter(random);
      day.add(
          switch (random.nextInt(8)) {
            case 0 -> JobChecked.deleted(minute);
            case 1, 2 -> JobChecked.part(minute, letters);
            case 3, 4 -> JobChecked.failed(minute, "run-" + left, JobChecked.PASSING);
            case 5 -> JobChecked.failed(minute, "run-" + left, JobChecked.LASTING);
            default -> JobChecked.told(minute, Scope.WHOLE, letters, "job " + left / 20, null);
          });
    }
    return day;
  }

  private static char letter(Random random) {
    return LETTERS.charAt(random.nextInt(LETTERS.length()));
  }
}
