package io.mendline.topology;

import io.mendline.processors.pipeline.Clock;
import io.mendline.processors.pipeline.Source;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.kafka.streams.StreamsConfig;

/**
 * The configuration of a service: one file of {@code key=value} lines, environment variables {@code
 * MENDLINE_*} over it, and {@code kafka.*} passed through to the clients. A key that is not known
 * stops the start.
 *
 * <p>Printing settings never prints values of {@code kafka.*}, which hold secrets.
 */
public final class Settings {
  /** Keys that begin so are passed to Kafka's clients without the prefix. */
  public static final String KAFKA = "kafka.";

  /**
   * Environment variables that begin so are settings: {@code MENDLINE_TOPICS_PREFIX} is {@code
   * topics.prefix}.
   */
  public static final String ENVIRONMENT = "MENDLINE_";

  /** What the {@code mendline} script hands to Java; no setting of the service. */
  private static final String JAVA_OPTIONS = ENVIRONMENT + "JAVA_OPTS";

  /**
   * What is more than a client's own business, and the setting that says it: outputs are kept for a
   * second telling, and topics named, by what that setting says.
   */
  private static final Map<String, String> SAID_ELSEWHERE =
      Map.of(
          StreamsConfig.PROCESSING_GUARANTEE_CONFIG, Setting.EXACTLY_ONCE.key(),
          StreamsConfig.APPLICATION_ID_CONFIG, Setting.APPLICATION_ID.key());

  private static final int NEAR_ENOUGH = 5;

  private final Map<String, String> texts;
  private final Map<String, String> kafka;

  private Settings(Map<String, String> texts, Map<String, String> kafka) {
    this.texts = texts;
    this.kafka = kafka;
  }

  /**
   * Settings from a file and the environment.
   *
   * @param file may be null: then only the environment counts
   * @throws SettingsException when a key is not known or a value is not one that the key takes
   */
  public static Settings load(Path file, Map<String, String> environment) {
    Map<String, String> given = new TreeMap<>();
    if (file != null) {
      Properties properties = new Properties();
      try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
        properties.load(reader);
      } catch (IOException | IllegalArgumentException e) {
        throw new SettingsException(
            "the configuration " + file + " cannot be read: " + e.getMessage());
      }
      properties.stringPropertyNames().forEach(key -> given.put(key, properties.getProperty(key)));
    }
    environment.forEach(
        (name, value) -> {
          if (name.startsWith(ENVIRONMENT) && !name.equals(JAVA_OPTIONS)) {
            given.put(key(name), value);
          }
        });
    return of(given);
  }

  /**
   * Settings from keys and values.
   *
   * @throws SettingsException when a key is not known or a value is not one that the key takes
   */
  public static Settings of(Map<String, String> given) {
    Map<String, Setting<?>> known = new HashMap<>();
    Setting.all().forEach(setting -> known.put(setting.key(), setting));
    Map<String, String> texts = new TreeMap<>();
    Map<String, String> kafka = new TreeMap<>();
    given.forEach(
        (key, value) -> {
          if (key.startsWith(KAFKA)) {
            kafka.put(passedThrough(key), value.trim());
          } else if (known.containsKey(key)) {
            read(known.get(key), value.trim());
            texts.put(key, value.trim());
          } else {
            throw new SettingsException(
                "\"" + key + "\" is not a setting" + nearest(key, known.keySet()));
          }
        });
    return new Settings(texts, kafka);
  }

  /** The value of a setting. */
  <T> T get(Setting<T> setting) {
    return read(setting, texts.getOrDefault(setting.key(), setting.defaultText()));
  }

  /** What is passed through to Kafka's clients, without the prefix. */
  Map<String, String> kafka() {
    return kafka;
  }

  /** These settings with one changed. */
  public Settings with(String key, String value) {
    Map<String, String> given = new TreeMap<>(texts);
    kafka.forEach((name, text) -> given.put(KAFKA + name, text));
    given.put(key, value);
    return of(given);
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
    return "Settings" + texts + ", and for Kafka's clients " + kafka.keySet();
  }

  private static <T> T read(Setting<T> setting, String text) {
    try {
      return setting.parse().apply(text);
    } catch (IllegalArgumentException e) {
      throw new SettingsException(
          "\"" + setting.key() + "\" cannot be \"" + text + "\": it " + e.getMessage());
    }
  }

  private static String passedThrough(String key) {
    String name = key.substring(KAFKA.length());
    if (SAID_ELSEWHERE.containsKey(name)) {
      throw new SettingsException(
          "\"" + key + "\" cannot be set; set \"" + SAID_ELSEWHERE.get(name) + "\" instead");
    }
    return name;
  }

  private static String key(String variable) {
    return variable.substring(ENVIRONMENT.length()).toLowerCase(Locale.ROOT).replace('_', '.');
  }

  private static String nearest(String key, Iterable<String> known) {
    String nearest = null;
    int least = NEAR_ENOUGH + 1;
    for (String candidate : known) {
      int distance = distance(key, candidate);
      if (distance < least
          || (distance == least && nearest != null && candidate.compareTo(nearest) < 0)) {
        least = distance;
        nearest = candidate;
      }
    }
    return nearest == null
        ? "; docs/configuration.md lists all"
        : "; did you mean \"" + nearest + "\"?";
  }

  /** The Levenshtein distance. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int above = row[j];
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(change, Math.min(above, row[j - 1]) + 1);
        diagonal = above;
      }
    }
    return row[b.length()];
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
