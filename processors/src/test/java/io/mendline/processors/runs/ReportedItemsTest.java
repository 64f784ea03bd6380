package io.mendline.processors.runs;

import static io.mendline.processors.runs.Told.harness;
import static io.mendline.processors.runs.Told.instant;
import static io.mendline.processors.runs.Told.job;
import static io.mendline.processors.runs.Told.run;
import static io.mendline.processors.runs.Told.signal;
import static io.mendline.serdes.telemetry.RunState.Outcome.FAILED;
import static io.mendline.serdes.telemetry.RunState.Outcome.RUNNING;
import static io.mendline.serdes.telemetry.RunState.Outcome.SUCCESS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.pipeline.DetectorHarness;
import io.mendline.processors.pipeline.DetectorHarness.Result;
import io.mendline.processors.pipeline.Disorder;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.policy.Policies;
import io.mendline.processors.policy.PolicyBook;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.FindingStatus;
import io.mendline.schemas.Severity;
import io.mendline.serdes.telemetry.RunItems;
import io.mendline.serdes.telemetry.RunState;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs that report how many of their items went well. */
class ReportedItemsTest {
  private static final Message LATER = job("9", "03:30:00", RUNNING);

  @Test
  void aRunOfWhoseItemsAFewFailedIsDegraded() {
    Result result =
        harness()
            .run(
                List.of(
                    report("02:14:00", "load", items(20, 18, "orders", "sales")),
                    job("1", "02:15:00", SUCCESS),
                    job("1", "02:15:02", SUCCESS),
                    LATER));

    assertThat(result.findings()).hasSize(1);
    Finding finding = result.findings().get(0);
    assertThat(finding.getKind()).isEqualTo(FindingKind.RUN_DEGRADED);
    assertThat(finding.getStatus()).isEqualTo(FindingStatus.RAISED);
    assertThat(finding.getSeverity()).isEqualTo(Severity.LOW);
    assertThat(finding.getOccurredAt()).isEqualTo(instant("02:14:00"));
    assertThat(finding.getSummary()).isEqualTo("nightly load: 2 of 20 items failed");
    assertThat(finding.getAttributes())
        .containsEntry("itemsTotal", "20")
        .containsEntry("itemsSucceeded", "18")
        .containsEntry("itemsFailed", "orders, sales")
        .containsEntry("judgedBy", "ITEMS")
        .containsEntry("taskKey", "load");
  }

  @ParameterizedTest
  @CsvSource({"20, 17, ITEMS", "0, 0, EXIT", "9, 3, ITEMS"})
  void aRunThatEndedWellButReportsTooManyFailedHasFailed(int total, int succeeded, String by) {
    Result result =
        harness()
            .run(
                List.of(
                    signal(
                        run("1", "02:14:00", SUCCESS)
                            .task("81", "load")
                            .message(Told.MISSING_TABLE)
                            .items(new RunItems(total, succeeded, List.of(), true, false))),
                    job("1", "02:15:00", SUCCESS),
                    LATER));

    assertThat(result.findings()).hasSize(1);
    Finding finding = result.findings().get(0);
    assertThat(finding.getKind()).isEqualTo(FindingKind.RUN_FAILED);
    assertThat(finding.getStatus()).isEqualTo(FindingStatus.RAISED);
    assertThat(finding.getRootCause().getKey()).isEqualTo("spark/TABLE_OR_VIEW_NOT_FOUND");
    assertThat(finding.getAttributes())
        .containsEntry("judgedBy", by)
        .containsEntry("taskKey", "load");
    assertThat(result.settled()).hasSize(1);
  }

  @Test
  void aReportOfTheRunItselfCountsToo() {
    Result result =
        harness().run(List.of(signal(run("1", "02:15:00", SUCCESS).items(items(20, 2))), LATER));

    assertThat(result.findings())
        .extracting(Finding::getKind)
        .containsExactly(FindingKind.RUN_FAILED);
  }

  @Test
  void allWentWell() {
    assertThat(
            harness()
                .run(
                    List.of(
                        report("02:14:00", "load", items(20, 20)),
                        job("1", "02:15:00", SUCCESS),
                        LATER))
                .outputs())
        .isEmpty();
  }

  @Test
  void theWorstTaskCountsAndOfEachTheLastReport() {
    List<Message> told =
        List.of(
            report("02:10:00", "a", items(20, 2)),
            report("02:12:00", "a", items(20, 20)),
            report("02:13:00", "b", items(20, 19)),
            job("1", "02:15:00", SUCCESS),
            LATER);

    assertThat(harness().run(told).findings())
        .extracting(Finding::getKind)
        .containsExactly(FindingKind.RUN_DEGRADED);
  }

  @Test
  void whatIsRunAgainAndGoesWellClears() {
    Result result =
        harness()
            .run(
                List.of(
                    report("02:14:00", "load", items(20, 18)),
                    job("1", "02:15:00", SUCCESS),
                    report("02:40:00", "load", items(20, 20)),
                    job("1", "02:41:00", SUCCESS),
                    LATER));

    assertThat(result.findings())
        .extracting(Finding::getStatus)
        .containsExactly(FindingStatus.CLEARED);
    assertThat(result.keys()).isZero();
  }

  @Property(tries = 150)
  void orderAndRepetitionChangeNothing(@ForAll long seed) {
    List<Message> told =
        List.of(
            report("02:14:00", "load", items(20, 2)),
            report("02:14:20", "report", items(20, 19)),
            job("1", "02:14:30", SUCCESS),
            signal(run("1", "02:14:32", SUCCESS).source(RunState.Source.AUDIT)),
            report("02:15:00", "load", items(20, 19)),
            job("1", "02:15:10", SUCCESS),
            report("02:15:40", "report", items(20, 20)),
            report("02:15:41", "load", items(20, 20)),
            job("1", "02:15:45", SUCCESS),
            LATER);

    assertThat(
            harness().run(Disorder.of(told, Source.RUNS.defaultLateness(), 0.3, seed)).canonical())
        .isEqualTo(harness().run(told).canonical());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void whereTasksCountAsItemsARunOfWhichMostSucceededIsDegradedWhoeverTellsOfIt(long seed) {
    List<Message> told =
        List.of(
            signal(run("1", "02:14:00", FAILED).task("81", "load").message(Told.MISSING_MODULE)),
            signal(run("1", "02:15:00", FAILED).items(tasks(20, 19))),
            signal(run("1", "02:15:02", FAILED).source(RunState.Source.AUDIT)),
            LATER);

    Result counted = asItems().run(Disorder.of(told, Source.RUNS.defaultLateness(), 0.3, seed));
    Result usual = harness().run(told);

    assertThat(counted.findings())
        .extracting(Finding::getKind)
        .containsExactly(FindingKind.RUN_DEGRADED);
    assertThat(counted.findings().get(0).getSummary())
        .isEqualTo("nightly load: 1 of 20 tasks failed");
    assertThat(usual.findings())
        .extracting(Finding::getKind)
        .containsExactly(FindingKind.RUN_FAILED);
  }

  @Test
  void whereTasksCountAsItemsTooManyThatFailedAreAFailureAllTheSame() {
    Result result =
        asItems().run(List.of(signal(run("1", "02:15:00", FAILED).items(tasks(20, 10))), LATER));

    assertThat(result.findings())
        .extracting(Finding::getKind)
        .containsExactly(FindingKind.RUN_FAILED);
    assertThat(result.findings().get(0).getAttributes()).doesNotContainKey("judgedBy");
  }

  private static DetectorHarness<JobRuns> asItems() {
    PolicyBook policies = new PolicyBook();
    policies.put(Policies.parse("test", "runs: {tasksAsItems: true}".getBytes(UTF_8)));
    return harness().policies(policies);
  }

  private static Message report(String time, String task, RunItems items) {
    return signal(run("1", time, SUCCESS).task("8-" + task + time, task).items(items));
  }

  private static RunItems items(int total, int succeeded, String... failed) {
    return new RunItems(total, succeeded, List.of(failed), false, false);
  }

  private static RunItems tasks(int total, int succeeded) {
    return new RunItems(total, succeeded, List.of("load"), false, true);
  }
}
