package io.mendline.topology;

import io.mendline.processors.cause.CatalogueException;
import io.mendline.processors.cause.CauseCatalogue;
import io.mendline.processors.engine.Pipeline;
import io.mendline.processors.ingest.Inputs;
import io.mendline.processors.kafka.Application;
import io.mendline.processors.kafka.Observer;
import io.mendline.processors.pipeline.Budget;
import io.mendline.processors.pipeline.Source;
import io.mendline.schemas.Incident;
import io.mendline.topology.api.Api;
import io.mendline.topology.api.ApiServer;
import io.mendline.topology.health.Health;
import io.mendline.topology.logs.EventLog;
import io.mendline.topology.metrics.Metrics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
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
  private static final int ADMIN_TIMEOUT_MILLIS = 15_000;

  private final KafkaStreams streams;
  private final Health health;
  private final Metrics metrics;
  private final ApiServer server;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  private MendlineService(KafkaStreams streams, Health health, Metrics metrics, ApiServer server) {
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
    streams.setUncaughtExceptionHandler(
        problem -> {
          failure.set(problem);
          LOG.error("processing stops: {}", problem.getMessage(), problem);
          return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
  }

  /**
   * Starts an instance.
   *
   * @throws SettingsException when the broker or its topics are not as they must be
   */
  public static MendlineService start(Settings settings) {
    Properties properties = StreamsProperties.of(settings);
    EndTracking ends = tracking(settings, properties, settings.topics());
    Metrics metrics = new Metrics(settings.clock(), System::currentTimeMillis, settings.lateness());
    Health health = new Health(settings.get(Setting.HEALTH_RESTORE_LAG));
    ApiServer server =
        ApiServer.start(
            settings.get(Setting.API_HOST), settings.get(Setting.API_PORT), health, metrics);
    try {
      HostInfo here = ApiAddress.of(settings, server.port());
      properties.put(StreamsConfig.APPLICATION_SERVER_CONFIG, here.host() + ":" + here.port());
      Observer observer = Observer.both(metrics.observer(), new EventLog(System::nanoTime));
      Application application = application(settings, ends, observer);
      KafkaStreams streams =
          new KafkaStreams(topology(settings, properties, application), properties, ends);
      MendlineService service = new MendlineService(streams, health, metrics, server);
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
            settings.topics(),
            settings.partitions(),
            settings.lateness(),
            application.policies(),
            inputs,
            settings.format().of(Incident.class),
            System::currentTimeMillis),
        new Api.Access(settings.get(Setting.API_TOKEN), ApiAddress.onlyHere(settings)),
        client);
  }

  /**
   * Makes sure that the public topics are there, without running.
   *
   * @throws SettingsException when the broker or its topics are not as they must be
   */
  public static void prepare(Settings settings) {
    tracking(settings, StreamsProperties.of(settings), settings.topics());
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
    return topology(settings, properties(settings), application(settings, inputs, observer));
  }

  /** What Kafka Streams is told by these settings; a broker that is not named is the local one. */
  public static Properties properties(Settings settings) {
    Properties properties = StreamsProperties.of(settings);
    properties.putIfAbsent(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, "localhost:9092");
    return properties;
  }

  private static Topology topology(
      Settings settings, Properties properties, Application application) {
    return new MendlineTopology(
            settings.topics(),
            settings.format(),
            settings.partitions(),
            settings.get(Setting.IN_MEMORY),
            Pipeline.line(causes(settings)),
            application,
            new StreamsConfig(properties))
        .get();
  }

  private static CauseCatalogue causes(Settings settings) {
    String file = settings.get(Setting.CAUSES);
    try {
      return file.isEmpty()
          ? CauseCatalogue.bundled()
          : CauseCatalogue.bundled().with(Path.of(file));
    } catch (CatalogueException e) {
      throw new SettingsException("\"" + Setting.CAUSES.key() + "\": " + e.getMessage());
    }
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
        observer);
  }

  private static EndTracking tracking(Settings settings, Properties properties, Topics topics) {
    if (!properties.containsKey(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG)) {
      throw new SettingsException(
          "\"kafka.bootstrap.servers\" is missing; set it to the brokers, as host:9092");
    }
    Properties client = new Properties();
    client.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ADMIN_TIMEOUT_MILLIS);
    client.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, ADMIN_TIMEOUT_MILLIS);
    settings.kafka().forEach(client::put);
    client.put(
        CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG,
        properties.get(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG));
    try (Admin admin = admin(client)) {
      new TopicSetup(settings).ensure(admin);
      Map<String, Integer> partitions = TopicSetup.partitions(admin, topics.inputs().values());
      return new EndTracking(topics.inputs(), partitions, System::currentTimeMillis);
    }
  }

  private static Admin admin(Properties client) {
    try {
      return Admin.create(client);
    } catch (KafkaException e) {
      // The cause names the setting; the exception itself says only that there is no client.
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new SettingsException("a kafka.* setting cannot be taken: " + cause.getMessage());
    }
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
