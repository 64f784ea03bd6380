package io.mendline.processors.sentinel;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.cause.CauseCatalogue;
import io.mendline.processors.pipeline.CanonicalResult;
import io.mendline.processors.pipeline.DetectorHarness;
import io.mendline.processors.pipeline.Disorder;
import io.mendline.processors.pipeline.Message;
import io.mendline.serdes.telemetry.SentinelHealth;
import io.mendline.serdes.telemetry.SentinelHealth.Status;
import io.mendline.serdes.telemetry.TelemetryRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Law 1: the same records give the same result, in any order, told twice, with restarts. */
class SkippedWindowLawsTest {
  private static final CauseCatalogue CATALOGUE = CauseCatalogue.bundled();
  private static final Duration LATENESS = Duration.ofHours(2);
  private static final Instant FIRST_WINDOW = Instant.parse("2026-06-01T09:00:00Z");

  @Property(tries = 400)
  void orderDuplicatesAndRestartsChangeNothing(
      @ForAll("days") List<Message> day,
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 60) int restart,
      @ForAll @IntRange(min = 1, max = 5) int watermarkEvery) {
    CanonicalResult expected = harness().run(Disorder.inOrder(day)).canonical();

    double twice = 0.1 + 0.2 * Math.floorMod(seed, 100) / 100;
    var told = Disorder.of(day, LATENESS, twice, seed);
    var result =
        harness().restartingAfter(restart, 2 * restart).watermarkEvery(watermarkEvery).run(told);

    assertThat(result.canonical()).isEqualTo(expected);
    assertThat(result.keys()).isZero();
  }

  @Property(tries = 200)
  void aSecondDeliverySaysNothing(@ForAll("days") List<Message> day) {
    // What is later than the source's lateness is promised nothing.
    List<? extends Message> inTime = Disorder.inOrder(day);
    List<Message> twice = new ArrayList<>();
    inTime.forEach(message -> twice.addAll(List.of(message, message)));

    assertThat(harness().run(twice).outputs()).isEqualTo(harness().run(inTime).outputs());
  }

  /** Up to forty records about four windows of two rules, told in any of the ways there are. */
  @Provide
  Arbitrary<List<Message>> days() {
    return record().list().ofMaxSize(40).map(SkippedWindowLawsTest::signals);
  }

  /**
   * What a record says.
   *
   * @param way of telling, see {@link #row}
   * @param minutes after the end of its window
   */
  private record Told(int rule, int window, int way, int minutes, int cause) {}

  private static Arbitrary<Told> record() {
    return Combinators.combine(
            Arbitraries.integers().between(1, 2),
            Arbitraries.integers().between(0, 3),
            Arbitraries.integers().between(0, 9),
            // Straddles the time for which a success is kept, and sometimes the lateness.
            Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(4, Arbitraries.integers().between(1, 60)),
                net.jqwik.api.Tuple.of(4, Arbitraries.integers().between(1, 400)),
                net.jqwik.api.Tuple.of(1, Arbitraries.integers().between(1, 12_000))),
            Arbitraries.integers().between(0, 3))
        .as(Told::new);
  }

  private static List<Message> signals(List<Told> told) {
    List<Message> signals = new ArrayList<>();
    int[] failures = new int[16];
    int[] successes = new int[16];
    for (int i = 0; i < told.size(); i++) {
      SentinelHealth row = row(told.get(i), "record-" + i);
      int window = told.get(i).rule() * 4 + told.get(i).window();
      boolean success = row.status() == Status.SUCCESS;
      // Beyond its bounds the state is not a function of the set, and says so.
      if (success ? successes[window]++ < 4 : failures[window]++ < 12) {
        signals.add(RuleRecords.signal(row, i));
      }
    }
    return signals;
  }

  private static SentinelHealth row(Told told, String recordId) {
    // The second rule looks at the data of three hours each hour.
    Duration looksBack = Duration.ofHours(told.rule() == 2 ? 3 : 1);
    Instant end = FIRST_WINDOW.plus(Duration.ofHours(told.window() + 1L));
    Instant start = end.minus(looksBack);
    String rule = "r" + told.rule();
    String time = end.plus(Duration.ofMinutes(told.minutes())).toString();
    Status status =
        switch (told.way()) {
          case 0 -> Status.SUCCESS;
          case 1 -> Status.PARTIAL_SUCCESS;
          case 2 -> Status.WARNING;
          default -> Status.FAILURE;
        };
    SentinelHealth.Builder row;
    if (told.way() >= 7) {
      row = RuleRecords.givenUpRow(rule, recordId, time, end.toString());
    } else {
      row =
          RuleRecords.hourly(rule, recordId, time, status)
              .window(start.toEpochMilli(), end.toEpochMilli());
    }
    row.periodMillis(looksBack.toMillis());
    if (told.way() == 8) {
      row.frequencyMillis(TelemetryRecord.ABSENT).periodMillis(TelemetryRecord.ABSENT);
    } else if (told.way() == 9) {
      row.window(start.toEpochMilli(), end.toEpochMilli()).name("AUTO DISABLED " + rule);
    }
    String[] codes = {"QUERY_TIMEOUT", "TABLE_NOT_EXISTS", "QueryGeneralError"};
    return row.issues(told.cause() == 3 ? List.of() : List.of(codes[told.cause()])).build();
  }

  private static DetectorHarness<RuleWindows> harness() {
    return DetectorHarness.of(() -> new SkippedWindowDetector(CATALOGUE));
  }
}
