package io.mendline.cli.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code mendline bench}. */
@Command(
    name = "bench",
    description = "Measures what the service costs, beside Kafka Streams that only passes through.",
    footer = {
      "",
      "Starts a broker of its own. Measured on the same input, each in a process of its own:",
      "  a  a consumer that parses",
      "  b  Kafka Streams, exactly-once, that writes what it reads",
      "  c  the service on messages of one record",
      "  d  the service on the same records in envelopes of 20",
      "",
      "docs/benchmarks.md says what the numbers mean. For them to mean anything, nothing else",
      "should run."
    })
public final class BenchCommand implements Callable<Integer> {
  private static final int BY_THE = 1_000;
  private static final int QUICK_EVENTS = 4_000;
  private static final int WARM_UPS = 4;
  private static final int SOAK_RESOURCES = 20_000;
  private static final int SOAK_EVENTS = 5_000;

  @Spec private CommandSpec spec;

  @Option(
      names = "--events",
      paramLabel = "N",
      defaultValue = "400000",
      description = "Records of telemetry in a run (default: ${DEFAULT-VALUE}).")
  private int events;

  @Option(
      names = "--resources",
      paramLabel = "N",
      split = ",",
      defaultValue = "1000,100000",
      description = "How many resources they are about (default: ${DEFAULT-VALUE}).")
  private List<Integer> resources;

  @Option(
      names = "--only",
      paramLabel = "SCENARIO",
      split = ",",
      defaultValue = "a,b,c,d",
      description = "What to measure (default: ${DEFAULT-VALUE}).")
  private Set<Scenario> only;

  @Option(
      names = "--repeats",
      paramLabel = "N",
      defaultValue = "3",
      description = "Measured runs of each, after four to warm up (default: ${DEFAULT-VALUE}).")
  private int repeats;

  @Option(
      names = "--half-load",
      paramLabel = "SECONDS",
      defaultValue = "20",
      description = "For how long latency is measured (default: ${DEFAULT-VALUE}).")
  private int halfLoad;

  @Option(
      names = "--stores",
      paramLabel = "rocksdb|memory",
      defaultValue = "rocksdb",
      description = "Where the service keeps its state (default: ${DEFAULT-VALUE}).")
  private String stores;

  @Option(
      names = "--java-option",
      paramLabel = "OPTION",
      description = "Another option for the measured processes, as -Xmx2g. May be repeated.")
  private List<String> javaOptions = List.of();

  @Option(names = "--json", paramLabel = "FILE", description = "Writes the numbers as JSON too.")
  private Path json;

  @Option(
      names = "--quick",
      description = "A try in half a minute, whose numbers mean nothing: 4,000 events, once, cold.")
  private boolean quick;

  @Option(
      names = "--soak",
      paramLabel = "MINUTES",
      description =
          "Instead: the service for so long at 5,000 events a second of 20,000 resources. Ends with 1 when its memory grows or it falls behind.")
  private int soak;

  @Option(names = "--check", description = "Ends with 1 when a floor is not met.")
  private boolean check;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Plan plan = plan();
    PrintWriter err = spec.commandLine().getErr();
    PrintWriter out = spec.commandLine().getOut();
    if (soak > 0) {
      try (Bench bench = new Bench(plan, err::println)) {
        return bench.soak(SOAK_RESOURCES, SOAK_EVENTS, Duration.ofMinutes(soak), out) ? 0 : 1;
      }
    }
    Report report;
    try (Bench bench = new Bench(plan, err::println)) {
      report = new Report(plan, bench.run());
    }
    report.print(out);
    out.flush();
    if (json != null) {
      try (Writer to = Files.newBufferedWriter(json, StandardCharsets.UTF_8)) {
        report.write(to);
      }
    }
    return check && !report.floors().stream().allMatch(Report.Floor::met) ? 1 : 0;
  }

  private Plan plan() {
    require(events > 0 && events % BY_THE == 0, "--events goes by the thousand");
    require(repeats > 0 && halfLoad > 0, "--repeats and --half-load are at least 1");
    require(!(quick && check), "--check means nothing for the numbers of --quick");
    for (int each : resources) {
      require(each > 0 && each % BY_THE == 0, "--resources goes by the thousand");
    }
    Set<Scenario> scenarios = EnumSet.copyOf(only);
    return quick
        ? new Plan(
            QUICK_EVENTS,
            List.of(BY_THE),
            scenarios,
            0,
            1,
            Duration.ofSeconds(1),
            stores,
            javaOptions)
        : new Plan(
            events,
            resources,
            scenarios,
            WARM_UPS,
            repeats,
            Duration.ofSeconds(halfLoad),
            stores,
            javaOptions);
  }

  private void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), otherwise);
    }
  }
}
