package io.mendline.databricks.poller;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Messages of one workspace to a topic, through a producer that may be shared. */
public final class KafkaOutbox implements Outbox {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaOutbox.class);

  private final Producer<byte[], byte[]> producer;
  private final String topic;
  private final List<Sent> sent = new ArrayList<>();
  private KafkaException refused;

  /**
   * An outbox.
   *
   * @param producer idempotent, and counts a message as sent when all replicas have it
   */
  public KafkaOutbox(Producer<byte[], byte[]> producer, String topic) {
    this.producer = producer;
    this.topic = topic;
  }

  private record Sent(String key, Future<?> result) {}

  @Override
  public void send(String key, byte[] value) {
    if (refused != null) {
      return; // the whole is handed over again anyway
    }
    byte[] keyBytes = key.getBytes(StandardCharsets.UTF_8);
    try {
      sent.add(new Sent(key, producer.send(new ProducerRecord<>(topic, keyBytes, value))));
    } catch (KafkaException e) {
      refused = e;
    }
  }

  @Override
  public void flush() throws DeliveryException {
    try {
      if (refused != null) {
        throw failure(refused);
      }
      producer.flush();
      for (Sent each : sent) {
        await(each);
      }
    } catch (InterruptException e) {
      throw failure(e);
    } finally {
      sent.clear();
      refused = null;
    }
  }

  private void await(Sent each) throws DeliveryException {
    try {
      each.result().get();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof RecordTooLargeException)) {
        throw failure(e.getCause());
      }
      // It would be refused for ever, and hold up everything behind it.
      LOG.error("a message of {} is larger than {} takes and is left out", each.key(), topic);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure(e);
    }
  }

  private DeliveryException failure(Throwable cause) {
    return new DeliveryException(
        "nothing can be written to " + topic + ": " + cause.getClass().getSimpleName(), cause);
  }
}
