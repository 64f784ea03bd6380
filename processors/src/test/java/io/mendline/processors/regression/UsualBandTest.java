package io.mendline.processors.regression;

import static io.mendline.processors.regression.Scope.HOUR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.mendline.processors.policy.Policies;
import io.mendline.processors.policy.Policy;
import io.mendline.processors.regression.RegressionMethod.Band;
import io.mendline.processors.regression.RegressionMethod.Thresholds;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is usual at an hour. */
class UsualBandTest {
  private static final Policy.Week WEEK = Policies.builtIn().week();
  private static final long START = Scope.millis("2026-03-02T00:00:00Z");
  private static final long DAY = 24 * HOUR;
  private static final long ALWAYS = Long.MIN_VALUE;
  private static final long NEVER = Long.MAX_VALUE;
  private static final Thresholds LEAST = new Thresholds(0, 0, 0.1, 1);

  @Test
  void two_earlier_days_tell_what_is_usual_at_an_hour() {
    List<Band> band = band(4 * 24, hour -> hour % 24 < 8 ? 0.2 : 0.8, ALWAYS, NEVER);

    assertThat(band).hasSize(4 * 24);
    assertThat(band.subList(0, 48)).allMatch(each -> Double.isNaN(each.low()));
    assertThat(band.get(48 + 3)).isEqualTo(around(48 + 3, 0.2, 0.05));
    assertThat(band.get(48 + 9)).isEqualTo(around(48 + 9, 0.8, 0.05));
  }

  @Test
  void it_is_as_wide_as_the_usual_spread() {
    Random random = new Random(5);
    List<Band> band = band(8 * 24, hour -> 0.5 + 0.1 * random.nextGaussian(), ALWAYS, NEVER);

    Band last = band.get(band.size() - 1);
    // Two standard deviations of a value from a median that has a spread of its own.
    assertThat(last.high() - last.low()).isBetween(0.36, 0.56);
    assertThat(band.get(50).high() - band.get(50).low())
        .isCloseTo(last.high() - last.low(), within(1e-9));
  }

  @Test
  void one_bad_day_does_not_move_it() {
    List<Band> band = band(6 * 24, hour -> hour / 24 == 3 ? 0 : 0.7, ALWAYS, NEVER);

    assertThat(band.get(band.size() - 1)).isEqualTo(around(band.size() - 1, 0.7, 0.05));
  }

  @ParameterizedTest(name = "the level since day {0}, a fall open since day {1}: {2} on day 6")
  @CsvSource({
    // Nothing is known of a level: the median of four days at 0.7 and two at 0.4.
    "-1, -1, 0.7",
    // The level to compare with is the one of the last days.
    "4, -1, 0.4",
    // One day of a level says nothing yet.
    "5, -1, NaN",
    // While a fall is open, it is what was usual before.
    "-1, 4, 0.7",
    // Before the level there was another, which is usual for its own time.
    "7, -1, 0.7",
  })
  void it_is_taken_from_the_level_to_compare_with(int since, int until, double middle) {
    List<Band> band =
        band(
            6 * 24 + 1,
            hour -> hour < 4 * 24 ? 0.7 : 0.4,
            since < 0 ? ALWAYS : START + since * DAY,
            until < 0 ? NEVER : START + until * DAY);

    assertThat((band.get(6 * 24).low() + band.get(6 * 24).high()) / 2)
        .isEqualTo(middle, within(1e-9));
  }

  @Test
  void bins_of_another_length_or_with_gaps_are_compared_by_when_they_begin() {
    List<Point> points = new ArrayList<>();
    for (int day = 0; day < 4; day++) {
      points.add(new Point(START + day * DAY, 2 * HOUR, 0.3, 1));
      points.add(new Point(START + day * DAY + 6 * HOUR, HOUR / 2, 0.6, 1));
    }
    List<Band> band = UsualBand.band(points, points, ALWAYS, LEAST, WEEK);

    assertThat(band.get(6)).isEqualTo(around(3 * 24, 0.3, 0.05));
    assertThat(band.get(7)).isEqualTo(around(3 * 24 + 6, 0.6, 0.05));
  }

  @Test
  void of_nothing_nothing_is_usual() {
    assertThat(UsualBand.band(List.of(), List.of(), ALWAYS, LEAST, WEEK)).isEmpty();
  }

  private static List<Band> band(int hours, IntToDoubleFunction value, long since, long until) {
    List<Point> points = new ArrayList<>();
    for (int hour = 0; hour < hours; hour++) {
      points.add(new Point(START + hour * HOUR, HOUR, value.applyAsDouble(hour), 1));
    }
    List<Point> usual = points.stream().filter(point -> point.start() < until).toList();
    return UsualBand.band(points, usual, since, LEAST, WEEK);
  }

  private static Band around(int hour, double middle, double half) {
    return new Band(START + hour * HOUR, middle - half, middle + half);
  }
}
