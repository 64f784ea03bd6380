package io.mendline.cli;

import io.mendline.cli.poll.PollerSettings;
import io.mendline.databricks.api.SystemTime;
import io.mendline.databricks.api.WorkspaceApi;
import io.mendline.databricks.poller.KafkaOutbox;
import io.mendline.databricks.poller.RunPoller;
import io.mendline.processors.pipeline.Source;
import io.mendline.topology.Clients;
import io.mendline.topology.Settings;
import io.mendline.topology.SettingsException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code mendline poll-runs}. */
@Command(
    name = "poll-runs",
    description =
        "Reads runs, jobs and pipelines of Databricks workspaces and puts them on the topic of"
            + " runs.",
    footer = {
      "",
      "The file is that of the service; databricks.* says which workspaces. docs/poller.md lists",
      "every setting. Exit code with --once: 0 when all was read, 2 when some of it could not be."
    })
final class PollRunsCommand implements Callable<Integer> {
  private static final int NOT_ALL_READ = 2;

  @Spec private CommandSpec spec;

  @Option(names = "--config", paramLabel = "FILE", description = "A configuration file.")
  private Path config;

  @Option(names = "--once", description = "Reads every workspace once, and ends.")
  private boolean once;

  @Override
  public Integer call() throws InterruptedException {
    Settings settings = Settings.load(config, System.getenv());
    PollerSettings.Read read = PollerSettings.read(config, System.getenv());
    Logging.apply(settings);
    String topic = settings.topics().inputs().get(Source.RUNS);
    PrintWriter err = spec.commandLine().getErr();
    SystemTime time = new SystemTime();
    try (Producer<byte[], byte[]> producer = producer(settings, topic);
        RunPoller poller =
            new RunPoller(
                read.config(),
                WorkspaceApi.http(read.timeout()),
                () -> new KafkaOutbox(producer, topic),
                time)) {
      Thread closing = new Thread(poller::close, "shutdown");
      Runtime.getRuntime().addShutdownHook(closing);
      if (once) {
        List<String> problems = poller.once();
        problems.forEach(line -> err.println("mendline: " + line));
        return problems.isEmpty() ? 0 : NOT_ALL_READ;
      }
      poller.start();
      err.println(
          "mendline polls "
              + read.config().workspaces().size()
              + " workspaces; end it with Ctrl-C");
      poller.await();
      return 0;
    }
  }

  /** A producer that loses nothing and doubles nothing, to a topic that is there. */
  private static Producer<byte[], byte[]> producer(Settings settings, String topic) {
    Map<String, Object> client = new HashMap<>(Clients.producer(settings));
    client.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    client.putIfAbsent(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    client.putIfAbsent(ProducerConfig.CLIENT_ID_CONFIG, "mendline-poller");
    Producer<byte[], byte[]> producer = null;
    try {
      producer = new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer());
      int partitions = producer.partitionsFor(topic).size();
      if (partitions > 0) {
        return producer;
      }
      throw new KafkaException("no partitions");
    } catch (KafkaException e) {
      if (producer != null) {
        producer.close();
      }
      // What Kafka says may quote the login.
      throw new SettingsException(
          "the topic "
              + topic
              + " cannot be written to: "
              + e.getClass().getSimpleName()
              + "; check kafka.bootstrap.servers and the login, and whether the topic is there:"
              + " mendline config check, mendline topics create");
    }
  }
}
