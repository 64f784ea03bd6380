package io.mendline.cli.config;

import io.mendline.topology.PlannedTopic;
import io.mendline.topology.Preflight;
import io.mendline.topology.Settings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code mendline topics}. */
@Command(
    name = "topics",
    description = "Plans, creates and checks all topics, public and internal.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "plan|create|check")
public final class TopicsCommand implements Runnable {
  @Spec private CommandSpec spec;

  /** How to print the plan. */
  enum Script {
    /** Commands of the Azure command line. */
    az
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "Say what to do: topics plan, topics create or topics check.");
  }

  /** {@code mendline topics plan}. */
  @Command(
      name = "plan",
      mixinStandardHelpOptions = true,
      description = "Prints every topic that the service needs. Needs no broker.")
  int plan(
      @Option(names = "--config", paramLabel = "FILE", description = "A configuration file.")
          Path config,
      @Option(names = "--json", description = "As JSON.") boolean json,
      @Option(
              names = "--as",
              paramLabel = "az",
              description = "As commands of the Azure command line that create the hubs.")
          Script script) {
    List<PlannedTopic> plan = preflight(config).plan();
    PrintWriter out = spec.commandLine().getOut();
    if (script == Script.az) {
      out.print(PlanPrinter.azure(plan));
    } else {
      out.print(json ? PlanPrinter.json(plan) : PlanPrinter.markdown(plan));
    }
    out.flush();
    return 0;
  }

  /** {@code mendline topics create}. */
  @Command(
      name = "create",
      mixinStandardHelpOptions = true,
      description =
          "Creates every topic that is missing, internal ones too. Leaves what is there as it is.")
  int create(
      @Option(names = "--config", paramLabel = "FILE", description = "A configuration file.")
          Path config) {
    PrintWriter out = spec.commandLine().getOut();
    List<PlannedTopic> created = preflight(config).create();
    created.forEach(topic -> out.println("created " + topic.name()));
    out.println(created.isEmpty() ? "nothing to create" : created.size() + " topics created");
    out.flush();
    return 0;
  }

  /** {@code mendline topics check}. */
  @Command(
      name = "check",
      mixinStandardHelpOptions = true,
      description =
          "Says each difference between the plan and the cluster; ends with 1 if there are any.")
  int check(
      @Option(names = "--config", paramLabel = "FILE", description = "A configuration file.")
          Path config) {
    List<String> differences = preflight(config).differences();
    PrintWriter out = spec.commandLine().getOut();
    differences.forEach(out::println);
    if (differences.isEmpty()) {
      out.println("ok");
    }
    out.flush();
    return differences.isEmpty() ? 0 : 1;
  }

  private static Preflight preflight(Path config) {
    return new Preflight(Settings.load(config, System.getenv()));
  }
}
