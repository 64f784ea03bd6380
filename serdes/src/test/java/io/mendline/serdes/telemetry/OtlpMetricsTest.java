package io.mendline.serdes.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.serdes.telemetry.MetricSample.Better;
import io.mendline.serdes.text.Redactor;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Metrics as a collector's Kafka exporter writes them. */
class OtlpMetricsTest {
  private static final long TIME = Instant.parse("2026-06-01T09:00:00Z").toEpochMilli();
  private static final String NANOS = "1780304400000000000";
  private static final String RESOURCE =
      """
      {"attributes": [
        {"key": "service.name", "value": {"stringValue": "assistant"}},
        {"key": "service.instance.id", "value": {"stringValue": "i-1"}},
        {"key": "host.name", "value": {"stringValue": "node-3"}},
        {"key": "process.pid", "value": {"intValue": "77"}}]}""";

  private static Decoded decode(String json) {
    return Decoded.of(new MetricDecoder(Redactor.standard()), json);
  }

  private static String message(String resource, String metrics) {
    return """
        {"resourceMetrics": [{"resource": %s, "scopeMetrics": [
          {"scope": {"name": "meter", "version": "1"}, "metrics": [%s], "schemaUrl": "x"}]}]}
        """
        .formatted(resource, metrics);
  }

  private static List<TelemetryRecord> samples(String metrics) {
    Decoded decoded = decode(message(RESOURCE, metrics));
    assertThat(decoded.problems()).isEmpty();
    return decoded.facts;
  }

  private static MetricSample sample(String metric, double value, double weight) {
    return new MetricSample(TIME, metric, "assistant", value, weight, Better.UNSAID, "node-3");
  }

  @Test
  void aGaugeIsASampleForEachPoint() {
    assertThat(
            samples(
                """
                {"name": "cpu", "unit": "1", "gauge": {"dataPoints": [
                  {"timeUnixNano": "%1$s", "startTimeUnixNano": "1", "asDouble": 0.5},
                  {"timeUnixNano": %1$s, "asInt": "7"}, {"timeUnixNano": %1$s, "asInt": 8}]}}
                """
                    .formatted(NANOS)))
        .containsExactly(sample("cpu", 0.5, 1), sample("cpu", 7, 1), sample("cpu", 8, 1));
  }

  @Test
  void aSumOfDeltasIsItsDelta() {
    assertThat(
            samples(
                """
                {"name": "requests", "sum": {"dataPoints": [
                  {"timeUnixNano": "%s", "asInt": "12"}],
                  "aggregationTemporality": 1, "isMonotonic": true}}
                """
                    .formatted(NANOS)))
        .containsExactly(sample("requests", 12, 1));
  }

  @Test
  void aCumulativeSumThatMayFallIsALevel() {
    assertThat(
            samples(
                """
                {"name": "in_flight", "sum": {"aggregationTemporality": 2, "isMonotonic": false,
                  "dataPoints": [{"timeUnixNano": "%s", "asInt": "3"}]}}
                """
                    .formatted(NANOS)))
        .containsExactly(sample("in_flight", 3, 1));
  }

  @ParameterizedTest
  @CsvSource({
    "histogram, 1",
    "histogram, '\"AGGREGATION_TEMPORALITY_DELTA\"'",
    "exponentialHistogram, 1"
  })
  void aHistogramOfDeltasIsItsMeanByItsCount(String kind, String temporality) {
    assertThat(
            samples(
                """
                {"name": "latency", "%s": {"dataPoints": [
                  {"timeUnixNano": "%s", "count": "4", "sum": 10, "bucketCounts": ["1", "3"],
                   "explicitBounds": [1], "min": 1, "max": 4}],
                  "aggregationTemporality": %s}}
                """
                    .formatted(kind, NANOS, temporality)))
        .containsExactly(sample("latency", 2.5, 4));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'sum': {'aggregationTemporality': 2, 'isMonotonic': true, P} | cumulativetodelta",
        "'sum': {'isMonotonic': true, P} | set the exporter's temporality to delta",
        "'histogram': {'aggregationTemporality': 2, P} | set the exporter's temporality to delta",
        "'summary': {P} | send a histogram",
        "'histogram': {'aggregationTemporality': 1, Z} | has no value",
        "'gauge': {N} | has no value",
      })
  void whatSaysNothingByItselfIsSkippedWithTheReason(String data, String reason) {
    String points =
        data.replace(
                "P}", "'dataPoints': [{'timeUnixNano': 'T', 'asInt': 1, 'count': 1, 'sum': 1}]}")
            .replace("Z}", "'dataPoints': [{'timeUnixNano': 'T', 'count': '0', 'sum': 0}]}")
            .replace("N}", "'dataPoints': [{'timeUnixNano': 'T', 'flags': 1}]}");
    Decoded decoded =
        decode(
            message(
                RESOURCE,
                json("{'name': 'm', " + points + "}").replace("\"T\"", "\"" + NANOS + "\"")));

    assertThat(decoded.facts).isEmpty();
    assertThat(decoded.bad).isEmpty();
    assertThat(decoded.skipped)
        .singleElement()
        .satisfies(why -> assertThat(why).startsWith("0 metric 'm', point 0").contains(reason));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'asDouble': 1} | timeUnixNano: missing",
        "{'timeUnixNano': 'then', 'asDouble': 1} | timeUnixNano: 'then' is no instant",
        "{'timeUnixNano': 'T'} | asDouble, and so is asInt: missing",
        "{'timeUnixNano': 'T', 'asDouble': 'NaN'} | asDouble: 'NaN' is no finite number",
        "{'timeUnixNano': 'T', 'asDouble': 'much'} | asDouble: 'much' is no number",
        "{'timeUnixNano': 'T', 'asDouble': {}} | asDouble: '{…}' is no number",
        "7 | dataPoints: '7' is no object",
      })
  void aBadPointSpoilsNoOther(String point, String reason) {
    String good = "{'timeUnixNano': 'T', 'asDouble': 2}";
    Decoded decoded =
        decode(
            message(
                RESOURCE,
                json("{'name': 'm', 'gauge': {'dataPoints': ["
                        + good
                        + ","
                        + point
                        + ","
                        + good
                        + "]}}")
                    .replace("\"T\"", "\"" + NANOS + "\"")));

    assertThat(decoded.facts).containsExactly(sample("m", 2, 1), sample("m", 2, 1));
    assertThat(decoded.skipped).isEmpty();
    assertThat(decoded.bad)
        .singleElement()
        .satisfies(why -> assertThat(why).isEqualTo("0 metric 'm', point 1: " + full(why, reason)));
  }

  /** The reason, and what stands behind it. */
  private static String full(String why, String reason) {
    int at = why.indexOf(reason);
    return at < 0 ? reason : why.substring(at);
  }

  @Test
  void seriesOfOneMetricAreToldApartByTheirAttributes() {
    assertThat(
            samples(
                """
                {"name": "latency", "gauge": {"dataPoints": [
                  {"timeUnixNano": "%s", "asDouble": 1, "attributes": [
                    {"key": "route", "value": {"stringValue": "/a"}},
                    {"key": "code", "value": {"intValue": "200"}},
                    {"key": "service.name", "value": {"stringValue": "assistant"}}]}]}}
                """
                    .formatted(NANOS)))
        .containsExactly(sample("latency{code=200,route=/a}", 1, 1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "service.name=s;k8s.deployment.name=d;host.name=h | s | h",
        "k8s.deployment.name=d;k8s.node.name=n | d | n",
        "service.name=unknown_service:java;k8s.statefulset.name=db;service.instance.id=i | db | i",
        "k8s.cluster.name=c;k8s.node.name=n | c | n",
        "host.name=h | h | h",
      })
  void scopeAndNodeComeFromTheResource(String attributes, String scope, String node) {
    StringBuilder list = new StringBuilder();
    for (String attribute : attributes.split(";", -1)) {
      int equals = attribute.indexOf('=');
      list.append(list.isEmpty() ? "" : ",")
          .append("{'key': '" + attribute.substring(0, equals) + "', 'value': {'stringValue': '")
          .append(attribute.substring(equals + 1) + "'}}");
    }
    Decoded decoded = decode(message(json("{'attributes': [" + list + "]}"), gauge()));

    MetricSample sample = decoded.only(MetricSample.class);
    assertThat(sample.scope()).isEqualTo(scope);
    assertThat(sample.node()).isEqualTo(node);
  }

  @Test
  void withoutAScopeAPointIsBad() {
    assertThat(decode(message("{}", gauge())).onlyBad())
        .isEqualTo(
            "0 metric 'm', point 0: service.name, and so is whatever else says what was measured:"
                + " missing");
  }

  @Test
  void theResourceMayStandBehindItsMetrics() {
    Decoded decoded =
        decode(
            "{\"resourceMetrics\": [{\"scopeMetrics\": [{\"metrics\": ["
                + gauge()
                + "]}], \"resource\": "
                + RESOURCE
                + "}, {\"resource\": {}, \"scopeMetrics\": []}]}");

    assertThat(decoded.facts).containsExactly(sample("m", 1, 1));
    assertThat(decoded.skipped).containsExactly("1 metrics without a point");
  }

  private static String gauge() {
    return json("{'name': 'm', 'gauge': {'dataPoints': [{'timeUnixNano': 'T', 'asInt': '1'}]}}")
        .replace("\"T\"", "\"" + NANOS + "\"");
  }

  private static String json(String quoted) {
    return quoted.replace('\'', '"');
  }
}
