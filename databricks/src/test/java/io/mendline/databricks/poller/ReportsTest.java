package io.mendline.databricks.poller;

import static io.mendline.databricks.poller.Polling.HOUR;
import static io.mendline.databricks.poller.Polling.MINUTE;
import static io.mendline.databricks.poller.Polling.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mendline.databricks.FakeRun;
import io.mendline.databricks.FakeWorkspace;
import io.mendline.databricks.FakeWorkspace.Fault;
import io.mendline.databricks.poller.RecordingOutbox.Told;
import io.mendline.serdes.telemetry.RunItems.Verdict;
import io.mendline.serdes.telemetry.RunState;
import io.mendline.serdes.telemetry.RunState.Outcome;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What notebooks report with their exit, of runs that ended well. Job 12 is said to report. */
class ReportsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int REPORTS = 12;

  @TempDir private Path folder;
  private Polling polling;

  @BeforeEach
  void start() {
    polling = new Polling(folder, "7700");
  }

  @AfterEach
  void stop() {
    polling.close();
  }

  private FakeRun run(int job) {
    FakeRun run = new FakeRun(22, job, NOON - 10 * MINUTE).endsAt(NOON - 5 * MINUTE);
    polling.workspace.add(run);
    return run;
  }

  private void exits(String taskRunId, String exit) {
    ObjectNode output = JSON.createObjectNode().put("logs", "nothing of interest");
    output.putObject("notebook_output").put("result", exit).put("truncated", false);
    polling.workspace.outputs.put(taskRunId, output);
  }

  private List<Told> told() {
    return polling.outbox.ofRun("22");
  }

  private RunState task(int number) {
    return told().get(told().size() - 1).states().get(number);
  }

  @Test
  void a_task_that_reports_that_items_failed_is_told_with_them() {
    FakeRun run = run(REPORTS);
    exits(run.task(1), "{\"total\": 20, \"failed\": [\"eu\", \"us\"]}");
    exits(run.task(2), "{\"status\": \"FAILED\", \"error\": \"no rows\"}");

    polling.until(NOON + 30 * MINUTE);

    assertThat(told()).hasSize(1);
    assertThat(task(1).outcome()).isEqualTo(Outcome.SUCCESS);
    assertThat(task(1).items().failed()).containsExactly("eu", "us");
    assertThat(task(1).items().verdict()).isEqualTo(Verdict.DEGRADED);
    assertThat(task(2).items().verdict()).isEqualTo(Verdict.FAILED);
    assertThat(task(2).message()).isEqualTo("no rows");
    assertThat(told().get(0).value().toString()).doesNotContain("nothing of interest");
    assertThat(polling.workspace.asked("runs/get-output")).isEqualTo(2);
  }

  @Test
  void of_other_jobs_and_of_tasks_that_are_no_notebooks_nothing_is_asked() {
    FakeRun other = run(11);
    exits(other.task(1), "{\"status\": \"FAILED\"}");
    FakeRun pipeline = new FakeRun(23, REPORTS, NOON - 10 * MINUTE).endsAt(NOON - 5 * MINUTE);
    pipeline.pipeline = true;
    polling.workspace.add(pipeline);

    polling.until(NOON + 30 * MINUTE);

    assertThat(told()).hasSize(1);
    assertThat(polling.outbox.ofRun("23")).hasSize(1);
    assertThat(polling.workspace.asked("runs/get-output")).isZero();
  }

  @Test
  void a_run_that_goes_on_is_asked_when_it_has_ended() {
    FakeRun run = new FakeRun(22, REPORTS, NOON - MINUTE).endsAt(NOON + 5 * MINUTE);
    polling.workspace.add(run);
    exits(run.task(1), "{\"ok\": false}");

    polling.until(NOON + 4 * MINUTE);
    assertThat(polling.workspace.asked("runs/get-output")).isZero();
    polling.until(NOON + 30 * MINUTE);

    assertThat(told()).hasSize(2);
    assertThat(task(1).items().verdict()).isEqualTo(Verdict.FAILED);
  }

  @ParameterizedTest
  @CsvSource({"404, gone", "403, not-permitted", "400, not-offered"})
  void a_report_that_cannot_be_had_is_said_to_be_missing(int status, String word) {
    run(REPORTS);
    polling.workspace.faults(
        call ->
            call.path().equals("runs/get-output")
                ? Optional.of(Fault.status(status))
                : Optional.empty());

    polling.until(NOON + HOUR);

    assertThat(told()).hasSize(1);
    assertThat(told().get(0).value().at("/tasks/0/evidence_unavailable").asText()).isEqualTo(word);
    assertThat(task(1).message()).isEqualTo("[evidence unavailable: " + word + "]");
    assertThat(task(1).items()).isNull();
    assertThat(polling.workspace.asked("runs/get-output")).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 503, 0})
  void a_report_that_cannot_be_had_now_is_told_as_soon_as_it_can(int status) {
    FakeRun run = run(REPORTS);
    exits(run.task(1), "{\"status\": \"FAILED\"}");
    exits(run.task(2), "{\"status\": \"ok\"}");
    polling.workspace.faults(
        call ->
            call.path().equals("runs/get-output")
                ? Optional.of(status == 0 ? Fault.dropped() : Fault.status(status))
                : Optional.empty());
    polling.until(NOON + 20 * MINUTE);
    assertThat(told()).hasSize(1);

    polling.restart();
    polling.workspace.faults(call -> Optional.empty());
    polling.until(NOON + 40 * MINUTE);

    assertThat(told()).hasSize(2);
    assertThat(task(1).items().verdict()).isEqualTo(Verdict.FAILED);
    assertThat(told().get(1).value().toString()).doesNotContain("evidence_unavailable");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "done", "[1]", "null"})
  void an_exit_that_is_no_report_is_left_out(String exit) {
    FakeRun run = run(REPORTS);
    exits(run.task(1), exit);
    exits(run.task(2), "{\"data\": \"" + "x".repeat(200_000) + "\"}");

    polling.until(NOON + 20 * MINUTE);

    assertThat(told()).hasSize(1);
    assertThat(told().get(0).value().toString())
        .doesNotContain("run_output")
        .hasSizeLessThan(5_000);
  }

  @Test
  void a_secret_in_a_report_is_masked_and_the_report_still_read() {
    FakeRun run = run(REPORTS);
    exits(
        run.task(1),
        "{\"status\":\"FAILED\",\"error\":\"refused "
            + FakeWorkspace.TOKEN
            + "\",\"password\":\"hunter2hunter2\"}");
    exits(run.task(2), "{\"status\":\"FAILED\",\"error\":\"refused " + FakeWorkspace.TOKEN);

    polling.step();

    assertThat(told().get(0).value().toString())
        .contains("[redacted]")
        .doesNotContain(FakeWorkspace.TOKEN, "hunter2");
    assertThat(task(1).items().verdict()).isEqualTo(Verdict.FAILED);
    assertThat(task(2).items().verdict()).isEqualTo(Verdict.FAILED);
  }

  @Test
  void of_many_notebooks_the_first_are_asked() {
    FakeRun run = run(REPORTS);
    run.tasks = 30;
    for (int i = 1; i <= 30; i++) {
      exits(run.task(i), "{\"status\": \"ok\"}");
    }

    polling.step();

    assertThat(polling.workspace.asked("runs/get-output")).isEqualTo(Evidence.MAX_OUTPUTS);
    assertThat(task(30).message()).isEqualTo("[evidence unavailable: not-asked]");
  }

  @Test
  void reports_that_a_broker_would_refuse_are_left_out_the_longest_first() {
    FakeRun run = run(REPORTS);
    run.tasks = 8;
    for (int i = 1; i <= 8; i++) {
      String names = "\"" + "n".repeat(100_000 + i * 10_000) + "\"";
      exits(run.task(i), "{\"total\": 20, \"failed\": [" + names + "]}");
    }

    polling.step();

    assertThat(told().get(0).value().toString().length()).isLessThan(MessageSize.MOST_BYTES);
    assertThat(task(1).items().total()).isEqualTo(20);
    assertThat(task(8).items()).isNull();
    assertThat(task(8).message()).isEqualTo("[evidence unavailable: too-large]");
    assertThat(told().get(0).states()).hasSize(9);
  }
}
