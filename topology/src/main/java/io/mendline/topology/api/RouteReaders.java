package io.mendline.topology.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mendline.processors.ingest.IngestMemory;
import io.mendline.processors.kafka.StoreKeys;
import io.mendline.processors.pipeline.RouteMemory;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.serdes.binary.BinaryReader;
import java.util.ArrayList;
import java.util.List;

/** Reads how far sources have come, from the stores of ingest and intake. */
final class RouteReaders {
  private static final RouteMemory.Codec ROUTES = new RouteMemory.Codec();
  private static final IngestMemory.Codec INGEST = new IngestMemory.Codec();
  private static final String HEARD = "heard/";

  private RouteReaders() {}

  /** One row of the partition's watermarks, and one for each route and source that was heard. */
  static List<PartitionReader.Candidate> progress(StoreReader store, Question question)
      throws StoreReader.NotHere {
    List<PartitionReader.Candidate> found = new ArrayList<>();
    store.range(
        null,
        null,
        (bytes, value) -> {
          StateKey key = StoreKeys.read(bytes);
          if (key.equals(RouteMemory.WATERMARKS) || key.id().startsWith(HEARD)) {
            ObjectNode document = document(key, ROUTES.read(new BinaryReader(value)));
            found.add(
                PartitionReader.Candidate.of(
                    new RowKey(0, key.route() + " " + key.id()), document));
          }
          return true;
        });
    return found;
  }

  /** One row for each partition of an input topic that this partition of ingest reads. */
  static List<PartitionReader.Candidate> inputs(StoreReader store, Question question)
      throws StoreReader.NotHere {
    List<PartitionReader.Candidate> found = new ArrayList<>();
    store.range(
        StoreKeys.firstOf(IngestMemory.INPUT, ""),
        StoreKeys.endOf(IngestMemory.INPUT),
        (bytes, value) -> {
          String[] id = StoreKeys.read(bytes).id().split("/", 2);
          if (INGEST.read(new BinaryReader(value)) instanceof IngestMemory.Newest newest) {
            found.add(
                PartitionReader.Candidate.of(
                    new RowKey(0, id[0] + "/" + id[1]),
                    Json.object()
                        .put("source", id[0])
                        .put("partition", Integer.parseInt(id[1]))
                        .put("newestEvent", newest.eventTime())));
          }
          return true;
        });
    return found;
  }

  private static ObjectNode document(StateKey key, RouteMemory memory) {
    ObjectNode document = Json.object();
    if (memory instanceof RouteMemory.Watermarks watermarks) {
      ArrayNode sources = document.putArray("sources");
      for (RouteMemory.SourceProgress progress : watermarks.progress()) {
        ObjectNode source =
            sources
                .addObject()
                .put("source", progress.source().label())
                .put("reached", progress.reached());
        ArrayNode partitions = source.putArray("watermarks");
        progress.watermarks().forEach(partitions::add);
      }
    } else if (memory instanceof RouteMemory.Heard heard) {
      document
          .put("route", key.route())
          .put("source", key.id().substring(HEARD.length()))
          .put("heardUntil", heard.hearing().presence().heardUntil());
    }
    return document;
  }
}
