package io.mendline.cli;

import io.mendline.topology.MendlineService;
import io.mendline.topology.Settings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code mendline run}. */
@Command(
    name = "run",
    description = "Runs the service against a Kafka cluster or an Event Hubs namespace.",
    footer = {
      "",
      "Environment variables MENDLINE_* stand over the file: MENDLINE_KAFKA_BOOTSTRAP_SERVERS is",
      "kafka.bootstrap.servers. docs/configuration.md lists every setting."
    })
final class RunCommand implements Callable<Integer> {
  private static final Duration ONE_DAY = Duration.ofDays(1);

  @Spec private CommandSpec spec;

  @Option(names = "--config", paramLabel = "FILE", description = "A configuration file.")
  private Path config;

  @Override
  public Integer call() throws InterruptedException {
    Settings settings = Settings.load(config, System.getenv());
    Logging.apply(settings);
    PrintWriter err = spec.commandLine().getErr();
    Optional<String> lastLine;
    try (MendlineService service = MendlineService.start(settings)) {
      Thread closing = new Thread(service::close, "shutdown");
      Runtime.getRuntime().addShutdownHook(closing);
      err.println("mendline runs as \"" + settings.applicationId() + "\"; end it with Ctrl-C");
      boolean ended = false;
      while (!ended) {
        ended = service.awaitEnd(ONE_DAY);
      }
      lastLine = service.lastLine();
    }
    // After closing, so that nothing is said behind it.
    lastLine.ifPresent(line -> err.println("mendline ended: " + line));
    return lastLine.isPresent() ? 1 : 0;
  }
}
