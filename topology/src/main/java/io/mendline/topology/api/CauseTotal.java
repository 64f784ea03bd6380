package io.mendline.topology.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** One root cause over all routes. */
final class CauseTotal {
  private static final int NAMED = 20;

  private final String key;
  private final Set<String> routes = new TreeSet<>();
  private final Set<String> resources = new TreeSet<>();
  private JsonNode rootCause;
  private String kind;
  private long failures;
  private long firstAt = Long.MAX_VALUE;
  private long lastAt = Long.MIN_VALUE;
  private boolean recurring;
  private long repairsTried;
  private long repairsWorked;

  CauseTotal(String key) {
    this.key = key;
  }

  /** Adds what is known on one route. */
  void add(JsonNode onRoute) {
    if (onRoute.path("lastAt").asLong() > lastAt) {
      lastAt = onRoute.path("lastAt").asLong();
      // Titles name what the last failure named.
      rootCause = onRoute.path("rootCause");
      kind = onRoute.path("kind").asText();
    }
    firstAt = Math.min(firstAt, onRoute.path("firstAt").asLong());
    failures += onRoute.path("failures").asLong();
    recurring |= onRoute.path("recurring").asBoolean();
    repairsTried += onRoute.path("repairsTried").asLong();
    repairsWorked += onRoute.path("repairsWorked").asLong();
    routes.add(onRoute.path("route").asText());
    onRoute.path("resources").forEach(each -> resources.add(each.asText()));
  }

  boolean matches(Map<String, String> filter) {
    return matches(filter, "category", rootCause.path("category").asText())
        && matches(filter, "transience", rootCause.path("transience").asText())
        && matches(filter, "kind", kind)
        && matches(filter, "recurring", Boolean.toString(recurring));
  }

  private static boolean matches(Map<String, String> filter, String name, String value) {
    return !filter.containsKey(name) || filter.get(name).equalsIgnoreCase(value);
  }

  Row row() {
    ObjectNode document = Json.object();
    document.set("rootCause", rootCause);
    document
        .put("kind", kind)
        .put("failures", failures)
        .put("firstAt", Instant.ofEpochMilli(firstAt).toString())
        .put("lastAt", Instant.ofEpochMilli(lastAt).toString())
        .put("recurring", recurring)
        .put("repairsTried", repairsTried)
        .put("repairsWorked", repairsWorked);
    ArrayNode onRoutes = document.putArray("routes");
    routes.stream().limit(NAMED).forEach(onRoutes::add);
    ArrayNode named = document.putArray("resources");
    resources.stream().limit(NAMED).forEach(named::add);
    return new Row(new RowKey(failures, key), document);
  }
}
