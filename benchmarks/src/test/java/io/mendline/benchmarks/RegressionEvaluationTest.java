package io.mendline.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is printed of ten days, a value every half hour, that change on 2014-04-08 at 05:00. */
class RegressionEvaluationTest {
  private static final LocalDateTime START = LocalDateTime.parse("2014-04-01T00:00:00");
  private static final int CHANGE = 7 * 48 + 10;

  @TempDir private Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void writeSeries() throws IOException {
    Files.createDirectory(folder.resolve("real"));
    series("real/fall.csv", i -> i < CHANGE ? 100 : 60);
    series("real/rise.csv", i -> i < CHANGE ? 100 : 150);
    series("real/calm.csv", i -> 100);
    labels("\"2014-04-08 05:00:00\"");
  }

  @ParameterizedTest
  @CsvSource({
    // which way is better; found of the fall, of the rise, of all
    "HIGHER, 1, 0, 1",
    "lower,  0, 1, 1",
    "EITHER, 1, 1, 2",
  })
  void a_series_that_became_worse_is_found(String better, int fall, int rise, int all) {
    assertThat(run("--series", folder.toString(), "--better", better)).isZero();

    assertThat(found("real/fall.csv")).isEqualTo("480|1|" + fall + "|0");
    assertThat(found("real/rise.csv")).isEqualTo("480|1|" + rise + "|0");
    assertThat(found("real/calm.csv")).isEqualTo("480|0|0|0");
    assertThat(found("all")).isEqualTo("1440|2|" + all + "|0");
    assertThat(row("all")).contains("1.000", all == 2 ? "1.000" : "0.500");
  }

  @Test
  void windows_are_labels_too() throws IOException {
    labels("[\"2014-04-08 03:00:00.000000\", \"2014-04-08 06:00:00.000000\"]");

    assertThat(run("--series", folder.toString())).isZero();

    assertThat(found("real/fall.csv")).isEqualTo("480|1|1|0");
  }

  @Test
  void what_is_found_elsewhere_is_wrong() throws IOException {
    labels("\"2014-04-06 05:00:00\"");

    assertThat(run("--series", folder.toString(), "--near", "PT6H")).isZero();

    assertThat(found("real/fall.csv")).isEqualTo("480|1|0|1");
    assertThat(row("real/fall.csv")).containsSubsequence("0.000", "0.000");
  }

  @Test
  void files_are_scored_by_the_labels_that_are_named() throws IOException {
    Path labels = Files.move(folder.resolve("labels.json"), folder.resolve("combined.json"));
    Path fall = folder.resolve("real/fall.csv");

    assertThat(run("--series", fall.toString(), "--labels", labels.toString())).isZero();

    assertThat(found("fall.csv")).isEqualTo("480|1|1|0");
    assertThat(found("all")).isEqualTo("480|1|1|0");
  }

  @ParameterizedTest
  @CsvSource({
    "--minimum-share,  0.3, 1",
    "--minimum-share,  0.6, 0",
    "--minimum-change, 30,  1",
    "--minimum-change, 60,  0",
    "--bin, PT2H, 1",
    "--bin, PT12H, 1",
  })
  void options_say_what_counts(String option, String value, int found) {
    assertThat(run("--series", folder.toString(), option, value)).isZero();

    assertThat(found("real/fall.csv")).startsWith("480|1|" + found);
  }

  @Test
  void a_bad_line_is_named_with_its_file() throws IOException {
    Path file = folder.resolve("real/fall.csv");
    List<String> lines = new ArrayList<>(Files.readAllLines(file));
    lines.set(7, "soon,1");
    Files.write(file, lines);

    assertThat(run("--series", folder.toString())).isEqualTo(1);

    assertThat(err.toString()).startsWith(file + ", line 8: \"soon\" is no time; write it");
    assertThat(out.toString()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | labels.json does not name real/calm.csv; add \"real/calm.csv\": []",
        "{\"a/real/calm.csv\": [], \"calm.csv\": []} | labels.json names real/calm.csv more than"
            + " once",
      })
  void labels_have_to_name_each_series_once(String labels, String problem) throws IOException {
    Files.writeString(folder.resolve("labels.json"), labels);

    assertThat(run("--series", folder.toString())).isEqualTo(1);

    assertThat(err.toString()).contains(problem);
  }

  @Test
  void what_is_not_there_is_named() throws IOException {
    Path empty = Files.createDirectory(folder.resolve("empty"));

    assertThat(run("--series", folder.resolve("none.csv").toString())).isEqualTo(1);
    assertThat(run("--series", empty.toString())).isEqualTo(1);

    assertThat(err.toString().lines())
        .containsExactly(
            "there is no file or folder " + folder.resolve("none.csv"),
            empty + " holds no series; their names end with .csv");
  }

  @Test
  void bins_have_to_be_as_long_as_values_are_apart() {
    assertThat(run("--series", folder.toString(), "--bin", "PT10M")).isEqualTo(1);

    assertThat(err.toString())
        .startsWith("real/calm.csv: its values lie PT30M apart, so most bins of PT10M are empty");
  }

  @ParameterizedTest
  @CsvSource({
    "--minimum-share 0, must ask for a change above zero",
    "--minimum-share 0.1 --minimum-change 1, Say either",
    "--bin P2D, --bin must be from PT1M to PT24H",
    "--bin PT0S, --bin must be from PT1M to PT24H",
    "--near PT-1H, --near must not be negative",
    "--better BOTH, Invalid value for option '--better'",
    "--what, Unknown option",
  })
  void wrong_arguments_are_refused(String arguments, String problem) {
    List<String> all = new ArrayList<>(List.of("--series", folder.toString()));
    all.addAll(Arrays.asList(arguments.split(" ")));

    assertThat(run(all.toArray(new String[0]))).isEqualTo(2);

    assertThat(err.toString()).contains(problem);
  }

  @Test
  void made_up_series_are_judged_with_what_was_changed() {
    assertThat(run("2", "1")).isZero();

    assertThat(out.toString().lines())
        .anyMatch(line -> line.startsWith("STEP | 1 | 1 | 1 | 0 |"))
        .anyMatch(line -> line.startsWith("steps of a change | 7 | 7 |"))
        .anyMatch(line -> line.startsWith("precision"));
  }

  private int run(String... arguments) {
    return RegressionEvaluation.run(new PrintWriter(out), new PrintWriter(err, true), arguments);
  }

  /** Values, labels, found and wrong of a row. */
  private String found(String name) {
    return String.join("|", row(name).subList(1, 5));
  }

  private List<String> row(String name) {
    return out.toString()
        .lines()
        .map(line -> Arrays.asList(line.split(" \\| ", -1)))
        .filter(cells -> cells.get(0).equals(name))
        .findFirst()
        .orElseThrow();
  }

  private void series(String name, IntToDoubleFunction level) throws IOException {
    Random random = new Random(1);
    List<String> lines = new ArrayList<>(List.of("timestamp,value"));
    for (int i = 0; i < 480; i++) {
      String at = START.plus(Duration.ofMinutes(30L * i)).toString().replace('T', ' ');
      lines.add(at + "," + (level.applyAsDouble(i) + 2 * random.nextGaussian()));
    }
    Files.write(folder.resolve(name), lines);
  }

  /** The same for the fall and the rise, and none for the third. */
  private void labels(String label) throws IOException {
    Files.writeString(
        folder.resolve("labels.json"),
        """
        {"data/real/fall.csv": [%s], "rise.csv": [%s], "real/calm.csv": [], "other.csv": []}
        """
            .formatted(label, label));
  }
}
