package io.mendline.cli.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.cli.broker.BrokerProcess;
import io.mendline.cli.sample.GeneratorSettings;
import io.mendline.cli.sample.SampleMessage;
import io.mendline.cli.sample.TelemetryGenerator;
import io.mendline.topology.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Law 5: while it deals with 200,000 signals the service is killed again and again, and so is the
 * broker, at times that chance says. What was put out in the end is what would have been put out
 * undisturbed.
 *
 * <p>{@code -Dmendline.crash.signals} and {@code -Dmendline.crash.seed} set how many and when.
 */
class CrashTest {
  private static final int SIGNALS = Integer.getInteger("mendline.crash.signals", 200_000);
  private static final long SEED = Long.getLong("mendline.crash.seed", 11);
  private static final long TELEMETRY = Long.getLong("mendline.crash.telemetry", 8);
  private static final Duration PATIENCE =
      Duration.ofSeconds(Integer.getInteger("mendline.crash.patience", 180));

  /** How often each is killed. */
  private static final int KILLS = Integer.getInteger("mendline.crash.kills", 3);

  private static List<SampleMessage> messages;
  private static CanonicalResult expected;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path folder;

  @BeforeAll
  static void replay() {
    GeneratorSettings settings =
        GeneratorSettings.ofFacts(TELEMETRY, SIGNALS + SIGNALS / 10).build();
    messages = new ArrayList<>(new TelemetryGenerator(settings).messages());
    messages.add(
        InProcess.endAt(settings.from().plus(settings.duration()).plus(Duration.ofDays(22))));
    expected = InProcess.run(messages);
    assertThat(InProcess.signals(messages)).isGreaterThanOrEqualTo(SIGNALS);
  }

  @Test
  void exactly_once_nothing_is_missing_and_nothing_twice() throws Exception {
    CanonicalResult result =
        disturbed(
            "exactly-once",
            soFar ->
                seen(expected, soFar).size() == seen(soFar, soFar).size()
                    && lines(expected, soFar).equals(lines(soFar, soFar)));
    assertThat(CanonicalResult.difference(lines(expected, result), lines(result, result)))
        .isEmpty();
    assertThat(seen(result, result)).isEqualTo(seen(expected, result));
  }

  @Test
  void at_least_once_the_set_of_ids_is_the_same() throws Exception {
    CanonicalResult result =
        disturbed("at-least-once", soFar -> ids(expected, soFar).equals(ids(soFar, soFar)));
    assertThat(CanonicalResult.difference(ids(expected, result), ids(result, result))).isEmpty();
  }

  private static List<String> lines(CanonicalResult of, CanonicalResult live) {
    return but(of.lines(), live);
  }

  private static List<String> ids(CanonicalResult of, CanonicalResult live) {
    return but(of.ids(), live);
  }

  /** Without the few commands that waited for another in either run. */
  private static List<String> but(List<String> lines, CanonicalResult live) {
    Set<String> waited = waited(live);
    return lines.stream()
        .filter(line -> !line.startsWith("command ") || waited.stream().noneMatch(line::endsWith))
        .toList();
  }

  private static Map<String, Integer> seen(CanonicalResult of, CanonicalResult live) {
    Set<String> waited = waited(live);
    Map<String, Integer> seen = new TreeMap<>(of.timesSeen());
    seen.keySet().removeIf(key -> waited.stream().anyMatch(key::contains));
    return seen;
  }

  private static Set<String> waited(CanonicalResult live) {
    Set<String> waited = new TreeSet<>(expected.heldForAnother());
    waited.addAll(live.heldForAnother());
    assertThat(waited.size()).as("they are few").isLessThan(SIGNALS / 2_000);
    return waited;
  }

  /** What is killed when the service has committed this share of its input. */
  private record Kill(double share, boolean ofBroker) {}

  private static List<Kill> kills() {
    Random random = new Random(SEED);
    List<Kill> kills = new ArrayList<>();
    for (int i = 0; i < 2 * KILLS; i++) {
      kills.add(new Kill(0.05 + 0.85 * random.nextDouble(), i % 2 == 0));
    }
    kills.sort(Comparator.comparingDouble(Kill::share));
    return kills;
  }

  private CanonicalResult disturbed(String guarantee, Predicate<CanonicalResult> complete)
      throws Exception {
    ServiceProcess service = null;
    try (BrokerProcess broker = BrokerProcess.start(folder.resolve("broker"), "-Xmx1g");
        Admin admin =
            Admin.create(
                Map.of(
                    AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                    broker.bootstrapServers(),
                    AdminClientConfig.ENABLE_METRICS_PUSH_CONFIG,
                    "false"))) {
      Map<String, String> given =
          new TreeMap<>(
              LiveRun.given(
                  broker.bootstrapServers(), "crash-" + guarantee, 2, folder.resolve("state")));
      given.put("processing.guarantee", guarantee);
      given.put("stores", "rocksdb");
      try (LiveRun run = new LiveRun(Settings.of(given), broker.bootstrapServers())) {
        run.prepare();
        run.policy(InProcess.POLICY);
        run.send(messages);
        service = ServiceProcess.start(given, folder);
        for (Kill kill : kills()) {
          awaitCommitted(admin, given, run, kill.share(), service);
          if (kill.ofBroker()) {
            broker.restart();
          } else {
            service.kill();
            service = ServiceProcess.start(given, folder);
          }
        }
        // What is missing by then is said by the caller.
        boolean unused = run.await(complete, PATIENCE);
        assertThat(service.end()).as("ends when it is told to").isTrue();
        return run.drained();
      }
    } finally {
      if (service != null) {
        service.close();
      }
    }
  }

  /** Waits until the application has committed this share of its input. */
  private static void awaitCommitted(
      Admin admin, Map<String, String> given, LiveRun run, double share, ServiceProcess service)
      throws InterruptedException {
    long enough = (long) (messages.size() * share);
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (committed(admin, given.get("application.id"), run) < enough) {
      assertThat(service.alive()).as(service::log).isTrue();
      assertThat(System.nanoTime()).as(service::log).isLessThan(end);
      run.gatherFor(Duration.ofMillis(20));
    }
  }

  /** How many messages; 0 while the broker does not say. */
  private static long committed(Admin admin, String group, LiveRun run)
      throws InterruptedException {
    var inputs = new TreeSet<>(run.topics().inputs().values());
    try {
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
    } catch (ExecutionException e) {
      return 0;
    }
  }
}
