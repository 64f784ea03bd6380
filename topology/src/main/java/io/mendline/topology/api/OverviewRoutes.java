package io.mendline.topology.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.mendline.processors.ingest.Inputs;
import io.mendline.processors.pipeline.Progress;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.policy.Policies;
import io.mendline.processors.policy.PolicyBook;
import io.mendline.processors.policy.PolicyDocument;
import io.mendline.topology.api.Gatherer.Gathered;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/** Answers questions about sources, root causes and policies: what spans partitions. */
final class OverviewRoutes {
  private static final Set<String> CAUSE_PARAMETERS =
      Set.of("category", "transience", "kind", "recurring");

  private final QueryRoutes queries;
  private final PolicyBook policies;
  private final Inputs inputs;
  private final Map<Source, String> topics;
  private final Map<Source, Long> lateness;
  private final LongSupplier wall;

  OverviewRoutes(
      QueryRoutes queries,
      PolicyBook policies,
      Inputs inputs,
      Map<Source, String> topics,
      Map<Source, Long> lateness,
      LongSupplier wall) {
    this.queries = queries;
    this.policies = policies;
    this.inputs = inputs;
    this.topics = topics;
    this.lateness = lateness;
    this.wall = wall;
  }

  /**
   * {@code GET /api/v1/root-causes}: causes of all routes put together, the most frequent first.
   */
  void causes(Context context) {
    Map<String, String> filter = Parameters.filter(context.queryParamMap(), CAUSE_PARAMETERS);
    int limit = Parameters.limit(context.queryParam(Parameters.LIMIT));
    RowKey after = RowKey.of(context.queryParam(Parameters.PAGE));
    Gathered gathered = queries.gather(Question.all(Kind.CAUSES, Map.of()));
    Map<String, CauseTotal> totals = new TreeMap<>();
    for (Row row : gathered.rows()) {
      String key = row.document().path("rootCause").path("key").asText();
      totals.computeIfAbsent(key, CauseTotal::new).add(row.document());
    }
    List<Row> rows =
        totals.values().stream()
            .filter(total -> total.matches(filter))
            .map(CauseTotal::row)
            .filter(row -> row.key().compareTo(after) > 0)
            .sorted(Comparator.comparing(Row::key))
            .toList();
    QueryRoutes.respond(
        context, QueryRoutes.page(new Gathered(rows, gathered.held(), gathered.missing()), limit));
  }

  /** {@code GET /api/v1/sources}: progress, lateness and silence of each input topic. */
  void sources(Context context) {
    Map<String, String> unused = Parameters.filter(context.queryParamMap(), Set.of());
    Gathered progress = queries.gather(Question.all(Kind.PROGRESS, Map.of()));
    Gathered newest = queries.gather(Question.all(Kind.INPUTS, Map.of()), inputPartitions());
    ObjectNode document = Json.object();
    ArrayNode items = document.putArray("items");
    for (Source source : Source.values()) {
      if (source != Source.POLICIES) {
        items.add(source(source, progress.rows(), newest.rows()));
      }
    }
    document.set("partitions", QueryRoutes.partitions(progress));
    QueryRoutes.respond(context, document);
  }

  private ObjectNode source(Source source, List<Row> progress, List<Row> newest) {
    long now = wall.getAsLong();
    long reached = Long.MAX_VALUE;
    Map<Integer, Long> events = new TreeMap<>();
    for (Row row : newest) {
      if (row.document().path("source").asText().equals(source.label())) {
        events.merge(
            row.document().path("partition").asInt(),
            row.document().path("newestEvent").asLong(),
            Math::max);
      }
    }
    List<ObjectNode> routes = new ArrayList<>();
    for (Row row : progress) {
      JsonNode document = row.document();
      if (document.has("sources")) {
        reached = Math.min(reached, reached(document, source));
      } else if (document.path("source").asText().equals(source.label())) {
        routes.add(route(document, now));
      }
    }
    boolean heard = reached != Long.MAX_VALUE && reached != Progress.UNHEARD;
    ObjectNode document =
        Json.object()
            .put("source", source.label())
            .put("topic", topics.get(source))
            .put("latenessSeconds", Duration.ofMillis(lateness.get(source)).toSeconds())
            .put("watermark", heard ? Instant.ofEpochMilli(reached).toString() : null)
            .put("behindSeconds", heard ? (Long) Math.max(0, (now - reached) / 1_000) : null);
    ArrayNode partitions = document.putArray("partitions");
    for (int i = 0; i < inputs.partitions(source); i++) {
      partitions
          .addObject()
          .put("partition", i)
          .put("newestEvent", instant(events.getOrDefault(i, Progress.UNHEARD)));
    }
    routes.sort(Comparator.comparing(route -> route.path("heardUntil").asText()));
    ArrayNode shown = document.putArray("routes");
    routes.forEach(shown::add);
    return document;
  }

  private static long reached(JsonNode partition, Source source) {
    for (JsonNode each : partition.path("sources")) {
      if (each.path("source").asText().equals(source.label())) {
        return each.path("reached").asLong();
      }
    }
    return Progress.UNHEARD;
  }

  private static ObjectNode route(JsonNode heard, long now) {
    long until = heard.path("heardUntil").asLong();
    return Json.object()
        .put("route", heard.path("route").asText())
        .put("heardUntil", Instant.ofEpochMilli(until).toString())
        .put("silentForSeconds", Math.max(0, (now - until) / 1_000));
  }

  private static String instant(long millis) {
    return millis == Progress.UNHEARD ? null : Instant.ofEpochMilli(millis).toString();
  }

  private int inputPartitions() {
    int most = 0;
    for (Source source : Source.values()) {
      most = Math.max(most, inputs.partitions(source));
    }
    return most;
  }

  /** {@code GET /api/v1/policies}: every document, with the versions that are kept. */
  void policies(Context context) {
    Map<String, String> unused = Parameters.filter(context.queryParamMap(), Set.of());
    ObjectNode document = Json.object();
    ArrayNode items = document.putArray("items");
    policies.documents().forEach((id, versions) -> items.add(policy(id, versions)));
    QueryRoutes.respond(context, document);
  }

  /** {@code GET /api/v1/policies/{id}}. */
  void policy(Context context) {
    String id = context.pathParam("id");
    List<PolicyDocument> versions = policies.documents().get(id);
    if (versions == null) {
      throw Problem.notFound("no policy has the id \"" + id + "\"");
    }
    QueryRoutes.respond(context, policy(id, versions));
  }

  private ObjectNode policy(String id, List<PolicyDocument> versions) {
    long now = wall.getAsLong();
    ObjectNode document = Json.object().put("id", id);
    ArrayNode shown = document.putArray("versions");
    for (int i = versions.size() - 1; i >= 0; i--) {
      PolicyDocument version = versions.get(i);
      boolean begun = version.effectiveAt() <= now;
      boolean replaced = i + 1 < versions.size() && versions.get(i + 1).effectiveAt() <= now;
      ObjectNode each =
          shown
              .addObject()
              .put("effectiveAt", instant(version.effectiveAt()))
              .put("inForce", begun && !replaced);
      try {
        each.set("document", Json.read(Policies.write(version)));
      } catch (IOException e) {
        throw new UncheckedIOException("a checked policy cannot be read", e);
      }
    }
    return document;
  }
}
