package io.mendline.processors.mix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A change of a weighted mean is taken apart without a rest. */
class ShiftTest {
  private static final double ROUNDED = 1.01e-4;

  @Property
  void mix_and_rate_add_up_and_are_what_the_definition_says(
      @ForAll("scopes") Map<String, List<Tokens>> scopes) {
    Map<String, Tokens> before = new TreeMap<>();
    Map<String, Tokens> after = new TreeMap<>();
    scopes.forEach(
        (scope, both) -> {
          before.put(scope, both.get(0));
          after.put(scope, both.get(1));
        });
    Shift shift = Shift.of(0, before, after, 1, 0.1, true);

    double was = Tokens.sum(before.values()).share();
    double is = Tokens.sum(after.values()).share();
    double rate = 0;
    for (String scope : scopes.keySet()) {
      double from = (double) before.get(scope).prompt() / Tokens.sum(before.values()).prompt();
      double to = (double) after.get(scope).prompt() / Tokens.sum(after.values()).prompt();
      rate += (from + to) / 2 * (after.get(scope).share() - before.get(scope).share());
    }
    assertThat(shift.mix() + shift.rate()).isCloseTo(is - was, within(ROUNDED));
    assertThat(shift.rate()).isCloseTo(rate, within(ROUNDED));
  }

  /** The other way round it is the same with the other sign: no side is the base. */
  @Property
  void no_side_is_the_base(@ForAll("scopes") Map<String, List<Tokens>> scopes) {
    Map<String, Tokens> before = new TreeMap<>();
    Map<String, Tokens> after = new TreeMap<>();
    scopes.forEach(
        (scope, both) -> {
          before.put(scope, both.get(0));
          after.put(scope, both.get(1));
        });
    Shift there = Shift.of(0, before, after, 1, 0.1, true);
    Shift back = Shift.of(0, after, before, 1, 0.1, true);
    assertThat(there.mix()).isCloseTo(-back.mix(), within(ROUNDED));
    assertThat(there.rate()).isCloseTo(-back.rate(), within(ROUNDED));
  }

  @Provide
  Arbitrary<Map<String, List<Tokens>>> scopes() {
    Arbitrary<Tokens> tokens =
        Combinators.combine(
                Arbitraries.longs().between(1, 1_000_000_000), Arbitraries.doubles().between(0, 1))
            .as((prompt, share) -> new Tokens(prompt, (long) (prompt * share)));
    return Arbitraries.maps(Arbitraries.of("a", "b", "c", "d", "e", "f"), tokens.list().ofSize(2))
        .ofMinSize(1);
  }

  @Test
  void a_scope_of_one_side_or_of_too_few_tokens_cannot_have_got_worse() {
    Map<String, Tokens> before =
        Map.of("old", new Tokens(500_000, 400_000), "tried", new Tokens(10, 9));
    Map<String, Tokens> after =
        Map.of("tried", new Tokens(500_000, 100_000), "new", new Tokens(500_000, 100_000));
    Shift shift = Shift.of(0, before, after, 20_000, 0.1, true);
    assertThat(shift.mix()).isCloseTo(-0.6, within(1e-3));
    assertThat(shift.rate()).isCloseTo(0, within(1e-3));
    assertThat(shift.worst()).isNull();
  }

  @ParameterizedTest(name = "mix {0}, rate {1}: told {2}, of both parts {3}")
  @CsvSource({
    "-0.17, -0.01, true,  false",
    "-0.06, -0.04, true,  false",
    "-0.05, -0.05, false, true",
    "-0.09, -0.07, false, true",
    "-0.10, -0.06, true,  true",
    "-0.12, -0.20, true,  true",
    "-0.01, -0.15, false, true",
    "0.05,  -0.20, false, true",
    "-0.20, 0.08,  true,  false"
  })
  void is_told_where_the_mix_explains_it(double mix, double rate, boolean told, boolean both) {
    Shift shift = new Shift(0, 0.7, 0.7 + mix + rate, mix, rate, null, null, true);
    assertThat(shift.isTold(0.1)).isEqualTo(told);
    assertThat(shift.isAlsoRate(0.1)).isEqualTo(both);
  }
}
