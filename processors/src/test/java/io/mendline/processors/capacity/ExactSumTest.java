package io.mendline.processors.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExactSumTest {
  @Property(tries = 200)
  void the_order_does_not_matter(
      @ForAll @Size(max = 30) List<@DoubleRange(min = -1e18, max = 1e18) Double> values,
      @ForAll long seed) {
    List<Double> shuffled = new ArrayList<>(values);
    Collections.shuffle(shuffled, new Random(seed));

    assertThat(sum(shuffled)).isEqualTo(sum(values));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1, -1, 43.12, -0.75, 1e-9, 4_294_967_296.5, -1e15, 1e18, 80})
  void one_value_is_itself(double value) {
    assertThat(sum(List.of(value))).isCloseTo(value, within(0x1p-31 + Math.abs(value) * 1e-15));
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.MAX_VALUE, Double.POSITIVE_INFINITY, 0x1p81})
  void what_is_too_large_counts_as_the_most(double value) {
    assertThat(sum(List.of(value, value))).isEqualTo(0x1p82);
    assertThat(sum(List.of(value, -value))).isZero();
  }

  private static double sum(List<Double> values) {
    ExactSum sum = new ExactSum();
    values.forEach(sum::add);
    BinaryWriter out = new BinaryWriter();
    sum.write(out);
    return ExactSum.read(new BinaryReader(out.toByteArray())).value();
  }
}
