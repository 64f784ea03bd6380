package io.mendline.cli.proof;

import io.mendline.cli.Mendline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** {@code mendline run} in a process of its own, which can be killed. */
final class ServiceProcess implements AutoCloseable {
  private final Process process;
  private final Path log;

  private ServiceProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** Starts a service with these settings; its files go into a folder. */
  static ServiceProcess start(Map<String, String> settings, Path folder) throws IOException {
    Path config = folder.resolve("mendline.properties");
    List<String> lines = new ArrayList<>();
    settings.forEach((key, value) -> lines.add(key + "=" + value));
    Files.write(config, lines);
    Path log = folder.resolve("service.log");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseParallelGC",
                "-Xmx1g",
                "-cp",
                System.getProperty("java.class.path"),
                Mendline.class.getName(),
                "run",
                "--config",
                config.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    return new ServiceProcess(process, log);
  }

  /** SIGKILL: nothing is flushed, closed or committed. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /**
   * SIGTERM: the service ends in its own time.
   *
   * @return whether it did, in a minute
   */
  boolean end() throws InterruptedException {
    process.destroy();
    return process.waitFor(1, TimeUnit.MINUTES);
  }

  boolean alive() {
    return process.isAlive();
  }

  /** What it wrote, for when something goes wrong. */
  String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
