package io.mendline.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MadeUpChangesTest {
  private static final long START = Instant.parse("2026-03-02T00:00:00Z").toEpochMilli();

  @ParameterizedTest
  @EnumSource(MadeUpSeries.Kind.class)
  void half_of_the_falls_come_from_a_deployment_shortly_before(MadeUpSeries.Kind kind) {
    for (long seed = 1; seed <= 6; seed++) {
      MadeUpSeries series = MadeUpSeries.of(seed, kind, START);
      MadeUpChanges changes = MadeUpChanges.of(seed, series, 3);
      List<MadeUpChanges.Change> right =
          changes.all().stream().filter(change -> change.json().contains("\"right\"")).toList();

      boolean caused = kind.regresses() && seed % 2 == 0;
      assertThat(changes.right()).isEqualTo(caused ? "right" : null);
      assertThat(right).hasSize(caused ? 1 : 0);
      assertThat(right)
          .allSatisfy(
              change ->
                  assertThat(series.onset() - change.at())
                      .isBetween(0L, Duration.ofMinutes(20).toMillis()));
      assertThat(changes.all()).hasSize(3 * 21 + right.size());
      assertThat(changes.all()).isSortedAccordingTo(Comparator.comparing(MadeUpChanges.Change::at));
      assertThat(MadeUpChanges.of(seed, series, 3)).isEqualTo(changes);
    }
  }
}
