package io.mendline.databricks.poller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mendline.databricks.FakeRun;
import io.mendline.databricks.FakeTime;
import io.mendline.databricks.FakeWorkspace;
import io.mendline.databricks.FakeWorkspace.Fault;
import io.mendline.databricks.api.SystemTime;
import io.mendline.databricks.api.WorkspaceApi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Several workspaces at once, at the time of this machine. */
@Timeout(60)
class RunPollerTest {
  @TempDir private Path folder;
  private final SystemTime time = new SystemTime();
  private final FakeWorkspace good = new FakeWorkspace("1", time);
  private final FakeWorkspace bad = new FakeWorkspace("2", time);
  private final RecordingOutbox outbox = new RecordingOutbox();
  private final CountDownLatch never = new CountDownLatch(1);

  @BeforeEach
  void run() {
    long now = time.millis();
    FakeRun run = new FakeRun(22, 11, now - 60_000).failsAt(now - 30_000);
    good.add(run);
    good.outputs.put(
        run.failedTask(),
        new ObjectMapper().createObjectNode().put("error", "refused " + FakeWorkspace.TOKEN));
  }

  @AfterEach
  void stop() {
    never.countDown();
    good.close();
    bad.close();
  }

  private RunPoller poller(Outbox to) {
    List<Outbox> outboxes = new ArrayList<>(List.of(to, new RecordingOutbox()));
    return new RunPoller(
        Polling.config(folder, good, bad),
        WorkspaceApi.http(Duration.ofSeconds(30)),
        () -> outboxes.remove(0),
        time);
  }

  @Test
  void once_reads_all_that_can_be_read_and_says_what_cannot() throws InterruptedException {
    bad.faults(call -> Optional.of(Fault.status(403)));

    try (RunPoller poller = poller(outbox)) {
      List<String> problems = poller.once();

      assertThat(problems)
          .isNotEmpty()
          .allSatisfy(line -> assertThat(line).startsWith("ws-2: ").contains("status 403"));
    }
    assertThat(outbox.ofRun("22")).hasSize(1);
    assertThat(outbox.of("heartbeat")).hasSize(1);
  }

  @Test
  void a_workspace_that_does_not_answer_holds_up_no_other_and_not_the_end()
      throws InterruptedException {
    bad.faults(
        call -> {
          try {
            never.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return Optional.empty();
        });
    CountDownLatch told = new CountDownLatch(1);
    outbox.afterFlush = told::countDown;

    RunPoller poller = poller(outbox);
    poller.start();
    assertThat(told.await(20, TimeUnit.SECONDS)).isTrue();
    never.countDown();
    poller.close();

    assertThat(outbox.ofRun("22")).hasSize(1);
    assertThat(new StateFile(folder, "1").load().runs).containsKey("22");
  }

  @Test
  void two_pollers_do_not_share_a_state() throws InterruptedException {
    RunPoller first = poller(outbox);
    assertThatThrownBy(() -> poller(outbox))
        .isInstanceOf(StateException.class)
        .hasMessageContaining("in use by another poller")
        .hasMessageContaining("databricks.state.dir");
    first.close();
    poller(outbox).close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "{\"version\":2,\"workspace\":\"1\",\"position\":1}",
        "{\"version\":1,\"workspace\":\"9\",\"position\":1}",
        "{\"version\":1,\"workspace\":\"1\",\"position\":1,\"runs\":[{\"id\":\"1\",\"phase\":\"x\"}]}"
      })
  void a_state_that_cannot_be_used_is_named_with_what_to_do(String state) throws IOException {
    Files.writeString(folder.resolve("1.json"), state);

    assertThatThrownBy(() -> poller(outbox))
        .isInstanceOf(StateException.class)
        .hasMessageContaining(folder.resolve("1.json").toString())
        .hasMessageContaining("databricks.lookback");
  }

  @Test
  void what_a_crash_left_half_written_is_passed_over() throws IOException {
    StateFile file = new StateFile(folder, "1");
    file.save(new WorkspaceState(42));
    Files.writeString(folder.resolve("1.json.new"), "{\"version\":1,\"wor");

    assertThat(new StateFile(folder, "1").load().position).isEqualTo(42);
  }

  @Test
  void no_token_shows_in_the_log_the_state_the_errors_or_the_messages()
      throws InterruptedException, IOException {
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    root.addAppender(log);
    root.setLevel(Level.INFO);
    // A proxy that tells everybody what it was sent.
    bad.faults(
        call ->
            Optional.of(
                new Fault(401, Map.of(), "{\"message\":\"not " + call.authorization() + "\"}")));
    ObjectNode job = new ObjectMapper().createObjectNode().put("job_id", 11);
    job.putObject("settings")
        .put("description", "logs in with " + FakeWorkspace.TOKEN)
        .putObject("spark_env_vars")
        .put("DB_PASSWORD", "hunter2hunter2");
    good.jobs.put("11", job);
    List<String> problems;
    PollerConfig config = Polling.config(folder, good, bad);
    try (RunPoller poller = poller(outbox)) {
      problems = poller.once();
    } finally {
      root.setLevel(Level.OFF);
      root.detachAppender(log);
    }

    StringBuilder all = new StringBuilder().append(problems).append(config);
    log.list.forEach(
        event -> all.append(event.getFormattedMessage()).append(event.getThrowableProxy()));
    outbox.told.forEach(told -> all.append(told.value()));
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        all.append(Files.readString(file));
      }
    }
    assertThat(log.list).isNotEmpty();
    assertThat(problems).isNotEmpty();
    assertThat(outbox.of("job")).hasSize(1);
    assertThat(all.toString())
        .contains("[redacted]")
        .doesNotContain(FakeWorkspace.TOKEN)
        .doesNotContain("hunter2");
  }

  @Test
  void a_message_that_a_broker_would_refuse_is_made_smaller_and_keeps_the_failure() {
    FakeTime clock = new FakeTime(time.millis());
    FakeRun run = new FakeRun(22, 11, clock.millis() - 9).failsAt(clock.millis() - 1);
    run.tasks = 1_000;
    ObjectNode object = run.at(clock.millis()).put("workspace_id", "1");
    object.path("tasks").forEach(task -> ((ObjectNode) task).put("definition", "x".repeat(2_000)));
    RunReading before = RunReading.of(object);

    byte[] bytes = MessageSize.ofRun(object, before.failedTasks());

    assertThat(bytes.length).isLessThan(MessageSize.MOST_BYTES);
    assertThat(RunReading.of(object).version()).isEqualTo(before.version());

    object
        .path("tasks")
        .forEach(
            task -> ((ObjectNode) task).putObject("run_output").put("error", "e".repeat(2_000)));
    assertThat(MessageSize.ofRun(object, before.failedTasks()).length)
        .isLessThan(MessageSize.MOST_BYTES);
    assertThat(RunReading.of(object).failedTasks()).containsExactly(run.failedTask());
  }
}
