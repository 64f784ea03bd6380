package io.mendline.processors.regression;

import static io.mendline.processors.regression.Scope.HOUR;
import static io.mendline.processors.regression.Scope.millis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.mendline.processors.pipeline.DetectorHarness;
import io.mendline.processors.pipeline.Disorder;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Output;
import io.mendline.processors.policy.Policies;
import io.mendline.processors.policy.PolicyBook;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingStatus;
import io.mendline.serdes.telemetry.TokenUsage;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is a regression and what is not, hour by hour from a Monday on. */
class CacheRegressionCasesTest {
  private static final long START = millis("2026-03-02T00:00:00Z");
  private static final double NONE = Double.NaN;

  @ParameterizedTest(name = "{0}")
  @MethodSource("series")
  void series(String name, int hours, IntToDoubleFunction ratio, List<String> expected) {
    Scope scope = series(hours, ratio, new Random(name.hashCode()));
    assertThat(told(run(scope, hours))).containsExactlyElementsOf(expected);
  }

  private static Scope series(int hours, IntToDoubleFunction ratio, Random random) {
    Scope scope = new Scope("assistant", "claude-opus-4-6");
    for (int hour = 0; hour < hours; hour++) {
      double level = ratio.applyAsDouble(hour);
      if (!Double.isNaN(level)) {
        scope.hour(START + hour * HOUR, 6, 9_000, level, 0.01, random);
      }
    }
    return scope;
  }

  @ParameterizedTest
  @CsvSource({
    "'{scope: other/*, minimumDrop: 0.05}', 0",
    "'{scope: assistant/*, minimumDrop: 0.05}', 1",
    "'{scope: assistant/claude-opus-4-6, minimumDrop: 0.05, persistence: P3D}', 0",
    "'{scope: assistant/*, minimumDrop: 0.05, minimumBins: 90}', 0",
    "'{scope: assistant/*, minimumDrop: 0.05, minimumTokensPerBin: 60000}', 0",
    // Two hours before a fall are too few to have a level.
    "'{scope: assistant/*, minimumDrop: 0.05, baseline: PT2H}', 0",
  })
  void what_counts_is_a_policy_of_the_scope(String scope, int told) {
    PolicyBook book = new PolicyBook();
    String policy = "cache: {scopes: [" + scope + "]}";
    book.put(Policies.parse("test", policy.getBytes(StandardCharsets.UTF_8)));

    // Eight points are less than what counts elsewhere.
    Scope series = series(190, hour -> hour < 120 ? 0.7 : 0.62, new Random(11));
    assertThat(told(run(series, 190, book))).hasSize(told);
  }

  @ParameterizedTest
  @CsvSource({
    "'', 0",
    "'{weekend: [FRIDAY, SATURDAY]}', 1",
    "'{weekend: []}', 1",
  })
  void which_days_are_no_workdays_is_a_policy(String week, int told) {
    PolicyBook book = new PolicyBook();
    if (!week.isEmpty()) {
      book.put(Policies.parse("test", ("week: " + week).getBytes(StandardCharsets.UTF_8)));
    }
    // 15 points lower from the second Saturday on, as on the first.
    Scope series = series(14 * 24 + 24, hour -> hour / 24 % 7 < 5 ? 0.7 : 0.55, new Random(12));
    assertThat(told(run(series, 14 * 24 + 24, book)).isEmpty()).isEqualTo(told == 0);
  }

  /** Told as: status, hours from the start to the onset, why it was cleared. */
  static Stream<Arguments> series() {
    return Stream.of(
        of("steady", 192, hour -> 0.7, List.of()),
        of("step", 150, hour -> hour < 120 ? 0.7 : 0.48, List.of("RAISED 120 step")),
        of(
            "step of eleven points",
            150,
            hour -> hour < 100 ? 0.7 : 0.59,
            List.of("RAISED 100 step")),
        of(
            "step of eleven points within the first weekend, told on Monday",
            175,
            hour -> hour < 130 ? 0.7 : 0.59,
            List.of("RAISED 130 step")),
        of(
            "lower at weekends, by 15 points",
            350,
            hour -> hour / 24 % 7 < 5 ? 0.7 : 0.55,
            List.of()),
        of("step of eight points", 190, hour -> hour < 120 ? 0.7 : 0.62, List.of()),
        of("single dip", 150, hour -> hour == 120 ? 0.1 : 0.7, List.of()),
        of("dip of four hours", 150, hour -> hour >= 120 && hour < 124 ? 0.3 : 0.7, List.of()),
        of("single spike", 150, hour -> hour == 120 ? 0.99 : 0.7, List.of()),
        of("spikes of two hours", 190, hour -> hour % 24 < 2 ? 0.95 : 0.7, List.of()),
        of("idle nights", 190, hour -> hour % 24 < 7 ? NONE : 0.7, List.of()),
        of("worse by night, every night", 190, hour -> hour % 24 < 7 ? 0.55 : 0.7, List.of()),
        of(
            "step with hours missing",
            190,
            hour -> hour % 3 == 0 ? NONE : hour < 120 ? 0.7 : 0.48,
            List.of("RAISED 121 step")),
        of(
            "step over an idle weekend",
            150,
            hour -> hour >= 72 && hour < 120 ? NONE : hour < 72 ? 0.7 : 0.48,
            List.of("RAISED 120 step")),
        of("step on the first day", 30, hour -> hour < 14 ? 0.7 : 0.48, List.of("RAISED 14 step")),
        of(
            "step on Monday at two, after the first lower weekend",
            190,
            hour -> hour >= 120 && hour < 168 ? 0.58 : hour < 170 ? 0.7 : 0.5,
            List.of("RAISED 170 step")),
        of(
            "half way back",
            150,
            hour -> hour < 100 ? 0.7 : hour < 125 ? 0.59 : 0.662,
            List.of("RAISED 100 step")),
        of("too young to have a level", 11, hour -> hour < 5 ? 0.7 : 0.48, List.of()),
        of("better", 190, hour -> hour < 100 ? 0.48 : 0.7, List.of()),
        of(
            "better and as before again",
            190,
            hour -> hour >= 60 && hour < 130 ? 0.7 : 0.48,
            List.of("RAISED 130 step")),
        of(
            "recovery",
            160,
            hour -> hour >= 100 && hour < 130 ? 0.48 : 0.7,
            List.of("RAISED 100 step", "CLEARED 100 step recovered")),
        of(
            "recovery and relapse",
            190,
            hour -> (hour >= 100 && hour < 120) || hour >= 150 ? 0.48 : 0.7,
            List.of("RAISED 100 step", "CLEARED 100 step recovered", "RAISED 150 step")),
        of(
            "accepted",
            190,
            hour -> hour < 100 ? 0.7 : 0.48,
            List.of("RAISED 100 step", "CLEARED 100 step relearned")),
        of(
            "accepted, then worse",
            250,
            hour -> hour < 100 ? 0.7 : hour < 200 ? 0.5 : 0.3,
            List.of("RAISED 100 step", "CLEARED 100 step relearned", "RAISED 200 step")),
        of(
            "two steps",
            120,
            hour -> hour < 60 ? 0.7 : hour < 100 ? 0.55 : 0.4,
            List.of("RAISED 60 step", "RAISED 100 step")),
        of(
            "two steps within a day are one fall",
            90,
            hour -> hour < 60 ? 0.7 : hour < 70 ? 0.55 : 0.4,
            List.of("RAISED 60 step", "RAISED 60 step")),
        of(
            "two steps, the second undone",
            120,
            hour -> hour < 60 ? 0.7 : hour >= 90 && hour < 105 ? 0.4 : 0.55,
            List.of("RAISED 60 step", "RAISED 90 step", "CLEARED 90 step recovered")));
  }

  @Test
  void declineOverFiveDaysIsOneRegressionSinceItsBeginning() {
    Random random = new Random(5);
    Scope scope = new Scope("assistant", "claude-opus-4-6");
    for (int hour = 0; hour < 200; hour++) {
      double part = Math.max(0, Math.min(1, (hour - 72) / 120.0));
      scope.hour(START + hour * HOUR, 6, 9_000, 0.7 - 0.22 * part, 0.01, random);
    }
    List<Finding> found = run(scope, 200).found();
    assertThat(found).extracting(Finding::getId).containsOnly(found.get(0).getId());
    assertThat(found).allMatch(finding -> finding.getStatus() == FindingStatus.RAISED);
    Finding last = found.get(found.size() - 1);
    assertThat(last.getAttributes()).containsEntry("shape", "drift");
    assertThat(last.getWindowStart())
        .isBetween(
            Instant.ofEpochMilli(START + 54 * HOUR), Instant.ofEpochMilli(START + 90 * HOUR));
    assertThat(Double.parseDouble(last.getAttributes().get("before"))).isBetween(0.68, 0.71);
    assertThat(Double.parseDouble(last.getAttributes().get("after"))).isLessThan(0.54);
    assertThat(found).hasSizeLessThanOrEqualTo(4);
  }

  @Test
  void lowTrafficSaysNothing() {
    // One call of 9,000 tokens an hour is less than the 20,000 that a bin must have.
    Scope scope = new Scope("assistant", "claude-opus-4-6");
    for (int hour = 0; hour < 150; hour++) {
      scope.call(START + hour * HOUR, 9_000, hour < 100 ? 0.9 : 0);
    }
    assertThat(run(scope, 150).outputs()).hasOnlyElementsOfType(Output.Metered.class);
  }

  @Test
  void callsTooSmallToBeCachedAreNoFindingHoweverMany() {
    // 200 calls an hour of 180 tokens: cached by luck at first, never later.
    Scope scope = new Scope("assistant", "claude-opus-4-6");
    for (int hour = 0; hour < 150; hour++) {
      scope.add(rollUp(hour, 200, 36_000, hour < 100 ? 20_000 : 0));
    }
    DetectorHarness.Result result = run(scope, 150);
    assertThat(result.found()).isEmpty();
    assertThat(result.settled()).isEmpty();
    assertThat(result.outputs()).hasOnlyElementsOfType(Output.Told.class).hasSize(1);
  }

  @Test
  void smallCallsBesideLargeOnesAreCountedApart() {
    Scope scope = new Scope("assistant", "claude-opus-4-6");
    for (int hour = 0; hour < 150; hour++) {
      scope.add(rollUp(hour, 10, 90_000, hour < 100 ? 63_000 : 36_000));
      scope.add(rollUp(hour, 30, 5_400, 0));
    }
    Finding finding = run(scope, 150).findings().get(0);
    assertThat(finding.getAttributes())
        .containsEntry("before", "0.7000")
        .containsEntry("after", "0.4000")
        .containsEntry("volume", "540000")
        .containsEntry("calls", "60")
        .containsEntry("uncacheableShare", "0.7500");
  }

  @Test
  void scopeThatFallsSilentIsClearedAsUnobservedAndForgotten() {
    Scope scope = new Scope("assistant", "claude-opus-4-6");
    Random random = new Random(8);
    for (int hour = 0; hour < 120; hour++) {
      scope.hour(START + hour * HOUR, 6, 9_000, hour < 100 ? 0.7 : 0.4, 0, random);
    }
    List<Message> messages = new ArrayList<>(scope.messages());
    messages.addAll(Scope.elsewhere(START, START + 120 * HOUR));
    var result = DetectorHarness.of(CacheRegressionDetector::new).run(Disorder.inOrder(messages));
    assertThat(told(result)).containsExactly("RAISED 100 step", "CLEARED 100 step unobserved");
    assertThat(result.settled().get(1).at()).isEqualTo(START + (120 + 8 * 24) * HOUR);
    assertThat(result.findings().get(0).getAttributes()).containsEntry("after", "0.4000");
    assertThat(result.keys()).isZero();
  }

  @Test
  void lateUsageIsAuditedAndChangesNothing() {
    Random random = new Random(9);
    Scope scope = new Scope("assistant", "claude-opus-4-6");
    for (int hour = 0; hour < 112; hour++) {
      scope.hour(START + hour * HOUR, 6, 9_000, hour < 100 ? 0.7 : 0.68, 0.01, random);
    }
    List<Message> messages = new ArrayList<>(scope.messages());
    messages.addAll(Scope.elsewhere(START, START + 112 * HOUR));
    List<Message> inOrder = Disorder.inOrder(messages);
    // Two million uncached tokens for each of the last hours, when these are long over.
    Scope late = new Scope("assistant", "claude-opus-4-6");
    for (int hour = 100; hour < 110; hour++) {
      late.add(usage(START + hour * HOUR, 1, 2_000_000, 0));
    }
    List<Message> all = new ArrayList<>(inOrder);
    all.addAll(late.messages());
    all.addAll(
        Disorder.inOrder(
            new Scope("assistant", "claude-opus-4-6")
                .hour(START + 112 * HOUR, 6, 9_000, 0.7, 0.01, random)
                .messages()));
    var result = DetectorHarness.of(CacheRegressionDetector::new).run(all);
    assertThat(result.found()).isEmpty();
    assertThat(result.of(Output.Noted.class))
        .singleElement()
        .satisfies(noted -> assertThat(noted.entry().getDetail()).containsEntry("late", "10"));
  }

  @ParameterizedTest
  @CsvSource({"1, 60", "6, 10", "60, 1"})
  void a_record_may_tell_of_the_time_since_the_one_before(int anHour, int sooner) {
    Scope scope = new Scope("assistant", "claude-opus-4-6");
    for (int hour = 0; hour < 120; hour++) {
      scope.hour(START + hour * HOUR, anHour, 90_000, hour < 100 ? 0.7 : 0.48, 0, new Random(1));
    }
    Finding finding = run(scope, 120).findings().get(0);

    Instant fall = Instant.ofEpochMilli(START + 100 * HOUR);
    assertThat(Instant.parse(finding.getAttributes().get("earliest")))
        .isCloseTo(fall.minusSeconds(60L * sooner), within(2, ChronoUnit.MINUTES));
    assertThat(Instant.parse(finding.getAttributes().get("latest")))
        .isCloseTo(fall, within(2, ChronoUnit.MINUTES));
  }

  private static TokenUsage rollUp(int hour, long calls, long prompt, long cached) {
    return usage(START + hour * HOUR + 60_000, calls, prompt, cached);
  }

  private static TokenUsage usage(long time, long calls, long prompt, long cached) {
    return new TokenUsage(
        time, "assistant", "claude-opus-4-6", null, null, calls, prompt, cached, 0, null);
  }

  private static Arguments of(
      String name, int hours, IntToDoubleFunction ratio, List<String> expected) {
    return Arguments.of(name, hours, ratio, expected);
  }

  private static DetectorHarness.Result run(Scope scope, int hours) {
    return run(scope, hours, new PolicyBook());
  }

  private static DetectorHarness.Result run(Scope scope, int hours, PolicyBook policies) {
    List<Message> messages = new ArrayList<>(scope.messages());
    messages.addAll(Scope.elsewhere(START, START + hours * HOUR));
    return DetectorHarness.of(CacheRegressionDetector::new)
        .policies(policies)
        .withoutJump()
        .run(Disorder.inOrder(messages));
  }

  private static List<String> told(DetectorHarness.Result result) {
    return result.found().stream()
        .map(
            finding -> {
              long hours = (finding.getWindowStart().toEpochMilli() - START) / HOUR;
              String because = finding.getAttributes().get("clearedBecause");
              return finding.getStatus()
                  + " "
                  + hours
                  + " "
                  + finding.getAttributes().get("shape")
                  + (because == null ? "" : " " + because);
            })
        .toList();
  }
}
