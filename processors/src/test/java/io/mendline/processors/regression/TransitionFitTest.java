package io.mendline.processors.regression;

import static io.mendline.processors.regression.Scope.HOUR;
import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.policy.Policies;
import io.mendline.processors.policy.Policy;
import io.mendline.processors.regression.RegressionMethod.Shift;
import io.mendline.processors.regression.RegressionMethod.Thresholds;
import io.mendline.schemas.Confidence;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The method alone: a series of bins in, a change or none out. */
class TransitionFitTest {
  private static final long START = Scope.millis("2026-03-02T00:00:00Z");
  private static final Thresholds USUAL = Thresholds.of(Policies.builtIn().cache());
  private static final Policy.Week ALL_ALIKE = new Policy.Week(List.of(), ZoneOffset.UTC);

  private final TransitionFit method = new TransitionFit();

  @Test
  void findsTheStep() {
    Shift shift = fall(bins(100, hour -> hour < 80 ? 0.7 : 0.48)).orElseThrow();
    assertThat(shift.onset()).isEqualTo(START + 80 * HOUR);
    assertThat(shift.before()).isCloseTo(0.7, Offset.offset(1e-9));
    assertThat(shift.after()).isCloseTo(0.48, Offset.offset(1e-9));
    assertThat(shift.gradual()).isFalse();
    assertThat(shift.volume()).isEqualTo(20 * 100_000);
    assertThat(shift.confidence()).isEqualTo(Confidence.HIGH);
  }

  @ParameterizedTest
  @CsvSource({"0", "0.05", "0.25", "0.5", "0.6", "0.95"})
  void tellsWhenWithinAnHourTheStepHappened(double part) {
    // So much of the hour is as before.
    List<Point> bins =
        bins(100, hour -> hour < 80 ? 0.7 : hour > 80 ? 0.48 : 0.7 * part + 0.48 * (1 - part));
    Shift shift = fall(bins).orElseThrow();
    assertThat(START + Math.round((80 + part) * HOUR))
        .isBetween(shift.when().earliest(), shift.when().latest());
    assertThat(shift.when().latest() - shift.when().earliest()).isLessThan(HOUR / 10);
  }

  @Test
  void aStepWhileNothingWasHeardMayHaveHappenedAllTheTime() {
    List<Point> bins = bins(110, hour -> hour < 80 ? 0.7 : 0.48);
    bins.subList(80, 90).clear();
    Shift shift = fall(bins).orElseThrow();
    assertThat(shift.when().earliest()).isCloseTo(START + 80 * HOUR, Offset.offset(HOUR / 10));
    assertThat(shift.when().latest()).isCloseTo(START + 90 * HOUR, Offset.offset(HOUR / 10));
  }

  @Test
  void ofNearlyAllStepsInNoiseItTellsWhenTheyHappened() {
    int told = 0;
    long widest = 0;
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      double part = random.nextDouble();
      List<Point> bins =
          bins(
              100,
              hour ->
                  (hour < 80 ? 0.7 : hour > 80 ? 0.48 : 0.7 * part + 0.48 * (1 - part))
                      + 0.02 * random.nextGaussian());
      Shift shift = fall(bins).orElseThrow();
      long at = START + Math.round((80 + part) * HOUR);
      told += shift.when().earliest() <= at && at <= shift.when().latest() ? 1 : 0;
      widest = Math.max(widest, shift.when().latest() - shift.when().earliest());
    }
    assertThat(told).isGreaterThanOrEqualTo(180);
    assertThat(widest).isLessThan(HOUR);
  }

  @Test
  void aDriftBeganWithinSomeHoursOfItsOnset() {
    Shift shift =
        fall(bins(220, hour -> hour < 100 ? 0.75 : Math.max(0.55, 0.75 - (hour - 100) * 0.0028)))
            .orElseThrow();
    assertThat(shift.gradual()).isTrue();
    assertThat(shift.when())
        .isEqualTo(new When(shift.onset() - 6 * HOUR, shift.onset() + 7 * HOUR));
  }

  @Test
  void waitsForThePersistence() {
    assertThat(fall(bins(85, hour -> hour < 80 ? 0.7 : 0.48))).isEmpty();
    assertThat(fall(bins(86, hour -> hour < 80 ? 0.7 : 0.48))).isPresent();
  }

  @Test
  void aRiseIsAFallUpsideDown() {
    List<Point> bins = bins(100, hour -> hour < 80 ? 0.48 : 0.7);
    assertThat(fall(bins)).isEmpty();
    Shift shift = rise(bins).orElseThrow();
    assertThat(shift.onset()).isEqualTo(START + 80 * HOUR);
    assertThat(shift.before()).isCloseTo(0.48, Offset.offset(1e-9));
    assertThat(shift.after()).isCloseTo(0.7, Offset.offset(1e-9));
  }

  @Test
  void theHeaviestBinDoesNotDecide() {
    List<Point> bins = bins(100, hour -> 0.7);
    // Ten thousand times the tokens of the others, none of them cached, within the last hours.
    bins.set(97, bin(97, 1_000_000_000, 0));
    assertThat(fall(bins)).isEmpty();
  }

  @Test
  void oneHeavyBinDoesNotMakeASmallFallALargeOne() {
    List<Point> bins = bins(100, hour -> hour < 80 ? 0.7 : 0.62);
    bins.set(97, bin(97, 1_000_000_000, 0.55));
    assertThat(fall(bins)).isEmpty();
  }

  @Test
  void aLowThatComesAndGoesIsNoFall() {
    // For three hours of every ten, and now for six.
    List<Point> bins = bins(96, hour -> hour % 10 < 3 || hour >= 90 ? 0.5 : 0.7);
    assertThat(fall(bins)).isEmpty();
  }

  @Test
  void aDriftThatNobodySawIsAStep() {
    List<Point> bins = bins(132, hour -> hour < 120 ? 0.7 : 0.5 - 0.004 * (hour - 120));
    bins.subList(72, 120).clear();
    Shift shift = fall(bins).orElseThrow();
    assertThat(shift.gradual()).isFalse();
    assertThat(shift.onset()).isEqualTo(START + 120 * HOUR);
  }

  @Test
  void aDeclineIsFoundSinceItsBeginningUnlessItMayBeTheDaysRhythm() {
    IntToDoubleFunction evening = hour -> 0.75 - 0.02 * Math.max(0, Math.min(12, hour - 8));
    assertThat(fall(bins(21, evening))).isEmpty();
    IntToDoubleFunction thirdEvening = hour -> evening.applyAsDouble(hour - 48);
    assertThat(fall(bins(69, thirdEvening))).isEmpty();
    Shift shift = fall(bins(92, thirdEvening)).orElseThrow();
    assertThat(shift.gradual()).isTrue();
    assertThat(Math.abs(shift.onset() - (START + 56 * HOUR))).isLessThanOrEqualTo(2 * HOUR);
  }

  @Test
  void nightsAreNoFallFromTheFirstOnAndAFallBesideThemIsOne() {
    IntToDoubleFunction nights = hour -> hour % 24 < 8 ? 0.5 : 0.7;
    for (int end = 6; end <= 120; end++) {
      assertThat(fall(bins(end, nights))).as("after %d hours", end).isEmpty();
    }
    Shift shift =
        fall(bins(120, hour -> nights.applyAsDouble(hour) - (hour < 100 ? 0 : 0.15))).orElseThrow();
    assertThat(shift.onset()).isEqualTo(START + 100 * HOUR);
    assertThat(shift.before() - shift.after()).isCloseTo(0.15, Offset.offset(1e-9));
  }

  @Test
  void weekendsAreNoFallFromTheFirstOnAndAFallWithinOneIsToldOnMonday() {
    // The first of the hours is a Monday's.
    IntToDoubleFunction weekends = hour -> hour / 24 % 7 < 5 ? 0.7 : 0.5;
    for (int end = 6; end <= 340; end++) {
      assertThat(fall(bins(end, weekends))).as("after %d hours", end).isEmpty();
    }
    IntToDoubleFunction worse = hour -> weekends.applyAsDouble(hour) - (hour < 130 ? 0 : 0.15);
    assertThat(fall(bins(144, worse))).isEmpty();
    assertThat(fall(bins(176, worse)).orElseThrow().onset()).isEqualTo(START + 130 * HOUR);
  }

  @Test
  void whatWasTakenAsGivenIsNoFallAgain() {
    List<Point> bins = bins(100, hour -> hour < 60 ? 0.7 : 0.5);
    List<Move> known = List.of(new Move(START + 60 * HOUR, START + 60 * HOUR, -0.2));
    assertThat(fall(bins)).isPresent();
    assertThat(method.fall(new Series(bins, known, ALL_ALIKE), false, USUAL)).isEmpty();
  }

  @Test
  void besideAnOpenRegressionOnlyAClearStepIsAnother() {
    List<Point> decline = bins(120, hour -> 0.75 - 0.004 * Math.max(0, hour - 60));
    assertThat(fall(decline)).isPresent();
    assertThat(method.fall(series(decline), true, USUAL)).isEmpty();
    List<Point> step = bins(120, hour -> hour < 100 ? 0.75 : 0.6);
    assertThat(method.fall(series(step), true, USUAL)).isPresent();
  }

  @Test
  void nothingOfNothing() {
    assertThat(fall(List.of())).isEmpty();
    assertThat(method.level(series(List.of()), Long.MIN_VALUE, USUAL)).isEmpty();
    assertThat(method.level(series(bins(30, hour -> 0.7)), START + 25 * HOUR, USUAL)).isEmpty();
    assertThat(method.level(series(bins(30, hour -> 0.7)), START + 24 * HOUR, USUAL)).isPresent();
  }

  @Property(tries = 200)
  void findsStepsInNoise(
      @ForAll @IntRange(min = 15, max = 50) int points,
      @ForAll @IntRange(min = 30, max = 180) int onset,
      @ForAll long seed) {
    Random random = new Random(seed);
    List<Point> bins =
        bins(
            onset + 16,
            hour -> (hour < onset ? 0.75 : 0.75 - points / 100.0) + 0.02 * random.nextGaussian());
    Optional<Shift> found = Optional.empty();
    // Nearly always after ten hours; of thousands, one takes longer.
    for (int hours = onset + 10; hours <= bins.size() && found.isEmpty(); hours++) {
      Series series = new Series(bins.subList(0, hours), List.of(), ALL_ALIKE);
      found = method.fall(series, false, USUAL);
    }
    assertThat(found).isPresent();
    assertThat(Math.abs(found.get().onset() - (START + onset * HOUR)))
        .isLessThanOrEqualTo(2 * HOUR);
  }

  @Property(tries = 200)
  void findsNothingInNoise(@ForAll @IntRange(min = 0, max = 4) int noise, @ForAll long seed) {
    Random random = new Random(seed);
    List<Point> bins = bins(192, hour -> 0.7 + noise / 100.0 * random.nextGaussian());
    for (int end = 12; end <= bins.size(); end += 12) {
      assertThat(fall(bins.subList(0, end))).isEmpty();
    }
  }

  private Optional<Shift> fall(List<Point> points) {
    return method.fall(series(points), false, USUAL);
  }

  private Optional<Shift> rise(List<Point> points) {
    return method.rise(series(points), USUAL);
  }

  private static Series series(List<Point> points) {
    return new Series(points, List.of(), Policies.builtIn().week());
  }

  private static List<Point> bins(int hours, IntToDoubleFunction ratio) {
    List<Point> bins = new ArrayList<>();
    for (int hour = 0; hour < hours; hour++) {
      bins.add(bin(hour, 100_000, ratio.applyAsDouble(hour)));
    }
    return bins;
  }

  private static Point bin(int hour, long prompt, double ratio) {
    return new Point(START + hour * HOUR, HOUR, ratio, prompt);
  }
}
