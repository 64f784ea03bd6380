package io.mendline.topology.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mendline.processors.engine.Pipeline;
import io.mendline.processors.kafka.StoreKeys;
import io.mendline.processors.pipeline.Entry;
import io.mendline.processors.pipeline.EntryCodec;
import io.mendline.processors.pipeline.JoinedDetector.Parts;
import io.mendline.processors.pipeline.Routes;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.processors.runs.JobHealth;
import io.mendline.processors.runs.JobReport;
import io.mendline.processors.runs.SuccessRate;
import io.mendline.serdes.binary.BinaryReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads how Databricks jobs are, from the store of runs. */
final class JobReaders {
  /** The parameters of {@code /jobs}. */
  static final Set<String> PARAMETERS = Set.of("workspace", "health");

  private static final EntryCodec<Parts> CODEC = new EntryCodec<>(Pipeline.runsCodec());

  private JobReaders() {}

  /**
   * Reads the filter of jobs once, before partitions do.
   *
   * @throws Problem when it cannot be meant
   */
  static void check(Map<String, String> filter) {
    Set<JobHealth> unused = Parameters.symbols(filter, "health", JobHealth.class);
  }

  /** Jobs that a filter takes, by workspace and id. */
  static List<PartitionReader.Candidate> jobs(StoreReader store, Question question)
      throws StoreReader.NotHere {
    Set<JobHealth> wanted = Parameters.symbols(question.filter(), "health", JobHealth.class);
    boolean one = question.filter().containsKey("workspace");
    String route = Routes.databricks(question.filter().getOrDefault("workspace", ""));
    List<PartitionReader.Candidate> found = new ArrayList<>();
    store.range(
        StoreKeys.firstOf(route, ""),
        one ? StoreKeys.endOf(route) : null,
        (bytes, value) -> {
          StateKey key = StoreKeys.read(bytes);
          if (!key.route().startsWith(route)) {
            return false;
          }
          JobReport report = report(key, value);
          RowKey place = new RowKey(0, key.id());
          if (report != null
              && (wanted.isEmpty() || wanted.contains(report.health()))
              && place.compareTo(question.after()) > 0) {
            found.add(new PartitionReader.Candidate(place, () -> document(report)));
          }
          return true;
        });
    return found;
  }

  /** One job, with its runs. */
  static List<PartitionReader.Candidate> job(StoreReader store, Question question)
      throws StoreReader.NotHere {
    String workspace = question.filter().get("workspace");
    String id = workspace + '/' + question.filter().get("id");
    StateKey key = new StateKey(Routes.databricks(workspace), id);
    byte[] value = store.get(StoreKeys.of(key));
    JobReport report = value == null ? null : report(key, value);
    return report == null
        ? List.of()
        : List.of(PartitionReader.Candidate.of(new RowKey(0, id), whole(report)));
  }

  private static JobReport report(StateKey key, byte[] value) {
    Entry<Parts> entry = CODEC.read(new BinaryReader(value));
    return entry.state() == null ? null : JobReport.of(key, entry.state());
  }

  private static ObjectNode document(JobReport report) {
    JobReport.Schedule schedule = report.schedule();
    ObjectNode document =
        Json.object()
            .put("workspace", report.workspace())
            .put("jobId", report.id())
            .put("name", report.name())
            .put("health", report.health().name());
    ArrayNode findings = document.putArray("openFindings");
    report.openFindings().forEach(kind -> findings.add(kind.name()));
    document
        .put("schedule", schedule == null ? null : schedule.cron())
        .put("timeZone", schedule == null ? null : schedule.timeZone())
        .put("paused", schedule == null ? null : (Boolean) schedule.paused())
        .put("deleted", schedule != null && schedule.deleted())
        .put("nextExpected", instant(report.nextExpected()))
        .put("openMisses", report.misses().size());
    if (report.durations() == null) {
      document.putNull("duration");
    } else {
      document
          .putObject("duration")
          .put("runs", report.durations().runs())
          .put("medianSeconds", report.durations().median() / 1_000.0)
          .put("p95Seconds", report.durations().p95() / 1_000.0);
    }
    document.set("successRate", rate(report.successRate()));
    return document.put("asOf", instant(report.asOf()));
  }

  private static ObjectNode whole(JobReport report) {
    ObjectNode document = document(report);
    ArrayNode misses = document.putArray("misses");
    for (JobReport.Miss miss : report.misses()) {
      misses
          .addObject()
          .put("expectedAt", instant(miss.expectedAt()))
          .put("judgedAt", instant(miss.judgedAt()));
    }
    ArrayNode runs = document.putArray("runs");
    for (JobReport.Run run : report.runs()) {
      ObjectNode row =
          runs.addObject()
              .put("runId", run.id())
              .put("state", run.state().name())
              .put("startedAt", instant(run.startedAt()))
              .put("endedAt", instant(run.endedAt()))
              .put("stuck", run.stuck())
              .put("runPageUrl", run.url());
      row.set("rootCause", run.cause() == null ? null : Json.of(run.cause()));
    }
    return document;
  }

  private static ObjectNode rate(SuccessRate rate) {
    ObjectNode document = Json.object().put("runs", rate.runs()).put("succeeded", rate.succeeded());
    if (rate.runs() == 0) {
      document.putNull("share");
    } else {
      document.put("share", rate.share().getAsDouble());
    }
    return document
        .put("low", rate.low())
        .put("high", rate.high())
        .put("trend", rate.trend().name());
  }

  private static String instant(long millis) {
    return millis == JobReport.NONE ? null : Instant.ofEpochMilli(millis).toString();
  }
}
