package io.mendline.processors.runs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.mendline.processors.runs.SuccessRate.Trend;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The intervals are those of R's {@code prop.test(x, n, correct = FALSE)}. */
class SuccessRateTest {
  @ParameterizedTest
  @CsvSource({
    "1,  0,  0.0000, 0.7935",
    "1,  1,  0.2065, 1.0000",
    "10, 9,  0.5958, 0.9821",
    "50, 0,  0.0000, 0.0713",
    "50, 50, 0.9287, 1.0000",
    "50, 45, 0.7864, 0.9565",
  })
  void theIntervalIsWilsons(int runs, int succeeded, double low, double high) {
    SuccessRate rate = SuccessRate.of(runs(runs - succeeded, succeeded));

    assertThat(rate.runs()).isEqualTo(runs);
    assertThat(rate.succeeded()).isEqualTo(succeeded);
    assertThat(rate.low()).isCloseTo(low, within(0.00005));
    assertThat(rate.high()).isCloseTo(high, within(0.00005));
    assertThat(rate.share()).hasValue((double) succeeded / runs);
  }

  @ParameterizedTest
  @CsvSource({
    "25, 25, 25, 25, SAME, all is well as before",
    "25, 25, 25, 20, SAME, five failures may be chance",
    "25, 25, 25, 18, WORSE, seven are none",
    "25, 10, 25, 22, BETTER, the other way round",
    "9,  0,  25, 25, UNKNOWN, too few before",
    "10, 0,  25, 25, BETTER, just enough before",
    "0,  0,  3,  1,  UNKNOWN, nothing before",
  })
  void theTrendIsWhetherTheIntervalsOverlap(
      int before, int wellBefore, int last, int wellLast, Trend trend, String why) {
    List<Boolean> runs = new ArrayList<>(runs(before - wellBefore, wellBefore));
    runs.addAll(runs(last - wellLast, wellLast));

    assertThat(SuccessRate.of(runs).trend()).as(why).isEqualTo(trend);
  }

  @Test
  void ofNoRunsNothingIsKnown() {
    assertThat(SuccessRate.of(List.of())).isEqualTo(new SuccessRate(0, 0, 0, 1, Trend.UNKNOWN));
    assertThat(SuccessRate.of(List.of()).share()).isEmpty();
  }

  private static List<Boolean> runs(int failed, int succeeded) {
    List<Boolean> runs = new ArrayList<>(Collections.nCopies(failed, false));
    runs.addAll(Collections.nCopies(succeeded, true));
    return runs;
  }
}
