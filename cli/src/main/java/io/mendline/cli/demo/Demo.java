package io.mendline.cli.demo;

import io.mendline.cli.broker.EmbeddedBroker;
import io.mendline.cli.replay.Summary;
import io.mendline.processors.pipeline.Source;
import io.mendline.topology.MendlineService;
import io.mendline.topology.Settings;
import io.mendline.topology.Topics;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Help.Ansi;

/** A broker, the service on it, and the bundled day played to it; all of it in this process. */
final class Demo implements AutoCloseable {
  private static final Duration ONE_DAY = Duration.ofDays(1);

  private final StoryPrinter printer;
  private final EmbeddedBroker broker;
  private final Path stateDir;
  private final Settings settings;
  private final MendlineService service;
  private final long began;
  private boolean closed;

  private Demo(
      StoryPrinter printer,
      EmbeddedBroker broker,
      Path stateDir,
      Settings settings,
      MendlineService service,
      long began) {
    this.printer = printer;
    this.broker = broker;
    this.stateDir = stateDir;
    this.settings = settings;
    this.service = service;
    this.began = began;
  }

  /**
   * Starts broker and service.
   *
   * @param ansi whether to color
   */
  static Demo start(PrintWriter out, Ansi ansi) {
    long began = System.nanoTime();
    StoryPrinter printer = new StoryPrinter(out, ansi);
    printer.say("Starting a Kafka broker and the service in this process ...");
    Path stateDir = temporaryFolder();
    EmbeddedBroker broker = EmbeddedBroker.start();
    try {
      Settings settings = settings(broker.bootstrapServers(), stateDir);
      MendlineService service = MendlineService.start(settings);
      return new Demo(printer, broker, stateDir, settings, service, began);
    } catch (RuntimeException e) {
      broker.close();
      delete(stateDir);
      throw e;
    }
  }

  private static Settings settings(String bootstrapServers, Path stateDir) {
    Map<String, String> given = new TreeMap<>();
    given.put("application.id", "mendline-demo");
    given.put("kafka.bootstrap.servers", bootstrapServers);
    given.put("api.port", "0");
    // The day is played faster than it went.
    given.put("clock", "input");
    given.put("partitions", "2");
    given.put("topics.partitions", "2");
    given.put("stores", "memory");
    given.put("state.dir", stateDir.toString());
    // So that people can read the topics with any tool.
    given.put("format", "json");
    // Every step of the player waits for three stages to commit.
    given.put("commit.interval", "10ms");
    given.put("kafka.fetch.max.wait.ms", "50");
    given.put("kafka.poll.ms", "10");
    return Settings.of(given);
  }

  /**
   * Plays the day and prints the story and a summary.
   *
   * @return what should have been seen and was not; empty when all is well
   */
  List<String> play() {
    Story story = new Story(printer);
    try (LivePipeline pipeline = new LivePipeline(service, settings, broker.bootstrapServers())) {
      List<Delivery> day = BundledDay.deliveries();
      pipeline.send(new Delivery(day.get(0).at(), Source.POLICIES, "demo", BundledDay.policy()));
      pipeline.awaitReady();
      printer.say(
          String.format(
              Locale.ROOT,
              "Ready after %d seconds. One day at Contoso, 10 June 2026, UTC:",
              seconds()));
      printer.say("");
      new Player(pipeline, new SimulatedPlatform(BundledDay.platform()), story).play(day);
    }
    summarize(story);
    return story.checks().missing();
  }

  /** How to look around while broker and service go on. */
  void explain() {
    Topics topics = settings.topics();
    printer.heading("Broker and service go on until Ctrl-C");
    printer.say("  ask       http://127.0.0.1:" + service.apiPort() + "/api/v1/incidents");
    printer.say("  brokers   " + broker.bootstrapServers());
    printer.say(
        "  out       "
            + String.join(
                ", ",
                topics.findings(),
                topics.incidents(),
                topics.alerts(),
                topics.commands(),
                topics.audit(),
                topics.deadLetters())
            + " (JSON)");
    printer.say(
        "  in        "
            + topics.inputs().values().stream().sorted().collect(Collectors.joining(", ")));
    printer.say("  With Kafka's own tools, for example:");
    printer.say(
        "    kafka-console-consumer.sh --from-beginning --topic "
            + topics.incidents()
            + " --bootstrap-server "
            + broker.bootstrapServers());
    printer.say(
        "    kafka-console-producer.sh --topic "
            + topics.inputs().get(Source.RUNS)
            + " --bootstrap-server "
            + broker.bootstrapServers()
            + " < samples/day/runs.ndjson");
    printer.say("  The clock is the input's: it moves on with the newest event that is sent.");
  }

  /** Waits until the service ends, which it does when this is closed or it fails. */
  void awaitEnd() throws InterruptedException {
    boolean ended = false;
    while (!ended) {
      ended = service.awaitEnd(ONE_DAY);
    }
    if (service.failure() != null) {
      throw new DemoException("the service failed: " + service.failure().getMessage());
    }
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    service.close();
    broker.close();
    delete(stateDir);
  }

  private void summarize(Story story) {
    Summary summary = story.summary();
    printer.heading("Summary");
    row("messages sent", Long.toString(story.messages()));
    Map<String, Long> findings = new TreeMap<>();
    summary
        .findings()
        .forEach(
            (kind, byStatus) ->
                findings.put(kind, byStatus.values().stream().mapToLong(Long::longValue).sum()));
    row("findings", counts(findings));
    row("incidents", counts(summary.incidents()));
    row("commands", counts(summary.commands()));
    row("alerts", counts(summary.alerts()));
    row("time taken", seconds() + " s");
    List<String> missing = story.checks().missing();
    if (missing.isEmpty()) {
      row("all is well", "everything that the day holds was found, and what can be mended is");
    } else {
      row("NOT AS IT SHOULD BE", String.join("; ", missing));
    }
    printer.heading("Where to go next");
    printer.say(
        "  samples/README.md says what the day holds, and why what was not found is not there.");
    printer.say("  The same day offline:");
    printer.say(
        "    ./mendline replay --in samples/day --policy samples/policies/demo.yaml --out out"
            + " --until 2026-06-11T12:00:00Z");
  }

  private void row(String what, String counts) {
    printer.say(String.format(Locale.ROOT, "  %-14s %s", what, counts));
  }

  private static String counts(Map<String, Long> counts) {
    return counts.entrySet().stream()
        .map(count -> count.getValue() + " " + count.getKey())
        .collect(Collectors.joining(", "));
  }

  private long seconds() {
    return (System.nanoTime() - began) / 1_000_000_000L;
  }

  private static Path temporaryFolder() {
    try {
      return Files.createTempDirectory("mendline-demo");
    } catch (IOException e) {
      throw new UncheckedIOException("there is no place for the service's state", e);
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the folder " + folder + " cannot be removed", e);
    }
  }
}
