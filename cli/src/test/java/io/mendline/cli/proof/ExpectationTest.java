package io.mendline.cli.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.cli.sample.Expected;
import io.mendline.cli.sample.GeneratorSettings;
import io.mendline.cli.sample.SampleMessage;
import io.mendline.cli.sample.TelemetryGenerator;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.FindingStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is found in generated telemetry is what was decided to happen in it, and nothing else. */
class ExpectationTest {
  private static final Instant FROM = Instant.parse("2026-05-04T00:00:00Z");

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void everything_that_happened_is_found_and_nothing_else(long seed) {
    TelemetryGenerator generator =
        new TelemetryGenerator(
            GeneratorSettings.builder()
                .seed(seed)
                .from(FROM)
                .duration(Duration.ofDays(3))
                .rules(25)
                .jobs(20)
                .services(4)
                .build());
    Expected expected = generator.expected();
    assertThat(expected.findings()).isNotEmpty();
    List<SampleMessage> messages = new ArrayList<>(generator.messages());
    // Just past the lateness of all sources: nothing has aged out yet.
    messages.add(InProcess.endAt(FROM.plus(Duration.ofDays(3)).plus(Duration.ofHours(3))));

    CanonicalResult result = InProcess.run(messages);

    assertThat(result.deadLetters()).isEmpty();
    Map<String, FindingStatus> found = new TreeMap<>();
    of(result, FindingKind.RUN_FAILED, FindingKind.SKIPPED_WINDOW)
        .forEach(finding -> found.put(identity(finding), finding.getStatus()));
    assertThat(found).isEqualTo(expected.findings());
    assertThat(counted(of(result, FindingKind.RECURRING_ROOT_CAUSE), ExpectationTest::workspace))
        .isEqualTo(counted(expected.recurrences(), Expected.Recurrence::workspace));
    assertThat(
            of(result, FindingKind.CACHE_REGRESSION).stream()
                .map(
                    finding ->
                        finding.getResource().getId()
                            + " since "
                            + finding.getAttributes().get("onset")
                            + " by "
                            + finding.getSuspects().get(0).getChangeId()))
        .containsExactlyInAnyOrderElementsOf(
            expected.regressions().stream()
                .map(fall -> fall.scope() + " since " + fall.onset() + " by " + fall.suspect())
                .toList());
  }

  private static List<Finding> of(CanonicalResult result, FindingKind... kinds) {
    return result.findings().values().stream()
        .filter(finding -> List.of(kinds).contains(finding.getKind()))
        .toList();
  }

  private static String identity(Finding finding) {
    String resource = finding.getResource().getId();
    if (finding.getKind() == FindingKind.RUN_FAILED) {
      int end = resource.indexOf('/');
      return Expected.runFailed(
          resource.substring(0, end),
          resource.substring(end + 1),
          finding.getAttributes().get("runId"));
    }
    return Expected.skippedWindow(resource, finding.getWindowStart().toEpochMilli());
  }

  private static String workspace(Finding finding) {
    return finding.getResource().getId();
  }

  private static <T> Map<String, Long> counted(List<T> all, Function<T, String> by) {
    return all.stream().collect(Collectors.groupingBy(by, TreeMap::new, Collectors.counting()));
  }
}
