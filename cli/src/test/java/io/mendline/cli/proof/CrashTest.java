package io.mendline.cli.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.cli.broker.EmbeddedBroker;
import io.mendline.cli.sample.GeneratorSettings;
import io.mendline.cli.sample.SampleMessage;
import io.mendline.cli.sample.TelemetryGenerator;
import io.mendline.topology.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Law 5: a service that is killed three times in the middle of 50,000 signals and started again on
 * the same broker has put out exactly what it would have put out undisturbed.
 */
class CrashTest {
  private static final int SIGNALS = 50_000;
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /** The service is killed when it has committed so much of its input. */
  private static final double[] KILLED_AT = {0.15, 0.4, 0.7};

  private static EmbeddedBroker broker;
  private static List<SampleMessage> messages;
  private static CanonicalResult expected;

  @TempDir private Path folder;

  @BeforeAll
  static void startBrokerAndReplay() {
    broker = EmbeddedBroker.start();
    GeneratorSettings settings = GeneratorSettings.ofFacts(7, SIGNALS + 5_000).build();
    messages = new ArrayList<>(new TelemetryGenerator(settings).messages());
    messages.add(
        InProcess.endAt(settings.from().plus(settings.duration()).plus(Duration.ofDays(22))));
    expected = InProcess.run(messages);
    assertThat(InProcess.signals(messages)).isGreaterThanOrEqualTo(SIGNALS);
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @Test
  void exactly_once_nothing_is_missing_and_nothing_twice() throws Exception {
    CanonicalResult result =
        killedThreeTimes(
            "exactly-once",
            soFar ->
                soFar.timesSeen().size() == expected.timesSeen().size()
                    && soFar.lines().equals(expected.lines()));
    assertThat(CanonicalResult.difference(expected.lines(), result.lines())).isEmpty();
    assertThat(result.timesSeen()).isEqualTo(expected.timesSeen());
  }

  @Test
  void at_least_once_the_set_of_ids_is_the_same() throws Exception {
    CanonicalResult result =
        killedThreeTimes("at-least-once", soFar -> soFar.ids().equals(expected.ids()));
    assertThat(CanonicalResult.difference(expected.ids(), result.ids())).isEmpty();
  }

  private CanonicalResult killedThreeTimes(String guarantee, Predicate<CanonicalResult> complete)
      throws Exception {
    Map<String, String> given =
        new TreeMap<>(
            LiveRun.given(
                broker.bootstrapServers(), "crash-" + guarantee, 2, folder.resolve("state")));
    given.put("processing.guarantee", guarantee);
    given.put("stores", "rocksdb");
    try (LiveRun run = new LiveRun(Settings.of(given), broker.bootstrapServers());
        Admin admin =
            Admin.create(
                Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()))) {
      run.prepare();
      run.policy(InProcess.POLICY);
      run.send(messages);
      for (double share : KILLED_AT) {
        try (ServiceProcess service = ServiceProcess.start(given, folder)) {
          awaitCommitted(admin, given, run, share, service);
          assertThat(committed(admin, given.get("application.id"), run))
              .as("there is more to do")
              .isLessThan(messages.size());
          service.kill();
        }
      }
      try (ServiceProcess service = ServiceProcess.start(given, folder)) {
        // What is missing by then is said by the caller.
        boolean unused = run.await(complete, PATIENCE);
        assertThat(service.end()).as("ends when it is told to").isTrue();
      }
      return run.drained();
    }
  }

  /** Waits until the application has committed this share of its input. */
  private static void awaitCommitted(
      Admin admin, Map<String, String> given, LiveRun run, double share, ServiceProcess service)
      throws Exception {
    long enough = (long) (messages.size() * share);
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (committed(admin, given.get("application.id"), run) < enough) {
      assertThat(service.alive()).as("the service runs").isTrue();
      assertThat(System.nanoTime()).as("in time").isLessThan(end);
      run.gatherFor(Duration.ofMillis(50));
    }
  }

  private static long committed(Admin admin, String group, LiveRun run)
      throws ExecutionException, InterruptedException {
    var inputs = new TreeSet<>(run.topics().inputs().values());
    return admin
        .listConsumerGroupOffsets(group)
        .partitionsToOffsetAndMetadata()
        .get()
        .entrySet()
        .stream()
        .filter(entry -> inputs.contains(entry.getKey().topic()))
        .filter(entry -> entry.getValue() != null)
        .mapToLong(entry -> entry.getValue().offset())
        .sum();
  }
}
