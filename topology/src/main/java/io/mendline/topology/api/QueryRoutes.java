package io.mendline.topology.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.mendline.processors.engine.Pipeline;
import io.mendline.processors.pipeline.Routes;
import io.mendline.processors.regression.SeriesReport;
import io.mendline.processors.regression.SeriesType;
import io.mendline.schemas.IncidentStatus;
import io.mendline.schemas.ResourceType;
import io.mendline.topology.api.Gatherer.Gathered;
import io.mendline.topology.api.HostAnswer.Held;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Answers questions about incidents, findings, resources, Sentinel's rules, jobs, series and
 * commands.
 */
final class QueryRoutes {
  /**
   * How long a list waits for partitions that nobody holds at the moment before it goes without.
   */
  private static final Duration LIST_PATIENCE = Duration.ofMillis(500);

  /** How long a question about one thing waits for its partition. */
  private static final Duration POINT_PATIENCE = Duration.ofSeconds(3);

  private static final String BEHIND = "Mendline-Behind";

  private final Gatherer gatherer;
  private final int enginePartitions;

  QueryRoutes(Gatherer gatherer, int enginePartitions) {
    this.gatherer = gatherer;
    this.enginePartitions = enginePartitions;
  }

  /** {@code GET /api/v1/incidents}. */
  void incidents(Context context) {
    Map<String, String> filter =
        Parameters.filter(context.queryParamMap(), IncidentFilter.PARAMETERS);
    // Refuses here, once, what partitions could not read.
    IncidentFilter unused = IncidentFilter.ofIncidents(filter);
    list(context, Kind.INCIDENTS, filter);
  }

  /** {@code GET /api/v1/findings}. */
  void findings(Context context) {
    Map<String, String> filter =
        Parameters.filter(context.queryParamMap(), IncidentFilter.PARAMETERS);
    IncidentFilter unused = IncidentFilter.ofFindings(filter);
    list(context, Kind.FINDINGS, filter);
  }

  /** {@code GET /api/v1/commands}. */
  void commands(Context context) {
    Map<String, String> filter =
        Parameters.filter(context.queryParamMap(), CommandReaders.PARAMETERS);
    CommandReaders.check(filter);
    list(context, Kind.COMMANDS, filter);
  }

  /** {@code GET /api/v1/jobs}. */
  void jobs(Context context) {
    Map<String, String> filter = Parameters.filter(context.queryParamMap(), JobReaders.PARAMETERS);
    JobReaders.check(filter);
    list(context, Kind.JOBS, filter);
  }

  /** {@code GET /api/v1/jobs/{workspace}/{jobId}}. */
  void job(Context context) {
    String workspace = context.pathParam("workspace");
    String id = context.pathParam("jobId");
    int partition = Routes.partition(Routes.databricks(workspace), enginePartitions);
    Map<String, String> filter = Map.of("workspace", workspace, "id", id);
    respond(
        context, one(context, Kind.JOB, "job", filter, workspace + '/' + id, Set.of(partition)));
  }

  /** {@code GET /api/v1/series}. */
  void seriesList(Context context) {
    Map<String, String> filter =
        Parameters.filter(context.queryParamMap(), SeriesReaders.PARAMETERS);
    SeriesReaders.check(filter);
    list(context, Kind.SERIES, filter);
  }

  /** {@code GET /api/v1/series/{type}/{id}}. */
  void series(Context context) {
    SeriesType type = Parameters.symbol("type", context.pathParam("type"), SeriesType.class);
    String id = context.pathParam("id");
    Map<String, String> filter = Parameters.filter(context.queryParamMap(), SeriesReaders.TIME);
    SeriesReaders.checkTime(filter);
    filter.put("type", type.name());
    filter.put("id", id);
    Set<Integer> partitions =
        SeriesReport.keys(id).stream()
            .map(key -> Routes.partition(key.route(), enginePartitions))
            .collect(Collectors.toSet());
    respond(context, one(context, Kind.ONE_SERIES, "series of a " + type, filter, id, partitions));
  }

  /** {@code GET /api/v1/regressions}. */
  void regressions(Context context) {
    Map<String, String> filter =
        Parameters.filter(context.queryParamMap(), SeriesReaders.REGRESSION_PARAMETERS);
    SeriesReaders.checkRegressions(filter);
    list(context, Kind.REGRESSIONS, filter);
  }

  /** {@code GET /api/v1/partitions}. */
  void partitions(Context context) {
    Map<String, String> filter =
        Parameters.filter(context.queryParamMap(), PartitionReaders.PARAMETERS);
    PartitionReaders.check(filter);
    list(context, Kind.DATASET_PARTITIONS, filter);
  }

  /** {@code GET /api/v1/backfills}. */
  void backfills(Context context) {
    Map<String, String> filter =
        Parameters.filter(context.queryParamMap(), PartitionReaders.BACKFILL_PARAMETERS);
    PartitionReaders.checkBackfills(filter);
    list(context, Kind.BACKFILLS, filter);
  }

  /** {@code GET /api/v1/sentinel/rules}. */
  void rules(Context context) {
    Map<String, String> filter =
        Parameters.filter(context.queryParamMap(), SentinelReaders.RULE_PARAMETERS);
    SentinelReaders.checkRules(filter);
    list(context, Kind.SENTINEL_RULES, filter);
  }

  /** {@code GET /api/v1/sentinel/gaps}. */
  void gaps(Context context) {
    Map<String, String> filter =
        Parameters.filter(context.queryParamMap(), SentinelReaders.GAP_PARAMETERS);
    SentinelReaders.checkGaps(filter);
    list(context, Kind.SENTINEL_GAPS, filter);
  }

  /** {@code GET /api/v1/sentinel/coverage}. */
  void coverage(Context context) {
    Map<String, String> filter =
        Parameters.filter(context.queryParamMap(), SentinelReaders.WORKSPACE);
    list(context, Kind.SENTINEL_COVERAGE, filter);
  }

  /** {@code GET /api/v1/sentinel/rules/{id}/windows}. */
  void windows(Context context) {
    String id = context.pathParam("id");
    Map<String, String> filter =
        Parameters.filter(context.queryParamMap(), SentinelReaders.WORKSPACE);
    filter.put("id", id);
    int limit = Parameters.limit(context.queryParam(Parameters.LIMIT));
    RowKey after = RowKey.of(context.queryParam(Parameters.PAGE));
    Gathered gathered = gather(new Question(Kind.SENTINEL_WINDOWS, filter, after, limit));
    if (gathered.rows().isEmpty() && after.equals(RowKey.FIRST)) {
      if (!gathered.missing().isEmpty()) {
        throw Problem.unavailable(
            "partitions " + gathered.missing() + " cannot be asked now; ask again");
      }
      throw Problem.notFound("no window of seven days is known of a rule \"" + id + "\"");
    }
    respond(context, page(gathered, limit));
  }

  /** {@code GET /api/v1/incidents/{id}}. */
  void incident(Context context) {
    ObjectNode incident = incident(context, context.pathParam("id"));
    JsonNode resource = incident.path("resource");
    if (resource.path("type").asText().equals(ResourceType.DATABRICKS_JOB.name())) {
      putSuccessRate(resource.path("id").asText(), incident);
    }
    respond(context, incident);
  }

  /** Puts to an incident how the job does on the whole, where that is known and can be asked. */
  private void putSuccessRate(String job, ObjectNode incident) {
    int end = job.lastIndexOf('/');
    Map<String, String> filter =
        Map.of("workspace", job.substring(0, end), "id", job.substring(end + 1));
    int partition = Routes.partition(Routes.databricks(filter.get("workspace")), enginePartitions);
    for (Row row :
        gatherer.gather(Question.all(Kind.JOB, filter), Set.of(partition), POINT_PATIENCE).rows()) {
      incident.set("successRate", row.document().path("successRate"));
    }
  }

  /** {@code GET /api/v1/incidents/{id}/timeline}. */
  void timeline(Context context) {
    ObjectNode incident = incident(context, context.pathParam("id"));
    ObjectNode document = Json.object().put("incidentId", incident.path("id").asText());
    document.set("items", incident.path("timeline"));
    respond(context, document);
  }

  /** {@code GET /api/v1/resources/{type}/{id}}. */
  void resource(Context context) {
    ResourceType type = Parameters.symbol("type", context.pathParam("type"), ResourceType.class);
    String id = context.pathParam("id");
    Gathered gathered = gather(Question.all(Kind.RESOURCE, Map.of("type", type.name(), "id", id)));
    if (gathered.rows().isEmpty()) {
      if (!gathered.missing().isEmpty()) {
        throw Problem.unavailable(
            "partitions " + gathered.missing() + " cannot be asked now; ask again");
      }
      throw Problem.notFound("nothing was ever found about " + type + " \"" + id + "\"");
    }
    ObjectNode document = Json.object();
    document.set("resource", gathered.rows().get(0).document().path("incident").path("resource"));
    boolean troubled = false;
    ArrayNode incidents = document.putArray("incidents");
    ArrayNode findings = document.putArray("findings");
    for (Row row : gathered.rows()) {
      JsonNode incident = row.document().path("incident");
      troubled |= !incident.path("status").asText().equals(IncidentStatus.RESOLVED.name());
      incidents.add(incident);
      findings.add(row.document().path("finding"));
    }
    document.put("troubled", troubled);
    document.set("partitions", partitions(gathered));
    respond(context, document);
  }

  /** The incident with this id, as the instance that holds it knows it. */
  ObjectNode incident(Context context, String id) {
    return one(context, Kind.INCIDENT, "incident", id, partitionOf("incident", id));
  }

  /** The command with this id, as the governor knows it. */
  ObjectNode command(Context context, String id) {
    int unused = partitionOf("command", id);
    return one(context, Kind.COMMANDS, "command", id, 0);
  }

  private ObjectNode one(Context context, Kind kind, String what, String id, int partition) {
    return one(context, kind, what, Map.of("id", id), id, Set.of(partition));
  }

  private ObjectNode one(
      Context context,
      Kind kind,
      String what,
      Map<String, String> filter,
      String id,
      Set<Integer> partitions) {
    Gathered gathered = gatherer.gather(Question.all(kind, filter), partitions, POINT_PATIENCE);
    if (gathered.rows().isEmpty() && !gathered.missing().isEmpty()) {
      throw Problem.unavailable(
          "\""
              + id
              + "\" may be known in partitions "
              + gathered.missing()
              + ", which cannot be asked now; ask again");
    }
    long behind = gathered.held().stream().mapToLong(Held::behind).sum();
    if (gathered.rows().isEmpty()) {
      if (behind > 0) {
        throw Problem.unavailable(
            "\"" + id + "\" is not known yet: its partition is still being restored; ask again");
      }
      throw Problem.notFound("no " + what + " has the id \"" + id + "\"");
    }
    if (behind > 0) {
      context.header(BEHIND, Long.toString(behind));
    }
    return gathered.rows().get(0).document();
  }

  private int partitionOf(String what, String id) {
    if (!Routes.isId(id)) {
      throw Problem.notFound("\"" + id + "\" cannot be the id of an " + what);
    }
    return Routes.partitionOfHash(id.substring(0, Routes.HASH_LENGTH), enginePartitions);
  }

  private void list(Context context, Kind kind, Map<String, String> filter) {
    int limit = Parameters.limit(context.queryParam(Parameters.LIMIT));
    RowKey after = RowKey.of(context.queryParam(Parameters.PAGE));
    Gathered gathered = gather(new Question(kind, filter, after, limit));
    respond(context, page(gathered, limit));
  }

  /** Asks every partition of the engine, or the one of the governor. */
  Gathered gather(Question question) {
    boolean governor = question.kind().store().equals(Pipeline.GOVERNOR);
    return gather(question, governor ? 1 : enginePartitions);
  }

  /** Asks this many partitions. */
  Gathered gather(Question question, int partitions) {
    Set<Integer> all = IntStream.range(0, partitions).boxed().collect(Collectors.toSet());
    return gatherer.gather(question, all, LIST_PATIENCE);
  }

  /** One page of a list. */
  static ObjectNode page(Gathered gathered, int limit) {
    List<Row> rows = gathered.rows();
    boolean more = rows.size() > limit;
    ObjectNode document = Json.object();
    ArrayNode items = document.putArray("items");
    rows.stream().limit(limit).forEach(row -> items.add(row.document()));
    document.put("next", more ? rows.get(limit - 1).key().token() : null);
    document.set("partitions", partitions(gathered));
    return document;
  }

  /** Which partitions have not answered, and which answers are behind. */
  static ObjectNode partitions(Gathered gathered) {
    ObjectNode document = Json.object().put("total", gathered.asked());
    ArrayNode missing = document.putArray("missing");
    new TreeSet<>(gathered.missing()).forEach(missing::add);
    ArrayNode stale = document.putArray("stale");
    for (Held held : gathered.held()) {
      if (held.behind() > 0) {
        stale.addObject().put("partition", held.partition()).put("behind", held.behind());
      }
    }
    return document;
  }

  static void respond(Context context, JsonNode document) {
    context.contentType("application/json").result(Json.bytes(document));
  }
}
