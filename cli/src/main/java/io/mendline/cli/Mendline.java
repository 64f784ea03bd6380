package io.mendline.cli;

import io.mendline.cli.bench.BenchCommand;
import io.mendline.cli.bench.BenchException;
import io.mendline.cli.config.ConfigCommand;
import io.mendline.cli.config.TopicsCommand;
import io.mendline.cli.deadletters.DeadLettersCommand;
import io.mendline.cli.demo.DemoCommand;
import io.mendline.cli.demo.DemoException;
import io.mendline.cli.replay.ReplayCommand;
import io.mendline.cli.replay.ReplayException;
import io.mendline.databricks.poller.StateException;
import io.mendline.processors.cause.CatalogueException;
import io.mendline.processors.policy.PolicyException;
import io.mendline.topology.SettingsException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code mendline} command. */
@Command(
    name = "mendline",
    description = "Watches the health of a data platform and gets it mended.",
    mixinStandardHelpOptions = true,
    version = "mendline 0.1.0",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      DemoCommand.class,
      ReplayCommand.class,
      ClassifyCommand.class,
      DescribeCommand.class,
      RunCommand.class,
      ConfigCommand.class,
      TopicsCommand.class,
      DeadLettersCommand.class,
      PollRunsCommand.class,
      BenchCommand.class,
      CommandLine.HelpCommand.class
    },
    footer = {"", "mendline help COMMAND says more about one of them."})
public final class Mendline implements Runnable {
  @Spec private CommandSpec spec;

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    int code = run(out, err, arguments);
    out.flush();
    System.exit(code);
  }

  /**
   * Runs a command.
   *
   * @return 0, 1 when it failed, 2 when the arguments are not right, or {@code poll-runs --once}
   *     could not read all
   */
  public static int run(PrintWriter out, PrintWriter err, String... arguments) {
    return new CommandLine(new Mendline())
        .setOut(out)
        .setErr(err)
        .setExecutionExceptionHandler(Mendline::failed)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .execute(arguments);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say which command to run.");
  }

  private static int failed(
      Exception problem, CommandLine command, CommandLine.ParseResult arguments) throws Exception {
    if (problem instanceof DemoException
        || problem instanceof ReplayException
        || problem instanceof BenchException
        || problem instanceof SettingsException
        || problem instanceof StateException
        || problem instanceof PolicyException
        || problem instanceof CatalogueException) {
      problem.getMessage().lines().forEach(line -> command.getErr().println("mendline: " + line));
      return 1;
    }
    throw problem;
  }
}
