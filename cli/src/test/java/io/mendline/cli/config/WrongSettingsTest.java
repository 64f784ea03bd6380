package io.mendline.cli.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.cli.Mendline;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a person reads who got a setting wrong: one line that names the key and says what to do. The
 * cases stand in {@code wrong-settings.txt}: a name, the lines of a configuration, and what is
 * printed.
 */
class WrongSettingsTest {
  private static final int CASES = 60;
  private static final String SECRET = "correct-horse";

  @TempDir private Path folder;

  /**
   * One case.
   *
   * @param lines of the configuration
   * @param printed without the name of the command
   */
  private record Case(String name, List<String> lines, String printed) {}

  @TestFactory
  Stream<DynamicTest> one_line_says_what_is_wrong_and_what_to_do() throws IOException {
    List<Case> cases = cases();
    assertThat(cases).hasSizeGreaterThanOrEqualTo(CASES);
    return cases.stream()
        .map(each -> DynamicTest.dynamicTest(each.name().replace(' ', '_'), () -> holds(each)));
  }

  @Test
  void all_that_is_wrong_is_said_at_once() throws IOException {
    Path file =
        written(List.of("threads=0", "stores=tape", "kafka.sesion.timeout.ms=1", "format=xml"));

    assertThat(check(file))
        .hasSize(4)
        .allMatch(line -> line.startsWith("mendline: \"") && line.endsWith("[in " + file + "]"));
  }

  @Test
  void what_is_right_is_said_to_be() throws IOException {
    Path file = written(List.of("kafka.bootstrap.servers=localhost:9092", "state.dir=" + folder));
    StringWriter out = new StringWriter();

    int code =
        Mendline.run(
            new PrintWriter(out),
            new PrintWriter(new StringWriter()),
            "config",
            "check",
            "--offline",
            "--config",
            file.toString());

    assertThat(code).isZero();
    assertThat(out.toString().lines()).last().isEqualTo("ok");
  }

  private void holds(Case each) throws IOException {
    Path file = written(each.lines());

    assertThat(check(file))
        .singleElement()
        .asString()
        .isEqualTo("mendline: " + each.printed().replace("FILE", file.toString()))
        .doesNotContain(SECRET);
  }

  /** What is printed to standard error, line by line. */
  private static List<String> check(Path file) {
    StringWriter err = new StringWriter();
    int code =
        Mendline.run(
            new PrintWriter(new StringWriter()),
            new PrintWriter(err, true),
            "config",
            "check",
            "--offline",
            "--config",
            file.toString());
    assertThat(code).isEqualTo(1);
    return err.toString().lines().toList();
  }

  private Path written(List<String> lines) throws IOException {
    Path file = folder.resolve("m.properties");
    List<String> all = new ArrayList<>();
    lines.forEach(line -> all.add(line.replace("FILE", file.toString())));
    return Files.write(file, all);
  }

  private static List<Case> cases() throws IOException {
    List<Case> cases = new ArrayList<>();
    try (InputStream resource = WrongSettingsTest.class.getResourceAsStream("wrong-settings.txt")) {
      String text = new String(resource.readAllBytes(), StandardCharsets.UTF_8);
      for (String block : text.split("\n\n", -1)) {
        List<String> lines = block.lines().toList();
        cases.add(
            new Case(
                lines.get(0).substring(2),
                lines.subList(1, lines.size() - 1),
                lines.get(lines.size() - 1).substring(2)));
      }
    }
    return cases;
  }
}
