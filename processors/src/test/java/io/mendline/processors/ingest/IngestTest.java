package io.mendline.processors.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.engine.MemoryStore;
import io.mendline.processors.pipeline.Clock;
import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.CutBytes;
import io.mendline.processors.pipeline.Payload;
import io.mendline.processors.pipeline.Progress;
import io.mendline.processors.pipeline.Samples;
import io.mendline.processors.pipeline.Signal;
import io.mendline.processors.pipeline.SignalRecord;
import io.mendline.processors.pipeline.SignalRecordCodec;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.pipeline.Store;
import io.mendline.processors.policy.PolicyDocument;
import io.mendline.schemas.ResourceType;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import io.mendline.serdes.telemetry.RuleChange;
import io.mendline.serdes.telemetry.RunState;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class IngestTest {
  private static final String SECRET = "dapi0123456789abcdef0123456789abcdef";
  private static final String RULE_PATH =
      "/subscriptions/s/resourceGroups/g/providers/Microsoft.OperationalInsights/workspaces/law-soc"
          + "/providers/Microsoft.SecurityInsights/alertRules/rule-1";
  private static final long LATENESS = 60_000;
  private static final int BROKER_LIMIT = 1_000_000;

  private final Store<IngestMemory> store = new MemoryStore<>();
  private final Map<Source, Long> readToEndAt = new EnumMap<>(Source.class);
  private final List<IngestOutput> out = new ArrayList<>();
  private Ingest ingest = ingest(Clock.WALL);
  private long offset;

  @Nested
  class A_message {
    @Test
    void becomes_signals_on_the_partition_of_their_route() {
      run("1234", "10:00");

      assertThat(signals()).hasSize(1);
      Signal signal = signals().get(0);
      assertThat(signal.route()).isEqualTo("databricks:1234");
      assertThat(signal.subject().id()).isEqualTo("1234/11");
      assertThat(signal.eventTime()).isEqualTo(Samples.at("10:00"));
      assertThat(signal.at()).isEqualTo(new Coordinates("telemetry.runs", 0, 0));
      assertThat(letters()).isEmpty();
    }

    @Test
    void of_a_change_goes_to_every_partition() {
      accept(Source.CHANGES, change("10:00", "Deploy"));

      assertThat(batches())
          .extracting(SignalRecord::partition)
          .containsExactly(SignalRecord.ALL_PARTITIONS);
    }

    @Test
    void with_one_bad_record_keeps_the_good_ones() {
      accept(
          Source.SENTINEL,
          "{\"records\": [%s, {\"time\": \"?\"}, %s]}".formatted(rule("10:00"), rule("10:05")));

      assertThat(signals()).hasSize(2);
      assertThat(letters()).hasSize(1);
      assertThat(letters().get(0).stage()).isEqualTo("decode");
      assertThat(letters().get(0).records()).containsExactly(1);
    }

    @Test
    void about_a_change_of_a_rule_becomes_a_signal_about_the_rule_whichever_log_tells_it() {
      accept(Source.SENTINEL, "{\"records\": [%s, %s]}".formatted(audit(), activity("Success")));

      assertThat(letters()).isEmpty();
      assertThat(signals())
          .extracting(Signal::route)
          .containsExactlyInAnyOrder("sentinel:5d0c4a7e", "sentinel:law-soc");
      assertThat(signals())
          .allSatisfy(
              signal -> {
                assertThat(signal.subject().type()).isEqualTo(ResourceType.SENTINEL_RULE);
                assertThat(signal.subject().id()).isEqualTo(RULE_PATH.toLowerCase(Locale.ROOT));
                assertThat(signal.subject().name()).isEqualTo("Dormant admin");
                assertThat(signal.eventTime()).isEqualTo(Samples.at("10:00"));
                RuleChange change = (RuleChange) ((Payload.Observed) signal.payload()).record();
                assertThat(change.enabled()).isEqualTo(RuleChange.Enabled.NO);
                assertThat(signal.contentId()).isEqualTo(change.contentId());
                assertThat(signal.subject().workspace()).isEqualTo(change.workspace());
              });
    }

    @Test
    void about_a_change_of_a_rule_that_has_only_begun_is_of_no_concern() {
      accept(Source.SENTINEL, activity("Start"));

      assertThat(signals()).isEmpty();
      assertThat(letters()).isEmpty();
    }

    @Test
    void of_the_year_2099_moves_nothing() {
      accept(Source.RUNS, runState("1234", "2099-01-01T00:00:00Z", "x"));
      ingest.tick(0, out::add);

      assertThat(signals()).isEmpty();
      assertThat(letters()).extracting(DeadLetter::stage).containsExactly("time");
      assertThat(letters().get(0).error()).contains("2099-01-01T00:00:00Z").contains("10 minutes");
      assertThat(watermark(Source.RUNS).newestEvent()).isEqualTo(Progress.UNHEARD);
    }

    @Test
    void ten_minutes_ahead_of_its_transport_is_taken_and_a_millisecond_more_is_not() {
      long sent = Samples.at("12:00");
      accept(Source.CHANGES, change("12:10", "Deploy"), sent);
      accept(Source.CHANGES, change("12:10", "Deploy"), sent - 1);

      assertThat(signals()).hasSize(1);
      assertThat(letters()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(Source.class)
    void that_is_empty_is_a_dead_letter_of_every_source(Source source) {
      ingest.accept(
          new RawMessage(source, new Coordinates("topic", 0, 0), 0, null, null), out::add);
      accept(source, "");

      assertThat(letters()).hasSize(2);
      assertThat(signals()).isEmpty();
    }

    @Test
    void of_an_answer_without_a_route_is_a_dead_letter() {
      accept(Source.OUTCOMES, outcome("not-an-id", "fine"));
      accept(Source.OUTCOMES, outcome("0123abcd-" + "x".repeat(1_000), "fine"));

      assertThat(letters()).extracting(DeadLetter::stage).containsExactly("route", "route");
    }

    @Test
    void is_redacted_before_it_leaves() {
      accept(Source.RUNS, runState("1234", "2026-06-01T10:00:00Z", "token " + SECRET));
      accept(Source.OUTCOMES, outcome(Samples.INCIDENT, "failed with " + SECRET));
      accept(Source.OPERATIONS, operation("I used " + SECRET));
      accept(Source.APPROVALS, approval("with " + SECRET));

      assertThat(signals()).hasSize(4);
      assertThat(((RunState) ((Payload.Observed) signals().get(0).payload()).record()).message())
          .contains("[redacted]");
      assertThat(signals().toString()).doesNotContain(SECRET);
    }

    @Test
    void gives_an_error_of_one_short_line_without_secrets() {
      accept(Source.POLICIES, "{\"effectiveAt\": \"a\\nb " + SECRET + "x".repeat(100_000) + "\"}");
      accept(Source.POLICIES, "{\"" + "k".repeat(500_000) + "\": 1}");

      assertThat(letters())
          .hasSize(2)
          .allSatisfy(
              letter ->
                  assertThat(letter.error())
                      .hasSizeLessThan(1_100)
                      .doesNotContain("\n")
                      .doesNotContain(SECRET));
    }
  }

  @Nested
  class Sizes {
    @Test
    void of_a_dead_letter_are_cut_to_what_a_broker_takes_key_included() {
      byte[] key = "k".repeat(50_000).getBytes(StandardCharsets.UTF_8);
      byte[] value = "v".repeat(980_000).getBytes(StandardCharsets.UTF_8);
      DeadLetter letter =
          new DeadLetter(
              new RawMessage(Source.RUNS, new Coordinates("t", 0, 0), 0, key, value),
              "decode",
              "no JSON",
              List.of());

      assertThat(letter.cut()).isTrue();
      assertThat(letter.key()).isEqualTo(key);
      assertThat(letter.key().length + letter.value().length).isEqualTo(DeadLetter.BYTES_LIMIT);
    }

    @Test
    void of_a_huge_key_are_cut_too() {
      byte[] key = new byte[970_000];
      DeadLetter letter =
          new DeadLetter(
              new RawMessage(Source.RUNS, new Coordinates("t", 0, 0), 0, key, null),
              "decode",
              "empty",
              List.of());

      assertThat(letter.key()).hasSize(DeadLetter.KEY_LIMIT);
      assertThat(letter.value()).isNull();
      assertThat(letter.cut()).isTrue();
    }

    @Test
    void of_what_a_broker_takes_stay_as_they_are() {
      DeadLetter letter =
          new DeadLetter(
              new RawMessage(
                  Source.RUNS,
                  new Coordinates("t", 0, 0),
                  0,
                  null,
                  new byte[DeadLetter.BYTES_LIMIT]),
              "decode",
              "no JSON",
              List.of());

      assertThat(letter.cut()).isFalse();
      assertThat(letter.value()).isSameAs(letter.message().value());
    }

    @Test
    void of_each_signal_stay_far_below_what_a_broker_takes() {
      String huge = "x".repeat(900_000);
      accept(Source.RUNS, runState("1234", "2026-06-01T10:00:00Z", huge));
      accept(Source.CHANGES, change("10:00", huge));
      accept(Source.OUTCOMES, outcome(Samples.INCIDENT, huge));
      accept(Source.APPROVALS, approval(huge));
      accept(Source.OPERATIONS, operation(huge));
      accept(Source.CACHE, usage(huge));
      accept(
          Source.SENTINEL,
          "{\"records\": [" + (rule("10:00") + ",").repeat(1_200) + rule("10:00") + "]}");

      assertThat(signals())
          .allSatisfy(signal -> assertThat(bytes(signal)).isLessThan(BROKER_LIMIT * 9 / 10));
      assertThat(signals().size() + letters().size()).isGreaterThanOrEqualTo(1_207);
    }
  }

  @Nested
  class A_policy {
    @Test
    void goes_on_with_the_versions_that_are_kept() {
      policy("night", "{\"effectiveAt\": \"2026-06-01T00:00:00Z\", \"mode\": \"auto\"}");
      policy("night", "{\"effectiveAt\": \"2026-06-02T00:00:00Z\", \"mode\": \"off\"}");

      IngestOutput.Policies last = policies().get(1);
      assertThat(last.id()).isEqualTo("night");
      assertThat(last.versions()).extracting(PolicyDocument::effectiveAt).isSorted().hasSize(2);
    }

    @Test
    void is_remembered_over_a_restart() {
      policy("night", "{\"effectiveAt\": \"2026-06-01T00:00:00Z\", \"mode\": \"auto\"}");
      ingest = ingest(Clock.WALL);
      policy("night", "{\"effectiveAt\": \"2026-06-02T00:00:00Z\", \"mode\": \"off\"}");

      assertThat(policies().get(1).versions()).hasSize(2);
    }

    @Test
    void that_is_bad_is_a_dead_letter_and_changes_nothing() {
      policy("night", "{\"modus\": \"auto\"}");
      policy("night", "{\"actions\": null}");

      assertThat(policies()).isEmpty();
      assertThat(letters()).extracting(DeadLetter::stage).containsExactly("policy", "policy");
      assertThat(letters().get(0).error()).contains("night").contains("modus is not a key");
    }
  }

  @Nested
  class Watermarks {
    @Test
    void are_told_per_partition_less_the_lateness() {
      run("1234", "10:00");
      run("1234", "09:00");
      ingest.tick(0, out::add);

      SignalRecord.Watermark told = watermark(Source.RUNS);
      assertThat(told.inputPartition()).isZero();
      assertThat(told.inputPartitionCount()).isEqualTo(2);
      assertThat(told.newestEvent()).isEqualTo(Samples.at("10:00"));
      assertThat(told.watermark()).isEqualTo(Samples.at("09:59"));
      assertThat(told.idle()).isFalse();
    }

    @Test
    void of_a_partition_that_was_never_used_say_that_nothing_was_heard() {
      ingest.tick(1, out::add);

      SignalRecord.Watermark told = watermark(Source.RUNS);
      assertThat(told.inputPartition()).isEqualTo(1);
      assertThat(told.watermark()).isEqualTo(Progress.UNHEARD);
    }

    @Test
    void of_a_partition_without_an_event_that_is_read_to_its_end_follow_the_clock() {
      readToEndAt.put(Source.RUNS, Samples.at("12:00"));
      ingest.tick(1, out::add);

      assertThat(watermark(Source.RUNS).idle()).isTrue();
      assertThat(watermark(Source.RUNS).watermark()).isEqualTo(Samples.at("11:59"));
    }

    @Test
    void on_the_inputs_clock_do_not_follow_the_wall() {
      ingest = ingest(Clock.INPUT);
      run("1234", "10:00");
      readToEndAt.put(Source.RUNS, Samples.at("12:00"));
      ingest.tick(0, out::add);

      assertThat(watermark(Source.RUNS).idle()).isTrue();
      assertThat(watermark(Source.RUNS).watermark()).isEqualTo(Samples.at("09:59"));
    }

    @Test
    void that_have_not_moved_are_told_again_only_now_and_then() {
      run("1234", "10:00");
      for (int second = 0; second < 25; second++) {
        ingest.tick(0, out::add);
      }

      assertThat(watermarks(Source.RUNS)).hasSize(3);
    }

    @Test
    void are_told_within_a_flood_too() {
      for (int i = 0; i < Ingest.SIGNALS_BETWEEN_WATERMARKS; i++) {
        run("1234", "10:00");
      }

      assertThat(watermarks(Source.RUNS)).hasSize(1);
      assertThat(out.get(out.size() - 1))
          .as("after the signals it speaks of")
          .isEqualTo(new IngestOutput.Signals(watermark(Source.RUNS)));
    }

    @Test
    void of_topics_that_have_no_such_partition_and_of_policies_are_not_told() {
      ingest.tick(5, out::add);
      assertThat(out).isEmpty();

      ingest.tick(0, out::add);
      assertThat(watermarks(Source.POLICIES)).isEmpty();
    }

    @Test
    void survive_a_restart() {
      run("1234", "10:00");
      ingest.tick(0, out::add);
      out.clear();

      ingest = ingest(Clock.WALL);
      ingest.tick(0, out::add);

      assertThat(watermark(Source.RUNS).newestEvent()).isEqualTo(Samples.at("10:00"));
    }
  }

  @Test
  void memory_is_read_back_and_cut_bytes_are_refused() {
    policy("night", "{\"effectiveAt\": \"2026-06-01T00:00:00Z\", \"mode\": \"off\"}");
    run("1234", "10:00");
    ingest.tick(0, out::add);

    List<IngestMemory> memories = new ArrayList<>();
    store.forEach((key, memory) -> memories.add(memory));
    IngestMemory.Codec codec = new IngestMemory.Codec();
    assertThat(memories).hasSizeGreaterThan(2);
    for (IngestMemory memory : memories) {
      BinaryWriter writer = new BinaryWriter();
      codec.write(memory, writer);
      assertThat(codec.read(new BinaryReader(writer.toByteArray()))).isEqualTo(memory);
    }
    CutBytes.areRefused(codec, new IngestMemory.Newest(Samples.at("10:00")));
  }

  /** Law 6. */
  @Property(tries = 500)
  void whatever_the_bytes_are_the_stream_goes_on(@ForAll Source source, @ForAll byte[] bytes) {
    Decoded decoded =
        Decoded.of(new RawMessage(source, new Coordinates("topic", 0, 0), 0, bytes, bytes));

    assertThat(decoded.letters()).allSatisfy(letter -> assertThat(letter.error()).isNotBlank());
  }

  private Ingest ingest(Clock clock) {
    return new Ingest(store, new TwoPartitions(), clock, source -> LATENESS, 8);
  }

  private void accept(Source source, String value) {
    accept(source, value, Samples.at("12:00"));
  }

  private void accept(Source source, String value, long sentAt) {
    ingest.accept(
        new RawMessage(
            source,
            new Coordinates(source.defaultTopic(), 0, offset++),
            sentAt,
            null,
            value.getBytes(StandardCharsets.UTF_8)),
        out::add);
  }

  private void policy(String key, String value) {
    ingest.accept(
        new RawMessage(
            Source.POLICIES,
            new Coordinates("policies", 0, offset++),
            Samples.at("12:00"),
            key.getBytes(StandardCharsets.UTF_8),
            value.getBytes(StandardCharsets.UTF_8)),
        out::add);
  }

  private void run(String workspace, String time) {
    accept(Source.RUNS, runState(workspace, Samples.instant(time).toString(), "all good"));
  }

  private static String runState(String workspace, String time, String message) {
    long end = Instant.parse(time).toEpochMilli();
    return """
        {"workspace_id": %s, "job_id": "11", "run_id": 22, "start_time": %d, "end_time": %d,
         "status": {"state": "TERMINATED", "termination_details":
           {"code": "DRIVER_ERROR", "type": "CLOUD_FAILURE", "message": "%s"}}}
        """
        .formatted(workspace, end - Duration.ofMinutes(5).toMillis(), end, message);
  }

  private static String rule(String time) {
    return """
        {"time": "%s", "category": "SentinelHealth", "operationName": "Scheduled analytics rule run",
         "properties": {"SentinelResourceId": "rule-1", "SentinelResourceName": "Dormant admin",
           "Status": "Success", "WorkspaceId": "5d0c4a7e", "SentinelResourceType": "Analytics rule",
           "SentinelResourceKind": "Scheduled"}}"""
        .formatted(Samples.instant(time));
  }

  private static String audit() {
    return """
        {"time": "%s", "category": "SentinelAudit", "resultType": "Success",
         "operationName": "Microsoft.SecurityInsights/alertRules/Write",
         "properties": {"SentinelResourceId": "%s", "SentinelResourceName": "Dormant admin",
           "WorkspaceId": "5d0c4a7e", "ExtendedProperties":
             {"UpdatedResourceState": "{\\"properties\\": {\\"enabled\\": false}}"}}}"""
        .formatted(Samples.instant("10:00"), RULE_PATH);
  }

  private static String activity(String result) {
    return """
        {"time": "%s", "category": "Administrative", "resultType": "%s", "resourceId": "%s",
         "operationName": "MICROSOFT.SECURITYINSIGHTS/ALERTRULES/WRITE", "identity": "ann",
         "properties": {"responseBody":
           "{\\"properties\\": {\\"enabled\\": false, \\"displayName\\": \\"Dormant admin\\"}}"}}"""
        .formatted(Samples.instant("10:00"), result, RULE_PATH.toUpperCase(Locale.ROOT));
  }

  private static String change(String time, String title) {
    return """
        {"id": "c1", "at": "%s", "service": "chat", "kind": "deployment", "title": "%s"}"""
        .formatted(Samples.instant(time), title);
  }

  private static String usage(String service) {
    return """
        {"timestamp": "2026-06-01T10:00:00Z", "service": "%s", "provider": "anthropic",
         "model": "claude-sonnet-4-5", "usage": {"input_tokens": 50}}"""
        .formatted(service);
  }

  private static String outcome(String commandId, String detail) {
    return """
        {"commandId": "%s", "status": "FAILED", "at": "2026-06-01T10:00:00Z", "detail": "%s",
         "externalRef": null, "actor": "executor"}"""
        .formatted(commandId, detail);
  }

  private static String approval(String comment) {
    return """
        {"commandId": "%s", "decision": "APPROVED", "by": "ann", "at": "2026-06-01T10:00:00Z",
         "comment": "%s"}"""
        .formatted(Samples.INCIDENT, comment);
  }

  private static String operation(String comment) {
    return """
        {"id": "op", "incidentId": "%s", "kind": "CLOSE", "by": "ann",
         "at": "2026-06-01T10:00:00Z", "comment": "%s"}"""
        .formatted(Samples.INCIDENT, comment);
  }

  private List<SignalRecord> records() {
    return out.stream()
        .filter(IngestOutput.Signals.class::isInstance)
        .map(output -> ((IngestOutput.Signals) output).record())
        .toList();
  }

  private List<SignalRecord.Batch> batches() {
    return records().stream()
        .filter(SignalRecord.Batch.class::isInstance)
        .map(SignalRecord.Batch.class::cast)
        .toList();
  }

  private List<Signal> signals() {
    return batches().stream().flatMap(batch -> batch.signals().stream()).toList();
  }

  private List<SignalRecord.Watermark> watermarks(Source source) {
    return records().stream()
        .filter(SignalRecord.Watermark.class::isInstance)
        .map(SignalRecord.Watermark.class::cast)
        .filter(watermark -> watermark.source() == source)
        .toList();
  }

  private SignalRecord.Watermark watermark(Source source) {
    List<SignalRecord.Watermark> all = watermarks(source);
    return all.get(all.size() - 1);
  }

  private List<DeadLetter> letters() {
    return out.stream().filter(DeadLetter.class::isInstance).map(DeadLetter.class::cast).toList();
  }

  private List<IngestOutput.Policies> policies() {
    return out.stream()
        .filter(IngestOutput.Policies.class::isInstance)
        .map(IngestOutput.Policies.class::cast)
        .toList();
  }

  private static int bytes(Signal signal) {
    SignalRecord record = new SignalRecord.Batch(0, List.of(signal));
    BinaryWriter writer = new BinaryWriter();
    SignalRecordCodec.write(record, writer);
    return writer.size();
  }

  private final class TwoPartitions implements Inputs {
    @Override
    public int partitions(Source source) {
      return 2;
    }

    @Override
    public long readToEndAt(Source source, int partition, long lastOffset) {
      return readToEndAt.getOrDefault(source, -1L);
    }
  }
}
