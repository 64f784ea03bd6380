package io.mendline.topology.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.javalin.http.sse.SseClient;
import io.javalin.http.sse.SseHandler;
import io.mendline.schemas.Incident;
import io.mendline.schemas.IncidentStatus;
import io.mendline.schemas.Severity;
import io.mendline.serdes.RecordFormat;
import io.mendline.serdes.RecordFormatException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Streams changes of incidents as server-sent events, from the topic of incidents: so every
 * instance tells those of all. The id of an event is the place in the topic after it; who comes
 * back with it misses nothing that the topic still holds.
 *
 * <p>Each listener has a consumer and a thread of its own, so a slow one holds up nobody else;
 * there are at most {@value #LISTENERS}.
 */
final class EventStream implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);
  private static final int LISTENERS = 64;
  private static final Duration POLL = Duration.ofMillis(250);

  /** Shorter than proxies wait before they drop a connection on which nothing comes. */
  private static final long HEARTBEAT_NANOS = Duration.ofSeconds(15).toNanos();

  private final String topic;
  private final RecordFormat<Incident> format;
  private final Map<String, Object> client;
  private final Semaphore free = new Semaphore(LISTENERS);
  private volatile boolean closing;

  /**
   * A stream.
   *
   * @param client settings of a consumer
   */
  EventStream(String topic, RecordFormat<Incident> format, Map<String, Object> client) {
    this.topic = topic;
    this.format = format;
    this.client = new HashMap<>(client);
    this.client.put("isolation.level", "read_committed");
    this.client.put("enable.auto.commit", "false");
    this.client.remove("group.id");
  }

  /** Which incidents a listener wants to hear of; empty sets stand for all. */
  private record Wanted(Set<IncidentStatus> statuses, Set<Severity> severities, String owner) {
    private static final Set<String> PARAMETERS = Set.of("status", "severity", "owner");

    static Wanted of(Map<String, List<String>> given) {
      Map<String, String> filter = Parameters.filter(given, PARAMETERS);
      return new Wanted(
          Parameters.symbols(filter, "status", IncidentStatus.class),
          Parameters.symbols(filter, "severity", Severity.class),
          filter.get("owner"));
    }

    boolean takes(Incident incident) {
      return (statuses.isEmpty() || statuses.contains(incident.getStatus()))
          && (severities.isEmpty() || severities.contains(incident.getSeverity()))
          && (owner == null || owner.equals(incident.getOwner()));
    }
  }

  /**
   * {@code GET /api/v1/events}.
   *
   * @throws Problem when a parameter cannot be meant, or there are too many listeners
   */
  void stream(Context context) {
    String accepted = context.header("Accept");
    if (accepted == null || !accepted.contains("text/event-stream")) {
      throw new Problem(
          406, "Not acceptable", "this is a stream; ask for it with Accept: text/event-stream");
    }
    Wanted wanted = Wanted.of(context.queryParamMap());
    Map<Integer, Long> from = positions(context.header("Last-Event-ID"));
    if (!free.tryAcquire()) {
      throw Problem.unavailable(LISTENERS + " are listening already; ask another instance");
    }
    // In a thread of its own, for as long as the listener stays.
    new SseHandler(listener -> follow(listener, wanted, from)).handle(context);
  }

  private void follow(SseClient listener, Wanted wanted, Map<Integer, Long> from) {
    try (Consumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(client, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      Map<Integer, Long> places = begin(consumer, from);
      listener.sendComment("ready");
      long told = System.nanoTime();
      while (!closing && !listener.terminated()) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          if (listener.terminated()) {
            break;
          }
          places.put(record.partition(), record.offset() + 1);
          if (tell(listener, wanted, record, id(places))) {
            told = System.nanoTime();
          }
        }
        if (System.nanoTime() - told > HEARTBEAT_NANOS) {
          listener.sendComment("here");
          told = System.nanoTime();
        }
      }
    } catch (KafkaException e) {
      LOG.warn("a listener is let go: {}", e.getMessage());
    } finally {
      listener.close();
      free.release();
    }
  }

  /** Where to begin in each partition: where the listener was, else at the end. */
  private Map<Integer, Long> begin(Consumer<byte[], byte[]> consumer, Map<Integer, Long> from) {
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic).stream()
            .map(info -> new TopicPartition(topic, info.partition()))
            .toList();
    consumer.assign(partitions);
    Map<TopicPartition, Long> first = consumer.beginningOffsets(partitions);
    Map<TopicPartition, Long> end = consumer.endOffsets(partitions);
    Map<Integer, Long> places = new TreeMap<>();
    for (TopicPartition partition : partitions) {
      long wanted = from.getOrDefault(partition.partition(), end.get(partition));
      long place = Math.max(first.get(partition), Math.min(wanted, end.get(partition)));
      consumer.seek(partition, place);
      places.put(partition.partition(), place);
    }
    return places;
  }

  private boolean tell(
      SseClient listener, Wanted wanted, ConsumerRecord<byte[], byte[]> record, String id) {
    if (record.value() == null) {
      ObjectNode gone = Json.object().put("id", new String(record.key(), StandardCharsets.UTF_8));
      listener.sendEvent("forgotten", gone.toString(), id);
      return true;
    }
    try {
      Incident incident = format.read(record.value());
      if (wanted.takes(incident)) {
        listener.sendEvent("incident", Json.of(incident).toString(), id);
        return true;
      }
    } catch (RecordFormatException e) {
      LOG.warn("{} at {} is no incident: {}", topic, record.offset(), e.getMessage());
    }
    return false;
  }

  /** How far each partition was told. */
  private static String id(Map<Integer, Long> places) {
    return places.entrySet().stream()
        .map(place -> place.getKey() + ":" + place.getValue())
        .collect(Collectors.joining(","));
  }

  private static Map<Integer, Long> positions(String lastEventId) {
    Map<Integer, Long> places = new HashMap<>();
    if (lastEventId != null && !lastEventId.isBlank()) {
      try {
        for (String place : lastEventId.trim().split(",", -1)) {
          int colon = place.indexOf(':');
          places.put(
              Integer.parseInt(place.substring(0, colon)),
              Long.parseLong(place.substring(colon + 1)));
        }
      } catch (NumberFormatException | IndexOutOfBoundsException e) {
        throw Problem.badRequest("\"Last-Event-ID\" is no id of an event of this stream");
      }
    }
    return places;
  }

  /** Lets every listener go, soon. */
  @Override
  public void close() {
    closing = true;
  }
}
