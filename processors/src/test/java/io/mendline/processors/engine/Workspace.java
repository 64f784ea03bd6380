package io.mendline.processors.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mendline.processors.ingest.Decoded;
import io.mendline.processors.ingest.RawMessage;
import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/** What a poller tells of the jobs of workspace 7700; times are minutes from the day's begin. */
final class Workspace {
  static final String CODE = "ModuleNotFoundError: No module named 'etl_common'";
  static final String PASSING = "The cluster was lost: spot instance reclaimed";

  private static final Instant DAY = Instant.parse("2026-06-01T00:00:00Z");

  private final List<Told> told = new ArrayList<>();

  /** What is told, and when it happened. */
  private record Told(long at, String json) {}

  /** A task of a run; child is {@code job/run} of another job that it started, or null. */
  record Task(String key, String result, String error, String child) {}

  static Instant at(double minute) {
    return DAY.plusMillis((long) (minute * 60_000));
  }

  /** Settings of a job. */
  Workspace job(double minute, int job, String name, String settings) {
    return tell(
        minute,
        """
        {"kind": "job", "workspaceId": "7700", "time": "%s",
         "job": {"job_id": %d, "settings": {"name": "%s"%s}}}
        """
            .formatted(at(minute), job, name, settings.isEmpty() ? "" : ", " + settings));
  }

  /** The job's deletion, as the audit log has it. */
  Workspace deleted(double minute, int job) {
    return tell(
        minute,
        """
        {"category": "jobs", "operationName": "Microsoft.Databricks/jobs/delete", "time": "%s",
         "properties": {"actionName": "delete", "requestParams": {"orgId": "7700", "job_id": "%d"}}}
        """
            .formatted(at(minute), job));
  }

  /** A run that went well. */
  Workspace succeeded(double minute, int job, int run) {
    return ended(minute, job, run, "PERIODIC", "SUCCESS");
  }

  /** A run one of whose tasks failed. */
  Workspace failed(double minute, int job, int run, String error) {
    return failed(minute, job, run, "PERIODIC", new Task("main", "FAILED", error, null));
  }

  Workspace failed(double minute, int job, int run, String trigger, Task... tasks) {
    return ended(minute, job, run, trigger, "FAILED", tasks);
  }

  private Workspace ended(
      double minute, int job, int run, String trigger, String result, Task... tasks) {
    StringBuilder of = new StringBuilder();
    for (Task task : tasks) {
      of.append(of.isEmpty() ? "" : ",").append(task(minute, run, task));
    }
    return tell(
        minute,
        """
        {"job_id": %d, "run_id": %d, "run_name": "job %d", "workspace_id": "7700", "trigger": "%s",
         "start_time": %d, "end_time": %d, "tasks": [%s],
         "state": {"life_cycle_state": "TERMINATED", "result_state": "%s"}}
        """
            .formatted(
                job,
                run,
                job,
                trigger,
                at(minute - 1).toEpochMilli(),
                at(minute).toEpochMilli(),
                of,
                result));
  }

  private static String task(double minute, int run, Task task) {
    String child = "";
    String output = "";
    if (task.child() != null) {
      String[] ids = task.child().split("/", 2);
      child = "\"run_job_task\": {\"job_id\": %s}, ".formatted(ids[0]);
      output = ", \"run_job_output\": {\"run_id\": %s}".formatted(ids[1]);
    }
    return """
        {"run_id": %d%d, "task_key": "%s", "end_time": %d, %s"run_output": {"error": "%s"%s},
         "state": {"life_cycle_state": "TERMINATED", "result_state": "%s"}}
        """
        .formatted(
            run,
            task.key().length(),
            task.key(),
            at(minute).toEpochMilli(),
            child,
            task.error() == null ? "" : task.error(),
            output,
            task.result());
  }

  /** The workspace is heard every minute. */
  Workspace alive(int from, int until) {
    for (int minute = from; minute < until; minute++) {
      tell(
          minute + 0.5,
          "{\"kind\":\"heartbeat\",\"workspaceId\":\"7700\",\"time\":\"%s\"}"
              .formatted(at(minute + 0.5)));
    }
    return this;
  }

  private Workspace tell(double minute, String json) {
    told.add(new Told(at(minute).toEpochMilli(), json));
    return this;
  }

  /** Everything in the order of its time. */
  void tellTo(LocalRuntime runtime) {
    List<Told> sorted = new ArrayList<>(told);
    sorted.sort(Comparator.comparingLong(Told::at));
    deliver(sorted, runtime);
  }

  /** The same delayed by chance within the lateness, some of it twice. */
  void disorderedTo(LocalRuntime runtime, Duration lateness, long seed) {
    Random random = new Random(seed);
    List<Told> delayed = new ArrayList<>();
    for (Told each : told) {
      for (int copies = random.nextInt(4) == 0 ? 2 : 1; copies > 0; copies--) {
        long delay = (long) (random.nextDouble() * lateness.toMillis());
        delayed.add(new Told(each.at() + delay, each.json()));
      }
    }
    Collections.shuffle(delayed, random);
    delayed.sort(Comparator.comparingLong(Told::at));
    deliver(delayed, runtime);
  }

  private static void deliver(List<Told> all, LocalRuntime runtime) {
    int offset = 0;
    for (Told each : all) {
      runtime.accept(
          Decoded.of(
              new RawMessage(
                  Source.RUNS,
                  new Coordinates("runs", 0, offset++),
                  each.at() + 1_000,
                  null,
                  each.json().getBytes(UTF_8))));
    }
  }
}
