package io.mendline.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A run after a repair, as Get Run of the Jobs API tells it: the same run with a later end, the
 * repair in its history, and the tasks that had failed run once more.
 */
final class RepairedRun {
  private static final int REPAIR_IDS = 100;

  private final JsonNode failed;
  private final int attempt;
  private final long began;
  private final long tasksEnded;
  private final long ended;
  private final boolean succeeds;

  /**
   * A run after a repair.
   *
   * @param failed the run as it was last told, in the shape of 2.1 or 2.2
   * @param attempt which repair it is, from 1
   * @param began when the repair began, epoch milliseconds
   * @param tasksEnded when the last task ended
   * @param ended when the run as a whole ended
   * @param succeeds whether it succeeded, or failed as before
   */
  RepairedRun(
      JsonNode failed, int attempt, long began, long tasksEnded, long ended, boolean succeeds) {
    this.failed = failed;
    this.attempt = attempt;
    this.began = began;
    this.tasksEnded = tasksEnded;
    this.ended = ended;
    this.succeeds = succeeds;
  }

  /** Whether this is a run object that tells of an ended run, not a record of the audit log. */
  static boolean isEnded(JsonNode message) {
    return message.has("run_id") && message.path("end_time").asLong() > 0;
  }

  /** The platform's id of the repair. */
  String repairId() {
    return Long.toString(failed.get("run_id").asLong() * REPAIR_IDS + attempt);
  }

  /** Why it failed, for the executor's report. */
  String failure() {
    String code = failed.path("status").path("termination_details").path("code").asText("");
    return code.isEmpty() ? "the run failed again" : "the run failed again: " + code;
  }

  /** The run object. */
  ObjectNode object() {
    ObjectNode run = failed.deepCopy();
    run.put("end_time", ended);
    run.put("run_duration", ended - run.path("start_time").asLong());
    ArrayNode history = run.withArrayProperty("repair_history");
    if (history.isEmpty()) {
      ObjectNode original = history.addObject();
      original.put("type", "ORIGINAL");
      original.put("start_time", failed.path("start_time").asLong());
      original.put("end_time", failed.path("end_time").asLong());
      state(failed, original, false);
    }
    ObjectNode repair = history.addObject();
    repair.put("type", "REPAIR");
    repair.put("id", Long.parseLong(repairId()));
    repair.put("start_time", began);
    repair.put("end_time", ended);
    state(failed, repair, succeeds);
    state(failed, run, succeeds);
    for (JsonNode task : run.path("tasks")) {
      if (!hasSucceeded(task)) {
        repeat((ObjectNode) task);
      }
    }
    return run;
  }

  private void repeat(ObjectNode task) {
    task.put("run_id", task.get("run_id").asLong() * REPAIR_IDS + attempt);
    task.put("attempt_number", attempt);
    task.put("start_time", began);
    task.put("end_time", tasksEnded);
    state(task, task, succeeds);
  }

  private static boolean hasSucceeded(JsonNode task) {
    return task.path("state").path("result_state").asText().equals("SUCCESS")
        || task.path("status").path("termination_details").path("code").asText().equals("SUCCESS");
  }

  /** Writes how it ended in the shape in which the run is told. */
  private static void state(JsonNode before, ObjectNode to, boolean success) {
    if (!success) {
      for (String shape : new String[] {"state", "status"}) {
        if (before.has(shape)) {
          to.set(shape, before.get(shape).deepCopy());
        }
      }
      return;
    }
    if (before.has("state")) {
      ObjectNode state = to.putObject("state");
      state.put("life_cycle_state", "TERMINATED");
      state.put("result_state", "SUCCESS");
      state.put("state_message", "");
    }
    if (before.has("status")) {
      ObjectNode status = to.putObject("status");
      status.put("state", "TERMINATED");
      ObjectNode details = status.putObject("termination_details");
      details.put("code", "SUCCESS");
      details.put("type", "SUCCESS");
      details.put("message", "");
    }
  }
}
