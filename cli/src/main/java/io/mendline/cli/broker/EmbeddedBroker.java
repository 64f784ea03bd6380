package io.mendline.cli.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * Kafka's own broker and controller in one process on a free port of the loopback interface. Up in
 * a few seconds; keeps its log in a folder until it is closed.
 */
public final class EmbeddedBroker implements AutoCloseable {
  private static final String CLUSTER = "Mendline-Demo-Cluster1";

  private final Path folder;
  private final boolean ownsFolder;
  private final String bootstrapServers;
  private final KafkaRaftServer server;

  private EmbeddedBroker(
      Path folder, boolean ownsFolder, String bootstrapServers, KafkaRaftServer server) {
    this.folder = folder;
    this.ownsFolder = ownsFolder;
    this.bootstrapServers = bootstrapServers;
    this.server = server;
  }

  /** Starts a broker on a folder of its own that goes when it is closed. */
  public static EmbeddedBroker start() {
    return start(Map.of());
  }

  /**
   * Starts a broker on a folder of its own that goes when it is closed.
   *
   * @param settings of the broker's own, over those that it would have
   */
  public static EmbeddedBroker start(Map<String, String> settings) {
    try {
      Path folder = Files.createTempDirectory("mendline-broker");
      int[] ports = freePorts();
      return start(folder, true, ports[0], ports[1], settings);
    } catch (IOException e) {
      throw new UncheckedIOException("there is no place for the broker's log", e);
    }
  }

  /**
   * Starts a broker on a folder that stays. What an earlier broker on that folder has kept, this
   * one knows, if its controller has the same port.
   */
  static EmbeddedBroker start(Path folder, int brokerPort, int controllerPort) {
    // The controller has to give up the broker that was killed before it takes a new one.
    Map<String, String> settings =
        Map.of("broker.session.timeout.ms", "3000", "broker.heartbeat.interval.ms", "500");
    try {
      return start(Files.createDirectories(folder), false, brokerPort, controllerPort, settings);
    } catch (IOException e) {
      throw new UncheckedIOException("the broker cannot use " + folder, e);
    }
  }

  private static EmbeddedBroker start(
      Path folder,
      boolean ownsFolder,
      int brokerPort,
      int controllerPort,
      Map<String, String> settings)
      throws IOException {
    Properties properties = properties(folder, brokerPort, controllerPort);
    properties.putAll(settings);
    format(folder);
    KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(properties), Time.SYSTEM);
    server.startup();
    return new EmbeddedBroker(folder, ownsFolder, "localhost:" + brokerPort, server);
  }

  /** Where clients find it. */
  public String bootstrapServers() {
    return bootstrapServers;
  }

  @Override
  public void close() {
    server.shutdown();
    server.awaitShutdown();
    if (ownsFolder) {
      delete(folder);
    }
  }

  private static Properties properties(Path folder, int brokerPort, int controllerPort) {
    Map<String, String> settings = new HashMap<>();
    settings.put("process.roles", "broker,controller");
    settings.put("node.id", "1");
    settings.put("controller.quorum.voters", "1@localhost:" + controllerPort);
    settings.put("controller.listener.names", "CONTROLLER");
    settings.put(
        "listeners",
        "PLAINTEXT://localhost:" + brokerPort + ",CONTROLLER://localhost:" + controllerPort);
    settings.put("advertised.listeners", "PLAINTEXT://localhost:" + brokerPort);
    settings.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    settings.put("log.dirs", folder.toString());
    // One broker: nothing can be replicated.
    settings.put("default.replication.factor", "1");
    settings.put("offsets.topic.replication.factor", "1");
    settings.put("offsets.topic.num.partitions", "4");
    settings.put("transaction.state.log.replication.factor", "1");
    settings.put("transaction.state.log.min.isr", "1");
    settings.put("transaction.state.log.num.partitions", "4");
    settings.put("share.coordinator.state.topic.replication.factor", "1");
    settings.put("share.coordinator.state.topic.min.isr", "1");
    // A restart should not wait for others that will never come.
    settings.put("group.initial.rebalance.delay.ms", "0");
    settings.put("group.min.session.timeout.ms", "1000");
    // What is played carries the time at which it happened, long ago or, by this machine's clock,
    // yet to come: it is neither deleted nor refused for that.
    settings.put("log.retention.ms", "-1");
    settings.put("log.message.timestamp.after.max.ms", Long.toString(Long.MAX_VALUE));
    settings.put("auto.create.topics.enable", "false");
    settings.put("log.cleaner.enable", "false");
    settings.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "500");
    Properties properties = new Properties();
    properties.putAll(settings);
    return properties;
  }

  private static void format(Path folder) throws IOException {
    try {
      new Formatter()
          .setClusterId(Uuid.fromString(CLUSTER).toString())
          .setNodeId(1)
          .setControllerListenerName("CONTROLLER")
          .setDirectories(List.of(folder.toString()))
          .setIgnoreFormatted(true)
          .setPrintStream(
              new java.io.PrintStream(
                  java.io.OutputStream.nullOutputStream(),
                  false,
                  java.nio.charset.StandardCharsets.UTF_8))
          .run();
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("the broker's folder cannot be formatted", e);
    }
  }

  /** Two ports. Each is held while the other is looked for, or they could be the same. */
  static int[] freePorts() throws IOException {
    try (ServerSocket one = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return new int[] {one.getLocalPort(), other.getLocalPort()};
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the broker's folder cannot be removed", e);
    }
  }
}
