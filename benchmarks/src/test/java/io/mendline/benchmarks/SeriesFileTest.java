package io.mendline.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mendline.benchmarks.LabelledSeries.Sample;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SeriesFileTest {
  @TempDir private Path folder;

  /** Lines are parted by slashes here. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "timestamp,value/1970-01-01 00:01:00,1.5/1970-01-01 00:02:00,-2",
        "60,1.5/120,-2",
        "120,-2/60,1.5",
        "Value,Time/1.5,60/-2,120",
        "host,ts,cpu,value/a,60,9,1.5/a,120,9,-2",
        "time,cpu/60,1.5/120,-2",
        "cpu,time/1.5,60/-2,120",
        "60, 1.5 ,more/\"120\",\"-2\",more",
        "60,1.5//90,/100,NaN/120,-2/",
        "\ufeff60,1.5/120,-2"
      })
  void a_series_is_read_however_its_columns_stand(String lines) {
    assertThat(SeriesFile.read(file(lines)))
        .containsExactly(new Sample(60_000, 1.5), new Sample(120_000, -2));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "time,value/60,1/noon,2 | line 3: \"noon\" is no time; write it as 2014-04-10T00:00:00Z",
        "60,1/120,high/180,3 | line 2: \"high\" is no value; write a number",
        "60,1/120,Infinity | line 2: \"Infinity\" is no value",
        "60,1//120 | line 3: has 1 column(s); a time and a value are needed",
        "60;1/120;2 | line 1: has 1 column(s)",
        "time,value/ time,value | line 2: \"time\" is no time",
        "60,1/\"120,2 | is no CSV",
        "60,1 | holds fewer than two values",
        "time,value | holds fewer than two values",
      })
  void what_is_no_series_is_refused_with_its_line(String lines, String problem) {
    Path file = file(lines);

    assertThatExceptionOfType(EvaluationException.class)
        .isThrownBy(() -> SeriesFile.read(file))
        .withMessageStartingWith(file.toString())
        .withMessageContaining(problem);
  }

  @Test
  void bytes_that_are_no_text_are_refused() throws IOException {
    Path file = Files.write(folder.resolve("a.csv"), new byte[] {'6', (byte) 0xff, (byte) 0xfe});

    assertThatExceptionOfType(EvaluationException.class)
        .isThrownBy(() -> SeriesFile.read(file))
        .withMessageStartingWith(file.toString());
  }

  private Path file(String lines) {
    try {
      return Files.writeString(
          folder.resolve("a.csv"), lines.replace('/', '\n'), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
