package io.mendline.topology.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * What one instance knows of the partitions that it was asked for.
 *
 * @param partitions those that it holds; one that is left out it does not hold
 * @param rows what it has found, in order, at most one more than was asked for
 */
record HostAnswer(List<Held> partitions, List<Row> rows) {
  /**
   * A partition that an instance holds.
   *
   * @param active whether the instance processes it; else it keeps a copy
   * @param behind how many changes of the state it has not seen yet; 0 when it knows all
   */
  record Held(int partition, boolean active, long behind) {}

  ObjectNode document() {
    ObjectNode document = Json.object();
    var held = document.putArray("partitions");
    partitions.forEach(
        each ->
            held.addObject()
                .put("partition", each.partition())
                .put("active", each.active())
                .put("behind", each.behind()));
    var found = document.putArray("rows");
    rows.forEach(
        row ->
            found
                .addObject()
                .put("at", row.key().at())
                .put("id", row.key().id())
                .set("document", row.document()));
    return document;
  }

  static HostAnswer read(JsonNode document) {
    List<Held> held = new ArrayList<>();
    document
        .path("partitions")
        .forEach(
            each ->
                held.add(
                    new Held(
                        each.path("partition").asInt(),
                        each.path("active").asBoolean(),
                        each.path("behind").asLong())));
    List<Row> rows = new ArrayList<>();
    document
        .path("rows")
        .forEach(
            row ->
                rows.add(
                    new Row(
                        new RowKey(row.path("at").asLong(), row.path("id").asText()),
                        (ObjectNode) row.path("document"))));
    return new HostAnswer(held, rows);
  }
}
