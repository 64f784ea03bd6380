package io.mendline.cli.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.mendline.topology.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be said of image and Compose file without an engine that runs them. */
class DeployedFilesTest {
  private static final Path DEPLOY = Path.of(System.getProperty("mendline.root"), "deploy");
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final String PORT = "8080";

  @Test
  void the_service_runs_without_rights_it_does_not_need() throws IOException {
    JsonNode mendline = service("mendline");

    assertThat(mendline.get("read_only").asBoolean()).isTrue();
    assertThat(mendline.get("user").asText()).matches("[1-9]\\d*:[1-9]\\d*");
    assertThat(texts(mendline.get("cap_drop"))).containsExactly("ALL");
    assertThat(texts(mendline.get("security_opt"))).contains("no-new-privileges:true");
    assertThat(mendline.has("privileged")).isFalse();
    assertThat(mendline.has("cap_add")).isFalse();
  }

  @Test
  void the_service_writes_to_its_volume_and_to_tmp_only() throws IOException {
    JsonNode mendline = service("mendline");
    String state = mendline.at("/environment/MENDLINE_STATE_DIR").asText();

    assertThat(texts(mendline.get("volumes"))).containsExactly("mendline-state:" + state);
    // RocksDB loads its library from there, which a folder without exec refuses.
    assertThat(texts(mendline.get("tmpfs"))).singleElement().asString().startsWith("/tmp:exec");
    assertThat(compose().get("volumes").has("mendline-state")).isTrue();
    assertThat(dockerfile())
        .contains("VOLUME " + state, "chown 10001:10001 " + state, "-Djava.io.tmpdir=/tmp");
  }

  @Test
  void every_setting_in_the_compose_file_and_the_image_is_one() throws IOException {
    Map<String, String> environment = imageEnvironment();
    service("mendline")
        .get("environment")
        .properties()
        .forEach(each -> environment.put(each.getKey(), resolved(each.getValue().asText())));

    assertThatCode(() -> Settings.load(null, environment)).doesNotThrowAnyException();
    assertThat(environment).containsEntry("MENDLINE_API_PORT", PORT);
    assertThat(Settings.load(null, environment).jsonLog()).isTrue();
  }

  @Test
  void the_image_is_one_of_a_user_without_a_name_and_says_how_it_is() throws IOException {
    String dockerfile = dockerfile();
    List<String> from =
        Pattern.compile("(?m)^FROM (\\S+)")
            .matcher(dockerfile)
            .results()
            .map(r -> r.group(1))
            .toList();
    String last = dockerfile.substring(dockerfile.lastIndexOf("\nFROM "));

    assertThat(from).containsExactly("eclipse-temurin:17-jdk", "eclipse-temurin:17-jre");
    assertThat(last)
        .containsPattern("(?m)^USER 10001:10001$")
        .containsPattern("(?m)^EXPOSE " + PORT + "$")
        .containsPattern("(?m)^HEALTHCHECK ")
        .contains("GET /health/live ", "-XX:MaxRAMPercentage=", "io.mendline.cli.Mendline");
    assertThat(last.indexOf("USER 10001")).isLessThan(last.indexOf("ENTRYPOINT"));
  }

  @Test
  void the_image_leaves_out_what_was_built_and_what_is_no_source() throws IOException {
    assertThat(Files.readAllLines(DEPLOY.resolveSibling(".dockerignore")))
        .contains("**/target", ".git", "state");
  }

  @Test
  void compose_asks_whether_the_service_is_ready_and_others_wait_for_it() throws IOException {
    JsonNode mendline = service("mendline");

    assertThat(String.join(" ", texts(mendline.at("/healthcheck/test"))))
        .contains("/127.0.0.1/" + PORT, "GET /health/ready ");
    assertThat(texts(mendline.get("ports"))).containsExactly("127.0.0.1:" + PORT + ":" + PORT);
    assertThat(mendline.at("/depends_on/kafka/condition").asText()).isEqualTo("service_healthy");
    assertThat(service("executor").at("/depends_on/mendline/condition").asText())
        .isEqualTo("service_healthy");
    assertThat(texts(service("executor").get("profiles"))).containsExactly("executor");
  }

  @Test
  void everything_is_reached_from_this_machine_only_and_images_are_of_a_version()
      throws IOException {
    for (Map.Entry<String, JsonNode> each : compose().get("services").properties()) {
      texts(each.getValue().path("ports"))
          .forEach(port -> assertThat(port).as(each.getKey()).startsWith("127.0.0.1:"));
      if (!each.getValue().has("build")) {
        assertThat(each.getValue().get("image").asText()).matches("[a-z/-]+:v?\\d+\\.\\d+\\.\\d+");
      }
    }
  }

  @Test
  void every_file_that_is_mounted_is_there() throws IOException {
    int mounted = 0;
    for (JsonNode service : compose().get("services")) {
      for (String volume : texts(service.path("volumes"))) {
        if (volume.startsWith(".")) {
          mounted++;
          assertThat(DEPLOY.resolve(volume.substring(0, volume.indexOf(':')))).exists();
          assertThat(volume).endsWith(":ro");
        }
      }
    }
    assertThat(mounted).isEqualTo(3);
  }

  @Test
  void prometheus_scrapes_the_service_and_reads_the_alerts() throws IOException {
    JsonNode prometheus = YAML.readTree(DEPLOY.resolve("prometheus/prometheus.yaml").toFile());
    JsonNode scrape = prometheus.at("/scrape_configs/0");

    assertThat(scrape.get("job_name").asText()).isEqualTo("mendline");
    assertThat(scrape.get("metrics_path").asText()).isEqualTo("/metrics");
    assertThat(scrape.at("/static_configs/0/targets/0").asText()).isEqualTo("mendline:" + PORT);
    for (String file : texts(prometheus.get("rule_files"))) {
      assertThat(DEPLOY.resolve("prometheus").resolve(file)).exists();
    }
  }

  @Test
  void grafana_finds_its_data_source_and_its_dashboard() throws IOException {
    Path provisioning = DEPLOY.resolve("grafana/provisioning");
    JsonNode source =
        YAML.readTree(provisioning.resolve("datasources/prometheus.yaml").toFile())
            .at("/datasources/0");
    JsonNode provider =
        YAML.readTree(provisioning.resolve("dashboards/mendline.yaml").toFile()).at("/providers/0");
    JsonNode dashboard = YAML.readTree(DEPLOY.resolve("grafana/mendline.json").toFile());

    assertThat(source.get("url").asText()).isEqualTo("http://prometheus:9090");
    assertThat(dashboard.findValues("datasource"))
        .isNotEmpty()
        .allSatisfy(used -> assertThat(used.get("uid")).isEqualTo(source.get("uid")));
    String folder = provider.at("/options/path").asText();
    assertThat(texts(service("grafana").get("volumes")))
        .contains("./grafana/mendline.json:" + folder + "/mendline.json:ro");
  }

  @ParameterizedTest
  @ValueSource(strings = {"panels", "targets"})
  void no_two_parts_of_the_dashboard_have_one_id(String parts) throws IOException {
    JsonNode dashboard = YAML.readTree(DEPLOY.resolve("grafana/mendline.json").toFile());
    for (JsonNode list : dashboard.findValues(parts)) {
      List<String> ids = new ArrayList<>();
      list.forEach(part -> ids.add(part.path(parts.equals("panels") ? "id" : "refId").asText()));
      assertThat(ids).doesNotHaveDuplicates();
    }
  }

  private static Map<String, String> imageEnvironment() throws IOException {
    Map<String, String> environment = new LinkedHashMap<>();
    Matcher variable = Pattern.compile("(MENDLINE_[A-Z_]+)=(\\S*)").matcher(dockerfile());
    while (variable.find()) {
      environment.put(variable.group(1), variable.group(2).replace("\"", ""));
    }
    assertThat(environment).containsKey("MENDLINE_STATE_DIR");
    return environment;
  }

  /** As Compose has it where nobody sets the variable. */
  private static String resolved(String value) {
    return value.replaceAll("\\$\\{\\w+:-([^}]*)}", "$1");
  }

  private static String dockerfile() throws IOException {
    return Files.readString(DEPLOY.resolve("Dockerfile"));
  }

  private static JsonNode compose() throws IOException {
    return YAML.readTree(DEPLOY.resolve("compose.yaml").toFile());
  }

  private static JsonNode service(String name) throws IOException {
    return compose().at("/services/" + name);
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(each -> texts.add(each.asText()));
    return texts;
  }
}
