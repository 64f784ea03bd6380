package io.mendline.cli.poll;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mendline.cli.Mendline;
import io.mendline.cli.broker.EmbeddedBroker;
import io.mendline.databricks.FakePipeline;
import io.mendline.databricks.FakeRun;
import io.mendline.databricks.FakeWorkspace;
import io.mendline.databricks.FakeWorkspace.Fault;
import io.mendline.databricks.api.SystemTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code mendline poll-runs} as a process that is told to end while it reads, and started again.
 * Now and then a call fails.
 */
@Timeout(120)
class PollRunsProcessTest {
  private static final String TOPIC = "telemetry.runs";
  private static final int RUNS = 40;
  private static final int PIPELINES = 10;

  /** The exit code of a process that SIGTERM has ended. */
  private static final int TERMINATED = 128 + 15;

  /** When so many runs were read whole, it is told to end. */
  private static final int ENDS_AFTER = 15;

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path folder;

  private final CountDownLatch inTheMiddle = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);
  private final SystemTime time = new SystemTime();
  private final FakeWorkspace workspace = new FakeWorkspace("7700", time);
  private final Set<String> expected = new TreeSet<>();
  private final List<ConsumerRecord<String, String>> records = new ArrayList<>();
  private EmbeddedBroker broker;
  private KafkaConsumer<String, String> consumer;
  private Process process;

  @BeforeEach
  void start() throws Exception {
    broker = EmbeddedBroker.start();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
    }
    consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", broker.bootstrapServers(), "auto.offset.reset", "earliest"),
            new StringDeserializer(),
            new StringDeserializer());
    consumer.assign(List.of(new TopicPartition(TOPIC, 0)));
    consumer.seekToBeginning(consumer.assignment());
    long hourAgo = time.millis() - 3_600_000;
    for (int i = 0; i < RUNS; i++) {
      FakeRun run = new FakeRun(1_000 + i, 11, hourAgo + i * 1_000L).failsAt(hourAgo + i * 2_000L);
      workspace.add(run);
      workspace.outputs.put(
          run.failedTask(), JSON.createObjectNode().put("error", "ValueError: of " + run.id));
      expected.add("run " + run.id);
    }
    for (int i = 0; i < PIPELINES; i++) {
      FakePipeline pipeline = workspace.pipeline("p-" + i, "Pipeline " + i);
      pipeline.update("u-" + i, hourAgo).flowFails(hourAgo + 1_000).ends("FAILED", hourAgo + 9_000);
      expected.add("update u-" + i);
      expected.add("event u-" + i + "-flow_progress-" + (hourAgo + 1_000));
      expected.add("event u-" + i + "-update_progress-" + (hourAgo + 9_000));
    }
    faults();
  }

  /** Calls fail now and then; in the middle one waits until the process has been told to end. */
  private void faults() {
    AtomicInteger calls = new AtomicInteger();
    AtomicInteger read = new AtomicInteger();
    workspace.faults(
        call -> {
          if (call.path().equals("runs/get") && read.incrementAndGet() == ENDS_AFTER) {
            inTheMiddle.countDown();
            try {
              goOn.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }
          return calls.incrementAndGet() % 60 == 0
              ? Optional.of(Fault.retryAfter(429, "0"))
              : Optional.empty();
        });
  }

  @AfterEach
  void stop() {
    goOn.countDown();
    if (process != null) {
      process.destroyForcibly();
    }
    consumer.close();
    workspace.close();
    broker.close();
  }

  private void launch() throws IOException {
    Path config =
        Files.write(
            folder.resolve("mendline.properties"),
            List.of(
                "kafka.bootstrap.servers=" + broker.bootstrapServers(),
                "databricks.lookback=2h",
                "databricks.state.dir=" + folder.resolve("state"),
                "databricks.workspace.prod.host=" + workspace.host(),
                "databricks.workspace.prod.id=7700",
                "databricks.workspace.prod.token=" + FakeWorkspace.TOKEN));
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Mendline.class.getName(),
                "poll-runs",
                "--config",
                config.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("poller.log").toFile()))
            .start();
  }

  private int exit() throws InterruptedException {
    assertThat(process.waitFor(15, TimeUnit.SECONDS)).as("it ends in time").isTrue();
    return process.exitValue();
  }

  @Test
  void what_is_told_to_end_keeps_what_it_told_and_goes_on_there_when_it_is_started_again()
      throws Exception {
    launch();
    assertThat(inTheMiddle.await(30, TimeUnit.SECONDS)).as(log()).isTrue();
    process.destroy(); // SIGTERM
    assertThat(process.toHandle().supportsNormalTermination()).isTrue();
    awaitEnding();
    goOn.countDown();
    assertThat(exit()).as(log()).isEqualTo(TERMINATED);

    List<String> first = told(read());
    assertThat(first).hasSizeBetween(1, RUNS - 1);
    JsonNode state = JSON.readTree(folder.resolve("state/7700.json").toFile());
    assertThat(state.path("version").asInt()).isOne();
    assertThat(state.path("runs")).hasSize(first.size());
    assertThat(folder.resolve("state/7700.json.new")).doesNotExist();

    launch();
    awaitHeartbeat();
    process.destroy();
    assertThat(exit()).as(log()).isEqualTo(TERMINATED);

    List<ConsumerRecord<String, String>> all = read();
    assertThat(told(all)).doesNotHaveDuplicates();
    assertThat(new TreeSet<>(told(all))).isEqualTo(expected);
    assertThat(log()).doesNotContain(FakeWorkspace.TOKEN);
  }

  private void awaitEnding() throws IOException, InterruptedException {
    while (process.isAlive() && !log().contains("told to end")) {
      process.waitFor(20, TimeUnit.MILLISECONDS);
    }
  }

  /** A heartbeat says that all is told. */
  private void awaitHeartbeat() throws IOException {
    while (records.stream().noneMatch(told -> told.value().contains("\"heartbeat\""))) {
      assertThat(process.isAlive()).as(log()).isTrue();
      consumer.poll(Duration.ofMillis(100)).forEach(records::add);
    }
  }

  /** What each message is about, but for heartbeats; and that it holds what it should. */
  private static List<String> told(List<ConsumerRecord<String, String>> messages)
      throws IOException {
    List<String> told = new ArrayList<>();
    for (ConsumerRecord<String, String> message : messages) {
      ObjectNode value = (ObjectNode) JSON.readTree(message.value());
      if (value.has("run_id")) {
        String id = value.path("run_id").asText();
        assertThat(message.key()).isEqualTo("7700/11");
        assertThat(message.value()).contains("ValueError: of " + id);
        told.add("run " + id);
      } else if (value.has("update")) {
        told.add("update " + value.at("/update/update_id").asText());
      } else if (value.has("event_type")) {
        told.add("event " + value.path("id").asText());
      }
    }
    return told;
  }

  /** All that is on the topic. */
  private List<ConsumerRecord<String, String>> read() {
    long end = consumer.endOffsets(consumer.assignment()).values().iterator().next();
    while (records.size() < end) {
      consumer.poll(Duration.ofMillis(100)).forEach(records::add);
    }
    return List.copyOf(records);
  }

  private String log() throws IOException {
    return Files.readString(folder.resolve("poller.log"));
  }
}
