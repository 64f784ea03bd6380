package io.mendline.topology.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mendline.processors.kafka.StoreKeys;
import io.mendline.processors.pipeline.Entry;
import io.mendline.processors.pipeline.EntryCodec;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.processors.recurrence.CauseHistory;
import io.mendline.processors.recurrence.CauseSummary;
import io.mendline.processors.recurrence.RecurrenceDetector;
import io.mendline.serdes.binary.BinaryReader;
import java.util.ArrayList;
import java.util.List;

/** Reads why things failed, from the store of recurrence: a row for each cause on each route. */
final class CauseReaders {
  private static final EntryCodec<CauseHistory> CODEC =
      new EntryCodec<>(new RecurrenceDetector().codec());

  private CauseReaders() {}

  static List<PartitionReader.Candidate> causes(StoreReader store, Question question)
      throws StoreReader.NotHere {
    List<PartitionReader.Candidate> found = new ArrayList<>();
    store.range(
        null,
        null,
        (bytes, value) -> {
          StateKey key = StoreKeys.read(bytes);
          Entry<CauseHistory> entry = CODEC.read(new BinaryReader(value));
          CauseSummary summary = entry.state() == null ? null : entry.state().summary();
          if (summary != null && summary.cause() != null) {
            found.add(
                PartitionReader.Candidate.of(
                    new RowKey(0, key.id() + " " + key.route()), document(key, summary)));
          }
          return true;
        });
    return found;
  }

  private static ObjectNode document(StateKey key, CauseSummary summary) {
    ObjectNode document = Json.object();
    document.set("rootCause", Json.of(summary.cause()));
    document
        .put("route", key.route())
        .put("kind", summary.kind().name())
        .put("failures", summary.failures())
        .put("firstAt", summary.firstAt())
        .put("lastAt", summary.lastAt())
        .put("recurring", summary.recurring())
        .put("repairsTried", summary.repairs().tried())
        .put("repairsWorked", summary.repairs().worked());
    var resources = document.putArray("resources");
    summary.resources().forEach(resources::add);
    return document;
  }
}
