package io.mendline.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How busy the nodes of a pool are after members were moved off its hot node: what that node no
 * longer bears, those bear that the members went to.
 *
 * @param pool its {@code service.name}
 * @param metric the gauge that says how busy a node is
 * @param hotNode its {@code host.name}
 * @param targets where the members went, one for each of them
 * @param from from when on, epoch milliseconds
 * @param keeps the share that the hot node keeps of its load, 0 to 1
 */
record MovedLoad(
    String pool, String metric, String hotNode, List<String> targets, long from, double keeps) {
  /** Gauges in OpenTelemetry's JSON as they are told now; any other message as it is. */
  byte[] tell(long at, byte[] value) {
    JsonNode message = at < from ? Json.object() : Json.read(value);
    boolean moved = false;
    for (JsonNode resource : message.path("resourceMetrics")) {
      if (pool.equals(attribute(resource.path("resource"), "service.name"))) {
        for (JsonNode scope : resource.path("scopeMetrics")) {
          for (JsonNode gauge : scope.path("metrics")) {
            moved |= metric.equals(gauge.path("name").asText()) && move(gauge.path("gauge"));
          }
        }
      }
    }
    return moved ? Json.write(message) : value;
  }

  private boolean move(JsonNode gauge) {
    Map<String, ObjectNode> points = new HashMap<>();
    for (JsonNode point : gauge.path("dataPoints")) {
      if (point instanceof ObjectNode node) {
        points.put(attribute(point, "host.name"), node);
      }
    }
    ObjectNode hot = points.get(hotNode);
    if (hot == null) {
      return false;
    }
    double load = hot.path("asDouble").asDouble();
    add(hot, -load * (1 - keeps));
    for (String target : targets) {
      if (points.containsKey(target)) {
        add(points.get(target), load * (1 - keeps) / targets.size());
      }
    }
    return true;
  }

  private static void add(ObjectNode point, double more) {
    point.put("asDouble", Math.round((point.path("asDouble").asDouble() + more) * 10) / 10.0);
  }

  private static String attribute(JsonNode of, String key) {
    for (JsonNode attribute : of.path("attributes")) {
      if (key.equals(attribute.path("key").asText())) {
        return attribute.at("/value/stringValue").asText();
      }
    }
    return null;
  }
}
