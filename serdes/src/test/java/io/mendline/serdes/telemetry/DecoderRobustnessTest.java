package io.mendline.serdes.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.serdes.text.Redactor;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;

/** Whatever arrives, a decoder tells its sink about it and throws nothing. */
class DecoderRobustnessTest {
  private static final Redactor REDACTOR = Redactor.standard();
  private static final List<TelemetryDecoder> DECODERS =
      List.of(
          new SentinelDecoder(REDACTOR),
          new RunDecoder(REDACTOR),
          new TokenUsageDecoder(REDACTOR),
          new ChangeDecoder(REDACTOR),
          new CheckDecoder(REDACTOR),
          new PartitionDecoder(REDACTOR),
          new MetricDecoder(REDACTOR));

  private static final String MESSAGE =
      """
      {"records":[{"time":"2026-06-01T10:45:12Z","OperationName":"Microsoft.SecurityInsights/alertRules/write",
      "Status":"Success","ResourceId":"/workspaces/w/alertRules/r","identity":{"claims":{"upn":"u"}},
      "UpdatedResourceState":"{\\"properties\\":{\\"enabled\\":false,\\"tactics\\":[\\"a\\"]}}"},
      {"time":"2026-06-01T10:45:12Z","workspaceId":"w","job_id":1,"run_id":2,
      "SentinelResourceName":"r","service":"s","model":"m","prompt_tokens":5,"start_time":1780310000000,
      "state":{"life_cycle_state":"TERMINATED","result_state":"FAILED","state_message":"sig=abc"},
      "tasks":[{"task_key":"a","run_id":3,"state":{"life_cycle_state":"RUNNING"}}],
      "ExtendedProperties":"{\\"Issues\\":\\"[{\\\\\\"Code\\\\\\":\\\\\\"A\\\\\\"}]\\"}",
      "metric":"cpu","scope":"pool","value":4.5,"weight":"2","higherIsBetter":false,"average":3,"count":2,
      "usage":{"input_tokens":5,"cache_read_input_tokens":3},"files":["a",{"path":"b"}]},
      {"action":"created","repository":{"full_name":"o/r"},"deployment":{"id":1,"created_at":1780310000}},
      {"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"s"}}]},"scopeMetrics":[
      {"metrics":[{"name":"m","gauge":{"dataPoints":[{"timeUnixNano":"1780310000000000000","asInt":"1"}]}}]}]}]}
      """;

  @Property(tries = 2_000)
  void arbitraryBytesAreReported(@ForAll byte[] bytes) {
    everyDecoderReports(bytes);
  }

  @Property(tries = 2_000)
  void aDamagedMessageIsReported(
      @ForAll @IntRange(max = 1_000) int at, @ForAll byte damage, @ForAll boolean cut) {
    byte[] message = MESSAGE.getBytes(UTF_8);
    int where = Math.min(at, message.length - 1);
    message[where] = damage;

    everyDecoderReports(cut ? Arrays.copyOf(message, where + 1) : message);
  }

  @Property(tries = 5_000)
  void jsonOfTheWrongTypesIsReported(@ForAll("documents") String document) {
    everyDecoderReports(document.getBytes(UTF_8));
  }

  private static void everyDecoderReports(byte[] message) {
    for (TelemetryDecoder decoder : DECODERS) {
      Decoded decoded = Decoded.of(decoder, message);
      boolean emptyArray = decoded.facts.isEmpty() && decoded.problems().isEmpty();
      assertThat(emptyArray && !new String(message, UTF_8).contains("[")).isFalse();
      assertThat(decoded.unreadable).hasSizeLessThan(2);
      assertThat(decoded.problems()).allSatisfy(DecoderRobustnessTest::isOneShortLine);
      for (TelemetryRecord fact : decoded.facts) {
        TelemetryRecord back = TelemetryCodec.decode(TelemetryCodec.encode(fact));
        assertThat(back.contentId()).isEqualTo(fact.contentId());
      }
    }
  }

  private static void isOneShortLine(String reason) {
    assertThat(reason).hasSizeLessThan(300).doesNotContain("\n", "\r");
  }

  @Provide
  Arbitrary<String> documents() {
    Arbitrary<String> scalars =
        Arbitraries.of(
            "null",
            "true",
            "-1",
            "0",
            "1e999",
            "1.5",
            "99999999999999999999",
            "\"\"",
            "\"x\"",
            "\"2026-06-01T00:00:00Z\"",
            "\"{\\\"a\\\":\"",
            "\"[{}]\"",
            "\"Success\"",
            "\"Microsoft.SecurityInsights/alertRules/write\"",
            "\"/subscriptions/s/workspaces/w/alertRules/r\"",
            "\"{\\\"properties\\\":{\\\"enabled\\\":false,\\\"tactics\\\":[\"",
            "\"\\ud800\"",
            "{}",
            "[]",
            "1780310000000",
            "\"{\\\"properties\\\":{\\\"run_id\\\":5}}\"");
    Arbitrary<String> names =
        Arbitraries.of(
            "records",
            "runs",
            "time",
            "TimeGenerated",
            "WorkspaceId",
            "SentinelResourceId",
            "SentinelResourceName",
            "properties",
            "ExtendedProperties",
            "Issues",
            "Code",
            "Status",
            "QueryStartTimeUTC",
            "OperationName",
            "ResourceId",
            "UpdatedResourceState",
            "responseBody",
            "enabled",
            "queryPeriod",
            "tactics",
            "identity",
            "claims",
            "upn",
            "job_id",
            "run_id",
            "workspace_id",
            "state",
            "status",
            "tasks",
            "task_key",
            "termination_details",
            "repair_history",
            "type",
            "id",
            "run_output",
            "tags",
            "actionName",
            "requestParams",
            "response",
            "result",
            "error",
            "start_time",
            "end_time",
            "run_duration",
            "period_start_time",
            "event_type",
            "service",
            "model",
            "usage",
            "attributes",
            "key",
            "value",
            "prompt_tokens",
            "input_tokens",
            "cached_tokens",
            "calls",
            "cache_creation",
            "a_input_tokens",
            "cache_read_input_tokens",
            "at",
            "files",
            "author",
            "action",
            "sender",
            "repository",
            "full_name",
            "pull_request",
            "merged",
            "merged_at",
            "number",
            "deployment",
            "deployment_status",
            "created_at",
            "requestParams",
            "actionName",
            "kind",
            "seq",
            "cli_version",
            "config",
            "resourceMetrics",
            "resource",
            "scopeMetrics",
            "metrics",
            "name",
            "gauge",
            "sum",
            "histogram",
            "dataPoints",
            "timeUnixNano",
            "asDouble",
            "count");
    return Arbitraries.lazyOf(
        () -> scalars,
        () -> document(scalars, names, 1),
        () -> document(scalars, names, 2),
        () -> document(scalars, names, 3));
  }

  private static Arbitrary<String> document(
      Arbitrary<String> scalars, Arbitrary<String> names, int depth) {
    Arbitrary<String> inner =
        depth == 0
            ? scalars
            : Arbitraries.oneOf(List.of(scalars, document(scalars, names, depth - 1)));
    Arbitrary<String> field = Combinators.combine(names, inner).as((n, v) -> "\"" + n + "\":" + v);
    Arbitrary<String> objects =
        field.list().ofMaxSize(8).map(fields -> "{" + String.join(",", fields) + "}");
    Arbitrary<String> arrays =
        inner.list().ofMaxSize(3).map(values -> "[" + String.join(",", values) + "]");
    return Arbitraries.frequencyOf(Tuple.of(5, objects), Tuple.of(1, arrays));
  }
}
