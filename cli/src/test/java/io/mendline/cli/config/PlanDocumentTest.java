package io.mendline.cli.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mendline.cli.Mendline;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The documents say what {@code mendline topics plan} says of the configurations in deploy/. */
class PlanDocumentTest {
  private static final Path ROOT = Path.of("..");
  private static final String BEGIN = "<!-- plan: begin -->\n";
  private static final String END = "<!-- plan: end -->";

  @Test
  void the_hubs_to_create_are_those_that_are_planned() throws IOException {
    assertThat(documented("event-hubs.md"))
        .as("docs/event-hubs.md; paste what topics plan prints between the marks")
        .isEqualTo(plan("event-hubs"));
  }

  @Test
  void the_topics_on_Kafka_are_those_that_are_planned() throws IOException {
    assertThat(documented("operations.md"))
        .as("docs/operations.md; paste what topics plan prints between the marks")
        .isEqualTo(plan("kafka"));
  }

  @Test
  void the_script_creates_every_hub_as_it_is_planned() throws IOException {
    List<String> script = plan("event-hubs", "--as", "az").lines().toList();
    JsonNode plan = new ObjectMapper().readTree(plan("event-hubs", "--json"));

    assertThat(plan).hasSizeGreaterThan(20);
    for (JsonNode topic : plan) {
      boolean compact = topic.at("/configs/cleanup.policy").asText().equals("compact");
      assertThat(script)
          .filteredOn(line -> line.contains(" --name " + topic.path("name").asText() + " "))
          .singleElement()
          .asString()
          .contains(" --partition-count " + topic.path("partitions").asInt() + " ")
          .contains(" --cleanup-policy " + (compact ? "Compact " : "Delete "))
          .contains(compact ? " --timestamp-type" : " --retention-time-in-hours 168 ")
          .endsWith(" --timestamp-type Create");
    }
    assertThat(script).filteredOn(line -> line.startsWith("az ")).hasSize(plan.size());
  }

  private static String documented(String name) throws IOException {
    String document = Files.readString(ROOT.resolve("docs").resolve(name));
    assertThat(document).contains(BEGIN, END);
    return document.substring(document.indexOf(BEGIN) + BEGIN.length(), document.indexOf(END));
  }

  private static String plan(String profile, String... options) {
    StringWriter out = new StringWriter();
    String[] arguments = new String[4 + options.length];
    arguments[0] = "topics";
    arguments[1] = "plan";
    arguments[2] = "--config";
    arguments[3] = ROOT.resolve("deploy").resolve(profile + ".properties").toString();
    System.arraycopy(options, 0, arguments, 4, options.length);
    int code = Mendline.run(new PrintWriter(out), new PrintWriter(out, true), arguments);
    assertThat(code).isZero();
    return out.toString();
  }
}
