package io.mendline.serdes.telemetry;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.mendline.serdes.telemetry.JobSettings.Scope;
import io.mendline.serdes.text.FreeText;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What of a job's settings tells of its {@link JobMakeup}: the libraries and types of its tasks,
 * and what its environments install. Each may be JSON in a string.
 */
final class MakeupFields implements Json.Fields {
  private static final int MAX_LEVELS = 6;

  /** More than are kept, as they are sorted only when all were read. */
  private static final int MOST_READ = 1_000;

  private static final String TASK = "_task";

  /** Those run no code of their own. */
  private static final Set<String> WITHOUT_CODE =
      Set.of("condition_task", "for_each_task", "run_job_task");

  private static final Set<String> LIBRARY_KINDS =
      Set.of("pypi", "maven", "cran", "jar", "egg", "whl", "requirements");

  private final SortedSet<String> libraries = new TreeSet<>();
  private final SortedSet<String> taskTypes = new TreeSet<>();
  private String metadataPath;
  private String deploymentId;
  private int level;

  /** Takes a field of the job, or of one of its tasks. */
  @Override
  public void field(String name, JsonParser value) throws IOException {
    String plain = name.toLowerCase(Locale.ROOT);
    if (plain.equals("libraries")) {
      each(value, (kind, inner) -> library(kind, inner));
    } else if (plain.equals("environments")) {
      each(value, this::environment);
    } else {
      if (plain.endsWith(TASK) && !WITHOUT_CODE.contains(plain) && isThere(value)) {
        keep(taskTypes, plain);
      }
      value.skipChildren();
    }
  }

  /** Takes a field of the job's deployment. */
  void deployment(String name, JsonParser value) throws IOException {
    switch (name.toLowerCase(Locale.ROOT)) {
      case "metadata_file_path" -> metadataPath = Json.text(value);
      case "deployment_id" -> deploymentId = Json.id(value);
      default -> value.skipChildren();
    }
  }

  JobMakeup told(Scope scope, FreeText texts) {
    return scope == Scope.DELETED
        ? JobMakeup.UNTOLD
        : new JobMakeup(
            texts.line(RunObject.or(metadataPath, deploymentId)),
            lines(libraries, texts),
            lines(taskTypes, texts));
  }

  private static List<String> lines(SortedSet<String> words, FreeText texts) {
    Stream<String> lines = words.stream().map(texts::line);
    return lines.filter(Objects::nonNull).toList();
  }

  private static boolean isThere(JsonParser value) throws IOException {
    return JobFields.something(value.currentToken(), value);
  }

  /** Of a library one field says what it is, and of a published one an inner field which. */
  private void library(String kind, JsonParser value) throws IOException {
    String plain = kind.toLowerCase(Locale.ROOT);
    if (!LIBRARY_KINDS.contains(plain)) {
      value.skipChildren();
    } else if (value.currentToken() == JsonToken.START_OBJECT) {
      object(
          value,
          (name, inner) -> {
            if (name.equalsIgnoreCase("package") || name.equalsIgnoreCase("coordinates")) {
              keepLibrary(plain, Json.text(inner));
            } else {
              inner.skipChildren();
            }
          });
    } else {
      keepLibrary(plain, Json.text(value));
    }
  }

  private void environment(String name, JsonParser value) throws IOException {
    if (name.equalsIgnoreCase("spec")) {
      object(
          value,
          (inner, dependencies) -> {
            if (inner.equalsIgnoreCase("dependencies")) {
              dependencies(dependencies);
            } else {
              dependencies.skipChildren();
            }
          });
    } else {
      value.skipChildren();
    }
  }

  /** Lines as pip takes them: a path to a wheel, or a requirement. */
  private void dependencies(JsonParser value) throws IOException {
    if (value.currentToken() != JsonToken.START_ARRAY) {
      value.skipChildren();
      return;
    }
    while (value.nextToken() != JsonToken.END_ARRAY) {
      String text = Json.text(value);
      if (text != null && !text.startsWith("-")) {
        keepLibrary(text.endsWith(".whl") ? "whl" : "pypi", text);
      }
    }
  }

  private void keepLibrary(String kind, String text) {
    if (text != null) {
      keep(libraries, kind + ' ' + text);
    }
  }

  private static void keep(SortedSet<String> words, String word) {
    if (words.size() < MOST_READ) {
      words.add(word);
    }
  }

  /** The fields of each object of a list, which may be JSON in a string. */
  private void each(JsonParser value, Json.Fields fields) throws IOException {
    if (value.currentToken() == JsonToken.START_ARRAY) {
      while (value.nextToken() != JsonToken.END_ARRAY) {
        object(value, fields);
      }
    } else if (value.currentToken() == JsonToken.VALUE_STRING) {
      Json.inString(
          value.getText(),
          inner -> {
            if (level++ < MAX_LEVELS) {
              each(inner, fields);
            }
            level--;
            return Json.Nested.READ;
          });
    } else {
      value.skipChildren();
    }
  }

  private void object(JsonParser value, Json.Fields fields) throws IOException {
    if (level++ < MAX_LEVELS) {
      Json.object(value, fields);
    } else {
      value.skipChildren();
    }
    level--;
  }
}
