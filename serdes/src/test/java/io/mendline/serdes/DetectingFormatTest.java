package io.mendline.serdes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mendline.schemas.Outcome;
import io.mendline.serdes.avro.AvroSingleObject;
import io.mendline.serdes.json.AvroJson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DetectingFormatTest {
  private final RecordFormat<Outcome> avro = new AvroSingleObject<>(Outcome.class);
  private final RecordFormat<Outcome> json = new AvroJson<>(Outcome.class);
  private final RecordFormat<Outcome> either = new DetectingFormat<>(avro, json);

  @Test
  void eitherFormatIsRead() {
    assertThat(either.read(avro.write(Samples.outcome()))).isEqualTo(Samples.outcome());
    assertThat(either.read(json.write(Samples.outcome()))).isEqualTo(Samples.outcome());
    assertThat(either.write(Samples.outcome())).isEqualTo(avro.write(Samples.outcome()));
  }

  @ParameterizedTest
  @ValueSource(strings = {" ", "\n\t", "\uFEFF", "\uFEFF "})
  void whatStandsBeforeTheBraceDoesNotMatter(String before) {
    String text = before + new String(json.write(Samples.outcome()), UTF_8);

    assertThat(either.read(text.getBytes(UTF_8))).isEqualTo(Samples.outcome());
  }

  @Test
  void anythingElseIsSaid() {
    assertThatExceptionOfType(RecordFormatException.class)
        .isThrownBy(() -> either.read(new byte[0]))
        .withMessage("the message is empty");
    assertThatExceptionOfType(RecordFormatException.class)
        .isThrownBy(() -> either.read(new byte[] {0, 0, 0, 0, 7}))
        .withMessage("neither Avro nor JSON: begins with byte 0x00");
    assertThatExceptionOfType(RecordFormatException.class)
        .isThrownBy(() -> either.read("<xml/>".getBytes(UTF_8)))
        .withMessage("neither Avro nor JSON: begins with byte 0x3C");
  }
}
