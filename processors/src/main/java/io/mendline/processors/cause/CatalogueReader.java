package io.mendline.processors.cause;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.google.re2j.PatternSyntaxException;
import io.mendline.processors.cause.CauseEntry.Detail;
import io.mendline.processors.cause.CauseEntry.Rank;
import io.mendline.schemas.Confidence;
import io.mendline.schemas.Transience;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads a cause catalogue and checks it. Every error names the source, the entry and the field, and
 * says what would be right.
 */
final class CatalogueReader {
  private static final YAMLMapper YAML =
      YAMLMapper.builder().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION).build();

  private static final Set<String> FILE_FIELDS = Set.of("wrappers", "causes");
  private static final Set<String> ENTRY_FIELDS =
      Set.of(
          "key",
          "title",
          "category",
          "transience",
          "confidence",
          "rank",
          "ambiguous",
          "hint",
          "codes",
          "classes",
          "sqlstates",
          "phrases",
          "regexes",
          "sentinel",
          "details",
          "examples");

  private static final Pattern KEY = Pattern.compile("[a-z][a-z0-9-]*/(\\{class}|[\\w.-]+)");
  private static final Pattern CODE = Pattern.compile("\\w+");
  private static final Pattern ERROR_CLASS = Pattern.compile("[A-Za-z_$][\\w.$]{2,}\\*?");
  private static final Pattern SQLSTATE = Pattern.compile("[0-9A-Z]{2,5}");
  private static final int MIN_WRAPPER = 4;

  private final String name;
  private final boolean user;
  private final int firstOrder;
  private final Map<String, CauseEntry> byKey = new HashMap<>();

  CatalogueReader(String name, boolean user, int firstOrder) {
    this.name = name;
    this.user = user;
    this.firstOrder = firstOrder;
  }

  CauseCatalogue.Source read(String yaml) {
    JsonNode root;
    try {
      root = YAML.readTree(yaml);
    } catch (JsonProcessingException e) {
      throw new CatalogueException(
          name + ": not readable as YAML: " + e.getOriginalMessage() + at(e), e);
    }
    if (!root.isObject()) {
      throw new CatalogueException(name + ": must be a mapping with the field 'causes'");
    }
    new Fields(name, root).only(FILE_FIELDS);
    List<String> wrappers = new Fields(name, root).texts("wrappers");
    for (String wrapper : wrappers) {
      if (wrapper.length() < MIN_WRAPPER || !isAscii(wrapper)) {
        throw new CatalogueException(
            name + ": field 'wrappers': '" + wrapper + "' must be at least 4 ASCII characters");
      }
    }
    if (!root.path("causes").isArray()) {
      throw new CatalogueException(name + ": field 'causes' must be a list of entries");
    }
    List<CauseEntry> entries = new ArrayList<>();
    for (JsonNode node : root.get("causes")) {
      entries.add(entry(node, entries.size()));
    }
    return new CauseCatalogue.Source(entries, wrappers);
  }

  private static String at(JsonProcessingException e) {
    return e.getLocation() == null
        ? ""
        : " (line "
            + e.getLocation().getLineNr()
            + ", column "
            + e.getLocation().getColumnNr()
            + ")";
  }

  private CauseEntry entry(JsonNode node, int position) {
    String where =
        name + ": entry " + (position + 1) + " (" + node.path("key").asText("no key") + ")";
    if (!node.isObject()) {
      throw new CatalogueException(where + ": must be a mapping");
    }
    Fields fields = new Fields(where, node);
    fields.only(ENTRY_FIELDS);
    String key = fields.matching("key", fields.required("key"), KEY, "like 'spark/NAME'");
    CauseEntry entry =
        new CauseEntry(
            firstOrder + position,
            user,
            key,
            fields.required("title"),
            fields.choice("category", Category.class, null),
            transience(fields),
            confidence(fields),
            fields.choice("rank", Rank.class, Rank.SPECIFIC),
            fields.flag("ambiguous"),
            fields.text("hint"),
            fields.allMatching("codes", CODE, "a code such as CLOUD_FAILURE"),
            fields.allMatching(
                "classes", ERROR_CLASS, "an error class such as TABLE_*, of 3 or more characters"),
            fields.allMatching("sqlstates", SQLSTATE, "2 to 5 capitals or digits"),
            fields.texts("phrases"),
            fields.texts("regexes"),
            fields.allMatching("sentinel", CODE, "a code such as QUERY_TIMEOUT"),
            details(fields),
            fields.texts("examples"));
    check(entry, fields);
    checkKey(entry, fields);
    return entry;
  }

  /** An entry has to commit itself. */
  private static Transience transience(Fields fields) {
    Transience transience = fields.choice("transience", Transience.class, null);
    if (transience == Transience.UNKNOWN) {
      throw fields.error("transience", "must be transient or permanent");
    }
    return transience;
  }

  private static Confidence confidence(Fields fields) {
    Confidence confidence = fields.choice("confidence", Confidence.class, Confidence.HIGH);
    if (confidence == Confidence.UNKNOWN) {
      throw fields.error("confidence", "must be low, medium or high");
    }
    return confidence;
  }

  private static List<Detail> details(Fields fields) {
    List<Detail> details = new ArrayList<>();
    for (String text : fields.texts("details")) {
      String[] parts = text.split("\\{}", -1);
      if (parts.length != 2 || parts[0].isBlank()) {
        throw fields.error(
            "details", "'" + text + "' must be fixed text with one {} in or behind it");
      }
      details.add(new Detail(parts[0], parts[1]));
    }
    return details;
  }

  private static void check(CauseEntry entry, Fields fields) {
    if (entry.codes().isEmpty()
        && entry.classes().isEmpty()
        && entry.sqlstates().isEmpty()
        && entry.phrases().isEmpty()
        && entry.regexes().isEmpty()
        && entry.sentinel().isEmpty()) {
      throw fields.error("classes", "or another way to recognise the cause is missing");
    }
    boolean template = (entry.key() + entry.title()).contains(CauseEntry.CLASS_PLACEHOLDER);
    if (template
        && !(entry.codes().isEmpty()
            && entry.sqlstates().isEmpty()
            && entry.phrases().isEmpty()
            && entry.regexes().isEmpty()
            && entry.sentinel().isEmpty())) {
      throw fields.error(
          "key", "or 'title' has {class}, so the entry may be recognised by 'classes' only");
    }
    for (String phrase : entry.phrases()) {
      if (TextPattern.Phrase.of(phrase).requiredLiteral() == null) {
        throw fields.error(
            "phrases", "'" + phrase + "' needs a piece of 3 or more ASCII characters");
      }
    }
    for (String regex : entry.regexes()) {
      checkRegex(regex, fields);
    }
    if (!entry.regexes().isEmpty() && entry.examples().isEmpty()) {
      throw fields.error("examples", "is needed with 'regexes': a message that they match");
    }
  }

  /** One cause has one category, or its key would not be a name for it. */
  private void checkKey(CauseEntry entry, Fields fields) {
    CauseEntry earlier = byKey.putIfAbsent(entry.key(), entry);
    if (earlier != null
        && !entry.key().contains(CauseEntry.CLASS_PLACEHOLDER)
        && (earlier.category() != entry.category() || earlier.transience() != entry.transience())) {
      throw fields.error("key", "is used by an earlier entry with another category or transience");
    }
  }

  private static void checkRegex(String regex, Fields fields) {
    TextPattern.Regex compiled;
    try {
      compiled = TextPattern.Regex.of(regex);
    } catch (PatternSyntaxException e) {
      throw fields.error("regexes", "'" + regex + "' is not an RE2 expression: " + e.getMessage());
    }
    if (compiled.requiredLiteral() == null) {
      throw fields.error(
          "regexes",
          "'"
              + regex
              + "' needs 3 or more fixed characters outside of groups, so that it need not be tried on every message");
    }
  }

  private static boolean isAscii(String text) {
    return text.chars().allMatch(c -> c < 128);
  }

  /** The fields of one mapping, read with errors that say where. */
  private record Fields(String where, JsonNode node) {
    void only(Set<String> known) {
      node.fieldNames()
          .forEachRemaining(
              field -> {
                if (!known.contains(field)) {
                  throw error(
                      field,
                      "is not known; known are "
                          + String.join(", ", known.stream().sorted().toList()));
                }
              });
    }

    CatalogueException error(String field, String problem) {
      return new CatalogueException(where + ": field '" + field + "' " + problem);
    }

    String text(String field) {
      JsonNode value = node.path(field);
      if (value.isMissingNode() || value.isNull()) {
        return null;
      }
      if (!value.isValueNode() || value.asText().isBlank()) {
        throw error(field, "must be text");
      }
      return value.asText().strip();
    }

    String required(String field) {
      String text = text(field);
      if (text == null) {
        throw error(field, "is missing");
      }
      return text;
    }

    boolean flag(String field) {
      JsonNode value = node.path(field);
      if (!value.isMissingNode() && !value.isBoolean()) {
        throw error(field, "must be true or false");
      }
      return value.asBoolean();
    }

    List<String> texts(String field) {
      JsonNode value = node.path(field);
      if (value.isMissingNode()) {
        return List.of();
      }
      if (!value.isArray() || value.isEmpty()) {
        throw error(field, "must be a list of texts, or be left out");
      }
      List<String> texts = new ArrayList<>();
      for (JsonNode item : value) {
        if (!item.isValueNode() || item.asText().isBlank()) {
          throw error(field, "must hold texts only");
        }
        texts.add(item.asText());
      }
      return List.copyOf(texts);
    }

    String matching(String field, String text, Pattern form, String description) {
      if (!form.matcher(text).matches()) {
        throw error(field, "'" + text + "' must be " + description);
      }
      return text;
    }

    List<String> allMatching(String field, Pattern form, String description) {
      List<String> texts = texts(field);
      texts.forEach(text -> matching(field, text, form, description));
      return texts;
    }

    <E extends Enum<E>> E choice(String field, Class<E> type, E otherwise) {
      String text = otherwise == null ? required(field) : text(field);
      if (text == null) {
        return otherwise;
      }
      List<String> names = new ArrayList<>();
      for (E value : type.getEnumConstants()) {
        String id = value.name().toLowerCase(Locale.ROOT);
        if (id.equals(text)) {
          return value;
        }
        names.add(id);
      }
      throw error(field, "'" + text + "' is none of " + String.join(", ", names));
    }
  }
}
