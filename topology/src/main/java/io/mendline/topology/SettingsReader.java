package io.mendline.topology;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.TreeSet;

/** Gathers what a file and the environment say, and resolves the secrets they refer to. */
final class SettingsReader {
  /** What the {@code mendline} script hands to Java; no setting of the service. */
  private static final String JAVA_OPTIONS = Settings.ENVIRONMENT + "JAVA_OPTS";

  private final References references;
  private final Map<String, Given> given = new TreeMap<>();
  private final List<String> problems = new ArrayList<>();

  private SettingsReader(Map<String, String> environment) {
    this.references = new References(environment);
  }

  static Settings load(Path file, Map<String, String> environment) {
    SettingsReader reader = new SettingsReader(environment);
    Map<String, String[]> said = said(reader, file, environment);
    // What is for other commands is neither resolved nor judged here: its secrets are not ours.
    said.keySet().removeIf(SettingsReader::isForAnotherCommand);
    said.forEach((key, value) -> reader.take(key, value[0], value[1]));
    return Settings.checked(reader.given, reader.problems);
  }

  /** The keys that begin so, without that beginning; see {@link SettingsSection}. */
  static SettingsSection section(Path file, Map<String, String> environment, String prefix) {
    SettingsReader reader = new SettingsReader(environment);
    said(reader, file, environment)
        .forEach(
            (key, value) -> {
              if (key.startsWith(prefix)) {
                reader.take(key.substring(prefix.length()), value[0], value[1]);
              }
            });
    return new SettingsSection(prefix, reader.given, reader.problems);
  }

  private static boolean isForAnotherCommand(String key) {
    return key.startsWith(SettingsSection.DATABRICKS);
  }

  private static Map<String, String[]> said(
      SettingsReader reader, Path file, Map<String, String> environment) {
    // What the environment replaces is not looked at in the file, references included.
    Map<String, String[]> said = new TreeMap<>();
    if (file != null) {
      reader.read(file).forEach((key, value) -> said.put(key, new String[] {value, "in " + file}));
    }
    environment.forEach(
        (name, value) -> {
          if (name.startsWith(Settings.ENVIRONMENT) && !name.equals(JAVA_OPTIONS)) {
            said.put(key(name), new String[] {value, "from " + name});
          }
        });
    return said;
  }

  static Settings offline(Path file) {
    SettingsReader reader = new SettingsReader(Map.of());
    reader
        .read(file)
        .forEach(
            (key, value) -> {
              if (!key.startsWith(Settings.KAFKA)
                  && !isForAnotherCommand(key)
                  && !value.contains("${")) {
                reader.take(key, value, "in " + file);
              }
            });
    return Settings.checked(reader.given, reader.problems);
  }

  private Map<String, String> read(Path file) {
    Twice lines = new Twice();
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      lines.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      throw new SettingsException(
          "the configuration " + file + " cannot be read: " + reason(e) + "; check --config");
    }
    lines.twice.forEach(
        key ->
            problems.add(
                "\"" + key + "\" is set more than once; keep one of the lines [in " + file + "]"));
    Map<String, String> texts = new TreeMap<>();
    lines.stringPropertyNames().forEach(key -> texts.put(key, lines.getProperty(key)));
    return texts;
  }

  private static String reason(Exception e) {
    if (e instanceof NoSuchFileException) {
      return "there is no such file";
    }
    if (e instanceof AccessDeniedException) {
      return "its rights do not allow it";
    }
    return e instanceof IllegalArgumentException ? e.getMessage() : "it is no text file in UTF-8";
  }

  private void take(String key, String text, String origin) {
    try {
      given.put(key, references.resolve(text.trim(), origin));
    } catch (IllegalArgumentException e) {
      problems.add("\"" + key + "\" " + e.getMessage() + " [" + origin + "]");
    }
  }

  private static String key(String variable) {
    return variable
        .substring(Settings.ENVIRONMENT.length())
        .toLowerCase(Locale.ROOT)
        .replace('_', '.');
  }

  /** Properties that notice when a key comes twice: the last one would win without a word. */
  private static final class Twice extends Properties {
    private static final long serialVersionUID = 1L;
    private final TreeSet<String> twice = new TreeSet<>();

    @Override
    public synchronized Object put(Object key, Object value) {
      if (containsKey(key)) {
        twice.add((String) key);
      }
      return super.put(key, value);
    }
  }
}
