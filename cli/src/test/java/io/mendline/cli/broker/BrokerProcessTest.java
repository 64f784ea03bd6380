package io.mendline.cli.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerProcessTest {
  private static final String TOPIC = "kept";
  private static final int MESSAGES = 500;

  @TempDir private Path folder;

  @Test
  void a_broker_that_was_killed_still_has_what_it_had_acknowledged() throws Exception {
    try (BrokerProcess broker = BrokerProcess.start(folder)) {
      String before = broker.bootstrapServers();
      try (Admin admin = Admin.create(client(broker))) {
        admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
      }
      write(broker, 0);
      broker.kill();
      broker.restart();
      assertThat(broker.bootstrapServers()).isEqualTo(before);
      write(broker, MESSAGES);
      assertThat(read(broker, 2 * MESSAGES)).isEqualTo(numbers(2 * MESSAGES));
    }
  }

  @Test
  void a_broker_that_cannot_start_says_why() throws Exception {
    Files.writeString(folder.resolve("log"), "a file where its folder should be");
    assertThatThrownBy(() -> BrokerProcess.start(folder))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("did not start")
        .hasMessageContaining(folder.resolve("log").toString());
  }

  /** However a parent ends, its children's standard input ends. */
  @Test
  void a_broker_does_not_outlive_its_parent() throws Exception {
    int[] ports = EmbeddedBroker.freePorts();
    Process broker =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                BrokerMain.class.getName(),
                folder.resolve("log").toString(),
                Integer.toString(ports[0]),
                Integer.toString(ports[1]))
            .redirectErrorStream(true)
            .start();
    try {
      assertThat(broker.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo(BrokerMain.READY);
      broker.getOutputStream().close();
      assertThat(broker.onExit().get(20, TimeUnit.SECONDS).exitValue()).isZero();
    } finally {
      broker.destroyForcibly();
    }
  }

  private static void write(BrokerProcess broker, int from) throws Exception {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(client(broker), new StringSerializer(), new StringSerializer())) {
      for (int i = from; i < from + MESSAGES; i++) {
        var unused = producer.send(new ProducerRecord<>(TOPIC, Integer.toString(i)));
      }
      producer.flush();
    }
  }

  private static List<String> read(BrokerProcess broker, int count) {
    List<String> values = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(client(broker), new StringDeserializer(), new StringDeserializer())) {
      List<TopicPartition> partition = List.of(new TopicPartition(TOPIC, 0));
      consumer.assign(partition);
      consumer.seekToBeginning(partition);
      long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
      while (values.size() < count && System.nanoTime() < end) {
        for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
          values.add(record.value());
        }
      }
    }
    return values;
  }

  private static List<String> numbers(int count) {
    List<String> numbers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      numbers.add(Integer.toString(i));
    }
    return numbers;
  }

  private static Map<String, Object> client(BrokerProcess broker) {
    return Map.of("bootstrap.servers", broker.bootstrapServers(), "enable.metrics.push", "false");
  }
}
