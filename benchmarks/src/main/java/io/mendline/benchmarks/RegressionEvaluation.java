package io.mendline.benchmarks;

import io.mendline.processors.policy.PolicyException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Measures how well metrics that got worse are found, and the change to blame with them: series go
 * as messages through the pipeline, as {@code mendline replay} runs it, and what is found is held
 * against what is known of them. The series are made up, or read from files.
 */
@Command(
    name = "RegressionEvaluation",
    description = "Measures how well metrics that got worse are found.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true)
public final class RegressionEvaluation implements Callable<Integer> {
  /** A policy takes none that is shorter. */
  private static final Duration SHORTEST_BIN = Duration.ofMinutes(1);

  /** Longer ones leave no room for a level before and one after in what is remembered. */
  private static final Duration LONGEST_BIN = Duration.ofDays(1);

  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "SEED",
      description = "Made-up series: the first seed (default: 1).")
  private Long seed;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "EACH",
      description = "Made-up series: how many of each kind (default: 20).")
  private Integer each;

  @Parameters(
      index = "2",
      arity = "0..1",
      paramLabel = "CHANGES",
      description = "Made-up series: how many changes a day that are not to blame (default: 3).")
  private Double changes;

  @ArgGroup(exclusive = false, heading = "%nSeries of files instead of made-up ones:%n")
  private External external;

  /** What counts for series of files. */
  private static final class External {
    @Option(
        names = "--series",
        required = true,
        arity = "1..*",
        paramLabel = "PATH",
        description =
            "Files of a time and a value a line, or folders of such *.csv, with labels.json beside"
                + " them: {\"a.csv\": [\"2014-04-10 00:00:00\"]}, or windows [\"from\", \"to\"].")
    private List<Path> paths;

    @Option(
        names = "--labels",
        paramLabel = "FILE",
        description = "The labels, in place of the labels.json beside the series.")
    private Path labels;

    @Option(names = "--better", defaultValue = "HIGHER", description = "${COMPLETION-CANDIDATES}.")
    private ExternalEvaluation.Better better;

    @Option(
        names = "--minimum-share",
        paramLabel = "X",
        description =
            "The least change that counts, as a part of the usual size (0.2 where nothing is"
                + " said).",
        showDefaultValue = CommandLine.Help.Visibility.NEVER)
    private Double minimumShare;

    @Option(
        names = "--minimum-change",
        paramLabel = "X",
        description = "The least change of the value that counts, in place of a share.",
        showDefaultValue = CommandLine.Help.Visibility.NEVER)
    private Double minimumChange;

    @Option(names = "--bin", defaultValue = "PT1H", description = "The length of a bin.")
    private Duration bin;

    @Option(
        names = "--near",
        defaultValue = "PT12H",
        description = "How far an onset may lie from an instant.")
    private Duration near;
  }

  /** Prints what was found; exits with 1 where series cannot be scored, 2 for wrong arguments. */
  public static void main(String[] arguments) {
    PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    int code = run(out, err, arguments);
    out.flush();
    System.exit(code);
  }

  /**
   * Runs the evaluation.
   *
   * @return 0, 1 when series cannot be scored, 2 when the arguments are not right
   */
  static int run(PrintWriter out, PrintWriter err, String... arguments) {
    return new CommandLine(new RegressionEvaluation())
        .setOut(out)
        .setErr(err)
        .setCaseInsensitiveEnumValuesAllowed(true)
        // Or a mistyped option would be taken for one more file.
        .setUnmatchedOptionsAllowedAsOptionParameters(false)
        .setExecutionExceptionHandler(RegressionEvaluation::failed)
        .execute(arguments);
  }

  private static <T> T or(T given, T usual) {
    return given == null ? usual : given;
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    if (external == null) {
      new MadeUpEvaluation(or(seed, 1L), or(each, 20), or(changes, 3.0)).print(out);
      return 0;
    }
    if (seed != null) {
      throw wrong("Seeds are of made-up series; say either a seed or --series.");
    }
    if (external.bin.compareTo(SHORTEST_BIN) < 0 || external.bin.compareTo(LONGEST_BIN) > 0) {
      throw wrong("--bin must be from " + SHORTEST_BIN + " to " + LONGEST_BIN + ".");
    }
    if (external.near.isNegative()) {
      throw wrong("--near must not be negative.");
    }
    ExternalEvaluation evaluation =
        new ExternalEvaluation(external.better, leastEffect(), external.bin, external.near);
    evaluation.print(SeriesFolder.read(external.paths, external.labels), out);
    return 0;
  }

  private String leastEffect() {
    if (external.minimumShare != null && external.minimumChange != null) {
      throw wrong("Say either --minimum-share or --minimum-change.");
    }
    if (external.minimumChange != null) {
      return "minimumChange: " + external.minimumChange;
    }
    return "minimumShare: " + (external.minimumShare == null ? 0.2 : external.minimumShare);
  }

  private ParameterException wrong(String problem) {
    return new ParameterException(spec.commandLine(), problem);
  }

  private static int failed(
      Exception problem, CommandLine command, CommandLine.ParseResult arguments) throws Exception {
    if (problem instanceof EvaluationException) {
      command.getErr().println(problem.getMessage());
      return 1;
    }
    if (problem instanceof PolicyException) {
      command.getErr().println(problem.getMessage());
      return 2;
    }
    throw problem;
  }
}
