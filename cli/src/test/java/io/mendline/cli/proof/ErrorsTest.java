package io.mendline.cli.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mendline.cli.broker.EmbeddedBroker;
import io.mendline.cli.sample.SampleMessage;
import io.mendline.topology.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong inside the service, on a broker: a record, a detector, a thread, the state. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ErrorsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SICK = 66;

  private static EmbeddedBroker broker;

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    broker = EmbeddedBroker.start();
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @Test
  void what_cannot_be_decoded_inside_is_a_dead_letter_and_the_stream_goes_on() throws IOException {
    try (LiveRun run = run("poisoned")) {
      assertThat(command("poisoned", "topics", "create").code()).isZero();
      byte[] poison = {99, 1, 2, 3};
      run.write("poisoned-signals-repartition", 1, new byte[0], poison);
      run.write("poisoned-command-requests-repartition", 0, new byte[0], poison);
      run.start().send(List.of(FailedRun.of(1, 101), FailedRun.of(2, 201)));

      assertThat(run.await(found(2), PATIENCE)).isTrue();
      assertThat(run.await(result -> result.deadLetters().size() == 2, PATIENCE)).isTrue();
      assertThat(run.service().failure()).isNull();
    }
    List<JsonNode> letters = letters("poisoned");
    JsonNode letter =
        letters.stream()
            .filter(each -> each.path("topic").asText().equals("poisoned-signals-repartition"))
            .findFirst()
            .orElseThrow();
    assertThat(letter.path("internal").asText()).isEqualTo("true");
    assertThat(letter.path("stage").asText()).isEqualTo("decode");
    assertThat(letter.path("partition").asText()).isEqualTo("1");
    assertThat(letter.path("offset").asText()).isEqualTo("0");
    assertThat(letter.path("task").asText()).isEqualTo("2_1");
    assertThat(letter.path("exception").asText()).contains("CorruptDataException");
    assertThat(letter.path("valueBase64").asText()).isEqualTo("YwECAw==");
  }

  @Test
  void a_detector_that_throws_costs_that_message_and_no_other() throws IOException {
    int sound = 20;
    int sick = 3;
    try (LiveRun run = run("sick")) {
      run.startWith(
          FaultyConcern.in(
              "runs",
              key -> {
                if (key.id().endsWith(Integer.toString(SICK))) {
                  throw new IllegalStateException("no idea what to do, password=hunter22");
                }
              }));
      List<SampleMessage> messages = new ArrayList<>();
      for (int i = 0; i < sound; i++) {
        messages.add(FailedRun.of(1, 100 + i));
      }
      for (int i = 0; i < sick; i++) {
        messages.add(7 * i, FailedRun.of(SICK, 6_600 + i));
      }
      run.send(messages);

      assertThat(run.await(found(sound), PATIENCE)).isTrue();
      assertThat(run.await(result -> result.deadLetters().size() == sick, PATIENCE)).isTrue();
      assertThat(run.drained().deadLetters()).hasSize(sick);
      assertThat(run.service().failure()).isNull();
    }
    for (JsonNode letter : letters("sick")) {
      assertThat(letter.path("stage").asText()).isEqualTo("process");
      assertThat(letter.path("topic").asText()).isEqualTo("sick-signals-repartition");
      assertThat(letter.path("internal").asText()).isEqualTo("true");
      assertThat(letter.path("node").asText()).isEqualTo("runs");
      assertThat(letter.path("task").asText()).startsWith("2_");
      assertThat(letter.path("exception").asText()).isEqualTo("java.lang.IllegalStateException");
      assertThat(letter.path("error").asText())
          .isEqualTo("no idea what to do, password=[redacted]");
      assertThat(letter.path("bytes").asInt()).isPositive();
    }
  }

  @Test
  void what_a_detector_left_half_changed_is_taken_back_to_the_last_commit() {
    int runs = 10;
    AtomicInteger steps = new AtomicInteger();
    Map<String, String> settings = settings("half-changed");
    // One transaction holds them all, so that the fifth finds a state that is not written yet.
    settings.put("threads", "1");
    settings.put("commit.interval", "2s");
    try (LiveRun run = new LiveRun(Settings.of(settings), broker.bootstrapServers())) {
      run.prepare();
      List<SampleMessage> messages = new ArrayList<>();
      for (int i = 0; i < runs; i++) {
        messages.add(FailedRun.of(1, 100 + i));
      }
      run.send(messages);
      run.startWith(
          FaultyConcern.in(
              "runs",
              key -> {
                int step = steps.incrementAndGet();
                if (step == 5 || step == 9) {
                  throw new IllegalStateException("step " + step);
                }
              }));

      assertThat(run.await(found(runs - 1), PATIENCE)).isTrue();
      assertThat(run.await(result -> !result.deadLetters().isEmpty(), PATIENCE)).isTrue();
      assertThat(run.drained().findings()).hasSize(runs - 1);
      assertThat(run.result().deadLetters())
          .as("the fifth took its four predecessors back; the ninth was alone")
          .containsExactly("process: step 9");
      assertThat(run.service().failure()).isNull();
    }
  }

  @Test
  void a_thread_that_dies_is_replaced_and_nothing_is_lost() {
    AtomicInteger deaths = new AtomicInteger();
    try (LiveRun run = run("replaced")) {
      run.startWith(
          FaultyConcern.in(
              "runs",
              key -> {
                if (deaths.getAndIncrement() < 2) {
                  throw new KafkaException("injected");
                }
              }));
      run.send(List.of(FailedRun.of(1, 101), FailedRun.of(2, 201)));

      assertThat(run.await(found(2), PATIENCE)).isTrue();
      assertThat(deaths.get()).isGreaterThan(2);
      assertThat(run.service().failure()).isNull();
      assertThat(run.drained().deadLetters()).isEmpty();
    }
  }

  @Test
  void threads_that_go_on_dying_end_the_service() throws InterruptedException {
    try (LiveRun run = run("dying")) {
      run.startWith(
          FaultyConcern.in(
              "runs",
              key -> {
                throw new KafkaException("injected");
              }));
      run.send(List.of(FailedRun.of(1, 101)));

      assertThat(run.service().awaitEnd(PATIENCE)).isTrue();
      assertThat(run.service().lastLine())
          .contains(
              "injected; 6 threads died within 10 minutes; start again when the cause is gone");
    }
  }

  @Test
  void an_error_of_the_machine_ends_the_service_at_once() throws InterruptedException {
    try (LiveRun run = run("ending")) {
      run.startWith(
          FaultyConcern.in(
              "runs",
              key -> {
                throw new LinkageError("injected");
              }));
      run.send(List.of(FailedRun.of(1, 101)));

      assertThat(run.service().awaitEnd(PATIENCE)).isTrue();
      assertThat(run.service().lastLine())
          .contains(
              "LinkageError: injected; the process cannot be trusted any more; start it again");
    }
  }

  @Test
  void state_that_cannot_be_read_ends_the_command_with_a_last_line() {
    assertThat(command("damaged", "topics", "create").code()).isZero();
    try (LiveRun run = run("damaged")) {
      run.write(
          "damaged-runs-changelog",
          0,
          "databricks:1\0job".getBytes(StandardCharsets.UTF_8),
          new byte[] {99, 99, 99});
    }

    Command ended = command("damaged", "run");

    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.err())
        .last()
        .asString()
        .startsWith("mendline ended: the state of \"databricks:1/job\" in the store runs cannot be")
        .endsWith("; run the version that wrote it, or reset the state as docs/operations.md says");
    assertThat(ended.err()).noneMatch(line -> line.contains("\tat "));
  }

  private static Predicate<CanonicalResult> found(int findings) {
    return result -> result.findings().size() >= findings;
  }

  private LiveRun run(String name) {
    return new LiveRun(Settings.of(settings(name)), broker.bootstrapServers());
  }

  private Map<String, String> settings(String name) {
    Map<String, String> settings =
        LiveRun.given(broker.bootstrapServers(), name, 2, folder.resolve(name));
    // A thread that died is still a member until its session is over; the next one waits for it.
    settings.put("kafka.session.timeout.ms", "1500");
    settings.put("kafka.heartbeat.interval.ms", "300");
    return settings;
  }

  private Command command(String name, String... arguments) {
    return Command.run(folder, settings(name), arguments);
  }

  private List<JsonNode> letters(String name) throws IOException {
    Command listed = command(name, "dead-letters", "list", "--json", "--raw");
    assertThat(listed.err()).isEmpty();
    List<JsonNode> letters = new ArrayList<>();
    for (String line : listed.out()) {
      letters.add(JSON.readTree(line));
    }
    assertThat(letters).isNotEmpty();
    return letters;
  }
}
