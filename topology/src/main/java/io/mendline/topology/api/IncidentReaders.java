package io.mendline.topology.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mendline.processors.incident.IncidentDocument;
import io.mendline.processors.incident.IncidentIndex;
import io.mendline.processors.incident.IncidentState;
import io.mendline.processors.incident.IncidentSummary;
import io.mendline.processors.incident.IncidentTracker;
import io.mendline.processors.kafka.StoreKeys;
import io.mendline.processors.pipeline.Entry;
import io.mendline.processors.pipeline.EntryCodec;
import io.mendline.processors.pipeline.Routes;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.schemas.IncidentStatus;
import io.mendline.schemas.ResourceType;
import io.mendline.serdes.binary.BinaryReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.common.utils.Bytes;

/** Reads incidents, and the findings they are about, from the store of incidents. */
final class IncidentReaders {
  private static final EntryCodec<IncidentState> CODEC =
      new EntryCodec<>(new IncidentTracker().codec());

  private IncidentReaders() {}

  /** Incidents that a filter takes. */
  static List<PartitionReader.Candidate> incidents(StoreReader store, Question question)
      throws StoreReader.NotHere {
    return listed(
        store, question, IncidentFilter.ofIncidents(question.filter()), IncidentReaders::inList);
  }

  /** Findings that a filter takes. */
  static List<PartitionReader.Candidate> findings(StoreReader store, Question question)
      throws StoreReader.NotHere {
    return listed(
        store, question, IncidentFilter.ofFindings(question.filter()), IncidentReaders::finding);
  }

  /** One incident, with its timeline. */
  static List<PartitionReader.Candidate> incident(StoreReader store, Question question)
      throws StoreReader.NotHere {
    String id = question.filter().get("id");
    IncidentState state = state(store, id);
    if (state == null || state.forgotten()) {
      return List.of();
    }
    return List.of(
        PartitionReader.Candidate.of(new RowKey(0, id), Json.of(IncidentDocument.of(state))));
  }

  /** All incidents of a resource, each with its finding. */
  static List<PartitionReader.Candidate> ofResource(StoreReader store, Question question)
      throws StoreReader.NotHere {
    ResourceType type =
        Parameters.symbol("type", question.filter().get("type"), ResourceType.class);
    String resource = question.filter().get("id");
    List<String> ids = new ArrayList<>();
    int before = StoreKeys.ofIndex(IncidentIndex.byResource(type, resource, "")).get().length;
    store.range(
        StoreKeys.ofIndex(IncidentIndex.byResource(type, resource, "")),
        StoreKeys.ofIndex(IncidentIndex.endOf(type, resource)),
        (key, value) -> {
          byte[] bytes = key.get();
          ids.add(new String(bytes, before, bytes.length - before, StandardCharsets.UTF_8));
          return ids.size() < question.limit();
        });
    List<PartitionReader.Candidate> found = new ArrayList<>();
    for (String id : ids) {
      IncidentState state = state(store, id);
      if (state != null && !state.forgotten()) {
        ObjectNode document = Json.object();
        document.set("incident", inList(state));
        document.set("finding", finding(state));
        found.add(
            PartitionReader.Candidate.of(
                new RowKey(IncidentSummary.of(state).updatedAt(), id), document));
      }
    }
    return found;
  }

  private static List<PartitionReader.Candidate> listed(
      StoreReader store,
      Question question,
      IncidentFilter filter,
      Function<IncidentState, ObjectNode> shown)
      throws StoreReader.NotHere {
    Set<IncidentStatus> statuses =
        filter.statuses().isEmpty() ? Set.of(IncidentStatus.values()) : filter.statuses();
    List<PartitionReader.Candidate> found = new ArrayList<>();
    for (IncidentStatus status : statuses) {
      int most = found.size() + question.limit() + 1;
      store.range(
          StoreKeys.ofIndex(IncidentIndex.byStatus(status, question.after().at(), "")),
          StoreKeys.ofIndex(IncidentIndex.endOf(status)),
          (Bytes key, byte[] value) -> {
            IncidentSummary summary = IncidentSummary.read(new BinaryReader(value));
            RowKey place = new RowKey(summary.updatedAt(), summary.id());
            if (place.compareTo(question.after()) > 0 && filter.takes(summary)) {
              found.add(
                  new PartitionReader.Candidate(
                      place,
                      () -> {
                        IncidentState state = state(store, summary.id());
                        return state == null || state.forgotten() ? null : shown.apply(state);
                      }));
            }
            return found.size() < most;
          });
    }
    return found;
  }

  private static IncidentState state(StoreReader store, String id) throws StoreReader.NotHere {
    byte[] bytes = store.get(StoreKeys.of(new StateKey(id.substring(0, Routes.HASH_LENGTH), id)));
    if (bytes == null) {
      return null;
    }
    Entry<IncidentState> entry = CODEC.read(new BinaryReader(bytes));
    return entry.state();
  }

  /** As lists show it: its timeline has an address of its own. */
  private static ObjectNode inList(IncidentState state) {
    ObjectNode document = Json.of(IncidentDocument.of(state));
    document.remove("timeline");
    return document;
  }

  private static ObjectNode finding(IncidentState state) {
    return Json.of(IncidentDocument.finding(state))
        .put("incidentId", IncidentSummary.of(state).id());
  }
}
