package io.mendline.processors.runs;

import static io.mendline.processors.runs.JobRecords.HOURLY;
import static io.mendline.processors.runs.JobRecords.at;
import static io.mendline.processors.runs.JobRecords.deleted;
import static io.mendline.processors.runs.JobRecords.elsewhere;
import static io.mendline.processors.runs.JobRecords.heartbeat;
import static io.mendline.processors.runs.JobRecords.instant;
import static io.mendline.processors.runs.JobRecords.paused;
import static io.mendline.processors.runs.JobRecords.run;
import static io.mendline.processors.runs.JobRecords.runs;
import static io.mendline.processors.runs.JobRecords.scheduled;
import static io.mendline.processors.runs.JobRecords.signal;
import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.pipeline.DetectorHarness.Result;
import io.mendline.processors.pipeline.Disorder;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Output;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.FindingStatus;
import io.mendline.schemas.Severity;
import io.mendline.serdes.telemetry.RunState.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An hourly job in a workspace whose poller says each minute that it is alive. */
class MissedRunStoryTest {
  private final List<Message> told = new ArrayList<>();

  @Test
  void a_run_that_was_expected_and_did_not_start_is_found() {
    alive(0, 400);
    told.add(scheduled("1", 1, HOURLY));
    told.add(runs("1", 60.1));
    told.add(runs("1", 120.1));
    told.add(runs("1", 240.1));
    told.add(runs("1", 300.1));
    told.add(runs("1", 360.1));

    Result result = result();

    assertThat(result.findings()).hasSize(1);
    Finding finding = result.findings().get(0);
    assertThat(finding.getKind()).isEqualTo(FindingKind.MISSED_RUN);
    assertThat(finding.getStatus()).isEqualTo(FindingStatus.RAISED);
    assertThat(finding.getSeverity()).isEqualTo(Severity.HIGH);
    assertThat(finding.getOccurredAt()).isEqualTo(instant(180));
    assertThat(finding.getWindowStart()).isEqualTo(instant(180));
    assertThat(finding.getWindowEnd()).isEqualTo(instant(190));
    assertThat(finding.getResource().getId()).isEqualTo("7700/1");
    assertThat(finding.getSummary())
        .isEqualTo(
            "Job 1 was expected at 2026-06-01T03:00:00Z by its schedule and has not started");
    assertThat(finding.getAttributes())
        .containsEntry("jobId", "1")
        .containsEntry("schedule", HOURLY)
        .containsEntry("timeZone", "UTC")
        .containsEntry("expectedAt", "2026-06-01T03:00:00Z")
        .containsEntry("nextExpectedAt", "2026-06-01T04:00:00Z")
        .containsEntry("lastStartedAt", "2026-06-01T02:00:06Z")
        .containsEntry("grace", "PT10M")
        .containsEntry("gapPlace", "1")
        .containsEntry("gapFindingId", finding.getId())
        .doesNotContainKeys("laterRunAt", "clearedBecause");
    assertThat(result.settled())
        .singleElement()
        .satisfies(settled -> assertThat(settled.at()).isEqualTo(at(195)));
  }

  @Test
  void it_is_told_when_the_workspace_was_heard_after_its_grace() {
    told.add(scheduled("1", 1, HOURLY));
    alive(0, 76);
    assertThat(untilTheLast().findings()).as("the watermark is at 74").isEmpty();

    told.add(heartbeat(76));
    assertThat(untilTheLast().findings()).as("the watermark is at 75").hasSize(1);
  }

  @Test
  void a_run_that_starts_late_clears_it() {
    alive(0, 190);
    told.add(scheduled("1", 1, HOURLY));
    told.add(runs("1", 60.1));
    told.add(runs("1", 150));

    Finding finding = theOnly(FindingStatus.CLEARED);

    assertThat(finding.getRevision()).isEqualTo(2);
    assertThat(finding.getAttributes())
        .containsEntry("clearedBecause", "started-late")
        .containsEntry("startedAt", "2026-06-01T02:30:00Z");
    assertThat(finding.getSummary())
        .isEqualTo(
            "Job 1 was expected at 2026-06-01T02:00:00Z and started late, at 2026-06-01T02:30:00Z");
  }

  @Test
  void a_run_that_is_told_late_clears_it() {
    alive(0, 160);
    told.add(scheduled("1", 1, HOURLY));
    told.add(runs("1", 60.1));
    List<Message> late = new ArrayList<>(Disorder.inOrder(told));
    late.add(runs("1", 120.1));

    assertThat(JobRecords.harness().run(late).findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.getStatus()).isEqualTo(FindingStatus.CLEARED);
              assertThat(finding.getAttributes()).containsEntry("clearedBecause", "told-late");
            });
  }

  @Test
  void a_run_by_hand_does_not_count_until_it_has_ended_well() {
    alive(0, 176);
    told.add(scheduled("1", 1, HOURLY));
    told.add(runs("1", 60.1));
    told.add(signal(run("1", 121, Outcome.RUNNING).trigger("ONE_TIME").build()));

    Finding raised = theOnly(FindingStatus.RAISED);
    assertThat(raised.getAttributes()).containsEntry("laterRunAt", "2026-06-01T02:01:00Z");

    told.add(
        signal(
            run("1", 121, Outcome.SUCCESS)
                .trigger("ONE_TIME")
                .time(at(170))
                .ran(at(121), at(170))
                .build()));

    Finding cleared = theOnly(FindingStatus.CLEARED);
    assertThat(cleared.getAttributes())
        .containsEntry("clearedBecause", "run-by-hand")
        .containsEntry("runId", "1@121.0");
  }

  @Test
  void a_run_that_the_platform_skipped_was_started() {
    alive(0, 200);
    told.add(scheduled("1", 1, HOURLY));
    told.add(runs("1", 60.1));
    told.add(
        signal(run("1", 120.1, Outcome.SKIPPED).state("SKIPPED", null, Outcome.SKIPPED).build()));
    told.add(runs("1", 180.1));

    assertThat(result().findings()).isEmpty();
  }

  @Test
  void neighbours_that_were_missed_are_one_gap() {
    alive(0, 400);
    told.add(scheduled("1", 1, HOURLY));
    told.add(runs("1", 60.1));
    told.add(runs("1", 300.1));
    told.add(runs("1", 360.1));

    List<Finding> findings = result().findings();

    assertThat(findings)
        .extracting(finding -> finding.getAttributes().get("gapPlace"))
        .containsExactly("1", "2", "3");
    assertThat(findings)
        .extracting(finding -> finding.getAttributes().get("gapFindingId"))
        .containsOnly(findings.get(0).getId());
  }

  @Test
  void a_schedule_that_is_paused_expects_nothing_until_it_is_resumed() {
    alive(0, 500);
    told.add(scheduled("1", 1, HOURLY));
    told.add(runs("1", 60.1));
    told.add(paused("1", 90, HOURLY));
    told.add(scheduled("1", 310, HOURLY));
    told.add(runs("1", 360.1));
    told.add(runs("1", 480.1));

    assertThat(result().findings())
        .extracting(Finding::getOccurredAt)
        .containsExactly(instant(420));
  }

  @Test
  void a_change_that_is_seen_before_the_judgement_takes_the_expected_time_back() {
    alive(0, 300);
    told.add(scheduled("1", 1, HOURLY));
    told.add(runs("1", 60.1));
    told.add(scheduled("1", 130, "0 30 0/2 * * ?"));
    told.add(runs("1", 150.1));
    told.add(runs("1", 270.1));

    assertThat(result().findings()).isEmpty();
  }

  @Test
  void a_job_that_was_deleted_is_not_expected_and_what_it_missed_is_over() {
    alive(0, 400);
    told.add(scheduled("1", 1, HOURLY));
    told.add(runs("1", 60.1));
    told.add(deleted("1", 170));
    // Told again, long after.
    told.add(scheduled("1", 1, HOURLY));

    assertThat(theOnly(FindingStatus.CLEARED).getAttributes())
        .containsEntry("clearedBecause", "deleted")
        .containsEntry("expectedAt", "2026-06-01T02:00:00Z");
  }

  @Test
  void the_first_settings_expect_nothing_before_they_were_seen() {
    alive(0, 400);
    told.add(scheduled("1", 305, HOURLY));
    told.add(runs("1", 360.1));

    assertThat(result().findings()).isEmpty();
  }

  @Test
  void a_time_at_which_the_workspace_was_not_heard_is_not_known() {
    alive(0, 110);
    alive(400, 500);
    told.add(scheduled("1", 1, HOURLY));
    told.add(runs("1", 60.1));
    told.add(runs("1", 480.1));

    assertThat(result().findings())
        .as("at 7 it was heard again, and nothing started")
        .extracting(Finding::getOccurredAt)
        .containsExactly(instant(420));
  }

  @Test
  void what_was_kept_back_in_a_silence_is_judged_as_if_it_had_come_in_time() {
    told.add(scheduled("1", 1, HOURLY));
    alive(0, 110);
    told.add(runs("1", 60.1));
    List<Message> messages = new ArrayList<>(Disorder.inOrder(told));
    for (int minute = 110; minute < 480; minute++) {
      messages.add(elsewhere(minute));
    }
    // Just before 8:00 it is heard again, then comes what was kept back: 4:00 was missed.
    messages.add(heartbeat(479.2));
    messages.add(runs("1", 120.1));
    messages.add(runs("1", 180.1));
    for (int minute = 110; minute < 480; minute++) {
      messages.add(heartbeat(minute));
    }
    messages.add(runs("1", 300.1));
    messages.add(runs("1", 360.1));
    messages.add(runs("1", 420.1));
    messages.add(runs("1", 480.1));
    for (int minute = 480; minute < 520; minute++) {
      messages.add(heartbeat(minute));
    }

    assertThat(JobRecords.harness().withoutJump().run(messages).findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.getOccurredAt()).isEqualTo(instant(240));
              assertThat(finding.getStatus()).isEqualTo(FindingStatus.RAISED);
            });
  }

  @Test
  void a_silence_of_minutes_is_one_too() {
    told.add(scheduled("1", 1, HOURLY));
    alive(0, 62);
    for (int minute = 0; minute <= 95; minute++) {
      told.add(elsewhere(minute));
    }
    List<Message> messages = new ArrayList<>(Disorder.inOrder(told));
    // The last that was heard is two minutes after the expected time; the rest was kept back.
    messages.add(heartbeat(94.6));
    for (int minute = 62; minute < 110; minute++) {
      messages.add(heartbeat(minute));
    }

    assertThat(JobRecords.harness().withoutJump().run(messages).findings())
        .extracting(Finding::getOccurredAt)
        .containsExactly(instant(60));
  }

  @Test
  void an_expression_that_cannot_be_read_is_audited_once() {
    alive(0, 100);
    told.add(scheduled("1", 1, "every hour"));
    told.add(paused("1", 20, "every hour"));
    told.add(scheduled("1", 30, "every hour"));

    Result result = result();

    assertThat(result.findings()).isEmpty();
    assertThat(result.of(Output.Noted.class))
        .singleElement()
        .satisfies(
            noted -> {
              assertThat(noted.entry().getAction()).isEqualTo("READ_SCHEDULE");
              assertThat(noted.entry().getWhy())
                  .startsWith(
                      "the schedule \"every hour\" in the time zone \"UTC\" cannot be read");
            });
  }

  @Test
  void in_the_end_nothing_is_left_of_a_job_that_is_not_heard_of() {
    alive(0, 100);
    told.add(scheduled("1", 1, HOURLY));
    told.add(runs("1", 60.1));
    told.add(scheduled("2", 1, "0 0 0 1 1 ?"));
    told.add(paused("3", 1, HOURLY));
    told.add(runs("4", 60.1));
    told.add(deleted("5", 60));

    assertThat(result().keys()).isZero();
  }

  private void alive(int from, int to) {
    for (int minute = from; minute < to; minute++) {
      told.add(heartbeat(minute));
    }
  }

  private Result result() {
    return JobRecords.harness().run(Disorder.inOrder(told));
  }

  private Result untilTheLast() {
    return JobRecords.harness().withoutJump().run(Disorder.inOrder(told));
  }

  private Finding theOnly(FindingStatus status) {
    List<Finding> findings = result().findings();
    assertThat(findings).hasSize(1);
    assertThat(findings.get(0).getStatus()).isEqualTo(status);
    return findings.get(0);
  }
}
