package io.mendline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bundled case of a cache tells the story that its README tells. */
class CacheCaseSampleTest {
  private static final Path CASE = Path.of("..", "samples", "cache-case");
  private static final Path POLICY = Path.of("..", "samples", "policies", "demo.yaml");
  private static final Instant MERGED = Instant.parse("2026-05-06T10:50:12Z");
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path folder;

  @BeforeAll
  static void replay() {
    StringWriter said = new StringWriter();
    PrintWriter writer = new PrintWriter(said, true);
    List<String> arguments =
        List.of(
            "replay",
            "--in",
            CASE.toString(),
            "--out",
            folder.toString(),
            "--policy",
            POLICY.toString());
    int exit = Mendline.run(writer, writer, arguments.toArray(String[]::new));
    assertThat(exit).as(said.toString()).isZero();
  }

  @Test
  void oneRegressionIsFoundSinceWithinAnHourOfThePullRequestThatComesFirst() throws IOException {
    List<JsonNode> findings = records("findings");
    Set<String> ids = new TreeSet<>();
    findings.forEach(finding -> ids.add(finding.path("id").asText()));

    assertThat(ids).hasSize(1);
    JsonNode finding = findings.get(findings.size() - 1);
    assertThat(finding.path("kind").asText()).isEqualTo("CACHE_REGRESSION");
    assertThat(finding.path("status").asText()).isEqualTo("RAISED");
    assertThat(finding.path("resource").path("id").asText())
        .isEqualTo("support-chat/claude-sonnet-4-5");
    JsonNode attributes = finding.path("attributes");
    assertThat(Instant.parse(attributes.path("onset").asText()))
        .isBetween(MERGED.minus(Duration.ofHours(1)), MERGED.plus(Duration.ofHours(1)));
    assertThat(attributes.path("before").asDouble()).isBetween(0.69, 0.71);
    assertThat(attributes.path("after").asDouble()).isBetween(0.47, 0.50);
    JsonNode first = finding.path("suspects").path(0);
    assertThat(first.path("changeId").asText()).isEqualTo("contoso/support-chat#4418");
    assertThat(first.path("url").asText())
        .isEqualTo("https://github.com/contoso/support-chat/pull/4418");
    assertThat(attributes.path("suspectClear").asText()).isEqualTo("true");
  }

  @Test
  void theModelOfSmallCallsIsANoticeAndNoFinding() throws IOException {
    List<JsonNode> notices =
        records("alerts").stream()
            .filter(alert -> alert.path("kind").asText().equals("NOTICE"))
            .toList();

    assertThat(notices).hasSize(1);
    JsonNode notice = notices.get(0);
    assertThat(notice.path("status").asText()).isEqualTo("RAISED");
    assertThat(notice.path("resource").path("id").asText())
        .isEqualTo("support-chat/claude-opus-4-6");
    assertThat(notice.path("title").asText())
        .isEqualTo("support-chat/claude-opus-4-6: structurally uncacheable, 100 % of calls");
    assertThat(notice.path("message").asText()).contains("below 4,096 tokens");
    assertThat(notice.path("incidentId").isNull()).isTrue();
  }

  @Test
  void everyLineIsReadAndTheRollbackIsOnlyProposed() throws IOException {
    assertThat(records("dead-letters")).isEmpty();
    assertThat(records("commands")).isEmpty();
    assertThat(records("alerts"))
        .filteredOn(alert -> alert.path("kind").asText().equals("APPROVAL_REQUEST"))
        .singleElement()
        .satisfies(
            alert -> {
              JsonNode command = alert.path("command");
              assertThat(command.path("action").asText()).isEqualTo("ROLLBACK_CHANGE");
              assertThat(command.toString()).contains("contoso/support-chat#4418");
            });
  }

  private static List<JsonNode> records(String name) throws IOException {
    List<JsonNode> records = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve(name + ".ndjson"))) {
      records.add(JSON.readTree(line));
    }
    return records;
  }
}
