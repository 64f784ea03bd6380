package io.mendline.processors.regression;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.regression.BlameEvaluation.Score;
import io.mendline.processors.regression.MadeUpFall.Beside;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What docs/evaluation/blame.md promises, on fewer cases. */
class BlameEvaluationTest {
  private static final int CASES = 50;

  @ParameterizedTest
  @EnumSource(Beside.class)
  void theRightChangeComesFirst(Beside beside) {
    Score score = BlameEvaluation.of(9_000, CASES, true, beside);

    assertThat(score.right()).isGreaterThanOrEqualTo(CASES * 90 / 100);
    assertThat(score.wronglyClear()).isLessThanOrEqualTo(2);
  }

  @Test
  void whatIsNamedAmidManyChangesMightHaveBeenIt() {
    Score score = BlameEvaluation.of(9_000, 3 * CASES, false, Beside.BUSY);

    assertThat(score.named()).as("by chance there are some").isPositive();
    assertThat(score.far()).isZero();
  }

  @ParameterizedTest
  @EnumSource(
      value = Beside.class,
      names = {"NOTHING", "IMPOSSIBLE", "WIDER"})
  void noneIsNamedWhereNoneCanBeRight(Beside beside) {
    Score score = BlameEvaluation.of(9_000, CASES, false, beside);

    assertThat(score.named()).isLessThanOrEqualTo(1);
    assertThat(score.clear()).isZero();
  }
}
