package io.mendline.cli.demo;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code mendline demo}. */
@Command(
    name = "demo",
    description =
        "Plays a day at a small data platform: broker, service and a simulated platform in one"
            + " process.",
    footer = {
      "",
      "Needs nothing but this machine. Takes about a minute. The exit code is 0 when everything was",
      "seen that the day holds."
    })
public final class DemoCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--exit",
      description = "Ends after the summary; without it broker and service go on until Ctrl-C.")
  private boolean exit;

  @Override
  public Integer call() throws InterruptedException {
    var line = spec.commandLine();
    try (Demo demo = Demo.start(line.getOut(), line.getColorScheme().ansi())) {
      Thread closing = new Thread(demo::close, "shutdown");
      Runtime.getRuntime().addShutdownHook(closing);
      List<String> missing = demo.play();
      if (!exit) {
        demo.explain();
        demo.awaitEnd();
      }
      return missing.isEmpty() ? 0 : 1;
    }
  }
}
