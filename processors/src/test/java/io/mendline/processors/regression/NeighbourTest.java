package io.mendline.processors.regression;

import static io.mendline.processors.regression.Scope.HOUR;
import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.pipeline.DetectorHarness;
import io.mendline.processors.pipeline.Disorder;
import io.mendline.processors.pipeline.Message;
import io.mendline.schemas.Finding;
import io.mendline.schemas.Suspect;
import io.mendline.serdes.telemetry.Change;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the other scopes of a service say of a change that only one of them got. */
class NeighbourTest {
  private static final long START = Scope.millis("2026-03-02T00:00:00Z");
  private static final int HOURS = 108;
  private static final int FALL = 98;

  /** It names one model by its file, so that the others did not get it. */
  private static final Change OF_OPUS =
      Scope.change(
          "pr-7",
          START + FALL * HOUR - 600_000,
          "assistant",
          "pull_request",
          "Shorter",
          List.of("prompts/claude-opus-4-6/system.txt"));

  /** It came to all of them. */
  private static final Change OF_ALL =
      Scope.change(
          "dep-1",
          START + FALL * HOUR - 900_000,
          "assistant",
          "deployment",
          "Release 1",
          List.of());

  static Stream<Arguments> neighbours() {
    return Stream.of(
        of("alone", List.of(), Map.of("pr-7", 1.0, "dep-1", 0.65)),
        of("beside one that stayed healthy", List.of(level(0.6, 0.6)), both(1.0)),
        of("beside one that fell as well", List.of(level(0.6, 0.3)), Map.of("dep-1", 0.65)),
        of(
            "beside one that fell and one that did not",
            List.of(level(0.6, 0.3), level(0.5, 0.5)),
            both(0.7)),
        of(
            "beside one that is low every night",
            List.of(hour -> hour % 24 < 9 ? 0.3 : 0.6),
            both(1.0)),
        of("beside one that is new", List.of(hour -> hour < 96 ? Double.NaN : 0.3), both(1.0)),
        of(
            "beside one that is no longer called",
            List.of(hour -> hour < FALL ? 0.6 : Double.NaN),
            both(1.0)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("neighbours")
  void decide_how_likely_a_change_is_that_only_one_got(
      String name, List<IntToDoubleFunction> others, Map<String, Double> scores) {
    Random random = new Random(3);
    List<Message> messages = new ArrayList<>(Scope.elsewhere(START, START + HOURS * HOUR));
    messages.addAll(scope("claude-opus-4-6", level(0.7, 0.4), random));
    for (int i = 0; i < others.size(); i++) {
      // By their ids before and after the one that is judged.
      messages.addAll(scope(i == 0 ? "gpt-5" : "claude-haiku-4-5", others.get(i), random));
    }
    Finding finding =
        DetectorHarness.of(CacheRegressionDetector::new)
            .changes(OF_OPUS, OF_ALL)
            .withoutJump()
            .run(Disorder.inOrder(messages))
            .found()
            .stream()
            .filter(found -> found.getResource().getId().equals("assistant/claude-opus-4-6"))
            .findFirst()
            .orElseThrow();

    assertThat(finding.getSuspects().stream().map(Suspect::getChangeId))
        .containsExactlyInAnyOrderElementsOf(scores.keySet());
    for (Suspect suspect : finding.getSuspects()) {
      assertThat(suspect.getScore()).isEqualTo(scores.get(suspect.getChangeId()));
    }
  }

  private static Map<String, Double> both(double ofOpus) {
    return Map.of("pr-7", ofOpus, "dep-1", 0.65);
  }

  private static IntToDoubleFunction level(double before, double since) {
    return hour -> hour < FALL ? before : since;
  }

  private static List<Message> scope(String model, IntToDoubleFunction level, Random random) {
    Scope scope = new Scope("assistant", model);
    for (int hour = 0; hour < HOURS; hour++) {
      double now = level.applyAsDouble(hour);
      if (!Double.isNaN(now)) {
        scope.hour(START + hour * HOUR, 6, 9_000, now, 0.01, random);
      }
    }
    return scope.messages();
  }

  private static Arguments of(
      String name, List<IntToDoubleFunction> others, Map<String, Double> scores) {
    return Arguments.of(name, others, scores);
  }
}
