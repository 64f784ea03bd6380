package io.mendline.cli.deploy;

import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a query asks for: metrics, and labels. No parser: texts, ranges and variables are cut out,
 * then what is a word and neither a function, a keyword nor a label is a metric.
 */
final class PromQl {
  private static final Pattern TEXT = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"");
  private static final Pattern RANGE = Pattern.compile("\\[[^\\]]*\\]");
  private static final Pattern MATCHERS = Pattern.compile("\\{([^}]*)\\}");
  private static final Pattern GROUPING =
      Pattern.compile("\\b(?:by|without|on|ignoring|group_left|group_right)\\s*\\(([^)]*)\\)");
  private static final Pattern WORD = Pattern.compile("(?<![\\w.])[a-zA-Z_:][\\w:]*");
  private static final Set<String> KEYWORDS =
      Set.of("and", "or", "unless", "bool", "offset", "inf", "nan");

  private final Set<String> metrics = new TreeSet<>();
  private final Set<String> labels = new TreeSet<>();

  PromQl(String query) {
    String rest = TEXT.matcher(query).replaceAll("\"\"");
    rest = RANGE.matcher(rest).replaceAll(" ");
    rest = take(MATCHERS, rest);
    rest = take(GROUPING, rest);
    Matcher word = WORD.matcher(rest);
    while (word.find()) {
      boolean called = rest.substring(word.end()).stripLeading().startsWith("(");
      // An aggregation may stand before its grouping, which is gone by now.
      boolean keyword = KEYWORDS.contains(word.group().toLowerCase(Locale.ROOT));
      if (!called && !keyword) {
        metrics.add(word.group());
      }
    }
  }

  private String take(Pattern pattern, String query) {
    Matcher found = pattern.matcher(query);
    while (found.find()) {
      Matcher word = WORD.matcher(found.group(1));
      while (word.find()) {
        labels.add(word.group());
      }
    }
    return pattern.matcher(query).replaceAll(" ");
  }

  /** Every metric it asks for. */
  Set<String> metrics() {
    return metrics;
  }

  /** Every label it selects or groups by. */
  Set<String> labels() {
    return labels;
  }
}
