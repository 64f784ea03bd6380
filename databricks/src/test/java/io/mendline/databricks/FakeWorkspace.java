package io.mendline.databricks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.mendline.databricks.api.Time;
import io.mendline.databricks.api.Workspace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A workspace that speaks the Jobs API over HTTP: {@code jobs/list}, {@code jobs/get}, {@code
 * runs/list} with pages, {@code runs/get} and {@code runs/get-output}; and of the Pipelines API the
 * list of pipelines, their updates and events. What it shows goes by the time that it is given.
 */
public final class FakeWorkspace implements AutoCloseable {
  public static final String TOKEN = "dapi0123456789abcdef0123456789abcdef";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int TASKS_A_PAGE = 100;
  private static final Pattern OF_PIPELINE =
      Pattern.compile("/api/2.0/pipelines/([^/]+)/(updates|events)(?:/([^/]+))?");

  static {
    // Head and body of an answer are written apart: without this the second waits for 40 ms.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  public final String id;
  public final Map<String, FakeRun> runs = new ConcurrentHashMap<>();
  public final Map<String, ObjectNode> jobs = new TreeMap<>();
  public final List<Call> calls = new CopyOnWriteArrayList<>();

  /** What tasks put out, by the id of their run. */
  public final Map<String, ObjectNode> outputs = new ConcurrentHashMap<>();

  public final Map<String, FakePipeline> pipelines = new ConcurrentHashMap<>();

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Time time;
  private volatile Function<Call, Optional<Fault>> faults = call -> Optional.empty();
  private volatile boolean remembersCalls = true;

  public FakeWorkspace(String id, Time time) {
    this.id = id;
    this.time = time;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  /**
   * A call as it came in.
   *
   * @param path without what stands before it; of a pipeline without its ids, which are in the
   *     query
   */
  public record Call(String path, Map<String, String> query, String authorization, long at) {}

  /**
   * An answer in place of the right one.
   *
   * @param status 0 to drop the connection
   */
  public record Fault(int status, Map<String, String> headers, String body) {
    public static Fault status(int status) {
      return new Fault(
          status,
          Map.of(),
          "{\"error_code\":\"CODE_" + status + "\",\"message\":\"told with " + status + "\"}");
    }

    public static Fault retryAfter(int status, String retryAfter) {
      return new Fault(status, Map.of("Retry-After", retryAfter), "{}");
    }

    public static Fault dropped() {
      return new Fault(0, Map.of(), "");
    }
  }

  public String host() {
    return "http://localhost:" + server.getAddress().getPort();
  }

  public Workspace workspace() {
    return Workspace.withToken("ws-" + id, id, host(), TOKEN);
  }

  public void faults(Function<Call, Optional<Fault>> by) {
    faults = by;
  }

  public void forgetsCalls() {
    remembersCalls = false;
  }

  public FakePipeline pipeline(String pipelineId, String name) {
    return pipelines.computeIfAbsent(pipelineId, any -> new FakePipeline(pipelineId, name));
  }

  public void add(FakeRun run) {
    runs.put(run.id, run);
  }

  /** How often a path was asked for. */
  public long asked(String path) {
    return calls.stream().filter(call -> call.path().equals(path)).count();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
      String path = path(exchange.getRequestURI().getPath(), query);
      Call call =
          new Call(
              path, query, exchange.getRequestHeaders().getFirst("Authorization"), time.millis());
      if (remembersCalls) {
        calls.add(call);
      }
      Optional<Fault> fault = faults.apply(call);
      if (fault.isPresent()) {
        if (fault.get().status() == 0) {
          return; // closes the connection without an answer
        }
        fault.get().headers().forEach(exchange.getResponseHeaders()::set);
        answer(exchange, fault.get().status(), fault.get().body());
      } else {
        answer(exchange, call);
      }
    }
  }

  private static String path(String path, Map<String, String> query) {
    Matcher matcher = OF_PIPELINE.matcher(path);
    if (!matcher.matches()) {
      return path.replace("/api/2.2/jobs/", "").replace("/api/2.0/", "");
    }
    query.put("pipeline_id", matcher.group(1));
    if (matcher.group(3) != null) {
      query.put("update_id", matcher.group(3));
      return "pipelines/update";
    }
    return "pipelines/" + matcher.group(2);
  }

  private void answer(HttpExchange exchange, Call call) throws IOException {
    ObjectNode answer =
        switch (call.path()) {
          case "runs/list" -> listRuns(call.query());
          case "runs/get" -> getRun(call.query());
          case "runs/get-output" -> outputs.get(call.query().get("run_id"));
          case "list" -> listJobs(call.query());
          case "get" -> jobs.get(call.query().get("job_id"));
          case "pipelines" -> listPipelines(call.query());
          case "pipelines/updates" -> listUpdates(call.query());
          case "pipelines/update" -> getUpdate(call.query());
          case "pipelines/events" -> listEvents(call.query());
          default -> null;
        };
    if (answer == null) {
      answer(
          exchange,
          call.path().startsWith("pipelines") ? 404 : 400,
          "{\"error_code\":\"INVALID_PARAMETER_VALUE\",\"message\":\"Run or job does not exist.\"}");
    } else {
      answer(exchange, 200, answer.toString());
    }
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private ObjectNode listRuns(Map<String, String> query) {
    long now = time.millis();
    long from = Long.parseLong(query.getOrDefault("start_time_from", "0"));
    long to = Long.parseLong(query.getOrDefault("start_time_to", Long.toString(Long.MAX_VALUE)));
    boolean activeOnly = Boolean.parseBoolean(query.get("active_only"));
    List<FakeRun> shown =
        runs.values().stream()
            .filter(run -> run.visibleFrom <= now && run.start >= from && run.start <= to)
            .filter(run -> !activeOnly || run.isActive(now))
            .sorted(Comparator.comparingLong((FakeRun run) -> -run.start).thenComparing(r -> r.id))
            .toList();
    int limit = Integer.parseInt(query.get("limit"));
    int begin = Integer.parseInt(query.getOrDefault("page_token", "0"));
    ObjectNode page = JSON.createObjectNode();
    ArrayNode listed = page.putArray("runs");
    for (FakeRun run :
        shown.subList(Math.min(begin, shown.size()), Math.min(begin + limit, shown.size()))) {
      ObjectNode object = run.at(now);
      object.remove("repair_history"); // lists leave it out
      if (firstPage(object, 0)) {
        object.put("has_more", true);
      }
      listed.add(object);
    }
    boolean more = begin + limit < shown.size();
    page.put("has_more", more);
    if (more) {
      page.put("next_page_token", Integer.toString(begin + limit));
    }
    return page;
  }

  private ObjectNode getRun(Map<String, String> query) {
    FakeRun run = runs.get(query.get("run_id"));
    if (run == null || run.visibleFrom > time.millis()) {
      return null;
    }
    ObjectNode object = run.at(time.millis());
    int page = Integer.parseInt(query.getOrDefault("page_token", "0"));
    if (firstPage(object, page)) {
      object.put("next_page_token", Integer.toString(page + 1));
    }
    return object;
  }

  /** Leaves one page of the tasks; true if there is another. */
  private static boolean firstPage(ObjectNode run, int page) {
    ArrayNode all = (ArrayNode) run.path("tasks");
    ArrayNode some = JSON.createArrayNode();
    for (int i = page * TASKS_A_PAGE; i < Math.min(all.size(), (page + 1) * TASKS_A_PAGE); i++) {
      some.add(all.get(i));
    }
    run.set("tasks", some);
    return (page + 1) * TASKS_A_PAGE < all.size();
  }

  private ObjectNode listJobs(Map<String, String> query) {
    List<ObjectNode> all = new ArrayList<>(jobs.values());
    int limit = Integer.parseInt(query.get("limit"));
    int begin = Integer.parseInt(query.getOrDefault("page_token", "0"));
    ObjectNode page = JSON.createObjectNode();
    page.putArray("jobs").addAll(all.subList(begin, Math.min(begin + limit, all.size())));
    if (begin + limit < all.size()) {
      page.put("next_page_token", Integer.toString(begin + limit));
    }
    return page;
  }

  private ObjectNode listPipelines(Map<String, String> query) {
    List<ObjectNode> all =
        new TreeMap<>(pipelines)
            .values().stream().map(pipeline -> pipeline.status(time.millis())).toList();
    return page("statuses", all, query);
  }

  private ObjectNode listUpdates(Map<String, String> query) {
    FakePipeline pipeline = pipelines.get(query.get("pipeline_id"));
    if (pipeline == null) {
      return null;
    }
    long now = time.millis();
    return page(
        "updates",
        pipeline.updates(now).stream().map(update -> update.at(now, false)).toList(),
        query);
  }

  private ObjectNode getUpdate(Map<String, String> query) {
    FakePipeline pipeline = pipelines.get(query.get("pipeline_id"));
    if (pipeline == null) {
      return null;
    }
    for (FakePipeline.Update update : pipeline.updates(time.millis())) {
      if (update.id.equals(query.get("update_id"))) {
        ObjectNode answer = JSON.createObjectNode();
        answer.set("update", update.at(time.millis(), true));
        return answer;
      }
    }
    return null;
  }

  /** A token stands for the filter and the order with which the pages were begun. */
  private ObjectNode listEvents(Map<String, String> query) {
    FakePipeline pipeline = pipelines.get(query.get("pipeline_id"));
    String token = query.get("page_token");
    boolean both = token != null && (query.containsKey("filter") || query.containsKey("order_by"));
    if (pipeline == null || both) {
      return null;
    }
    String[] begun =
        token == null
            ? new String[] {"0", query.get("order_by"), query.get("filter")}
            : token.split("\\|", 3);
    List<ObjectNode> found =
        new ArrayList<>(
            pipeline.events(time.millis()).stream()
                .filter(event -> fits(event, begun[2]))
                .toList());
    if (begun[1].endsWith("desc")) {
      Collections.reverse(found);
    }
    query.put("page_token", begun[0]);
    ObjectNode page = page("events", found, query);
    if (page.has("next_page_token")) {
      page.put(
          "next_page_token",
          page.path("next_page_token").asText() + '|' + begun[1] + '|' + begun[2]);
    }
    return page;
  }

  private static boolean fits(ObjectNode event, String filter) {
    Instant at = Instant.parse(event.path("timestamp").asText());
    boolean fits = true;
    for (String part : filter.split(" AND ", -1)) {
      String value = part.substring(part.indexOf('\'') + 1, part.lastIndexOf('\''));
      if (part.startsWith("level")) {
        fits &= part.contains("'" + event.path("level").asText() + "'");
      } else if (part.startsWith("timestamp >= ")) {
        fits &= !at.isBefore(Instant.parse(value));
      } else if (part.startsWith("timestamp <= ")) {
        fits &= !at.isAfter(Instant.parse(value));
      } else {
        throw new IllegalArgumentException(part);
      }
    }
    return fits;
  }

  private static ObjectNode page(String field, List<ObjectNode> all, Map<String, String> query) {
    int limit = Integer.parseInt(query.get("max_results"));
    int begin = Math.min(Integer.parseInt(query.getOrDefault("page_token", "0")), all.size());
    ObjectNode page = JSON.createObjectNode();
    page.putArray(field).addAll(all.subList(begin, Math.min(begin + limit, all.size())));
    if (begin + limit < all.size()) {
      page.put("next_page_token", Integer.toString(begin + limit));
    }
    return page;
  }

  private static Map<String, String> query(String raw) {
    Map<String, String> query = new LinkedHashMap<>();
    if (raw != null) {
      for (String pair : raw.split("&", -1)) {
        int sign = pair.indexOf('=');
        query.put(
            pair.substring(0, sign),
            URLDecoder.decode(pair.substring(sign + 1), StandardCharsets.UTF_8));
      }
    }
    return new HashMap<>(query);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
