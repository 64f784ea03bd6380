package io.mendline.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.mendline.benchmarks.LabelledSeries.Span;
import io.mendline.benchmarks.SpanScore.Told;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Times are hours since 1970; bins are an hour, and near an instant is within twelve. */
class SpanScoreTest {
  private static final long HOUR = Duration.ofHours(1).toMillis();

  @ParameterizedTest
  @CsvSource({
    // instant or window, onset, whether that is right
    "100, 100, 100, true",
    "100, 100, 88, true",
    "100, 100, 87, false",
    "100, 100, 112, true",
    "100, 100, 113, false",
    "100, 110, 100, true",
    "100, 110, 110, true",
    "100, 110, 99, false",
    "100, 110, 111, false",
  })
  void an_onset_is_near_an_instant_or_within_a_window(
      long from, long to, long onset, boolean right) {
    SpanScore score = score();
    score.add(List.of(new Span(from * HOUR, to * HOUR)), told(onset));

    assertThat(score.found()).isEqualTo(right ? 1 : 0);
    assertThat(score.wrong()).isEqualTo(right ? 0 : 1);
  }

  @Test
  void an_onset_is_told_to_the_bin_in_which_a_label_lies() {
    SpanScore score = score();
    score.add(List.of(new Span(100 * HOUR + HOUR / 2, 101 * HOUR)), told(100));

    assertThat(score.found()).isEqualTo(1);
    assertThat(score.toString()).isEqualTo("1 | 1 | 0 | 1.000 | 1.000 | 5.5 | 0.0");
  }

  @Test
  void a_second_telling_is_wrong_and_what_is_not_told_is_missed() {
    SpanScore score = score();
    score.add(List.of(instant(100), instant(300)), told(98, 101));
    score.add(List.of(), told(50));
    score.add(List.of(), told());

    assertThat(List.of(score.labels(), score.found(), score.wrong())).containsExactly(2, 1, 2);
    assertThat(score.precision()).isEqualTo(1.0 / 3, within(1e-9));
    assertThat(score.recall()).isEqualTo(0.5);
    assertThat(score.toString()).isEqualTo("2 | 1 | 2 | 0.333 | 0.500 | 4.0 | 2.0");
  }

  @Test
  void of_nothing_there_is_nothing_wrong() {
    assertThat(score().toString()).isEqualTo("0 | 0 | 0 | 1.000 | 1.000 |  | ");
  }

  /** Held against all ways to give the labels away. */
  @Property(tries = 500)
  void as_many_are_right_as_can_be(
      @ForAll @Size(max = 5) List<@IntRange(min = 0, max = 60) Integer> onsets,
      @ForAll @Size(max = 5) List<@IntRange(min = 0, max = 60) Integer> begins,
      @ForAll @Size(5) List<@IntRange(min = 0, max = 20) Integer> lengths) {
    List<Span> spans = new ArrayList<>();
    for (int i = 0; i < begins.size(); i++) {
      spans.add(new Span(begins.get(i) * HOUR, (begins.get(i) + lengths.get(i)) * HOUR));
    }
    SpanScore score = score();
    score.add(spans, told(onsets.stream().mapToLong(Integer::longValue).toArray()));

    assertThat(score.found()).isEqualTo(most(onsets, spans));
    assertThat(score.found() + score.wrong()).isEqualTo(onsets.size());
  }

  private static int most(List<Integer> onsets, List<Span> spans) {
    if (onsets.isEmpty()) {
      return 0;
    }
    List<Integer> rest = onsets.subList(1, onsets.size());
    int most = most(rest, spans);
    for (Span span : spans) {
      long slack = span.isInstant() ? 12 * HOUR : 0;
      long onset = onsets.get(0) * HOUR;
      if (onset >= span.from() - slack && onset <= span.to() + slack) {
        List<Span> left = new ArrayList<>(spans);
        left.remove(span);
        most = Math.max(most, 1 + most(rest, left));
      }
    }
    return most;
  }

  private static SpanScore score() {
    return new SpanScore(Duration.ofHours(12), Duration.ofHours(1));
  }

  private static Span instant(long hour) {
    return new Span(hour * HOUR, hour * HOUR);
  }

  /** Each six hours after its onset. */
  private static List<Told> told(long... onsets) {
    return LongStream.of(onsets)
        .mapToObj(onset -> new Told(onset * HOUR, (onset + 6) * HOUR))
        .toList();
  }
}
