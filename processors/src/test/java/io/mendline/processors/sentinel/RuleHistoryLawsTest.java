package io.mendline.processors.sentinel;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Signal;
import io.mendline.serdes.telemetry.SentinelHealth;
import io.mendline.serdes.telemetry.SentinelHealth.Status;
import io.mendline.serdes.telemetry.TelemetryRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The history is a function of the set of records, and says what a plain set of windows says. */
class RuleHistoryLawsTest {
  private static final Instant DAY = Instant.parse("2026-06-01T00:00:00Z");
  private static final long ALLOWANCE = Duration.ofHours(2).toMillis();

  @Property(tries = 300)
  void any_order_repetition_and_restarts_give_what_a_set_of_windows_gives(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 400) int windows,
      @ForAll @IntRange(min = 1, max = 120) int frequency) {
    List<SentinelHealth> rows = rows(new Random(seed), windows, frequency);
    Assume.that(!rows.isEmpty());
    long asOf = asOf(rows);
    List<String> expected = naive(rows, asOf, frequency * 60L);
    Random disorder = new Random(~seed);
    List<Message> told = new ArrayList<>(signals(rows));
    told.addAll(told.subList(0, disorder.nextInt(told.size())));
    Collections.shuffle(told, disorder);

    HistoryRun run = new HistoryRun();
    for (Message message : told) {
      run.tell(message);
      if (disorder.nextInt(20) == 0) {
        run.restart();
      }
    }

    assertThat(run.windows(asOf)).isEqualTo(expected);
    assertThat(run.state().dropped).isZero();
  }

  @Property(tries = 200)
  void an_nrt_rules_history_does_not_depend_on_order(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 300) int runs) {
    Random random = new Random(seed);
    List<Message> told = new ArrayList<>();
    long seen = DAY.toEpochMilli();
    long time = seen;
    for (int i = 0; i < runs; i++) {
      time += 60_000 + random.nextInt(4_000);
      int way = random.nextInt(12);
      Status status =
          way == 0 ? Status.FAILURE : way == 1 ? Status.PARTIAL_SUCCESS : Status.SUCCESS;
      SentinelHealth.Builder row =
          RuleRecords.hourly("n", "record-" + i, Instant.ofEpochMilli(time).toString(), status)
              .ruleKind(SentinelHealth.RuleKind.NRT)
              .operation(SentinelHealth.Operation.NRT_RULE_RUN)
              .triggerType("NrtRun");
      if (status != Status.FAILURE) {
        row.window(seen, time - 1_000);
        seen = time - 1_000;
      }
      told.add(RuleRecords.signal(row.build()));
    }
    List<Stretch> expected = timeline(new HistoryRun().tell(told), time);
    Collections.shuffle(told, random);
    told.addAll(told.subList(0, random.nextInt(told.size())));

    assertThat(timeline(new HistoryRun().tell(told).restart(), time)).isEqualTo(expected);
  }

  private static List<Stretch> timeline(HistoryRun run, long asOf) {
    return RuleTimeline.of(run.state(), null, Math.floorDiv(asOf, 1_000L));
  }

  private static List<SentinelHealth> rows(Random random, int windows, int frequency) {
    List<SentinelHealth> rows = new ArrayList<>();
    double trouble = random.nextInt(3) * 0.2;
    for (int i = 1; i <= windows; i++) {
      Instant end = DAY.plus(Duration.ofMinutes((long) i * frequency));
      if (random.nextDouble() >= trouble) {
        rows.add(row(random, end, frequency, 0, rows.size()));
      } else {
        int way = 1 + random.nextInt(6);
        for (int k = way == 1 ? 0 : random.nextInt(8); k >= 0; k--) {
          rows.add(row(random, end, frequency, way, rows.size()));
        }
        if (random.nextInt(3) == 0) {
          rows.add(row(random, end, frequency, 0, rows.size()));
        }
      }
    }
    // A window that is not spoken of lies between two that are, or after the last.
    rows.removeIf(row -> rows.size() > 1 && random.nextInt(20) == 0);
    return rows;
  }

  private static SentinelHealth row(
      Random random, Instant end, int frequency, int way, int number) {
    long late =
        random.nextInt(10) == 0
            ? Duration.ofMinutes(random.nextInt(400)).toMillis()
            : 1_000L * random.nextInt(300);
    String time = end.plusMillis(late).toString();
    Status status =
        switch (way) {
          case 0 -> Status.SUCCESS;
          case 1 -> Status.PARTIAL_SUCCESS;
          case 2 -> Status.WARNING;
          default -> Status.FAILURE;
        };
    SentinelHealth.Builder row =
        way == 5
            ? RuleRecords.givenUpRow("r", "record-" + number, time, end.toString())
            : RuleRecords.hourly("r", "record-" + number, time, status)
                .window(
                    end.minus(Duration.ofMinutes(frequency)).toEpochMilli(), end.toEpochMilli());
    row.frequencyMillis(Duration.ofMinutes(frequency).toMillis())
        .periodMillis(Duration.ofMinutes(2L * frequency).toMillis());
    if (way == 6) {
      row.window(TelemetryRecord.ABSENT, end.toEpochMilli())
          .frequencyMillis(TelemetryRecord.ABSENT);
    }
    return row.build();
  }

  private static List<Signal> signals(List<SentinelHealth> rows) {
    return rows.stream().map(RuleRecords::signal).toList();
  }

  private static long asOf(List<SentinelHealth> rows) {
    return rows.stream().mapToLong(SentinelHealth::time).max().orElseThrow();
  }

  /** What is said of the windows by a map from each to its records. */
  private static List<String> naive(List<SentinelHealth> rows, long asOf, long step) {
    Map<Long, List<SentinelHealth>> known = new TreeMap<>();
    for (SentinelHealth row : rows) {
      boolean givenUp = ConsolidatedWording.in(row.description());
      long end = Window.of(row, givenUp).end();
      known.computeIfAbsent(end / 1_000, any -> new ArrayList<>()).add(row);
    }
    List<String> windows = new ArrayList<>();
    long horizon = asOf / 1_000 - 7 * 86_400L;
    if (rows.stream().allMatch(row -> row.frequencyMillis() < 0)) {
      // Nobody has said how often it runs, so nothing is missing between.
      return known.entrySet().stream()
          .filter(window -> window.getKey() > horizon)
          .map(window -> window.getKey() + " " + status(window.getKey(), window.getValue(), asOf))
          .toList();
    }
    long before = -1;
    for (Map.Entry<Long, List<SentinelHealth>> window : known.entrySet()) {
      long end = window.getKey();
      if (end > horizon) {
        for (long hole = before + step; before >= 0 && hole < end; hole += step) {
          windows.add(missing(hole, asOf));
        }
        windows.add(end + " " + status(end, window.getValue(), asOf));
        before = end;
      }
    }
    for (long hole = before + step; before >= 0 && hole <= asOf / 1_000; hole += step) {
      windows.add(missing(hole, asOf));
    }
    return windows;
  }

  private static String missing(long end, long asOf) {
    return end + (end * 1_000 + ALLOWANCE > asOf / 1_000 * 1_000 ? " PENDING" : " UNKNOWN");
  }

  private static WindowStatus status(long end, List<SentinelHealth> rows, long asOf) {
    Set<Long> attempts = new HashSet<>();
    boolean success = false;
    boolean partial = false;
    boolean inTime = false;
    boolean givenUp = false;
    for (SentinelHealth row : rows) {
      boolean ran = row.status() == Status.SUCCESS || row.status() == Status.PARTIAL_SUCCESS;
      success |= row.status() == Status.SUCCESS;
      partial |= row.status() == Status.PARTIAL_SUCCESS;
      inTime |= ran && row.time() <= end * 1_000 + ALLOWANCE;
      givenUp |= ConsolidatedWording.in(row.description());
      if (!ran) {
        attempts.add(row.contentId());
      }
    }
    givenUp |= attempts.size() >= 6;
    if (success || partial) {
      return givenUp || !inTime
          ? WindowStatus.FILLED
          : success ? WindowStatus.OK : WindowStatus.PARTIAL;
    }
    if (givenUp) {
      return WindowStatus.SKIPPED;
    }
    return end * 1_000 + ALLOWANCE > asOf / 1_000 * 1_000
        ? WindowStatus.PENDING
        : WindowStatus.FAILED;
  }
}
