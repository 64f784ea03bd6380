package io.mendline.topology.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.mendline.topology.health.Health;
import io.mendline.topology.logs.RedactedThrowable;
import io.mendline.topology.metrics.Metrics;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP server of one instance. It listens before the instance has joined the application, for
 * the others have to be told where; until then it says of itself only how it is.
 */
public final class ApiServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);
  private static final int THREADS = 64;
  private static final long LARGEST_BODY = 1_000_000;
  private static final String ROOT = "/api/v1";

  private final Javalin server;
  private final AtomicReference<Api> api = new AtomicReference<>();
  private final Health health;
  private final Metrics metrics;

  private ApiServer(String host, int port, Health health, Metrics metrics) {
    this.health = health;
    this.metrics = metrics;
    this.server = Javalin.create(config -> configure(config, host, port));
  }

  /**
   * Listens.
   *
   * @param port 0 for any that is free
   * @throws IOException when nobody can listen there
   */
  public static ApiServer start(String host, int port, Health health, Metrics metrics)
      throws IOException {
    ApiServer started = new ApiServer(host, port, health, metrics);
    try {
      started.server.start();
      return started;
    } catch (RuntimeException e) {
      // The server has a word of its own for each of the ways in which that goes wrong.
      throw new IOException("nobody can listen at " + host + ":" + port, e);
    }
  }

  /** What it answers to, as method and path. */
  Set<String> endpoints() {
    return server.unsafe.internalRouter.allHttpHandlers().stream()
        .map(parsed -> parsed.endpoint)
        .map(endpoint -> endpoint.method + " " + endpoint.path)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The port it listens at. */
  public int port() {
    return server.port();
  }

  /** Answers questions from now on. */
  public void serve(Api answering) {
    api.set(answering);
  }

  /** Answers no more questions: whoever asks is sent to another instance. */
  public void quiesce() {
    Api answering = api.getAndSet(null);
    if (answering != null) {
      answering.close();
    }
  }

  @Override
  public void close() {
    quiesce();
    server.stop();
  }

  private void configure(JavalinConfig config, String host, int port) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.http.generateEtags = true;
    config.http.prefer405over404 = true;
    config.http.maxRequestSize = LARGEST_BODY;
    config.http.compressionStrategy = CompressionStrategy.GZIP;
    config.jetty.host = host;
    config.jetty.port = port;
    config.jetty.threadPool = new QueuedThreadPool(THREADS, 4);
    // Ids of resources hold slashes, and Azure's begin with one.
    config.jetty.modifyHttpConfiguration(
        http ->
            http.setUriCompliance(
                UriCompliance.from(
                    EnumSet.of(
                        UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR,
                        UriCompliance.Violation.AMBIGUOUS_EMPTY_SEGMENT,
                        UriCompliance.Violation.AMBIGUOUS_PATH_ENCODING))));
    routes(config.routes);
    config.routes.exception(
        Problem.class, (problem, context) -> toWhoAsked(() -> refuse(context, problem)));
    config.routes.exception(
        HttpResponseException.class,
        (e, context) ->
            toWhoAsked(
                () ->
                    refuse(
                        context,
                        e.getStatus() == 404
                            ? Problem.notFound(
                                "there is nothing at " + context.path() + "; see /openapi.json")
                            : new Problem(e.getStatus(), "Refused", e.getMessage()))));
    config.routes.exception(Exception.class, (e, context) -> failed(context, e));
  }

  private void routes(RoutesConfig routes) {
    routes.get("/health/live", context -> probe(context, health.live()));
    routes.get("/health/ready", context -> probe(context, health.ready()));
    routes.get("/health/started", context -> probe(context, health.started()));
    routes.get(
        "/metrics", context -> context.contentType(Metrics.CONTENT_TYPE).result(metrics.scrape()));
    routes.get("/openapi.json", context -> QueryRoutes.respond(context, OpenApi.document()));
    routes.get(Peers.PATH + "{kind}", context -> api().peer(context));
    get(routes, "/incidents", answering -> answering.queries()::incidents);
    get(routes, "/incidents/{id}", answering -> answering.queries()::incident);
    get(routes, "/incidents/{id}/timeline", answering -> answering.queries()::timeline);
    get(routes, "/resources/{type}/<id>", answering -> answering.queries()::resource);
    get(routes, "/findings", answering -> answering.queries()::findings);
    get(routes, "/commands", answering -> answering.queries()::commands);
    get(routes, "/jobs", answering -> answering.queries()::jobs);
    get(routes, "/jobs/{workspace}/{jobId}", answering -> answering.queries()::job);
    get(routes, "/series", answering -> answering.queries()::seriesList);
    get(routes, "/series/{type}/<id>", answering -> answering.queries()::series);
    get(routes, "/regressions", answering -> answering.queries()::regressions);
    get(routes, "/partitions", answering -> answering.queries()::partitions);
    get(routes, "/backfills", answering -> answering.queries()::backfills);
    get(routes, "/sentinel/rules", answering -> answering.queries()::rules);
    get(routes, "/sentinel/rules/<id>/windows", answering -> answering.queries()::windows);
    get(routes, "/sentinel/gaps", answering -> answering.queries()::gaps);
    get(routes, "/sentinel/coverage", answering -> answering.queries()::coverage);
    get(routes, "/root-causes", answering -> answering.overviews()::causes);
    get(routes, "/sources", answering -> answering.overviews()::sources);
    get(routes, "/policies", answering -> answering.overviews()::policies);
    get(routes, "/policies/{id}", answering -> answering.overviews()::policy);
    get(routes, "/events", answering -> answering.events()::stream);
    routes.post(ROOT + "/approvals", context -> api().writes().approval(context));
    routes.post(ROOT + "/operations", context -> api().writes().operation(context));
    routes.post(ROOT + "/policies", context -> api().writes().policy(context));
  }

  private void get(RoutesConfig routes, String path, Function<Api, Consumer<Context>> handler) {
    routes.get(ROOT + path, context -> handler.apply(api()).accept(context));
  }

  private Api api() {
    Api answering = api.get();
    if (answering == null) {
      throw Problem.unavailable("this instance is starting or closing; ask again, or another one");
    }
    return answering;
  }

  private static void probe(Context context, Health.Report report) {
    context.status(report.up() ? 200 : 503);
    ObjectNode document = Json.object().put("status", report.status()).put("up", report.up());
    report.details().forEach((name, value) -> document.putPOJO(name, value));
    QueryRoutes.respond(context, document);
  }

  static void failed(Context context, Exception e) {
    toWhoAsked(
        () -> {
          LOG.error("{} {} failed", context.method(), context.path(), RedactedThrowable.of(e));
          refuse(
              context,
              new Problem(500, "Internal error", "the request failed; the service's log says why"));
        });
  }

  /**
   * Answers, if anybody is still there: when they are not, the server takes request and response
   * back. What is thrown then would be handled as another failure of the request, again and again.
   */
  private static void toWhoAsked(Runnable answer) {
    try {
      answer.run();
    } catch (RuntimeException gone) {
      LOG.info("no answer could be given: {}", gone.toString());
    }
  }

  private static void refuse(Context context, Problem problem) {
    context.status(problem.status());
    if (problem.status() == 503) {
      context.header("Retry-After", "1");
    }
    context
        .contentType("application/problem+json")
        .result(Json.bytes(problem.document(context.path())));
  }
}
