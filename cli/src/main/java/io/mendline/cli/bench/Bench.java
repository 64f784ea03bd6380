package io.mendline.cli.bench;

import io.mendline.cli.broker.BrokerProcess;
import io.mendline.topology.MendlineService;
import io.mendline.topology.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Runs a {@link Plan}: one broker in a process of its own; per number of resources one backlog, of
 * single records and in envelopes; and every scenario in a process of its own, which reads that
 * backlog again and again, each time as a new application.
 *
 * <p>The scenarios take turns, one run each, so that a machine that slows down slows all of them.
 * The first turns warm up and do not count.
 */
final class Bench implements AutoCloseable {
  private static final String LINGER_MILLIS = "5";

  /**
   * How often a resource is told of, in event time. With four seconds of the clock between, a month
   * passes in four minutes: from a soak's second quarter on as much is forgotten as is taken up.
   */
  private static final Duration SOAK_EVERY = Duration.ofHours(12);

  private static final Duration SOAK_SAMPLE = Duration.ofSeconds(30);

  private final Plan plan;
  private final Consumer<String> told;
  private final Path folder;
  private final BrokerProcess broker;
  private final Admin admin;
  private final KafkaProducer<byte[], byte[]> producer;

  /**
   * A benchmark with its broker.
   *
   * @param told is told what happens, for people
   */
  Bench(Plan plan, Consumer<String> told) throws IOException {
    this.plan = plan;
    this.told = told;
    this.folder = Files.createTempDirectory("mendline-bench");
    this.broker = BrokerProcess.start(folder.resolve("broker"), "-Xmx1g");
    Map<String, Object> client = new HashMap<>();
    client.put("bootstrap.servers", broker.bootstrapServers());
    client.put("enable.metrics.push", "false");
    this.admin = Admin.create(client);
    client.put(ProducerConfig.LINGER_MS_CONFIG, LINGER_MILLIS);
    this.producer =
        new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** The outcomes by number of resources and scenario. */
  Map<Integer, Map<Scenario, Outcome>> run() throws IOException, InterruptedException {
    Map<Integer, Map<Scenario, Outcome>> outcomes = new LinkedHashMap<>();
    for (int resources : plan.resources()) {
      outcomes.put(resources, run(resources));
    }
    return outcomes;
  }

  /**
   * Holds the service under a steady load, see {@link Soak}.
   *
   * @return whether it stayed as it was
   */
  boolean soak(int resources, double eventsPerSecond, Duration span, PrintWriter out)
      throws IOException, InterruptedException {
    Map<String, String> given = given(resources, false);
    // Its event time runs faster than the clock.
    given.put("clock", "input");
    Settings settings = Settings.of(given);
    MendlineService.prepare(settings);
    Path own = Files.createDirectories(folder.resolve("soak"));
    Path file = Stage.write(given, own);
    String application = "bench-soak";
    try (WorkerProcess worker =
        WorkerProcess.start(Scenario.C, file, own.resolve("states"), plan.javaOptions())) {
      long unused = worker.ask("start " + application);
      Progress progress =
          new Progress(admin, worker, application, Telemetry.topics(settings.topics()));
      Telemetry telemetry =
          Telemetry.live(
              resources,
              Soak.blocks(eventsPerSecond, span),
              SOAK_EVERY,
              System.currentTimeMillis());
      return new Soak(telemetry, producer, settings.topics(), worker, progress, eventsPerSecond)
          .run(span, SOAK_SAMPLE, out);
    }
  }

  private Map<Scenario, Outcome> run(int resources) throws IOException, InterruptedException {
    Telemetry telemetry = new Telemetry(resources, plan.blocks(), System.currentTimeMillis());
    Map<Boolean, Telemetry.Content> contents = new HashMap<>();
    Map<Scenario, Stage> stages = new EnumMap<>(Scenario.class);
    try {
      for (Scenario scenario : plan.scenarios()) {
        boolean enveloped = scenario.enveloped();
        Map<String, String> given = given(resources, enveloped);
        Settings settings = Settings.of(given);
        if (!contents.containsKey(enveloped)) {
          told.accept(
              "writing the telemetry of "
                  + resources
                  + " resources"
                  + (enveloped ? " in envelopes" : ""));
          prepare(settings);
          contents.put(enveloped, telemetry.load(producer, settings.topics(), enveloped));
        }
        String name = scenario.label() + "-" + resources;
        Path own = Files.createDirectories(folder.resolve(name));
        Stage stage =
            new Stage(this, scenario, name, own, settings, telemetry, contents.get(enveloped));
        stages.put(scenario, stage);
        stage.start(given);
      }
      for (int turn = 1 - plan.warmUps(); turn <= plan.repeats(); turn++) {
        for (Stage stage : stages.values()) {
          stage.turn(turn);
        }
      }
      Map<Scenario, Outcome> outcomes = new EnumMap<>(Scenario.class);
      for (Stage stage : stages.values()) {
        outcomes.put(stage.scenario(), stage.outcome());
      }
      return outcomes;
    } finally {
      stages.values().forEach(Stage::close);
    }
  }

  private Map<String, String> given(int resources, boolean enveloped) {
    Map<String, String> given = new HashMap<>();
    given.put("topics.prefix", "bench-" + resources + (enveloped ? "-envelopes." : "."));
    given.put("topics.partitions", Integer.toString(Telemetry.PARTITIONS));
    given.put("stores", plan.stores());
    // Several services run beside each other; none is asked anything.
    given.put("api.port", "0");
    given.put("kafka.bootstrap.servers", broker.bootstrapServers());
    return given;
  }

  private void prepare(Settings settings) {
    MendlineService.prepare(settings);
    String out = Telemetry.passedThrough(settings.topics());
    Brokers.get(
        admin
            .createTopics(
                List.of(new NewTopic(out, Optional.of(Telemetry.PARTITIONS), Optional.empty())))
            .all());
  }

  Plan plan() {
    return plan;
  }

  Admin admin() {
    return admin;
  }

  KafkaProducer<byte[], byte[]> producer() {
    return producer;
  }

  String bootstrapServers() {
    return broker.bootstrapServers();
  }

  /** Tells people what happens. */
  void tell(String what) {
    told.accept(what);
  }

  @Override
  public void close() {
    producer.close();
    admin.close();
    broker.close();
    delete(folder);
  }

  /** Removes a folder and what is in it; nothing happens where there is none. */
  static void delete(Path path) {
    if (!Files.exists(path)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(path)) {
      for (Path each : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    } catch (IOException e) {
      throw new BenchException(path + " cannot be removed", e);
    }
  }
}
