package io.mendline.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class QuantilesTest {
  @Test
  void the_median_is_the_middle_one() {
    assertThat(Quantiles.of(List.of(9, 1, 5)).median()).isEqualTo(5);
  }

  @Test
  void the_median_of_an_even_number_lies_between_the_two_in_the_middle() {
    assertThat(Quantiles.of(List.of(8, 1, 2, 9)).median()).isEqualTo(5);
  }

  @Test
  void a_percentile_is_a_value_that_was_measured() {
    Quantiles hundred = Quantiles.of(LongStream.rangeClosed(1, 100).boxed().toList());
    assertThat(hundred.at(0.5)).isEqualTo(50);
    assertThat(hundred.at(0.99)).isEqualTo(99);
    assertThat(hundred.at(1)).isEqualTo(100);
  }

  @Test
  void a_percentile_of_few_values_is_the_greatest() {
    assertThat(Quantiles.of(List.of(3, 7)).at(0.99)).isEqualTo(7);
  }

  @Test
  void nothing_has_no_median() {
    assertThatThrownBy(() -> Quantiles.of(List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("nothing was measured");
  }
}
