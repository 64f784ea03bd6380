package io.mendline.processors.cause;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.mendline.processors.cause.CauseEntry.Rank;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;

/**
 * The error classes that Apache Spark and Delta Lake publish, as they come in their artifacts: the
 * build copies {@code error-conditions.json} and {@code delta-error-classes.json} into {@code
 * published/} beside this class. A class that the cause catalogue does not name itself gets its
 * category and transience from {@link ClassJudgement} and its title from the published message.
 *
 * <p>Spark's {@code _LEGACY_} classes are left out: nearly all are numbers without a meaning and
 * without an SQLSTATE. Immutable.
 */
final class PublishedClasses {
  /** What is published of one class. */
  record Published(String name, String sqlstate, String message, Map<String, String> subClasses) {}

  private static final String[] FILES = {
    "published/spark/error/error-conditions.json", "published/delta/error/delta-error-classes.json"
  };

  private static final String LEGACY = "_LEGACY_";
  private static final JsonFactory JSON = new JsonFactory();
  private static final int TITLE_LENGTH = 140;

  /** A class that says that a user's function or another layer failed, and not why. */
  private static final String[] WRAPPING = {
    "FUNCTION_ERROR", "SOURCE_ERROR", "RUNTIME_ERROR", "EXTERNAL_ERROR", "MULTIPLE_FAILURES"
  };

  private static final Map<String, Published> ALL = read();

  private final Map<String, CauseEntry> entries = new HashMap<>();

  /** All published classes, judged with this catalogue's entries for SQLSTATEs. */
  PublishedClasses(CauseCatalogue catalogue) {
    for (Published published : ALL.values()) {
      entries.put(published.name(), entry(published, catalogue));
    }
  }

  /** The entry of a class, without a sub-class; null if it is not published. */
  CauseEntry find(String errorClass) {
    return entries.get(errorClass);
  }

  /** The SQLSTATE of a class; null if it has none or is not published. */
  static String sqlstate(String errorClass) {
    Published published = ALL.get(errorClass);
    return published == null ? null : published.sqlstate();
  }

  /** By name, as published. */
  static Map<String, Published> all() {
    return ALL;
  }

  /**
   * A title from the published messages: that of the sub-class if it has one, else that of the
   * class.
   *
   * @param subClass null if the message names none
   */
  static String title(String errorClass, String subClass) {
    Published published = ALL.get(errorClass);
    String sub = subClass == null ? null : published.subClasses().get(subClass);
    String name = sub == null ? errorClass : errorClass + "." + subClass;
    String message = sub == null || sub.startsWith("<") ? published.message() : sub;
    if (message.startsWith("<")) {
      return name;
    }
    return cut(message) + " (" + name + ")";
  }

  private static String cut(String message) {
    if (message.length() <= TITLE_LENGTH) {
      return message.endsWith(".") || message.endsWith(":")
          ? message.substring(0, message.length() - 1)
          : message;
    }
    int space = message.lastIndexOf(' ', TITLE_LENGTH);
    return message.substring(0, space < 0 ? TITLE_LENGTH : space) + "…";
  }

  private static CauseEntry entry(Published published, CauseCatalogue catalogue) {
    String name = published.name();
    ClassJudgement judgement = ClassJudgement.of(name, published.sqlstate(), catalogue);
    boolean wraps = name.startsWith("INTERNAL_ERROR");
    for (String ending : WRAPPING) {
      wraps |= name.endsWith(ending);
    }
    return UnlistedClass.published(
        name, title(name, null), judgement, wraps ? Rank.GENERIC : Rank.SPECIFIC);
  }

  private static Map<String, Published> read() {
    Map<String, Published> all = new HashMap<>();
    for (String file : FILES) {
      try (InputStream in = PublishedClasses.class.getResourceAsStream(file)) {
        if (in == null) {
          throw new CatalogueException(
              file + ": is not on the class path; the build takes it from Spark's or Delta's jar");
        }
        try (JsonParser parser = JSON.createParser(in)) {
          read(parser, all);
        }
      } catch (IOException e) {
        throw new CatalogueException(file + ": cannot be read: " + e.getMessage(), e);
      }
    }
    return Map.copyOf(all);
  }

  private static void read(JsonParser parser, Map<String, Published> all) throws IOException {
    parser.nextToken();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      if (name.startsWith(LEGACY)) {
        parser.skipChildren();
      } else {
        all.put(name, readClass(name, parser));
      }
    }
  }

  private static Published readClass(String name, JsonParser parser) throws IOException {
    String sqlstate = null;
    String message = "";
    Map<String, String> subClasses = new HashMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      parser.nextToken();
      switch (field) {
        case "sqlState" -> sqlstate = parser.getText();
        case "message" -> message = firstLine(parser);
        case "subClass" -> {
          while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String sub = parser.currentName();
            parser.nextToken();
            subClasses.put(sub, readClass(sub, parser).message());
          }
        }
        default -> parser.skipChildren();
      }
    }
    return new Published(name, sqlstate, message, Map.copyOf(subClasses));
  }

  /** Of the lines of a message the first that says something; the parser is left at their end. */
  private static String firstLine(JsonParser parser) throws IOException {
    String first = "";
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      first = first.isEmpty() ? parser.getText().strip() : first;
    }
    int end = first.indexOf('\n');
    return end < 0 ? first : first.substring(0, end).strip();
  }
}
