package io.mendline.processors.cause;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** What holds for any evidence. */
class ClassifierPropertiesTest {
  private static final CauseCatalogue CATALOGUE = CauseCatalogue.bundled();
  private static final RootCauseClassifier CLASSIFIER = new RootCauseClassifier(CATALOGUE);

  /** Pieces that mean something to the classifier, so that arbitrary text gets into its corners. */
  private static final List<String> PIECES =
      List.of(
          "Caused by: ",
          "\n",
          "\n\tat a.B.c(D.java:1)",
          "Traceback (most recent call last):",
          "\n  File \"a.py\", line 1",
          "\nThe above exception was the direct cause of the following exception:\n",
          "During handling of the above exception",
          "Suppressed: ",
          "failed with message: ",
          "\"message\":\"",
          "'message': '",
          "\"",
          "\\",
          "[",
          "]",
          "[FOO_BAR] ",
          "SQLSTATE: ",
          "42P01",
          "ValueError: ",
          "java.net.SocketTimeoutException: ",
          "timed out",
          "... truncated",
          "\u001b[0;31m",
          "\\n",
          "\\u001b[",
          "{}",
          "://",
          "=",
          "'",
          "`",
          "0x7f",
          "é",
          "\ud83d\ude00",
          "\ud83d",
          " ",
          "\t",
          "Jan",
          " 5 ",
          "ms");

  @Provide
  Arbitrary<String> messages() {
    Arbitrary<String> known = Arbitraries.of(PIECES);
    Arbitrary<String> any = Arbitraries.strings().ofMaxLength(12);
    return Arbitraries.oneOf(known, any)
        .list()
        .ofMaxSize(30)
        .map(pieces -> String.join("", pieces));
  }

  @Provide
  Arbitrary<FailureEvidence> evidence() {
    Arbitrary<String> text = messages().injectNull(0.2);
    Arbitrary<String> code =
        Arbitraries.of("CLOUD_FAILURE", "RUN_EXECUTION_ERROR", "NEW_CODE", "FAILED", "", "a b/c")
            .injectNull(0.3);
    return Combinators.combine(code, code, code, code, text, text, text).as(FailureEvidence::new);
  }

  @Property
  void anyEvidenceHasACompleteDiagnosis(@ForAll("evidence") FailureEvidence evidence) {
    Diagnosis diagnosis = CLASSIFIER.classify(evidence);

    assertThat(diagnosis.key()).matches("[a-z][a-z0-9-]*/[\\w.-]+");
    assertThat(diagnosis.fingerprint()).matches("[0-9a-f]{16}");
    assertThat(diagnosis.title()).isNotBlank().hasSizeLessThan(240);
    assertThat(diagnosis.category()).isNotNull();
    assertThat(diagnosis.transience()).isNotNull();
    assertThat(diagnosis.confidence()).isNotNull();
  }

  @Property
  void theSameEvidenceHasTheSameDiagnosis(@ForAll("evidence") FailureEvidence evidence) {
    assertThat(CLASSIFIER.classify(evidence))
        .isEqualTo(new RootCauseClassifier(CATALOGUE).classify(evidence));
  }

  @Property
  void sentinelTakesAnything(
      @ForAll("messages") String code, @ForAll("messages") String description) {
    SentinelCodes codes = new SentinelCodes(CATALOGUE);

    assertThat(codes.classify(code, description)).isEqualTo(codes.classify(code, description));
    assertThat(codes.classify(code, null).key()).matches("[a-z][a-z0-9-]*/[\\w.-]+");
  }

  /** Around a cause that is declared by class, no wrapper changes the key. */
  @Property
  void wrappersDoNotChangeTheCause(
      @ForAll @IntRange(min = 0, max = 3) int depth, @ForAll("wrapper") String wrapper) {
    String message = "[DELTA_CONCURRENT_APPEND] Files were added by a concurrent update.";
    String wrapped = wrapper.repeat(depth) + message;

    assertThat(CLASSIFIER.classify(FailureEvidence.ofMessage(wrapped)).key())
        .isEqualTo("delta/DELTA_CONCURRENT_APPEND");
  }

  @Provide
  Arbitrary<String> wrapper() {
    return Arbitraries.of(
        "Task main failed with message: ",
        "org.apache.spark.SparkException: Job aborted due to stage failure: ",
        "java.util.concurrent.ExecutionException: ",
        "Py4JJavaError: An error occurred while calling o45.save.\n: ",
        "org.apache.spark.SparkException: Job aborted.\n\tat a.B.c(D.scala:1)\nCaused by: ",
        "[STREAM_FAILED] Query [id = 3, runId = 4] terminated with exception: ");
  }

  /**
   * Hostile to backtracking: every pattern reads each character of such texts a bounded number of
   * times.
   */
  @Property(tries = 40)
  void patternsReadEachCharacterABoundedNumberOfTimes(
      @ForAll("hostile") String unit, @ForAll @IntRange(min = 500, max = 2_000) int times) {
    String text = unit.repeat(times);
    for (CauseEntry entry : CATALOGUE.entries()) {
      for (String regex : entry.regexes()) {
        AtomicLong reads = new AtomicLong();
        Pattern.compile(regex, Pattern.CASE_INSENSITIVE).matcher(counting(text, reads)).find();

        assertThat(reads.get()).as(regex).isLessThan(8L * text.length() + 1_000);
      }
    }
  }

  @Provide
  Arbitrary<String> hostile() {
    return Arbitraries.of(
        "parameter '",
        "parameter parameter ",
        "a",
        " ",
        "parameters: \"aaaaaaaa",
        "INTERNAL_ERROR ",
        "quota exceed");
  }

  private static CharSequence counting(String text, AtomicLong reads) {
    return new CharSequence() {
      @Override
      public int length() {
        return text.length();
      }

      @Override
      public char charAt(int index) {
        reads.incrementAndGet();
        return text.charAt(index);
      }

      @Override
      public CharSequence subSequence(int start, int end) {
        return text.subSequence(start, end);
      }

      @Override
      public String toString() {
        return text;
      }
    };
  }
}
