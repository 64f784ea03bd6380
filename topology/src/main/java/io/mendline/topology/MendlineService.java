package io.mendline.topology;

import io.mendline.processors.engine.Pipeline;
import io.mendline.processors.engine.Pipeline.Concern;
import io.mendline.processors.ingest.Inputs;
import io.mendline.processors.kafka.Application;
import io.mendline.processors.kafka.CorruptStateException;
import io.mendline.processors.kafka.Observer;
import io.mendline.processors.pipeline.Budget;
import io.mendline.processors.pipeline.Source;
import io.mendline.schemas.Incident;
import io.mendline.topology.api.Api;
import io.mendline.topology.api.ApiServer;
import io.mendline.topology.errors.DeadLetterHandler;
import io.mendline.topology.errors.Failures;
import io.mendline.topology.health.Health;
import io.mendline.topology.logs.EventLog;
import io.mendline.topology.logs.RedactedThrowable;
import io.mendline.topology.metrics.Metrics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.state.HostInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One instance of the service: starts, runs until it is closed or fails, and loses nothing in
 * closing.
 */
public final class MendlineService implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MendlineService.class);
  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(30);

  private final KafkaStreams streams;
  private final Health health;
  private final Metrics metrics;
  private final ApiServer server;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final AtomicReference<String> remedy = new AtomicReference<>("");
  private final Failures failures = new Failures();
  private final Settings settings;

  private MendlineService(
      Settings settings, KafkaStreams streams, Health health, Metrics metrics, ApiServer server) {
    this.settings = settings;
    this.streams = streams;
    this.server = server;
    this.health = health;
    this.metrics = metrics;
    streams.setGlobalStateRestoreListener(health.restoring());
    health.counting(() -> streams.metadataForLocalThreads().size());
    streams.setStateListener(
        (now, before) -> {
          LOG.info("state {} after {}", now, before);
          health.changed(now);
          if (now == KafkaStreams.State.ERROR || now == KafkaStreams.State.NOT_RUNNING) {
            ended.countDown();
          }
        });
    streams.setUncaughtExceptionHandler(this::died);
  }

  /** What follows from a thread that has died of this. */
  private StreamThreadExceptionResponse died(Throwable problem) {
    Optional<String> end = failures.endsBy(problem);
    String said = settings.masked(String.valueOf(problem.getMessage()));
    if (end.isEmpty()) {
      LOG.warn("a thread died and is replaced: {}", said, RedactedThrowable.of(problem));
      return StreamThreadExceptionResponse.REPLACE_THREAD;
    }
    LOG.error("processing stops: {}", said, RedactedThrowable.of(problem));
    remedy.set(end.get());
    failure.set(problem);
    return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
  }

  /**
   * Starts an instance.
   *
   * @throws SettingsException when settings, the broker or its topics are not as they must be
   */
  public static MendlineService start(Settings settings) {
    return start(settings, line(settings));
  }

  /**
   * Starts an instance with a line of concerns of one's own.
   *
   * @param line under the names of {@link Pipeline#line}, which state is kept under
   * @throws SettingsException when settings, the broker or its topics are not as they must be
   */
  public static MendlineService start(Settings settings, List<Concern<?>> line) {
    Map<String, Integer> partitions = new Preflight(settings).prepare();
    Properties properties = StreamsProperties.of(settings);
    EndTracking ends =
        new EndTracking(settings.topics().inputs(), partitions, System::currentTimeMillis);
    Metrics metrics = new Metrics(settings.clock(), System::currentTimeMillis, settings.lateness());
    Health health = new Health(settings.get(Setting.HEALTH_RESTORE_LAG));
    ApiServer server = listening(settings, health, metrics);
    try {
      HostInfo here = ApiAddress.of(settings, server.port());
      properties.put(StreamsConfig.APPLICATION_SERVER_CONFIG, here.host() + ":" + here.port());
      Observer observer = Observer.both(metrics.observer(), new EventLog(System::nanoTime));
      properties.put(DeadLetterHandler.OBSERVER, observer);
      Application application = application(settings, ends, observer);
      KafkaStreams streams =
          new KafkaStreams(topology(settings, properties, application, line), properties, ends);
      MendlineService service = new MendlineService(settings, streams, health, metrics, server);
      metrics.bindProcess(Path.of(settings.get(Setting.STATE_DIR)));
      metrics.bind(health);
      metrics.bind(streams);
      streams.start();
      server.serve(api(settings, streams, here, application, ends));
      return service;
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
  }

  private static ApiServer listening(Settings settings, Health health, Metrics metrics) {
    try {
      return ApiServer.start(
          settings.get(Setting.API_HOST), settings.get(Setting.API_PORT), health, metrics);
    } catch (IOException e) {
      throw new SettingsException(
          "\"api.host\" and \"api.port\": "
              + e.getMessage()
              + "; choose another, or set api.port=0 for any that is free");
    }
  }

  private static Api api(
      Settings settings,
      KafkaStreams streams,
      HostInfo here,
      Application application,
      Inputs inputs) {
    Map<String, Object> client = new HashMap<>(settings.kafka());
    client.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, false);
    return new Api(
        streams,
        here,
        new Api.Setup(
            settings.topics().inputs(),
            settings.topics().incidents(),
            settings.partitions(),
            settings.get(Setting.EXACTLY_ONCE),
            settings.lateness(),
            application.policies(),
            inputs,
            settings.format().of(Incident.class),
            System::currentTimeMillis),
        new Api.Access(settings.get(Setting.API_TOKEN), ApiAddress.onlyHere(settings)),
        client);
  }

  /**
   * Checks everything and makes sure that the public topics are there, without running.
   *
   * @throws SettingsException when settings, the broker or its topics are not as they must be
   */
  public static void prepare(Settings settings) {
    Map<String, Integer> unused = new Preflight(settings).prepare();
  }

  /** The topology of these settings, without a broker. */
  public static Topology describe(Settings settings) {
    return topology(settings, new NothingRead());
  }

  /**
   * The topology of these settings, to be driven without a broker.
   *
   * @param inputs what is known of the input topics, as no broker can be asked
   */
  public static Topology topology(Settings settings, Inputs inputs) {
    return topology(settings, inputs, Observer.NONE);
  }

  /** The same, observed. */
  static Topology topology(Settings settings, Inputs inputs, Observer observer) {
    return topology(
        settings, properties(settings), application(settings, inputs, observer), line(settings));
  }

  /** What Kafka Streams is told by these settings; a broker that is not named is the local one. */
  public static Properties properties(Settings settings) {
    Properties properties = StreamsProperties.of(settings);
    properties.putIfAbsent(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, "localhost:9092");
    return properties;
  }

  private static List<Concern<?>> line(Settings settings) {
    return Pipeline.line(Preflight.causes(settings));
  }

  private static Topology topology(
      Settings settings, Properties properties, Application application, List<Concern<?>> line) {
    return new MendlineTopology(
            settings.topics(),
            settings.format(),
            settings.partitions(),
            settings.get(Setting.IN_MEMORY),
            line,
            application,
            new StreamsConfig(properties))
        .get();
  }

  private static Application application(Settings settings, Inputs inputs, Observer observer) {
    return new Application(
        settings.topics().sources(),
        settings.partitions(),
        settings.lateness(),
        settings.clock(),
        System::currentTimeMillis,
        inputs,
        Budget.ofService(),
        !settings.get(Setting.EXACTLY_ONCE),
        (long) settings.get(Setting.HELD_MEGABYTES) << 20,
        observer);
  }

  /** What Kafka Streams says of itself. */
  public KafkaStreams.State state() {
    return streams.state();
  }

  /** The port that the API listens at. */
  public int apiPort() {
    return server.port();
  }

  /** How the instance is. */
  public Health health() {
    return health;
  }

  /** What it counts and measures. */
  public Metrics metrics() {
    return metrics;
  }

  /**
   * Waits until the instance has ended.
   *
   * @return whether it ended in time
   */
  public boolean awaitEnd(Duration within) throws InterruptedException {
    return ended.await(within.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Why it ended by itself, or null. */
  public Throwable failure() {
    return failure.get();
  }

  /** Why it ended by itself and what to do, in one line without secrets; empty if it did not. */
  public Optional<String> lastLine() {
    Throwable root = failure.get();
    if (root == null) {
      return Optional.empty();
    }
    // The last one that says what it means: of state that cannot be read, which.
    while (root.getCause() != null && !(root instanceof CorruptStateException)) {
      root = root.getCause();
    }
    String said = root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    if (root instanceof Error) {
      said = root.getClass().getSimpleName() + ": " + said;
    }
    return Optional.of(settings.masked(said).replaceAll("\\s+", " ") + "; " + remedy.get());
  }

  /** Commits what is done and leaves. */
  @Override
  public void close() {
    health.closing();
    server.quiesce();
    // Its partitions are given to others at once, not when its session is over.
    CloseOptions leaving =
        CloseOptions.timeout(CLOSE_WITHIN)
            .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP);
    if (!streams.close(leaving)) {
      LOG.warn("did not close within {}", CLOSE_WITHIN);
    }
    server.close();
    metrics.close();
  }

  static final class NothingRead implements Inputs {
    @Override
    public int partitions(Source source) {
      return 0;
    }

    @Override
    public long readToEndAt(Source source, int partition, long lastOffset) {
      return -1;
    }
  }
}
