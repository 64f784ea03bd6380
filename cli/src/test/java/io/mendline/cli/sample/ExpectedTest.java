package io.mendline.cli.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.cli.sample.Expected.Recurrence;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When the failures of one cause make it a recurring one. */
class ExpectedTest {
  private static List<Recurrence> recurrences(String... instants) {
    Expected.Builder expected = new Expected.Builder();
    for (String instant : instants) {
      long at = Instant.parse(instant).toEpochMilli();
      expected.failure("RUN_FAILED 1/2 " + instant, at, false, "1", "MODULE_MISSING");
    }
    return expected.build().recurrences();
  }

  @Test
  void twoAreTooFew() {
    assertThat(recurrences("2026-06-10T01:00:00Z", "2026-06-10T02:00:00Z")).isEmpty();
  }

  @Test
  void threeWithinAWeekAreEnoughWhateverTheirOrder() {
    assertThat(recurrences("2026-06-16T00:00:00Z", "2026-06-10T01:00:00Z", "2026-06-12T00:00:00Z"))
        .containsExactly(
            new Recurrence(
                "1",
                "MODULE_MISSING",
                "RUN_FAILED 1/2 2026-06-10T01:00:00Z",
                "RUN_FAILED 1/2 2026-06-16T00:00:00Z",
                3));
  }

  @Test
  void threeInMoreThanAWeekAreNot() {
    assertThat(recurrences("2026-06-10T00:00:00Z", "2026-06-12T00:00:00Z", "2026-06-17T00:00:01Z"))
        .isEmpty();
  }

  @Test
  void whatGoesOnIsOneAndWhatComesBackIsAnother() {
    assertThat(
            recurrences(
                "2026-06-01T00:00:00Z",
                "2026-06-02T00:00:00Z",
                "2026-06-03T00:00:00Z",
                "2026-06-07T00:00:00Z",
                // On 10 June only one of the first three is left of the week before, with the
                // fourth.
                "2026-06-20T00:00:00Z",
                "2026-06-20T01:00:00Z",
                "2026-06-20T02:00:00Z"))
        .extracting(Recurrence::failures)
        .containsExactly(4, 3);
  }
}
