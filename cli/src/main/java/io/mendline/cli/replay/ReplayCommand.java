package io.mendline.cli.replay;

import io.mendline.processors.cause.CauseCatalogue;
import io.mendline.processors.pipeline.Progress;
import io.mendline.processors.policy.Policies;
import io.mendline.processors.policy.PolicyDocument;
import io.mendline.topology.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code mendline replay}. */
@Command(
    name = "replay",
    description =
        "Runs recorded telemetry through the same code as in service, offline and repeatable.",
    footer = {
      "",
      "A recording is NDJSON, plain or .gz: a line is a message value as its topic would carry it.",
      "Its name before the first dot or dash says the topic: sentinel, runs, cache, changes, outcomes,",
      "approvals, operations, policies.",
      "",
      "Telemetry is what happened, not what would have happened: commands that a policy would have",
      "released did not change what was recorded."
    })
public final class ReplayCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--in",
      required = true,
      arity = "1..*",
      paramLabel = "PATH",
      description = "Recordings, or folders of them.")
  private List<Path> in;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description =
          "Where findings, incidents, commands, alerts, audit and dead-letters go, as .ndjson.")
  private Path out;

  @Option(
      names = "--policy",
      paramLabel = "FILE",
      description = "A policy, YAML or JSON, laid over the built-in one.")
  private Path policy;

  @Option(
      names = "--compare",
      paramLabel = "FILE",
      description = "Another policy: says what it would have found and asked for otherwise.")
  private Path compare;

  @Option(
      names = "--until",
      paramLabel = "INSTANT",
      description = "Moves the clock on past the last message, so that what is pending comes due.")
  private Instant until;

  @Option(
      names = "--summary",
      paramLabel = "md|json",
      defaultValue = "md",
      description = "How to print the summary (default: ${DEFAULT-VALUE}).")
  private Format summary;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "A configuration file; only lateness.* counts here.")
  private Path config;

  /** How to print the summary. */
  enum Format {
    md,
    json
  }

  @Override
  public Integer call() throws IOException {
    Map<io.mendline.processors.pipeline.Source, Long> lateness =
        (config == null ? Settings.of(Map.of()) : Settings.offline(config)).lateness();
    PolicyDocument first = read(policy);
    PolicyDocument second = read(compare);
    Replay replay =
        new Replay(in, lateness::get, CauseCatalogue.bundled(), System.currentTimeMillis());
    long end = until == null ? Progress.UNHEARD : until.toEpochMilli();
    Summary counted = new Summary();
    Replay.Result result;
    try (ReplayOutput output = new ReplayOutput(out)) {
      result =
          replay.run(
              first,
              end,
              one -> {
                counted.take(one);
                output.take(one);
              },
              letter -> {
                counted.take(letter);
                output.take(letter);
              });
    }
    counted.take(result.coverage());
    PrintWriter print = spec.commandLine().getOut();
    print.print(
        summary == Format.json
            ? counted.json(result.messages())
            : counted.markdown(result.messages()));
    if (compare != null) {
      Summary other = new Summary();
      replay.run(second, end, other::take, other::take);
      print.print(difference(counted, other));
    }
    print.flush();
    return 0;
  }

  private String difference(Summary first, Summary second) {
    StringBuilder text = new StringBuilder();
    text.append("\nWith ").append(compare.getFileName()).append(" instead:\n");
    text.append("| what | only before | only then | both |\n|---|---|---|---|\n");
    row(text, "findings", first.findingIds(), second.findingIds());
    row(text, "commands", first.commandIds(), second.commandIds());
    text.append("Telemetry is what happened, not what would have happened under this policy.\n");
    return text.toString();
  }

  private static void row(StringBuilder text, String what, Set<String> before, Set<String> then) {
    Set<String> both = new TreeSet<>(before);
    both.retainAll(then);
    text.append("| ").append(what);
    text.append(" | ").append(before.size() - both.size());
    text.append(" | ").append(then.size() - both.size());
    text.append(" | ").append(both.size()).append(" |\n");
  }

  private static PolicyDocument read(Path file) throws IOException {
    if (file == null) {
      return null;
    }
    if (!Files.isRegularFile(file)) {
      throw new ReplayException("there is no policy file " + file);
    }
    return Policies.parse(file.getFileName().toString(), Files.readAllBytes(file));
  }
}
