package io.mendline.cli.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.cli.broker.EmbeddedBroker;
import io.mendline.cli.sample.Disorder;
import io.mendline.cli.sample.GeneratorSettings;
import io.mendline.cli.sample.SampleMessage;
import io.mendline.cli.sample.TelemetryGenerator;
import io.mendline.processors.cause.CauseCatalogue;
import io.mendline.processors.engine.LocalRuntime;
import io.mendline.processors.ingest.Decoded;
import io.mendline.processors.ingest.RawMessage;
import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.policy.Policies;
import io.mendline.processors.policy.PolicyBook;
import io.mendline.topology.Settings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Law 1: the same messages give the same canonical result, in replay and on a broker, on 1, 3 and 8
 * partitions, shuffled within lateness, a tenth of them told twice, and with a restart in the
 * middle.
 */
class EquivalenceTest {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  static final Instant FROM = Instant.parse("2026-05-04T00:00:00Z");
  static final byte[] POLICY =
      """
      {"id": "proof", "mode": "auto", "actions": {"REPAIR_RUN": {"capPerHour": 100000}, "REPLAY_WINDOW": {"capPerHour": 100000}}}
      """
          .strip()
          .getBytes(StandardCharsets.UTF_8);

  private static EmbeddedBroker broker;
  private static List<SampleMessage> inOrder;
  private static List<String> expected;

  @TempDir private Path state;

  @BeforeAll
  static void startBrokerAndReplay() {
    broker = EmbeddedBroker.start();
    inOrder =
        new TelemetryGenerator(
                GeneratorSettings.builder()
                    .seed(11)
                    .from(FROM)
                    .duration(Duration.ofDays(2))
                    .rules(20)
                    .jobs(30)
                    .services(3)
                    .build())
            .messages();
    inOrder = new ArrayList<>(inOrder);
    inOrder.add(end());
    expected = replay(inOrder);
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @Test
  void the_input_holds_something_of_everything() {
    assertThat(expected)
        .anyMatch(line -> line.contains("\"SKIPPED_WINDOW\""))
        .anyMatch(line -> line.contains("\"RUN_FAILED\""))
        .anyMatch(line -> line.contains("\"CACHE_REGRESSION\""))
        .anyMatch(line -> line.contains("\"RECURRING_ROOT_CAUSE\""))
        .anyMatch(line -> line.startsWith("command REPAIR_RUN"))
        .anyMatch(line -> line.contains("\"RESOLVED\""));
  }

  @Test
  void a_disorderly_replay_gives_the_same() {
    assertThat(replay(disorderly(1))).isEqualTo(expected);
    assertThat(replay(disorderly(2))).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 8})
  void a_broker_gives_the_same_however_many_partitions(int partitions) {
    Settings settings =
        LiveRun.settings(broker.bootstrapServers(), "equal-" + partitions, partitions, state);
    List<SampleMessage> messages = disorderly(partitions);
    try (LiveRun run = new LiveRun(settings, broker.bootstrapServers())) {
      run.prepare();
      run.policy(POLICY);
      run.send(messages);
      run.start();
      run.awaitResult(expected, PATIENCE);
      assertThat(run.result().lines()).isEqualTo(expected);
      run.stop();
      assertThat(run.drained().lines()).isEqualTo(expected);
    }
  }

  @Test
  void a_restart_in_the_middle_changes_nothing() {
    Settings settings = LiveRun.settings(broker.bootstrapServers(), "restarted", 3, state);
    List<SampleMessage> messages = disorderly(5);
    int half = messages.size() / 2;
    try (LiveRun run = new LiveRun(settings, broker.bootstrapServers())) {
      run.prepare();
      run.policy(POLICY);
      run.send(messages.subList(0, half));
      run.start();
      // Somewhere in the middle: what is found by then is found.
      run.awaitResult(List.of("never"), Duration.ofSeconds(3));
      run.stop();
      run.send(messages.subList(half, messages.size()));
      run.start();
      run.awaitResult(expected, PATIENCE);
      assertThat(run.result().lines()).isEqualTo(expected);
      run.stop();
      assertThat(run.drained().lines()).isEqualTo(expected);
    }
  }

  /**
   * A tenth told twice, then shuffled within the lateness of each source; the end stays the end.
   */
  private static List<SampleMessage> disorderly(long seed) {
    List<SampleMessage> messages = new ArrayList<>(inOrder.subList(0, inOrder.size() - 1));
    messages = Disorder.shuffle(Disorder.duplicate(messages, seed, 0.1), seed, lateness());
    messages = new ArrayList<>(messages);
    messages.add(end());
    return messages;
  }

  private static Map<Source, Duration> lateness() {
    return Map.of(
        Source.SENTINEL, Duration.ofHours(2),
        Source.RUNS, Duration.ofSeconds(60),
        Source.CACHE, Duration.ofMinutes(5),
        Source.CHANGES, Duration.ofMinutes(5));
  }

  /** Weeks later something harmless happens, so that every clock passes the last deadline. */
  static SampleMessage end() {
    Instant at = FROM.plus(Duration.ofDays(24));
    String change =
        """
        {"id":"the-end","at":"%s","service":"elsewhere","kind":"setting","title":"The end"}"""
            .formatted(at);
    return new SampleMessage(
        Source.CHANGES, null, at.toEpochMilli(), change.getBytes(StandardCharsets.UTF_8));
  }

  static List<String> replay(List<SampleMessage> messages) {
    PolicyBook policies = new PolicyBook();
    policies.put(Policies.parse("proof", POLICY));
    CanonicalResult result = new CanonicalResult();
    LocalRuntime runtime =
        new LocalRuntime(
            source -> source.defaultLateness().toMillis(),
            policies,
            CauseCatalogue.bundled(),
            result::take,
            letter -> {
              throw new AssertionError(letter);
            });
    long offset = 0;
    for (SampleMessage message : messages) {
      runtime.accept(
          Decoded.of(
              new RawMessage(
                  message.source(),
                  new Coordinates(message.source().label(), 0, offset++),
                  System.currentTimeMillis(),
                  null,
                  message.value())));
    }
    return result.lines();
  }
}
