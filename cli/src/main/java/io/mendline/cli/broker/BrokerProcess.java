package io.mendline.cli.broker;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * An {@link EmbeddedBroker} in a process of its own, with its own processor time and memory. It can
 * be killed and started again on the same folder and ports, and keeps what it had acknowledged: a
 * killed process leaves to the operating system what it wrote.
 *
 * <p>It ends when this process does. Its folder stays.
 */
public final class BrokerProcess implements AutoCloseable {
  private static final int LOG_LINES_TOLD = 20;

  private final Path folder;
  private final int brokerPort;
  private final int controllerPort;
  private final List<String> options;
  private Process process;

  private BrokerProcess(Path folder, int brokerPort, int controllerPort, List<String> options) {
    this.folder = folder;
    this.brokerPort = brokerPort;
    this.controllerPort = controllerPort;
    this.options = options;
  }

  /**
   * Starts a broker that keeps its log and what it says in a folder, and waits until it answers.
   *
   * @param folder is made if it is not there
   * @param options of its JVM, as {@code -Xmx1g}
   * @throws IllegalStateException when it ends instead; the message holds the end of its log
   */
  public static BrokerProcess start(Path folder, String... options) {
    try {
      Files.createDirectories(folder);
      int[] ports = EmbeddedBroker.freePorts();
      BrokerProcess broker = new BrokerProcess(folder, ports[0], ports[1], List.of(options));
      broker.launch();
      return broker;
    } catch (IOException e) {
      throw new UncheckedIOException("a broker cannot be started in " + folder, e);
    }
  }

  /** Where clients find it, before a restart and after. */
  public String bootstrapServers() {
    return "localhost:" + brokerPort;
  }

  /** SIGKILL: nothing is flushed or closed. Returns when it is gone. */
  public void kill() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the broker ended", e);
    }
  }

  /** Starts it again on what it has kept, after killing it if it still runs. */
  public void restart() {
    kill();
    try {
      launch();
    } catch (IOException e) {
      throw new UncheckedIOException("the broker cannot be started again in " + folder, e);
    }
  }

  /** Ends it. */
  @Override
  public void close() {
    kill();
  }

  private void launch() throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:+UseParallelGC");
    command.addAll(options);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(BrokerMain.class.getName());
    command.add(folder.resolve("log").toString());
    command.add(Integer.toString(brokerPort));
    command.add(Integer.toString(controllerPort));
    process =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(said().toFile()))
            .start();
    awaitReady();
  }

  private void awaitReady() throws IOException {
    // Not closed: standard output stays open as long as the process.
    BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
    String line = output.readLine();
    while (line != null && !line.equals(BrokerMain.READY)) {
      line = output.readLine();
    }
    if (line == null) {
      kill();
      throw new IllegalStateException("the broker did not start: " + lastSaid());
    }
  }

  private Path said() {
    return folder.resolve("broker.log");
  }

  private String lastSaid() throws IOException {
    List<String> lines = Files.readAllLines(said(), StandardCharsets.UTF_8);
    return String.join(
        System.lineSeparator(),
        lines.subList(Math.max(0, lines.size() - LOG_LINES_TOLD), lines.size()));
  }
}
