package io.mendline.processors.sentinel;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.cause.CauseCatalogue;
import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.Input;
import io.mendline.processors.pipeline.JoinedDetector;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Payload;
import io.mendline.processors.pipeline.Samples;
import io.mendline.processors.pipeline.Signal;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.schemas.FindingKind;
import io.mendline.serdes.telemetry.RuleChange;
import io.mendline.serdes.telemetry.SentinelHealth;
import io.mendline.serdes.telemetry.SentinelHealth.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a rule's history says of its windows, one letter each, and what it takes to keep it. */
class RuleHistoryTest {
  private static final Instant DAY = Instant.parse("2026-06-01T00:00:00Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // Records by the hour of their window's end: s success, p partial, f failure, g given up,
        // w warning, l success logged three hours late | what the windows are by the 12th hour
        "1s 2s 3s 12s | OOOUUUUUUUWO",
        "1s 2s 3p 4s 5s 6s 7s 8s 9s 10s 11s 12s | OOPOOOOOOOOO",
        "1s 2g 3s 4s 5s 6s 7s 8s 9s 10s 11s 12s | OSOOOOOOOOOO",
        "1s 2ffffff 3s 4s 5s 6s 7s 8s 9s 10s 11s 12s | OSOOOOOOOOOO",
        "1s 2fffff 3s 4s 5s 6s 7s 8s 9s 10s 11s 12s | OXOOOOOOOOOO",
        "1s 2fffffs 3s 4s 5s 6s 7s 8s 9s 10s 11s 12s | OOOOOOOOOOOO",
        "1s 2gl 3s 4s 5s 6s 7s 8s 9s 10s 11s 12s | OFOOOOOOOOOO",
        "1s 2l 3s 4s 5s 6s 7s 8s 9s 10s 11s 12s | OFOOOOOOOOOO",
        "1s 2ffffffl 3s 4s 5s 6s 7s 8s 9s 10s 11s 12s | OFOOOOOOOOOO",
        "1s 2w 3s 4s 5s 6s 7s 8s 9s 10s 11s 12s | OXOOOOOOOOOO",
        "1s 2ss 3s 4s 5s 6s 7s 8s 9s 10s 11s 12f | OOOOOOOOOOOW",
        "1s 2pl 3s 4s 5s 6s 7s 8s 9s 10s 11s 12s | OOOOOOOOOOOO"
      })
  void a_window_is_what_its_records_say(String records, String expected) {
    assertThat(letters(told(records), hour(12) + 60_000)).isEqualTo(expected);
  }

  @Test
  void what_the_rule_is_off_is_not_expected_until_it_runs_again() {
    List<Message> told = told("1s 2s 3s 8s 9s 10s");
    told.add(change(hour(3) + 1_800_000, RuleChange.Kind.WRITE, RuleChange.Enabled.NO));

    assertThat(HistoryRun.windows(timeline(told, hour(10)))).hasSize(6);
    told.add(change(hour(3) + 900_000, RuleChange.Kind.WRITE, RuleChange.Enabled.YES));
    assertThat(HistoryRun.windows(timeline(told, hour(10)))).hasSize(6);
    // A change of the rule that does not switch it off stops nothing.
    assertThat(HistoryRun.windows(timeline(told("1s 2s 3s 8s 9s 10s"), hour(10)))).hasSize(10);
  }

  @Test
  void a_deleted_rule_is_expected_no_more() {
    List<Message> told = told("1s 2s 3s");
    told.add(change(hour(4) + 60_000, RuleChange.Kind.DELETE, RuleChange.Enabled.UNKNOWN));

    assertThat(letters(told, hour(12))).isEqualTo("OOOU");
  }

  @Test
  void a_rule_that_says_it_is_disabled_is_not_expected() {
    List<Message> told = told("1s 2s 3s");
    for (int i = 4; i < 9; i++) {
      told.add(
          RuleRecords.signal(
              record(i, "off" + i, hour(i) + 60_000, Status.FAILURE)
                  .description("The analytics rule is disabled and was not executed.")
                  .build()));
    }
    assertThat(letters(told, hour(12))).isEqualTo("OOO");
  }

  @Test
  void a_change_that_comes_before_the_first_run_counts_too() {
    Message off = change(hour(2) + 60_000, RuleChange.Kind.WRITE, RuleChange.Enabled.NO);
    List<Message> told = new ArrayList<>(List.of(off));
    told.addAll(told("1s 2s"));

    assertThat(letters(told, hour(12))).isEqualTo("OO");
  }

  @Test
  void a_rule_that_changes_its_frequency_misses_nothing_between() {
    List<Message> told = told("1s 2s 3s 4s");
    for (int minutes = 250; minutes <= 300; minutes += 10) {
      long end = minute(minutes);
      told.add(
          RuleRecords.signal(
              RuleRecords.hourly("r", "m" + minutes, text(end + 1_000), Status.SUCCESS)
                  .window(end - 600_000, end)
                  .frequencyMillis(600_000)
                  .periodMillis(600_000)
                  .build()));
    }
    assertThat(letters(told, hour(5))).isEqualTo("OOOOOOOOOO");
  }

  @Test
  void a_window_that_is_absent_is_skipped_and_else_unknown() {
    RuleHistory history = new HistoryRun().tell(told("1s 2s 3s 7s 8s 9s")).state();
    RuleCadence cadence = new RuleCadence();
    RuleCadence.Run before =
        new RuleCadence.Run(hour(3), hour(3), true, null, new RunFact.Rule("r", "w", null, 1, 1));
    cadence.absent.add(new RuleCadence.Absent(hour(4), 3_600_000, hour(6), 3_600, before, 0));
    cadence.absent.add(new RuleCadence.Absent(hour(5), 3_600_000, hour(7), 3_600, before, 0));
    cadence.absent.get(1).clearedAt = hour(8);

    List<Stretch> timeline = RuleTimeline.of(history, cadence, hour(9) / 1_000);

    assertThat(letters(timeline)).isEqualTo("OOOSUUOOO");
    assertThat(timeline.get(1).logged()).isFalse();
    assertThat(Gap.of(timeline)).singleElement().matches(Gap::open);
  }

  @Test
  void only_seven_days_are_told() {
    List<Message> told = new ArrayList<>();
    IntStream.rangeClosed(1, 24 * 9).forEach(i -> told.addAll(told(i + "s")));

    assertThat(letters(told, hour(24 * 9))).isEqualTo("O".repeat(24 * 7));
    HistoryRun run = new HistoryRun().tell(told);
    assertThat(run.tell(told("1s")).windows(hour(24 * 9))).hasSize(24 * 7);
  }

  @Test
  void an_nrt_rules_failures_are_folded_into_the_next_run() {
    List<Message> told = new ArrayList<>();
    for (int minute = 1; minute <= 60; minute++) {
      told.add(nrt(minute, minute - 1, Status.SUCCESS));
    }
    for (int minute = 61; minute <= 70; minute++) {
      told.add(nrt(minute, minute - 1, Status.FAILURE));
    }
    assertThat(letters(told, minute(70))).isEqualTo("O".repeat(60) + "W".repeat(10));
    told.add(nrt(71, 60, Status.SUCCESS));
    assertThat(letters(told, minute(71))).isEqualTo("O".repeat(71));
  }

  @Test
  void what_an_nrt_rule_could_not_fold_is_skipped() {
    List<Message> told = new ArrayList<>();
    for (int minute = 1; minute <= 240; minute++) {
      boolean failed = minute > 60 && minute <= 150;
      told.add(nrt(minute, minute - 1, failed ? Status.FAILURE : Status.SUCCESS));
    }
    assertThat(letters(told, minute(240)))
        .isEqualTo("O".repeat(60) + "S".repeat(90) + "O".repeat(90));
  }

  @Test
  void nrt_runs_that_do_not_tell_their_window_abut_though_their_records_jitter() {
    List<Message> told = new ArrayList<>();
    for (int i = 1; i <= 60; i++) {
      told.add(
          RuleRecords.signal(
              RuleRecords.hourly("n", "j" + i, text(minute(i) + i % 7 * 3_000L), Status.SUCCESS)
                  .ruleKind(SentinelHealth.RuleKind.NRT)
                  .operation(SentinelHealth.Operation.NRT_RULE_RUN)
                  .build()));
    }
    assertThat(letters(told, minute(60))).isEqualTo("O".repeat(60));
    assertThat(new HistoryRun().tell(told).state().seen.list()).hasSize(1);
  }

  @Test
  void an_nrt_rule_that_is_not_heard_of_is_unknown_and_off_where_it_was_switched_off() {
    List<Message> told = new ArrayList<>(List.of(nrt(1, 0, Status.SUCCESS)));
    long later = minute(101);
    assertThat(letters(told, later)).isEqualTo("O" + "U".repeat(40) + "W".repeat(60));
    told.add(change(minute(11), RuleChange.Kind.WRITE, RuleChange.Enabled.NO, "n"));
    assertThat(letters(told, later))
        .startsWith("OUUUUUUUUU")
        .doesNotContain("W")
        .hasSizeBetween(10, 42);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 60, 1_440})
  void a_rule_whose_runs_are_all_well_takes_tens_of_bytes(int frequency) {
    HistoryRun run = new HistoryRun();
    for (int minute = frequency; minute <= 8 * 1_440; minute += frequency) {
      run.tell(well(minute, frequency, Status.SUCCESS));
    }
    assertThat(run.state().segments).hasSize(1);
    assertThat(run.bytes()).hasSizeLessThan(40);
    assertThat(run.windows(DAY.plus(Duration.ofDays(8)).toEpochMilli()))
        .hasSize(7 * 1_440 / frequency);
  }

  @Test
  void an_nrt_rule_whose_runs_are_all_well_takes_tens_of_bytes() {
    HistoryRun run = new HistoryRun();
    for (int minute = 1; minute <= 8 * 1_440; minute++) {
      run.tell(nrt(minute, minute - 1, Status.SUCCESS));
    }
    assertThat(run.bytes()).hasSizeLessThan(50);
  }

  @Test
  void the_worst_rule_is_bounded_and_says_what_is_dropped() {
    HistoryRun run = new HistoryRun();
    for (int i = 1; i <= 10_000; i++) {
      int ways = i % 3;
      run.tell(well(i, 1, ways == 0 ? Status.PARTIAL_SUCCESS : Status.SUCCESS));
      for (int k = 0; k < 5; k++) {
        run.tell(attempt(i, k));
      }
    }
    assertThat(run.state().segments).hasSize(RuleHistory.MAX_SEGMENTS);
    assertThat(run.state().tried).hasSize(RuleHistory.MAX_TRIED);
    assertThat(run.bytes().length).isBetween(15_000, 30_000);
    assertThat(run.state().dropped).isPositive();
    assertThat(run.restart().bytes()).hasSameSizeAs(run.bytes());
  }

  @Test
  void a_rule_that_is_not_heard_of_for_thirty_days_is_forgotten() {
    RuleHistoryDetector detector = new RuleHistoryDetector();
    RuleHistory state = new HistoryRun().tell(told("1s")).state();
    var kept = detector.step(null, state, new Input.Due(hour(24 * 29)), null);
    assertThat(kept.state()).isNotNull();
    assertThat(kept.wakeAt()).isBetween(hour(24 * 30), hour(24 * 32));
    assertThat(detector.step(null, state, new Input.Due(kept.wakeAt()), null).state()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        // the rule's records | its workspace is heard until this hour | health | last run | next
        "1s 2s 3s | 3 | OK | 3 | 4",
        "1s 2s 3g | 3 | FAILING | 2 | 4",
        "1s 2s 3f | 3 | OK | 2 | 4",
        "1s 2s 3f | 6 | UNKNOWN | 2 | 4",
        "1s 2g 3s | 3 | OK | 3 | 4",
        "1s 2s | 9 | UNKNOWN | 2 | 3",
        // The workspace is silent too: nothing is missing.
        "1s 2s | 2 | OK | 2 | 3"
      })
  void a_rule_is_how_its_windows_are(
      String records, int until, RuleHealthStatus health, int last, int next) {
    List<Message> told = told(records);
    for (int hour = 1; hour <= until; hour++) {
      told.add(
          RuleRecords.signal(
              RuleRecords.hourly("other", "o" + hour, text(hour(hour) + 30_000), Status.SUCCESS)
                  .window(hour(hour - 1), hour(hour))
                  .build()));
    }
    JoinedDetector detector = SentinelDetectors.all(CauseCatalogue.bundled());
    Map<StateKey, JoinedDetector.Parts> states = new TreeMap<>();
    for (Message message : told) {
      StateKey key = detector.keyOf(message);
      states.put(
          key,
          detector
              .step(key, states.get(key), new Input.Arrived(message, false), Samples.view())
              .state());
    }
    List<RuleReport> reports = RuleReport.of(states);

    assertThat(reports).hasSize(2);
    RuleReport rule = reports.get(1);
    assertThat(rule.id()).isEqualTo("r");
    assertThat(rule.workspace()).isEqualTo(RuleRecords.WORKSPACE);
    assertThat(rule.name()).isEqualTo("Rule r");
    assertThat(rule.health()).isEqualTo(health);
    assertThat(rule.lastRun()).isEqualTo(hour(last) / 1_000);
    assertThat(rule.nextExpected()).isEqualTo(hour(next) / 1_000);
    assertThat(rule.openFindings().contains(FindingKind.SKIPPED_WINDOW))
        .isEqualTo(rule.gaps().stream().anyMatch(Gap::open));
    WorkspaceCoverage workspace =
        WorkspaceCoverage.of(reports, (route, id) -> id.equals("r") ? List.of("Impact") : List.of())
            .get(0);
    assertThat(workspace.coverage().rules()).isEqualTo(2);
    assertThat(workspace.byTactic()).containsOnlyKeys("Impact", "unknown");
    assertThat(workspace.byTactic().get("Impact")).isEqualTo(rule.coverage());
  }

  /** {@code 3fs}: a failure and a success of the window that ends at the third hour. */
  private static List<Message> told(String records) {
    List<Message> told = new ArrayList<>();
    for (String window : records.split(" ", -1)) {
      String ways = window.replaceAll("\\d", "");
      int end = Integer.parseInt(window.substring(0, window.length() - ways.length()));
      for (int i = 0; i < ways.length(); i++) {
        told.add(RuleRecords.signal(row(end, window + i, ways.charAt(i), i)));
      }
    }
    return told;
  }

  private static SentinelHealth row(int end, String id, char way, int place) {
    long time = hour(end) + 30_000 + place * 1_000L;
    return switch (way) {
      case 's' -> record(end, id, time, Status.SUCCESS).build();
      case 'p' -> record(end, id, time, Status.PARTIAL_SUCCESS).build();
      case 'w' -> record(end, id, time, Status.WARNING).build();
      case 'f' -> record(end, id, time, Status.FAILURE).build();
      case 'l' -> record(end, id, time + 3 * 3_600_000, Status.SUCCESS).build();
      default -> RuleRecords.givenUpRow("r", id, text(time), text(hour(end))).build();
    };
  }

  private static SentinelHealth.Builder record(int end, String id, long time, Status status) {
    return RuleRecords.hourly("r", id, text(time), status).window(hour(end - 1), hour(end));
  }

  private static Signal well(int minute, int frequency, Status status) {
    long end = minute(minute);
    long millis = Duration.ofMinutes(frequency).toMillis();
    return RuleRecords.signal(
        RuleRecords.hourly("r", "w" + minute, text(end + 5_000), status)
            .name("Rule r")
            .window(end - millis, end)
            .frequencyMillis(millis)
            .periodMillis(millis)
            .build());
  }

  private static Signal attempt(int minute, int number) {
    long end = minute(minute);
    return RuleRecords.signal(
        RuleRecords.hourly("r", minute + "f" + number, text(end + 4_000), Status.FAILURE)
            .window(end - 60_000, end)
            .frequencyMillis(60_000)
            .periodMillis(60_000)
            .build());
  }

  private static Signal nrt(int minute, int from, Status status) {
    long end = minute(minute);
    SentinelHealth.Builder row =
        RuleRecords.hourly("n", "n" + minute, text(end), status)
            .ruleKind(SentinelHealth.RuleKind.NRT)
            .operation(SentinelHealth.Operation.NRT_RULE_RUN)
            .triggerType("NrtRun")
            .window(minute(from), end);
    return RuleRecords.signal(row.build());
  }

  private static Signal change(long at, RuleChange.Kind kind, RuleChange.Enabled enabled) {
    return change(at, kind, enabled, "r");
  }

  private static Signal change(
      long at, RuleChange.Kind kind, RuleChange.Enabled enabled, String rule) {
    RuleChange change =
        RuleChange.builder()
            .time(at)
            .workspace(RuleRecords.WORKSPACE)
            .ruleId(rule)
            .kind(kind)
            .enabled(enabled)
            .told(RuleChange.Told.AUDIT)
            .build();
    return new Signal(
        Source.SENTINEL,
        RuleRecords.ROUTE,
        null,
        at,
        change.contentId(),
        new Coordinates("telemetry.sentinel", 0, 1),
        new Payload.Observed(change));
  }

  private static List<Stretch> timeline(List<Message> told, long asOf) {
    return RuleTimeline.of(new HistoryRun().tell(told).state(), null, asOf / 1_000);
  }

  private static String letters(List<Message> told, long asOf) {
    return letters(timeline(told, asOf));
  }

  private static String letters(List<Stretch> timeline) {
    return timeline.stream()
        .map(stretch -> letter(stretch.status()).repeat(stretch.count()))
        .collect(Collectors.joining());
  }

  private static String letter(WindowStatus status) {
    return switch (status) {
      case OK -> "O";
      case PARTIAL -> "P";
      case FILLED -> "F";
      case SKIPPED -> "S";
      case FAILED -> "X";
      case UNKNOWN -> "U";
      case PENDING -> "W";
    };
  }

  private static long hour(int hour) {
    return DAY.plus(Duration.ofHours(hour)).toEpochMilli();
  }

  private static long minute(int minute) {
    return DAY.plus(Duration.ofMinutes(minute)).toEpochMilli();
  }

  private static String text(long millis) {
    return Instant.ofEpochMilli(millis).toString();
  }
}
