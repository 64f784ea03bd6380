package io.mendline.processors.runs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.mendline.processors.pipeline.DetectorHarness.Result;
import io.mendline.processors.pipeline.Message;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.FindingStatus;
import io.mendline.schemas.ResourceType;
import io.mendline.schemas.Severity;
import io.mendline.schemas.Transience;
import io.mendline.serdes.telemetry.JobSettings.Scope;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A job that nobody has prepared for trouble, until somebody does. */
class JobSafeguardsStoryTest {
  @Test
  void what_is_missing_is_found_once_and_cleared_when_it_is_set() {
    List<Message> told =
        List.of(
            JobChecked.told(0, Scope.WHOLE, "NNY", "nightly load", "BUNDLE"),
            JobChecked.told(1_440, Scope.WHOLE, "NNY", "nightly load", "BUNDLE"),
            JobChecked.told(2_880, Scope.WHOLE, "NYY", "nightly load", "BUNDLE"),
            JobChecked.part(3_000, "Y--"));

    Result result = JobChecked.harness().run(told);

    assertThat(result.found())
        .extracting(
            finding -> finding.getAttributes().get("check"),
            Finding::getStatus,
            Finding::getRevision)
        .containsExactly(
            tuple("job-retries", FindingStatus.RAISED, 1),
            tuple("job-timeout", FindingStatus.RAISED, 1),
            tuple("job-timeout", FindingStatus.CLEARED, 2),
            tuple("job-retries", FindingStatus.CLEARED, 2));
    Finding raised = result.found().get(1);
    assertThat(raised.getKind()).isEqualTo(FindingKind.CHECK_FAILED);
    assertThat(raised.getSeverity()).isEqualTo(Severity.LOW);
    assertThat(raised.getResource().getType()).isEqualTo(ResourceType.DATABRICKS_JOB);
    assertThat(raised.getResource().getId()).isEqualTo("7700/11");
    assertThat(raised.getOccurredAt()).isEqualTo(JobRecords.instant(0));
    assertThat(raised.getSummary()).isEqualTo("nightly load has no time-out");
    assertThat(raised.getAttributes())
        .containsEntry("status", "FAIL")
        .containsEntry("category", "configuration")
        .containsEntry("message", "it has no time-out")
        .containsEntry("builtIn", "true")
        .containsEntry("deployment", "BUNDLE")
        .containsEntry("jobId", "11")
        .containsEntry("jobName", "nightly load");
    Finding cleared = result.found().get(2);
    assertThat(cleared.getWindowEnd()).isEqualTo(JobRecords.instant(2_880));
    assertThat(cleared.getSummary()).isEqualTo("Check job-timeout of nightly load passes");
    assertThat(cleared.getAttributes()).containsEntry("clearedBecause", "set");
    assertThat(result.settled()).hasSize(4);
  }

  @Test
  void the_first_failure_that_a_retry_may_have_mended_makes_it_graver() {
    List<Message> told =
        List.of(
            JobChecked.failed(-5, "20", JobChecked.PASSING),
            JobChecked.all(0, "NYY"),
            JobChecked.failed(10, "21", JobChecked.LASTING),
            JobChecked.failed(20, "22", JobChecked.PASSING),
            JobChecked.failed(30, "23", JobChecked.PASSING),
            JobChecked.all(40, "YYY"));

    Result result = JobChecked.harness().run(told);

    assertThat(result.found())
        .extracting(Finding::getRevision, Finding::getSeverity, Finding::getStatus)
        .containsExactly(
            tuple(1, Severity.LOW, FindingStatus.RAISED),
            tuple(2, Severity.MEDIUM, FindingStatus.RAISED),
            tuple(3, Severity.MEDIUM, FindingStatus.CLEARED));
    assertThat(result.found().subList(1, 3))
        .allSatisfy(
            finding -> {
              assertThat(finding.getAttributes()).containsEntry("failedRunId", "22");
              assertThat(finding.getRootCause().getTransience()).isEqualTo(Transience.TRANSIENT);
            });
    assertThat(result.found().get(1).getSummary())
        .isEqualTo(
            "nightly load has no retries, and run 22 failed for a cause that passes by itself");
    assertThat(result.settled().get(1).at()).isEqualTo(JobRecords.at(20));
  }

  @Test
  void a_job_that_is_deleted_lacks_nothing_and_begins_anew_when_it_is_back() {
    List<Message> told =
        List.of(
            JobChecked.all(0, "YYN"),
            JobChecked.deleted(10),
            JobChecked.all(20, "YYN"),
            JobChecked.all(30, "YYN"));

    assertThat(JobChecked.harness().run(told).findings())
        .extracting(Finding::getStatus, finding -> finding.getAttributes().get("clearedBecause"))
        .containsExactly(
            tuple(FindingStatus.CLEARED, "deleted"), tuple(FindingStatus.RAISED, null));
  }
}
