package io.mendline.serdes.telemetry;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.mendline.serdes.telemetry.MetricSample.Better;
import io.mendline.serdes.text.FreeText;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** The fields of one sample of a metric. */
final class MetricFields implements RecordFields {
  private static final Spellings<Field> FIELDS = Spellings.of(Field.class, field -> field.names);

  private enum Field {
    TIME("time", "timestamp"),
    METRIC("metric", "metricName"),
    SCOPE("scope", "resourceId"),
    NODE("node", "host", "instance"),
    HIGHER_IS_BETTER("higherIsBetter"),
    VALUE("value"),
    WEIGHT("weight"),
    AVERAGE("average"),
    TOTAL("total"),
    COUNT("count"),
    HITS("cache hits size", "cache_hits_size"),
    MISSES("cache misses size", "cache_misses_size"),
    RESOURCE("resource"),
    SCOPE_METRICS("scopeMetrics", "instrumentationLibraryMetrics");

    private final String names;

    Field(String... names) {
      this.names = Spellings.join(names);
    }
  }

  private final FreeText texts;
  private final Problem problem;
  private final Map<Field, Double> numbers = new EnumMap<>(Field.class);
  private long time = TelemetryRecord.ABSENT;
  private String metric;
  private String scope;
  private String node;
  private Better better = Better.UNSAID;
  private final OtlpMetrics otlp;

  MetricFields(FreeText texts) {
    this.texts = texts;
    this.otlp = new OtlpMetrics(texts);
    this.problem = new Problem(texts);
  }

  @Override
  public void field(String name, JsonParser value) throws IOException {
    Field field = FIELDS.find(name);
    if (field == null) {
      value.skipChildren();
      return;
    }
    switch (field) {
      case TIME -> time = problem.instant("time", value, time);
      case METRIC -> metric = RunObject.or(Json.id(value), metric);
      case SCOPE -> scope = RunObject.or(Json.id(value), scope);
      case NODE -> node = RunObject.or(Json.id(value), node);
      case HIGHER_IS_BETTER -> better = better(Json.text(value));
      case RESOURCE -> {
        if (value.currentToken() == JsonToken.START_OBJECT) {
          otlp.resource(value);
        } else {
          value.skipChildren();
        }
      }
      case SCOPE_METRICS -> otlp.scopeMetrics(value);
      case VALUE, WEIGHT, AVERAGE, TOTAL, COUNT, HITS, MISSES -> number(field, name, value);
    }
  }

  private Better better(String text) {
    if (text == null) {
      return better;
    }
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> Better.HIGHER;
      case "false" -> Better.LOWER;
      default -> {
        problem.note("higherIsBetter", text, "is neither true nor false");
        yield better;
      }
    };
  }

  private void number(Field field, String name, JsonParser value) throws IOException {
    JsonToken token = value.currentToken();
    if (token.isNumeric()) {
      put(field, name, value.getDoubleValue(), value.getText());
      return;
    }
    String text = Json.shown(value);
    if (token.isStructStart()) {
      value.skipChildren();
      problem.note(name, text, "is no number");
    } else if (token != JsonToken.VALUE_NULL && !text.isBlank()) {
      try {
        put(field, name, Double.parseDouble(text.strip()), text);
      } catch (NumberFormatException e) {
        problem.note(name, text, "is no number");
      }
    }
  }

  private void put(Field field, String name, double number, String text) {
    if (Double.isFinite(number)) {
      numbers.put(field, number);
    } else {
      problem.note(name, text, "is no finite number");
    }
  }

  @Override
  public void finish(int index, DecodedSink sink) {
    if (otlp.given() && metric == null) {
      otlp.finish(index, sink);
      return;
    }
    boolean ofDisk = numbers.containsKey(Field.HITS) || numbers.containsKey(Field.MISSES);
    if (metric == null && ofDisk) {
      metric = MetricDecoder.DISK_CACHE;
    }
    require(time != TelemetryRecord.ABSENT, "time");
    require(metric != null, "metric");
    require(scope != null, "scope");
    Double value = ofDisk ? null : value();
    require(ofDisk || value != null || hasNoVolume(), "value");
    double weight = ofDisk ? number(Field.HITS) + number(Field.MISSES) : weight();
    if (weight < 0 || number(Field.HITS) < 0 || number(Field.MISSES) < 0) {
      problem.note("weight", "of a sample is below zero");
    }
    if (problem.found()) {
      sink.bad(index, problem.reason());
    } else if (weight == 0 || (value == null && !ofDisk)) {
      sink.skipped(index, "a sample without volume");
    } else if (ofDisk) {
      Better way = better == Better.UNSAID ? Better.HIGHER : better;
      sink.record(index, sample(number(Field.HITS) / weight, weight, way));
    } else {
      sink.record(index, sample(value, weight, better));
    }
  }

  private void require(boolean given, String name) {
    if (!given) {
      problem.note(name, "missing");
    }
  }

  private boolean hasNoVolume() {
    return Double.valueOf(0).equals(numbers.get(Field.COUNT));
  }

  /** The value, or the average, or what comes of total and count; null where nothing says it. */
  private Double value() {
    Double told = numbers.get(Field.VALUE);
    if (told == null) {
      told = numbers.get(Field.AVERAGE);
    }
    Double total = numbers.get(Field.TOTAL);
    if (told != null || total == null || hasNoVolume()) {
      return told;
    }
    Double count = numbers.get(Field.COUNT);
    return count == null ? total : Double.valueOf(total / count);
  }

  private double weight() {
    Double told = numbers.get(Field.WEIGHT);
    if (told == null && !numbers.containsKey(Field.VALUE)) {
      told = numbers.get(Field.COUNT);
    }
    return told == null ? 1 : told;
  }

  private double number(Field field) {
    Double told = numbers.get(field);
    return told == null ? 0 : told;
  }

  private MetricSample sample(double value, double weight, Better way) {
    return new MetricSample(
        time, texts.line(metric), texts.line(scope), value, weight, way, texts.line(node));
  }
}
