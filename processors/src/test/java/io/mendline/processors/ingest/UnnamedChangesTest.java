package io.mendline.processors.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.engine.MemoryStore;
import io.mendline.processors.pipeline.Clock;
import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.Intake;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Payload;
import io.mendline.processors.pipeline.Progress;
import io.mendline.processors.pipeline.RouteMemory;
import io.mendline.processors.pipeline.Routes;
import io.mendline.processors.pipeline.Signal;
import io.mendline.processors.pipeline.SignalRecord;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.policy.PolicyBook;
import io.mendline.serdes.telemetry.RuleChange;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The Azure Activity log names a workspace by its path, health records by its id. A change is
 * judged once, where the rule's runs are judged, on however many partitions.
 */
class UnnamedChangesTest {
  private static final Instant DAY = Instant.parse("2026-06-01T00:00:00Z");
  private static final String ID = "649aa342-7650-4851-856e-6694703e0897";
  private static final String RULE =
      "/subscriptions/s/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/law-soc"
          + "/providers/Microsoft.SecurityInsights/alertRules/r1";

  private final List<Signal> judged = new ArrayList<>();
  private final List<Integer> judgedIn = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 8})
  void a_change_goes_where_the_runs_of_its_rule_are_judged(int partitions) {
    run(partitions, List.of(health("09:00"), change("10:00"), health("11:00"), health("14:00")));

    assertThat(judged)
        .singleElement()
        .satisfies(
            signal -> {
              assertThat(signal.route()).isEqualTo(Routes.sentinel(ID));
              assertThat(signal.subject().workspace()).isEqualTo(ID);
              assertThat(record(signal).workspace()).isEqualTo(ID);
              assertThat(signal.eventTime()).isEqualTo(at("10:00"));
            });
    assertThat(judgedIn).containsExactly(Routes.partition(Routes.sentinel(ID), partitions));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 8})
  void where_no_earlier_record_tells_the_id_the_path_has_to_do(int partitions) {
    run(partitions, List.of(change("10:00"), health("11:00"), health("14:00")));

    assertThat(judged)
        .singleElement()
        .extracting(Signal::route)
        .isEqualTo(Routes.sentinel("law-soc"));
    assertThat(judgedIn).containsExactly(Routes.partition(Routes.sentinel("law-soc"), partitions));
  }

  @Test
  void until_the_watermark_has_passed_it_it_waits() {
    run(1, List.of(health("09:00"), change("10:00"), health("11:59")));

    assertThat(judged).isEmpty();
  }

  @Test
  void order_and_repetition_change_nothing() {
    List<String> messages =
        new ArrayList<>(
            List.of(
                health("09:00"),
                change("10:00"),
                change("09:10"),
                change("08:30"),
                health("08:45"),
                change("08:50"),
                health("10:20")));
    run(3, append(messages, health("23:00")));
    List<Signal> expected = List.copyOf(judged);
    assertThat(expected)
        .extracting(signal -> signal.route().equals(Routes.sentinel(ID)))
        .containsExactlyInAnyOrder(false, true, true, true);
    messages.addAll(List.copyOf(messages));

    for (int seed = 0; seed < 50; seed++) {
      judged.clear();
      Collections.shuffle(messages, new Random(seed));
      run(3, append(messages, health("23:00")));

      assertThat(judged.stream().map(UnnamedChangesTest::known).distinct())
          .containsExactlyInAnyOrderElementsOf(
              expected.stream().map(UnnamedChangesTest::known).toList());
    }
  }

  private static List<String> append(List<String> messages, String last) {
    List<String> all = new ArrayList<>(messages);
    all.add(last);
    return all;
  }

  private static String known(Signal signal) {
    return signal.route() + " " + signal.eventTime() + " " + record(signal);
  }

  private static RuleChange record(Signal signal) {
    return (RuleChange) ((Payload.Observed) signal.payload()).record();
  }

  private void run(int partitions, List<String> messages) {
    Ingest ingest =
        new Ingest(
            new MemoryStore<>(),
            new OneBusyPartition(),
            Clock.WALL,
            lateness -> LATENESS,
            partitions);
    List<Intake> intakes = new ArrayList<>();
    for (int i = 0; i < partitions; i++) {
      int partition = i;
      intakes.add(
          new Intake(
              new MemoryStore<RouteMemory>(),
              Clock.WALL,
              () -> 0,
              source -> LATENESS,
              new PolicyBook()::at,
              route -> Routes.partition(route, partitions) == partition));
    }
    for (String message : messages) {
      ingest.accept(raw(message), output -> deal(output, intakes));
      ingest.tick(0, output -> deal(output, intakes));
    }
  }

  private static final long LATENESS = Duration.ofHours(2).toMillis();

  private void deal(IngestOutput output, List<Intake> intakes) {
    SignalRecord record = ((IngestOutput.Signals) output).record();
    for (int i = 0; i < intakes.size(); i++) {
      if (record.partition() == i || record.partition() == SignalRecord.ALL_PARTITIONS) {
        int partition = i;
        intakes.get(i).accept(record, message -> take(message, partition));
      }
    }
  }

  private void take(Message message, int partition) {
    if (message instanceof Signal signal
        && signal.payload() instanceof Payload.Observed observed
        && observed.record() instanceof RuleChange) {
      judged.add(signal);
      judgedIn.add(partition);
    }
  }

  private static long at(String time) {
    return DAY.plus(Duration.between(java.time.LocalTime.MIN, java.time.LocalTime.parse(time)))
        .toEpochMilli();
  }

  private static RawMessage raw(String json) {
    return new RawMessage(
        Source.SENTINEL,
        new Coordinates("telemetry.sentinel", 0, 1),
        at("23:59"),
        null,
        json.getBytes(StandardCharsets.UTF_8));
  }

  private static String health(String time) {
    return """
        {"TimeGenerated": "%s", "Type": "SentinelHealth", "OperationName": "Scheduled analytics rule run",
         "SentinelResourceId": "%s", "SentinelResourceName": "Rule", "Status": "Success", "WorkspaceId": "%s",
         "SentinelResourceType": "Analytics rule", "SentinelResourceKind": "Scheduled"}"""
        .formatted(Instant.ofEpochMilli(at(time)), RULE, ID);
  }

  private static String change(String time) {
    return """
        {"records": [{"time": "%s", "category": "Administrative", "resultType": "Success",
          "resourceId": "%s", "operationName": "MICROSOFT.SECURITYINSIGHTS/ALERTRULES/DELETE",
          "correlationId": "c-%s", "identity": "ann"}]}"""
        .formatted(Instant.ofEpochMilli(at(time)), RULE.toUpperCase(java.util.Locale.ROOT), time);
  }

  private static final class OneBusyPartition implements Inputs {
    @Override
    public int partitions(Source source) {
      return source == Source.SENTINEL ? 1 : 0;
    }

    @Override
    public long readToEndAt(Source source, int partition, long lastOffset) {
      return Progress.UNHEARD;
    }
  }
}
