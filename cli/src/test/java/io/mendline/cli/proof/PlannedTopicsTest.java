package io.mendline.cli.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.cli.broker.EmbeddedBroker;
import io.mendline.topology.PlannedTopic;
import io.mendline.topology.Preflight;
import io.mendline.topology.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The topics that are planned are those that the service has on a broker, no more and no less. */
class PlannedTopicsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int PARTITIONS = 8;

  private static EmbeddedBroker broker;
  private static Admin admin;

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    broker = EmbeddedBroker.start();
    admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
  }

  @AfterAll
  static void stop() {
    admin.close();
    broker.close();
  }

  @Test
  void a_service_on_topics_that_were_created_makes_no_other() throws Exception {
    Map<String, Integer> planned = planned("created");

    Command created = command("created", "topics", "create");
    assertThat(created.code()).isZero();
    assertThat(created.out()).last().isEqualTo(planned.size() + " topics created");
    assertThat(command("created", "topics", "create").out()).containsExactly("nothing to create");
    assertThat(topics("created")).isEqualTo(planned);
    runs("created");

    assertThat(topics("created")).isEqualTo(planned);
    assertThat(command("created", "topics", "check").out()).containsExactly("ok");
    assertThat(planned.values().stream().mapToInt(Integer::intValue).sum()).isLessThan(150);
    assertThat(plan("created").stream().filter(topic -> topic.kind().isInternal()))
        .hasSizeLessThanOrEqualTo(14);
  }

  @Test
  void a_service_that_makes_its_own_topics_makes_those_that_are_planned() throws Exception {
    runs("own");

    assertThat(topics("own")).isEqualTo(planned("own"));
    // Kafka Streams asks for the settings that are planned.
    assertThat(command("own", "topics", "check").out()).containsExactly("ok");
  }

  @Test
  void every_difference_is_a_line_and_those_that_matter_stop_the_start() throws Exception {
    assertThat(command("other", "topics", "create").code()).isZero();
    admin.createPartitions(Map.of("other-runs-changelog", NewPartitions.increaseTo(9))).all().get();
    set("other.incidents", "cleanup.policy", "delete");
    set("other.telemetry.runs", "message.timestamp.type", "LogAppendTime");
    set("other.findings", "max.message.bytes", "1000");
    set("other-signals-repartition", "segment.bytes", "1048576");
    admin.deleteTopics(List.of("other-governor-changelog")).all().get();

    Command checked = command("other", "topics", "check");

    assertThat(checked.code()).isEqualTo(1);
    assertThat(checked.out()).hasSize(6);
    assertThat(checked.out())
        .anyMatch(line -> line.contains("\"other-governor-changelog\" is missing"))
        .anyMatch(line -> line.contains("\"other-runs-changelog\" has 9 partitions and needs 8"))
        .anyMatch(line -> line.contains("\"other.incidents\" has cleanup.policy=delete and needs"))
        .anyMatch(line -> line.contains("\"other.telemetry.runs\" has message.timestamp.type=LogA"))
        .anyMatch(line -> line.contains("\"other.findings\" has max.message.bytes=1000 and needs"))
        .anyMatch(line -> line.contains("\"other-signals-repartition\" has segment.bytes=1048576"));
    // What is missing Kafka Streams creates, and the size of a segment is a matter of taste.
    for (String check : List.of("config check", "run")) {
      Command stopped = command("other", check.split(" "));
      assertThat(stopped.code()).isEqualTo(1);
      assertThat(stopped.err())
          .hasSize(4)
          .allMatch(line -> line.startsWith("mendline: the topic \"other"));
    }
  }

  private void runs(String name) {
    try (LiveRun run = new LiveRun(Settings.of(settings(name)), broker.bootstrapServers())) {
      run.start().send(List.of(FailedRun.of(1, 101)));
      assertThat(run.await(result -> !result.findings().isEmpty(), PATIENCE)).isTrue();
    }
  }

  private static void set(String topic, String key, String value) throws Exception {
    admin
        .incrementalAlterConfigs(
            Map.of(
                new ConfigResource(ConfigResource.Type.TOPIC, topic),
                List.of(new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET))))
        .all()
        .get();
  }

  private Map<String, Integer> planned(String name) {
    Map<String, Integer> planned = new TreeMap<>();
    plan(name).forEach(topic -> planned.put(topic.name(), topic.partitions()));
    return planned;
  }

  private List<PlannedTopic> plan(String name) {
    return new Preflight(Settings.of(settings(name))).plan();
  }

  private static Map<String, Integer> topics(String name)
      throws ExecutionException, InterruptedException {
    List<String> names =
        admin.listTopics().names().get().stream()
            .filter(topic -> topic.startsWith(name + ".") || topic.startsWith(name + "-"))
            .toList();
    Map<String, Integer> topics = new TreeMap<>();
    admin
        .describeTopics(names)
        .allTopicNames()
        .get()
        .forEach((topic, description) -> topics.put(topic, description.partitions().size()));
    return topics;
  }

  private Map<String, String> settings(String name) {
    return LiveRun.given(broker.bootstrapServers(), name, PARTITIONS, folder.resolve(name));
  }

  private Command command(String name, String... arguments) {
    return Command.run(folder, settings(name), arguments);
  }
}
