package io.mendline.cli.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mendline.cli.broker.EmbeddedBroker;
import io.mendline.cli.sample.SampleMessage;
import io.mendline.topology.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two instances, in processes of their own: what one holds the other answers for. */
class InstancesTest {
  private static final int PARTITIONS = 4;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** So many incidents at least come of the messages. */
  private static final int FOUND = 140;

  private static final String EVERYTHING = "/api/v1/incidents?limit=500";

  private static EmbeddedBroker broker;
  private static List<SampleMessage> messages;

  private static final String HELD = "/internal/v1/incidents?limit=1&partitions=0,1,2,3";

  @TempDir private Path folder;

  @BeforeAll
  static void startBroker() {
    broker = EmbeddedBroker.start();
    messages = new ArrayList<>(InProcess.twoDays());
    // Not so late that what was found is forgotten.
    messages.add(InProcess.endAt(InProcess.FROM.plus(Duration.ofDays(3))));
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @Test
  void either_answers_for_both_and_says_what_is_missing_when_one_is_killed() throws Exception {
    feed("killed");
    try (Instance one = new Instance("killed", "one", 0);
        Instance other = new Instance("killed", "other", 0)) {
      Set<String> incidents = awaitShared(one, other);
      for (String id : incidents) {
        assertThat(one.api.get("/api/v1/incidents/" + id).statusCode()).isEqualTo(200);
        assertThat(other.api.get("/api/v1/incidents/" + id).statusCode()).isEqualTo(200);
      }
      List<String> series = one.api.ids("/api/v1/series?limit=2", "/id");
      assertThat(series).hasSize(9).isEqualTo(other.api.ids("/api/v1/series?limit=500", "/id"));
      for (String id : series) {
        String path = "/api/v1/series/CACHE_SCOPE/" + id;
        assertThat(one.api.document(path)).isEqualTo(other.api.document(path));
      }
      assertThat(one.api.ids("/api/v1/regressions?limit=1", "/findingId"))
          .isNotEmpty()
          .isEqualTo(other.api.ids("/api/v1/regressions?limit=500", "/findingId"));

      Set<Integer> lost = other.active();
      other.process.kill();

      JsonNode without = one.api.document(EVERYTHING);
      Set<Integer> missing = new TreeSet<>();
      without.at("/partitions/missing").forEach(each -> missing.add(each.asInt()));
      assertThat(missing).isEqualTo(lost);
      assertThat(without.path("items").size()).isBetween(1, incidents.size() - 1);
      assertThat(one.api.document("/api/v1/regressions").at("/partitions/missing"))
          .isEqualTo(without.at("/partitions/missing"));
      assertThat(Await.until(() -> one.listed().equals(incidents), PATIENCE))
          .as("recovers")
          .isTrue();
    }
  }

  @Test
  void in_a_rolling_restart_one_retry_saves_every_request() throws Exception {
    feed("rolled");
    try (Instance one = new Instance("rolled", "one", 1);
        Instance other = new Instance("rolled", "other", 1)) {
      Set<String> incidents = awaitShared(one, other);
      try (Clients clients = new Clients(List.of(one, other), List.copyOf(incidents))) {
        for (Instance instance : List.of(one, other)) {
          assertThat(instance.process.end()).as("ends when it is told to").isTrue();
          instance.start();
          assertThat(Await.until(instance::ready, PATIENCE)).isTrue();
          assertThat(Await.until(() -> instance.held() == PARTITIONS, PATIENCE))
              .as("has a copy of everything")
              .isTrue();
        }
        clients.stop();
        assertThat(clients.failures).isEmpty();
        assertThat(clients.answered.get()).as("requests").isGreaterThan(200);
        assertThat(clients.retried.get()).as("it was a restart").isPositive();
      }
    }
  }

  /**
   * Waits until both have a part and list the same, again and again. On the input's clock two
   * instances are not one: what just they find is what both have to know.
   */
  private static Set<String> awaitShared(Instance one, Instance other) {
    List<Set<String>> seen = new ArrayList<>();
    assertThat(
            Await.until(
                () -> {
                  seen.add(one.listed());
                  seen.add(other.listed());
                  List<Set<String>> last = seen.subList(Math.max(0, seen.size() - 40), seen.size());
                  return last.size() == 40
                      && last.get(0).size() >= FOUND
                      && Set.copyOf(last).size() == 1
                      && !one.active().isEmpty()
                      && !other.active().isEmpty();
                },
                PATIENCE))
        .as(() -> "both have a part and know all: " + one + ", " + other)
        .isTrue();
    return seen.get(seen.size() - 1);
  }

  private void feed(String application) {
    try (LiveRun run =
        new LiveRun(
            LiveRun.settings(broker.bootstrapServers(), application, PARTITIONS, folder),
            broker.bootstrapServers())) {
      run.prepare();
      run.policy(InProcess.POLICY);
      run.send(messages);
    }
  }

  /** One instance of an application. */
  private final class Instance implements AutoCloseable {
    private final Map<String, String> given;
    private final Path home;
    private final ApiClient api;
    private ServiceProcess process;

    Instance(String application, String name, int standbys) throws IOException {
      int port = freePort();
      home = Files.createDirectories(folder.resolve(application + "-" + name));
      given =
          new TreeMap<>(
              LiveRun.given(
                  broker.bootstrapServers(), application, PARTITIONS, home.resolve("state")));
      given.put("api.port", Integer.toString(port));
      given.put("standby.replicas", Integer.toString(standbys));
      Settings unused = Settings.of(given);
      api = new ApiClient(port);
      start();
    }

    void start() throws IOException {
      process = ServiceProcess.start(given, home);
    }

    boolean ready() {
      return answers("/health/ready");
    }

    private boolean answers(String path) {
      try {
        return api.get(path).statusCode() == 200;
      } catch (UncheckedIOException e) {
        return false;
      }
    }

    /** How many partitions it has, and has seen everything of. */
    int held() {
      return answers(HELD) ? api.document(HELD).path("partitions").size() : 0;
    }

    /** The partitions that it processes. */
    Set<Integer> active() {
      Set<Integer> active = new TreeSet<>();
      if (answers(HELD)) {
        api.document(HELD)
            .path("partitions")
            .forEach(
                held -> {
                  if (held.path("active").asBoolean()) {
                    active.add(held.path("partition").asInt());
                  }
                });
      }
      return active;
    }

    /** All incidents; none when it does not answer, or something is missing. */
    Set<String> listed() {
      Set<String> listed = new HashSet<>();
      if (answers(EVERYTHING)) {
        JsonNode page = api.document(EVERYTHING);
        if (page.at("/partitions/missing").isEmpty()) {
          page.path("items").forEach(item -> listed.add(item.path("id").asText()));
        }
      }
      return listed;
    }

    @Override
    public String toString() {
      return active() + " of " + listed().size();
    }

    @Override
    public void close() {
      process.close();
    }
  }

  /** Asks for incidents and lists, without pause, and once more when that fails. */
  private static final class Clients implements AutoCloseable {
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger retried = new AtomicInteger();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final List<Thread> threads = new ArrayList<>();

    Clients(List<Instance> instances, List<String> ids) {
      for (int i = 0; i < 2; i++) {
        int first = i;
        Thread thread =
            new Thread(
                () -> {
                  for (int n = first; !stopped.get(); n++) {
                    String path =
                        n % 5 == 0
                            ? "/api/v1/incidents?limit=20"
                            : "/api/v1/incidents/" + ids.get(n % ids.size());
                    ask(path, instances.get(n % 2), instances.get((n + 1) % 2));
                  }
                });
        threads.add(thread);
        thread.start();
      }
    }

    private void ask(String path, Instance instance, Instance next) {
      if (failure(path, instance) != null) {
        retried.incrementAndGet();
        String again = failure(path, next);
        if (again != null) {
          failures.add(path + ": " + again);
          return;
        }
      }
      answered.incrementAndGet();
    }

    private static String failure(String path, Instance instance) {
      try {
        HttpResponse<String> response = instance.api.get(path);
        return response.statusCode() == 200 ? null : response.statusCode() + " " + response.body();
      } catch (UncheckedIOException e) {
        return e.toString();
      }
    }

    void stop() throws InterruptedException {
      stopped.set(true);
      for (Thread thread : threads) {
        thread.join();
      }
    }

    @Override
    public void close() {
      stopped.set(true);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
