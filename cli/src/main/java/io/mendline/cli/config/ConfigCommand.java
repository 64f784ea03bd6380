package io.mendline.cli.config;

import io.mendline.topology.Preflight;
import io.mendline.topology.Settings;
import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code mendline config}. */
@Command(
    name = "config",
    description = "Checks a configuration.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "check")
public final class ConfigCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say what to do: config check.");
  }

  /** {@code mendline config check}. */
  @Command(
      name = "check",
      mixinStandardHelpOptions = true,
      description = {
        "Checks every setting, then that the brokers answer, take the credentials, and have the topics as",
        "they must be. Changes nothing. Ends with 1 when something is wrong, and says what to do."
      })
  int check(
      @Option(names = "--config", paramLabel = "FILE", description = "A configuration file.")
          Path config,
      @Option(names = "--offline", description = "Asks no broker.") boolean offline) {
    PrintWriter out = spec.commandLine().getOut();
    Preflight preflight = new Preflight(Settings.load(config, System.getenv()));
    preflight.checkOffline().forEach(out::println);
    if (!offline) {
      preflight.checkCluster().forEach(out::println);
    }
    out.println("ok");
    out.flush();
    return 0;
  }
}
