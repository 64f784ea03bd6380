package io.mendline.processors.runs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import io.mendline.serdes.binary.CorruptDataException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ids of runs come back as they were, and numbers are short. */
class RunIdsTest {
  @ParameterizedTest
  @CsvSource({
    "0, 1",
    "7, 1",
    "125, 1",
    "126, 2",
    "807422613455113, 8",
    "999999999999999999, 9",
    "1000000000000000000, 21",
    "007, 5",
    "-7, 4",
    "'', 2",
    "５, 5",
    "1e4, 5",
    "2d4c9e4e-5d2c, 15"
  })
  void an_id_comes_back_as_it_was(String id, int bytes) {
    byte[] written = written(id);

    assertThat(written).hasSize(bytes);
    assertThat(RunIds.read(new BinaryReader(written))).isEqualTo(id);
  }

  @Test
  void none_is_none() {
    assertThat(RunIds.read(new BinaryReader(written(null)))).isNull();
  }

  @Test
  void what_is_no_number_is_refused() {
    byte[] negative = new BinaryWriter().writeVarLong(-5).toByteArray();

    assertThatThrownBy(() -> RunIds.read(new BinaryReader(negative)))
        .isInstanceOf(CorruptDataException.class)
        .hasMessageContaining("no run has the number -5");
  }

  @Property
  void any_text_comes_back(@ForAll String id, @ForAll long number) {
    for (String each : new String[] {id, Long.toString(number), "0" + number}) {
      String text = new String(each.getBytes(UTF_8), UTF_8);
      assertThat(RunIds.read(new BinaryReader(written(text)))).isEqualTo(text);
    }
  }

  private static byte[] written(String id) {
    BinaryWriter out = new BinaryWriter();
    RunIds.write(id, out);
    return out.toByteArray();
  }
}
