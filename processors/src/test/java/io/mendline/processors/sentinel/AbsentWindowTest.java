package io.mendline.processors.sentinel;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.DetectorHarness;
import io.mendline.processors.pipeline.Disorder;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Payload;
import io.mendline.processors.pipeline.Signal;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.pipeline.Subject;
import io.mendline.processors.policy.Policies;
import io.mendline.processors.policy.PolicyBook;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingStatus;
import io.mendline.schemas.ResourceType;
import io.mendline.schemas.Severity;
import io.mendline.serdes.telemetry.RuleChange;
import io.mendline.serdes.telemetry.SentinelHealth.Status;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A busy workspace: a rule runs each minute, so that the source is heard, and others by the hour.
 */
class AbsentWindowTest {
  private static final Instant DAY = Instant.parse("2026-06-01T00:00:00Z");

  /** Before the first deadline after the last run that is told here. */
  private static final int END = 17 * 60;

  private final List<Message> told = new ArrayList<>();

  @Test
  void a_window_that_nothing_was_logged_of_is_found() {
    busy(-600, END);
    hourly("r", 60, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12);

    List<Finding> findings = findings();

    assertThat(findings).hasSize(1);
    Finding finding = findings.get(0);
    assertThat(finding.getWindowStart()).isEqualTo(DAY.plus(Duration.ofHours(5)));
    assertThat(finding.getWindowEnd()).isEqualTo(DAY.plus(Duration.ofHours(6)));
    assertThat(finding.getStatus()).isEqualTo(FindingStatus.RAISED);
    assertThat(finding.getSeverity()).isEqualTo(Severity.MEDIUM);
    assertThat(finding.getAttributes())
        .containsEntry("detectedBy", "ABSENT")
        .containsEntry("uncoveredSeconds", "3600");
    assertThat(finding.getSummary())
        .isEqualTo(
            "Rule Rule r: window 2026-06-01T05:00:00Z to 2026-06-01T06:00:00Z was skipped: neither"
                + " a run nor a failure was logged");
  }

  @Test
  void a_later_run_that_looks_back_over_it_leaves_nothing_uncovered() {
    busy(-600, END);
    for (int hour : new int[] {-3, -2, -1, 0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12}) {
      told.add(run("r", minute(60 * (hour + 1) + 5), 60 * (hour + 1), 60, 240, Status.SUCCESS));
    }

    assertThat(findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.getSeverity()).isEqualTo(Severity.LOW);
              assertThat(finding.getAttributes()).containsEntry("uncoveredSeconds", "0");
            });
  }

  @Test
  void a_replay_clears_it() {
    busy(-600, END);
    hourly("r", 60, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12);
    told.add(run("r", minute(15 * 60), 5 * 60, 60, 60, Status.SUCCESS));

    assertThat(findings())
        .singleElement()
        .extracting(Finding::getStatus)
        .isEqualTo(FindingStatus.CLEARED);
  }

  @Test
  void a_workspace_may_be_allowed_to_log_later() {
    busy(-600, END);
    hourly("r", 60, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12);
    told.add(run("r", minute(9 * 60), 5 * 60, 60, 60, Status.SUCCESS));
    assertThat(findings()).hasSize(1);

    PolicyBook policies = new PolicyBook();
    policies.put(
        Policies.parse(
            "test",
            "sentinel: {workspaces: [{workspace: other, allowance: PT1H}, {workspace: '*', allowance: PT5H}]}"
                .getBytes(StandardCharsets.UTF_8)));
    assertThat(harness().policies(policies).withoutJump().run(Disorder.inOrder(told)).findings())
        .isEmpty();
  }

  @Test
  void a_failure_that_was_logged_is_not_absent() {
    busy(-600, END);
    hourly("r", 60, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12);
    told.add(run("r", minute(5 * 60 + 7), 5 * 60, 60, 60, Status.FAILURE));

    assertThat(findings()).isEmpty();
  }

  @Test
  void a_rule_that_was_seen_once_is_not_expected() {
    busy(-600, END);
    hourly("r", 60, 3);

    assertThat(findings()).isEmpty();
  }

  @Test
  void nor_is_one_of_which_only_some_runs_are_told() {
    busy(-600, END);
    hourly("r", 60, 0, 1, 2, 7, 8, 9);

    assertThat(findings()).isEmpty();
  }

  @Test
  void it_is_expected_for_as_long_as_it_was_seen() {
    busy(-600, END);
    hourly("r", 60, 0, 1, 2, 3, 4);

    assertThat(findings()).hasSize(2);
  }

  @Test
  void while_the_source_is_silent_nothing_is_said() {
    busy(-600, 6 * 60);
    busy(11 * 60, END);
    hourly("r", 60, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 11, 12, 13, 14, 15);

    assertThat(findings()).isEmpty();
  }

  @Test
  void nor_for_an_outage_of_twenty_minutes_at_whatever_minute_it_begins() {
    for (int begin = 0; begin < 20; begin++) {
      told.clear();
      int from = 5 * 60 + 5 - begin;
      busy(-600, from);
      busy(from + 20, END);
      hourly("r", 60, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12);

      assertThat(findings()).as("outage from minute %d", from).isEmpty();
    }
  }

  /** What was logged may have been lost; when it was due is known to minutes only. */
  @Test
  void nor_for_a_window_that_ended_shortly_before_a_silence() {
    busy(-600, 5 * 60 + 6);
    busy(5 * 60 + 26, END);
    for (int hour : new int[] {-5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12}) {
      told.add(run("r", minute(60 * hour + 1), 60 * hour, 60, 60, Status.SUCCESS));
    }

    assertThat(findings()).isEmpty();
  }

  /** One run was logged late, which says nothing about when the next are. */
  @Test
  void nor_for_what_followed_on_a_run_that_was_logged_late() {
    busy(-600, 5 * 60);
    busy(7 * 60, END);
    hourly("r", 60, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 7, 8, 9, 10, 11, 12);
    told.add(run("r", minute(5 * 60 + 118), 5 * 60, 60, 60, Status.SUCCESS));

    assertThat(findings())
        .extracting(Finding::getWindowEnd)
        .doesNotContain(DAY.plus(Duration.ofHours(6)));
  }

  /** A workspace that has fallen silent may have kept back what was logged before. */
  @Test
  void nor_while_what_was_logged_before_a_silence_may_be_kept_back() {
    busy(-600, 6 * 60);
    hourly("r", 60, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3);
    List<Message> arrived = new ArrayList<>(Disorder.inOrder(told));
    told.clear();
    busy(11 * 60, 11 * 60 + 5);
    told.add(run("r", minute(5 * 60 + 25), 5 * 60, 60, 60, Status.SUCCESS));
    arrived.addAll(told);

    assertThat(harness().withoutJump().run(arrived).found()).isEmpty();
  }

  @Test
  void a_rule_that_stopped_is_found_window_by_window_as_one_gap() {
    busy(-600, END);
    hourly("r", 60, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3);

    List<Finding> findings = findings();
    assertThat(findings).hasSize(7);
    assertThat(findings)
        .extracting(finding -> finding.getAttributes().get("gapFindingId"))
        .containsOnly(findings.get(0).getId());
  }

  @Test
  void a_new_frequency_makes_no_window_absent() {
    busy(-600, END);
    hourly("r", 60, -6, -5, -4, -3, -2, -1, 0, 1, 2);
    for (int minute = 190; minute <= 600; minute += 5) {
      told.add(run("r", minute(minute + 2), minute, 5, 5, Status.SUCCESS));
    }
    for (int minute = 840; minute < END; minute += 240) {
      told.add(run("r", minute(minute + 2), minute, 240, 240, Status.SUCCESS));
    }

    assertThat(findings()).extracting(Finding::getStatus).doesNotContain(FindingStatus.RAISED);
  }

  /** Its runs look at other windows: the day before is not seen by one over six hours. */
  @Test
  void what_was_missed_before_a_new_frequency_is_not_cleared_by_it() {
    busy(-4 * 24 * 60, 24 * 60);
    for (int day = -3; day <= 0; day++) {
      told.add(
          run("r", minute(day * 24 * 60 + 5), day * 24 * 60, 24 * 60, 24 * 60, Status.SUCCESS));
    }
    busy(24 * 60, 48 * 60);
    for (int end = 28 * 60; end < 48 * 60; end += 6 * 60) {
      told.add(run("r", minute(end + 5), end, 6 * 60, 6 * 60, Status.SUCCESS));
    }

    assertThat(findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.getWindowEnd()).isEqualTo(DAY.plus(Duration.ofDays(1)));
              assertThat(finding.getStatus()).isEqualTo(FindingStatus.RAISED);
            });
  }

  @ParameterizedTest
  @EnumSource(
      value = RuleChange.Enabled.class,
      names = {"NO", "UNKNOWN"})
  void a_rule_that_is_switched_off_or_deleted_is_not_expected(RuleChange.Enabled enabled) {
    busy(-600, END);
    hourly("r", 60, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3);
    told.add(
        change(
            4 * 60 + 30,
            enabled == RuleChange.Enabled.NO ? RuleChange.Kind.WRITE : RuleChange.Kind.DELETE,
            enabled));

    assertThat(findings()).isEmpty();
  }

  @Test
  void what_it_missed_before_it_was_switched_off_is_found() {
    busy(-600, END);
    hourly("r", 60, -6, -5, -4, -3, -2, -1, 0, 1, 2);
    told.add(change(6 * 60 + 30, RuleChange.Kind.WRITE, RuleChange.Enabled.NO));

    assertThat(findings())
        .extracting(Finding::getWindowEnd)
        .containsExactly(
            DAY.plus(Duration.ofHours(4)),
            DAY.plus(Duration.ofHours(5)),
            DAY.plus(Duration.ofHours(6)));
  }

  @Test
  void a_rule_that_was_changed_begins_anew_and_is_expected() {
    busy(-600, END);
    hourly("r", 60, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3);
    told.add(change(4 * 60 + 30, RuleChange.Kind.WRITE, RuleChange.Enabled.YES));
    for (int end = 330; end < END; end += 60) {
      if (end != 570) {
        told.add(run("r", minute(end + 5), end, 60, 60, Status.SUCCESS));
      }
    }

    assertThat(findings())
        .extracting(Finding::getWindowEnd)
        .containsExactly(DAY.plus(Duration.ofMinutes(570)));
  }

  @Test
  void one_that_is_told_to_run_more_seldom_misses_nothing_until_it_does() {
    busy(-600, END);
    hourly("r", 60, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3);
    told.add(
        change(4 * 60 + 30, RuleChange.Kind.WRITE, RuleChange.Enabled.YES, Duration.ofHours(6)));
    told.add(run("r", minute(10 * 60 + 32), 10 * 60 + 30, 360, 360, Status.SUCCESS));
    told.add(run("r", minute(16 * 60 + 32), 16 * 60 + 30, 360, 360, Status.SUCCESS));

    assertThat(findings()).isEmpty();
  }

  @Test
  void one_that_is_logged_an_hour_and_a_half_late_is_in_time() {
    busy(-600, END);
    hourly("r", 60, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12);
    told.add(run("r", minute(5 * 60 + 95), 5 * 60, 60, 60, Status.SUCCESS));

    assertThat(findings()).isEmpty();
  }

  /** Until the watermark has passed its first two runs, all its runs are kept. */
  @Test
  void a_healthy_rule_is_small() {
    busy(-600, 3 * 24 * 60);

    var result = harness().withoutJump().run(Disorder.inOrder(told));

    assertThat(result.findings()).isEmpty();
    assertThat(result.largestEntry()).isLessThan(125 * 32);
  }

  private void busy(int from, int to) {
    for (int minute = from; minute < to; minute++) {
      told.add(run("busy", minute(minute), minute, 1, 1, Status.SUCCESS));
    }
  }

  /** Runs over the hours that begin at these, logged five minutes after their end. */
  private void hourly(String rule, int period, int... hours) {
    for (int hour : hours) {
      int end = 60 * (hour + 1);
      told.add(run(rule, minute(end + 5), end, 60, period, Status.SUCCESS));
    }
  }

  private List<Finding> findings() {
    return harness().withoutJump().run(Disorder.inOrder(told)).findings();
  }

  private static Signal change(int minute, RuleChange.Kind kind, RuleChange.Enabled enabled) {
    return change(minute, kind, enabled, Duration.ofHours(1));
  }

  static Signal change(
      int minute, RuleChange.Kind kind, RuleChange.Enabled enabled, Duration frequency) {
    RuleChange change =
        RuleChange.builder()
            .time(minute(minute))
            .workspace(RuleRecords.WORKSPACE)
            .ruleId("r")
            .kind(kind)
            .enabled(enabled)
            .frequencyMillis(frequency.toMillis())
            .told(RuleChange.Told.AUDIT)
            .build();
    return new Signal(
        Source.SENTINEL,
        RuleRecords.ROUTE,
        new Subject(ResourceType.SENTINEL_RULE, "r", null, RuleRecords.WORKSPACE, null),
        change.time(),
        change.contentId(),
        new Coordinates("telemetry.sentinel", 0, 1),
        new Payload.Observed(change));
  }

  static long minute(int minute) {
    return DAY.plus(Duration.ofMinutes(minute)).toEpochMilli();
  }

  static Signal run(String rule, long time, int end, int frequency, int period, Status status) {
    return RuleRecords.signal(
        RuleRecords.hourly(
                rule,
                rule + "-" + end + "-" + status,
                Instant.ofEpochMilli(time).toString(),
                status)
            .frequencyMillis(Duration.ofMinutes(frequency).toMillis())
            .periodMillis(Duration.ofMinutes(period).toMillis())
            .window(minute(end - period), minute(end))
            .build());
  }

  static DetectorHarness<RuleCadence> harness() {
    return DetectorHarness.of(AbsentWindowDetector::new);
  }
}
