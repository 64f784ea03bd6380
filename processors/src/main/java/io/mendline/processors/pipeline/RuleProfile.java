package io.mendline.processors.pipeline;

import io.mendline.serdes.binary.WireEnum;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * What the records of its changes say an analytics rule is, as of some instant. Each is the latest
 * that was said of it by then, as one record may say less than another.
 *
 * @param severity of the alerts that the rule raises, as given, such as {@code High}; nullable
 * @param tactics the tactics that it detects, as given; empty where not said
 * @param techniques the techniques that it detects; empty where not said
 * @param standing whether the rule is there and switched on
 */
public record RuleProfile(
    String severity, List<String> tactics, List<String> techniques, Standing standing) {
  /** Of a rule of which no change was heard. */
  public static final RuleProfile UNKNOWN =
      new RuleProfile(null, List.of(), List.of(), Standing.UNKNOWN);

  /** Takes copies of the lists. */
  public RuleProfile {
    tactics = List.copyOf(tactics);
    techniques = List.copyOf(techniques);
  }

  /** Whether a rule is there and switched on. */
  public enum Standing implements WireEnum {
    /** It is switched on. */
    ENABLED(1),
    /** It is switched off. */
    DISABLED(2),
    /** It was deleted. */
    DELETED(3),
    /** No change said so. */
    UNKNOWN(0);

    private final int code;

    Standing(int code) {
      this.code = code;
    }

    @Override
    public int code() {
      return code;
    }
  }

  /** Whether nothing is known that a finding would carry. */
  public boolean isBlank() {
    return severity == null && tactics.isEmpty() && techniques.isEmpty();
  }

  /** Whether the alerts of the rule are of high severity. */
  public boolean isHigh() {
    return "high".equalsIgnoreCase(severity);
  }

  /** Puts into a finding's attributes what is known. */
  public void putInto(Map<String, String> attributes) {
    if (severity != null) {
      attributes.put("ruleSeverity", severity);
    }
    put("tactics", tactics, attributes);
    put("techniques", techniques, attributes);
  }

  private static void put(String key, List<String> words, Map<String, String> attributes) {
    if (!words.isEmpty()) {
      attributes.put(key, String.join(",", new TreeSet<>(words)));
    }
  }
}
