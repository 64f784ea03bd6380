package io.mendline.cli.bench;

import io.mendline.topology.MendlineService;
import io.mendline.topology.Settings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;

/**
 * The main class of a measured process. Arguments: the scenario's name, a file of settings, a
 * folder for state. It does what it is told on standard input, one command a line, and answers each
 * with a line that begins with {@value #ANSWER}:
 *
 * <ul>
 *   <li>{@code start APPLICATION}: starts, and answers how many milliseconds that took;
 *   <li>{@code stop};
 *   <li>{@code port}: answers where its API is;
 *   <li>{@code heap}: collects garbage and answers how many bytes are left.
 * </ul>
 *
 * <p>It ends when standard input does.
 */
final class Worker {
  /** Begins each answer; what the JVM itself may say on standard output does not begin so. */
  static final String ANSWER = "answer ";

  private static final long LOOK_AGAIN_MILLIS = 5;

  private Worker() {}

  /** Runs until standard input ends. */
  public static void main(String[] arguments) {
    // A thread that dies would leave the rest waiting for it.
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, problem) -> {
          problem.printStackTrace();
          Runtime.getRuntime().halt(1);
        });
    int code = 0;
    try {
      serve(subject(arguments));
    } catch (IOException | InterruptedException | RuntimeException e) {
      e.printStackTrace();
      code = 1;
    }
    // Not by returning: what the subject still runs would go on.
    System.exit(code);
  }

  private static void serve(Subject subject) throws IOException, InterruptedException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ", 2);
      switch (words[0]) {
        case "start" -> {
          long from = System.nanoTime();
          subject.start(words[1]);
          out.println(ANSWER + (System.nanoTime() - from) / 1_000_000);
        }
        case "stop" -> {
          subject.stop();
          out.println(ANSWER + 0);
        }
        case "port" -> out.println(ANSWER + subject.port());
        case "heap" -> {
          // The second collects what the first has found unreachable but for its finalizers.
          System.gc();
          System.gc();
          out.println(ANSWER + ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        default -> throw new IllegalArgumentException(line);
      }
    }
  }

  private static Subject subject(String[] arguments) {
    Settings settings = Settings.load(Path.of(arguments[1]), Map.of());
    Path states = Path.of(arguments[2]);
    Properties streams = MendlineService.properties(settings);
    return switch (Scenario.valueOf(arguments[0])) {
      case A ->
          new BareConsumer(
              streams.getProperty(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG),
              settings.topics().sources(),
              partitions(settings),
              (Integer) streams.get(StreamsConfig.NUM_STREAM_THREADS_CONFIG));
      case B ->
          new PassThrough(
              settings,
              states,
              Telemetry.topics(settings.topics()),
              Telemetry.passedThrough(settings.topics()));
      case C, D -> new Service(settings, states);
    };
  }

  private static List<TopicPartition> partitions(Settings settings) {
    List<TopicPartition> partitions = new ArrayList<>();
    for (String topic : Telemetry.topics(settings.topics())) {
      for (int i = 0; i < Telemetry.PARTITIONS; i++) {
        partitions.add(new TopicPartition(topic, i));
      }
    }
    return partitions;
  }

  /** Waits a moment for a state to become another. */
  static void requireAlive(KafkaStreams.State state) throws InterruptedException {
    if (state.hasStartedOrFinishedShuttingDown()) {
      throw new IllegalStateException("it ended while it started");
    }
    Thread.sleep(LOOK_AGAIN_MILLIS);
  }
}
