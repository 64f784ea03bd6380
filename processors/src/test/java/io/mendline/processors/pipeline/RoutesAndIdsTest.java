package io.mendline.processors.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NotBlank;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoutesAndIdsTest {
  /** Were one of these to change, no answer to an earlier command would find its incident. */
  @Test
  void hashes_and_ids_are_what_they_always_were() {
    assertThat(Routes.hash("sentinel:7c1f")).isEqualTo("b82d5bb6");
    assertThat(Routes.hash("databricks:1234")).isEqualTo("3277c2cf");
    assertThat(Ids.digest("a", null, 7)).isEqualTo("fa8c2c69354b98f4a365");
    assertThat(Ids.routed("databricks:1234", "x")).isEqualTo("3277c2cf-e742abc7c8651d42db9d");
  }

  @Property
  void an_id_finds_the_partition_of_its_route(
      @ForAll @NotBlank String workspace, @ForAll @IntRange(min = 1, max = 64) int partitions) {
    String route = Routes.databricks(workspace);
    String id = Ids.routed(route, "finding");

    assertThat(Routes.isId(id)).isTrue();
    assertThat(id).startsWith(Routes.hash(route) + "-");
    assertThat(Routes.partitionOfHash(id, partitions))
        .isEqualTo(Routes.partition(route, partitions))
        .isBetween(0, partitions - 1);
  }

  @Test
  void routes_spread_over_partitions() {
    int[] count = new int[8];
    for (int workspace = 0; workspace < 8_000; workspace++) {
      count[Routes.partition(Routes.databricks("98475296429" + workspace), 8)]++;
    }

    assertThat(Arrays.stream(count).boxed())
        .allSatisfy(each -> assertThat(each).isBetween(850, 1_150));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "abc", "0123abcd", "0123abcd_x", "0123abcg-x", "-0123abcd", "0123abcde-x"})
  void other_texts_are_no_ids(String text) {
    assertThat(Routes.isId(text)).isFalse();
  }

  @Test
  void no_text_is_no_id() {
    assertThat(Routes.isId(null)).isFalse();
  }

  @Test
  void parts_of_an_id_are_told_apart() {
    assertThat(Ids.digest("ab", "c"))
        .isNotEqualTo(Ids.digest("a", "bc"))
        .isNotEqualTo(Ids.digest("abc"))
        .isNotEqualTo(Ids.digest("ab", "c", null))
        .isNotEqualTo(Ids.digest("ab", "c", ""));
    assertThat(Ids.digest((Object) null)).isNotEqualTo(Ids.digest(""));
  }

  @Property
  void an_id_is_twenty_hexadecimal_digits(@ForAll String part) {
    assertThat(Ids.digest(part)).matches("[0-9a-f]{20}").isEqualTo(Ids.digest(part));
  }
}
