package io.mendline.databricks.poller;

import static io.mendline.databricks.poller.Polling.HOUR;
import static io.mendline.databricks.poller.Polling.MINUTE;
import static io.mendline.databricks.poller.Polling.NOON;
import static io.mendline.databricks.poller.Polling.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mendline.databricks.FakeRun;
import io.mendline.databricks.FakeWorkspace.Call;
import io.mendline.databricks.FakeWorkspace.Fault;
import io.mendline.databricks.poller.RecordingOutbox.Told;
import io.mendline.serdes.telemetry.Heartbeat;
import io.mendline.serdes.telemetry.JobSettings;
import io.mendline.serdes.telemetry.RunState;
import io.mendline.serdes.telemetry.RunState.Outcome;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is told of a workspace, in stories. All of them begin at noon. */
class WorkspacePollerTest {
  private static final ObjectMapper JSON = new ObjectMapper();

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

  private FakeRun run(long id, long start) {
    FakeRun run = new FakeRun(id, 11, start);
    polling.workspace.add(run);
    return run;
  }

  private FakeRun failedRun() {
    FakeRun run = run(22, NOON - 10 * MINUTE).failsAt(NOON - 5 * MINUTE);
    polling.workspace.outputs.put(run.failedTask(), output("ValueError: no rows"));
    return run;
  }

  private static ObjectNode output(String error) {
    ObjectNode output = JSON.createObjectNode().put("error", error).put("error_trace", "Traceback");
    output.putObject("metadata").put("run_id", 1);
    return output;
  }

  private void faults(String path, Fault fault) {
    polling.workspace.faults(
        call -> call.path().equals(path) ? Optional.of(fault) : Optional.empty());
  }

  private List<Outcome> outcomes(FakeRun run) {
    return polling.outbox.ofRun(run.id).stream().map(told -> told.run().outcome()).toList();
  }

  @Test
  void a_failed_run_is_told_with_what_its_task_put_out() {
    FakeRun run = failedRun();

    polling.step();

    Told told = polling.outbox.ofRun(run.id).get(0);
    assertThat(told.key()).isEqualTo("7700/11");
    assertThat(told.value().path("workspace_id").asText()).isEqualTo("7700");
    RunState whole = told.states().get(0);
    assertThat(whole.workspace()).isEqualTo("7700");
    assertThat(whole.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(whole.time()).isEqualTo(run.end);
    RunState task = told.states().get(2);
    assertThat(task.taskRunId()).isEqualTo(run.failedTask());
    assertThat(task.message()).isEqualTo("ValueError: no rows");
    assertThat(task.errorTrace()).isEqualTo("Traceback");
    assertThat(polling.workspace.calls)
        .filteredOn(call -> call.path().equals("runs/get-output"))
        .extracting(call -> call.query().get("run_id"))
        .containsExactly(run.failedTask());
  }

  @Test
  void what_has_not_changed_is_not_told_again_nor_after_a_restart() {
    FakeRun failed = failedRun();
    FakeRun running = run(23, NOON - MINUTE);

    polling.until(NOON + 30 * MINUTE);
    polling.restart();
    polling.until(NOON + 40 * MINUTE);

    assertThat(outcomes(failed)).containsExactly(Outcome.FAILED);
    assertThat(outcomes(running)).containsExactly(Outcome.RUNNING);
  }

  @Test
  void a_run_is_told_when_it_starts_and_when_it_ends_and_when_a_repair_does() {
    FakeRun run =
        run(22, NOON + MINUTE)
            .failsAt(NOON + 10 * MINUTE)
            .repaired(NOON + 2 * HOUR, NOON + 2 * HOUR + 10 * MINUTE);
    polling.workspace.outputs.put(run.failedTask(), output("ValueError: no rows"));

    polling.until(NOON + 3 * HOUR);

    assertThat(outcomes(run))
        .containsExactly(Outcome.RUNNING, Outcome.FAILED, Outcome.RUNNING, Outcome.SUCCESS);
    RunState last = polling.outbox.ofRun(run.id).get(3).run();
    assertThat(last.repairId()).isEqualTo("29");
    assertThat(last.time()).isEqualTo(run.repairedTo);
    assertThat(polling.workspace.asked("runs/get-output")).isOne();
  }

  @Test
  void a_repair_that_is_over_before_the_next_look_is_found_by_watching() {
    FakeRun run = failedRun();
    run.repaired(NOON + 10 * HOUR + MINUTE, NOON + 10 * HOUR + MINUTE + SECOND);

    polling.until(NOON + 10 * HOUR + 10 * MINUTE);

    assertThat(outcomes(run)).containsExactly(Outcome.FAILED, Outcome.SUCCESS);
  }

  @Test
  void an_old_run_that_is_repaired_after_days_is_found_while_it_is_active() {
    FakeRun run = run(22, NOON - 48 * HOUR).failsAt(NOON - 47 * HOUR);
    run.repaired(NOON + HOUR, NOON + 2 * HOUR);

    polling.until(NOON + 3 * HOUR);

    assertThat(outcomes(run)).containsExactly(Outcome.RUNNING, Outcome.SUCCESS);
  }

  @ParameterizedTest
  @CsvSource({"404, gone", "403, not-permitted", "400, not-offered"})
  void an_output_that_cannot_be_had_is_said_to_be_missing(int status, String word) {
    FakeRun run = failedRun();
    faults("runs/get-output", Fault.status(status));

    polling.until(NOON + 20 * MINUTE);

    assertThat(polling.outbox.ofRun(run.id)).hasSize(1);
    assertThat(polling.outbox.ofRun(run.id).get(0).states().get(2).message())
        .isEqualTo(
            "Workload failed, see run output for details. [evidence unavailable: " + word + "]");
    assertThat(polling.workspace.asked("runs/get-output")).isOne();
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 503, 0})
  void an_output_that_cannot_be_had_now_is_told_of_as_soon_as_it_can(int status) {
    FakeRun run = failedRun();
    faults("runs/get-output", status == 0 ? Fault.dropped() : Fault.status(status));
    polling.until(NOON + 20 * MINUTE);
    assertThat(polling.outbox.ofRun(run.id)).hasSize(1);

    polling.workspace.faults(call -> Optional.empty());
    polling.until(NOON + 40 * MINUTE);

    assertThat(polling.outbox.ofRun(run.id)).hasSize(2);
    assertThat(polling.outbox.ofRun(run.id).get(1).states().get(2).message())
        .isEqualTo("ValueError: no rows");
  }

  @Test
  void of_many_failed_tasks_the_first_are_asked_what_they_put_out() {
    FakeRun run = failedRun();
    ObjectNode many = run.at(NOON);
    assertThat(many.path("tasks")).hasSize(2);
    run.tasks = 2;
    for (int i = 0; i < 30; i++) {
      many.withArray("tasks")
          .addObject()
          .put("run_id", 900 + i)
          .put("end_time", NOON - i)
          .putObject("state")
          .put("life_cycle_state", "TERMINATED")
          .put("result_state", "FAILED");
    }
    assertThat(RunReading.of(many.put("workspace_id", "7700")).failedTasks())
        .hasSize(31)
        .startsWith(run.failedTask(), "929");
  }

  @ParameterizedTest
  @ValueSource(strings = {"runs/list", "runs/get", "list", "get", "runs/get-output"})
  void whatever_call_fails_in_whatever_way_all_is_told_when_it_works_again(String path) {
    List<Fault> ways =
        List.of(
            Fault.status(401),
            Fault.status(403),
            Fault.status(404),
            Fault.status(429),
            Fault.retryAfter(429, "7"),
            Fault.status(500),
            Fault.status(503),
            Fault.dropped(),
            new Fault(200, java.util.Map.of(), "<html>"),
            new Fault(302, java.util.Map.of("Location", "/login"), ""));
    long at = NOON;
    int id = 100;
    for (Fault way : ways) {
      faults(path, way);
      FakeRun good = run(id++, at + MINUTE).endsAt(at + 3 * MINUTE);
      FakeRun bad = run(id++, at + MINUTE).failsAt(at + 3 * MINUTE);
      polling.workspace.outputs.put(bad.failedTask(), output("ValueError: no rows"));
      polling.workspace.jobs.put(Integer.toString(id), job(id, "way " + id));
      polling.until(at + 10 * MINUTE);
      polling.workspace.faults(call -> Optional.empty());
      polling.until(at + HOUR);
      assertThat(outcomes(good)).as("good, %s", way).endsWith(Outcome.SUCCESS);
      assertThat(outcomes(bad)).as("bad, %s", way).endsWith(Outcome.FAILED);
      at += HOUR;
    }
    assertThat(polling.outbox.of("job")).hasSize(ways.size());
    assertThat(polling.problems()).isEmpty();
  }

  @Test
  void retry_after_is_kept_to() {
    run(22, NOON - MINUTE);
    faults("runs/list", Fault.retryAfter(429, "600"));

    long next = polling.step();

    assertThat(polling.workspace.calls).hasSize(1);
    assertThat(next).isEqualTo(NOON + 600 * SECOND);
    assertThat(polling.step()).isEqualTo(next);
    assertThat(polling.workspace.calls).hasSize(1);
  }

  @Test
  void a_list_that_breaks_off_is_read_again_and_nothing_is_told_twice() {
    for (int i = 0; i < 60; i++) {
      run(100 + i, NOON - HOUR + i * MINUTE).endsAt(NOON - HOUR + (i + 1) * MINUTE);
    }
    polling.workspace.faults(
        call ->
            "25".equals(call.query().get("page_token"))
                ? Optional.of(Fault.status(500))
                : Optional.empty());
    polling.until(NOON + MINUTE);
    assertThat(polling.outbox.of("run")).hasSizeLessThan(60);
    assertThat(polling.outbox.of("heartbeat")).isEmpty();

    polling.workspace.faults(call -> Optional.empty());
    polling.until(NOON + 10 * MINUTE);

    assertThat(polling.outbox.of("run").stream().map(Told::runId))
        .hasSize(60)
        .doesNotHaveDuplicates();
  }

  @Test
  void a_run_that_is_listed_late_is_found_in_the_overlap() {
    FakeRun late = run(22, NOON + MINUTE).endsAt(NOON + 2 * MINUTE);
    late.visibleFrom = NOON + 8 * MINUTE;
    run(23, NOON + 6 * MINUTE).endsAt(NOON + 7 * MINUTE);

    polling.until(NOON + 10 * MINUTE);

    assertThat(outcomes(late)).containsExactly(Outcome.SUCCESS);
  }

  @Test
  void a_run_with_more_tasks_than_a_page_is_told_whole() {
    FakeRun run = failedRun();
    run.tasks = 250;
    polling.workspace.outputs.put(run.failedTask(), output("ValueError: no rows"));

    polling.step();

    List<RunState> states = polling.outbox.ofRun(run.id).get(0).states();
    assertThat(states).hasSize(251);
    assertThat(states.get(250).message()).isEqualTo("ValueError: no rows");
  }

  @Test
  void an_active_run_is_looked_at_ever_more_rarely_while_nothing_changes() {
    FakeRun run = run(22, NOON);
    polling.until(NOON + 59 * MINUTE);
    assertThat(waits(run)).startsWith(30L, 60L, 120L, 120L).containsOnly(30L, 60L, 120L);

    polling.workspace.calls.clear();
    polling.until(NOON + 3 * HOUR);
    assertThat(waits(run)).startsWith(120L, 240L, 300L, 300L).endsWith(300L);
  }

  @Test
  void a_pipeline_is_looked_at_every_30_seconds() {
    FakeRun run = run(22, NOON);
    run.pipeline = true;

    polling.until(NOON + 20 * MINUTE);

    assertThat(waits(run)).containsOnly(30L);
  }

  /** Seconds between the looks at a run. */
  private List<Long> waits(FakeRun run) {
    List<Long> waits = new ArrayList<>();
    long before = -1;
    for (Call call : polling.workspace.calls) {
      if (call.path().equals("runs/get") && call.query().get("run_id").equals(run.id)) {
        if (before >= 0) {
          waits.add((call.at() - before + 500) / 1_000);
        }
        before = call.at();
      }
    }
    return waits;
  }

  @Test
  void settings_of_a_job_are_told_when_they_change_and_when_the_job_is_gone() {
    polling.workspace.jobs.put("11", job(11, "nightly"));
    polling.until(NOON + 20 * MINUTE);
    polling.restart();
    polling.until(NOON + 30 * MINUTE);
    assertThat(polling.outbox.of("job")).hasSize(1);

    polling.workspace.jobs.put("11", job(11, "hourly"));
    polling.until(NOON + 40 * MINUTE);
    polling.workspace.jobs.clear();
    polling.until(NOON + 50 * MINUTE);

    List<Told> jobs = polling.outbox.of("job");
    assertThat(jobs).extracting(Told::key).containsExactly("7700/11", "7700/11", "7700/11");
    assertThat(jobs.get(1).value().path("job").toString()).isEqualTo(job(11, "hourly").toString());
    assertThat(jobs.get(2).value().path("deleted").asBoolean()).isTrue();
    assertThat(jobs.get(2).value().path("job").toString()).isEqualTo("{\"job_id\":\"11\"}");
    assertThat(jobs)
        .extracting(told -> Instant.parse(told.value().path("time").asText()).toEpochMilli())
        .satisfies(times -> assertThat(times.get(0)).isBetween(NOON, NOON + 20 * MINUTE))
        .satisfies(
            times -> assertThat(times.get(1)).isBetween(NOON + 30 * MINUTE, NOON + 40 * MINUTE))
        .satisfies(
            times -> assertThat(times.get(2)).isBetween(NOON + 40 * MINUTE, NOON + 50 * MINUTE));
    assertThat(jobs)
        .flatExtracting(Told::facts)
        .hasSize(3)
        .allSatisfy(fact -> assertThat(fact).isInstanceOf(JobSettings.class));
  }

  @Test
  void a_job_that_may_not_be_seen_any_more_is_not_said_to_be_gone() {
    polling.workspace.jobs.put("11", job(11, "nightly"));
    polling.step();
    polling.workspace.faults(
        call ->
            switch (call.path()) {
              case "list" -> Optional.of(new Fault(200, java.util.Map.of(), "{}"));
              case "get" -> Optional.of(Fault.status(403));
              default -> Optional.empty();
            });
    polling.until(NOON + HOUR);
    polling.workspace.faults(call -> Optional.empty());
    polling.until(NOON + 2 * HOUR);

    assertThat(polling.outbox.of("job")).hasSize(1);
  }

  private static ObjectNode job(int id, String name) {
    ObjectNode job = JSON.createObjectNode().put("job_id", id);
    ObjectNode settings = job.putObject("settings").put("name", name);
    settings
        .putObject("schedule")
        .put("quartz_cron_expression", "0 0 2 * * ?")
        .put("timezone_id", "Europe/Berlin")
        .put("pause_status", "UNPAUSED");
    settings.putObject("deployment").put("kind", "BUNDLE");
    settings.putArray("tasks").addObject().put("task_key", "main").putObject("notebook_task");
    return job;
  }

  @Test
  void a_sign_of_life_is_given_once_a_minute_while_the_workspace_is_read() {
    polling.until(NOON + 10 * MINUTE);
    List<Told> beats = polling.outbox.of("heartbeat");
    assertThat(beats).hasSizeBetween(10, 11);
    assertThat(beats.get(0).key()).isEqualTo("7700");
    assertThat(beats.get(0).value().toString())
        .isEqualTo(
            "{\"kind\":\"heartbeat\",\"workspaceId\":\"7700\",\"time\":\"2026-06-01T12:00:00Z\"}");
    assertThat(beats)
        .flatExtracting(Told::facts)
        .hasSameSizeAs(beats)
        .allSatisfy(fact -> assertThat(fact).isInstanceOf(Heartbeat.class));

    faults("runs/list", Fault.status(401));
    polling.until(NOON + 20 * MINUTE);
    assertThat(polling.outbox.of("heartbeat")).hasSizeLessThan(beats.size() + 2);
  }

  @Test
  void no_sign_of_life_while_a_run_is_known_that_cannot_be_read() {
    run(22, NOON - MINUTE);
    faults("runs/get", Fault.status(500));

    polling.until(NOON + 10 * MINUTE);

    assertThat(polling.outbox.of("heartbeat")).isEmpty();
  }

  @Test
  void what_could_not_be_delivered_is_told_again() {
    FakeRun run = failedRun();
    polling.outbox.refuses = true;
    polling.step();
    assertThat(polling.problems()).anyMatch(line -> line.contains("telemetry.runs"));
    assertThat(polling.outbox.told).isEmpty();

    polling.outbox.refuses = false;
    polling.until(NOON + 5 * MINUTE);

    assertThat(outcomes(run)).containsExactly(Outcome.FAILED);
    assertThat(polling.outbox.of("heartbeat")).isNotEmpty();
  }

  @Test
  void a_long_time_is_read_in_slices_and_what_was_read_is_kept() {
    for (int i = 0; i < 60; i++) {
      run(100 + i, NOON - 6 * HOUR + i * (6 * MINUTE))
          .endsAt(NOON - 6 * HOUR + i * (6 * MINUTE) + 1);
    }
    AtomicInteger lists = new AtomicInteger();
    polling.workspace.faults(
        call ->
            call.path().equals("runs/list") && lists.incrementAndGet() > 3
                ? Optional.of(Fault.status(403))
                : Optional.empty());

    polling.step();

    assertThat(polling.state().position).isEqualTo(NOON - 3 * HOUR);
    assertThat(polling.outbox.of("run")).hasSize(31);
    assertThat(polling.state().runs).hasSizeLessThan(5);
  }

  @Test
  void a_run_whose_start_lies_in_the_future_hides_none() {
    FakeRun odd = run(22, NOON + 24 * HOUR).endsAt(NOON + 25 * HOUR);
    odd.visibleFrom = NOON;
    polling.step();
    FakeRun next = run(23, NOON + 15 * MINUTE).endsAt(NOON + 16 * MINUTE);

    polling.until(NOON + 20 * MINUTE);

    assertThat(outcomes(next)).endsWith(Outcome.SUCCESS);
  }

  @Test
  void a_run_that_was_deleted_is_not_looked_for_for_ever() {
    FakeRun run = run(22, NOON - MINUTE);
    polling.step();
    polling.workspace.runs.clear();
    polling.until(NOON + 2 * HOUR);
    polling.workspace.calls.clear();

    polling.until(NOON + 4 * HOUR);

    assertThat(polling.workspace.asked("runs/get")).isZero();
    assertThat(outcomes(run)).containsExactly(Outcome.RUNNING);
  }

  @Test
  void what_is_remembered_is_bounded() {
    WorkspaceState state = new WorkspaceState(NOON);
    for (int i = 0; i < 30_000; i++) {
      TrackedRun run = new TrackedRun("s" + i, NOON - i);
      run.phase = TrackedRun.Phase.SETTLED;
      state.runs.put(run.id, run);
    }
    for (int i = 0; i < 2_000; i++) {
      TrackedRun run = new TrackedRun("w" + i, NOON - 24 * HOUR);
      run.phase = TrackedRun.Phase.WATCHED;
      run.end = NOON - i;
      state.runs.put(run.id, run);
    }

    int forgotten = state.prune(10 * MINUTE);

    assertThat(forgotten).isEqualTo(10_000);
    assertThat(state.runs).hasSize(20_500).containsKeys("s0", "s19999", "w0", "w499");
    assertThat(state.listFrom(10 * MINUTE)).isEqualTo(NOON - 19_999);
  }
}
