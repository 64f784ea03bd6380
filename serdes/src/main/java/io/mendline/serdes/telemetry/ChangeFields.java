package io.mendline.serdes.telemetry;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.mendline.serdes.binary.BinaryWriter;
import io.mendline.serdes.text.FreeText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * The fields of one change, in the plain shape, as a webhook of GitHub's or as the deployment of a
 * Databricks bundle. Which it was is known at the end. What the sender puts beside a webhook in the
 * plain shape's words (service, files, labels) goes with it.
 */
final class ChangeFields implements RecordFields {
  /** What a label begins with that says where a change was deployed to. */
  static final String ENVIRONMENT = "environment:";

  private static final String SERVICE = "service:";
  private static final Spellings<Field> FIELDS = Spellings.of(Field.class, field -> field.names);
  private static final Spellings<Entry> ENTRIES = Spellings.of(Entry.class, entry -> entry.names);
  private static final int MAX_LIST = 1_000;

  private enum Field {
    ID("id", "change_id"),
    AT("at"),
    TIME("time", "timestamp", "event_time"),
    SERVICE("service", "service.name", "application"),
    KIND("kind", "type"),
    TITLE("title", "summary"),
    URL("url", "html_url", "link"),
    AUTHOR("author", "user"),
    COMMIT("commit", "commit_sha", "sha"),
    FILES("files", "paths", "changed_files"),
    LABELS("labels", "tags"),
    ACTION("action"),
    SENDER("sender"),
    REPOSITORY("repository"),
    PULL_REQUEST("pull_request"),
    DEPLOYMENT("deployment"),
    DEPLOYMENT_STATUS("deployment_status");

    private final String names;

    Field(String... names) {
      this.names = Spellings.join(names);
    }
  }

  /** What holds the text in an entry that is an object. */
  private enum Entry {
    TEXT("filename", "path", "name", "login"),
    /** Only where there is no better. */
    ID("sha", "id");

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
  private final GitHubFields gitHub;
  private final BundleFields bundle = new BundleFields();

  ChangeFields(FreeText texts) {
    this.texts = texts;
    this.problem = new Problem(texts);
    this.gitHub = new GitHubFields(problem);
  }

  @Override
  public void field(String name, JsonParser value) throws IOException {
    Field field = FIELDS.find(name);
    if (field == null) {
      bundle.field(name, value);
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
      case ACTION -> gitHub.action(value);
      case SENDER -> gitHub.sender(value);
      case REPOSITORY -> gitHub.repository(value);
      case PULL_REQUEST -> gitHub.pullRequest(value);
      case DEPLOYMENT -> gitHub.deployment(value);
      case DEPLOYMENT_STATUS -> gitHub.deploymentStatus(value);
    }
  }

  /** A number under {@code changed_files} is a count, not a list. */
  static List<String> list(JsonParser value, List<String> before) throws IOException {
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
  static String entry(JsonParser value) throws IOException {
    if (value.currentToken() != JsonToken.START_OBJECT) {
      return Json.id(value);
    }
    String found = null;
    String id = null;
    for (String name = value.nextFieldName(); name != null; name = value.nextFieldName()) {
      value.nextToken();
      Entry entry = ENTRIES.find(name);
      if (found == null && entry == Entry.TEXT) {
        found = Json.id(value);
      } else if (id == null && entry == Entry.ID) {
        id = Json.id(value);
      } else {
        value.skipChildren();
      }
    }
    return RunObject.or(found, id);
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
    String ignored = null;
    ChangeDraft draft;
    if (gitHub.isEvent()) {
      ignored = gitHub.ignored();
      draft = ignored == null ? gitHub.draft() : null;
    } else if (bundle.isDeployment()) {
      ignored = bundle.ignored();
      draft = ignored == null ? bundle.draft(id, when()) : null;
    } else {
      draft = plain();
    }
    if (ignored != null) {
      sink.skipped(index, ignored);
      return;
    }
    if (draft.at == TelemetryRecord.ABSENT) {
      problem.note("at", "missing, and so are time and timestamp");
    }
    if (problem.found()) {
      sink.bad(index, problem.reason());
      return;
    }
    List<String> all = new ArrayList<>(draft.labels);
    labels.stream().filter(label -> !all.contains(label)).forEach(all::add);
    for (String touched : services(draft, all)) {
      Change change = change("", touched, draft, all);
      sink.record(
          index, change(draft.id == null ? derivedId(change) : draft.id, touched, draft, all));
    }
  }

  private long when() {
    return at == TelemetryRecord.ABSENT ? time : at;
  }

  private ChangeDraft plain() {
    ChangeDraft draft = new ChangeDraft();
    draft.id = id;
    draft.at = when();
    draft.service = service;
    draft.kind = kind == null ? null : kind.toLowerCase(Locale.ROOT);
    draft.title = title;
    draft.url = url;
    draft.author = author;
    draft.commit = commit;
    return draft;
  }

  /**
   * The services that a change touches: the one that the sender names; else those that labels name,
   * as {@code service:<name>}; else the one that the source is called by. A null stands for any.
   */
  private List<String> services(ChangeDraft draft, List<String> all) {
    // An audit record calls its own category a service.
    if (service != null && !bundle.isDeployment()) {
      return Collections.singletonList(service);
    }
    List<String> named =
        all.stream()
            .filter(label -> label.startsWith(SERVICE) && label.length() > SERVICE.length())
            .map(label -> label.substring(SERVICE.length()).strip())
            .distinct()
            .toList();
    return named.isEmpty() ? Collections.singletonList(draft.service) : named;
  }

  private Change change(String identity, String touched, ChangeDraft draft, List<String> all) {
    return new Change(
        identity,
        draft.at,
        touched,
        draft.kind,
        texts.line(draft.title),
        texts.line(draft.url),
        draft.author,
        draft.commit,
        bundle.isDeployment() ? List.of() : files,
        all);
  }

  private static String derivedId(Change nameless) {
    BinaryWriter writer = new BinaryWriter();
    TelemetryCodec.encode(nameless, writer);
    return "change-" + HexFormat.of().toHexDigits(writer.hashFrom(0));
  }
}
