package io.mendline.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mendline.benchmarks.LabelledSeries.Span;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelFileTest {
  @TempDir private Path folder;

  @Test
  void instants_and_windows_are_read_in_order_of_time() {
    Path file =
        file(
            """
            {
              "x/a.csv": ["1970-01-01 00:02:00", "1970-01-01T00:01:00Z", 180],
              "x/b.csv": [["1970-01-01 00:01:00.000000", "1970-01-01 00:02:00.000000"]],
              "x/c.csv": []
            }
            """);

    assertThat(LabelFile.read(file))
        .containsExactly(
            Map.entry(
                "x/a.csv",
                List.of(
                    new Span(60_000, 60_000),
                    new Span(120_000, 120_000),
                    new Span(180_000, 180_000))),
            Map.entry("x/b.csv", List.of(new Span(60_000, 120_000))),
            Map.entry("x/c.csv", List.of()));
  }

  /** Lines are parted by slashes here. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[] | line 1: is no object of series",
        "{/\"a.csv\": 60/} | line 2: \"a.csv\" is no list; write []",
        "{/\"a.csv\": [60,/\"noon\"]} | line 3: \"noon\" is no time; write it as 2014-04-10",
        "{/\"a.csv\": [null]} | line 2: \"null\" is no time",
        "{/\"a.csv\": [{\"at\": 60}]} | line 2: \"{\" is no time",
        "{/\"a.csv\": [[60]]} | line 2: a window is two times",
        "{/\"a.csv\": [[60, 120, 180]]} | line 2: a window is two times",
        "{/\"a.csv\": [[120, 60]]} | line 2: a window is two times, the earlier one first",
        "{/\"a.csv\": [[[60], 120]]} | line 2: \"[\" is no time",
        "{/\"a.csv\": [60]/ | is no JSON",
        "{\"a.csv\": []}/{} | line 2: goes on after its object",
        "{\"a.csv\": [],/\"a.csv\": [60]} | line 2: is no JSON: Duplicate",
      })
  void what_are_no_labels_is_refused_with_its_line(String lines, String problem) {
    Path file = file(lines.replace('/', '\n'));

    assertThatExceptionOfType(EvaluationException.class)
        .isThrownBy(() -> LabelFile.read(file))
        .withMessageStartingWith(file.toString())
        .withMessageContaining(problem);
  }

  @Test
  void labels_that_are_missing_are_asked_for() {
    assertThatExceptionOfType(EvaluationException.class)
        .isThrownBy(() -> LabelFile.read(folder.resolve("labels.json")))
        .withMessageContaining("labels.json cannot be read; put the labels of the series there");
  }

  private Path file(String json) {
    try {
      return Files.writeString(folder.resolve("labels.json"), json);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
