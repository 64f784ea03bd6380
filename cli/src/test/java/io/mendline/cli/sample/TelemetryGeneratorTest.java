package io.mendline.cli.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mendline.processors.pipeline.Source;
import io.mendline.schemas.FindingStatus;
import io.mendline.serdes.binary.Hash64;
import io.mendline.serdes.telemetry.Change;
import io.mendline.serdes.telemetry.RunState;
import io.mendline.serdes.telemetry.RunState.Level;
import io.mendline.serdes.telemetry.RunState.Outcome;
import io.mendline.serdes.telemetry.SentinelHealth;
import io.mendline.serdes.telemetry.SentinelHealth.Status;
import io.mendline.serdes.telemetry.TokenUsage;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TelemetryGeneratorTest {
  private static final GeneratorSettings SETTINGS =
      GeneratorSettings.ofFacts(42, 12_000).workspaces(3).build();
  private static final TelemetryGenerator GENERATOR = new TelemetryGenerator(SETTINGS);
  private static final List<SampleMessage> MESSAGES = GENERATOR.messages();
  private static final Expected EXPECTED = GENERATOR.expected();
  private static final Decoding DECODED = decoded(MESSAGES);

  private static Decoding decoded(List<SampleMessage> messages) {
    Decoding decoding = new Decoding();
    messages.forEach(decoding::decode);
    return decoding;
  }

  @Test
  void equalSettingsMakeEqualMessages() {
    assertThat(new TelemetryGenerator(SETTINGS).messages()).isEqualTo(MESSAGES);
    assertThat(GENERATOR.messages()).isEqualTo(MESSAGES);
  }

  @Test
  void anotherSeedMakesOtherMessages() {
    GeneratorSettings other = SETTINGS.toBuilder().seed(43).build();
    assertThat(new TelemetryGenerator(other).messages()).isNotEqualTo(MESSAGES);
    assertThat(new TelemetryGenerator(other).expected().findings())
        .isNotEqualTo(EXPECTED.findings());
  }

  /** Changes only with the generator itself: the same on every machine and release of Java. */
  @Test
  void aSeedStandsForTheseBytes() {
    GeneratorSettings small =
        GeneratorSettings.builder().seed(7).duplicateShare(0.1).shuffled().build();
    long hash = 0;
    for (SampleMessage message : new TelemetryGenerator(small)) {
      hash = hash * 31 + Hash64.xxHash64(message.value());
    }
    assertThat(hash).isEqualTo(-4942717172525936393L);
  }

  @Test
  void messagesComeInOrderOfEventTimeWithinTheTimeAskedFor() {
    assertThat(MESSAGES).isSortedAccordingTo(Comparator.comparingLong(SampleMessage::eventTime));
    assertThat(MESSAGES.get(0).earliest()).isGreaterThanOrEqualTo(SETTINGS.from().toEpochMilli());
    assertThat(MESSAGES.get(MESSAGES.size() - 1).eventTime()).isLessThan(SETTINGS.to());
  }

  @Test
  void everyRecordIsReadAndTheFactsAddUp() {
    assertThat(DECODED.bad).isEmpty();
    assertThat(DECODED.skipped).isEmpty();
    for (Source source : EXPECTED.facts().keySet()) {
      assertThat(DECODED.distinctFacts(source)).as(source.label()).isEqualTo(facts(source));
    }
    assertThat(EXPECTED.totalFacts()).isBetween(10_000L, 14_000L);
  }

  private static long facts(Source source) {
    return EXPECTED.facts().get(source);
  }

  @Test
  void envelopesHoldSeveralRecordsWhileTheTimesTheySpanAreTheirRecords() {
    Set<Integer> sizes = new HashSet<>();
    for (SampleMessage message : MESSAGES) {
      Decoding one = decoded(List.of(message));
      List<Long> times =
          one.facts.get(message.source()).stream()
              .filter(fact -> !(fact instanceof RunState run && run.level() == Level.TASK))
              .map(fact -> fact.time())
              .sorted()
              .toList();
      sizes.add(times.size());
      assertThat(times.get(0)).isEqualTo(message.earliest());
      assertThat(times.get(times.size() - 1)).isEqualTo(message.eventTime());
    }
    assertThat(sizes).contains(1, 2, SETTINGS.envelopeSize());
    assertThat(sizes).allMatch(size -> size <= SETTINGS.envelopeSize());
  }

  /** Reads the outcome off the decoded rows in the plainest way there is. */
  @Test
  void theSkippedWindowsAreThoseThatTheRowsShow() {
    Map<String, Set<Long>> failures = new HashMap<>();
    Set<String> consolidated = new HashSet<>();
    Set<String> succeeded = new HashSet<>();
    DECODED
        .facts(Source.SENTINEL, SentinelHealth.class)
        .forEach(
            row -> {
              String window = Expected.skippedWindow(row.resourceId(), row.windowStart());
              if (row.status() == Status.SUCCESS) {
                succeeded.add(window);
              } else {
                assertThat(row.status()).isEqualTo(Status.FAILURE);
                assertThat(row.issues()).hasSize(1);
                failures.computeIfAbsent(window, any -> new HashSet<>()).add(row.contentId());
                if (row.description().contains("after numerous attempts")) {
                  consolidated.add(window);
                }
              }
            });
    SortedMap<String, FindingStatus> shown = new TreeMap<>();
    failures.forEach(
        (window, rows) -> {
          if (consolidated.contains(window) || rows.size() >= 6) {
            shown.put(
                window, succeeded.contains(window) ? FindingStatus.CLEARED : FindingStatus.RAISED);
          } else {
            assertThat(succeeded).contains(window);
          }
        });
    assertThat(shown).isNotEmpty().isEqualTo(expected("SKIPPED_WINDOW"));
    assertThat(shown.values()).contains(FindingStatus.RAISED, FindingStatus.CLEARED);
    assertThat(failures.size()).as("five failures and a success").isGreaterThan(shown.size());
  }

  @Test
  void theFailedRunsAreThoseThatTheStatesShow() {
    Map<String, RunState> last = new TreeMap<>();
    Set<String> failed = new HashSet<>();
    DECODED
        .facts(Source.RUNS, RunState.class)
        .filter(run -> run.level() == Level.JOB && run.outcome().terminal())
        .forEach(
            run -> {
              String identity = Expected.runFailed(run.workspace(), run.jobId(), run.runId());
              last.merge(identity, run, (a, b) -> a.time() > b.time() ? a : b);
              if (run.outcome() == Outcome.FAILED) {
                failed.add(identity);
              }
            });
    SortedMap<String, FindingStatus> shown = new TreeMap<>();
    for (String identity : failed) {
      boolean mended = last.get(identity).outcome() == Outcome.SUCCESS;
      shown.put(identity, mended ? FindingStatus.CLEARED : FindingStatus.RAISED);
    }
    assertThat(shown).isNotEmpty().isEqualTo(expected("RUN_FAILED"));
    assertThat(shown.values()).contains(FindingStatus.RAISED, FindingStatus.CLEARED);
  }

  private static SortedMap<String, FindingStatus> expected(String kind) {
    return EXPECTED.findings().entrySet().stream()
        .filter(finding -> finding.getKey().startsWith(kind + ' '))
        .collect(
            Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, TreeMap::new));
  }

  @Test
  void theCachesThatFallAreThoseThatTheTokensShow() {
    Map<String, Expected.Regression> regressions =
        EXPECTED.regressions().stream()
            .collect(Collectors.toMap(Expected.Regression::scope, regression -> regression));
    assertThat(regressions).isNotEmpty();
    Map<String, List<TokenUsage>> byScope =
        DECODED
            .facts(Source.CACHE, TokenUsage.class)
            .collect(Collectors.groupingBy(usage -> usage.service() + '/' + usage.model()));
    byScope.forEach(
        (scope, usages) -> {
          Instant middle = SETTINGS.from().plus(Duration.ofHours(12));
          Expected.Regression regression = regressions.get(scope);
          long onset = (regression == null ? middle : regression.onset()).toEpochMilli();
          double before = share(usages.stream().filter(u -> u.time() < onset).toList());
          double after = share(usages.stream().filter(u -> u.time() >= onset).toList());
          if (regression == null) {
            assertThat(after).as(scope).isBetween(before - 0.01, before + 0.01);
          } else {
            assertThat(after).as(scope).isLessThan(before - 0.18);
          }
        });
  }

  private static double share(List<TokenUsage> usages) {
    long cached = usages.stream().mapToLong(TokenUsage::cachedTokens).sum();
    return (double) cached / usages.stream().mapToLong(TokenUsage::promptTokens).sum();
  }

  @Test
  void aGuiltyChangeComesTenMinutesBeforeTheFall() {
    Map<String, Change> changes =
        DECODED
            .facts(Source.CHANGES, Change.class)
            .collect(Collectors.toMap(Change::id, change -> change));
    for (Expected.Regression regression : EXPECTED.regressions()) {
      Change guilty = changes.get(regression.suspect());
      assertThat(Instant.ofEpochMilli(guilty.at()))
          .isEqualTo(regression.onset().minus(Duration.ofMinutes(10)));
      assertThat(regression.scope()).startsWith(guilty.service() + '/');
    }
  }

  @Test
  void causesRecur() {
    assertThat(EXPECTED.recurrences()).isNotEmpty();
    assertThat(EXPECTED.recurrences())
        .allSatisfy(
            recurrence -> {
              assertThat(recurrence.failures()).isGreaterThanOrEqualTo(3);
              assertThat(EXPECTED.findings())
                  .containsKeys(recurrence.first(), recurrence.completedBy());
            });
  }

  @Test
  void duplicatesAndDisorderChangeNothingThatIsExpected() {
    TelemetryGenerator disordered =
        new TelemetryGenerator(SETTINGS.toBuilder().duplicateShare(0.1).shuffled().build());
    Decoding decoded = decoded(disordered.messages());
    assertThat(disordered.expected()).isEqualTo(EXPECTED);
    for (Source source : EXPECTED.facts().keySet()) {
      assertThat(decoded.distinctFacts(source)).isEqualTo(facts(source));
      assertThat(decoded.facts.get(source).size()).isGreaterThan((int) facts(source));
    }
  }

  @Test
  void nothingIsMadeWhereNothingIsAskedFor() {
    GeneratorSettings none = GeneratorSettings.builder().rules(0).jobs(0).services(0).build();
    assertThat(new TelemetryGenerator(none).messages()).isEmpty();
    GeneratorSettings tooShort = SETTINGS.toBuilder().duration(Duration.ofMinutes(5)).build();
    assertThat(new TelemetryGenerator(tooShort).expected().findings()).isEmpty();
  }

  @Test
  void aShareAboveOneIsRefusedByName() {
    assertThatThrownBy(() -> GeneratorSettings.builder().auditShare(1.2).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("auditShare");
  }
}
