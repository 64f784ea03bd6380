package io.mendline.databricks.poller;

import static io.mendline.databricks.poller.Polling.HOUR;
import static io.mendline.databricks.poller.Polling.MINUTE;
import static io.mendline.databricks.poller.Polling.NOON;
import static io.mendline.databricks.poller.Polling.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.databricks.FakePipeline;
import io.mendline.databricks.FakePipeline.Update;
import io.mendline.databricks.FakeRun;
import io.mendline.databricks.FakeWorkspace;
import io.mendline.databricks.FakeWorkspace.Call;
import io.mendline.databricks.FakeWorkspace.Fault;
import io.mendline.databricks.poller.RecordingOutbox.Told;
import io.mendline.serdes.telemetry.RunState;
import io.mendline.serdes.telemetry.RunState.Level;
import io.mendline.serdes.telemetry.RunState.Outcome;
import io.mendline.serdes.telemetry.RunState.Source;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is told of declarative pipelines, in stories. All of them begin at noon. */
class PipelinesTest {
  @TempDir private Path folder;
  private Polling polling;
  private FakePipeline orders;

  @BeforeEach
  void start() {
    polling = new Polling(folder, "7700");
    orders = polling.workspace.pipeline("p-1", "Orders");
  }

  @AfterEach
  void stop() {
    polling.close();
  }

  private void faults(String path, Fault fault) {
    polling.workspace.faults(
        call -> call.path().equals(path) ? Optional.of(fault) : Optional.empty());
  }

  /** What is told of an update itself, by its log or by its state. */
  private List<RunState> states(String update, Source source) {
    List<RunState> states = new ArrayList<>();
    for (Told told : polling.outbox.told) {
      if (told.kind().equals("update") || told.kind().equals("event")) {
        states.addAll(told.states());
      }
    }
    return states.stream()
        .filter(state -> state.runId().equals(update) && state.source() == source)
        .toList();
  }

  private List<String> words(String update) {
    return states(update, Source.PIPELINE).stream().map(RunState::lifeCycle).toList();
  }

  private List<Outcome> log(String update) {
    return states(update, Source.PIPELINE_EVENT).stream().map(RunState::outcome).toList();
  }

  @Test
  void an_update_is_told_while_it_goes_on_and_when_it_ended_with_why() {
    orders
        .update("u-1", NOON + 15 * SECOND)
        .flowFails(NOON + 2 * MINUTE)
        .ends("FAILED", NOON + 5 * MINUTE);

    polling.until(NOON + 10 * MINUTE);

    assertThat(words("u-1")).containsExactly("INITIALIZING", "RUNNING", "FAILED");
    RunState ended = states("u-1", Source.PIPELINE).get(2);
    assertThat(ended.resourceId()).isEqualTo("7700/p-1");
    assertThat(ended.jobName()).isEqualTo("Orders");
    assertThat(ended.trigger()).isEqualTo("JOB_TASK");
    assertThat(ended.startTime()).isEqualTo(NOON + 15 * SECOND);
    assertThat(ended.time()).isEqualTo(NOON + 5 * MINUTE);
    List<RunState> log = states("u-1", Source.PIPELINE_EVENT);
    assertThat(log).extracting(RunState::level).containsExactly(Level.TASK, Level.JOB);
    assertThat(log.get(0).taskKey()).isEqualTo("bronze");
    assertThat(log.get(0).time()).isEqualTo(NOON + 2 * MINUTE);
    assertThat(log.get(1).outcome()).isEqualTo(Outcome.FAILED);
    assertThat(log.get(1).endTime()).isEqualTo(NOON + 5 * MINUTE);
    assertThat(log.get(1).message()).contains("[STREAM_FAILED]");
    assertThat(polling.outbox.told)
        .filteredOn(told -> !told.kind().equals("heartbeat"))
        .extracting(Told::key)
        .containsOnly("7700/p-1");
    assertThat(polling.outbox.told.toString())
        .contains("[redacted]")
        .doesNotContain(FakeWorkspace.TOKEN, "hunter2", "declaring_class", "\"config\"");
  }

  @ParameterizedTest
  @CsvSource({"COMPLETED, SUCCESS", "CANCELED, CANCELLED"})
  void an_update_that_ended_without_an_error_is_told_with_the_time_from_its_log(
      String word, Outcome outcome) {
    orders.update("u-1", NOON - HOUR).ends(word, NOON - 50 * MINUTE);

    polling.step();

    assertThat(words("u-1")).containsExactly(word);
    assertThat(states("u-1", Source.PIPELINE).get(0).time()).isEqualTo(NOON - 50 * MINUTE);
    assertThat(log("u-1")).containsExactly(outcome);
  }

  @Test
  void an_update_under_way_is_looked_at_every_30_seconds_and_one_that_ended_no_more() {
    orders.update("u-1", NOON).ends("COMPLETED", NOON + 20 * MINUTE);
    polling.until(NOON + 21 * MINUTE);
    List<Long> looks =
        polling.workspace.calls.stream()
            .filter(call -> call.path().equals("pipelines/update"))
            .map(Call::at)
            .toList();
    assertThat(looks).hasSizeBetween(38, 44);
    for (int i = 1; i < looks.size(); i++) {
      assertThat(looks.get(i) - looks.get(i - 1)).isLessThanOrEqualTo(31 * SECOND);
    }

    polling.workspace.calls.clear();
    polling.until(NOON + 59 * MINUTE);

    assertThat(polling.workspace.asked("pipelines/update")).isZero();
    assertThat(polling.workspace.asked("pipelines/updates")).isZero();
    assertThat(polling.workspace.asked("pipelines/events")).isZero();
  }

  @Test
  void what_was_told_is_not_told_again_nor_after_a_restart() {
    orders.update("u-1", NOON - 5 * MINUTE).ends("FAILED", NOON - MINUTE);
    orders.update("u-2", NOON).flowFails(NOON + MINUTE);
    polling.until(NOON + 5 * MINUTE);
    int told = polling.outbox.told.size() - polling.outbox.of("heartbeat").size();

    polling.restart();
    polling.until(NOON + 20 * MINUTE);

    assertThat(polling.outbox.told.size() - polling.outbox.of("heartbeat").size())
        .isEqualTo(told)
        .isEqualTo(5);
  }

  @Test
  void a_log_that_lags_behind_is_read_until_it_says_why() {
    Update update = orders.update("u-1", NOON - MINUTE).ends("FAILED", NOON + MINUTE);
    update.logLag = 5 * MINUTE;

    polling.until(NOON + 4 * MINUTE);
    assertThat(words("u-1")).contains("FAILED");
    assertThat(log("u-1")).isEmpty();
    polling.until(NOON + 8 * MINUTE);

    assertThat(log("u-1")).containsExactly(Outcome.FAILED);
    polling.workspace.calls.clear();
    polling.until(NOON + 30 * MINUTE);
    assertThat(polling.workspace.asked("pipelines/events")).isZero();
  }

  @Test
  void a_log_that_never_says_why_is_not_read_for_ever() {
    orders.update("u-1", NOON - MINUTE).ends("FAILED", NOON + MINUTE).logLag = 100 * HOUR;
    polling.until(NOON + 20 * MINUTE);
    polling.workspace.calls.clear();

    polling.until(NOON + 50 * MINUTE);

    assertThat(words("u-1")).containsOnlyOnce("FAILED");
    assertThat(polling.workspace.asked("pipelines/events")).isZero();
  }

  /** Told as of now, it would clear the failure of a later update. */
  @Test
  void an_old_update_whose_log_is_gone_ended_before_the_next_was_made() {
    orders.update("u-1", NOON - 3 * HOUR).ends("COMPLETED", NOON - 150 * MINUTE).logLag =
        100 * HOUR;
    orders.update("u-2", NOON - 2 * HOUR).ends("FAILED", NOON - HOUR);

    polling.until(NOON + MINUTE);

    assertThat(states("u-1", Source.PIPELINE).get(0).time()).isEqualTo(NOON - 2 * HOUR);
    assertThat(states("u-2", Source.PIPELINE).get(0).time()).isEqualTo(NOON - HOUR);
  }

  @Test
  void a_pipeline_that_never_ends_is_told_of_though_it_began_long_ago() {
    Update endless = orders.update("u-1", NOON - 2_000 * HOUR);
    for (int i = 0; i < 600; i++) {
      endless.flowFails(NOON - 30 * HOUR + i * 4L * MINUTE);
    }
    endless.flowFails(NOON + 5 * MINUTE);

    polling.until(NOON + 10 * MINUTE);

    assertThat(words("u-1")).containsExactly("RUNNING");
    List<RunState> errors = states("u-1", Source.PIPELINE_EVENT);
    assertThat(errors).isNotEmpty().doesNotHaveDuplicates();
    assertThat(errors)
        .extracting(RunState::time)
        .allMatch(time -> time >= NOON - 6 * HOUR)
        .contains(NOON + 5 * MINUTE);
  }

  @Test
  void more_updates_and_pipelines_than_a_page_are_all_read() {
    Set<String> all = new HashSet<>();
    for (int i = 0; i < 120; i++) {
      FakePipeline pipeline = polling.workspace.pipeline("many-" + i, "Many " + i);
      pipeline.update("m-" + i, NOON - HOUR).ends("COMPLETED", NOON - 59 * MINUTE);
      all.add("m-" + i);
    }
    for (int i = 0; i < 70; i++) {
      long at = NOON - 5 * HOUR + i * 4L * MINUTE;
      orders.update("u-" + i, at).ends("COMPLETED", at + MINUTE);
      all.add("u-" + i);
    }
    orders.update("old", NOON - 40 * HOUR).ends("COMPLETED", NOON - 39 * HOUR);

    polling.until(NOON + 5 * MINUTE);

    assertThat(polling.outbox.of("update"))
        .extracting(told -> told.value().at("/update/update_id").asText())
        .containsExactlyInAnyOrderElementsOf(all);
  }

  @Test
  void runs_are_not_held_up_by_many_pipelines() {
    for (int i = 0; i < 400; i++) {
      FakePipeline pipeline = polling.workspace.pipeline("many-" + i, "Many " + i);
      pipeline.update("m-" + i, NOON - HOUR).ends("COMPLETED", NOON - 59 * MINUTE);
    }
    FakeRun run = new FakeRun(22, 11, NOON + 5 * SECOND).endsAt(NOON + 10 * SECOND);
    polling.workspace.add(run);

    polling.until(NOON + 45 * SECOND);

    assertThat(polling.outbox.of("update")).hasSizeLessThan(400);
    assertThat(polling.outbox.ofRun("22")).isNotEmpty();
    polling.until(NOON + 5 * MINUTE);
    assertThat(polling.outbox.of("update")).hasSize(400);
  }

  @Test
  void an_update_that_only_validates_is_not_told_and_neither_are_its_errors() {
    orders.update("u-1", NOON - HOUR).ends("FAILED", NOON - 50 * MINUTE).validates = true;

    polling.until(NOON + 5 * MINUTE);

    assertThat(polling.outbox.of("update")).isEmpty();
    assertThat(polling.outbox.of("event")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"pipelines/updates, 403", "pipelines/updates, 404", "pipelines/events, 403"})
  void a_pipeline_that_may_not_be_seen_is_said_and_the_others_are_read(String path, int status) {
    FakePipeline secret = polling.workspace.pipeline("p-0", "Secret");
    secret.update("s-1", NOON - HOUR).ends("FAILED", NOON - 50 * MINUTE);
    orders.update("u-1", NOON - HOUR).ends("COMPLETED", NOON - 50 * MINUTE);
    polling.workspace.faults(
        call ->
            call.path().equals(path) && "p-0".equals(call.query().get("pipeline_id"))
                ? Optional.of(Fault.status(status))
                : Optional.empty());

    polling.step();

    assertThat(polling.problems())
        .isNotEmpty()
        .allSatisfy(
            line ->
                assertThat(line)
                    .startsWith("pipeline Secret (p-0): ")
                    .contains("status " + status));
    assertThat(words("u-1")).containsExactly("COMPLETED");
    assertThat(words("s-1")).hasSize(path.equals("pipelines/events") ? 1 : 0);
    assertThat(polling.outbox.of("heartbeat")).hasSize(1);
    polling.workspace.faults(call -> Optional.empty());
    polling.until(NOON + 10 * MINUTE);
    assertThat(words("s-1")).containsExactly("FAILED");
  }

  @Test
  void a_pipeline_that_was_deleted_is_not_looked_for_for_ever() {
    orders.update("u-1", NOON - MINUTE);
    polling.until(NOON + MINUTE);
    polling.workspace.pipelines.clear();
    polling.step();
    polling.until(NOON + HOUR);
    polling.workspace.calls.clear();

    polling.until(NOON + 8 * HOUR);

    assertThat(polling.workspace.calls)
        .extracting(Call::path)
        .contains("pipelines")
        .doesNotContain("pipelines/update", "pipelines/updates", "pipelines/events");
    assertThat(polling.state().pipelines).isEmpty();
    assertThat(polling.problems()).isEmpty();
  }

  @Test
  void a_pipeline_that_comes_back_is_not_read_anew() {
    orders.update("u-1", NOON - HOUR).ends("COMPLETED", NOON - 50 * MINUTE);
    polling.until(NOON + MINUTE);
    polling.workspace.pipelines.clear();
    polling.until(NOON + 10 * MINUTE);
    orders.update("u-2", NOON + 5 * MINUTE).ends("COMPLETED", NOON + 6 * MINUTE);
    polling.workspace.pipelines.put("p-1", orders);

    polling.until(NOON + 15 * MINUTE);

    assertThat(words("u-1")).containsExactly("COMPLETED");
    assertThat(words("u-2")).containsExactly("COMPLETED");
  }

  /** The service behind pipelines may be down while that behind jobs is not. */
  @ParameterizedTest
  @ValueSource(strings = {"pipelines", "pipelines/updates", "pipelines/events"})
  void a_service_of_pipelines_that_is_down_holds_up_no_run(String path) {
    for (int i = 0; i < 5; i++) {
      polling.workspace.pipeline("p-" + i, "P " + i).update("u-" + i, NOON - HOUR);
    }
    faults(path, Fault.status(500));
    FakeRun run = new FakeRun(22, 11, NOON + 10 * MINUTE).endsAt(NOON + 11 * MINUTE);
    polling.workspace.add(run);

    polling.step();
    assertThat(polling.problems()).anyMatch(line -> line.contains("status 500"));

    polling.until(NOON + 12 * MINUTE);

    assertThat(polling.outbox.ofRun("22")).hasSize(2);
    assertThat(polling.outbox.of("heartbeat")).hasSizeGreaterThan(8);
  }

  @Test
  void a_workspace_that_asks_to_be_left_alone_is_left_alone() {
    orders.update("u-1", NOON - HOUR);
    faults("pipelines/updates", Fault.retryAfter(429, "600"));

    long next = polling.step();
    polling.workspace.calls.clear();
    polling.step();

    assertThat(next).isGreaterThanOrEqualTo(NOON + 600 * SECOND);
    assertThat(polling.workspace.calls).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"pipelines", "pipelines/updates", "pipelines/update", "pipelines/events"})
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
            new Fault(200, Map.of(), "<html>"),
            new Fault(302, Map.of("Location", "/login"), ""));
    long at = NOON;
    for (int i = 0; i < ways.size(); i++) {
      faults(path, ways.get(i));
      // The one goes on over the fault; the other begins and ends in it.
      orders
          .update("long-" + i, at + MINUTE)
          .flowFails(at + 2 * MINUTE)
          .ends("FAILED", at + 20 * MINUTE);
      polling
          .workspace
          .pipeline("p-2", "Short")
          .update("short-" + i, at + MINUTE)
          .ends("COMPLETED", at + 3 * MINUTE);
      polling.until(at + 10 * MINUTE);
      polling.workspace.faults(call -> Optional.empty());
      polling.until(at + 30 * MINUTE);
      assertThat(words("long-" + i)).as("long, %s", ways.get(i)).containsOnlyOnce("FAILED");
      assertThat(words("short-" + i)).as("short, %s", ways.get(i)).containsOnlyOnce("COMPLETED");
      // A log that is refused is let be for what has ended, and read again for what goes on.
      assertThat(log("long-" + i))
          .as("log, %s", ways.get(i))
          .containsExactly(Outcome.FAILED, Outcome.FAILED);
      at += 30 * MINUTE;
    }
    assertThat(polling.problems()).isEmpty();
  }

  @Test
  void what_could_not_be_delivered_is_told_again() {
    orders.update("u-1", NOON - MINUTE).flowFails(NOON - 30 * SECOND);
    polling.outbox.refuses = true;
    polling.step();
    assertThat(polling.outbox.told).isEmpty();

    polling.outbox.refuses = false;
    polling.until(NOON + 5 * MINUTE);

    assertThat(words("u-1")).containsExactly("RUNNING");
    assertThat(log("u-1")).containsExactly(Outcome.FAILED);
  }

  @Test
  void what_is_remembered_of_an_update_is_bounded() {
    TrackedUpdate update = new TrackedUpdate("u-1", NOON, NOON);
    for (long i = 0; i < 5_000; i++) {
      update.events.put(i, NOON + i);
    }

    update.prune(10 * MINUTE);

    assertThat(update.events).hasSize(TrackedUpdate.MAX_EVENTS).containsKeys(4_999L, 3_000L);
    assertThat(update.readFrom(SECOND)).isEqualTo(NOON + 3_999);
  }
}
