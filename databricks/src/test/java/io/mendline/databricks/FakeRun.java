package io.mendline.databricks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The life of a run with some tasks, of which the last fails if one does: it starts, it ends, and
 * perhaps it is repaired and ends well.
 */
public final class FakeRun {
  private static final ObjectMapper JSON = new ObjectMapper();
  public static final long NEVER = Long.MAX_VALUE;

  public final String id;
  public final long jobId;
  public final long start;
  public long visibleFrom;
  public long end = NEVER;
  public boolean fails;
  public long repairedFrom = NEVER;
  public long repairedTo = NEVER;
  public int tasks = 2;
  public boolean pipeline;

  public FakeRun(long id, long jobId, long start) {
    this.id = Long.toString(id);
    this.jobId = jobId;
    this.start = start;
    this.visibleFrom = start;
  }

  public FakeRun endsAt(long time) {
    end = time;
    return this;
  }

  public FakeRun failsAt(long time) {
    fails = true;
    return endsAt(time);
  }

  public FakeRun repaired(long from, long to) {
    repairedFrom = from;
    repairedTo = to;
    return this;
  }

  /** The id of the run of the task that fails. */
  public String failedTask() {
    return task(tasks, false);
  }

  /** The id of the run of a task, counted from 1. */
  public String task(int number) {
    return task(number, false);
  }

  private String task(int number, boolean repair) {
    return Long.toString(Long.parseLong(id) * 10_000 + number + (repair ? 5_000 : 0));
  }

  public boolean isActive(long now) {
    return now < end || (now >= repairedFrom && now < repairedTo);
  }

  /** The times at which what can be seen of it changes. */
  public long[] changes() {
    return new long[] {visibleFrom, end, repairedFrom, repairedTo};
  }

  /** As {@code runs/get} shows it. */
  public ObjectNode at(long now) {
    ObjectNode run = JSON.createObjectNode();
    run.put("job_id", jobId).put("run_id", Long.parseLong(id)).put("run_name", "job " + jobId);
    run.put("run_type", "JOB_RUN").put("trigger", "PERIODIC").put("start_time", start);
    run.put("execution_duration", now); // what goes on changing is no news
    boolean active = isActive(now);
    boolean repaired = now >= repairedTo;
    long ended = repaired ? repairedTo : end;
    run.put("end_time", active ? 0 : ended);
    state(run, active, fails && !repaired);
    if (now >= repairedFrom) {
      ArrayNode history = run.putArray("repair_history");
      history.addObject().put("type", "ORIGINAL");
      history.addObject().put("type", "REPAIR").put("id", Long.parseLong(id) + 7);
    }
    ArrayNode all = run.putArray("tasks");
    for (int number = 1; number <= tasks; number++) {
      boolean failed = fails && number == tasks;
      ObjectNode task = task(all, number, false);
      task.put("end_time", now < end ? 0 : end);
      state(task, now < end, failed);
    }
    if (now >= repairedFrom) {
      ObjectNode task = task(all, tasks, true);
      task.put("end_time", repaired ? repairedTo : 0);
      state(task, !repaired, false);
    }
    return run;
  }

  private ObjectNode task(ArrayNode all, int number, boolean repair) {
    ObjectNode task = all.addObject();
    task.put("run_id", Long.parseLong(task(number, repair))).put("task_key", "step_" + number);
    task.put("attempt_number", repair ? 1 : 0).put("start_time", repair ? repairedFrom : start);
    task.putObject(pipeline ? "pipeline_task" : "notebook_task");
    return task;
  }

  private static void state(ObjectNode of, boolean active, boolean failed) {
    ObjectNode state = of.putObject("state");
    if (active) {
      state.put("life_cycle_state", "RUNNING").put("state_message", "In run");
    } else if (failed) {
      state.put("life_cycle_state", "INTERNAL_ERROR").put("result_state", "FAILED");
      state.put("state_message", "Workload failed, see run output for details.");
    } else {
      state.put("life_cycle_state", "TERMINATED").put("result_state", "SUCCESS");
    }
  }
}
