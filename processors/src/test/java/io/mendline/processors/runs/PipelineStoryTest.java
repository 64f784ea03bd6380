package io.mendline.processors.runs;

import static io.mendline.processors.runs.Told.harness;
import static io.mendline.processors.runs.Told.instant;
import static io.mendline.processors.runs.Told.run;
import static io.mendline.processors.runs.Told.signal;
import static io.mendline.serdes.telemetry.RunState.Outcome.CANCELLED;
import static io.mendline.serdes.telemetry.RunState.Outcome.FAILED;
import static io.mendline.serdes.telemetry.RunState.Outcome.RUNNING;
import static io.mendline.serdes.telemetry.RunState.Outcome.SUCCESS;
import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.pipeline.DetectorHarness.Result;
import io.mendline.processors.pipeline.Disorder;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Source;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.FindingStatus;
import io.mendline.schemas.ResourceType;
import io.mendline.serdes.telemetry.RunState;
import io.mendline.serdes.telemetry.RunState.Outcome;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Updates of a declarative pipeline. */
class PipelineStoryTest {
  private static final String HEAP = "java.lang.OutOfMemoryError: Java heap space";
  private static final Message LATER = event("u-9", "05:00:00", RUNNING, null);

  /** An update fails in a flow, its retry fails too, and a third one completes. */
  private static final List<Message> STORY =
      List.of(
          event("u-1", "02:00:00", RUNNING, null),
          signal(of("u-1", "02:14:50", FAILED).task(null, "bronze").message(Told.MISSING_TABLE)),
          event("u-1", "02:15:00", FAILED, "Update u-1 is FAILED."),
          update("u-1", "02:15:20", FAILED, "USER_ACTION"),
          event("u-2", "02:16:00", RUNNING, null),
          event("u-2", "02:25:00", FAILED, HEAP),
          update("u-2", "02:25:40", FAILED, "RETRY_ON_FAILURE"),
          event("u-3", "02:40:00", SUCCESS, null),
          update("u-3", "02:40:30", SUCCESS, "API_CALL"),
          LATER);

  @Test
  void eachUpdateThatFailedIsFoundOnceAndALaterOneThatCompletesClearsThem() {
    Result result = harness().run(STORY);

    assertThat(result.findings()).hasSize(2);
    Finding first = finding(result, "u-1");
    assertThat(first.getKind()).isEqualTo(FindingKind.RUN_FAILED);
    assertThat(first.getStatus()).isEqualTo(FindingStatus.CLEARED);
    assertThat(first.getResource().getType()).isEqualTo(ResourceType.DATABRICKS_PIPELINE);
    assertThat(first.getResource().getId()).isEqualTo(Told.WORKSPACE + "/p-1");
    assertThat(first.getOccurredAt()).isEqualTo(instant("02:15:00"));
    assertThat(first.getRootCause().getKey()).isEqualTo("spark/TABLE_OR_VIEW_NOT_FOUND");
    assertThat(first.getSummary()).startsWith("Orders failed: ");
    assertThat(first.getAttributes())
        .containsEntry("pipelineId", "p-1")
        .containsEntry("taskKey", "bronze")
        .containsEntry("updateCause", "USER_ACTION")
        .doesNotContainKey("toldBy");
    assertThat(finding(result, "u-2").getAttributes())
        .containsEntry("updateCause", "RETRY_ON_FAILURE");
    assertThat(finding(result, "u-2").getStatus()).isEqualTo(FindingStatus.CLEARED);
    assertThat(
            result.settled().stream()
                .map(
                    settled ->
                        settled.finding().getAttributes().get("runId")
                            + " "
                            + settled.finding().getStatus()
                            + " "
                            + settled.finding().getAttributes().get("failedInRow")))
        .containsExactlyInAnyOrder(
            "u-1 RAISED 1", "u-2 RAISED 2", "u-1 CLEARED null", "u-2 CLEARED null");
    assertThat(result.keys()).isZero();
  }

  @Property(tries = 100)
  void orderAndRepetitionChangeNothing(@ForAll long seed) {
    assertThat(
            harness().run(Disorder.of(STORY, Source.RUNS.defaultLateness(), 0.3, seed)).canonical())
        .isEqualTo(harness().run(STORY).canonical());
  }

  @Test
  void aSuccessBeforeTheFailureClearsNothing() {
    Result result =
        harness()
            .run(
                List.of(
                    event("u-1", "02:00:00", SUCCESS, null),
                    event("u-2", "02:25:00", FAILED, HEAP),
                    LATER));

    assertThat(result.findings())
        .extracting(Finding::getStatus)
        .containsExactly(FindingStatus.RAISED);
  }

  @Test
  void aSuccessWithinTheMinuteOfEvidenceClearsAfterTheFailureWasSettled() {
    Result result =
        harness()
            .run(
                List.of(
                    event("u-1", "02:25:00", FAILED, HEAP),
                    event("u-2", "02:25:30", SUCCESS, null),
                    LATER));

    assertThat(result.settled())
        .extracting(settled -> settled.finding().getStatus())
        .containsExactly(FindingStatus.RAISED, FindingStatus.CLEARED);
  }

  @Test
  void whereOnlyTheUpdateIsToldOfNothingSaysWhy() {
    Result result = harness().run(List.of(update("u-1", "02:25:00", FAILED, "JOB_TASK"), LATER));

    assertThat(result.findings().get(0).getAttributes()).containsKey("toldBy");
  }

  @Test
  void whatAPersonCancelledIsNoFailure() {
    assertThat(harness().run(List.of(event("u-1", "02:25:00", CANCELLED, null), LATER)).outputs())
        .isEmpty();
  }

  private static Finding finding(Result result, String update) {
    return result.findings().stream()
        .filter(finding -> finding.getAttributes().get("runId").equals(update))
        .findFirst()
        .orElseThrow();
  }

  private static Message event(String update, String time, Outcome outcome, String message) {
    return signal(of(update, time, outcome).message(message));
  }

  private static Message update(String update, String time, Outcome outcome, String cause) {
    return signal(of(update, time, outcome).trigger(cause).source(RunState.Source.PIPELINE));
  }

  private static RunState.Builder of(String update, String time, Outcome outcome) {
    return run(update, time, outcome)
        .jobId("p-1")
        .jobName("Orders")
        .ran(RunState.ABSENT, RunState.ABSENT)
        .state(outcome.name(), null, outcome)
        .source(RunState.Source.PIPELINE_EVENT);
  }
}
