package io.mendline.serdes.telemetry;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.mendline.serdes.binary.BinaryWriter;
import io.mendline.serdes.text.FreeText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** The fields of one change in the plain shape. */
final class ChangeFields implements RecordFields {
  private static final Spellings<Field> FIELDS = Spellings.of(Field.class, field -> field.names);
  private static final Spellings<Entry> ENTRIES = Spellings.of(Entry.class, entry -> entry.names);
  private static final int MAX_LIST = 1_000;

  private enum Field {
    ID("id", "change_id"),
    AT("at"),
    TIME("time", "timestamp"),
    SERVICE("service", "service.name", "application"),
    KIND("kind", "type"),
    TITLE("title", "summary"),
    URL("url", "html_url", "link"),
    AUTHOR("author", "user"),
    COMMIT("commit", "commit_sha", "sha"),
    FILES("files", "paths", "changed_files"),
    LABELS("labels", "tags");

    private final String names;

    Field(String... names) {
      this.names = Spellings.join(names);
    }
  }

  /** What holds the text in an entry that is an object. */
  private enum Entry {
    TEXT("filename", "path", "name", "login", "sha", "id");

    private final String names;

    Entry(String... names) {
      this.names = Spellings.join(names);
    }
  }

  private final FreeText texts;
  private final Problem problem;
  private String id;
  private long at = TelemetryRecord.ABSENT;
  private long time = TelemetryRecord.ABSENT;
  private String service;
  private String kind;
  private String title;
  private String url;
  private String author;
  private String commit;
  private List<String> files = List.of();
  private List<String> labels = List.of();

  ChangeFields(FreeText texts) {
    this.texts = texts;
    this.problem = new Problem(texts);
  }

  @Override
  public void field(String name, JsonParser value) throws IOException {
    Field field = FIELDS.find(name);
    if (field == null) {
      value.skipChildren();
      return;
    }
    switch (field) {
      case ID -> id = RunObject.or(Json.id(value), id);
      case AT -> at = problem.instant("at", value, at);
      case TIME -> time = problem.instant("time", value, time);
      case SERVICE -> service = RunObject.or(Json.id(value), service);
      case KIND -> kind = RunObject.or(Json.text(value), kind);
      case TITLE -> title = RunObject.or(Json.text(value), title);
      case URL -> url = RunObject.or(Json.text(value), url);
      case AUTHOR -> author = RunObject.or(entry(value), author);
      case COMMIT -> commit = RunObject.or(entry(value), commit);
      case FILES -> files = list(value, files);
      case LABELS -> labels = list(value, labels);
    }
  }

  /** A number under {@code changed_files} is a count, not a list. */
  private static List<String> list(JsonParser value, List<String> before) throws IOException {
    if (value.currentToken() == JsonToken.VALUE_STRING) {
      return words(value.getText());
    }
    if (value.currentToken() != JsonToken.START_ARRAY) {
      value.skipChildren();
      return before;
    }
    List<String> entries = new ArrayList<>();
    while (value.nextToken() != JsonToken.END_ARRAY) {
      String entry = entry(value);
      if (entry != null && entries.size() < MAX_LIST) {
        entries.add(entry);
      }
    }
    return entries;
  }

  /** A text, or the text in an object that stands for one. */
  private static String entry(JsonParser value) throws IOException {
    if (value.currentToken() != JsonToken.START_OBJECT) {
      return Json.id(value);
    }
    String found = null;
    for (String name = value.nextFieldName(); name != null; name = value.nextFieldName()) {
      value.nextToken();
      if (found == null && ENTRIES.find(name) == Entry.TEXT) {
        found = Json.id(value);
      } else {
        value.skipChildren();
      }
    }
    return found;
  }

  private static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    int start = 0;
    for (int i = 0; i <= text.length() && words.size() < MAX_LIST; i++) {
      if (i == text.length() || text.charAt(i) == ',') {
        String word = text.substring(start, i).strip();
        if (!word.isEmpty()) {
          words.add(word);
        }
        start = i + 1;
      }
    }
    return words;
  }

  @Override
  public void finish(int index, DecodedSink sink) {
    long when = at == TelemetryRecord.ABSENT ? time : at;
    if (when == TelemetryRecord.ABSENT) {
      problem.note("at", "missing, and so are time and timestamp");
    }
    if (problem.found()) {
      sink.bad(index, problem.reason());
      return;
    }
    Change change = change("", when);
    sink.record(index, id == null ? change(derivedId(change), when) : change(id, when));
  }

  private Change change(String identity, long when) {
    return new Change(
        identity,
        when,
        service,
        kind == null ? null : kind.toLowerCase(Locale.ROOT),
        texts.line(title),
        texts.line(url),
        author,
        commit,
        files,
        labels);
  }

  private static String derivedId(Change nameless) {
    BinaryWriter writer = new BinaryWriter();
    TelemetryCodec.encode(nameless, writer);
    return "change-" + HexFormat.of().toHexDigits(writer.hashFrom(0));
  }
}
