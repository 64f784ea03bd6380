package io.mendline.databricks.poller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Keeps a message below what a broker takes. A run may have 1,000 tasks, each with its whole
 * definition. What is too large loses, in this order, until it fits: what no detector reads of it,
 * traces and logs, the longest reports of items, tasks that did not fail, and the last tasks of
 * all. Of a job, the definitions of its tasks beyond key and type.
 */
final class MessageSize {
  /** Brokers take 1 MiB unless told otherwise, Event Hubs 1,000,000 bytes; both count headers. */
  static final int MOST_BYTES = 900_000;

  private static final String TOO_LARGE = "too-large";

  private static final Set<String> READ_OF_A_RUN =
      Set.of(
          "workspace_id",
          "polled_at",
          "job_id",
          "run_id",
          "run_name",
          "run_page_url",
          "run_type",
          "trigger",
          "tags",
          "attempt_number",
          "start_time",
          "end_time",
          "run_duration",
          "setup_duration",
          "execution_duration",
          "cleanup_duration",
          "state",
          "status",
          "cluster_instance",
          "repair_history",
          "run_output",
          "run_job_task",
          Evidence.UNAVAILABLE,
          "tasks",
          "task_key");

  private static final Set<String> KEPT_OF_A_TASK =
      Set.of(
          "task_key",
          "max_retries",
          "timeout_seconds",
          "email_notifications",
          "webhook_notifications");

  private MessageSize() {}

  /** The bytes of a run; the object may lose fields. */
  static byte[] ofRun(ObjectNode run, List<String> failedTasks) {
    byte[] bytes = bytes(run);
    if (bytes.length <= MOST_BYTES) {
      return bytes;
    }
    run.retain(READ_OF_A_RUN);
    for (JsonNode task : tasks(run)) {
      if (task instanceof ObjectNode object) {
        object.retain(READ_OF_A_RUN);
      }
    }
    bytes = bytes(run);
    if (bytes.length > MOST_BYTES) {
      tasks(run).forEach(MessageSize::shorten);
      bytes = bytes(run);
    }
    for (ObjectNode longest = longestReport(run);
        bytes.length > MOST_BYTES && longest != null;
        longest = longestReport(run)) {
      ((ObjectNode) longest.get("run_output")).remove(Evidence.REPORT);
      longest.put(Evidence.UNAVAILABLE, TOO_LARGE);
      bytes = bytes(run);
    }
    if (bytes.length > MOST_BYTES) {
      removeTasks(run, failedTasks);
      bytes = bytes(run);
    }
    while (bytes.length > MOST_BYTES && !tasks(run).isEmpty()) {
      ArrayNode tasks = (ArrayNode) run.get("tasks");
      for (int left = tasks.size() / 2; tasks.size() > left; ) {
        tasks.remove(tasks.size() - 1);
      }
      bytes = bytes(run);
    }
    return bytes;
  }

  /** The bytes of a job's message; the job may lose fields. */
  static byte[] ofJob(ObjectNode message) {
    byte[] bytes = bytes(message);
    if (bytes.length <= MOST_BYTES) {
      return bytes;
    }
    if (message.at("/job/settings") instanceof ObjectNode settings) {
      settings.remove(List.of("job_clusters", "environments", "parameters", "git_source"));
      for (JsonNode task : settings.path("tasks")) {
        if (task instanceof ObjectNode definition) {
          reduce(definition);
        }
      }
    }
    return bytes(message);
  }

  private static void reduce(ObjectNode definition) {
    for (String field : names(definition)) {
      if (field.endsWith("_task")) {
        definition.putObject(field);
      } else if (!KEPT_OF_A_TASK.contains(field)) {
        definition.remove(field);
      }
    }
  }

  private static List<String> names(ObjectNode object) {
    return object.properties().stream().map(Map.Entry::getKey).toList();
  }

  private static void shorten(JsonNode task) {
    if (task.get("run_output") instanceof ObjectNode output) {
      output.remove(List.of("error_trace", "logs"));
    }
  }

  /** The task whose report is the longest; null where there is none. */
  private static ObjectNode longestReport(ObjectNode run) {
    ObjectNode longest = null;
    int most = 0;
    for (JsonNode task : tasks(run)) {
      int length = task.at("/run_output/notebook_output/result").asText("").length();
      if (length > most) {
        most = length;
        longest = (ObjectNode) task;
      }
    }
    return longest;
  }

  private static void removeTasks(ObjectNode run, List<String> failedTasks) {
    ArrayNode failed = run.arrayNode();
    for (JsonNode task : tasks(run)) {
      if (failedTasks.contains(task.path("run_id").asText())) {
        failed.add(task);
      }
    }
    run.set("tasks", failed);
  }

  private static JsonNode tasks(ObjectNode run) {
    return run.path("tasks");
  }

  private static byte[] bytes(ObjectNode object) {
    return object.toString().getBytes(StandardCharsets.UTF_8);
  }
}
