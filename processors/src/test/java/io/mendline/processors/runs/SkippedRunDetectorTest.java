package io.mendline.processors.runs;

import static io.mendline.processors.runs.Told.instant;
import static io.mendline.processors.runs.Told.run;
import static io.mendline.processors.runs.Told.signal;
import static io.mendline.serdes.telemetry.RunState.Outcome.CANCELLED;
import static io.mendline.serdes.telemetry.RunState.Outcome.FAILED;
import static io.mendline.serdes.telemetry.RunState.Outcome.RUNNING;
import static io.mendline.serdes.telemetry.RunState.Outcome.SKIPPED;
import static io.mendline.serdes.telemetry.RunState.Outcome.SUCCESS;
import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.cause.CauseCatalogue;
import io.mendline.processors.cause.RootCauseClassifier;
import io.mendline.processors.pipeline.DetectorHarness;
import io.mendline.processors.pipeline.DetectorHarness.Result;
import io.mendline.processors.pipeline.Disorder;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Source;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.FindingStatus;
import io.mendline.schemas.Severity;
import io.mendline.serdes.telemetry.DecodedSink;
import io.mendline.serdes.telemetry.RunDecoder;
import io.mendline.serdes.telemetry.RunState;
import io.mendline.serdes.telemetry.RunState.Outcome;
import io.mendline.serdes.telemetry.TelemetryRecord;
import io.mendline.serdes.text.Redactor;
import java.nio.charset.StandardCharsets;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SkippedRunDetectorTest {
  private static final RootCauseClassifier CLASSIFIER =
      new RootCauseClassifier(CauseCatalogue.bundled());

  @Test
  void aRunIsSkippedWhileAnotherTakesTooLongAndTheNextOneSucceeds() {
    List<Message> told = new ArrayList<>();
    told.add(started("1", "02:00:00"));
    told.add(skipped("2", "03:00:00"));
    // The one that was in the way is no proof that the next one will start.
    told.add(succeeded("1", "02:00:00", "03:30:00"));
    told.add(succeeded("3", "04:00:00", "04:40:00"));

    Result result = harness().run(told);

    assertThat(result.found())
        .extracting(Finding::getStatus)
        .containsExactly(FindingStatus.RAISED, FindingStatus.CLEARED);
    Finding raised = result.found().get(0);
    assertThat(raised.getKind()).isEqualTo(FindingKind.RUN_SKIPPED);
    assertThat(raised.getOccurredAt()).isEqualTo(instant("03:00:00"));
    assertThat(raised.getSeverity()).isEqualTo(Severity.LOW);
    assertThat(raised.getSummary())
        .isEqualTo("nightly load was not started: it was running as often as it may");
    assertThat(raised.getRootCause().getKey()).isEqualTo("databricks/MAX_CONCURRENT_RUNS_EXCEEDED");
    assertThat(raised.getAttributes())
        .containsEntry("runId", "2")
        .containsEntry("limit", "MAX_CONCURRENT_RUNS")
        .containsEntry("jobName", "nightly load");
    assertThat(result.settled())
        .extracting(settled -> Instant.ofEpochMilli(settled.at()))
        .containsExactly(instant("03:00:00"), instant("04:40:00"));
    assertThat(result.keys()).isZero();
  }

  @Test
  void threeScheduledRunsInARowWeighMore() {
    List<Message> told =
        List.of(
            skipped("1", "02:00:00"),
            skipped("2", "03:00:00"),
            skipped("3", "04:00:00"),
            skipped("4", "05:00:00"));

    assertThat(harness().run(told).findings())
        .extracting(Finding::getSeverity)
        .containsExactly(Severity.LOW, Severity.LOW, Severity.MEDIUM, Severity.MEDIUM);
  }

  @Test
  void aRunBetweenThemOrByHandBreaksTheRow() {
    List<Message> told =
        List.of(
            skipped("1", "02:00:00"),
            skipped("2", "03:00:00"),
            started("9", "03:30:00"),
            signal(skip("5", "03:40:00").trigger("ONE_TIME")),
            skipped("3", "04:00:00"));

    assertThat(harness().run(told).findings())
        .extracting(Finding::getSeverity)
        .containsOnly(Severity.LOW);
  }

  @Test
  void severalSourcesTellOfOneRun() {
    List<Message> told =
        List.of(
            signal(run("1", "02:00:00", SKIPPED).state("runFailed", "Skipped", SKIPPED)),
            skipped("1", "02:00:02"));

    assertThat(harness().run(told).findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.getOccurredAt()).isEqualTo(instant("02:00:00"));
              assertThat(finding.getRevision()).isEqualTo(2);
              assertThat(finding.getAttributes()).containsEntry("limit", "MAX_CONCURRENT_RUNS");
            });
  }

  @ParameterizedTest
  @CsvSource({
    "SKIPPED, , , SKIPPED, true, ",
    "TERMINATED, SKIPPED, , SKIPPED, true, ",
    "TERMINATED, MAXIMUM_CONCURRENT_RUNS_REACHED, , SKIPPED, true, MAX_CONCURRENT_RUNS",
    "TERMINATED, , MAX_CONCURRENT_RUNS_EXCEEDED, SKIPPED, true, MAX_CONCURRENT_RUNS",
    "TERMINATED, CANCELED, MAX_CONCURRENT_RUNS_EXCEEDED, SKIPPED, true, MAX_CONCURRENT_RUNS",
    "TERMINATED, FAILED, MAX_CONCURRENT_RUNS_EXCEEDED, FAILED, true, MAX_CONCURRENT_RUNS",
    "TERMINATED, FAILED, MAX_JOB_QUEUE_SIZE_EXCEEDED, FAILED, true, MAX_JOB_QUEUE_SIZE",
    "TERMINATED, , MAX_JOB_QUEUE_SIZE_EXCEEDED, SKIPPED, true, MAX_JOB_QUEUE_SIZE",
    "TERMINATED, , SKIPPED, SKIPPED, true, ",
    "runFailed, MaximumConcurrentRunsReached, , SKIPPED, true, MAX_CONCURRENT_RUNS",
    "runFailed, Skipped, , SKIPPED, true, ",
    "TERMINATED, DISABLED, , SKIPPED, false, ",
    "TERMINATED, , DISABLED, SKIPPED, false, ",
    "TERMINATED, EXCLUDED, , SKIPPED, false, ",
    "TERMINATED, UPSTREAM_FAILED, , SKIPPED, false, ",
    "TERMINATED, CANCELED, USER_CANCELED, CANCELLED, false, ",
    "TERMINATED, FAILED, RUN_EXECUTION_ERROR, FAILED, false, ",
    "TERMINATED, SUCCESS, SUCCESS, SUCCESS, false, ",
    "QUEUED, , , RUNNING, false, "
  })
  void spellings(
      String life, String result, String code, Outcome outcome, boolean skipped, String limit) {
    RunState.Builder told =
        run("1", "02:00:00", outcome).state(life, result, outcome).termination(code, null);

    assertThat(SkipWords.isSkipped(told.build())).isEqualTo(skipped);
    assertThat(SkipWords.limit(told.build())).isEqualTo(skipped ? limit : null);
    assertThat(harness().run(List.of(signal(told))).findings()).hasSize(skipped ? 1 : 0);
    assertThat(harness().run(List.of(signal(told.task("1-load", "load")))).findings())
        .as("a task")
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        """
        {"workspace_id": 1, "job_id": 410, "run_id": 1, "start_time": 1773108000000, "end_time": 1773108000000,
         "state": {"life_cycle_state": "SKIPPED", "state_message": "Maximum concurrent runs reached."}}
        """,
        """
        {"workspace_id": 1, "job_id": 410, "run_id": 1, "start_time": 1773108000000, "end_time": 1773108000000,
         "state": {"life_cycle_state": "TERMINATED", "result_state": "MAXIMUM_CONCURRENT_RUNS_REACHED"}}
        """,
        """
        {"workspace_id": 1, "job_id": 410, "run_id": 1, "start_time": 1773108000000, "end_time": 1773108000000,
         "status": {"state": "TERMINATED", "termination_details":
           {"code": "MAX_JOB_QUEUE_SIZE_EXCEEDED", "type": "CLIENT_ERROR"}}}
        """,
        """
        {"workspace_id": "1", "job_id": "410", "run_id": "1", "result_state": "SKIPPED",
         "period_start_time": "2026-03-10T02:00:00Z", "period_end_time": "2026-03-10T02:00:00Z"}
        """,
        """
        {"category": "jobs", "time": "2026-03-10T02:00:00Z", "operationName": "Microsoft.Databricks/jobs/runFailed",
         "properties": {"actionName": "runFailed", "requestParams":
           "{\\"jobId\\":\\"410\\",\\"runId\\":\\"1\\",\\"orgId\\":\\"1\\",\\"jobTerminalState\\":\\"Skipped\\"}"}}
        """
      })
  void everyShapeTellsOfASkippedRun(String json) {
    List<RunState> told = new ArrayList<>();
    new RunDecoder(Redactor.standard())
        .decode(
            json.getBytes(StandardCharsets.UTF_8),
            new DecodedSink() {
              @Override
              public void record(int index, TelemetryRecord record) {
                told.add((RunState) record);
              }

              @Override
              public void skipped(int index, String why) {
                throw new AssertionError(why);
              }

              @Override
              public void bad(int index, String reason) {
                throw new AssertionError(reason);
              }

              @Override
              public void unreadable(String reason) {
                throw new AssertionError(reason);
              }
            });

    assertThat(told)
        .singleElement()
        .satisfies(state -> assertThat(SkipWords.isSkipped(state)).isTrue());
  }

  @Property(tries = 200)
  void orderRepetitionAndRestartsChangeNothing(
      @ForAll("histories") List<Message> history,
      @ForAll @IntRange(min = 1, max = 20) int restart,
      @ForAll long seed) {
    List<Message> disordered = Disorder.of(history, Source.RUNS.defaultLateness(), 0.2, seed);
    Result result =
        harness().restartingAfter(restart, 2 * restart).watermarkEvery(3).run(disordered);

    assertThat(result.canonical()).isEqualTo(harness().run(Disorder.inOrder(history)).canonical());
    assertThat(result.keys()).isZero();
  }

  @Provide
  Arbitrary<List<Message>> histories() {
    return Combinators.combine(
            Arbitraries.of("1", "2", "3", "4", "5"),
            Arbitraries.longs().between(0, 180),
            Arbitraries.longs().between(0, 20),
            Arbitraries.of(SKIPPED, SKIPPED, SUCCESS, RUNNING, FAILED, CANCELLED),
            Arbitraries.of("PERIODIC", "ONE_TIME").injectNull(0.3),
            Arbitraries.of("MAX_CONCURRENT_RUNS_EXCEEDED", "MAX_JOB_QUEUE_SIZE_EXCEEDED")
                .injectNull(0.5))
        .as(
            (runId, ended, took, outcome, trigger, code) -> {
              long at = Told.at("02:00:00") + ended * 10_000;
              return (Message)
                  signal(
                      run(runId, "02:00:00", outcome)
                          .time(at)
                          .ran(at - took * 10_000, outcome.terminal() ? at : RunState.ABSENT)
                          .trigger(trigger)
                          .termination(outcome == SKIPPED ? code : null, null));
            })
        .list()
        .ofMinSize(1)
        .ofMaxSize(16);
  }

  private static DetectorHarness<SkippedRuns> harness() {
    return DetectorHarness.of(() -> new SkippedRunDetector(CLASSIFIER));
  }

  private static Message skipped(String runId, String time) {
    return signal(skip(runId, time));
  }

  private static RunState.Builder skip(String runId, String time) {
    return run(runId, time, SKIPPED)
        .state("SKIPPED", null, SKIPPED)
        .ran(Told.at(time), Told.at(time))
        .termination("MAX_CONCURRENT_RUNS_EXCEEDED", "CLIENT_ERROR")
        .trigger("PERIODIC");
  }

  private static Message started(String runId, String time) {
    return signal(run(runId, time, RUNNING).ran(Told.at(time), RunState.ABSENT));
  }

  private static Message succeeded(String runId, String from, String to) {
    return signal(run(runId, to, SUCCESS).ran(Told.at(from), Told.at(to)));
  }
}
