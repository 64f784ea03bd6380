package io.mendline.serdes.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.serdes.telemetry.CheckResult.Severity;
import io.mendline.serdes.telemetry.CheckResult.Status;
import io.mendline.serdes.text.Redactor;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckDecoderTest {
  private final List<CheckResult> results = new ArrayList<>();
  private final List<String> bad = new ArrayList<>();

  @Test
  void reads_every_field() {
    decode(
        """
        {"time": "2026-06-01T09:00:00Z", "check": "retries", "category": "Configuration",
         "status": "FAIL", "severity": "high", "assessmentId": "a-1", "message": "no retries",
         "resource": {"type": "databricks_job", "id": "1234/77", "name": "Nightly load",
                      "workspace": "1234"}}
        """);

    assertThat(results)
        .containsExactly(
            new CheckResult(
                Instant.parse("2026-06-01T09:00:00Z").toEpochMilli(),
                "retries",
                "configuration",
                Status.FAIL,
                Severity.HIGH,
                "1234",
                "DATABRICKS_JOB",
                "1234/77",
                "Nightly load",
                "a-1",
                "no retries"));
  }

  @ParameterizedTest
  @CsvSource({
    "DATABRICKS_JOB/1234/77, DATABRICKS_JOB, 1234/77",
    "node_pool/pool-1,       NODE_POOL,      pool-1",
    "some/thing,             ,               some/thing",
    "thing,                  ,               thing",
  })
  void a_resource_may_be_one_text(String text, String type, String id) {
    decode(minimal("FAIL", text));

    assertThat(results.get(0).resourceType()).isEqualTo(type);
    assertThat(results.get(0).resourceId()).isEqualTo(id);
  }

  @ParameterizedTest
  @CsvSource({
    "PASS, PASS", "passed, PASS", "Succeeded, PASS", "ok, PASS", "PARTIAL, PARTIAL",
    "Warning, PARTIAL", "Partially passed, PARTIAL", "FAIL, FAIL", "failed, FAIL", "Error, FAIL",
  })
  void a_status_is_known_by_its_usual_words(String word, Status status) {
    decode(minimal(word, "thing"));

    assertThat(results).extracting(CheckResult::status).containsExactly(status);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'{\"check\": \"c\", \"status\": \"FAIL\", \"resource\": \"r\"}' | time: missing",
        "'{\"time\": \"2026-06-01T09:00:00Z\", \"status\": \"FAIL\", \"resource\": \"r\"}' | check: missing",
        "'{\"time\": \"2026-06-01T09:00:00Z\", \"check\": \"c\", \"status\": \"FAIL\"}' | resource: missing",
        "'{\"time\": \"2026-06-01T09:00:00Z\", \"check\": \"c\", \"resource\": \"r\"}' | status: missing",
      })
  void what_is_missing_is_named(String json, String why) {
    decode(json);

    assertThat(bad).singleElement().asString().startsWith(why);
  }

  @Test
  void a_status_that_is_not_known_is_named() {
    decode(minimal("maybe", "thing"));

    assertThat(bad)
        .singleElement()
        .asString()
        .contains("maybe")
        .contains("none of PASS, PARTIAL and FAIL");
  }

  @Test
  void records_may_come_together_and_one_bad_one_does_no_harm() {
    decode(
        "{\"records\": [" + minimal("FAIL", "a") + ", {\"x\": 1}, " + minimal("PASS", "b") + "]}");

    assertThat(results).extracting(CheckResult::resourceId).containsExactly("a", "b");
    assertThat(bad).hasSize(1);
  }

  @Test
  void is_read_back_from_its_binary_form() {
    decode(minimal("PARTIAL", "thing"));

    assertThat(TelemetryCodec.decode(TelemetryCodec.encode(results.get(0))))
        .isEqualTo(results.get(0));
  }

  private static String minimal(String status, String resource) {
    return "{\"time\": \"2026-06-01T09:00:00Z\", \"check\": \"c\", \"status\": \"%s\","
            .formatted(status)
        + " \"resource\": \"%s\"}".formatted(resource);
  }

  private void decode(String json) {
    new CheckDecoder(Redactor.standard())
        .decode(
            json.getBytes(UTF_8),
            new DecodedSink() {
              @Override
              public void record(int index, TelemetryRecord fact) {
                results.add((CheckResult) fact);
              }

              @Override
              public void skipped(int index, String why) {
                throw new AssertionError(why);
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
