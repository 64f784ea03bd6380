package io.mendline.cli;

import io.mendline.topology.MendlineService;
import io.mendline.topology.Settings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code mendline describe}. */
@Command(
    name = "describe",
    description = "Prints the topology: its stages, operators, stores and topics. Needs no broker.")
final class DescribeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--config", paramLabel = "FILE", description = "A configuration file.")
  private Path config;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    out.print(MendlineService.describe(Settings.load(config, System.getenv())).describe());
    out.flush();
    return 0;
  }
}
