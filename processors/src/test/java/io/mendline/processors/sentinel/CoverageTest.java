package io.mendline.processors.sentinel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Gaps and coverage are arithmetic over a timeline: a letter a window, an hour each. */
class CoverageTest {
  private static final long HOUR = 3_600;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // windows, hours that a run looks back | expected run filled skipped failed unknown pending
        "OOOO, 1 | 4 4 0 0 0 0 0",
        "OPFO, 1 | 4 4 1 0 0 0 0",
        "OSXUW, 1 | 3 1 0 1 1 1 1",
        "WW, 1 | 0 0 0 0 0 0 2",
        "O S, 1 | 2 1 0 1 0 0 0"
      })
  void windows_are_counted_by_what_became_of_them(String given, String counts) {
    Coverage coverage = Coverage.of(timeline(given));

    assertThat(
            "%d %d %d %d %d %d %d"
                .formatted(
                    coverage.expected(),
                    coverage.run(),
                    coverage.filled(),
                    coverage.skipped(),
                    coverage.failed(),
                    coverage.unknown(),
                    coverage.pending()))
        .isEqualTo(counts);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "OOOO, 1 | 4 | 4",
        "OSSO, 1 | 4 | 2",
        // The run after the gap looks back on an hour of it, and on all of it.
        "OSSO, 2 | 4 | 3",
        "OSSO, 3 | 4 | 4",
        "OSSO, 24 | 4 | 4",
        // What a run looked at before there were windows counts for nothing.
        "O, 24 | 1 | 1",
        // What is not due yet is not expected to be seen.
        "OOWW, 1 | 2 | 2",
        // Nor is what is unknown, though a look-back may have seen it.
        "OUUO, 3 | 2 | 2",
        // Of a time in which the rule was off nothing is expected.
        "O  O, 1 | 2 | 2"
      })
  void time_is_seen_by_the_look_back_too(String given, long hours, long seen) {
    Coverage coverage = Coverage.of(timeline(given));

    assertThat(coverage.seconds()).isEqualTo(hours * HOUR);
    assertThat(coverage.secondsSeen()).isEqualTo(seen * HOUR);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        // start end windows filled uncovered hours, for each gap
        "OOOO, 1 | -",
        "OSSO, 1 | 1 3 2 0 2",
        "OSSO, 2 | 1 3 2 0 1",
        "OSFSO, 1 | 1 4 3 1 2",
        "OFFO, 1 | 1 3 2 2 0",
        "SOS, 1 | 0 1 1 0 1, 2 3 1 0 1",
        "OSUSO, 1 | 1 2 1 0 1, 3 4 1 0 1",
        "OS SO, 1 | 1 2 1 0 1, 3 4 1 0 1",
        "OXUW, 1 | -"
      })
  void neighbouring_skipped_windows_are_one_gap(String given, String gaps) {
    List<String> found =
        Gap.of(timeline(given)).stream()
            .map(
                gap ->
                    "%d %d %d %d %d"
                        .formatted(
                            gap.start() / HOUR,
                            gap.end() / HOUR,
                            gap.windows(),
                            gap.filled(),
                            gap.uncoveredSeconds() / HOUR))
            .toList();

    assertThat(String.join(", ", found)).isEqualTo(gaps == null ? "" : gaps);
  }

  @Test
  void a_gap_is_open_until_every_window_of_it_is_filled() {
    assertThat(Gap.of(timeline("OSFO, 1"))).singleElement().matches(Gap::open);
    assertThat(Gap.of(timeline("OFFO, 1"))).singleElement().matches(gap -> !gap.open());
    assertThat(Coverage.of(timeline("SFOFFOS, 1")).gapsOpen()).isEqualTo(2);
  }

  @Test
  void shares_are_of_what_is_expected_and_empty_where_nothing_is() {
    Coverage both = Coverage.of(timeline("OSSO, 2")).plus(Coverage.of(timeline("OOOO, 1")));

    assertThat(both.rules()).isEqualTo(2);
    assertThat(both.share()).hasValue(0.75);
    assertThat(both.shareSeen()).hasValue(0.875);
    assertThat(both.gapsOpen()).isEqualTo(1);
    assertThat(Coverage.NONE.share()).isEqualTo(OptionalDouble.empty());
    assertThat(Coverage.NONE.shareSeen()).isEqualTo(OptionalDouble.empty());
    assertThat(both.plus(Coverage.NONE)).isEqualTo(both);
  }

  @Test
  void a_run_that_looks_back_less_than_its_window_has_not_seen_all_of_it() {
    Stretch half = new Stretch(HOUR, HOUR, 3, HOUR / 2, WindowStatus.OK, true);

    assertThat(Coverage.of(List.of(half)).secondsSeen()).isEqualTo(3 * HOUR / 2);
  }

  /** "letters, hours of look-back"; a blank is a window that was not expected. */
  private static List<Stretch> timeline(String given) {
    String[] parts = given.split(", ", -1);
    long look = Long.parseLong(parts[1]) * HOUR;
    List<Stretch> timeline = new ArrayList<>();
    for (int i = 0; i < parts[0].length(); i++) {
      if (parts[0].charAt(i) != ' ') {
        WindowStatus status =
            switch (parts[0].charAt(i)) {
              case 'O' -> WindowStatus.OK;
              case 'P' -> WindowStatus.PARTIAL;
              case 'F' -> WindowStatus.FILLED;
              case 'S' -> WindowStatus.SKIPPED;
              case 'X' -> WindowStatus.FAILED;
              case 'U' -> WindowStatus.UNKNOWN;
              default -> WindowStatus.PENDING;
            };
        timeline.add(new Stretch((i + 1) * HOUR, HOUR, 1, look, status, true));
      }
    }
    return timeline;
  }
}
