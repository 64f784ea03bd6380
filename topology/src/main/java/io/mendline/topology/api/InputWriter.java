package io.mendline.topology.api;

import io.mendline.processors.ingest.Decoded;
import io.mendline.processors.ingest.RawMessage;
import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.Source;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Writes what people ask for to the input topics. It changes nothing else (law 9): what was written
 * is read back like any other input, here, on another instance, or in a replay.
 */
final class InputWriter implements AutoCloseable {
  private static final Duration WRITE_WITHIN = Duration.ofSeconds(10);

  private final Map<Source, String> topics;
  private final Map<String, Object> client;
  private Producer<byte[], byte[]> producer;

  /**
   * A writer; it connects when it is first used.
   *
   * @param client settings of a producer
   */
  InputWriter(Map<Source, String> topics, Map<String, Object> client) {
    this.topics = topics;
    this.client = client;
  }

  /**
   * Writes one message, if ingest will be able to read it.
   *
   * @throws Problem when ingest would refuse it, or the broker cannot be reached
   */
  RecordMetadata write(Source source, String key, byte[] value, long now) {
    byte[] keyBytes = key.getBytes(StandardCharsets.UTF_8);
    String topic = topics.get(source);
    RawMessage message = new RawMessage(source, new Coordinates(topic, 0, 0), now, keyBytes, value);
    Decoded decoded = Decoded.of(message);
    if (!decoded.letters().isEmpty()) {
      throw Problem.badRequest(decoded.letters().get(0).error());
    }
    try {
      return producer()
          .send(new ProducerRecord<>(topic, keyBytes, value))
          .get(WRITE_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException | KafkaException e) {
      throw Problem.unavailable("the topic " + topic + " cannot be written now; send it again");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Problem.unavailable("the service is closing; send it to another instance");
    }
  }

  private synchronized Producer<byte[], byte[]> producer() {
    if (producer == null) {
      producer = new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer());
    }
    return producer;
  }

  @Override
  public synchronized void close() {
    if (producer != null) {
      producer.close(WRITE_WITHIN);
    }
  }
}
