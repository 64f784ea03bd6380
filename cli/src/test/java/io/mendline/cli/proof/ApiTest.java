package io.mendline.cli.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mendline.cli.broker.EmbeddedBroker;
import io.mendline.cli.sample.SampleMessage;
import io.mendline.processors.regression.SeriesReport;
import io.mendline.processors.regression.SeriesReport.Measured;
import io.mendline.processors.regression.SeriesType;
import io.mendline.processors.runs.JobHealth;
import io.mendline.processors.runs.JobReport;
import io.mendline.processors.sentinel.WorkspaceCoverage;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One instance that has found something of everything is asked for all of it. */
class ApiTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final Instant END = InProcess.FROM.plus(Duration.ofDays(3));

  @TempDir private static Path folder;

  private static EmbeddedBroker broker;
  private static LiveRun run;
  private static ApiClient api;
  private static ApiContract contract;
  private static List<WorkspaceCoverage> coverage;
  private static List<JobReport> jobs;
  private static List<SeriesReport> series;

  @BeforeAll
  static void findSomethingOfEverything() {
    broker = EmbeddedBroker.start();
    run =
        new LiveRun(
            LiveRun.settings(broker.bootstrapServers(), "api", 3, folder),
            broker.bootstrapServers());
    run.prepare();
    run.policy(InProcess.POLICY);
    List<SampleMessage> messages =
        InProcess.withMetrics(InProcess.withPartitions(InProcess.twoDays()));
    // Not so late that what was found is forgotten.
    messages.add(InProcess.endAt(END));
    run.send(messages);
    run.start();
    assertThat(run.awaitResult(InProcess.run(messages).lines(), PATIENCE)).isTrue();
    coverage = InProcess.coverage(messages);
    jobs = InProcess.jobs(messages);
    series = InProcess.series(messages);
    api = new ApiClient(run.apiPort());
    contract = new ApiContract(api.document("/openapi.json"));
  }

  @AfterAll
  static void stop() {
    run.close();
    broker.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/v1/incidents",
        "/api/v1/findings",
        "/api/v1/sentinel/rules",
        "/api/v1/sentinel/gaps",
        "/api/v1/sentinel/coverage",
        "/api/v1/root-causes",
        "/api/v1/sources",
        "/api/v1/commands",
        "/api/v1/jobs",
        "/api/v1/series",
        "/api/v1/regressions",
        "/api/v1/partitions",
        "/api/v1/backfills",
        "/api/v1/policies",
        "/health/live",
        "/health/ready",
        "/health/started",
        "/openapi.json"
      })
  void answers_keep_to_the_contract(String path) {
    JsonNode answer = api.document(path);
    assertThat(contract.violations("get", path, 200, answer)).isEmpty();
    if (path.startsWith("/api")) {
      assertThat(answer.path("items")).as("there is something in it").isNotEmpty();
    }
  }

  @Test
  void an_incident_its_timeline_and_its_resource_keep_to_the_contract() {
    JsonNode listed = api.document("/api/v1/incidents?limit=1").path("items").get(0);
    String path = "/api/v1/incidents/" + listed.path("id").asText();
    JsonNode incident = api.document(path);
    assertThat(contract.violations("get", "/api/v1/incidents/{id}", 200, incident)).isEmpty();
    assertThat(incident.path("updatedAt")).isEqualTo(listed.path("updatedAt"));
    JsonNode ofJob =
        api.document("/api/v1/incidents?limit=1&resourceType=DATABRICKS_JOB").at("/items/0");
    JsonNode job = api.document("/api/v1/jobs/" + ofJob.at("/resource/id").asText());
    JsonNode decided = api.document("/api/v1/incidents/" + ofJob.path("id").asText());
    assertThat(contract.violations("get", "/api/v1/incidents/{id}", 200, decided)).isEmpty();
    assertThat(decided.path("successRate"))
        .as("how the job does is shown where a person decides")
        .isEqualTo(job.path("successRate"))
        .isNotEmpty();
    JsonNode timeline = api.document(path + "/timeline");
    assertThat(contract.violations("get", "/api/v1/incidents/{id}/timeline", 200, timeline))
        .isEmpty();
    assertThat(timeline.path("items")).isEqualTo(incident.path("timeline")).isNotEmpty();
    JsonNode policy = api.document("/api/v1/policies/proof");
    assertThat(contract.violations("get", "/api/v1/policies/{id}", 200, policy)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "state=AVAILABLE,                      bronze",
    "'state=MISSING,RETRIES_USED_UP',      gold silver",
    "dataset=sales,                        bronze gold silver",
    "dataset=sales&layer=Gold,             gold",
    "dataset=sale,                         ''",
    "state=unsettled,                      ''",
  })
  void partitions_are_found_by_state_dataset_and_layer(String query, String layers) {
    List<String> found = new ArrayList<>();
    api.document("/api/v1/partitions?" + query)
        .path("items")
        .forEach(item -> found.add(item.path("resource").asText().split("/", -1)[1]));

    assertThat(String.join(" ", found)).isEqualTo(layers);
  }

  @Test
  void backfills_are_told_as_a_log() {
    JsonNode items = api.document("/api/v1/backfills?dataset=sales&date=2026-05-03").path("items");

    assertThat(items).hasSize(2);
    for (JsonNode item : items) {
      assertThat(item.path("layer").asText()).isIn("bronze", "silver");
      assertThat(item.path("pipelineName").asText()).isEqualTo("pl_backfill");
      assertThat(item.path("executionStatus").asText()).isEqualTo("Triggered");
      assertThat(item.path("triggeredBy").asText()).isEqualTo("mendline");
      assertThat(item.path("attempt").asInt()).isEqualTo(1);
      assertThat(item.has("pipelineRunId")).isTrue();
    }
    assertThat(api.document("/api/v1/backfills?dataset=stock").path("items")).isEmpty();
    assertThat(api.document("/api/v1/backfills?status=skipped").path("items")).isEmpty();
  }

  @Test
  void a_rules_windows_are_found_by_its_id_and_add_up_to_its_coverage() {
    for (JsonNode rule : api.document("/api/v1/sentinel/rules?limit=500").path("items")) {
      String path =
          "/api/v1/sentinel/rules/" + encoded(rule.path("id").asText()) + "/windows?limit=500";
      JsonNode windows = api.document(path + "&workspace=" + rule.path("workspace").asText());
      assertThat(contract.violations("get", "/api/v1/sentinel/rules/{id}/windows", 200, windows))
          .isEmpty();
      long expected = 0;
      long ran = 0;
      for (JsonNode stretch : windows.path("items")) {
        String status = stretch.path("status").asText();
        int count = stretch.path("windows").asInt();
        expected += status.equals("PENDING") || status.equals("UNKNOWN") ? 0 : count;
        ran += Set.of("OK", "PARTIAL", "FILLED").contains(status) ? count : 0;
      }
      assertThat(rule.at("/coverage/expected").asLong()).isEqualTo(expected).isPositive();
      assertThat(rule.at("/coverage/run").asLong()).isEqualTo(ran);
      assertThat(api.document(path)).isEqualTo(windows);
    }
  }

  @Test
  void coverage_is_what_a_replay_of_the_same_messages_says() {
    JsonNode items = api.document("/api/v1/sentinel/coverage?limit=500").path("items");
    assertThat(coverage).isNotEmpty();
    assertThat(items).hasSameSizeAs(coverage);
    for (int i = 0; i < coverage.size(); i++) {
      WorkspaceCoverage replayed = coverage.get(i);
      JsonNode asked = items.get(i);
      assertThat(asked.path("workspace").asText()).isEqualTo(replayed.workspace());
      assertThat(asked.path("asOf").asText())
          .isEqualTo(Instant.ofEpochMilli(replayed.asOf()).toString());
      JsonNode figures = asked.path("coverage");
      assertThat(figures.path("rules").asInt()).isEqualTo(replayed.coverage().rules());
      assertThat(figures.path("expected").asLong()).isEqualTo(replayed.coverage().expected());
      assertThat(figures.path("run").asLong()).isEqualTo(replayed.coverage().run());
      assertThat(figures.path("secondsSeen").asLong()).isEqualTo(replayed.coverage().secondsSeen());
      assertThat(figures.path("gapsOpen").asInt()).isEqualTo(replayed.coverage().gapsOpen());
      assertThat(asked.at("/tactics/0/tactic").asText()).isEqualTo("unknown");
      assertThat(asked.at("/tactics/0/coverage")).isEqualTo(figures);
    }
  }

  @Test
  void jobs_are_as_a_replay_of_the_same_messages_says_and_each_is_found_by_its_id() {
    JsonNode items = api.document("/api/v1/jobs?limit=500").path("items");
    assertThat(jobs).isNotEmpty();
    assertThat(items).hasSameSizeAs(jobs);
    for (JobReport replayed : jobs) {
      String path = "/api/v1/jobs/" + encoded(replayed.workspace()) + "/" + replayed.id();
      JsonNode job = api.document(path);
      assertThat(contract.violations("get", "/api/v1/jobs/{workspace}/{jobId}", 200, job))
          .isEmpty();
      assertThat(job.path("health").asText()).isEqualTo(replayed.health().name());
      assertThat(job.path("openFindings")).hasSameSizeAs(replayed.openFindings());
      assertThat(job.path("runs")).hasSameSizeAs(replayed.runs()).isNotEmpty();
      assertThat(job.at("/runs/0/runId").asText()).isEqualTo(replayed.runs().get(0).id());
      assertThat(job.at("/successRate/runs").asInt()).isEqualTo(replayed.successRate().runs());
      assertThat(job.at("/successRate/succeeded").asInt())
          .isEqualTo(replayed.successRate().succeeded());
      assertThat(items)
          .filteredOn(item -> item.path("jobId").equals(job.path("jobId")))
          .extracting(item -> item.path("asOf"))
          .contains(job.path("asOf"));
    }
    String workspace = jobs.get(0).workspace();
    assertThat(api.ids("/api/v1/jobs?limit=500&workspace=" + encoded(workspace), "/workspace"))
        .isNotEmpty()
        .containsOnly(workspace);
    assertThat(api.document("/api/v1/jobs?workspace=none").path("items")).isEmpty();
    for (JobHealth health : JobHealth.values()) {
      assertThat(api.ids("/api/v1/jobs?limit=500&health=" + health, "/jobId"))
          .hasSize((int) jobs.stream().filter(job -> job.health() == health).count());
    }
  }

  @Test
  void series_are_as_a_replay_of_the_same_messages_says_and_each_is_found_by_its_id() {
    List<String> ids = api.ids("/api/v1/series?limit=500", "/id");
    assertThat(ids)
        .containsExactlyElementsOf(series.stream().map(each -> each.key().id()).sorted().toList());
    for (SeriesReport replayed : series) {
      String id = replayed.key().id();
      JsonNode one = api.document("/api/v1/series/" + replayed.type() + "/" + encoded(id));
      assertThat(contract.violations("get", "/api/v1/series/{type}/{id}", 200, one)).isEmpty();
      assertThat(one).isEqualTo(api.document("/api/v1/series/" + replayed.type() + "/" + id));
      assertThat(one.path("scope").asText()).isEqualTo(replayed.scope());
      assertThat(one.path("bins")).hasSameSizeAs(replayed.bins()).isNotEmpty();
      assertThat(one.path("band")).hasSameSizeAs(replayed.bins());
      JsonNode last = one.path("bins").get(replayed.bins().size() - 1);
      assertThat(last).isEqualTo(one.path("lastBin"));
      Measured measured = replayed.bins().get(replayed.bins().size() - 1);
      assertThat(last.path("end").asText())
          .isEqualTo(Instant.ofEpochMilli(measured.end()).toString());
      assertThat(last.path("value").isNull()).isEqualTo(Double.isNaN(measured.value()));
      assertThat(last.path("volume").asDouble()).isEqualTo(measured.volume());
      assertThat(one.path("regressions")).hasSameSizeAs(replayed.regressions());
      assertThat(one.path("regressionOpen").asBoolean()).isEqualTo(replayed.regressed());
    }
  }

  @Test
  void metrics_are_listed_by_their_scope_and_series_by_service_and_type() {
    for (String scope : InProcess.SCOPES) {
      assertThat(api.ids("/api/v1/series?limit=500&scope=" + encoded(scope), "/id"))
          .containsExactly(scope + "/p95_latency_ms");
    }
    assertThat(api.ids("/api/v1/series?limit=500&service=checkout", "/metric"))
        .containsExactly("p95_latency_ms");
    assertThat(api.ids("/api/v1/series?limit=500&type=metric", "/id")).hasSize(2);
    SeriesReport cache =
        series.stream()
            .filter(each -> each.type() == SeriesType.CACHE_SCOPE)
            .findFirst()
            .orElseThrow();
    List<String> ofService =
        api.ids("/api/v1/series?limit=500&type=cache-scope&service=" + cache.service(), "/id");
    assertThat(ofService)
        .contains(cache.key().id())
        .allMatch(id -> id.startsWith(cache.service() + "/"));
    assertThat(api.ids("/api/v1/series?limit=500&scope=" + cache.scope(), "/id"))
        .containsExactly(cache.key().id());
    assertThat(api.document("/api/v1/series?service=none").path("items")).isEmpty();
  }

  @Test
  void regressions_of_all_series_are_listed_the_newest_onset_first() {
    JsonNode items = api.document("/api/v1/regressions?limit=500").path("items");
    List<String> onsets = new ArrayList<>();
    items.forEach(item -> onsets.add(item.path("onset").asText()));
    assertThat(onsets)
        .isSortedAccordingTo(Comparator.reverseOrder())
        .hasSize(series.stream().mapToInt(each -> each.regressions().size()).sum());
    assertThat(items)
        .extracting(item -> item.path("type").asText())
        .contains("CACHE_SCOPE", "METRIC");
    for (JsonNode item : items) {
      String path = "/api/v1/series/" + item.path("type").asText() + "/" + item.path("id").asText();
      assertThat(api.document(path).path("regressions")).contains(item);
      assertThat(told("finding ")).contains(item.path("findingId").asText());
    }
    List<String> ids = api.ids("/api/v1/regressions?limit=500", "/findingId");
    assertThat(api.ids("/api/v1/regressions?limit=1", "/findingId")).isEqualTo(ids);
    for (String status : List.of("open", "past")) {
      List<String> wanted = new ArrayList<>();
      items.forEach(
          item -> {
            if (item.path("status").asText().equalsIgnoreCase(status)) {
              wanted.add(item.path("findingId").asText());
            }
          });
      assertThat(api.ids("/api/v1/regressions?limit=500&status=" + status, "/findingId"))
          .isEqualTo(wanted);
    }
    assertThat(api.ids("/api/v1/regressions?limit=500&service=checkout&status=open", "/id"))
        .containsExactly("checkout/p95_latency_ms");
    assertThat(api.ids("/api/v1/regressions?limit=500&to=" + onsets.get(0), "/onset"))
        .isEqualTo(onsets.stream().filter(onset -> !onset.equals(onsets.get(0))).toList());
  }

  @Test
  void a_time_takes_the_bins_of_it_and_what_went_on_then() {
    Instant fall = InProcess.FROM.plus(Duration.ofHours(36));
    String path = "/api/v1/series/METRIC/checkout/p95_latency_ms";
    JsonNode after = api.document(path + "?from=" + fall);
    assertThat(after.path("bins")).hasSize(10);
    assertThat(after.at("/bins/0/start").asText()).isEqualTo(fall.toString());
    assertThat(after.at("/band/0/start").asText()).isEqualTo(fall.toString());
    assertThat(after.path("regressions")).hasSize(1);
    JsonNode before = api.document(path + "?from=" + InProcess.FROM + "&to=" + fall);
    assertThat(before.path("bins")).hasSize(12);
    assertThat(before.path("regressions")).isEmpty();
    assertThat(before.path("changes")).isEmpty();
    assertThat(api.document(path).path("changes")).isEmpty();
    SeriesReport blamed =
        series.stream()
            .filter(each -> each.type() == SeriesType.CACHE_SCOPE && each.regressed())
            .findFirst()
            .orElseThrow();
    JsonNode cache = api.document("/api/v1/series/CACHE_SCOPE/" + blamed.key().id());
    assertThat(cache.path("changes"))
        .extracting(change -> change.path("id").asText())
        .contains(cache.at("/regressions/0/suspects/0/changeId").asText());
  }

  @Test
  void open_gaps_and_filled_ones_are_all_gaps() {
    int open = api.ids("/api/v1/sentinel/gaps?open=true&limit=500", "/ruleId").size();
    int closed = api.ids("/api/v1/sentinel/gaps?open=false&limit=500", "/ruleId").size();
    List<String> all = api.ids("/api/v1/sentinel/gaps?limit=500", "/ruleId");
    assertThat(all).hasSize(open + closed);
    assertThat(open).isPositive();
    assertThat(api.ids("/api/v1/sentinel/gaps?resource=" + encoded(all.get(0)), "/ruleId"))
        .isNotEmpty()
        .containsOnly(all.get(0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"SENTINEL_RULE", "DATABRICKS_JOB", "CACHE_SCOPE"})
  void a_resource_is_found_by_its_id_whatever_is_in_it(String type) {
    JsonNode incident =
        api.document("/api/v1/incidents?limit=1&resourceType=" + type).path("items").get(0);
    String id = incident.at("/resource/id").asText();
    JsonNode resource =
        api.document(
            "/api/v1/resources/" + type + "/" + URLEncoder.encode(id, StandardCharsets.UTF_8));
    assertThat(contract.violations("get", "/api/v1/resources/{type}/{id}", 200, resource))
        .isEmpty();
    assertThat(resource.at("/resource/id").asText()).isEqualTo(id);
    assertThat(resource.path("incidents"))
        .hasSize(api.ids("/api/v1/incidents?limit=500&resource=" + encoded(id), "/id").size());
  }

  @Test
  void a_resources_slashes_may_be_written_as_they_are() {
    String id =
        api.document("/api/v1/incidents?limit=1&resourceType=DATABRICKS_JOB")
            .at("/items/0/resource/id")
            .asText();
    assertThat(id).contains("/");
    assertThat(api.document("/api/v1/resources/DATABRICKS_JOB/" + id).at("/resource/id").asText())
        .isEqualTo(id);
  }

  @ParameterizedTest
  @CsvSource({
    "/api/v1/incidents, /id",
    "/api/v1/findings, /id",
    "/api/v1/commands, /command/id",
    "/api/v1/root-causes, /rootCause/key",
    "/api/v1/sentinel/rules, /id",
    "/api/v1/jobs, /jobId",
    "/api/v1/series, /id"
  })
  void pages_hold_each_row_once_in_the_order_of_the_list(String path, String field) {
    List<String> whole = api.ids(path + "?limit=500", field);
    assertThat(whole).hasSizeGreaterThan(7).doesNotHaveDuplicates();
    assertThat(api.ids(path + "?limit=3", field)).isEqualTo(whole);
  }

  @Test
  void lists_hold_what_was_told() {
    assertThat(told("incident ")).isNotEmpty();
    assertThat(new HashSet<>(api.ids("/api/v1/incidents?limit=500", "/id")))
        .isEqualTo(told("incident "));
    assertThat(new HashSet<>(api.ids("/api/v1/findings?limit=500", "/id")))
        .isEqualTo(told("finding "));
  }

  private static Set<String> told(String kind) {
    return run.result().ids().stream()
        .filter(id -> id.startsWith(kind))
        .map(id -> id.substring(kind.length()))
        .collect(Collectors.toSet());
  }

  @ParameterizedTest
  @CsvSource({
    "/api/v1/incidents?status=RESOLVED, /status, RESOLVED",
    "/api/v1/incidents?status=escalated, /status, ESCALATED",
    "/api/v1/incidents?severity=HIGH, /severity, HIGH",
    "/api/v1/findings?kind=SKIPPED_WINDOW, /kind, SKIPPED_WINDOW",
    "/api/v1/findings?status=CLEARED, /status, CLEARED",
    "/api/v1/commands?action=REPAIR_RUN, /command/action, REPAIR_RUN",
    "/api/v1/sentinel/rules?health=OK, /health, OK",
    "/api/v1/jobs?health=healthy, /health, HEALTHY",
    "/api/v1/root-causes?transience=PERMANENT, /rootCause/transience, PERMANENT"
  })
  void a_filter_takes_what_it_says(String path, String field, String value) {
    String all = path.substring(0, path.indexOf('?'));
    long expected = api.ids(all + "?limit=500", field).stream().filter(value::equals).count();
    List<String> taken = api.ids(path + "&limit=500", field);
    assertThat(taken).isNotEmpty().allMatch(value::equals).hasSize((int) expected);
  }

  @Test
  void a_time_takes_what_happened_in_it() {
    JsonNode items =
        api.document("/api/v1/findings?limit=500&from=2026-05-05T00:00:00Z&to=2026-05-05T12:00:00Z")
            .path("items");
    assertThat(items).isNotEmpty();
    items.forEach(item -> assertThat(item.path("occurredAt").asText()).startsWith("2026-05-05T"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/api/v1/incidents?status=BROKEN | 400 | \"status\" is one of OPEN",
        "/api/v1/incidents?statuss=OPEN | 400 | \"statuss\" is no parameter here",
        "/api/v1/incidents?limit=0 | 400 | \"limit\" is a number from 1 to 500",
        "/api/v1/incidents?limit=x | 400 | \"limit\" is a number from 1 to 500",
        "/api/v1/incidents?page=abc | 400 | \"page\" is no token of a list",
        "/api/v1/incidents?from=yesterday | 400 | \"from\" is an instant",
        "/api/v1/commands?held=perhaps | 400 | \"held\" is true or false",
        "/api/v1/incidents/none | 404 | \"none\" cannot be the id of an incident",
        "/api/v1/incidents/00000000-0123 | 404 | no incident has the id \"00000000-0123\"",
        "/api/v1/resources/CACHE_SCOPE/no/such | 404 | nothing was ever found about CACHE_SCOPE",
        "/api/v1/resources/TEAPOT/a | 400 | \"type\" is one of SENTINEL_RULE",
        "/api/v1/sentinel/rules?health=POORLY | 400 | \"health\" is one of AUTO_DISABLED, DISABLED",
        "/api/v1/sentinel/rules?name=a | 400 | \"name\" is no parameter here; these are: [health, workspace]",
        "/api/v1/sentinel/gaps?open=perhaps | 400 | \"open\" is true or false",
        "/api/v1/sentinel/coverage?limit=0 | 400 | \"limit\" is a number from 1 to 500",
        "/api/v1/sentinel/rules/none/windows | 404 | no window of seven days is known of a rule \"none\"",
        "/api/v1/jobs?health=POORLY | 400 | \"health\" is one of FAILING, MISSED, STUCK",
        "/api/v1/jobs?name=a | 400 | \"name\" is no parameter here; these are: [health, workspace]",
        "/api/v1/jobs/none/1 | 404 | no job has the id \"none/1\"",
        "/api/v1/series?type=CACHE | 400 | \"type\" is one of CACHE_SCOPE, METRIC",
        "/api/v1/series?metric=a | 400 | \"metric\" is no parameter here; these are: [scope, service, type]",
        "/api/v1/series/NODE_POOL/a | 400 | \"type\" is one of CACHE_SCOPE, METRIC",
        "/api/v1/series/METRIC/none/such | 404 | no series of a METRIC has the id \"none/such\"",
        "/api/v1/series/METRIC/none | 404 | no series of a METRIC has the id \"none\"",
        "/api/v1/series/CACHE_SCOPE/checkout/p95_latency_ms | 404 | no series of a CACHE_SCOPE has the id",
        "/api/v1/series/METRIC/checkout/p95_latency_ms?from=noon | 400 | \"from\" is an instant",
        "/api/v1/series/METRIC/checkout/p95_latency_ms?limit=x&scope=a | 400 | \"scope\" is no parameter here; these are: [from, to]",
        "/api/v1/regressions?status=closed | 400 | \"status\" is one of OPEN, PAST",
        "/api/v1/regressions?from=2026-05-05T00:00:00Z&to=2026-05-05T00:00:00Z | 400 | \"from\" lies before \"to\"",
        "/api/v1/policies/none | 404 | no policy has the id \"none\"",
        "/api/v1/nothing | 404 | there is nothing at /api/v1/nothing",
        "/api/v1/events | 406 | ask for it with Accept: text/event-stream"
      })
  void what_cannot_be_answered_is_a_problem_that_says_why(String path, int status, String why) {
    HttpResponse<String> response = api.get(path);
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
    JsonNode problem = ApiClient.json(response.body());
    assertThat(problem.path("detail").asText()).contains(why);
    assertThat(problem.path("status").asInt()).isEqualTo(status);
  }

  @Test
  void a_method_that_is_not_there_is_a_problem_too() {
    HttpResponse<String> response = api.post("/api/v1/incidents", "{}");
    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
  }

  @Test
  void what_has_not_changed_is_not_sent_again() {
    HttpResponse<String> first = api.get("/api/v1/incidents?status=RESOLVED");
    String tag = first.headers().firstValue("ETag").orElseThrow();
    HttpResponse<String> second =
        api.get("/api/v1/incidents?status=RESOLVED", "If-None-Match", tag);
    assertThat(second.statusCode()).isEqualTo(304);
    assertThat(second.body()).isEmpty();
  }

  @Test
  void large_answers_are_compressed_for_those_who_can_read_it() {
    HttpResponse<String> response =
        api.get("/api/v1/findings?limit=100", "Accept-Encoding", "gzip");
    assertThat(response.headers().firstValue("Content-Encoding")).contains("gzip");
  }

  @Test
  void an_operation_becomes_a_record_on_its_topic_and_is_streamed_and_found_again()
      throws InterruptedException {
    String id = api.ids("/api/v1/incidents?limit=500&status=ESCALATED", "/id").get(0);
    BlockingQueue<String> events = new LinkedBlockingQueue<>();
    try (EventListener unused = new EventListener(api, "", events)) {
      assertThat(events.poll(20, TimeUnit.SECONDS)).isEqualTo(": ready");
      HttpResponse<String> written =
          api.post(
              "/api/v1/operations",
              """
              {"incidentId": "%s", "kind": "CLOSE", "by": "dana@contoso.example", "at": "%s"}
              """
                  .formatted(id, END.plus(Duration.ofHours(1))),
              "Content-Type",
              "application/json");
      assertThat(written.statusCode()).as(written.body()).isEqualTo(202);
      JsonNode record = ApiClient.json(written.body());
      assertThat(contract.violations("post", "/api/v1/operations", 202, record)).isEmpty();
      assertThat(record.path("topic").asText()).isEqualTo("api.remediation.operations");
      // It counts when everything up to its time has arrived.
      run.send(List.of(InProcess.endAt(END.plus(Duration.ofHours(6)))));
      assertThat(hears(events, "\"id\":\"" + id + "\"", "\"status\":\"RESOLVED\"")).isTrue();
      assertThat(api.document("/api/v1/incidents/" + id).path("status").asText())
          .isEqualTo("RESOLVED");
    }
  }

  @Test
  void a_listener_that_comes_back_hears_what_it_has_missed() throws InterruptedException {
    BlockingQueue<String> events = new LinkedBlockingQueue<>();
    try (EventListener unused = new EventListener(api, "0:0", events)) {
      assertThat(events.poll(20, TimeUnit.SECONDS)).isEqualTo(": ready");
      assertThat(hears(events, "id: 0:1")).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/api/v1/approvals | application/json | {} | 400 | commandId",
        "/api/v1/approvals | application/json | nonsense | 400 | it is no JSON",
        "/api/v1/approvals | application/json | {\"commandId\":\"00000000-1-2\",\"decision\":\"MAYBE\",\"by\":\"d\"} | 400 | \"decision\" is APPROVED or DENIED",
        "/api/v1/approvals | application/json | {\"commandId\":\"00000000-1-2\",\"decision\":\"APPROVED\",\"by\":\" \"} | 400 | \"by\" names who decides",
        "/api/v1/approvals | application/json | {\"commandId\":\"00000000-1-2\",\"decision\":\"APPROVED\",\"by\":\"d\"} | 404 | no command has the id",
        "/api/v1/approvals | text/plain | {} | 415 | application/json",
        "/api/v1/operations | application/json | {\"incidentId\":\"00000000-1\",\"kind\":\"ACK\",\"by\":\"d\"} | 404 | no incident has the id",
        "/api/v1/operations | application/json | {\"incidentId\":\"00000000-1\",\"kind\":\"DANCE\",\"by\":\"d\"} | 400 | \"kind\" is ACK",
        "/api/v1/policies | application/yaml | mode: sometimes | 400 | mode",
        "/api/v1/policies | application/x-www-form-urlencoded | a=b | 415 | application/yaml"
      })
  void a_write_that_cannot_be_read_later_is_refused_now(
      String path, String type, String body, int status, String why) {
    HttpResponse<String> response = api.post(path, body, "Content-Type", type);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    JsonNode problem = ApiClient.json(response.body());
    assertThat(contract.violations("post", path, status, problem)).isEmpty();
    assertThat(problem.path("detail").asText()).contains(why);
  }

  @Test
  void a_policy_is_put_and_found_in_force() {
    HttpResponse<String> written =
        api.post("/api/v1/policies", "id: quiet\nmode: auto\n", "Content-Type", "application/yaml");
    assertThat(written.statusCode()).as(written.body()).isEqualTo(202);
    assertThat(
            Await.until(
                () -> api.get("/api/v1/policies/quiet").statusCode() == 200,
                Duration.ofSeconds(30)))
        .isTrue();
    assertThat(api.document("/api/v1/policies/quiet").at("/versions/0/inForce").asBoolean())
        .isTrue();
  }

  @Test
  void metrics_are_there_for_prometheus() {
    HttpResponse<String> response = api.get("/metrics");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).contains("mendline_signals_total");
  }

  /** Whether a line comes that holds all of this. */
  private static boolean hears(BlockingQueue<String> events, String... parts)
      throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < end) {
      String line = events.poll(1, TimeUnit.SECONDS);
      if (line != null && Arrays.stream(parts).allMatch(line::contains)) {
        return true;
      }
    }
    return false;
  }

  private static String encoded(String id) {
    return URLEncoder.encode(id, StandardCharsets.UTF_8);
  }
}
