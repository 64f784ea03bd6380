package io.mendline.databricks.poller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.mendline.serdes.text.FreeText;
import io.mendline.serdes.text.Redactor;
import java.util.Map;
import java.util.Set;

/**
 * The messages that tell of an update of a pipeline and of an event of it, in the shapes that the
 * decoder of runs reads: what the API gives, redacted, without what no detector reads. So they are
 * small whatever a pipeline is configured with or its event log holds.
 */
final class PipelineMessages {
  private static final FreeText TEXTS = new FreeText(Redactor.standard());

  /** The decoder reads no more. */
  private static final int MOST_EXCEPTIONS = 20;

  private static final Set<String> OF_AN_UPDATE =
      Set.of(
          "pipeline_id",
          "update_id",
          "state",
          "cause",
          "cluster_id",
          "creation_time",
          "full_refresh",
          "validate_only");
  private static final Set<String> OF_AN_EVENT =
      Set.of("id", "origin", "timestamp", "message", "level", "event_type", "error", "details");
  private static final Set<String> OF_AN_ORIGIN =
      Set.of(
          "pipeline_id", "pipeline_name", "update_id", "flow_name", "dataset_name", "cluster_id");
  private static final Set<String> OF_DETAILS = Set.of("update_progress", "create_update");
  private static final Set<String> OF_AN_EXCEPTION = Set.of("class_name", "message");

  private PipelineMessages() {}

  /**
   * {@code {"workspace_id":…,"pipeline_name":…,"update":{…}}}, without a time.
   *
   * @param name may be null
   * @param update loses what is not told
   */
  static ObjectNode update(String workspaceId, String name, ObjectNode update) {
    Scrubber.scrub(update.retain(OF_AN_UPDATE));
    ObjectNode message = update.objectNode().put("workspace_id", workspaceId);
    if (name != null) {
      message.put("pipeline_name", TEXTS.line(name));
    }
    message.set("update", update);
    return message;
  }

  /**
   * The event with the id of the workspace.
   *
   * @param event loses what is not told
   */
  static ObjectNode event(String workspaceId, ObjectNode event) {
    event.retain(OF_AN_EVENT);
    within(event, "origin", OF_AN_ORIGIN);
    within(event, "details", OF_DETAILS);
    cut(event, "message");
    if (event.path("error").get("exceptions") instanceof ArrayNode exceptions) {
      while (exceptions.size() > MOST_EXCEPTIONS) {
        exceptions.remove(exceptions.size() - 1);
      }
      for (JsonNode exception : exceptions) {
        if (exception instanceof ObjectNode object) {
          cut(object.retain(OF_AN_EXCEPTION), "message");
        }
      }
    }
    Scrubber.scrub(event);
    return event.put("workspace_id", workspaceId);
  }

  private static void within(ObjectNode event, String field, Set<String> kept) {
    if (event.get(field) instanceof ObjectNode object) {
      object.retain(kept);
    }
  }

  private static void cut(ObjectNode object, String field) {
    for (Map.Entry<String, JsonNode> each : object.properties()) {
      if (each.getKey().equals(field) && each.getValue().isTextual()) {
        String text = TEXTS.message(each.getValue().textValue());
        each.setValue(TextNode.valueOf(text == null ? "" : text));
      }
    }
  }
}
