package io.mendline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands as a user meets them. */
class CommandsTest {
  private static final Path DAY = Path.of("..", "samples", "day");
  private static final Path POLICY = Path.of("..", "samples", "policies", "demo.yaml");
  private static final List<String> OUTPUTS =
      List.of("findings", "incidents", "commands", "alerts", "audit", "dead-letters");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;

  @Test
  void replay_finds_in_the_sample_day_what_its_readme_says() throws IOException {
    assertThat(replay(folder, "--in", DAY.toString())).isZero();

    assertThat(last("findings"))
        .containsExactlyInAnyOrder(
            "RUN_FAILED 7104401 databricks/CLOUD_FAILURE",
            "RUN_FAILED 7104402 databricks/driver-unreachable",
            "RUN_FAILED 7104403 databricks/REPOSITORY_CHECKOUT_FAILED",
            "RUN_FAILED 7104404 spark/TABLE_OR_VIEW_NOT_FOUND",
            "RUN_FAILED 7104405 python/ModuleNotFoundError",
            "RUN_FAILED 7104406 python/ModuleNotFoundError",
            "RUN_FAILED 7104407 python/ModuleNotFoundError",
            "SKIPPED_WINDOW 8f4e2a10-6c3d-4b57-9e21-0a7d5c1b3f64 sentinel/query-timeout",
            "SKIPPED_WINDOW 1b9c7d35-42ea-4f08-b6d1-93e5a80c2f17 sentinel/semantic-error",
            "SKIPPED_WINDOW c27a51e8-0d94-4e6b-8f13-6b42d9f7a085 sentinel/temporary-issue-delay",
            "RULE_DISABLED 47d6f0a9-b85e-4132-95c7-f81e3a6d204b sentinel/rule-disabled",
            "CACHE_REGRESSION claude-sonnet-4-5 contoso/assistant-api#1482",
            "METRIC_REGRESSION disk_cache_hit_ratio ",
            "METRIC_BREACHED faithfulness ",
            "HOT_NODE search-index ",
            "LOAD_SKEW gateway capacity/one-member-has-all",
            "RECURRING_ROOT_CAUSE 4321987650123456 python/ModuleNotFoundError");
    assertThat(ids("commands", "action"))
        .containsExactlyInAnyOrder(
            "REPAIR_RUN", "REPAIR_RUN", "REPAIR_RUN", "REPLAY_WINDOW", "REPLAY_WINDOW");
    assertThat(lines("dead-letters")).isEmpty();
    assertThat(out.toString()).contains("| messages read | 612 |");
  }

  @Test
  void two_replays_are_byte_identical() throws IOException {
    Path second = folder.resolve("second");
    replay(folder, "--in", DAY.toString(), "--until", "2026-06-14T00:00:00Z");
    replay(second, "--in", DAY.toString(), "--until", "2026-06-14T00:00:00Z");

    for (String name : OUTPUTS) {
      assertThat(folder.resolve(name + ".ndjson"))
          .hasSameBinaryContentAs(second.resolve(name + ".ndjson"));
    }
  }

  @Test
  void replay_reads_gzip_as_it_reads_plain_files() throws IOException {
    Path packed = Files.createDirectory(folder.resolve("packed"));
    try (var files = Files.newDirectoryStream(DAY, "*.ndjson")) {
      for (Path file : files) {
        try (OutputStream gzip =
            new GZIPOutputStream(
                Files.newOutputStream(packed.resolve(file.getFileName() + ".gz")))) {
          Files.copy(file, gzip);
        }
      }
    }
    Path second = folder.resolve("second");
    replay(folder, "--in", DAY.toString());
    replay(second, "--in", packed.toString());

    // Evidence names the file, so only the commands are the same to the byte.
    assertThat(folder.resolve("commands.ndjson"))
        .hasSameBinaryContentAs(second.resolve("commands.ndjson"));
  }

  @Test
  void replay_lets_what_is_pending_come_due_when_the_clock_is_moved_on() throws IOException {
    replay(folder, "--in", DAY.toString());
    int before = lines("alerts").size();
    replay(folder, "--in", DAY.toString(), "--until", "2026-06-14T00:00:00Z");
    assertThat(lines("alerts")).hasSizeGreaterThan(before);
  }

  @Test
  void replay_makes_a_dead_letter_of_what_it_cannot_read_and_goes_on() throws IOException {
    Path input = folder.resolve("runs-broken.ndjson");
    List<String> runs = new ArrayList<>(Files.readAllLines(DAY.resolve("runs.ndjson")));
    runs.add(3, "{\"job_id\": 1, ");
    Files.write(input, runs);

    assertThat(replay(folder.resolve("out"), "--in", input.toString())).isZero();

    Path letters = folder.resolve("out").resolve("dead-letters.ndjson");
    JsonNode letter = JSON.readTree(Files.readAllLines(letters).get(0));
    assertThat(letter.path("topic").asText()).isEqualTo("runs-broken.ndjson");
    assertThat(letter.path("offset").asInt()).isEqualTo(4);
    assertThat(letter.path("stage").asText()).isEqualTo("decode");
    assertThat(letter.path("error").asText()).isNotEmpty();
    assertThat(Files.readAllLines(folder.resolve("out").resolve("findings.ndjson"))).isNotEmpty();
  }

  @Test
  void replay_compares_two_policies() throws IOException {
    Path off = folder.resolve("off.yaml");
    Files.writeString(off, "id: off\nmode: \"off\"\n");
    assertThat(replay(folder, "--in", DAY.toString(), "--compare", off.toString())).isZero();
    assertThat(out.toString())
        .contains("| commands | 5 | 0 | 0 |")
        .contains("Telemetry is what happened");
  }

  @Test
  void replay_prints_its_summary_as_json_too() throws IOException {
    replay(folder, "--in", DAY.toString(), "--summary", "json");
    assertThat(JSON.readTree(out.toString()).at("/findings/SKIPPED_WINDOW/RAISED").asInt())
        .isEqualTo(3);
  }

  @Test
  void replay_says_how_much_the_rules_of_a_workspace_have_looked_at() throws IOException {
    replay(folder, "--in", DAY.toString(), "--until", "2026-06-13T00:00:00Z");
    assertThat(out.toString())
        .endsWith(
            """

            | workspace | rules | windows expected | run | share | time seen | unknown | gaps open |
            |---|---|---|---|---|---|---|---|
            | 5d0c4a7e-3b1f-4a6e-9d42-8c6e1f2a7b90 | 5 | 94 | 91 | 96.8 % | 85.4 % | 737 | 3 |
            """);
  }

  @Test
  void replay_says_the_same_in_json() throws IOException {
    replay(folder, "--in", DAY.toString(), "--summary", "json");
    JsonNode coverage = JSON.readTree(out.toString()).path("coverage");
    assertThat(coverage).hasSize(1);
    assertThat(coverage.at("/0/expected").asInt()).isEqualTo(94);
    assertThat(coverage.at("/0/run").asInt()).isEqualTo(91);
    assertThat(coverage.at("/0/unknown").asInt()).isEqualTo(737);
    assertThat(coverage.at("/0/gapsOpen").asInt()).isEqualTo(3);
    assertThat(coverage.at("/0/share").asDouble()).isEqualTo(91.0 / 94);
  }

  @Test
  void replay_says_nothing_of_coverage_where_no_rule_was_heard_of() throws IOException {
    replay(folder, "--in", DAY.resolve("runs.ndjson").toString());
    replay(folder, "--in", DAY.resolve("runs.ndjson").toString(), "--summary", "json");
    assertThat(out.toString())
        .contains("| messages read |")
        .doesNotContain("workspace", "coverage");
  }

  @Test
  void replay_names_a_file_that_is_missing() {
    assertThat(replay(folder, "--in", "nowhere/runs.ndjson")).isEqualTo(1);
    assertThat(err.toString()).contains("nowhere").doesNotContain("at io.mendline");
  }

  @Test
  void replay_names_a_file_whose_name_says_no_topic() throws IOException {
    Path strange = Files.writeString(folder.resolve("strange.ndjson"), "{}\n");
    assertThat(replay(folder, "--in", strange.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("strange").contains("sentinel").contains("runs");
  }

  @ParameterizedTest
  @ValueSource(strings = {"id: x\nmode: fast\n", "id: x\nmoed: auto\n", "id: [\n"})
  void replay_refuses_a_bad_policy_by_its_name(String text) throws IOException {
    Path bad = Files.writeString(folder.resolve("bad.yaml"), text);
    int code =
        mendline(
            "replay",
            "--in",
            DAY.toString(),
            "--out",
            folder.toString(),
            "--policy",
            bad.toString());
    assertThat(code).isEqualTo(1);
    assertThat(err.toString()).contains("bad.yaml").doesNotContain("at io.mendline");
  }

  @Test
  void classify_answers_line_by_line_in_the_same_order() throws IOException {
    String input =
        """
        ModuleNotFoundError: No module named 'holidays'
        org.apache.spark.SparkException: Job aborted.\\nCaused by: java.lang.OutOfMemoryError: Java heap space
        something nobody has seen before, number 17
        something nobody has seen before, number 18

        """;
    List<JsonNode> answers = new ArrayList<>();
    for (String line : classify(input, "--json")) {
      answers.add(JSON.readTree(line));
    }
    assertThat(answers).hasSize(5);
    assertThat(answers.get(0).path("key").asText()).isEqualTo("python/ModuleNotFoundError");
    assertThat(answers.get(0).path("transience").asText()).isEqualTo("PERMANENT");
    assertThat(answers.get(1).path("key").asText()).containsIgnoringCase("OutOfMemory");
    assertThat(answers.get(2).path("key").asText())
        .startsWith("unknown/")
        .isEqualTo(answers.get(3).path("key").asText());
    assertThat(answers.get(0).fieldNames())
        .toIterable()
        .containsExactly(
            "key",
            "category",
            "transience",
            "title",
            "confidence",
            "fingerprint",
            "hint",
            "retryDoomed");
    assertThat(answers.get(0).path("retryDoomed").isBoolean()).isTrue();
    assertThat(answers.get(0).path("retryDoomed").asBoolean()).isTrue();
    assertThat(answers.get(2).path("retryDoomed").asBoolean()).isFalse();
  }

  @Test
  void classify_repeats_no_secret() throws IOException {
    assertThat(String.join("\n", classify("Bearer eyJhbGciOi.c2VjcmV0.dG9rZW4 was refused\n")))
        .doesNotContain("c2VjcmV0");
  }

  @Test
  void describe_prints_the_topology() {
    assertThat(mendline("describe")).isZero();
    assertThat(out.toString()).contains("Sub-topology").contains("recurrence");
  }

  @Test
  void help_names_every_command() {
    assertThat(mendline("--help")).isZero();
    assertThat(out.toString()).contains("demo", "replay", "classify", "describe", "run");
  }

  @Test
  void run_says_which_setting_is_not_known_and_which_was_meant() throws IOException {
    Path config = Files.writeString(folder.resolve("m.properties"), "comit.interval=1s\n");
    assertThat(mendline("run", "--config", config.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("comit.interval").contains("commit.interval");
  }

  private int replay(Path to, String... arguments) {
    List<String> all = new ArrayList<>(List.of("replay", "--out", to.toString()));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--policy", POLICY.toString()));
    return mendline(all.toArray(String[]::new));
  }

  private List<String> classify(String input, String... options) {
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
    try {
      List<String> all = new ArrayList<>(List.of("classify"));
      all.addAll(List.of(options));
      assertThat(mendline(all.toArray(String[]::new))).isZero();
    } finally {
      System.setIn(before);
    }
    return out.toString().lines().toList();
  }

  private int mendline(String... arguments) {
    return Mendline.run(new PrintWriter(out), new PrintWriter(err, true), arguments);
  }

  private List<String> lines(String name) throws IOException {
    return Files.readAllLines(folder.resolve(name + ".ndjson"));
  }

  /** A field of each command that was issued. */
  private List<String> ids(String name, String field) throws IOException {
    List<String> values = new ArrayList<>();
    for (String line : lines(name)) {
      JsonNode record = JSON.readTree(line);
      if (record.path("status").asText().equals("ISSUED")) {
        values.add(record.path(field).asText());
      }
    }
    return values;
  }

  /** The last revision of each finding: kind, resource, and cause or first suspect. */
  private List<String> last(String name) throws IOException {
    Map<String, String> last = new LinkedHashMap<>();
    for (String line : lines(name)) {
      JsonNode finding = JSON.readTree(line);
      String resource = finding.path("resource").path("id").asText();
      JsonNode cause = finding.path("rootCause").path("key");
      last.put(
          finding.path("id").asText(),
          finding.path("kind").asText()
              + " "
              + resource.substring(resource.lastIndexOf('/') + 1)
              + " "
              + (cause.isMissingNode()
                  ? finding.path("suspects").path(0).path("changeId").asText()
                  : cause.asText()));
    }
    return List.copyOf(last.values());
  }
}
