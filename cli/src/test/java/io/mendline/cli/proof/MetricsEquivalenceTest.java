package io.mendline.cli.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.cli.broker.EmbeddedBroker;
import io.mendline.cli.sample.Disorder;
import io.mendline.cli.sample.SampleMessage;
import io.mendline.processors.pipeline.Source;
import io.mendline.topology.Settings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Law 1 for what is judged of metrics: a hot pool, a skewed one, a breached limit and a regression
 * are found the same on 1, 3 and 8 partitions, shuffled within lateness, a third of the samples
 * told twice.
 */
class MetricsEquivalenceTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** A backlog may hold so many minutes open, see {@code CapacityState}. */
  private static final int MINUTES = 30;

  private static EmbeddedBroker broker;
  private static List<SampleMessage> samples;
  private static List<String> expected;

  @TempDir private Path state;

  @BeforeAll
  static void startBrokerAndReplay() {
    broker = EmbeddedBroker.start();
    samples = samples();
    expected = InProcess.run(ended(samples)).lines();
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @Test
  void the_input_holds_something_of_everything() {
    assertThat(List.of("HOT_NODE", "LOAD_SKEW", "METRIC_BREACHED", "METRIC_REGRESSION"))
        .allSatisfy(
            kind ->
                assertThat(expected)
                    .anyMatch(
                        line -> line.startsWith("finding") && line.contains('"' + kind + '"')));
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
        LiveRun.settings(broker.bootstrapServers(), "metrics-" + partitions, partitions, state);
    try (LiveRun run = new LiveRun(settings, broker.bootstrapServers())) {
      run.prepare();
      run.policy(InProcess.POLICY);
      run.send(disorderly(partitions));
      run.start();
      boolean unused = run.awaitResult(expected, PATIENCE);
      run.stop();
      assertThat(CanonicalResult.difference(expected, run.drained().lines())).isEmpty();
    }
  }

  private static List<SampleMessage> samples() {
    Random random = new Random(5);
    List<SampleMessage> all = new ArrayList<>(InProcess.withMetrics(List.of()));
    for (int minute = 0; minute < MINUTES; minute++) {
      for (int node = 0; node < 4; node++) {
        String name = "node-" + node;
        all.add(sample(minute, "hot-pool", "cpu", name, 90 + 5 * random.nextDouble()));
        double requests = (node == 0 ? 200 : 20) + random.nextInt(10);
        all.add(sample(minute, "skewed-pool", "requests", name, requests));
      }
      all.add(sample(minute, "assistant", "faithfulness", null, 0.5 + 0.1 * random.nextDouble()));
    }
    all.sort(Comparator.comparingLong(SampleMessage::eventTime));
    return all;
  }

  private static SampleMessage sample(
      int minute, String scope, String metric, String node, double value) {
    Instant at = InProcess.FROM.plus(Duration.ofHours(30)).plus(Duration.ofMinutes(minute));
    String json =
        String.format(
            Locale.ROOT,
            "{\"time\":\"%s\",\"scope\":\"%s\",\"metric\":\"%s\",\"value\":%.3f%s}",
            at,
            scope,
            metric,
            value,
            node == null ? "" : ",\"node\":\"" + node + '"');
    return new SampleMessage(
        Source.METRICS, null, at.toEpochMilli(), json.getBytes(StandardCharsets.UTF_8));
  }

  private static List<SampleMessage> disorderly(long seed) {
    return ended(
        Disorder.shuffle(
            Disorder.duplicate(samples, seed, 0.3),
            seed,
            Map.of(Source.METRICS, Source.METRICS.defaultLateness())));
  }

  private static List<SampleMessage> ended(List<SampleMessage> messages) {
    List<SampleMessage> all = new ArrayList<>(messages);
    all.add(InProcess.END);
    return all;
  }
}
