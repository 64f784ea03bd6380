package io.mendline.topology;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The settings of a command that has some of its own: those that begin with a prefix, from the same
 * file and environment as the service's, with secrets referred to in the same way. Problems are
 * collected, to be told all at once. Keys are without the prefix.
 */
public final class SettingsSection {
  /** What begins so is for the commands that talk to Databricks; the service passes it over. */
  public static final String DATABRICKS = "databricks.";

  private final String prefix;
  private final Map<String, Given> given;
  private final List<String> problems;
  private final Set<String> asked = new TreeSet<>();

  SettingsSection(String prefix, Map<String, Given> given, List<String> problems) {
    this.prefix = prefix;
    this.given = new TreeMap<>(given);
    this.problems = new ArrayList<>(problems);
  }

  /**
   * The keys of a file and the environment that begin so.
   *
   * @param file may be null: then only the environment counts
   * @throws SettingsException when the file cannot be read
   */
  public static SettingsSection load(Path file, Map<String, String> environment, String prefix) {
    return SettingsReader.section(file, environment, prefix);
  }

  /** All keys that were given. */
  public Set<String> keys() {
    return Set.copyOf(given.keySet());
  }

  /**
   * The value of a key.
   *
   * @param parse reads a text; an {@link IllegalArgumentException} completes a sentence about it
   * @return empty when it was not given, or cannot be read, which is noted
   */
  public <T> Optional<T> get(String key, Function<String, T> parse) {
    asked.add(key);
    Given value = given.get(key);
    if (value == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(parse.apply(value.text()));
    } catch (IllegalArgumentException e) {
      String shown = KafkaKeys.isSecretOfOurs(key) ? "***" : value.printed();
      problem(key, "cannot be \"" + shown + "\": it " + e.getMessage());
      return Optional.empty();
    }
  }

  /**
   * A duration, as 30s, 5m, 2h, 7d or PT2H.
   *
   * @return the default when it was not given, or cannot be read, which is noted
   */
  public Duration duration(String key, String byDefault, Duration least, Duration most) {
    Function<String, Duration> parse = Setting.duration(key, least, most);
    return get(key, parse).orElseGet(() -> parse.apply(byDefault));
  }

  /** Notes what is wrong with a key, in words that complete a sentence about it. */
  public void problem(String key, String problem) {
    String line = "\"" + prefix + key + "\" " + problem;
    Given value = given.get(key);
    problems.add(value == null ? line : value.located(line));
  }

  /**
   * Ends the reading: keys that nobody has asked for are not known.
   *
   * @throws SettingsException when anything is wrong, with all of it
   */
  public void check() {
    for (String key : given.keySet()) {
      if (!asked.contains(key)) {
        problem(
            key,
            "is not a setting"
                + Nearest.to(key, asked)
                    .map(nearest -> "; did you mean \"" + prefix + nearest + "\"?")
                    .orElse("; docs/poller.md lists all"));
      }
    }
    if (!problems.isEmpty()) {
      throw new SettingsException(problems);
    }
  }
}
