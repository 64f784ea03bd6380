package io.mendline.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mendline.cli.Mendline;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * That the benchmark runs, tells what it should and is honest; not how fast anything is. The
 * service in it has found every failure of the telemetry and refused nothing, or the command would
 * fail.
 */
class BenchCommandTest {
  @TempDir private Path folder;

  @Test
  void a_quick_run_measures_and_tells_all_of_it() throws Exception {
    Path file = folder.resolve("bench.json");
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        Mendline.run(
            new PrintWriter(out, true),
            new PrintWriter(err, true),
            "bench",
            "--quick",
            // The second compiler takes longer than the run.
            "--java-option=-XX:TieredStopAtLevel=1",
            "--json",
            file.toString());
    assertThat(code).as(err.toString()).isZero();
    assertThat(out.toString())
        .contains(
            "(a) consume and parse",
            "(b) Streams pass-through",
            "(c) service, single records",
            "(d) service, envelopes of 20")
        .as("cold numbers say nothing of floors")
        .doesNotContain("floor");
    JsonNode told = new ObjectMapper().readTree(file.toFile());
    assertThat(told.at("/outcomes").findValuesAsText("scenario"))
        .containsExactly("a", "b", "c", "d");
    for (JsonNode outcome : told.at("/outcomes")) {
      assertThat(outcome.at("/resources").asInt()).isEqualTo(1_000);
      assertThat(outcome.at("/runs")).hasSize(1);
      requirePositive(outcome, "/eventsPerSecond", "/ratioToPassThrough", "/heapBytes");
    }
    assertThat(told.at("/outcomes/1/ratioToPassThrough").asDouble()).isEqualTo(1);
    for (String service : new String[] {"/outcomes/2", "/outcomes/3"}) {
      requirePositive(
          told.at(service),
          "/cpuSecondsPerMillionEvents",
          "/changelogBytesPerEvent",
          "/restoreMillis",
          "/latency/p50Millis",
          "/latency/p99Millis",
          "/latency/findings");
    }
    assertThat(told.at("/floors")).isEmpty();
  }

  @Test
  void events_go_by_the_thousand() {
    StringWriter err = new StringWriter();
    int code =
        Mendline.run(
            new PrintWriter(new StringWriter()), new PrintWriter(err, true), "bench", "--events=5");
    assertThat(code).isEqualTo(2);
    assertThat(err.toString()).contains("--events goes by the thousand");
  }

  @Test
  void what_is_measured_cold_is_held_against_no_floor() {
    StringWriter err = new StringWriter();
    int code =
        Mendline.run(
            new PrintWriter(new StringWriter()),
            new PrintWriter(err, true),
            "bench",
            "--quick",
            "--check");
    assertThat(code).isEqualTo(2);
    assertThat(err.toString()).contains("--check means nothing for the numbers of --quick");
  }

  private static void requirePositive(JsonNode outcome, String... numbers) {
    for (String number : numbers) {
      assertThat(outcome.at(number).asDouble()).as(number).isPositive();
    }
  }
}
