package io.mendline.cli.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.cli.broker.EmbeddedBroker;
import io.mendline.cli.sample.SampleMessage;
import io.mendline.processors.pipeline.Source;
import io.mendline.topology.Settings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Laws 2 to 4 on a broker: watermarks hold nothing up for ever and let nothing pass too early. */
class WatermarkTest {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int PARTITIONS = 3;

  private static EmbeddedBroker broker;
  private static List<SampleMessage> messages;
  private static List<String> expected;

  @TempDir private Path state;

  @BeforeAll
  static void startBrokerAndReplay() {
    broker = EmbeddedBroker.start();
    messages = new ArrayList<>(InProcess.twoDays());
    messages.add(InProcess.END);
    expected = InProcess.run(messages).lines();
    assertThat(expected)
        .anyMatch(line -> line.contains("\"CACHE_REGRESSION\""))
        .anyMatch(line -> line.contains("\"RECURRING_ROOT_CAUSE\""));
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @Test
  void a_partition_that_goes_idle_and_one_that_is_never_used_hold_nothing_up() {
    int half = messages.size() / 2;
    try (LiveRun run = run("idle")) {
      // The second partition hears of the first half only, the third of nothing at all.
      run.send(messages.subList(0, half), number -> number % 2);
      run.send(messages.subList(half, messages.size()), number -> 0);
      run.start();
      assertFound(run);
      assertThat(run.result().deadLetters()).isEmpty();
    }
  }

  @Test
  void a_partition_that_lies_hours_behind_lets_nothing_pass_too_early() {
    try (LiveRun run = run("behind")) {
      // All of the second partition is read and done with before the first has any of its own.
      List<SampleMessage> first = new ArrayList<>();
      List<SampleMessage> second = new ArrayList<>();
      for (int i = 0; i < messages.size(); i++) {
        (i % 2 == 0 ? first : second).add(messages.get(i));
      }
      run.send(second, number -> 1);
      run.send(first, number -> 0);
      run.start();
      assertFound(run);
    }
  }

  @Test
  void a_record_of_the_year_2099_is_a_dead_letter_and_moves_nothing() {
    int half = messages.size() / 2;
    try (LiveRun run = run("future")) {
      run.send(messages.subList(0, half), number -> number % PARTITIONS);
      run.send(List.of(in2099()), number -> 0);
      run.send(messages.subList(half, messages.size()), number -> number % PARTITIONS);
      run.start();
      assertFound(run);
      assertThat(run.result().deadLetters()).hasSize(1);
      assertThat(run.result().deadLetters().get(0)).startsWith("time: ").contains("2099");
    }
  }

  private LiveRun run(String name) {
    Settings settings = LiveRun.settings(broker.bootstrapServers(), name, PARTITIONS, state);
    LiveRun run = new LiveRun(settings, broker.bootstrapServers());
    run.prepare();
    run.policy(InProcess.POLICY);
    return run;
  }

  private static void assertFound(LiveRun run) {
    boolean unused = run.awaitResult(expected, PATIENCE);
    run.stop();
    assertThat(CanonicalResult.difference(expected, run.drained().lines())).isEmpty();
  }

  private static SampleMessage in2099() {
    String run =
        """
        {"workspace_id":4321987650000000,"job_id":1,"run_id":2,"start_time":4070908800000,"end_time":4070912400000,\
        "state":{"life_cycle_state":"TERMINATED","result_state":"FAILED"}}""";
    return new SampleMessage(
        Source.RUNS, null, 4_070_912_400_000L, run.getBytes(StandardCharsets.UTF_8));
  }
}
