package io.mendline.processors.runs;

import static io.mendline.processors.runs.JobRecords.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.CutBytes;
import io.mendline.processors.pipeline.DetectorHarness.Result;
import io.mendline.processors.pipeline.Disorder;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Output;
import io.mendline.processors.pipeline.Payload;
import io.mendline.processors.pipeline.Signal;
import io.mendline.processors.policy.Policies;
import io.mendline.processors.policy.PolicyBook;
import io.mendline.schemas.Finding;
import io.mendline.schemas.Severity;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import io.mendline.serdes.telemetry.JobMakeup;
import io.mendline.serdes.telemetry.JobSettings;
import io.mendline.serdes.telemetry.JobSettings.Scope;
import io.mendline.serdes.telemetry.JobSettings.Start;
import io.mendline.serdes.telemetry.RunState;
import io.mendline.serdes.telemetry.RunState.Outcome;
import io.mendline.serdes.telemetry.Safeguards;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class MissedRunEdgesTest {
  private final List<Message> told = new ArrayList<>();

  /** Expected at 60 and 120; the minute of a start, what started it, and whether 60 is missed. */
  @ParameterizedTest
  @CsvSource({
    "54.9, PERIODIC, true",
    "55.0, PERIODIC, false",
    "60.0, PERIODIC, false",
    "70.0, PERIODIC, false",
    "74.9, PERIODIC, false",
    "60.0, periodic, false",
    "60.0, cron, false",
    "60.0, , false",
    "60.0, ONE_TIME, true",
    "60.0, RUN_JOB_TASK, true",
    "60.0, RETRY, true",
    "60.0, FILE_ARRIVAL, true",
    "60.0, manual, true",
  })
  void a_start_counts_by_its_time_and_by_what_started_it(
      double minute, String trigger, boolean missed) {
    alive(0, 100);
    told.add(JobRecords.scheduled("1", 1, JobRecords.HOURLY));
    told.add(
        JobRecords.signal(JobRecords.run("1", minute, Outcome.RUNNING).trigger(trigger).build()));

    assertThat(expected()).isEqualTo(missed ? List.of(60) : List.of());
  }

  @ParameterizedTest
  @EnumSource(Outcome.class)
  void however_a_run_goes_it_was_started(Outcome outcome) {
    alive(0, 100);
    told.add(JobRecords.scheduled("1", 1, JobRecords.HOURLY));
    told.add(JobRecords.signal(JobRecords.run("1", 60.2, outcome).build()));

    assertThat(expected()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"runTriggered, RUNNING, true", "repairRun, RUNNING, false", "cancel, RUNNING, false"})
  void of_the_audit_log_it_counts_what_is_a_start(String action, Outcome outcome, boolean counts) {
    alive(0, 100);
    told.add(JobRecords.scheduled("1", 1, JobRecords.HOURLY));
    told.add(
        JobRecords.signal(
            JobRecords.run("1", 60.2, outcome)
                .source(RunState.Source.AUDIT)
                .state(action, null, outcome)
                .ran(RunState.ABSENT, RunState.ABSENT)
                .build()));

    assertThat(expected()).hasSize(counts ? 0 : 1);
  }

  @Test
  void of_a_schedule_that_is_denser_than_the_grace_each_run_counts_once() {
    alive(0, 60);
    told.add(JobRecords.scheduled("1", 1, "0 0/5 * * * ?"));
    for (int minute = 5; minute < 60; minute += 5) {
      if (minute != 20) {
        told.add(JobRecords.runs("1", minute + 0.1));
      }
    }

    assertThat(expected()).containsExactly(20);
  }

  @Test
  void slices_of_a_long_run_are_no_starts() {
    alive(0, 200);
    told.add(JobRecords.scheduled("1", 1, JobRecords.HOURLY));
    for (double slice : new double[] {60.1, 120, 180}) {
      told.add(
          JobRecords.signal(
              JobRecords.run("1", 60.1, Outcome.RUNNING)
                  .source(RunState.Source.SYSTEM_TABLE)
                  .time(at(slice + 10))
                  .ran(at(slice), RunState.ABSENT)
                  .build()));
    }

    assertThat(expected()).contains(120);
  }

  @ParameterizedTest
  @EnumSource(
      value = Start.class,
      names = {"OTHER", "UNTOLD"})
  void what_no_schedule_starts_is_not_expected(Start start) {
    alive(0, 300);
    told.add(JobRecords.settings("1", 1, Scope.WHOLE, start, null, false));

    assertThat(expected()).isEmpty();
  }

  @Test
  void a_change_of_something_else_leaves_the_schedule_alone() {
    alive(0, 100);
    told.add(JobRecords.scheduled("1", 1, JobRecords.HOURLY));
    told.add(JobRecords.settings("1", 65, Scope.PART, Start.UNTOLD, null, false));
    told.add(JobRecords.scheduled("1", 66, JobRecords.HOURLY));

    assertThat(expected()).containsExactly(60);
  }

  @Test
  void settings_that_are_told_in_the_wrong_order_hold_from_their_own_time() {
    alive(0, 200);
    told.add(JobRecords.paused("1", 100, JobRecords.HOURLY));
    List<Message> messages = new ArrayList<>(Disorder.inOrder(told));
    messages.add(101, JobRecords.scheduled("1", 99.5, JobRecords.HOURLY));

    assertThat(JobRecords.harness().run(messages).findings()).isEmpty();
  }

  @Test
  void the_grace_is_the_policys() {
    alive(0, 130);
    told.add(JobRecords.scheduled("1", 1, JobRecords.HOURLY));
    told.add(JobRecords.runs("1", 90));
    PolicyBook policies = new PolicyBook();
    policies.put(Policies.parse("p", "runs: {grace: PT40M}".getBytes(StandardCharsets.UTF_8)));

    assertThat(expected()).containsExactly(60);
    assertThat(JobRecords.harness().policies(policies).run(Disorder.inOrder(told)).findings())
        .isEmpty();
  }

  /** Expected once, at 06:30Z, when clocks in New York show 01:30 for the second time. */
  @ParameterizedTest
  @CsvSource({
    "2026-11-01T05:30:02Z, false",
    "2026-11-01T06:30:02Z, false",
    "2026-11-01T05:20:00Z, true",
  })
  void of_an_hour_that_comes_twice_a_run_may_be_in_either(Instant start, boolean missed) {
    Instant expected = Instant.parse("2026-11-01T06:30:00Z");
    double base = minute(expected);
    alive((int) base - 90, (int) base + 40);
    told.add(
        JobRecords.signal(
            new JobSettings(
                at(base - 80),
                JobRecords.WORKSPACE,
                "1",
                Scope.WHOLE,
                Start.SCHEDULE,
                "0 30 1 * * ?",
                "America/New_York",
                false,
                null,
                "qa-2",
                null,
                Safeguards.UNTOLD,
                JobMakeup.UNTOLD,
                RunState.Source.AUDIT)));
    told.add(JobRecords.runs("1", minute(start)));

    List<Finding> findings = result().findings();
    assertThat(findings).hasSize(missed ? 1 : 0);
    if (missed) {
      assertThat(findings.get(0).getOccurredAt()).isEqualTo(expected);
      assertThat(findings.get(0).getSeverity()).isEqualTo(Severity.MEDIUM);
      assertThat(findings.get(0).getSummary()).startsWith("Job 7700/1 was expected");
    }
  }

  @Test
  void the_bound_of_what_is_told_of_runs_is_audited() {
    alive(0, 59);
    told.add(JobRecords.scheduled("1", 1, "0 0 0 1 1 ?"));
    for (int i = 0; i <= MissedRunDetector.MAX_STARTED + 1; i++) {
      told.add(JobRecords.runs("1", 30 + i * 0.001));
    }

    assertThat(result().of(Output.Noted.class))
        .extracting(noted -> noted.entry().getDetail().get("dropped"))
        .containsExactly("1", "2");
  }

  @Test
  void a_state_comes_back_from_its_bytes_and_cut_bytes_are_refused() {
    Expectation state = new Expectation();
    ExpectationCodec codec = new ExpectationCodec();
    JobPlan plan =
        JobPlan.of(
            new JobSettings(
                at(1),
                "w",
                "1",
                Scope.WHOLE,
                Start.SCHEDULE,
                "0 0 * * * ?",
                "Europe/Berlin",
                false,
                "nightly load",
                null,
                null,
                Safeguards.UNTOLD,
                JobMakeup.UNTOLD,
                RunState.Source.JOBS_API),
            new Coordinates("telemetry.runs", 3, 1_000_000));
    state.plan = plan;
    state.previous = at(60);
    state.next = at(120);
    state.following = at(180);
    state.lastStart = at(60);
    state.newest = at(61);
    state.add(StartedRun.of(JobRecords.run("1", 60, Outcome.RUNNING).build(), plan.at()));
    assertThat(bytes(codec, state)).hasSizeLessThan(200);

    state.add(
        JobPlan.of((JobSettings) record(JobRecords.paused("1", 100, "0 0 * * * ?")), plan.at()));
    state.unreadable.add(7L);
    state.missed.add(
        new MissedRun(
            new ExpectedRun(at(0), 1, 2, 3, 4), plan, at(15), 1, Expectation.NONE, at(0), 1));
    byte[] whole = bytes(codec, state);
    assertThat(bytes(codec, codec.read(new BinaryReader(whole)))).isEqualTo(whole);
    CutBytes.areRefused(codec, state);
  }

  private static byte[] bytes(ExpectationCodec codec, Expectation state) {
    BinaryWriter out = new BinaryWriter();
    codec.write(state, out);
    return out.toByteArray();
  }

  private static Object record(Message message) {
    return ((Payload.Observed) ((Signal) message).payload()).record();
  }

  private static double minute(Instant instant) {
    return (instant.toEpochMilli() - JobRecords.DAY.toEpochMilli()) / 60_000.0;
  }

  private void alive(int from, int to) {
    for (int minute = from; minute < to; minute++) {
      told.add(JobRecords.heartbeat(minute));
    }
  }

  private List<Integer> expected() {
    return result().findings().stream()
        .map(finding -> (int) minute(finding.getOccurredAt()))
        .toList();
  }

  private Result result() {
    return JobRecords.harness().run(Disorder.inOrder(told));
  }
}
