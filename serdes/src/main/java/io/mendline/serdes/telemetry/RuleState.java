package io.mendline.serdes.telemetry;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.mendline.serdes.telemetry.RuleChange.Enabled;
import io.mendline.serdes.text.FreeText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * An analytics rule as an Azure resource, in whole or in part: its properties bare or under {@code
 * properties}, each of both as an object or as JSON in a string. A string that breaks off counts up
 * to there, for logs cut long values.
 *
 * <p>Only these two levels are read: further down other things are {@code enabled}, such as the
 * grouping of alerts.
 */
final class RuleState implements Json.Fields {
  private static final Spellings<Key> KEYS = Spellings.of(Key.class, key -> key.names);
  private static final int MAX_LIST = 64;
  private static final int MAX_WORD = 120;

  private enum Key {
    PROPERTIES("properties"),
    ENABLED("enabled"),
    FREQUENCY("queryFrequency"),
    PERIOD("queryPeriod"),
    SEVERITY("severity"),
    TACTICS("tactics"),
    TECHNIQUES("techniques"),
    DISPLAY_NAME("displayName");

    private final String names;

    Key(String... names) {
      this.names = Spellings.join(names);
    }
  }

  private boolean inProperties;
  private boolean empty = true;
  private Enabled enabled = Enabled.UNKNOWN;
  private long frequency = TelemetryRecord.ABSENT;
  private long period = TelemetryRecord.ABSENT;
  private String severity;
  private List<String> tactics;
  private List<String> techniques;
  private String displayName;

  /** Reads the state that a value holds; a value that holds none changes nothing. */
  void read(JsonParser value) throws IOException {
    inProperties = false; // a string that broke off there left it set
    Json.object(value, this);
  }

  @Override
  public void field(String name, JsonParser value) throws IOException {
    empty = false;
    Key key = KEYS.find(name);
    if (key == null) {
      value.skipChildren();
      return;
    }
    switch (key) {
      case PROPERTIES -> properties(value);
      case ENABLED -> enabled = enabled(value, enabled);
      case FREQUENCY -> frequency = SentinelFields.duration(value, frequency);
      case PERIOD -> period = SentinelFields.duration(value, period);
      case SEVERITY -> severity = word(value, severity);
      case TACTICS -> tactics = words(value, tactics);
      case TECHNIQUES -> techniques = words(value, techniques);
      case DISPLAY_NAME -> displayName = RunObject.or(Json.text(value), displayName);
    }
  }

  private void properties(JsonParser value) throws IOException {
    if (inProperties) {
      value.skipChildren();
      return;
    }
    inProperties = true;
    Json.object(value, this);
    inProperties = false;
  }

  /** Whether there was nothing to read, not even what is of no interest. */
  boolean isEmpty() {
    return empty;
  }

  /** Whether the rule is switched on. */
  Enabled enabled() {
    return enabled;
  }

  /** The display name; nullable. */
  String displayName() {
    return displayName;
  }

  /** Takes over from another what this one does not say. */
  RuleState or(RuleState other) {
    enabled = enabled == Enabled.UNKNOWN ? other.enabled : enabled;
    frequency = frequency < 0 ? other.frequency : frequency;
    period = period < 0 ? other.period : period;
    severity = RunObject.or(severity, other.severity);
    tactics = tactics == null ? other.tactics : tactics;
    techniques = techniques == null ? other.techniques : techniques;
    displayName = RunObject.or(displayName, other.displayName);
    return this;
  }

  /** Puts what is known into a record under construction. */
  RuleChange.Builder fill(RuleChange.Builder to, FreeText texts) {
    return to.enabled(enabled)
        .frequencyMillis(frequency)
        .periodMillis(period)
        .severity(texts.line(severity))
        .tactics(lines(tactics, texts))
        .techniques(lines(techniques, texts));
  }

  private static List<String> lines(List<String> words, FreeText texts) {
    return words == null ? List.of() : words.stream().map(texts::line).distinct().toList();
  }

  private static Enabled enabled(JsonParser value, Enabled before) throws IOException {
    String text = Json.text(value);
    if ("true".equalsIgnoreCase(text)) {
      return Enabled.YES;
    }
    return "false".equalsIgnoreCase(text) ? Enabled.NO : before;
  }

  private static String word(JsonParser value, String before) throws IOException {
    String text = Json.text(value);
    return text == null || text.length() > MAX_WORD ? before : text;
  }

  /** A list of words, also as JSON in a string or with commas. */
  private static List<String> words(JsonParser value, List<String> before) throws IOException {
    List<String> words = new ArrayList<>();
    if (value.currentToken() == JsonToken.START_ARRAY) {
      array(value, words);
      return words; // an empty list is said, too
    }
    if (value.currentToken() == JsonToken.VALUE_STRING) {
      string(value.getText(), words);
    } else {
      value.skipChildren();
    }
    return words.isEmpty() ? before : words;
  }

  private static Json.Nested array(JsonParser array, List<String> words) throws IOException {
    if (array.currentToken() != JsonToken.START_ARRAY) {
      return Json.Nested.NO_OBJECT;
    }
    while (array.nextToken() != JsonToken.END_ARRAY) {
      add(word(array, null), words);
    }
    return Json.Nested.READ;
  }

  private static void string(String text, List<String> words) {
    if (Json.inString(text, inner -> array(inner, words)) != Json.Nested.NO_OBJECT) {
      return;
    }
    int start = 0;
    for (int i = 0; i <= text.length(); i++) {
      if (i == text.length() || text.charAt(i) == ',') {
        add(text.substring(start, i).strip(), words);
        start = i + 1;
      }
    }
  }

  private static void add(String word, List<String> words) {
    boolean usable = word != null && !word.isEmpty() && word.length() <= MAX_WORD;
    if (usable && words.size() < MAX_LIST && !words.contains(word)) {
      words.add(word);
    }
  }
}
