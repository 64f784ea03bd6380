package io.mendline.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * Holds the table of settings in {@code docs/configuration.md} against the settings themselves.
 * When this fails, the message says what belongs between the marks.
 */
class ConfigurationReferenceTest {
  private static final Path DOCUMENT =
      Path.of(System.getProperty("mendline.root"), "docs", "configuration.md");
  private static final String BEGIN = "<!-- settings: begin -->\n";
  private static final String END = "<!-- settings: end -->";

  @Test
  void the_documented_settings_are_the_settings() throws IOException {
    String document = Files.readString(DOCUMENT);
    assertThat(document).contains(BEGIN, END);

    String documented =
        document.substring(document.indexOf(BEGIN) + BEGIN.length(), document.indexOf(END));

    String table = table();
    assertThat(documented)
        .as("the settings in docs/configuration.md; paste this between the marks:\n%s", table)
        .isEqualTo(table);
  }

  @Test
  void the_documented_defaults_of_profiles_are_the_defaults() throws IOException {
    String begin = "<!-- profiles: begin -->\n";
    String document = Files.readString(DOCUMENT);
    String documented =
        document.substring(
            document.indexOf(begin) + begin.length(), document.indexOf("<!-- profiles: end -->"));

    StringBuilder table =
        new StringBuilder("| key | with `profile=event-hubs` | why |\n|---|---|---|\n");
    for (Profile.Default each : Profile.EVENT_HUBS.defaults()) {
      table.append(String.format("| `%s` | `%s` | %s |%n", each.key(), each.value(), each.why()));
    }
    assertThat(Profile.KAFKA.defaults()).isEmpty();
    assertThat(documented)
        .as("the profiles in docs/configuration.md; paste this between the marks:\n%s", table)
        .isEqualTo(table.toString());
  }

  private static String table() {
    StringBuilder table =
        new StringBuilder("| key | default | values | meaning |\n|---|---|---|---|\n");
    for (String[] setting : Settings.reference()) {
      table.append("| `").append(setting[0]).append('`');
      table.append(" | ").append(setting[1].isEmpty() ? "" : "`" + setting[1] + "`");
      table.append(" | ").append(setting[2].replace("|", "\\|"));
      table.append(" | ").append(setting[3]).append(" |\n");
    }
    return table.toString();
  }
}
