package io.mendline.processors.regression;

import static io.mendline.processors.regression.Scope.HOUR;
import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.policy.Policies;
import io.mendline.processors.policy.Policy;
import io.mendline.serdes.telemetry.Change;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which change stands first, and whether it stands out. */
class BlameTest {
  private static final Policy.Blame RULES = Policies.builtIn().blame();
  private static final long ONSET = Scope.millis("2026-05-08T14:00:00Z");

  @ParameterizedTest(name = "{0}")
  @MethodSource("changes")
  void ranks(String name, List<Change> changes, List<String> expected, boolean clear) {
    List<Blame.Culprit> ranked = rank(changes);
    assertThat(ranked).extracting(Blame.Culprit::changeId).containsExactlyElementsOf(expected);
    assertThat(Blame.isClear(ranked, RULES)).isEqualTo(clear);
    assertThat(ranked).allMatch(culprit -> culprit.score() >= 0.2 && culprit.score() <= 1);
  }

  static Stream<Arguments> changes() {
    Change atOnset = change("a", -0.3, "deployment", "Release 7");
    Change prompts = change("p", 0.2, "pull_request", "Reorder the system prompt");
    return Stream.of(
        Arguments.of("none", List.of(), List.of(), false),
        Arguments.of("one deployment at the onset", List.of(atOnset), List.of("a"), true),
        Arguments.of(
            "two deployments at the onset",
            List.of(atOnset, change("b", -0.5, "deployment", "Release 8")),
            List.of("a", "b"),
            false),
        Arguments.of(
            "one that touches prompts", List.of(atOnset, prompts), List.of("p", "a"), true),
        Arguments.of(
            "prompts long before yield to a deployment at the onset",
            List.of(change("p", -5.9, "pull_request", "Reorder the system prompt"), atOnset),
            List.of("a"),
            true),
        Arguments.of(
            "documents only",
            List.of(change("d", 0, "pull_request", "How to build", "docs/build.md")),
            List.of(),
            false),
        Arguments.of(
            "a prompt kept as a document",
            List.of(change("d", 0, "pull_request", "Shorter", "prompts/system.md")),
            List.of("d"),
            true),
        Arguments.of(
            "after the onset's bin", List.of(change("x", 1, "deployment", null)), List.of(), false),
        Arguments.of(
            "names the model",
            List.of(atOnset, change("m", 0, "setting", "Use Claude-Opus-4-6 for all")),
            List.of("m", "a"),
            true),
        Arguments.of("kind unknown", List.of(change("u", 0, null, null)), List.of("u"), false));
  }

  @Test
  void aChangeToldInTwoVersionsIsNamedOnceAsTheLikelier() {
    List<Blame.Culprit> ranked =
        rank(
            List.of(
                change("p", 0, "pull_request", "Tidy up"),
                change("p", 0, "pull_request", "Tidy up the prompt templates")));
    assertThat(ranked)
        .singleElement()
        .satisfies(one -> assertThat(one.title()).isEqualTo("Tidy up the prompt templates"));
  }

  @Test
  void fiveAreNamedAndEqualOnesById() {
    List<Change> many = new ArrayList<>();
    for (int i = 9; i > 0; i--) {
      many.add(change("c" + i, 0, "deployment", null));
    }
    assertThat(rank(many))
        .extracting(Blame.Culprit::changeId)
        .containsExactly("c1", "c2", "c3", "c4", "c5");
    assertThat(rank(many).get(0).title()).isEqualTo("deployment c1");
  }

  private static List<Blame.Culprit> rank(List<Change> changes) {
    return Blame.rank(changes, ONSET, HOUR, "claude-opus-4-6", RULES);
  }

  private static Change change(
      String id, double hours, String kind, String title, String... files) {
    return Scope.change(
        id, ONSET + Math.round(hours * HOUR), "assistant", kind, title, List.of(files));
  }
}
