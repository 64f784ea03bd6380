package io.mendline.databricks.poller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mendline.serdes.binary.BinaryWriter;
import io.mendline.serdes.telemetry.DecodedSink;
import io.mendline.serdes.telemetry.RunDecoder;
import io.mendline.serdes.telemetry.RunState;
import io.mendline.serdes.telemetry.RunState.Level;
import io.mendline.serdes.telemetry.RunState.Outcome;
import io.mendline.serdes.telemetry.TelemetryRecord;
import io.mendline.serdes.text.Redactor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A run object as those read it who it is written for. So its version changes with what they can
 * see, and with nothing else: neither with the time at which it was polled nor with fields that
 * nobody reads.
 */
final class RunReading {
  private static final RunDecoder DECODER = new RunDecoder(Redactor.standard());

  private final RunState whole;
  private final List<RunState> tasks;
  private final String problem;
  private final long version;

  private RunReading(RunState whole, List<RunState> tasks, String problem, long version) {
    this.whole = whole;
    this.tasks = tasks;
    this.problem = problem;
    this.version = version;
  }

  /** Reads a run object that names its workspace and not yet the time of the poll. */
  static RunReading of(ObjectNode run) {
    byte[] bytes = run.toString().getBytes(StandardCharsets.UTF_8);
    Collector found = new Collector();
    DECODER.decode(bytes, found);
    BinaryWriter content = new BinaryWriter(16 + 8 * found.states.size());
    RunState whole = null;
    List<RunState> tasks = new ArrayList<>();
    for (RunState state : found.states) {
      content.writeFixed64(state.contentId());
      if (state.level() == Level.JOB) {
        whole = state;
      } else {
        tasks.add(state);
      }
    }
    if (found.states.isEmpty()) {
      // Nobody can read it; by its bytes it is at least told once.
      content.writeBytes(bytes);
    }
    long version = content.hashFrom(0);
    return new RunReading(whole, tasks, found.problem, version == TrackedRun.NONE ? 1 : version);
  }

  /** Never {@link TrackedRun#NONE}. */
  long version() {
    return version;
  }

  /** Why nobody can read it; null if they can. */
  String problem() {
    return problem;
  }

  /** Whether those who can read it pass it over. */
  boolean tellsNothing() {
    return whole == null && tasks.isEmpty() && problem == null;
  }

  /** Whether more is to be expected of it. What is not known here ends when it has an end. */
  boolean active() {
    return whole != null
        && (whole.outcome() == Outcome.RUNNING
            || (whole.outcome() == Outcome.OTHER && whole.endTime() == TelemetryRecord.ABSENT));
  }

  /** Whether it ended, and there is nothing to mend. */
  boolean endedWell() {
    return whole != null
        && (whole.outcome() == Outcome.SUCCESS || whole.outcome() == Outcome.SKIPPED);
  }

  /** When it ended, milliseconds since 1970; 0 if it has not. */
  long end() {
    return whole == null ? 0 : Math.max(0, whole.endTime());
  }

  /** Whether it says that the whole has ended, well or not. */
  boolean endOfAll() {
    return whole != null && whole.outcome().terminal();
  }

  /** When what it says became true, milliseconds since 1970; 0 if it does not say. */
  long time() {
    RunState first = whole != null ? whole : tasks.isEmpty() ? null : tasks.get(0);
    return first == null ? 0 : Math.max(0, first.time());
  }

  /** Whether the run as a whole succeeded. */
  boolean succeeded() {
    return whole != null && whole.outcome() == Outcome.SUCCESS;
  }

  /** Whether the run as a whole failed. */
  boolean failed() {
    return whole != null && isFailure(whole);
  }

  /** Whether the run as a whole failed and has no tasks that could say why. */
  boolean failedAlone() {
    return tasks.isEmpty() && failed();
  }

  /** The ids of the runs of failed tasks, those first that failed first. */
  List<String> failedTasks() {
    return tasks.stream()
        .filter(task -> task.taskRunId() != null && isFailure(task))
        .sorted((a, b) -> Long.compare(a.time(), b.time()))
        .map(RunState::taskRunId)
        .distinct()
        .toList();
  }

  /** The ids of the runs of tasks that succeeded. */
  Set<String> succeededTasks() {
    return tasks.stream()
        .filter(task -> task.taskRunId() != null && task.outcome() == Outcome.SUCCESS)
        .map(RunState::taskRunId)
        .collect(Collectors.toSet());
  }

  private static boolean isFailure(RunState state) {
    return state.outcome() == Outcome.FAILED || state.outcome() == Outcome.TIMED_OUT;
  }

  /** Whether a run object has a task that runs a pipeline. */
  static boolean hasPipeline(ObjectNode run) {
    for (JsonNode task : run.path("tasks")) {
      if (task.has("pipeline_task")) {
        return true;
      }
    }
    return false;
  }

  private static final class Collector implements DecodedSink {
    private final List<RunState> states = new ArrayList<>();
    private String problem;

    @Override
    public void record(int index, TelemetryRecord fact) {
      states.add((RunState) fact);
    }

    @Override
    public void skipped(int index, String why) {}

    @Override
    public void bad(int index, String reason) {
      problem = reason;
    }

    @Override
    public void unreadable(String reason) {
      problem = reason;
    }
  }
}
