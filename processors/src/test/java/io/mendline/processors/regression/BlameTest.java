package io.mendline.processors.regression;

import static io.mendline.processors.regression.Scope.HOUR;
import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.policy.Policies;
import io.mendline.processors.policy.Policy;
import io.mendline.serdes.telemetry.Change;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Which change stands first, and whether it stands out. */
class BlameTest {
  private static final Policy.Blame RULES = Policies.builtIn().blame();
  private static final Blame.Scope SCOPE =
      new Blame.Scope("claude-opus-4-6", null, Policies.builtIn().cache());
  private static final long ONSET = Scope.millis("2026-05-08T14:00:00Z");
  private static final When WHEN = new When(ONSET, ONSET + HOUR / 4);

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

  @ParameterizedTest(name = "{0}, {1}")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        // what it names                       | of a scope in | score at the onset
        "label prompt                          | -             | 0.95",
        "label claude-opus-4-6                 | -             | 0.95",
        "label model:claude-opus-4-6-20260101  | -             | 0.95",
        "label model:gpt-4.1-mini              | -             | 0.0975",
        "label model:gpt-4.1-mini,claude-opus-4-6 | -          | 0.95",
        "label scope:assistant/claude-haiku-4-5 | -            | 0.0975",
        "label claude-review                   | -             | 0.65",
        "file src/main/App.java                | -             | 0.4",
        "file prompts/system.txt               | -             | 1.0",
        "file src/prompts/system.txt           | -             | 1.0",
        "file src/system.j2                    | -             | 1.0",
        "file src/answer.prompt                | -             | 1.0",
        "file src/promptBuilder.py             | -             | 1.0",
        "file src/cache/Client.java            | -             | 0.95",
        "file prompts/gpt-4.1-mini/system.txt  | -             | 0.15",
        "file docs/prompts.md                  | -             | 1.0",
        "label environment:production          | -             | 0.65",
        "label environment:production          | prod          | 0.65",
        "label environment:staging             | prod          | 0.13",
        "label environment:staging             | -             | 0.195",
        "label environment:staging             | Stage         | 0.65",
        "label environment:emea-7              | emea-7        | 0.65",
        "label environment:emea-7              | emea-8        | 0.13",
        "title Reorder the prompt              | -             | 0.95",
        "title Fall back to gpt-4o             | -             | 0.0975",
      })
  void whatAChangeNamesDecidesOnItsScore(String named, String environment, double score) {
    int blank = named.indexOf(' ');
    List<String> what = List.of(named.substring(blank + 1).strip().split(",", -1));
    String kind = named.substring(0, blank);
    Change change =
        new Change(
            "c",
            ONSET,
            "assistant",
            "pull_request",
            kind.equals("title") ? what.get(0) : "A change",
            null,
            null,
            null,
            kind.equals("file") ? what : List.of(),
            kind.equals("label") ? what : List.of());
    Policy policy = Policies.builtIn();
    Policy.Blame all =
        new Policy.Blame(
            RULES.takesEffect(),
            RULES.before(),
            RULES.after(),
            0,
            0,
            0,
            policy.blame().promptFiles());

    assertThat(
            Blame.rank(
                List.of(change),
                WHEN,
                new Blame.Scope("claude-opus-4-6", environment, policy.cache()),
                List.of(),
                all))
        .singleElement()
        .satisfies(one -> assertThat(one.score()).isEqualTo(score));
  }

  /** The fall may have happened within a quarter of an hour from the onset on. */
  @ParameterizedTest
  @CsvSource({
    "-360, 0.0",
    "-90, 0.1625",
    "-60, 0.325",
    "-45, 0.4596",
    "-30, 0.65",
    "0, 0.65",
    "15, 0.65",
    "22.5, 0.325",
    "30, 0.1625",
  })
  void closenessHalvesWithEachTimeThatChangesTakeToShow(double minutes, double score) {
    Policy.Blame all =
        new Policy.Blame(
            RULES.takesEffect(), RULES.before(), RULES.after(), 0, 0, 0, RULES.promptFiles());
    Change change = change("a", minutes / 60, "deployment", "Release 7");
    assertThat(Blame.rank(List.of(change), WHEN, SCOPE, List.of(), all))
        .singleElement()
        .satisfies(one -> assertThat(one.score()).isEqualTo(score, Offset.offset(0.001)));
  }

  @Test
  void whoseChangesTakeLongerToShowSaysSo() {
    List<Change> before = List.of(change("a", -2, "deployment", "Release 7"));
    Policy.Blame patient =
        new Policy.Blame(
            Duration.ofHours(2),
            RULES.before(),
            RULES.after(),
            RULES.minimumScore(),
            RULES.clearScore(),
            RULES.clearMargin(),
            RULES.promptFiles());

    assertThat(named(before, WHEN)).isEmpty();
    assertThat(Blame.rank(before, WHEN, SCOPE, List.of(), patient))
        .singleElement()
        .satisfies(one -> assertThat(one.score()).isEqualTo(0.65));
  }

  @Test
  void whereItIsHardlyKnownWhenItHappenedOnlyPromptsAreNamedAndNothingIsClear() {
    List<Change> changes =
        List.of(
            change("a", 0, "deployment", "Release 7"),
            change("p", -0.1, "pull_request", "Sections", "src/prompts/a.txt"));
    assertThat(named(changes, new When(ONSET - 3 * HOUR, ONSET)))
        .containsExactly("p 1.0", "a 0.65");
    When vague = new When(ONSET - 3 * HOUR - 1, ONSET);
    assertThat(named(changes, vague)).containsExactly("p 0.5");
  }

  private static List<String> named(List<Change> changes, When when) {
    return Blame.rank(changes, when, SCOPE, List.of(), RULES).stream()
        .map(one -> one.changeId() + " " + one.score())
        .toList();
  }

  @Test
  void aTitleIsOnlyWordsWhereTheFilesAreKnown() {
    assertThat(
            rank(
                    List.of(
                        change("t", 0, "pull_request", "Reorder the prompt"),
                        change("w", 0, "pull_request", "Ask promptly", "src/Upload.java"),
                        change("f", 0, "pull_request", "Sections", "src/prompts/a.txt")))
                .stream()
                .map(one -> one.changeId() + " " + one.score()))
        .containsExactly("f 1.0", "t 0.95", "w 0.8");
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
    return Blame.rank(changes, WHEN, SCOPE, List.of(), RULES);
  }

  private static Change change(
      String id, double hours, String kind, String title, String... files) {
    return Scope.change(
        id, ONSET + Math.round(hours * HOUR), "assistant", kind, title, List.of(files));
  }
}
