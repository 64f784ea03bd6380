package io.mendline.processors.cause;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.cause.LabelledMessages.Labelled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * How many of the labelled messages get the right category and transience. The floors are a little
 * below what {@code docs/evaluation/classifier.md} reports. {@code -Dmendline.labelled.show=true}
 * shows the wrong ones.
 */
class LabelledMessagesTest {
  private static final boolean SHOW = Boolean.getBoolean("mendline.labelled.show");

  private final RootCauseClassifier classifier = new RootCauseClassifier(CauseCatalogue.bundled());

  @ParameterizedTest
  @CsvSource({"false, 0.97", "true, 0.95"})
  void theShareOfRightCategoriesAndTransiences(boolean heldOut, double floor) {
    List<Labelled> half =
        LabelledMessages.read().stream().filter(one -> one.heldOut() == heldOut).toList();
    List<String> wrong = new ArrayList<>();
    for (Labelled one : half) {
      Diagnosis diagnosis = classifier.classify(FailureEvidence.ofMessage(one.message()));
      if (diagnosis.category() != one.category() || diagnosis.transience() != one.transience()) {
        wrong.add(
            "%s %s, not %s %s of %s:%n%s"
                .formatted(
                    one.category(),
                    one.transience(),
                    diagnosis.category(),
                    diagnosis.transience(),
                    diagnosis.key(),
                    one.message()));
      }
    }
    double share = 1 - (double) wrong.size() / half.size();
    System.out.printf(
        "%s: %d of %d right, %.4f%n",
        heldOut ? "held out" : "development", half.size() - wrong.size(), half.size(), share);
    if (SHOW) {
      wrong.forEach(System.out::println);
    }

    assertThat(half).hasSizeGreaterThan(75);
    assertThat(share).isGreaterThanOrEqualTo(floor);
  }
}
