package io.mendline.processors.cause;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class LiteralIndexTest {
  @Test
  void findsOverlappingStringsLongestFirst() {
    assertThat(scan(List.of("he", "she", "hers", "his"), "usHERS"))
        .containsExactly("1@4", "0@4", "2@6");
  }

  @Test
  void noStringsFindNothing() {
    assertThat(scan(List.of(), "text")).isEmpty();
  }

  @Property
  void findsWhatTheNaiveSearchFinds(
      @ForAll @Size(max = 8) List<@From("literals") String> literals,
      @ForAll("texts") String text) {
    List<String> expected = new ArrayList<>();
    for (int end = 1; end <= text.length(); end++) {
      for (int id = 0; id < literals.size(); id++) {
        if (text.substring(0, end)
            .toLowerCase(Locale.ROOT)
            .endsWith(literals.get(id).toLowerCase(Locale.ROOT))) {
          expected.add(id + "@" + end);
        }
      }
    }

    assertThat(scan(literals, text)).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Provide
  Arbitrary<String> literals() {
    return Arbitraries.strings().withChars("abB_").ofMinLength(1).ofMaxLength(4);
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.strings().withChars("aAbB_xé").ofMaxLength(40);
  }

  private static List<String> scan(List<String> literals, String text) {
    List<String> found = new ArrayList<>();
    LiteralIndex.of(literals).scan(text, (literal, end) -> found.add(literal + "@" + end));
    return found;
  }
}
