package io.mendline.cli.deploy;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A scrape, read: which metrics there are, with which labels, and what they stand at. */
final class Exposed {
  private static final Pattern LABEL = Pattern.compile("([a-zA-Z_]\\w*)=\"([^\"]*)\"");

  private final Map<String, String> types = new TreeMap<>();
  private final Map<String, String> meanings = new TreeMap<>();
  private final Map<String, Set<String>> labels = new TreeMap<>();
  private final Map<String, Double> series = new LinkedHashMap<>();

  Exposed(String scrape) {
    for (String line : scrape.lines().toList()) {
      if (line.startsWith("# TYPE ")) {
        String[] words = line.split(" ", -1);
        types.put(words[2], words[3]);
      } else if (line.startsWith("# HELP ")) {
        String[] words = line.split(" ", 4);
        meanings.put(words[2], words.length > 3 ? words[3].strip() : "");
      } else {
        read(line);
      }
    }
  }

  private void read(String line) {
    int space = line.lastIndexOf(' ');
    String key = line.substring(0, space);
    int brace = key.indexOf('{');
    String name = brace < 0 ? key : key.substring(0, brace);
    Set<String> of = labels.computeIfAbsent(name, any -> new TreeSet<>());
    Matcher label = LABEL.matcher(key);
    while (label.find()) {
      if (!label.group(2).isEmpty()) {
        of.add(label.group(1));
      }
    }
    String value = line.substring(space + 1);
    series.put(
        key,
        value.equals("+Inf") ? Double.valueOf(Double.POSITIVE_INFINITY) : Double.valueOf(value));
  }

  /** Every name that a query can ask for: of a histogram its parts. */
  Set<String> names() {
    return labels.keySet();
  }

  /** The names of metrics, of a histogram its own. */
  Set<String> metrics() {
    return types.keySet();
  }

  String type(String metric) {
    return types.get(metric);
  }

  String meaning(String metric) {
    return meanings.getOrDefault(metric, "");
  }

  /** The labels that a metric has; a histogram's {@code le} is none of its own. */
  Set<String> labels(String metric) {
    return labels.getOrDefault(metric, labels.getOrDefault(metric + "_count", Set.of()));
  }

  /** What a series stands at; 0 where it is not there. */
  double value(String key) {
    return series.getOrDefault(key, 0.0);
  }

  int size() {
    return series.size();
  }
}
