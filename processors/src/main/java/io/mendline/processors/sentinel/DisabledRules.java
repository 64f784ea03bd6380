package io.mendline.processors.sentinel;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * How Sentinel tells of a rule that is switched off. One that it has switched off by itself gets a
 * prefix to its name; the text that a rule was not executed also comes of rules that a person has
 * switched off.
 */
final class DisabledRules {
  private static final Pattern PREFIX =
      Pattern.compile("^\\s*auto\\s+disabled", Pattern.CASE_INSENSITIVE);
  private static final Pattern SEPARATOR = Pattern.compile("^[\\s:;,\\-]+");
  private static final String NOT_EXECUTED =
      letters("The analytics rule is disabled and was not executed.");

  private DisabledRules() {}

  /** Whether a name, which may be null, has the prefix of a rule disabled by Sentinel. */
  static boolean hasPrefix(String name) {
    return name != null && PREFIX.matcher(name).find();
  }

  /** Whether the prefix is written as Sentinel writes it. */
  static boolean hasExactPrefix(String name) {
    return name != null && name.startsWith("AUTO DISABLED");
  }

  /** The name without the prefix; the name itself where nothing would be left. */
  static String bare(String name) {
    String rest = SEPARATOR.matcher(PREFIX.matcher(name).replaceFirst("")).replaceFirst("");
    return rest.isBlank() ? name : rest.strip();
  }

  /** Whether a text, which may be null, says that the rule was not executed as it is disabled. */
  static boolean saysNotExecuted(String text) {
    return text != null && letters(text).contains(NOT_EXECUTED);
  }

  /** Case, spaces and punctuation drift; letters do not. */
  private static String letters(String text) {
    StringBuilder letters = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      if (Character.isLetter(text.charAt(i))) {
        letters.append(text.charAt(i));
      }
    }
    return letters.toString().toLowerCase(Locale.ROOT);
  }
}
