package io.mendline.processors.sentinel;

import static io.mendline.processors.sentinel.RuleRecords.at;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class ConsolidatedWordingTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Rule's scheduled run at 06/01/2026 10:43:55 failed after numerous attempts. It will be"
            + " re-executed over the next scheduled time.",
        "RULE'S SCHEDULED RUN AT 06/01/2026 10:43:55 FAILED AFTER NUMEROUS ATTEMPTS.",
        "run  at 06/01/2026\n10:43:55  failed   after\tnumerous\n attempts",
        "The run failed after numerous  atempts",
        "The run failed after numeruos attemps.",
        "The run failed, after numerous-attempts",
        "The run failed after multiple attempts",
        "The run failed after several retries"
      })
  void saysThatAWindowWasGivenUp(String text) {
    assertThat(ConsolidatedWording.in(text)).isTrue();
  }

  @ParameterizedTest
  @NullAndEmptySource
  @ValueSource(
      strings = {
        "The query was blocked as it was consuming too many resources.",
        "Rule's scheduled run at 06/01/2026 10:43:55 failed. It will be retried.",
        "The attempt failed after a timeout of 10 minutes",
        "failed after numerous",
        "numerous attempts",
        "Succeeded after numerous attempts",
        "An internal error occurred, failed after 4 minutes"
      })
  void saysNothingOfTheKind(String text) {
    assertThat(ConsolidatedWording.in(text)).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          run at 06/01/2026 10:43:55 failed      | 2026-06-01T10:43:55Z
          run at 6/1/2026 10:43:55 AM failed     | 2026-06-01T10:43:55Z
          run at 6/1/2026 1:43:55 PM failed      | 2026-06-01T13:43:55Z
          run at 6/1/2026 12:00:05 AM failed     | 2026-06-01T00:00:05Z
          run at 6/1/2026 12:00:05 PM failed     | 2026-06-01T12:00:05Z
          run at 01/06/2026 10:43:55 failed      | 2026-06-01T10:43:55Z
          run at 01.06.2026 10:43:55 failed      | 2026-06-01T10:43:55Z
          run at 05/31/2026 10:43 failed         | 2026-05-31T10:43:00Z
          run at 2026-06-01T10:43:55.1234567Z    | 2026-06-01T10:43:55Z
          run at 2026-06-01 10:43:55 failed      | 2026-06-01T10:43:55Z
          run at 2026-06-01T12:43:55+02:00       | 2026-06-01T10:43:55Z
          """)
  void namesTheRun(String text, String run) {
    assertThat(
            ConsolidatedWording.runTime(
                text, at("2026-05-10T00:00:00Z"), at("2026-06-02T12:00:00Z")))
        .isEqualTo(at(run));
  }

  @ParameterizedTest
  @NullAndEmptySource
  @ValueSource(
      strings = {
        "run failed",
        "run at 13/32/2026 10:43:55",
        "run at 06/01/2025 10:43:55",
        "run at 06/01/2026 25:43:55",
        "run at 2026-13-01T10:43:55Z"
      })
  void namesNoRun(String text) {
    assertThat(
            ConsolidatedWording.runTime(
                text, at("2026-05-10T00:00:00Z"), at("2026-06-02T12:00:00Z")))
        .isEqualTo(-1);
  }
}
