package io.mendline.processors.runs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.INTEGER;

import io.mendline.processors.policy.Policies;
import io.mendline.processors.runs.JobHistory.Done;
import io.mendline.processors.runs.RunSlowEvaluation.Score;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@link RunSlowEvaluation} measures, held to where no chance is in it. */
class JobHistoryTest {
  @ParameterizedTest
  @CsvSource({
    "PLAIN, PT30M, 0.1",
    "PLAIN, PT30M, 0.2",
    "PLAIN, PT24H, 0.1",
    "OUTLIERS, PT1H, 0.1",
    "BIMODAL, PT24H, 0.1",
    "DAILY, PT30M, 0.1",
    "DAILY, PT30M, 0.2",
    "DAILY, PT30M, 0.3",
    "WEEKLY, PT30M, 0.1",
    "WEEKLY, PT30M, 0.2",
    "WEEKLY, PT1H, 0.1",
    "WEEKLY, PT24H, 0.1",
  })
  void aJobThatTakesTwiceAsLongIsToldOnceAndNothingElse(
      MadeUpJob.Habit habit, Duration cadence, double variation) {
    Score score = Score.none();
    for (MadeUpJob job : RunSlowEvaluation.jobs(habit, cadence, variation, 2, 20, 1)) {
      score = score.plus(RunSlowEvaluation.score(job));
    }

    assertThat(score.found()).isEqualTo(score.steps());
    assertThat(score.wrong()).isZero();
  }

  @Test
  void aJobThatTookNoTimeAtAllMayBecomeSlowTwice() {
    JobHistory history = new JobHistory();
    List<Integer> raised = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      long took = Duration.ofMinutes(i < 30 ? 0 : i < 90 ? 3 : 12).toMillis();
      Done done = new Done(Integer.toString(i), i * Duration.ofHours(1).toMillis(), took);
      if (history.add(done, true, Policies.builtIn().runs()) == JobHistory.Turn.RAISED) {
        raised.add(i);
      }
    }

    assertThat(raised).hasSize(2).first(INTEGER).isBetween(30, 40);
    assertThat(raised.get(1)).isBetween(90, 100);
  }
}
