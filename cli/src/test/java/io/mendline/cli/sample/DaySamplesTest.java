package io.mendline.cli.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.policy.Policies;
import io.mendline.serdes.telemetry.Change;
import io.mendline.serdes.telemetry.MetricSample;
import io.mendline.serdes.telemetry.RuleChange;
import io.mendline.serdes.telemetry.RunState;
import io.mendline.serdes.telemetry.RunState.Level;
import io.mendline.serdes.telemetry.RunState.Outcome;
import io.mendline.serdes.telemetry.SentinelHealth;
import io.mendline.serdes.telemetry.SentinelHealth.RuleKind;
import io.mendline.serdes.telemetry.SentinelHealth.Status;
import io.mendline.serdes.telemetry.TokenUsage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The bundled day tells the story that its README tells. */
class DaySamplesTest {
  private static final Path SAMPLES = Path.of(System.getProperty("mendline.root"), "samples");
  private static final List<Source> SOURCES =
      List.of(Source.SENTINEL, Source.RUNS, Source.CACHE, Source.METRICS, Source.CHANGES);
  private static final Decoding DAY = new Decoding();

  @BeforeAll
  static void decode() throws IOException {
    for (Source source : SOURCES) {
      for (String line : lines(source)) {
        DAY.decode(source, line.getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  private static List<String> lines(Source source) throws IOException {
    return Files.readAllLines(SAMPLES.resolve("day/" + source.label() + ".ndjson"));
  }

  @Test
  void everyLineIsReadAndNothingIsPassedOver() {
    assertThat(DAY.bad).isEmpty();
    assertThat(DAY.skipped).isEmpty();
  }

  @Test
  void aRuleOnTrialIsSwitchedOnAndOffAgain() {
    List<RuleChange> changes = DAY.facts(Source.SENTINEL, RuleChange.class).toList();

    assertThat(changes)
        .extracting(RuleChange::enabled)
        .containsExactly(RuleChange.Enabled.YES, RuleChange.Enabled.NO);
    assertThat(DAY.facts(Source.SENTINEL, SentinelHealth.class).map(SentinelHealth::resourceId))
        .contains(changes.get(0).ruleId(), changes.get(1).ruleId());
  }

  @ParameterizedTest
  @CsvSource({"SENTINEL, 76", "RUNS, 113", "CACHE, 122", "METRICS, 294", "CHANGES, 7"})
  void theReadmeCountsTheLines(Source source, int lines) throws IOException {
    assertThat(lines(source)).hasSize(lines);
    assertThat(Files.readString(SAMPLES.resolve("README.md")))
        .contains("| `" + source.label() + ".ndjson` | " + lines + " |");
  }

  @Test
  void everythingHappensOnOneDay() {
    Instant from = Instant.parse("2026-06-10T00:00:00Z");
    assertThat(DAY.facts.values().stream().flatMap(List::stream))
        .allSatisfy(
            fact ->
                assertThat(Instant.ofEpochMilli(fact.time()))
                    .isBetween(from, from.plus(Duration.ofDays(1)).minusMillis(1)));
  }

  /** What comes later than that would be judged as late, and the day has no need of it. */
  @ParameterizedTest
  @CsvSource({"SENTINEL, PT40M", "RUNS, PT1M", "CACHE, PT5M", "METRICS, PT2M", "CHANGES, PT0S"})
  void whatIsLateIsLateWithinBounds(Source source, Duration most) throws IOException {
    long reached = 0;
    long latest = 0;
    for (String line : lines(source)) {
      Decoding message = new Decoding();
      message.decode(source, line.getBytes(StandardCharsets.UTF_8));
      for (var fact : message.facts.getOrDefault(source, List.of())) {
        boolean taskOfAnEndedRun = fact instanceof RunState run && run.level() == Level.TASK;
        if (!taskOfAnEndedRun) {
          latest = Math.max(latest, reached - fact.time());
          reached = Math.max(reached, fact.time());
        }
      }
    }
    assertThat(latest).isLessThanOrEqualTo(most.toMillis());
    if (source == Source.SENTINEL) {
      assertThat(latest).isGreaterThan(Duration.ofMinutes(30).toMillis());
    }
  }

  @Test
  void sevenRunsFail() {
    Map<String, String> failed =
        runs(run -> run.level() == Level.JOB && run.outcome() == Outcome.FAILED)
            .collect(
                Collectors.toMap(
                    RunState::runId,
                    run -> run.workspace() + "/" + run.jobId(),
                    (first, second) -> second,
                    TreeMap::new));
    assertThat(failed)
        .containsExactly(
            Map.entry("9920113", "4321987650123456/7104401"),
            Map.entry("9920134", "4321987650123456/7104403"),
            Map.entry("9920143", "4321987650123456/7104402"),
            Map.entry("9920149", "4321987650123456/7104404"),
            Map.entry("9920161", "4321987650123456/7104405"),
            Map.entry("9920182", "4321987650123456/7104406"),
            Map.entry("9920218", "4321987650123456/7104407"));
    assertThat(runs(run -> run.outcome() == Outcome.OTHER || run.outcome() == Outcome.SKIPPED))
        .isEmpty();
    assertThat(runs(run -> failed.containsKey(run.runId()) && run.outcome() == Outcome.SUCCESS))
        .as("nobody acts: no failed run succeeds")
        .allMatch(run -> run.level() == Level.TASK);
  }

  @ParameterizedTest
  @CsvSource({
    "9920113, CLOUD_FAILURE",
    "9920134, REPOSITORY_CHECKOUT_FAILED",
    "9920143, DRIVER_ERROR"
  })
  void threeFailForThePlatformsSake(String run, String code) {
    assertThat(runs(state -> state.runId().equals(run)).map(RunState::terminationCode))
        .contains(code);
  }

  @Test
  void threeJobsLackTheSameModule() {
    assertThat(
            runs(run -> run.level() == Level.TASK && run.message() != null)
                .filter(
                    run -> run.message().equals("ModuleNotFoundError: No module named 'holidays'"))
                .map(RunState::jobId)
                .distinct())
        .containsExactly("7104405", "7104406", "7104407");
  }

  @Test
  void aTaskIsRetriedToSuccess() {
    assertThat(runs(run -> run.runId().equals("9920197") && run.outcome().terminal()))
        .filteredOn(run -> run.taskKey() == null || run.taskKey().equals("compact"))
        .extracting(RunState::level, RunState::outcome)
        .contains(
            tuple(Level.JOB, Outcome.SUCCESS),
            tuple(Level.TASK, Outcome.FAILED),
            tuple(Level.TASK, Outcome.SUCCESS));
  }

  @ParameterizedTest
  @CsvSource({
    // rule, begin of the window, rows, distinct failures, successes
    "8f4e2a10, 2026-06-10T03:00:00Z, 2, 1, 0",
    "1b9c7d35, 2026-06-10T00:00:00Z, 1, 1, 0",
    "c27a51e8, 2026-06-10T14:00:00Z, 6, 6, 0",
    "e5308b6f, 2026-06-10T08:30:00Z, 7, 5, 1"
  })
  void fourWindowsAreInTrouble(String rule, Instant start, int rows, int failures, int successes) {
    List<SentinelHealth> window =
        rows(rule).filter(row -> row.windowStart() == start.toEpochMilli()).toList();
    assertThat(window).hasSize(rows);
    assertThat(distinct(window, Status.FAILURE)).isEqualTo(failures);
    assertThat(distinct(window, Status.SUCCESS)).isEqualTo(successes);
  }

  @ParameterizedTest
  @CsvSource({"8f4e2a10, 24, 1", "1b9c7d35, 2, 1", "c27a51e8, 24, 1", "e5308b6f, 24, 0"})
  void allOtherWindowsSucceedWithoutAGap(String rule, int windows, int lost) {
    Map<Long, List<SentinelHealth>> byWindow =
        rows(rule)
            .collect(
                Collectors.groupingBy(
                    SentinelHealth::windowStart, TreeMap::new, Collectors.toList()));
    assertThat(byWindow).hasSize(windows);
    assertThat(byWindow.values().stream().filter(rows -> distinct(rows, Status.SUCCESS) == 0))
        .hasSize(lost);
    long end = -1;
    for (List<SentinelHealth> window : byWindow.values()) {
      assertThat(end).isIn(-1L, window.get(0).windowStart());
      end = window.get(0).windowEnd();
    }
  }

  @Test
  void theTrialIsNearRealTime() {
    assertThat(rows("47d6f0a9")).hasSize(20).allMatch(row -> row.ruleKind() == RuleKind.NRT);
  }

  @ParameterizedTest
  @CsvSource({
    "claude-sonnet-4-5, 00:00, 10:00, 0.70",
    "claude-sonnet-4-5, 11:00, 24:00, 0.48",
    "claude-haiku-4-5, 00:00, 24:00, 0.00",
    "gpt-4.1-mini, 00:00, 24:00, 0.565"
  })
  void theShareOfCachedTokens(String model, String from, String to, double share) {
    List<TokenUsage> usages =
        DAY.facts(Source.CACHE, TokenUsage.class)
            .filter(usage -> usage.model().equals(model))
            .filter(usage -> usage.time() >= at(from) && usage.time() < at(to))
            .toList();
    for (TokenUsage usage : usages) {
      assertThat((double) usage.cachedTokens() / usage.promptTokens())
          .isCloseTo(share, within(0.025));
    }
    assertThat(usages).hasSizeGreaterThan(19);
  }

  @ParameterizedTest
  @CsvSource({
    // metric, scope, from, to, least and greatest of all samples
    "disk_cache_hit_ratio, sql-warehouse-bi, 00:00, 12:00, 0.82, 0.86",
    "disk_cache_hit_ratio, sql-warehouse-bi, 12:00, 24:00, 0.60, 0.64",
    "faithfulness, staffing-assistant, 00:00, 09:00, 0.84, 0.89",
    "faithfulness, staffing-assistant, 09:00, 10:00, 0.71, 0.71",
    "faithfulness, staffing-assistant, 10:00, 17:00, 0.84, 0.89",
    "faithfulness, staffing-assistant, 17:00, 24:00, 0.69, 0.73"
  })
  void theLevelsOfMetrics(
      String metric, String scope, String from, String to, double least, double greatest) {
    assertThat(samples(metric, scope, from, to).map(MetricSample::value))
        .isNotEmpty()
        .allSatisfy(value -> assertThat(value).isBetween(least, greatest));
  }

  @ParameterizedTest
  @CsvSource({
    // the hottest node from then on, and the average of the pool
    "00:00, 05:00, search-index-2, 39, 45, 25",
    "05:00, 24:00, search-index-2, 84, 94, 36"
  })
  void oneNodeOfTheSearchIndexIsHotAndThePoolIsNot(
      String from, String to, String hottest, double least, double greatest, double average) {
    List<MetricSample> samples =
        samples("cpu_percent", "search-index", from, to)
            .sorted(Comparator.comparing(MetricSample::value).reversed())
            .toList();

    assertThat(samples)
        .extracting(MetricSample::node)
        .contains("search-index-1", "search-index-2", "search-index-3", "search-index-4");
    assertThat(samples.stream().limit(samples.size() / 4))
        .allSatisfy(
            sample -> {
              assertThat(sample.node()).isEqualTo(hottest);
              assertThat(sample.value()).isBetween(least, greatest);
            });
    assertThat(samples.stream().mapToDouble(MetricSample::value).average().orElseThrow())
        .isLessThan(average);
  }

  /** An operator's case: the greatest sample is 96 %, and the hot-node P95 of the day 43 %. */
  @Test
  void theRegistryHasOneSpike() {
    List<Double> registry =
        DAY
            .facts(Source.METRICS, MetricSample.class)
            .filter(sample -> sample.metric().equals("CpuPercentage"))
            .collect(
                Collectors.toMap(MetricSample::time, MetricSample::value, Math::max, TreeMap::new))
            .values()
            .stream()
            .sorted(Comparator.reverseOrder())
            .toList();

    assertThat(registry).hasSize(48).startsWith(96.0, 43.0);
  }

  @ParameterizedTest
  @CsvSource({
    // which part of all requests the busiest member has at the least and at the most
    "00:00, 02:30, 0.33, 0.45",
    "02:30, 03:30, 0.85, 0.95",
    "03:30, 13:30, 0.33, 0.45",
    "13:30, 24:00, 0.98, 1.00"
  })
  void requestsOfTheGateway(String from, String to, double least, double most) {
    Map<Long, List<MetricSample>> minutes =
        samples("requests", "gateway", from, to)
            .distinct()
            .collect(Collectors.groupingBy(MetricSample::time));

    assertThat(minutes.values())
        .isNotEmpty()
        .allSatisfy(
            minute -> {
              double all = minute.stream().mapToDouble(MetricSample::value).sum();
              double busiest = minute.stream().mapToDouble(MetricSample::value).max().orElseThrow();
              assertThat(busiest / all).isBetween(least, most);
              if (from.equals("02:30")) {
                assertThat(all).as("too few to say anything").isLessThan(300);
              }
            });
  }

  private static Stream<MetricSample> samples(String metric, String scope, String from, String to) {
    return DAY.facts(Source.METRICS, MetricSample.class)
        .filter(sample -> sample.metric().equals(metric) && sample.scope().equals(scope))
        .filter(sample -> sample.time() >= at(from) && sample.time() < at(to));
  }

  private static long at(String time) {
    int hours = Integer.parseInt(time.substring(0, 2));
    int minutes = Integer.parseInt(time.substring(3));
    return Instant.parse("2026-06-10T00:00:00Z")
        .plus(Duration.ofHours(hours))
        .plus(Duration.ofMinutes(minutes))
        .toEpochMilli();
  }

  @Test
  void smallCallsAreSmall() {
    assertThat(
            DAY.facts(Source.CACHE, TokenUsage.class)
                .filter(usage -> usage.model().equals("claude-haiku-4-5")))
        .allSatisfy(usage -> assertThat(usage.promptTokensPerCall()).isCloseTo(180, within(9.0)));
  }

  @Test
  void onePullRequestAmongSevenChangesTheOrderOfThePrompt() {
    assertThat(DAY.facts(Source.CHANGES, Change.class).toList())
        .hasSize(7)
        .filteredOn(change -> change.labels().contains("prompt"))
        .singleElement()
        .satisfies(
            change -> {
              assertThat(change.id()).isEqualTo("contoso/assistant-api#1482");
              assertThat(change.service()).isEqualTo("assistant-api");
              assertThat(Instant.ofEpochMilli(change.at())).isEqualTo("2026-06-10T10:50:06Z");
            });
  }

  @Test
  void thePlatformAnswersForWhatIsThere() throws IOException {
    JsonNode platform =
        new ObjectMapper(new YAMLFactory()).readTree(SAMPLES.resolve("day/platform.yaml").toFile());
    List<String> runs = runs(run -> run.outcome() == Outcome.FAILED).map(RunState::runId).toList();
    platform.get("runs").fieldNames().forEachRemaining(run -> assertThat(run).isIn(with(runs)));
    List<String> windows =
        DAY.facts(Source.SENTINEL, SentinelHealth.class)
            .map(row -> guid(row) + ' ' + Instant.ofEpochMilli(Math.max(0, row.windowStart())))
            .toList();
    platform.get("windows").fieldNames().forEachRemaining(at -> assertThat(at).isIn(with(windows)));
    assertThat(platform.get("rollbacks").fieldNames())
        .toIterable()
        .containsExactly("contoso/assistant-api#1482");
    assertThat(platform.get("rebalances").fieldNames())
        .toIterable()
        .containsExactly("search-index");
  }

  private static List<String> with(List<String> names) {
    List<String> all = new ArrayList<>(names);
    all.add("default");
    return all;
  }

  @Test
  void theDemosPolicyIsAPolicy() throws IOException {
    byte[] text = Files.readAllBytes(SAMPLES.resolve("policies/demo.yaml"));
    assertThat(Policies.parse("demo.yaml", text).id()).isEqualTo("demo");
  }

  private static Stream<RunState> runs(Predicate<RunState> which) {
    return DAY.facts(Source.RUNS, RunState.class).filter(which);
  }

  private static Stream<SentinelHealth> rows(String rule) {
    return DAY.facts(Source.SENTINEL, SentinelHealth.class)
        .filter(row -> guid(row).startsWith(rule));
  }

  private static String guid(SentinelHealth row) {
    return row.resourceId().substring(row.resourceId().lastIndexOf('/') + 1);
  }

  private static long distinct(List<SentinelHealth> rows, Status status) {
    return rows.stream()
        .filter(row -> row.status() == status)
        .mapToLong(SentinelHealth::contentId)
        .distinct()
        .count();
  }
}
