package io.mendline.topology.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mendline.processors.engine.Pipeline;
import io.mendline.processors.governor.GovernorCodec;
import io.mendline.processors.governor.GovernorMemory;
import io.mendline.processors.governor.GovernorMemory.Phase;
import io.mendline.processors.governor.GovernorMemory.Tracked;
import io.mendline.processors.kafka.StoreKeys;
import io.mendline.processors.partitions.PartitionReport;
import io.mendline.processors.partitions.PartitionState;
import io.mendline.processors.pipeline.Entry;
import io.mendline.processors.pipeline.EntryCodec;
import io.mendline.processors.pipeline.JoinedDetector.Parts;
import io.mendline.processors.pipeline.Routes;
import io.mendline.schemas.Action;
import io.mendline.schemas.Command;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.telemetry.PartitionRow;
import io.mendline.serdes.telemetry.TelemetryRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads how partitions of datasets are, and what became of their backfills. */
final class PartitionReaders {
  /** The parameters of {@code /partitions}. */
  static final Set<String> PARAMETERS = Set.of("state", "dataset", "layer");

  /** The parameters of {@code /backfills}. */
  static final Set<String> BACKFILL_PARAMETERS = Set.of("status", "dataset", "layer", "date");

  private static final EntryCodec<Parts> CODEC = new EntryCodec<>(Pipeline.runsCodec());
  private static final GovernorCodec GOVERNOR = new GovernorCodec();

  /** How a backfill is told of in the log that operators read. */
  enum Execution {
    /** It is asked for, and something stands in its way. */
    WAITING("Waiting"),
    /** It was sent to the executor. */
    TRIGGERED("Triggered"),
    /** It was not sent. */
    SKIPPED("Skipped"),
    /** It was sent, and the executor did not take it. */
    FAILED_TO_TRIGGER("FailedToTrigger");

    private final String text;

    Execution(String text) {
      this.text = text;
    }
  }

  private PartitionReaders() {}

  /**
   * Reads the filter of partitions once, before partitions of the engine do.
   *
   * @throws Problem when it cannot be meant
   */
  static void check(Map<String, String> filter) {
    Set<PartitionReport.State> unused =
        Parameters.symbols(filter, "state", PartitionReport.State.class);
  }

  /**
   * Reads the filter of backfills once, before partitions of the engine do.
   *
   * @throws Problem when it cannot be meant
   */
  static void checkBackfills(Map<String, String> filter) {
    Set<Execution> unused = Parameters.symbols(filter, "status", Execution.class);
  }

  /** Partitions that a filter takes, the oldest first. */
  static List<PartitionReader.Candidate> partitions(StoreReader store, Question question)
      throws StoreReader.NotHere {
    Map<String, String> filter = question.filter();
    Set<PartitionReport.State> wanted =
        Parameters.symbols(filter, "state", PartitionReport.State.class);
    String start = Routes.dataset(filter.getOrDefault("dataset", ""));
    boolean one = filter.containsKey("dataset");
    List<PartitionReader.Candidate> found = new ArrayList<>();
    store.range(
        StoreKeys.firstOf(start, ""),
        one ? StoreKeys.endOf(start) : null,
        (bytes, value) -> {
          if (!StoreKeys.read(bytes).route().startsWith(start)) {
            return false;
          }
          Entry<Parts> entry = CODEC.read(new BinaryReader(value));
          PartitionState state =
              entry.state() == null ? null : entry.state().of(PartitionState.class);
          if (state != null) {
            for (PartitionReport report : PartitionReport.of(state)) {
              if ((wanted.isEmpty() || wanted.contains(report.state()))
                  && takes(filter, "layer", report.row().layer())) {
                add(found, question, place(report.row()), () -> document(report));
              }
            }
          }
          return true;
        });
    return found;
  }

  /** Backfills that a filter takes, the last changed first. */
  static List<PartitionReader.Candidate> backfills(StoreReader store, Question question)
      throws StoreReader.NotHere {
    Map<String, String> filter = question.filter();
    Set<Execution> wanted = Parameters.symbols(filter, "status", Execution.class);
    List<PartitionReader.Candidate> found = new ArrayList<>();
    store.range(
        StoreKeys.firstOf(GovernorMemory.COMMAND, ""),
        StoreKeys.endOf(GovernorMemory.COMMAND),
        (key, value) -> {
          if (GOVERNOR.read(new BinaryReader(value)) instanceof Tracked tracked
              && tracked.command().getAction() == Action.BACKFILL_PARTITION
              && (wanted.isEmpty() || wanted.contains(execution(tracked)))) {
            String[] partition = partition(tracked.command());
            if (takes(filter, "dataset", partition[0])
                && takes(filter, "layer", partition[1])
                && takes(filter, "date", partition[2])) {
              add(
                  found,
                  question,
                  new RowKey(tracked.changedAt(), tracked.command().getId()),
                  () -> document(tracked));
            }
          }
          return true;
        });
    return found;
  }

  private static void add(
      List<PartitionReader.Candidate> found,
      Question question,
      RowKey place,
      PartitionReader.Document document) {
    if (place.compareTo(question.after()) > 0) {
      found.add(new PartitionReader.Candidate(place, document));
    }
  }

  private static RowKey place(PartitionRow row) {
    return new RowKey(0, row.date() + ' ' + row.resourceId());
  }

  private static boolean takes(Map<String, String> filter, String name, String value) {
    return !filter.containsKey(name) || filter.get(name).equalsIgnoreCase(value);
  }

  private static ObjectNode document(PartitionReport report) {
    PartitionRow row = report.row();
    return Json.object()
        .put("resource", row.resourceId())
        .put("dataset", row.dataset())
        .put("layer", row.layer())
        .put("partitionDate", row.date())
        .put("state", report.state().name())
        .put("status", row.statusText())
        .put("dqStatus", row.qualityText())
        .put("retryCount", row.retryCount())
        .put(
            "maxRetryCount",
            row.maxRetryCount() == TelemetryRecord.ABSENT ? null : (Long) row.maxRetryCount())
        .put("waitsFor", report.waitsFor().isEmpty() ? null : report.waitsFor())
        .put("reason", row.reason())
        .put("since", report.since() == PartitionReport.NONE ? null : instant(report.since()))
        .put("asOf", instant(row.time()));
  }

  private static ObjectNode document(Tracked tracked) {
    Command command = tracked.command();
    String[] partition = partition(command);
    Map<String, String> parameters = command.getParameters();
    boolean left = isTriggered(tracked);
    return Json.object()
        .put("executionId", command.getId())
        .put("datasetName", partition[0])
        .put("layer", partition[1])
        .put("partitionDate", partition[2])
        .put(
            "pipelineName",
            parameters.getOrDefault(
                "pipeline", parameters.get("workspace") + "/" + parameters.get("jobId")))
        .put("pipelineRunId", tracked.externalRef())
        .put("triggeredAt", left ? command.getCreatedAt().toString() : null)
        .put("triggeredBy", tracked.approvedBy() == null ? "mendline" : tracked.approvedBy())
        .put("executionStatus", execution(tracked).text)
        .put("reason", tracked.heldFor() == null ? command.getReason() : tracked.heldFor())
        .put("attempt", command.getAttempt())
        .put("incidentId", command.getIncidentId());
  }

  private static Execution execution(Tracked tracked) {
    if (tracked.phase() == Phase.WAITING) {
      return Execution.WAITING;
    }
    if (!isTriggered(tracked)) {
      return Execution.SKIPPED;
    }
    return tracked.refused() ? Execution.FAILED_TO_TRIGGER : Execution.TRIGGERED;
  }

  /** Whether it was sent to be done: only what leaves has an epoch. */
  private static boolean isTriggered(Tracked tracked) {
    return tracked.command().getEpoch() > 0 && !tracked.command().getDryRun();
  }

  /** Dataset, layer and day of a command's partition. */
  private static String[] partition(Command command) {
    String id = command.getTarget().getId();
    int date = id.lastIndexOf('/');
    int layer = id.lastIndexOf('/', date - 1);
    return new String[] {
      id.substring(0, layer), id.substring(layer + 1, date), id.substring(date + 1)
    };
  }

  private static String instant(long millis) {
    return Instant.ofEpochMilli(millis).toString();
  }
}
