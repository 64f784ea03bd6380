package io.mendline.serdes.telemetry;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.mendline.serdes.telemetry.MetricSample.Better;
import io.mendline.serdes.text.FreeText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The metrics of one resource as OpenTelemetry's JSON writes them (an element of {@code
 * resourceMetrics}).
 *
 * <p>A point is a sample where it says by itself how things are: a gauge; a sum that may fall, or a
 * delta; a histogram of deltas, whose value is its mean and whose weight its count. A cumulative
 * sum or histogram has to be compared with the point before, so it is skipped. What comes before
 * the point's resource in the stream waits for it: a few words a point.
 */
final class OtlpMetrics {
  private static final String CUMULATIVE =
      "is cumulative: set the exporter's temporality to delta, or use the cumulativetodelta"
          + " processor";

  /** What measurements are of, the likeliest to be meant first. */
  private static final List<String> SCOPES =
      List.of(
          "service.name",
          "k8s.deployment.name",
          "k8s.statefulset.name",
          "k8s.daemonset.name",
          "k8s.cronjob.name",
          "k8s.job.name",
          "k8s.cluster.name");

  private static final List<String> NODES =
      List.of("host.name", "k8s.node.name", "service.instance.id");

  /** At most so many attributes tell series apart; others are left out. */
  private static final int MOST_ATTRIBUTES = 16;

  private static final int MAX_LEVELS = 4;
  private static final int NO_VALUE = 1;
  private static final String UNKNOWN_SERVICE = "unknown_service";

  private final FreeText texts;
  private final Map<String, String> resource = new HashMap<>();
  private final List<Point> points = new ArrayList<>();
  private boolean given;

  OtlpMetrics(FreeText texts) {
    this.texts = texts;
  }

  /** Whether the record has anything of this shape. */
  boolean given() {
    return given;
  }

  void resource(JsonParser value) throws IOException {
    given = true;
    object(
        value,
        (name, field) -> {
          if (name.equals("attributes")) {
            attributes(field, resource);
          } else {
            field.skipChildren();
          }
        });
  }

  void scopeMetrics(JsonParser value) throws IOException {
    given = true;
    each(
        value,
        scope ->
            object(
                scope,
                (name, field) -> {
                  if (name.equals("metrics")) {
                    each(field, this::metric);
                  } else {
                    field.skipChildren();
                  }
                }));
  }

  private void metric(JsonParser value) throws IOException {
    Metric metric = new Metric();
    object(
        value,
        (name, field) -> {
          switch (name) {
            case "name" -> metric.name = Json.text(field);
            case "gauge", "sum", "histogram", "exponentialHistogram", "summary" -> {
              metric.kind = name;
              object(field, metric::field);
            }
            default -> field.skipChildren();
          }
        });
    points.addAll(metric.points);
  }

  /** Tells every point, now that its metric and resource are known. */
  void finish(int index, DecodedSink sink) {
    if (points.isEmpty()) {
      sink.skipped(index, "metrics without a point");
    }
    for (Point point : points) {
      point.tell(index, sink);
    }
  }

  private interface Element {
    void read(JsonParser value) throws IOException;
  }

  private static void each(JsonParser value, Element element) throws IOException {
    if (value.currentToken() != JsonToken.START_ARRAY) {
      value.skipChildren();
      return;
    }
    while (value.nextToken() != JsonToken.END_ARRAY) {
      element.read(value);
    }
  }

  private static void object(JsonParser value, Json.Fields fields) throws IOException {
    if (value.currentToken() == JsonToken.START_OBJECT) {
      Json.walk(value, fields);
    } else {
      value.skipChildren();
    }
  }

  private static void attributes(JsonParser value, Map<String, String> into) throws IOException {
    each(value, attribute -> attribute(attribute, into));
  }

  private static void attribute(JsonParser value, Map<String, String> into) throws IOException {
    String[] pair = new String[2];
    object(
        value,
        (name, field) -> {
          switch (name) {
            case "key" -> pair[0] = Json.text(field);
            case "value" -> pair[1] = scalar(field, 0);
            default -> field.skipChildren();
          }
        });
    if (pair[0] != null && pair[1] != null) {
      into.put(pair[0], pair[1]);
    }
  }

  /** A typed value's text; null for what is no scalar. */
  private static String scalar(JsonParser value, int level) throws IOException {
    if (value.currentToken() != JsonToken.START_OBJECT || level == MAX_LEVELS) {
      return Json.id(value);
    }
    String[] found = new String[1];
    Json.walk(value, (type, typed) -> found[0] = RunObject.or(scalar(typed, level + 1), found[0]));
    return found[0];
  }

  /** Of several words the first that is there, of the point or else of its resource. */
  private String first(List<String> names, Map<String, String> attributes) {
    for (String name : names) {
      String said = RunObject.or(attributes.get(name), resource.get(name));
      if (said != null && !said.startsWith(UNKNOWN_SERVICE)) {
        return said;
      }
    }
    return null;
  }

  /** What the points of a metric have in common; parts of it stand behind the points. */
  private final class Metric {
    private final List<Point> points = new ArrayList<>();
    private String name;
    private String kind;
    private String temporality;
    private boolean monotonic;

    private void field(String field, JsonParser value) throws IOException {
      switch (field) {
        case "dataPoints" -> each(value, this::point);
        case "aggregationTemporality" -> temporality = Json.id(value);
        case "isMonotonic" -> monotonic = "true".equals(Json.text(value));
        default -> value.skipChildren();
      }
    }

    private void point(JsonParser value) throws IOException {
      Point point = new Point(this, points.size());
      if (value.currentToken() != JsonToken.START_OBJECT) {
        point.problem.note("dataPoints", Json.shown(value), "is no object");
      }
      object(value, point::field);
      points.add(point);
    }

    /** As a number or as the name of the constant, as protobuf's JSON may write either. */
    private boolean isDelta() {
      return "1".equals(temporality) || "AGGREGATION_TEMPORALITY_DELTA".equals(temporality);
    }

    private boolean isHistogram() {
      return "histogram".equals(kind) || "exponentialHistogram".equals(kind);
    }

    /** Why its points cannot be judged by themselves, or null. */
    private String ignored() {
      boolean cumulative =
          "sum".equals(kind) ? monotonic && !isDelta() : isHistogram() && !isDelta();
      if ("summary".equals(kind)) {
        return "is a summary, whose sums are of all time: send a histogram";
      }
      return cumulative ? CUMULATIVE : null;
    }
  }

  /** One point. */
  private final class Point {
    private final Metric metric;
    private final int place;
    private final Problem problem = new Problem(texts);
    private final Map<String, String> attributes = new TreeMap<>();
    private long time = TelemetryRecord.ABSENT;
    private long flags;
    private Double value;
    private Double sum;
    private Double count;

    Point(Metric metric, int place) {
      this.metric = metric;
      this.place = place;
    }

    private void field(String name, JsonParser field) throws IOException {
      switch (name) {
        case "timeUnixNano" -> time = problem.instant("timeUnixNano", field, time);
        case "asDouble", "asInt" -> value = number(name, field, value);
        case "sum" -> sum = number(name, field, sum);
        case "count" -> count = number(name, field, count);
        case "flags" -> flags = Json.wholeNumber(field);
        case "attributes" -> attributes(field, attributes);
        default -> field.skipChildren();
      }
    }

    private Double number(String name, JsonParser field, Double before) throws IOException {
      String text = Json.shown(field);
      if (field.currentToken().isStructStart()) {
        field.skipChildren();
        problem.note(name, text, "is no number");
        return before;
      }
      if (field.currentToken() == JsonToken.VALUE_NULL || text.isBlank()) {
        return before;
      }
      try {
        double number = Double.parseDouble(text.strip());
        if (Double.isFinite(number)) {
          return number;
        }
        problem.note(name, text, "is no finite number");
      } catch (NumberFormatException e) {
        problem.note(name, text, "is no number");
      }
      return before;
    }

    void tell(int index, DecodedSink sink) {
      String where = "metric " + texts.quote(metric.name) + ", point " + place;
      String ignored = ignored();
      if (ignored != null) {
        sink.skipped(index, where + ", " + ignored);
        return;
      }
      String node = first(NODES, attributes);
      String scope = first(SCOPES, attributes);
      String of = scope == null ? node : scope;
      boolean histogram = metric.isHistogram();
      require("name of the metric", metric.name);
      require("timeUnixNano", time == TelemetryRecord.ABSENT ? null : time);
      require(histogram ? "sum" : "asDouble, and so is asInt", histogram ? sum : value);
      require("service.name, and so is whatever else says what was measured", of);
      if (histogram) {
        require("count", count);
        if (count != null && count < 0) {
          problem.note("count", "is below zero");
        }
      }
      if (problem.found()) {
        sink.bad(index, where + ": " + problem.reason());
        return;
      }
      sink.record(
          index,
          new MetricSample(
              time,
              texts.line(series()),
              texts.line(of),
              histogram ? sum / count : value,
              histogram ? count : 1,
              Better.UNSAID,
              texts.line(node)));
    }

    private String ignored() {
      String ofMetric = metric.ignored();
      if (ofMetric != null) {
        return ofMetric;
      }
      boolean empty = metric.isHistogram() && Double.valueOf(0).equals(count);
      return empty || (flags & NO_VALUE) != 0 ? "has no value" : null;
    }

    private void require(String name, Object given) {
      if (given == null) {
        problem.note(name, "missing");
      }
    }

    /** The metric, and what tells its series apart: those of one name are not to be mixed. */
    private String series() {
      StringBuilder series = new StringBuilder(metric.name);
      int told = 0;
      for (Map.Entry<String, String> attribute : attributes.entrySet()) {
        if (SCOPES.contains(attribute.getKey()) || NODES.contains(attribute.getKey())) {
          continue;
        }
        if (told == MOST_ATTRIBUTES) {
          break;
        }
        series.append(told++ == 0 ? '{' : ',');
        series.append(attribute.getKey()).append('=').append(attribute.getValue());
      }
      return told == 0 ? series.toString() : series.append('}').toString();
    }
  }
}
