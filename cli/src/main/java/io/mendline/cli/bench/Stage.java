package io.mendline.cli.bench;

import io.mendline.topology.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One scenario at one number of resources: its process, its turns, and what came of them. */
final class Stage implements AutoCloseable {
  private static final double MILLION = 1e6;

  private final Bench bench;
  private final Scenario scenario;
  private final String name;
  private final Path folder;
  private final Settings settings;
  private final Telemetry telemetry;
  private final Telemetry.Content content;
  private final List<Outcome.Run> runs = new ArrayList<>();
  private WorkerProcess worker;
  private String application;

  /**
   * A stage; nothing runs yet.
   *
   * @param name tells it from other stages
   * @param folder for its files
   */
  Stage(
      Bench bench,
      Scenario scenario,
      String name,
      Path folder,
      Settings settings,
      Telemetry telemetry,
      Telemetry.Content content) {
    this.bench = bench;
    this.scenario = scenario;
    this.name = name;
    this.folder = folder;
    this.settings = settings;
    this.telemetry = telemetry;
    this.content = content;
  }

  Scenario scenario() {
    return scenario;
  }

  /** Starts its process on these settings. */
  void start(Map<String, String> given) throws IOException {
    worker =
        WorkerProcess.start(scenario, write(given, folder), states(), bench.plan().javaOptions());
  }

  /** Writes settings to a file. */
  static Path write(Map<String, String> given, Path folder) throws IOException {
    Path file = folder.resolve("mendline.properties");
    List<String> lines = new ArrayList<>();
    given.forEach((key, value) -> lines.add(key + "=" + value));
    return Files.write(file, lines, StandardCharsets.UTF_8);
  }

  /**
   * Runs once through the whole backlog, as a new application.
   *
   * @param turn up to 0 it warms up and does not count
   */
  void turn(int turn) throws InterruptedException {
    stop();
    application = "bench-" + name + "-" + (turn > 0 ? "run-" + turn : "warm-up-" + -turn);
    try (FindingsReader findings = findings()) {
      Progress progress =
          new Progress(bench.admin(), worker, application, Telemetry.topics(settings.topics()));
      Progress.Mark begin = progress.begin();
      worker.ask("start " + application);
      Progress.Span span = progress.await(begin, content.messages(), scenario.service());
      if (scenario.service()) {
        findings.requireHonest(content);
      }
      Outcome.Run run = run(span);
      String rate = String.format(Locale.ROOT, "%,.0f events/s", run.eventsPerSecond());
      bench.tell(name + ", " + (turn <= 0 ? "warming up" : "run " + turn) + ": " + rate);
      if (turn > 0) {
        runs.add(run);
      }
    }
  }

  private Outcome.Run run(Progress.Span span) {
    double events = (double) span.messages() * bench.plan().events() / content.messages();
    long rss = worker.rss();
    return new Outcome.Run(
        events / span.seconds(),
        span.cpuSeconds() / events * MILLION,
        rss,
        worker.ask("heap"),
        scenario.service()
            ? (double) Brokers.changelogBytes(bench.admin(), application) / bench.plan().events()
            : 0);
  }

  /** What was measured; of a service also what is measured once, on the last turn's state. */
  Outcome outcome() throws InterruptedException {
    if (!scenario.service()) {
      return new Outcome(scenario, List.copyOf(runs), null);
    }
    bench.tell(name + ", restoring");
    worker.ask("stop");
    Bench.delete(states());
    long restoreMillis = worker.ask("start " + application);
    double load = new Outcome(scenario, runs, null).eventsPerSecond() / 2;
    bench.tell(String.format(Locale.ROOT, "%s, at %,.0f events/s", name, load));
    try (FindingsReader findings = findings()) {
      List<Long> latencies =
          new HalfLoad(telemetry, bench.producer(), settings.topics(), scenario.enveloped())
              .run(load, bench.plan().halfLoad(), findings);
      return new Outcome(
          scenario,
          List.copyOf(runs),
          new Outcome.Upkeep(restoreMillis, Quantiles.of(latencies), latencies.size(), load));
    }
  }

  private FindingsReader findings() {
    return new FindingsReader(bench.bootstrapServers(), settings.topics());
  }

  private Path states() {
    return folder.resolve("states");
  }

  /** Ends the last turn's application and removes what it leaves. */
  private void stop() {
    if (application != null) {
      worker.ask("stop");
      Brokers.forget(bench.admin(), application);
      Bench.delete(states());
    }
  }

  @Override
  public void close() {
    if (worker != null) {
      worker.close();
    }
  }
}
