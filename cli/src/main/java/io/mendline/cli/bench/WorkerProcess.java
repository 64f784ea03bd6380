package io.mendline.cli.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A {@link Worker} in a process of its own, so that processor time, heap and memory are its own.
 */
final class WorkerProcess implements AutoCloseable {
  private static final int LOG_LINES_TOLD = 20;
  private static final int KIBI = 1024;
  private static final long END_WITHIN_SECONDS = 20;

  private final Scenario scenario;
  private final Process process;
  private final Path log;
  private final BufferedReader answers;
  private final BufferedWriter commands;

  private WorkerProcess(Scenario scenario, Process process, Path log) {
    this.scenario = scenario;
    this.process = process;
    this.log = log;
    this.answers = process.inputReader(StandardCharsets.UTF_8);
    this.commands = process.outputWriter(StandardCharsets.UTF_8);
  }

  /**
   * Starts a process with the options that the {@code mendline} script gives the service.
   *
   * @param settings a file of settings
   * @param states where state is kept
   */
  static WorkerProcess start(Scenario scenario, Path settings, Path states, List<String> options)
      throws IOException {
    Path log = settings.resolveSibling("worker-" + scenario.label() + ".log");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:+UseParallelGC");
    command.add("-Xshare:auto");
    command.addAll(options);
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            Worker.class.getName(),
            scenario.name(),
            settings.toString(),
            states.toString()));
    Process process =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    return new WorkerProcess(scenario, process, log);
  }

  /** Says one command and returns the answer. */
  long ask(String command) {
    try {
      commands.write(command);
      commands.newLine();
      commands.flush();
      String answer = answers.readLine();
      while (answer != null && !answer.startsWith(Worker.ANSWER)) {
        answer = answers.readLine();
      }
      if (answer == null) {
        throw ended();
      }
      return Long.parseLong(answer.substring(Worker.ANSWER.length()));
    } catch (IOException e) {
      throw ended();
    }
  }

  boolean alive() {
    return process.isAlive();
  }

  /** Fails when the process has ended. */
  void requireAlive() {
    if (!process.isAlive()) {
      throw ended();
    }
  }

  /** Its processor time so far, of all threads. */
  Duration cpu() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /** Its resident memory in bytes, or -1 where the system does not tell. */
  long rss() {
    Path status = Path.of("/proc", Long.toString(process.pid()), "status");
    try {
      for (String line : Files.readAllLines(status, StandardCharsets.UTF_8)) {
        if (line.startsWith("VmRSS:")) {
          return Long.parseLong(line.replaceAll("\\D", "")) * KIBI;
        }
      }
    } catch (IOException e) {
      // There is no such file but on Linux.
    }
    return -1;
  }

  /** What went wrong, with the end of what the process said. */
  BenchException failed(String what) {
    return new BenchException("(" + scenario.label() + ") " + what + ": " + lastSaid());
  }

  @Override
  public void close() {
    try {
      // It ends when its input does; a recording that options asked for is written then.
      commands.close();
      if (process.waitFor(END_WITHIN_SECONDS, TimeUnit.SECONDS)) {
        return;
      }
    } catch (IOException e) {
      // It has ended by itself.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
    process.onExit().join();
  }

  private BenchException ended() {
    process.onExit().join();
    return failed("the measured process has ended");
  }

  private String lastSaid() {
    try {
      List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
      return String.join(
          System.lineSeparator(),
          lines.subList(Math.max(0, lines.size() - LOG_LINES_TOLD), lines.size()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
