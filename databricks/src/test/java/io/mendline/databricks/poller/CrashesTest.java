package io.mendline.databricks.poller;

import static io.mendline.databricks.poller.Polling.HOUR;
import static io.mendline.databricks.poller.Polling.MINUTE;
import static io.mendline.databricks.poller.Polling.NOON;
import static io.mendline.databricks.poller.Polling.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mendline.databricks.FakePipeline;
import io.mendline.databricks.FakeRun;
import io.mendline.databricks.FakeWorkspace.Fault;
import io.mendline.databricks.poller.RecordingOutbox.Told;
import io.mendline.serdes.telemetry.RunState;
import io.mendline.serdes.telemetry.RunState.Outcome;
import io.mendline.serdes.telemetry.RunState.Source;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ten thousand runs and four hundred updates of pipelines in four workspaces, while the poller is
 * killed twenty times in each, before or after its messages are delivered or its state is written,
 * and one call in fifty fails.
 */
class CrashesTest {
  private static final int WORKSPACES = 4;
  private static final int RUNS = 2_500;
  private static final int PIPELINES = 20;
  private static final int UPDATES = 5;
  private static final int CRASHES = 20;
  private static final long END = NOON + 55 * MINUTE;
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  /** The process ends here. */
  private static final class Crash extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  @Test
  void no_run_is_lost_none_is_invented_and_none_told_twice_but_over_a_crash() {
    int repeated = 0;
    int repeatedOfPipelines = 0;
    for (int workspace = 0; workspace < WORKSPACES; workspace++) {
      try (Polling polling = new Polling(folder, Integer.toString(7_700 + workspace))) {
        Random random = new Random(workspace);
        fill(polling, random);
        fillPipelines(polling, new Random(100 + workspace));
        pollWithCrashes(polling, random);
        repeated += judge(polling);
        repeatedOfPipelines += judgePipelines(polling);
      }
    }
    // Else no crash has fallen between a delivery and the state.
    assertThat(repeated).isPositive();
    assertThat(repeatedOfPipelines).isPositive();
  }

  /** Of each pipeline one update after the other; the last ones while the poller looks on. */
  private static void fillPipelines(Polling polling, Random random) {
    for (int i = 0; i < PIPELINES; i++) {
      FakePipeline pipeline = polling.workspace.pipeline("p-" + i, "Pipeline " + i);
      long at = NOON - HOUR + random.nextInt((int) (30 * MINUTE));
      for (int j = 0; j < UPDATES; j++) {
        FakePipeline.Update update = pipeline.update("u-" + i + '-' + j, at);
        update.logLag = random.nextInt((int) (3 * MINUTE));
        long took = 10 * SECOND + random.nextInt((int) (12 * MINUTE));
        if (random.nextInt(3) == 0) {
          update.flowFails(at + took / 2);
        }
        update.ends(random.nextInt(3) == 0 ? "FAILED" : "COMPLETED", at + took);
        at += took + 1 + random.nextInt((int) (4 * MINUTE));
      }
    }
  }

  /**
   * How many messages about pipelines repeat an earlier one. Each update has one end, and each
   * error of one that failed is told; of one that ended well, those that its log had by then.
   */
  private static int judgePipelines(Polling polling) {
    Map<Long, Integer> toldBy = new HashMap<>();
    Map<String, List<RunState>> byUpdate = new HashMap<>();
    int repeated = 0;
    for (Told told : polling.outbox.told) {
      if (told.kind().equals("update") || told.kind().equals("event")) {
        RunState state = told.run();
        byUpdate.computeIfAbsent(state.runId(), any -> new ArrayList<>()).add(state);
        Integer before = toldBy.put(state.contentId(), told.incarnation());
        if (before != null) {
          assertThat(before).as("%s in one life", told.value()).isNotEqualTo(told.incarnation());
          repeated++;
        }
      }
    }
    Set<String> all = new HashSet<>();
    for (FakePipeline pipeline : polling.workspace.pipelines.values()) {
      for (FakePipeline.Update update : pipeline.updates) {
        all.add(update.id);
        judge(update, byUpdate.get(update.id));
      }
    }
    assertThat(byUpdate.keySet()).isEqualTo(all);
    return repeated;
  }

  private static void judge(FakePipeline.Update update, List<RunState> told) {
    boolean failed = update.state(END * 2).equals("FAILED");
    Outcome end = failed ? Outcome.FAILED : Outcome.SUCCESS;
    Set<Long> contents = new HashSet<>();
    told.forEach(state -> contents.add(state.contentId()));
    List<RunState> ends =
        told.stream()
            .filter(state -> state.source() == Source.PIPELINE && state.outcome().terminal())
            .toList();
    assertThat(ends)
        .as("the end of %s", update.id)
        .isNotEmpty()
        .allMatch(state -> state.outcome() == end && state.time() >= update.end);
    assertThat(contents.stream().count()).as("states of %s", update.id).isLessThanOrEqualTo(5);
    if (failed) {
      assertThat(told)
          .filteredOn(state -> state.source() == Source.PIPELINE_EVENT)
          .extracting(RunState::time)
          .as("the errors of %s", update.id)
          .containsAll(update.errorTimes())
          .contains(update.end);
    }
  }

  /** Most runs are over at noon; the others start while the poller looks on. */
  private static void fill(Polling polling, Random random) {
    polling.workspace.forgetsCalls();
    for (int i = 0; i < RUNS; i++) {
      long start =
          i % 5 == 0
              ? NOON + random.nextInt((int) (40 * MINUTE))
              : NOON - random.nextInt((int) (5 * HOUR));
      FakeRun run = new FakeRun(1_000_000 + i, 11 + i % 50, start);
      long end = start + 10 * SECOND + random.nextInt((int) (5 * MINUTE));
      switch (random.nextInt(20)) {
        case 0 -> run.failsAt(end);
        case 1 -> run.failsAt(end).repaired(end + 2 * MINUTE, end + 6 * MINUTE);
        default -> run.endsAt(end);
      }
      run.visibleFrom = start + random.nextInt((int) (2 * MINUTE));
      polling.workspace.add(run);
      ObjectNode output = JSON.createObjectNode().put("error", "ValueError: of " + run.id);
      polling.workspace.outputs.put(run.failedTask(), output);
    }
    Random faulty = new Random(random.nextLong());
    polling.workspace.faults(
        call -> {
          synchronized (faulty) {
            return faulty.nextInt(50) > 0
                ? Optional.empty()
                : Optional.of(
                    switch (faulty.nextInt(4)) {
                      case 0 -> Fault.status(500);
                      case 1 -> Fault.retryAfter(429, "3");
                      case 2 -> Fault.status(401);
                      default -> Fault.dropped();
                    });
          }
        });
  }

  private static void pollWithCrashes(Polling polling, Random random) {
    int[] left = {0};
    Runnable perhaps =
        () -> {
          if (left[0]-- == 0) {
            throw new Crash();
          }
        };
    Runnable nothing = () -> {};
    for (int crash = 0; crash < CRASHES; crash++) {
      int when = random.nextInt(3);
      left[0] = when == 0 ? random.nextInt(200) : random.nextInt(4);
      polling.outbox.onSend = when == 0 ? perhaps : nothing;
      polling.outbox.beforeFlush = when == 1 ? perhaps : nothing;
      polling.outbox.afterFlush = when == 2 ? perhaps : nothing;
      try {
        polling.until(END);
      } catch (Crash e) {
        polling.restart();
      }
    }
    left[0] = -1;
    polling.until(END + 20 * MINUTE);
    polling.workspace.faults(call -> Optional.empty());
    polling.until(END + 40 * MINUTE);
  }

  /** How many messages repeat an earlier one. */
  private static int judge(Polling polling) {
    Map<String, List<Told>> byRun = new HashMap<>();
    polling
        .outbox
        .of("run")
        .forEach(told -> byRun.computeIfAbsent(told.runId(), any -> new ArrayList<>()).add(told));
    assertThat(byRun.keySet()).isEqualTo(polling.workspace.runs.keySet());
    int repeated = 0;
    for (FakeRun run : polling.workspace.runs.values()) {
      repeated += judge(run, byRun.get(run.id), polling.workspace.id);
    }
    assertThat(polling.outbox.incarnation).isEqualTo(CRASHES + 1);
    return repeated;
  }

  private static int judge(FakeRun run, List<Told> messages, String workspace) {
    Set<Long> real = new HashSet<>();
    for (long change : run.changes()) {
      real.add(change == FakeRun.NEVER ? 0 : version(run, change, workspace));
    }
    Map<Long, Integer> toldBy = new HashMap<>();
    int repeated = 0;
    for (Told told : messages) {
      long version = RunReading.of(bare((ObjectNode) told.value().deepCopy())).version();
      assertThat(real).as("a state of run %s: %s", run.id, told.value()).contains(version);
      long whole = RunReading.of(unpolled((ObjectNode) told.value().deepCopy())).version();
      Integer before = toldBy.put(whole, told.incarnation());
      if (before != null) {
        assertThat(before).as("run %s twice in one life", run.id).isNotEqualTo(told.incarnation());
        repeated++;
      }
    }
    Told last = messages.get(messages.size() - 1);
    long finalVersion = version(run, END, workspace);
    assertThat(RunReading.of(bare((ObjectNode) last.value().deepCopy())).version())
        .as("the final state of run %s", run.id)
        .isEqualTo(finalVersion);
    if (run.fails) {
      assertThat(last.states()).extracting(RunState::message).contains("ValueError: of " + run.id);
    }
    return repeated;
  }

  private static long version(FakeRun run, long at, String workspace) {
    return RunReading.of(bare(run.at(at).put("workspace_id", workspace))).version();
  }

  /** Without what the poller adds, and without the repairs, which lists leave out. */
  private static ObjectNode bare(ObjectNode run) {
    unpolled(run).remove("repair_history");
    run.path("tasks")
        .forEach(task -> ((ObjectNode) task).remove(List.of("run_output", Evidence.UNAVAILABLE)));
    return run;
  }

  private static ObjectNode unpolled(ObjectNode run) {
    run.remove("polled_at");
    return run;
  }
}
