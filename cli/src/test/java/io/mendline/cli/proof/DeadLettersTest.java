package io.mendline.cli.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mendline.cli.broker.EmbeddedBroker;
import io.mendline.topology.Settings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a message that cannot be taken to the same message taken once, after a fix. */
class DeadLettersTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SICK = 66;

  private static EmbeddedBroker broker;

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    broker = EmbeddedBroker.start(Map.of("message.max.bytes", "4000000"));
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @Test
  void a_letter_is_listed_and_after_a_fix_it_is_sent_again_and_taken_once() throws Exception {
    AtomicBoolean fixed = new AtomicBoolean();
    try (LiveRun run = new LiveRun(Settings.of(settings("fixed")), broker.bootstrapServers())) {
      run.startWith(
          FaultyConcern.in(
              "runs",
              key -> {
                if (key.id().endsWith(Integer.toString(SICK)) && !fixed.get()) {
                  throw new IllegalStateException("not taken yet");
                }
              }));
      run.send(List.of(FailedRun.of(1, 101), FailedRun.of(SICK, 6_601)));
      run.write("fixed.telemetry.runs", 0, null, bytes("{\"job_id\": 1, password=hunter22"));
      byte[] large = new byte[950_000];
      Arrays.fill(large, (byte) 'x');
      run.write("fixed.telemetry.runs", 1, bytes("key"), large);
      assertThat(
              run.await(
                  result -> result.deadLetters().size() == 3 && result.findings().size() == 1,
                  PATIENCE))
          .isTrue();

      assertThat(command("list").out()).hasSize(8).last().isEqualTo("3 letters");
      assertThat(String.join("\n", command("list").out())).doesNotContain("hunter22");
      assertThat(String.join("\n", command("list", "--raw").out())).contains("hunter22");
      assertThat(command("list", "--stage", "process").out()).last().isEqualTo("1 letter");
      assertThat(command("list", "--topic", "fixed.telemetry.runs").out())
          .last()
          .isEqualTo("2 letters");
      assertThat(command("list", "--limit", "1").out()).last().isEqualTo("1 letter");
      assertThat(command("list", "--until", "2020-01-01T00:00:00Z").out())
          .last()
          .isEqualTo("0 letters");
      JsonNode cut =
          command("list", "--json").out().stream()
              .map(DeadLettersTest::json)
              .filter(letter -> letter.has("cut"))
              .findFirst()
              .orElseThrow();
      assertThat(cut.path("cut").asText()).isEqualTo("950000");
      assertThat(cut.path("key").asText()).isEqualTo("'key'");

      fixed.set(true);
      assertThat(command("replay").out())
          .containsExactly(
              "would send 1 to fixed.telemetry.runs, stage decode",
              "left out 1: came from an internal topic (--internal sends them back there)",
              "left out 1: cut at 900 KiB, so the message is not whole; send it from its source",
              "1 to send; add --yes");
      assertThat(run.drained().findings()).hasSize(1);
      assertThat(command("replay", "--stage", "process", "--internal", "--yes").out())
          .containsExactly("sent 1 to fixed-signals-repartition, stage process", "1 sent");
      assertThat(run.await(result -> result.findings().size() == 2, PATIENCE)).isTrue();

      assertThat(command("replay", "--stage", "process", "--internal", "--yes").out())
          .containsExactly(
              "left out 1: sent again before (--again sends them once more)", "0 sent");
      assertThat(command("list", "--new").out()).last().isEqualTo("2 letters");
      assertThat(command("replay", "--stage", "process", "--internal", "--again").out())
          .last()
          .isEqualTo("1 to send; add --yes");
      // What is still broken comes back as another letter.
      assertThat(command("replay", "--stage", "decode", "--yes").out()).last().isEqualTo("1 sent");
      assertThat(run.await(result -> result.deadLetters().size() == 4, PATIENCE)).isTrue();
      assertThat(run.drained().findings()).hasSize(2);
      assertThat(run.service().failure()).isNull();
    }
  }

  @Test
  void a_topic_that_is_not_there_is_said() {
    Command listed = Command.run(folder, settings("nowhere"), "dead-letters", "list");

    assertThat(listed.code()).isEqualTo(1);
    assertThat(listed.err())
        .containsExactly(
            "mendline: the topic \"nowhere.dead-letters\" is missing; create it with: mendline"
                + " topics create");
  }

  private Command command(String name, String... options) {
    List<String> all = new ArrayList<>(List.of("dead-letters", name));
    all.addAll(List.of(options));
    Command done = Command.run(folder, settings("fixed"), all.toArray(String[]::new));
    assertThat(done.err()).isEmpty();
    assertThat(done.code()).isZero();
    return done;
  }

  private Map<String, String> settings(String name) {
    return LiveRun.given(broker.bootstrapServers(), name, 2, folder.resolve(name));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static JsonNode json(String line) {
    try {
      return JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new AssertionError(line, e);
    }
  }
}
