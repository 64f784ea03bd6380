package io.mendline.processors.runs;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.CutBytes;
import io.mendline.processors.pipeline.DetectorHarness.Result;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Output;
import io.mendline.processors.policy.JobCheck;
import io.mendline.processors.policy.Policies;
import io.mendline.processors.policy.PolicyBook;
import io.mendline.processors.runs.JobSafeguards.Failure;
import io.mendline.processors.runs.JobSafeguards.Settings;
import io.mendline.processors.runs.JobSafeguards.Standing;
import io.mendline.schemas.Confidence;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingStatus;
import io.mendline.schemas.Severity;
import io.mendline.schemas.Transience;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import io.mendline.serdes.telemetry.JobSettings.Scope;
import io.mendline.serdes.telemetry.RunState;
import io.mendline.serdes.telemetry.RunState.Outcome;
import io.mendline.serdes.telemetry.Safeguards;
import io.mendline.serdes.telemetry.Safeguards.Told;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobSafeguardsEdgesTest {
  private static final double DAY = 24 * 60;

  /** Settings by minute, {@code *} before those that are a part; what then stands. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "YYY | ''",
        "NNN | job-failure-notification job-retries job-timeout",
        "*--- | ''",
        "*N-- | job-retries",
        "NYY *--- | job-retries",
        "NYY *-Y- | job-retries",
        "NYY *Y-- | ''",
        "YYY *-N- | job-timeout",
        "*-Y- *--N | job-failure-notification",
        // Of all settings of which something was cut no more is told than of a part.
        "NNY --- | job-retries job-timeout",
        "NYY YYY NYY | job-retries",
      })
  void the_last_settings_that_tell_of_it_count(String settings, String standing) {
    List<Message> told = new ArrayList<>();
    for (String each : settings.split(" ", -1)) {
      boolean part = each.startsWith("*");
      told.add(
          part
              ? JobChecked.part(told.size(), each.substring(1))
              : JobChecked.all(told.size(), each));
    }

    assertThat(standing(JobChecked.harness().run(told))).isEqualTo(standing);
  }

  /** At minute 10 a job without retries fails; whether that says that a retry would have helped. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "FAILED | CLOUD_FAILURE | true",
        "TIMED_OUT | CLOUD_FAILURE | true",
        "FAILED | INVALID_CLUSTER_REQUEST | false",
        "FAILED | UNAUTHORIZED_ERROR | false",
        "FAILED | USER_CANCELED | false",
        "CANCELLED | USER_CANCELED | false",
        "CANCELLED | CLOUD_FAILURE | true",
        "SUCCESS | SUCCESS | false",
        "SKIPPED | SKIPPED | false",
      })
  void a_failure_counts_that_is_one_and_passes(Outcome outcome, String code, boolean counts) {
    RunState run =
        JobChecked.failure(10, "22", code).state("TERMINATED", outcome.name(), outcome).build();

    Result result =
        JobChecked.harness().run(List.of(JobChecked.all(0, "NYY"), JobRecords.signal(run)));

    assertThat(result.findings())
        .singleElement()
        .extracting(Finding::getSeverity)
        .isEqualTo(counts ? Severity.MEDIUM : Severity.LOW);
  }

  @Test
  void the_failure_of_a_task_or_of_another_check_is_none_of_retries() {
    RunState task = JobChecked.failure(10, "22", JobChecked.PASSING).task("22-a", "a").build();

    assertThat(
            JobChecked.harness()
                .run(List.of(JobChecked.all(0, "NYY"), JobRecords.signal(task)))
                .found())
        .hasSize(1);
    assertThat(
            JobChecked.harness()
                .run(
                    List.of(
                        JobChecked.all(0, "YNN"), JobChecked.failed(10, "22", JobChecked.PASSING)))
                .found())
        .hasSize(2);
  }

  @Test
  void failures_of_a_job_whose_settings_nobody_tells_leave_nothing_behind() {
    Result result =
        JobChecked.harness()
            .withoutJump()
            .run(
                List.of(
                    JobChecked.failed(0, "20", JobChecked.PASSING),
                    JobChecked.failed(1, "21", JobChecked.LASTING),
                    JobChecked.part(20, "---"),
                    JobRecords.scheduled("12", 30, JobRecords.HOURLY)));

    assertThat(result.found()).isEmpty();
    assertThat(result.keys()).isEqualTo(2);
    assertThat(
            JobChecked.harness()
                .run(List.of(JobChecked.failed(0, "20", JobChecked.PASSING)))
                .keys())
        .isZero();
  }

  @Test
  void only_the_checks_of_the_policy_are_made_and_one_that_it_drops_is_cleared() {
    PolicyBook policies = new PolicyBook();
    policies.put(
        Policies.parse("one", "runs: {checks: [job-timeout]}".getBytes(StandardCharsets.UTF_8)));
    List<Message> told = List.of(JobChecked.all(0, "NNN"), JobChecked.all(DAY, "NNN"));

    assertThat(standing(JobChecked.harness().policies(policies).run(told)))
        .isEqualTo("job-timeout");

    policies.put(
        Policies.parse(
            "one",
            "{effectiveAt: '2026-06-01T12:00:00Z', runs: {checks: []}}"
                .getBytes(StandardCharsets.UTF_8)));
    assertThat(JobChecked.harness().policies(policies).run(told).findings())
        .singleElement()
        .satisfies(
            finding ->
                assertThat(finding.getAttributes())
                    .containsEntry("clearedBecause", "not-asked-for"));
  }

  @Test
  void of_one_instant_all_settings_are_one() {
    Result result =
        JobChecked.harness()
            .watermarkEvery(3)
            .run(List.of(JobChecked.all(0, "NYY"), JobChecked.part(0, "Y--")));

    assertThat(result.found()).isEmpty();
  }

  @Test
  void what_comes_late_clears_and_enriches_but_raises_nothing() {
    List<Message> told =
        List.of(
            JobChecked.all(0, "NNY"),
            JobRecords.scheduled("12", 100, JobRecords.HOURLY),
            JobChecked.failed(-10, "21", JobChecked.PASSING),
            JobChecked.failed(10, "22", JobChecked.PASSING),
            JobChecked.all(50, "NYN"),
            JobChecked.all(40, "YNN"));

    Result late = JobChecked.harness().run(told);

    assertThat(standing(late)).isEqualTo("job-retries");
    assertThat(late.findings())
        .filteredOn(finding -> finding.getSeverity() == Severity.MEDIUM)
        .singleElement()
        .satisfies(
            finding -> assertThat(finding.getAttributes()).containsEntry("failedRunId", "22"));

    List<Message> toldAgain = new ArrayList<>(told);
    toldAgain.add(JobChecked.all(DAY, "NYN"));
    assertThat(standing(JobChecked.harness().run(toldAgain)))
        .as("when it is told again in time")
        .isEqualTo("job-failure-notification job-retries");
  }

  @Test
  void a_job_of_which_nothing_is_told_is_forgotten_after_35_days() {
    double gone = 35 * DAY;

    assertThat(
            JobChecked.harness()
                .run(List.of(JobChecked.all(0, "NYY"), JobChecked.all(gone - 1, "NYY")))
                .found())
        .hasSize(1);
    assertThat(
            JobChecked.harness()
                .run(List.of(JobChecked.all(0, "NYY"), JobChecked.all(gone, "NYY")))
                .findings())
        .hasSize(2);
    assertThat(JobChecked.harness().run(List.of(JobChecked.all(0, "NYY"))).keys()).isZero();
  }

  @Test
  void many_failures_wait_without_harm_and_too_many_settings_are_audited() {
    List<Message> failures = new ArrayList<>();
    failures.add(JobChecked.all(0, "NYY"));
    for (int i = 1; i <= 1_000; i++) {
      failures.add(JobChecked.failed(i, "run-" + i, JobChecked.PASSING));
    }
    Result result = JobChecked.harness().watermarkEvery(2_000).run(failures);

    assertThat(result.of(Output.Noted.class)).isEmpty();
    assertThat(result.largestEntry()).isLessThan(4_000);
    assertThat(result.findings())
        .singleElement()
        .satisfies(
            finding -> assertThat(finding.getAttributes()).containsEntry("failedRunId", "run-1"));

    List<Message> settings = new ArrayList<>();
    for (int i = 0; i < JobSafeguardsDetector.MAX_WAITING + 5; i++) {
      settings.add(JobChecked.all(i, "NYY"));
    }
    Result early = JobChecked.harness().watermarkEvery(2_000).run(settings);
    assertThat(early.findings()).hasSize(1);
    assertThat(early.of(Output.Noted.class))
        .extracting(noted -> noted.entry().getDetail().get("judgedEarly"))
        .containsExactly("1", "2", "4");
  }

  @Test
  void a_state_comes_back_from_its_bytes_and_cut_bytes_are_refused() {
    Coordinates at = new Coordinates("telemetry.runs", 3, 1_000_000);
    Cause cause =
        new Cause("k", "platform", Transience.TRANSIENT, "A node was lost", null, Confidence.HIGH);
    Failure failure = new Failure(JobRecords.at(10), 7, "22", cause, at);
    JobSafeguards state = new JobSafeguards();
    state.known = new Safeguards(Told.NO, Told.YES, Told.UNTOLD);
    state.name = "nightly load";
    state.deployment = "BUNDLE";
    state.settingsAt = JobRecords.at(0);
    state.newest = JobRecords.at(10);
    state.early = 3;
    state.standing.put(JobCheck.RETRIES, new Standing(JobRecords.at(0), at, 2, failure));
    state.standing.put(JobCheck.TIMEOUT, new Standing(JobRecords.at(1), at, 1, null));
    state.add(Settings.of(JobChecked.settings(20, Scope.PART, "-Y-", null, null), 8, at));
    state.add(new Failure(JobRecords.at(30), 9, "23", cause, at));
    JobSafeguardsCodec codec = new JobSafeguardsCodec();

    byte[] bytes = bytes(state);
    JobSafeguards back = codec.read(new BinaryReader(bytes));

    assertThat(back).usingRecursiveComparison().isEqualTo(state);
    assertThat(bytes(back)).isEqualTo(bytes);
    CutBytes.areRefused(codec, state);
  }

  private static byte[] bytes(JobSafeguards state) {
    BinaryWriter out = new BinaryWriter();
    new JobSafeguardsCodec().write(state, out);
    return out.toByteArray();
  }

  private static String standing(Result result) {
    return result.findings().stream()
        .filter(finding -> finding.getStatus() == FindingStatus.RAISED)
        .map(finding -> finding.getAttributes().get("check"))
        .sorted()
        .collect(Collectors.joining(" "));
  }
}
