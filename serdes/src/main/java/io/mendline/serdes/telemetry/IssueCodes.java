package io.mendline.serdes.telemetry;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the codes in {@code Issues} and {@code FailureSummary}, whose shape is not documented: one
 * entry or a list, an entry as an object with its code under some key, as an object with the code
 * as its key, or as the bare code; and each of these as JSON in a string.
 *
 * <p>A code is one word; a sentence is a description and no code, unless the code stands before its
 * colon.
 */
final class IssueCodes {
  private static final int MAX_CODES = 32;
  private static final int MAX_CODE_LENGTH = 120;
  private static final int MAX_LEVELS = 6;
  private static final Spellings<Key> KEYS = Spellings.of(Key.class, key -> key.names);

  private enum Key {
    /** Holds the code. */
    CODE("Code", "IssueCode", "ErrorCode", "StatusCode"),
    /** Holds the code if no better key does. */
    PERHAPS("IssueType", "Type", "Name", "Id", "Key"),
    /** Holds more entries. */
    MORE("Issues", "Errors", "Items", "Values", "Value", "FailureSummary"),
    /** Says in words what it is. */
    MESSAGE("StatusMessage"),
    /** Says something about the entry. */
    ABOUT(
        "Description",
        "Message",
        "ErrorMessage",
        "Text",
        "Details",
        "Severity",
        "Level",
        "Status",
        "Count",
        "Time",
        "Timestamp");

    private final String names;

    Key(String... names) {
      this.names = Spellings.join(names);
    }
  }

  private List<String> codes = List.of();
  private String message;

  /** The codes so far, as spelled, in the order found, without repetition. */
  List<String> codes() {
    return codes;
  }

  /** What the first entry that says so says in words; null where none does. */
  String message() {
    return message;
  }

  /** The codes and one more, unless one of them says the same in either style of spelling. */
  List<String> with(String code) {
    String letters = code.replace("_", "");
    if (codes.stream().noneMatch(known -> known.replace("_", "").equalsIgnoreCase(letters))) {
      add(code);
    }
    return codes;
  }

  /** Takes the codes out of a value. */
  void read(JsonParser value) throws IOException {
    read(value, MAX_LEVELS);
  }

  private Json.Nested read(JsonParser value, int levels) throws IOException {
    switch (value.currentToken()) {
      case START_OBJECT -> object(value, levels);
      case START_ARRAY -> array(value, levels);
      case VALUE_STRING -> string(value.getText(), levels);
      case VALUE_NUMBER_INT -> add(value.getText()); // an HTTP status
      default -> {
        // null and booleans name nothing
      }
    }
    return Json.Nested.READ;
  }

  private void array(JsonParser array, int levels) throws IOException {
    if (levels == 0) {
      array.skipChildren();
      return;
    }
    while (array.nextToken() != JsonToken.END_ARRAY) {
      read(array, levels - 1);
    }
  }

  private void object(JsonParser object, int levels) throws IOException {
    if (levels == 0) {
      object.skipChildren();
      return;
    }
    List<String> lesser = new ArrayList<>(4);
    int before = codes.size();
    for (String key = object.nextFieldName(); key != null; key = object.nextFieldName()) {
      JsonToken token = object.nextToken();
      Key known = KEYS.find(key);
      if ((known == Key.CODE && token.isScalarValue()) || known == Key.MORE) {
        read(object, levels - 1);
      } else if (known == Key.PERHAPS && token.isScalarValue()) {
        lesser.add(0, object.getText());
      } else if (known == Key.MESSAGE && token == JsonToken.VALUE_STRING) {
        message = message == null ? object.getText() : message;
      } else {
        object.skipChildren();
        if (known == null) {
          lesser.add(key);
        }
      }
    }
    if (codes.size() == before) {
      lesser.forEach(this::add);
    }
  }

  private void string(String text, int levels) {
    Json.Nested nested =
        levels == 0 ? Json.Nested.NO_OBJECT : Json.inString(text, inner -> read(inner, levels - 1));
    if (nested != Json.Nested.NO_OBJECT) {
      return;
    }
    List<String> words = words(text);
    if (words.stream().allMatch(IssueCodes::isCode)) {
      words.forEach(this::add);
    } else if (text.indexOf(':') >= 0) {
      add(text.substring(0, text.indexOf(':')));
    }
  }

  /** What stands between commas and semicolons. */
  private static List<String> words(String text) {
    List<String> words = new ArrayList<>(4);
    int start = 0;
    for (int i = 0; i <= text.length(); i++) {
      if (i == text.length() || text.charAt(i) == ',' || text.charAt(i) == ';') {
        words.add(text.substring(start, i).strip());
        start = i + 1;
      }
    }
    return words;
  }

  private void add(String candidate) {
    String code = candidate.strip();
    if (codes.size() == MAX_CODES || !isCode(code) || codes.contains(code)) {
      return;
    }
    if (codes.isEmpty()) {
      codes = new ArrayList<>(4);
    }
    codes.add(code);
  }

  private static boolean isCode(String text) {
    if (text.isEmpty() || text.length() > MAX_CODE_LENGTH) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!Character.isLetterOrDigit(c) && c != '_' && c != '-' && c != '.') {
        return false;
      }
    }
    return true;
  }
}
