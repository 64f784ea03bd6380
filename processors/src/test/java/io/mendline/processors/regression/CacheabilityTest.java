package io.mendline.processors.regression;

import static io.mendline.processors.regression.Scope.HOUR;
import static io.mendline.processors.regression.Scope.millis;
import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.pipeline.DetectorHarness;
import io.mendline.processors.pipeline.Disorder;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Output;
import io.mendline.schemas.Alert;
import io.mendline.schemas.AlertKind;
import io.mendline.schemas.Severity;
import io.mendline.serdes.telemetry.TokenUsage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Calls too small ever to be cached are told of once, and are no finding. */
class CacheabilityTest {
  private static final long START = millis("2026-03-02T00:00:00Z");

  @Test
  void theNoticeSaysWhatThereIsToKnow() {
    List<Alert> alerts = alerts(run(usage(100, hour -> 1), 100));

    assertThat(alerts).hasSize(1);
    Alert notice = alerts.get(0);
    assertThat(notice.getKind()).isEqualTo(AlertKind.NOTICE);
    assertThat(notice.getSeverity()).isEqualTo(Severity.LOW);
    assertThat(notice.getIncidentId()).isNull();
    assertThat(notice.getFindingIds()).isEmpty();
    assertThat(notice.getResource().getId()).isEqualTo("assistant/claude-haiku-4-5");
    assertThat(notice.getEscalateTo()).isEqualTo("on-call");
    assertThat(notice.getTitle())
        .isEqualTo("assistant/claude-haiku-4-5: structurally uncacheable, 100 % of calls");
    assertThat(notice.getMessage())
        .startsWith(
            "100 % of 1,200 calls to claude-haiku-4-5 in assistant had prompts below 4,096 tokens");
    // As soon as six hours are known.
    assertThat(notice.getAt().toEpochMilli()).isEqualTo(START + 6 * HOUR);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shares")
  void isToldAgainOnlyWhenItsClassChanges(
      String name, IntToDoubleFunction share, List<String> expected) {
    assertThat(alerts(run(usage(240, share), 240)).stream().map(CacheabilityTest::told))
        .containsExactlyElementsOf(expected);
  }

  static Stream<Arguments> shares() {
    return Stream.of(
        Arguments.of("none", (IntToDoubleFunction) hour -> 0, List.of()),
        Arguments.of("a fifth", (IntToDoubleFunction) hour -> 0.2, List.of()),
        Arguments.of("a third", (IntToDoubleFunction) hour -> 0.335, List.of("RAISED 34 %")),
        Arguments.of("all", (IntToDoubleFunction) hour -> 1, List.of("RAISED 100 %")),
        Arguments.of(
            "about three quarters, by day more and by night less",
            (IntToDoubleFunction) hour -> hour % 24 < 12 ? 0.78 : 0.72,
            List.of("RAISED 78 %")),
        Arguments.of(
            "a third, then nearly all",
            (IntToDoubleFunction) hour -> hour < 100 ? 0.335 : 1,
            List.of("RAISED 34 %", "UPDATED 75 %")),
        Arguments.of(
            "all, then none",
            (IntToDoubleFunction) hour -> hour < 100 ? 1 : 0,
            List.of("RAISED 100 %", "UPDATED 69 %", "CLEARED 19 %")));
  }

  @Test
  void aScopeThatIsNoLongerCalledIsTakenBack() {
    List<Message> messages = new ArrayList<>(usage(50, hour -> 1));
    messages.addAll(Scope.elsewhere(START, START + 50 * HOUR));
    var result = DetectorHarness.of(CacheRegressionDetector::new).run(Disorder.inOrder(messages));

    assertThat(alerts(result).stream().map(alert -> alert.getStatus() + " " + alert.getTitle()))
        .containsExactly(
            "RAISED assistant/claude-haiku-4-5: structurally uncacheable, 100 % of calls",
            "CLEARED assistant/claude-haiku-4-5: no longer called");
    assertThat(result.keys()).isZero();
  }

  @Test
  void aRollUpIsJudgedByTheAverageSizeOfItsCalls() {
    Scope scope = new Scope("assistant", "claude-haiku-4-5");
    for (int hour = 0; hour < 48; hour++) {
      // 5,000 tokens a call on average: some of them may be small, nobody can tell.
      scope.add(rollUp(hour, 10, 50_000));
    }
    assertThat(run(scope.messages(), 48).outputs()).hasOnlyElementsOfType(Output.Metered.class);
  }

  @Property(tries = 20, shrinking = ShrinkingMode.OFF)
  void orderDuplicatesAndRestartsChangeNothing(@ForAll long seed) {
    Random random = new Random(seed);
    double[] level = new double[120];
    for (int hour = 0; hour < level.length; hour++) {
      level[hour] = hour % 40 == 0 ? random.nextDouble() : level[hour - 1];
    }
    List<Message> messages = new ArrayList<>(usage(120, hour -> level[hour]));
    messages.addAll(Scope.elsewhere(START, START + 120 * HOUR));
    List<String> expected =
        alerts(DetectorHarness.of(CacheRegressionDetector::new).run(Disorder.inOrder(messages)))
            .stream()
            .map(Alert::toString)
            .toList();

    List<Message> disordered = Disorder.of(messages, Duration.ofMinutes(5), 0.2, seed);
    var actual =
        DetectorHarness.of(CacheRegressionDetector::new)
            .restartingAfter(random.nextInt(disordered.size()), random.nextInt(disordered.size()))
            .run(disordered);

    // A restart tells again what may have been lost, word for word.
    assertThat(alerts(actual).stream().map(Alert::toString).distinct())
        .containsExactlyElementsOf(expected);
  }

  /** Twenty calls an hour, a share of which is small. */
  private static List<Message> usage(int hours, IntToDoubleFunction share) {
    Scope scope = new Scope("assistant", "claude-haiku-4-5");
    for (int hour = 0; hour < hours; hour++) {
      long small = Math.round(200 * share.applyAsDouble(hour));
      if (small > 0) {
        scope.add(rollUp(hour, small, small * 180));
      }
      if (small < 200) {
        scope.add(rollUp(hour, 200 - small, (200 - small) * 5_000));
      }
    }
    return scope.messages();
  }

  private static TokenUsage rollUp(int hour, long calls, long prompt) {
    long time = START + hour * HOUR + 60_000;
    return new TokenUsage(
        time, "assistant", "claude-haiku-4-5", "anthropic", null, calls, prompt, 0, 0, null);
  }

  private static DetectorHarness.Result run(List<Message> usage, int hours) {
    List<Message> messages = new ArrayList<>(usage);
    messages.addAll(Scope.elsewhere(START, START + hours * HOUR));
    return DetectorHarness.of(CacheRegressionDetector::new)
        .withoutJump()
        .run(Disorder.inOrder(messages));
  }

  private static List<Alert> alerts(DetectorHarness.Result result) {
    return result.of(Output.Told.class).stream().map(Output.Told::alert).toList();
  }

  private static String told(Alert alert) {
    String title = alert.getTitle();
    return alert.getStatus() + title.substring(title.indexOf(", ") + 1, title.indexOf(" of calls"));
  }
}
