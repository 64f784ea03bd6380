package io.mendline.serdes.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.serdes.telemetry.MetricSample.Better;
import io.mendline.serdes.text.Redactor;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricDecoderTest {
  private static final long TIME = Instant.parse("2026-06-01T09:00:00Z").toEpochMilli();

  private final List<MetricSample> samples = new ArrayList<>();
  private final List<String> bad = new ArrayList<>();
  private final List<String> skipped = new ArrayList<>();

  @Test
  void reads_a_plain_sample() {
    decode(
        """
        {"time": "2026-06-01T09:00:00Z", "metric": "cpu", "scope": "pool-1", "value": 42.5,
         "higherIsBetter": false, "node": "node-3", "weight": 60}
        """);

    assertThat(samples)
        .containsExactly(new MetricSample(TIME, "cpu", "pool-1", 42.5, 60, Better.LOWER, "node-3"));
  }

  @Test
  void what_is_not_said_is_not_known() {
    decode("{\"time\": 1780304400, \"metric\": \"cpu\", \"scope\": 7, \"value\": \"1e2\"}");

    assertThat(samples)
        .containsExactly(new MetricSample(TIME, "cpu", "7", 100, 1, Better.UNSAID, null));
  }

  @Test
  void a_record_of_azure_monitor_counts_by_its_count() {
    decode(
        """
        {"records": [
          {"count": 12, "total": 480, "minimum": 10, "maximum": 90, "average": 40,
           "resourceId": "/SUBSCRIPTIONS/S/RESOURCEGROUPS/G/VM-1", "time": "2026-06-01T09:00:00Z",
           "metricName": "Percentage CPU", "timeGrain": "PT1M"},
          {"count": 4, "total": 10, "resourceId": "r", "time": "2026-06-01T09:00:00Z",
           "metricName": "Requests", "timeGrain": "PT1M"},
          {"count": 0, "total": 0, "resourceId": "r", "time": "2026-06-01T09:01:00Z",
           "metricName": "Requests", "timeGrain": "PT1M"}]}
        """);

    assertThat(samples)
        .containsExactly(
            new MetricSample(
                TIME,
                "Percentage CPU",
                "/SUBSCRIPTIONS/S/RESOURCEGROUPS/G/VM-1",
                40,
                12,
                Better.UNSAID,
                null),
            new MetricSample(TIME, "Requests", "r", 2.5, 4, Better.UNSAID, null));
    assertThat(skipped).containsExactly("a sample without volume");
    assertThat(bad).isEmpty();
  }

  @Test
  void a_disk_cache_is_judged_by_its_bytes() {
    decode(
        """
        [{"time": "2026-06-01T09:00:00Z", "scope": "warehouse-1", "cache hits size": 750,
          "cache misses size": 250, "cache writes size": 9},
         {"time": "2026-06-01T09:00:00Z", "scope": "warehouse-1", "cache_hits_size": 0,
          "cache_misses_size": 0}]
        """);

    assertThat(samples)
        .containsExactly(
            new MetricSample(
                TIME, MetricDecoder.DISK_CACHE, "warehouse-1", 0.75, 1_000, Better.HIGHER, null));
    assertThat(skipped).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{'metric': 'a', 'scope': 'b', 'value': 1} | time: missing",
        "{'time': 1, 'scope': 'b', 'value': 1} | metric: missing",
        "{'time': 1, 'metric': 'a', 'value': 1} | scope: missing",
        "{'time': 1, 'metric': 'a', 'scope': 'b'} | value: missing",
        "{'time': 1, 'metric': 'a', 'scope': 'b', 'value': null} | value: missing",
        "{'time': 1, 'metric': 'a', 'scope': 'b', 'value': 'much'} | is no number",
        "{'time': 1, 'metric': 'a', 'scope': 'b', 'value': 'NaN'} | is no finite number",
        "{'time': 1, 'metric': 'a', 'scope': 'b', 'value': 1e999} | is no finite number",
        "{'time': 1, 'metric': 'a', 'scope': 'b', 'value': [1]} | is no number",
        "{'time': 1, 'metric': 'a', 'scope': 'b', 'value': 1, 'weight': -1} | below zero",
        "{'time': 1, 'metric': 'a', 'scope': 'b', 'value': 1, 'higherIsBetter': 'so'} | is neither",
        "{'time': 'x', 'metric': 'a', 'scope': 'b', 'value': 1} | time",
        "{'time': 1, 'scope': 'b', 'cache_hits_size': -5, 'cache_misses_size': 9} | below zero",
      })
  void what_cannot_be_meant_is_said(String json, String reason) {
    decode(json.replace('\'', '"'));

    assertThat(samples).isEmpty();
    assertThat(bad).hasSize(1).allSatisfy(why -> assertThat(why).contains(reason));
  }

  @Test
  void a_bad_record_spoils_no_other() {
    decode(
        """
        [{"time": 1780304400, "metric": "cpu", "scope": "b", "value": "x"},
         {"time": 1780304400, "metric": "cpu", "scope": "b", "value": 2}]
        """);

    assertThat(samples).extracting(MetricSample::value).containsExactly(2.0);
    assertThat(bad).hasSize(1);
  }

  private void decode(String json) {
    new MetricDecoder(Redactor.standard())
        .decode(
            json.getBytes(UTF_8),
            new DecodedSink() {
              @Override
              public void record(int index, TelemetryRecord fact) {
                samples.add((MetricSample) fact);
              }

              @Override
              public void skipped(int index, String why) {
                skipped.add(why);
              }

              @Override
              public void bad(int index, String reason) {
                bad.add(reason);
              }

              @Override
              public void unreadable(String reason) {
                throw new AssertionError(reason);
              }
            });
  }
}
