package io.mendline.cli.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import io.mendline.processors.pipeline.Source;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.startupcheck.OneShotStartupCheckStrategy;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.ImageFromDockerfile;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.MountableFile;

/**
 * The image is built, runs without rights and on a root file system that it cannot write to, and
 * finds something. Skipped where there is no container engine.
 */
@Tag("docker")
class ContainerTest {
  private static final Path ROOT = Path.of(System.getProperty("mendline.root"));
  private static final List<String> MODULES =
      List.of("schemas", "serdes", "processors", "topology", "cli", "benchmarks");
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int PORT = 8080;

  // Before each, not all: so that each is reported as skipped, and why.
  @BeforeEach
  void need_an_engine() {
    assumeTrue(
        DockerClientFactory.instance().isDockerAvailable(),
        "skipped: there is no container engine here; the tests of image and Compose parts need one");
  }

  @Test
  void the_image_runs_without_rights_becomes_ready_and_finds_something() throws Exception {
    try (Network network = Network.newNetwork();
        KafkaContainer kafka =
            new KafkaContainer(DockerImageName.parse("apache/kafka:4.3.1"))
                .withNetwork(network)
                .withListener("kafka:19092")) {
      kafka.start();
      try (GenericContainer<?> mendline = mendline(network)) {
        mendline.start();

        assertThat(run(mendline, "id", "-u").getStdout().strip()).isEqualTo("10001");
        assertThat(run(mendline, "touch", "/opt/mendline/file").getExitCode()).isNotZero();
        assertThat(run(mendline, "touch", "/var/lib/mendline/file").getExitCode()).isZero();

        send(kafka.getBootstrapServers(), failedRun());

        assertThat(finding(kafka.getBootstrapServers())).contains("\"RUN_FAILED\"", "1234/11");
        assertThat(mendline.getLogs()).contains("\"formattedMessage\":\"incident is OPEN\"");
      }
    }
  }

  @Test
  void prometheus_takes_its_configuration_and_the_alerts() {
    try (GenericContainer<?> promtool =
        new GenericContainer<>(DockerImageName.parse("prom/prometheus:v3.7.3"))
            .withCopyFileToContainer(
                MountableFile.forHostPath(ROOT.resolve("deploy/prometheus")), "/etc/mendline")
            .withCreateContainerCmdModifier(command -> command.withEntrypoint("promtool"))
            .withCommand("check", "config", "/etc/mendline/prometheus.yaml")
            .withStartupCheckStrategy(new OneShotStartupCheckStrategy().withTimeout(PATIENCE))) {
      promtool.start();

      assertThat(promtool.getLogs()).contains("SUCCESS: 15 rules found");
    }
  }

  private static GenericContainer<?> mendline(Network network) {
    ImageFromDockerfile image =
        new ImageFromDockerfile("mendline-test", true)
            .withFileFromPath("Dockerfile", ROOT.resolve("deploy/Dockerfile"))
            .withFileFromPath("pom.xml", ROOT.resolve("pom.xml"))
            .withFileFromPath("mvnw", ROOT.resolve("mvnw"))
            .withFileFromPath(".mvn", ROOT.resolve(".mvn"))
            .withFileFromPath("samples", ROOT.resolve("samples"));
    for (String module : MODULES) {
      image
          .withFileFromPath(module + "/pom.xml", ROOT.resolve(module).resolve("pom.xml"))
          .withFileFromPath(module + "/src", ROOT.resolve(module).resolve("src"));
    }
    return new GenericContainer<>(image)
        .withNetwork(network)
        .withEnv("MENDLINE_KAFKA_BOOTSTRAP_SERVERS", "kafka:19092")
        .withEnv("MENDLINE_FORMAT", "json")
        .withExposedPorts(PORT)
        .withTmpFs(Map.of("/tmp", "exec"))
        .withCreateContainerCmdModifier(
            command -> {
              HostConfig host = command.getHostConfig();
              host.withReadonlyRootfs(true)
                  .withCapDrop(Capability.ALL)
                  .withSecurityOpts(List.of("no-new-privileges:true"));
            })
        .waitingFor(Wait.forHttp("/health/ready").forPort(PORT).withStartupTimeout(PATIENCE));
  }

  private static ExecResult run(GenericContainer<?> container, String... command)
      throws IOException, InterruptedException {
    return container.execInContainer(command);
  }

  private static void send(String bootstrapServers, String message)
      throws ExecutionException, InterruptedException {
    Properties client = new Properties();
    client.put("bootstrap.servers", bootstrapServers);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer
          .send(
              new ProducerRecord<>(
                  Source.RUNS.defaultTopic(), message.getBytes(StandardCharsets.UTF_8)))
          .get();
    }
  }

  private static String finding(String bootstrapServers) {
    Properties client = new Properties();
    client.put("bootstrap.servers", bootstrapServers);
    client.put("group.id", "container-test");
    client.put("auto.offset.reset", "earliest");
    client.put("isolation.level", "read_committed");
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(client, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.subscribe(List.of("findings"));
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (System.nanoTime() < end) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
          return new String(record.value(), StandardCharsets.UTF_8);
        }
      }
      return "nothing was found";
    }
  }

  private static String failedRun() {
    long at = Instant.now().toEpochMilli();
    return """
    {"workspace_id": 1234, "job_id": "11", "run_id": 22, "start_time": %d, "end_time": %d,
     "status": {"state": "TERMINATED", "termination_details":
       {"code": "DRIVER_ERROR", "type": "CLOUD_FAILURE", "message": "Driver is gone"}}}
    """
        .formatted(at - 300_000, at);
  }
}
