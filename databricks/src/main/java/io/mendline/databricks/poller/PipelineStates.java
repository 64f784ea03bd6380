package io.mendline.databricks.poller;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.mendline.databricks.poller.TrackedUpdate.Phase;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;

/** The part of a state file that is about pipelines; files of before have none. */
final class PipelineStates {
  private static final int HEX = 16;

  private PipelineStates() {}

  static void write(JsonGenerator json, Iterable<TrackedPipeline> pipelines) throws IOException {
    json.writeArrayFieldStart("pipelines");
    for (TrackedPipeline pipeline : pipelines) {
      json.writeStartObject();
      json.writeStringField("id", pipeline.id);
      if (pipeline.name != null) {
        json.writeStringField("name", pipeline.name);
      }
      json.writeNumberField("position", pipeline.position);
      json.writeArrayFieldStart("updates");
      for (TrackedUpdate update : pipeline.updates.values()) {
        write(json, update);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void write(JsonGenerator json, TrackedUpdate update) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", update.id);
    json.writeNumberField("created", update.created);
    json.writeNumberField("eventsFrom", update.eventsFrom);
    json.writeStringField("phase", update.phase.name().toLowerCase(Locale.ROOT));
    StateFile.version(json, "told", update.told);
    number(json, "seenActive", update.seenActive);
    number(json, "seenEnded", update.seenEnded);
    number(json, "misses", update.misses);
    if (!update.events.isEmpty()) {
      json.writeObjectFieldStart("events");
      for (Map.Entry<Long, Long> event : update.events.entrySet()) {
        json.writeNumberField(Long.toHexString(event.getKey()), event.getValue());
      }
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  private static void number(JsonGenerator json, String field, long number) throws IOException {
    if (number != 0) {
      json.writeNumberField(field, number);
    }
  }

  static void read(JsonNode json, Map<String, TrackedPipeline> into) {
    for (JsonNode each : json.path("pipelines")) {
      TrackedPipeline pipeline =
          new TrackedPipeline(each.path("id").asText(), each.path("position").asLong());
      pipeline.name = each.path("name").asText(null);
      for (JsonNode update : each.path("updates")) {
        TrackedUpdate read = update(update);
        pipeline.updates.put(read.id, read);
      }
      into.put(pipeline.id, pipeline);
    }
  }

  private static TrackedUpdate update(JsonNode json) {
    TrackedUpdate update =
        new TrackedUpdate(
            json.path("id").asText(),
            json.path("created").asLong(),
            json.path("eventsFrom").asLong());
    update.phase = Phase.valueOf(json.path("phase").asText().toUpperCase(Locale.ROOT));
    update.told = StateFile.version(json.path("told"));
    update.seenActive = json.path("seenActive").asLong();
    update.seenEnded = json.path("seenEnded").asLong();
    update.misses = json.path("misses").asInt();
    for (Map.Entry<String, JsonNode> event : json.path("events").properties()) {
      update.events.put(Long.parseUnsignedLong(event.getKey(), HEX), event.getValue().asLong());
    }
    return update;
  }
}
