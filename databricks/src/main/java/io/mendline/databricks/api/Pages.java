package io.mendline.databricks.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mendline.databricks.api.ApiException.Kind;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Follows the tokens from page to page of one list. Pages that go round in a circle are an error.
 */
final class Pages {
  static final String NEXT = "next_page_token";
  private static final String PAGE = "page_token";

  private final String path;
  private final Set<String> seen = new HashSet<>();

  /** The pages of a path, none of which has been seen. */
  Pages(String path) {
    this.path = path;
  }

  /** The next page's token; null on the last. */
  String next(ObjectNode page) throws ApiException {
    String token = page.path(NEXT).asText("");
    if (token.isEmpty()) {
      return null;
    }
    if (!seen.add(token)) {
      throw new ApiException(Kind.UNREADABLE, path + ": the pages go round in a circle");
    }
    return token;
  }

  /** A query for the page of a token, or for the first where that is null. */
  static Map<String, String> onPage(Map<String, String> query, String token) {
    if (token == null) {
      return query;
    }
    Map<String, String> paged = new LinkedHashMap<>(query);
    paged.put(PAGE, token);
    return paged;
  }

  /** Hands over what stands in an array of a page. */
  static <X extends Exception> void each(ObjectNode page, String field, Taker<X> taker)
      throws ApiException, InterruptedException, X {
    for (JsonNode each : page.path(field)) {
      if (each instanceof ObjectNode object) {
        taker.take(object);
      }
    }
  }
}
