package io.mendline.processors.cause;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mendline.schemas.Confidence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CauseCatalogueTest {
  private static final CauseCatalogue BUNDLED = CauseCatalogue.bundled();

  private static final String ENTRY =
      """
      causes:
        - key: mine/odd
          title: Something odd
          category: code
          transience: permanent
      """;

  static Stream<Arguments> everyExample() {
    return BUNDLED.entries().stream()
        .flatMap(entry -> entry.examples().stream().map(text -> Arguments.of(entry.key(), text)));
  }

  /** Also says that no other entry claims the example. */
  @ParameterizedTest
  @MethodSource("everyExample")
  void anExampleIsRecognisedByItsEntry(String key, String example) {
    RootCauseClassifier classifier = new RootCauseClassifier(BUNDLED);

    assertThat(classifier.classify(FailureEvidence.ofMessage(example)).key()).isEqualTo(key);
  }

  @Test
  void everyRegexMatchesAnExampleOfItsEntry() {
    for (CauseEntry entry : BUNDLED.entries()) {
      for (String regex : entry.regexes()) {
        assertThat(entry.examples())
            .as(entry.key() + " " + regex)
            .anyMatch(TextPattern.Regex.of(regex)::matches);
      }
    }
  }

  @Test
  void noCodeOrClassIsListedTwice() {
    Set<String> seen = new HashSet<>();
    for (CauseEntry entry : BUNDLED.entries()) {
      Stream.of(
              entry.codes().stream().map(code -> "code " + code),
              entry.classes().stream().map(name -> "class " + name),
              entry.sqlstates().stream().map(state -> "sqlstate " + state),
              entry.sentinel().stream().map(code -> "sentinel " + code),
              entry.phrases().stream().map(text -> "phrase " + text))
          .flatMap(all -> all)
          .forEach(name -> assertThat(seen.add(name)).as(entry.key() + ": " + name).isTrue());
    }
  }

  @Test
  void aUsersEntryIsTriedFirstWhateverItMatchesBy() {
    RootCauseClassifier classifier =
        classifierWith(ENTRY + "    hint: Call us\n    phrases: [\"pricing feed*\"]\n");

    Diagnosis diagnosis =
        classifier.classify(
            FailureEvidence.ofCode(
                "CLOUD_FAILURE", "[TABLE_OR_VIEW_NOT_FOUND] The pricing feeds are gone"));

    assertThat(diagnosis.key()).isEqualTo("mine/odd");
    assertThat(diagnosis.hint()).isEqualTo("Call us");
    assertThat(diagnosis.confidence()).isEqualTo(Confidence.MEDIUM);
  }

  @Test
  void aUsersCodesClassesAndWrappersWorkLikeBundledOnes() {
    RootCauseClassifier classifier =
        classifierWith(
            "wrappers: [\"gave up because\"]\n"
                + ENTRY
                + "    codes: [CLOUD_FAILURE]\n    classes: [AcmeFeedError, ACME_*]\n    sqlstates: [\"99\"]\n");

    assertThat(classifier.classify(FailureEvidence.ofCode("CLOUD_FAILURE", null)).key())
        .isEqualTo("mine/odd");
    for (String message : List.of("acme.AcmeFeedError: x", "[ACME_DOWN] x", "y, SQLSTATE: 99001")) {
      assertThat(classifier.classify(FailureEvidence.ofMessage(message)).key())
          .as(message)
          .isEqualTo("mine/odd");
    }
    assertThat(
            classifier
                .classify(FailureEvidence.ofMessage("Loader 7 gave up because feed 9 is odd"))
                .key())
        .startsWith("unknown/feed-is-odd-");
  }

  @Test
  void laterFilesOfAUserComeAfterEarlierOnes(@TempDir Path directory) throws IOException {
    Path first = directory.resolve("first.yaml");
    Path second = directory.resolve("second.yaml");
    Files.writeString(first, ENTRY + "    phrases: [\"feed is odd\"]\n");
    Files.writeString(second, ENTRY.replace("mine/", "yours/") + "    phrases: [\"feed*\"]\n");
    RootCauseClassifier classifier = new RootCauseClassifier(BUNDLED.with(first).with(second));

    assertThat(classifier.classify(FailureEvidence.ofMessage("feed is odd")).key())
        .isEqualTo("mine/odd");
    assertThat(classifier.classify(FailureEvidence.ofMessage("feed is old")).key())
        .isEqualTo("yours/odd");
  }

  @Test
  void theParticularThingIsNamedInTheTitleAndNeverInTheKey() {
    RootCauseClassifier classifier =
        classifierWith(
            ENTRY + "    phrases: [\"feed*\"]\n    details: [\"feed '{}' is\", \"feed {}\"]\n");

    Diagnosis diagnosis = classifier.classify(FailureEvidence.ofMessage("The feed 'fx 7' is odd"));

    assertThat(diagnosis.title()).isEqualTo("Something odd: fx 7");
    assertThat(diagnosis.key()).isEqualTo("mine/odd");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          phrases: ["ab"]              | field 'phrases' 'ab' needs a piece of 3 or more ASCII characters
          phrases: words               | field 'phrases' must be a list of texts
          phrases: []                  | field 'phrases' must be a list of texts
          phrases: [[x]]               | field 'phrases' must hold texts only
          phrase: ["a feed"]           | field 'phrase' is not known; known are ambiguous, category
          hint: Wait                   | field 'classes' or another way to recognise the cause is missing
          classes: ["A B"]             | field 'classes' 'A B' must be an error class
          codes: ["A-B"]               | field 'codes' 'A-B' must be a code
          sqlstates: ["4"]             | field 'sqlstates' '4' must be 2 to 5 capitals or digits
          regexes: ["feed"]            | field 'examples' is needed with 'regexes'
          regexes: ["(feed)+ x"]       | field 'regexes' '(feed)+ x' needs 3 or more fixed characters
          regexes: ["feed ("]          | field 'regexes' 'feed (' is not an RE2 expression
          regexes: ["feed (?=x)"]      | field 'regexes' 'feed (?=x)' is not an RE2 expression
          details: ["feed"]            | field 'details' 'feed' must be fixed text with one {}
          confidence: certain          | field 'confidence' 'certain' is none of low, medium, high
          rank: top                    | field 'rank' 'top' is none of specific, generic, wrapper
          ambiguous: 7                 | field 'ambiguous' must be true or false
          """)
  void aMistakeIsToldByEntryAndField(String line, String problem) {
    assertThatThrownBy(() -> BUNDLED.with("mine.yaml", ENTRY + "    " + line + "\n"))
        .isInstanceOf(CatalogueException.class)
        .hasMessageStartingWith("mine.yaml: entry 1 (mine/odd): ")
        .hasMessageContaining(problem);
  }

  @Test
  void mistakesInWhatEveryEntryNeeds() {
    assertRefused(ENTRY.replace("    title: Something odd\n", ""), "field 'title' is missing");
    assertRefused(ENTRY.replace("code", "weather"), "field 'category' 'weather' is none of code,");
    assertRefused(ENTRY.replace("permanent", "unknown"), "must be transient or permanent");
    assertRefused(ENTRY.replace("mine/odd", "odd"), "field 'key' 'odd' must be like");
    assertRefused(
        ENTRY.replace("mine/odd", "mine/{class}") + "    phrases: [\"a feed\"]\n",
        "may be recognised by 'classes' only");
    String twice = ENTRY + "    codes: [A1]\n";
    assertRefused(
        twice + twice.substring("causes:\n".length()).replace("category: code", "category: data"),
        "entry 2 (mine/odd): field 'key' is used by an earlier entry with another category");
    assertRefused("causes: 7", "field 'causes' must be a list");
    assertRefused("- 7", "must be a mapping");
    assertRefused("causes: [7]", "entry 1 (no key): must be a mapping");
    assertRefused("causes: []\nwraps: []", "field 'wraps' is not known");
    assertRefused("wrappers: [abc]\ncauses: []", "'abc' must be at least 4 ASCII characters");
    assertRefused("causes: [", "not readable as YAML");
    assertRefused("causes: []\ncauses: []", "not readable as YAML");
  }

  @Test
  void aFileThatIsNotThereIsNamed(@TempDir Path directory) {
    assertThatThrownBy(() -> BUNDLED.with(directory.resolve("none.yaml")))
        .isInstanceOf(CatalogueException.class)
        .hasMessageContaining("none.yaml: cannot be read");
  }

  private static void assertRefused(String yaml, String problem) {
    assertThatThrownBy(() -> BUNDLED.with("mine.yaml", yaml))
        .isInstanceOf(CatalogueException.class)
        .hasMessageStartingWith("mine.yaml: ")
        .hasMessageContaining(problem);
  }

  private static RootCauseClassifier classifierWith(String yaml) {
    return new RootCauseClassifier(BUNDLED.with("mine.yaml", yaml));
  }
}
