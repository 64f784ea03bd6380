package io.mendline.databricks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The life of a pipeline: its updates, each with an event log. */
public final class FakePipeline {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long NEVER = Long.MAX_VALUE;
  private static final int LATEST = 5;

  public final String id;
  public String name;
  public final List<Update> updates = new CopyOnWriteArrayList<>();

  public FakePipeline(String id, String name) {
    this.id = id;
    this.name = name;
  }

  /** An update that is made at a time, milliseconds since 1970. */
  public Update update(String updateId, long created) {
    Update update = new Update(updateId, created);
    updates.add(update);
    return update;
  }

  /** Those that there are at a time, the newest first. */
  List<Update> updates(long now) {
    return updates.stream()
        .filter(update -> update.created <= now)
        .sorted(Comparator.comparingLong((Update update) -> -update.created))
        .toList();
  }

  /** As the list of pipelines shows it. */
  ObjectNode status(long now) {
    ObjectNode status = JSON.createObjectNode().put("pipeline_id", id).put("name", name);
    List<Update> all = updates(now);
    for (Update update : all.subList(0, Math.min(LATEST, all.size()))) {
      status
          .withArray("latest_updates")
          .addObject()
          .put("update_id", update.id)
          .put("state", update.state(now))
          .put("creation_time", Instant.ofEpochMilli(update.created).toString());
    }
    return status;
  }

  /** The event log at a time, the oldest first. */
  List<ObjectNode> events(long now) {
    List<ObjectNode> events = new ArrayList<>();
    updates(now).forEach(update -> update.events(now, events));
    events.sort(Comparator.comparing(event -> event.path("timestamp").asText()));
    return events;
  }

  /** An update of the pipeline. */
  public final class Update {
    public final String id;
    public final long created;
    public boolean validates;
    public long end = NEVER;

    /** How long its events take to appear in the log, milliseconds. */
    public long logLag;

    private String ends = "COMPLETED";
    private final List<Long> errors = new ArrayList<>();

    Update(String id, long created) {
      this.id = id;
      this.created = created;
    }

    public FakePipeline pipeline() {
      return FakePipeline.this;
    }

    /** It ends in a state. */
    public Update ends(String state, long time) {
      ends = state;
      end = time;
      return this;
    }

    /** A flow of it fails, and is tried again. */
    public Update flowFails(long time) {
      errors.add(time);
      return this;
    }

    /** When a flow of it failed. */
    public List<Long> errorTimes() {
      return List.copyOf(errors);
    }

    public String state(long now) {
      return now >= end ? ends : now < created + 20_000 ? "INITIALIZING" : "RUNNING";
    }

    /** As it is told of, when {@code config} is whether the whole configuration is shown. */
    public ObjectNode at(long now, boolean config) {
      ObjectNode update = JSON.createObjectNode();
      update.put("pipeline_id", FakePipeline.this.id).put("update_id", id).put("cause", "JOB_TASK");
      update.put("state", state(now)).put("creation_time", created).put("full_refresh", false);
      update.put("cluster_id", "0601-a");
      if (validates) {
        update.put("validate_only", true);
      }
      if (config) {
        ObjectNode spec = update.putObject("config").put("name", name);
        spec.putObject("configuration").put("db.password", "hunter2hunter2");
      }
      return update;
    }

    private void events(long now, List<ObjectNode> to) {
      event(to, created, "INFO", "create_update", "Update " + id + " started by JOB_TASK.")
          .putObject("details")
          .putObject("create_update")
          .put("cause", "JOB_TASK");
      progress(event(to, created + 1, "INFO", "update_progress", "INITIALIZING"), "INITIALIZING");
      for (long at : errors) {
        if (at + logLag <= now) {
          ObjectNode event = event(to, at, "ERROR", "flow_progress", "Flow 'bronze' has FAILED.");
          ((ObjectNode) event.get("origin")).put("flow_name", "bronze");
          event.putObject("details").putObject("flow_progress").put("status", "FAILED");
          fault(event);
        }
      }
      if (end != NEVER && end + logLag <= now) {
        boolean failed = ends.equals("FAILED");
        String message = "Update " + id + " is " + ends + ".";
        ObjectNode event = event(to, end, failed ? "ERROR" : "INFO", "update_progress", message);
        progress(event, ends);
        if (failed) {
          fault(event);
        }
      }
    }

    private ObjectNode event(
        List<ObjectNode> to, long at, String level, String type, String message) {
      ObjectNode event = JSON.createObjectNode();
      event.put("id", id + "-" + type + "-" + at);
      event
          .putObject("origin")
          .put("org_id", 7700L)
          .put("pipeline_id", FakePipeline.this.id)
          .put("pipeline_name", name)
          .put("update_id", id);
      event.put("timestamp", Instant.ofEpochMilli(at).toString()).put("message", message);
      event.put("level", level).put("event_type", type);
      to.add(event);
      return event;
    }

    private static void progress(ObjectNode event, String state) {
      event.putObject("details").putObject("update_progress").put("state", state);
    }

    private static void fault(ObjectNode event) {
      event
          .putObject("error")
          .put("fatal", true)
          .putArray("exceptions")
          .addObject()
          .put("class_name", "java.lang.IllegalStateException")
          .put("message", "[STREAM_FAILED] cannot log in with " + FakeWorkspace.TOKEN)
          .putArray("stack")
          .addObject()
          .put("declaring_class", "A");
    }
  }
}
