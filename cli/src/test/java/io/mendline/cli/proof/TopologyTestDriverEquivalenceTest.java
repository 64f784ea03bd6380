package io.mendline.cli.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.cli.sample.GeneratorSettings;
import io.mendline.cli.sample.SampleMessage;
import io.mendline.cli.sample.TelemetryGenerator;
import io.mendline.processors.ingest.Inputs;
import io.mendline.processors.pipeline.Source;
import io.mendline.schemas.Alert;
import io.mendline.schemas.Command;
import io.mendline.schemas.Finding;
import io.mendline.schemas.Incident;
import io.mendline.serdes.RecordFormat;
import io.mendline.serdes.avro.AvroSingleObject;
import io.mendline.topology.MendlineService;
import io.mendline.topology.Settings;
import io.mendline.topology.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Law 1 without a broker: the topology itself, every message through its serdes and stores of
 * bytes, gives what the in-process runtime gives.
 */
class TopologyTestDriverEquivalenceTest {
  private static final Instant SENT = Instant.parse("2026-07-01T00:00:00Z");
  private static final int MESSAGES_BETWEEN_SECONDS = 50;
  private static final int ROUNDS = 2_000;

  private static List<SampleMessage> messages;
  private static List<String> expected;

  @TempDir private Path state;

  @BeforeAll
  static void replay() {
    messages =
        new ArrayList<>(
            new TelemetryGenerator(
                    GeneratorSettings.builder()
                        .seed(7)
                        .from(InProcess.FROM)
                        .duration(Duration.ofHours(30))
                        .rules(6)
                        .jobs(8)
                        .services(1)
                        .build())
                .messages());
    messages.add(InProcess.END);
    expected = InProcess.run(messages).lines();
    assertThat(expected)
        .anyMatch(line -> line.startsWith("finding"))
        .anyMatch(line -> line.startsWith("incident"))
        .anyMatch(line -> line.startsWith("command REPAIR_RUN"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"exactly-once", "at-least-once"})
  void the_topology_gives_what_replay_gives(String guarantee) {
    Settings settings =
        Settings.of(
            Map.of(
                "partitions", "1",
                "clock", "input",
                "stores", "memory",
                "processing.guarantee", guarantee,
                "state.dir", state.toString()));
    try (TopologyTestDriver driver =
        new TopologyTestDriver(
            MendlineService.topology(settings, new AllRead()),
            MendlineService.properties(settings),
            SENT)) {
      assertThat(driven(driver, settings.topics())).isEqualTo(expected);
    }
  }

  private static List<String> driven(TopologyTestDriver driver, Topics topics) {
    Map<Source, TestInputTopic<byte[], byte[]>> inputs = new EnumMap<>(Source.class);
    topics.inputs().forEach((source, topic) -> inputs.put(source, input(driver, topic)));
    CanonicalResult result = new CanonicalResult();
    // The driver does not feed a global table from what the topology itself writes.
    input(driver, topics.policiesValid())
        .pipeInput("proof".getBytes(StandardCharsets.UTF_8), InProcess.POLICY);
    driver.advanceWallClockTime(Duration.ofSeconds(1));
    int sent = 0;
    for (SampleMessage message : messages) {
      inputs.get(message.source()).pipeInput(null, message.value(), SENT);
      if (++sent % MESSAGES_BETWEEN_SECONDS == 0) {
        driver.advanceWallClockTime(Duration.ofSeconds(1));
        gather(driver, topics, result);
      }
    }
    // Work that is over its budget of time is done in rounds, more of them on a busy machine.
    for (int round = 0; round < ROUNDS && !result.lines().equals(expected); round++) {
      driver.advanceWallClockTime(Duration.ofSeconds(1));
      gather(driver, topics, result);
    }
    return result.lines();
  }

  private static void gather(TopologyTestDriver driver, Topics topics, CanonicalResult result) {
    read(driver, topics.findings(), Finding.class, result::take);
    read(driver, topics.incidents(), Incident.class, result::take);
    read(driver, topics.commands(), Command.class, result::take);
    read(driver, topics.alerts(), Alert.class, result::take);
  }

  private static <T extends SpecificRecord> void read(
      TopologyTestDriver driver, String topic, Class<T> type, Consumer<T> take) {
    RecordFormat<T> format = new AvroSingleObject<>(type);
    driver
        .createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer())
        .readValuesToList()
        .stream()
        .filter(value -> value != null)
        .map(format::read)
        .forEach(take);
  }

  private static TestInputTopic<byte[], byte[]> input(TopologyTestDriver driver, String topic) {
    return driver.createInputTopic(topic, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private static final class AllRead implements Inputs {
    @Override
    public int partitions(Source source) {
      return 1;
    }

    @Override
    public long readToEndAt(Source source, int partition, long lastOffset) {
      return 0;
    }
  }
}
