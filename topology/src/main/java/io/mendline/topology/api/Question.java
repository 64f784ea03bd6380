package io.mendline.topology.api;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What is asked of partitions, here or on another instance.
 *
 * @param kind what is looked for
 * @param filter by which it is chosen, as the parameters of a request
 * @param after where the page begins
 * @param limit how many rows are wanted at most
 */
record Question(Kind kind, Map<String, String> filter, RowKey after, int limit) {
  /** More rows than any question asks for. */
  static final int ALL = 1_000_000;

  /** Everything of a kind that the filter chooses. */
  static Question all(Kind kind, Map<String, String> filter) {
    return new Question(kind, filter, RowKey.FIRST, ALL);
  }

  /** As the query of a URL. */
  String query() {
    String own =
        "limit=" + limit + (after.equals(RowKey.FIRST) ? "" : "&page=" + encode(after.token()));
    return filter.entrySet().stream()
        .map(each -> encode(each.getKey()) + "=" + encode(each.getValue()))
        .collect(Collectors.joining("&", filter.isEmpty() ? own : own + "&", ""));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
