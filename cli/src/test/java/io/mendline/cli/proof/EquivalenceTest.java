package io.mendline.cli.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.cli.broker.EmbeddedBroker;
import io.mendline.cli.sample.Disorder;
import io.mendline.cli.sample.SampleMessage;
import io.mendline.processors.pipeline.Source;
import io.mendline.topology.Settings;
import java.nio.file.Path;
import java.time.Duration;
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
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private static EmbeddedBroker broker;
  private static List<SampleMessage> inOrder;
  private static List<String> expected;

  @TempDir private Path state;

  @BeforeAll
  static void startBrokerAndReplay() {
    broker = EmbeddedBroker.start();
    inOrder = new ArrayList<>(InProcess.twoDays());
    inOrder.add(InProcess.END);
    expected = InProcess.run(inOrder).lines();
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
    assertThat(InProcess.run(disorderly(1)).lines()).isEqualTo(expected);
    assertThat(InProcess.run(disorderly(2)).lines()).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 8})
  void a_broker_gives_the_same_however_many_partitions(int partitions) {
    Settings settings =
        LiveRun.settings(broker.bootstrapServers(), "equal-" + partitions, partitions, state);
    List<SampleMessage> messages = disorderly(partitions);
    try (LiveRun run = new LiveRun(settings, broker.bootstrapServers())) {
      run.prepare();
      run.policy(InProcess.POLICY);
      run.send(messages);
      run.start();
      assertAwaited(run);
      run.stop();
      assertThat(CanonicalResult.difference(expected, run.drained().lines())).isEmpty();
    }
  }

  @Test
  void a_restart_in_the_middle_changes_nothing() {
    Settings settings = LiveRun.settings(broker.bootstrapServers(), "restarted", 3, state);
    List<SampleMessage> messages = disorderly(5);
    int half = messages.size() / 2;
    try (LiveRun run = new LiveRun(settings, broker.bootstrapServers())) {
      run.prepare();
      run.policy(InProcess.POLICY);
      run.send(messages.subList(0, half));
      run.start();
      // Somewhere in the middle: what is found by then is found.
      run.gatherFor(Duration.ofSeconds(3));
      run.stop();
      run.send(messages.subList(half, messages.size()));
      run.start();
      assertAwaited(run);
      run.stop();
      assertThat(CanonicalResult.difference(expected, run.drained().lines())).isEmpty();
    }
  }

  private static void assertAwaited(LiveRun run) {
    boolean unused = run.awaitResult(expected, PATIENCE);
    assertThat(CanonicalResult.difference(expected, run.result().lines())).isEmpty();
  }

  /**
   * A tenth told twice, then shuffled within the lateness of each source; the end stays the end.
   */
  private static List<SampleMessage> disorderly(long seed) {
    List<SampleMessage> messages = new ArrayList<>(inOrder.subList(0, inOrder.size() - 1));
    messages = Disorder.shuffle(Disorder.duplicate(messages, seed, 0.1), seed, lateness());
    messages = new ArrayList<>(messages);
    messages.add(InProcess.END);
    return messages;
  }

  private static Map<Source, Duration> lateness() {
    return Map.of(
        Source.SENTINEL, Duration.ofHours(2),
        Source.RUNS, Duration.ofSeconds(60),
        Source.CACHE, Duration.ofMinutes(5),
        Source.CHANGES, Duration.ofMinutes(5));
  }
}
