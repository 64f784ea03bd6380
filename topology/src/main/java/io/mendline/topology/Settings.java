package io.mendline.topology;

import io.mendline.processors.pipeline.Clock;
import io.mendline.processors.pipeline.Source;
import io.mendline.serdes.text.Redactor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The configuration of a service: one file of {@code key=value} lines, environment variables {@code
 * MENDLINE_*} over it, a {@link Profile} of defaults under it, and {@code kafka.*} passed through
 * to the clients. Names, values and what they add up to are checked before anything starts.
 *
 * <p>Printing settings never prints values of {@code kafka.*} nor what came from a secret's file or
 * variable.
 */
public final class Settings {
  /** Keys that begin so are passed to Kafka's clients without the prefix. */
  public static final String KAFKA = "kafka.";

  /**
   * Environment variables that begin so are settings: {@code MENDLINE_TOPICS_PREFIX} is {@code
   * topics.prefix}.
   */
  public static final String ENVIRONMENT = "MENDLINE_";

  /** Parts of a login that are shorter are words, not secrets. */
  private static final int SHORTEST_SECRET = 6;

  private final Map<String, Given> given;

  private Settings(Map<String, Given> given) {
    this.given = given;
  }

  /**
   * Settings from a file and the environment.
   *
   * @param file may be null: then only the environment counts
   * @throws SettingsException when a key is not known, or a value or several together are not what
   *     can be taken; says all that is wrong
   */
  public static Settings load(Path file, Map<String, String> environment) {
    return SettingsReader.load(file, environment);
  }

  /**
   * What a file says of anything but brokers and secrets, for what runs without them.
   *
   * @throws SettingsException as {@link #load}
   */
  public static Settings offline(Path file) {
    return SettingsReader.offline(file);
  }

  /**
   * Settings from keys and values.
   *
   * @throws SettingsException as {@link #load}
   */
  public static Settings of(Map<String, String> given) {
    Map<String, Given> values = new TreeMap<>();
    given.forEach((key, value) -> values.put(key, Given.of(value)));
    return checked(values, List.of());
  }

  /**
   * Settings whose names, values and combinations are checked.
   *
   * @param before what is already known to be wrong
   */
  static Settings checked(Map<String, Given> given, List<String> before) {
    List<String> problems = new ArrayList<>(before);
    Map<String, Given> sound = new TreeMap<>(given);
    Map<String, Given> kafka = passedThrough(given);
    given.forEach(
        (key, value) ->
            problem(key, value, kafka)
                .ifPresent(
                    problem -> {
                      problems.add(value.located("\"" + key + "\" " + problem));
                      sound.remove(key);
                    }));
    Settings settings = new Settings(sound);
    problems.addAll(Combinations.problems(settings));
    if (!problems.isEmpty()) {
      throw new SettingsException(problems);
    }
    return settings;
  }

  private static Optional<String> problem(String key, Given value, Map<String, Given> kafka) {
    if (key.startsWith(KAFKA)) {
      String name = key.substring(KAFKA.length());
      return Reserved.problem(name, value).or(() -> KafkaKeys.problem(name, value, kafka));
    }
    Map<String, Setting<?>> known = new HashMap<>();
    Setting.all().forEach(setting -> known.put(setting.key(), setting));
    if (!known.containsKey(key)) {
      return Optional.of(
          "is not a setting"
              + Nearest.to(key, new TreeSet<>(known.keySet()))
                  .map(nearest -> "; did you mean \"" + nearest + "\"?")
                  .orElse("; docs/configuration.md lists all"));
    }
    try {
      Object unused = known.get(key).parse().apply(value.text());
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of("cannot be \"" + printed(key, value) + "\": it " + e.getMessage());
    }
  }

  private static String printed(String key, Given value) {
    return KafkaKeys.isSecretOfOurs(key) ? "***" : value.printed();
  }

  private static Map<String, Given> passedThrough(Map<String, Given> given) {
    Map<String, Given> kafka = new TreeMap<>();
    given.forEach(
        (key, value) -> {
          if (key.startsWith(KAFKA)) {
            kafka.put(key.substring(KAFKA.length()), value);
          }
        });
    return kafka;
  }

  /** The value of a setting: as given, else by the profile, else the default. */
  <T> T get(Setting<T> setting) {
    Given value = given.get(setting.key());
    if (value != null) {
      return setting.parse().apply(value.text());
    }
    return setting.parse().apply(byDefault(setting));
  }

  private String byDefault(Setting<?> setting) {
    // The profile's own default is the same under every profile.
    return setting.key().equals(Setting.PROFILE.key())
        ? setting.defaultText()
        : profile().byKey().getOrDefault(setting.key(), setting.defaultText());
  }

  /** What kind of broker the service runs against. */
  public Profile profile() {
    return get(Setting.PROFILE);
  }

  /** What was given under a key, or null. */
  Given given(String key) {
    return given.get(key);
  }

  /** A problem of a key, with where the key was said. */
  String located(String key, String problem) {
    Given value = given.get(key);
    return value == null ? problem : value.located(problem);
  }

  /** A text of Kafka's, without the secrets among these settings and without any other. */
  String masked(String text) {
    String masked = text;
    for (Map.Entry<String, Given> each : given.entrySet()) {
      Given value = each.getValue();
      boolean secret =
          value.secret()
              || (each.getKey().startsWith(KAFKA)
                  ? KafkaKeys.isSecret(each.getKey().substring(KAFKA.length()))
                  : KafkaKeys.isSecretOfOurs(each.getKey()));
      if (secret && !value.text().isEmpty()) {
        masked = masked.replace(value.text(), "***");
        // A login is quoted in parts.
        for (String part : value.text().split("\"", -1)) {
          if (part.length() >= SHORTEST_SECRET && part.indexOf('=') < part.length() - 1) {
            masked = masked.replace(part, "***");
          }
        }
      }
    }
    return Redactor.standard().redact(masked);
  }

  /** What is passed through to Kafka's clients, without the prefix, the profile's part included. */
  Map<String, String> kafka() {
    Map<String, String> kafka = new TreeMap<>();
    profile()
        .byKey()
        .forEach(
            (key, value) -> {
              if (key.startsWith(KAFKA)) {
                kafka.put(key.substring(KAFKA.length()), value);
              }
            });
    passedThrough(given).forEach((name, value) -> kafka.put(name, value.text()));
    return kafka;
  }

  /** These settings with one changed. */
  public Settings with(String key, String value) {
    Map<String, Given> changed = new TreeMap<>(given);
    changed.put(key, Given.of(value));
    return checked(changed, List.of());
  }

  /** The names of topics. */
  public Topics topics() {
    Map<Source, String> named = new EnumMap<>(Source.class);
    for (Source source : Source.values()) {
      named.put(source, get(Setting.topic(source)));
    }
    return Topics.withPrefix(get(Setting.TOPICS_PREFIX), named);
  }

  /** How late each source may be, milliseconds. */
  public Map<Source, Long> lateness() {
    Map<Source, Long> lateness = new EnumMap<>(Source.class);
    for (Source source : Source.values()) {
      lateness.put(
          source, source == Source.POLICIES ? 0L : get(Setting.lateness(source)).toMillis());
    }
    return lateness;
  }

  /** What the time is taken to be. */
  public Clock clock() {
    return get(Setting.INPUT_CLOCK) ? Clock.INPUT : Clock.WALL;
  }

  /** How many partitions the engine has. */
  public int partitions() {
    return get(Setting.PARTITIONS);
  }

  /** What public topics are written in. */
  public OutputFormat format() {
    return get(Setting.FORMAT);
  }

  /** Whether a service logs JSON, one object a line, rather than text. */
  public boolean jsonLog() {
    return get(Setting.JSON_LOG);
  }

  /**
   * From which level on a service logs: {@code error}, {@code warn}, {@code info} or {@code debug}.
   */
  public String logLevel() {
    return get(Setting.LOG_LEVEL);
  }

  /** The name of the application. */
  public String applicationId() {
    return get(Setting.APPLICATION_ID);
  }

  @Override
  public String toString() {
    Map<String, String> printed = new TreeMap<>();
    given.forEach(
        (key, value) -> {
          if (!key.startsWith(KAFKA)) {
            printed.put(key, printed(key, value));
          }
        });
    return "Settings" + printed + ", and for Kafka's clients " + passedThrough(given).keySet();
  }

  /** Every setting as key, default, values and meaning, for the documentation. */
  public static List<String[]> reference() {
    return Setting.all().stream()
        .map(
            setting ->
                new String[] {
                  setting.key(), setting.defaultText(), setting.values(), setting.meaning()
                })
        .toList();
  }
}
