package io.mendline.serdes.telemetry;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.mendline.serdes.text.FreeText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What a notebook says with its exit ({@code dbutils.notebook.exit}), where that is an object of
 * JSON that counts items or says how it went. Any other text says nothing, and none is an error.
 */
final class ExitReport implements Json.Fields {
  /** Longer texts are data, not reports. */
  private static final int MOST_CHARACTERS = 200_000;

  private static final int NAME_LENGTH = 100;
  private static final Set<String> FAILED_WORDS =
      Set.of("failed", "failure", "fail", "error", "errored", "ko");

  private final List<String> names = new ArrayList<>();
  private long total = TelemetryRecord.ABSENT;
  private long succeeded = TelemetryRecord.ABSENT;
  private long failed = TelemetryRecord.ABSENT;
  private boolean saysFailed;
  private String message;

  private ExitReport() {}

  /** What this text says; null where that is nothing. */
  static ExitReport of(String exit) {
    if (exit == null || exit.length() > MOST_CHARACTERS || !exit.stripLeading().startsWith("{")) {
      return null;
    }
    ExitReport report = new ExitReport();
    Json.inString(exit, value -> Json.object(value, report));
    report.complete();
    return report.total > 0 || report.saysFailed ? report : null;
  }

  RunItems items(FreeText texts) {
    return new RunItems(
        (int) total,
        (int) succeeded,
        names.stream().map(texts::line).map(name -> FreeText.beginning(name, NAME_LENGTH)).toList(),
        saysFailed,
        false);
  }

  /** What it says went wrong; nullable. */
  String message() {
    return message;
  }

  @Override
  public void field(String name, JsonParser value) throws IOException {
    switch (Key.ALL.find(name, Key.NONE)) {
      case TOTAL -> total = count(value, false);
      case SUCCEEDED -> succeeded = count(value, false);
      case FAILED -> failed(value);
      case SUCCESS -> success(value);
      case STATUS -> status(Json.text(value));
      case MESSAGE -> message = RunObject.or(Json.text(value), message);
      case NONE -> value.skipChildren();
    }
  }

  private void failed(JsonParser value) throws IOException {
    if (value.currentToken() == JsonToken.VALUE_TRUE) {
      saysFailed = true;
    } else if (value.currentToken() != JsonToken.VALUE_FALSE) {
      failed = Math.max(failed, count(value, true));
    }
  }

  private void success(JsonParser value) throws IOException {
    if (value.currentToken() == JsonToken.VALUE_FALSE) {
      saysFailed = true;
    } else if (value.currentToken() != JsonToken.VALUE_TRUE) {
      succeeded = Math.max(succeeded, count(value, false));
    }
  }

  private void status(String word) {
    saysFailed |= word != null && FAILED_WORDS.contains(word.toLowerCase(Locale.ROOT));
  }

  /** A number, or how many a list holds. */
  private long count(JsonParser value, boolean named) throws IOException {
    if (value.currentToken() != JsonToken.START_ARRAY) {
      long number = Json.wholeNumber(value);
      return number >= 0 && number <= Integer.MAX_VALUE ? number : TelemetryRecord.ABSENT;
    }
    long size = 0;
    while (value.nextToken() != JsonToken.END_ARRAY) {
      size++;
      String name = name(value);
      if (named && name != null && names.size() < RunItems.MOST_NAMES) {
        names.add(name);
      }
    }
    return size;
  }

  /** An item is its name, or an object that has one. */
  private static String name(JsonParser value) throws IOException {
    if (value.currentToken() != JsonToken.START_OBJECT) {
      return Json.id(value);
    }
    String[] name = new String[1];
    Json.object(
        value,
        (key, inner) -> {
          if (ItemKey.ALL.find(key) == null) {
            inner.skipChildren();
          } else {
            name[0] = RunObject.or(name[0], Json.id(inner));
          }
        });
    return name[0];
  }

  /** Counts what can be told from the others; what does not fit together says nothing. */
  private void complete() {
    if (total < 0 && succeeded >= 0 && failed >= 0) {
      total = succeeded + failed;
    } else if (succeeded < 0 && failed >= 0) {
      succeeded = total - failed;
    }
    if (succeeded < 0 || succeeded > total || total > Integer.MAX_VALUE) {
      total = 0;
      succeeded = 0;
    }
  }

  private enum Key {
    TOTAL("total", "total_items", "items_total", "item_count", "total_count"),
    SUCCEEDED("succeeded", "succeeded_items", "items_succeeded", "succeeded_count", "passed"),
    FAILED("failed", "failed_items", "items_failed", "failed_count", "failures", "errors"),
    SUCCESS("success", "ok", "success_count"),
    STATUS("status", "state", "result", "outcome"),
    MESSAGE("error", "error_message", "message", "reason", "exception"),
    NONE;

    static final Spellings<Key> ALL = Spellings.of(Key.class, key -> key.names);

    private final String names;

    Key(String... names) {
      this.names = Spellings.join(names);
    }
  }

  private enum ItemKey {
    NAME("name", "id", "key", "item", "table", "task");

    static final Spellings<ItemKey> ALL = Spellings.of(ItemKey.class, key -> key.names);

    private final String names;

    ItemKey(String... names) {
      this.names = Spellings.join(names);
    }
  }
}
