package io.mendline.cli.sample;

import com.fasterxml.jackson.core.JsonGenerator;
import io.mendline.processors.pipeline.Source;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;

/**
 * Makes messages of records in order of time: records that share a lane travel in one envelope
 * until it is full or its oldest record has waited long enough. The messages are in order of their
 * event times, for which they are held back as long as an envelope may be open.
 */
final class Packer implements Iterator<SampleMessage> {
  // Well within the default lateness of each source, of which the rest is left for the transport.
  private static final long SENTINEL_SPAN = 10 * 60_000L;
  private static final long OTHER_SPAN = 15_000L;

  private final Iterator<Telling> tellings;
  private final int envelopeSize;
  private final Map<Lane, Envelope> open = new HashMap<>();
  private final Map<Source, Deque<Envelope>> oldestFirst = new EnumMap<>(Source.class);
  private final PriorityQueue<Ready> ready = new PriorityQueue<>();
  private final ByteArrayOutputStream buffer = new ByteArrayOutputStream(4_096);
  private long reached = Long.MIN_VALUE;
  private long sequence;

  /**
   * @param tellings in order of time
   * @param envelopeSize the most records in an envelope
   */
  Packer(Iterator<Telling> tellings, int envelopeSize) {
    this.tellings = tellings;
    this.envelopeSize = envelopeSize;
  }

  @Override
  public boolean hasNext() {
    return !ready.isEmpty() || !open.isEmpty() || tellings.hasNext();
  }

  @Override
  public SampleMessage next() {
    while (!settled() && tellings.hasNext()) {
      take(tellings.next());
    }
    if (!settled()) {
      closeUntil(Long.MAX_VALUE);
    }
    if (ready.isEmpty()) {
      throw new NoSuchElementException();
    }
    return ready.remove().message();
  }

  /** Whether nothing can come any more that is earlier than what is ready. */
  private boolean settled() {
    return !ready.isEmpty() && ready.peek().message().eventTime() < reached - SENTINEL_SPAN;
  }

  private void take(Telling telling) {
    closeUntil(telling.time());
    reached = telling.time();
    if (telling.lane() == Telling.ALONE) {
      finish(telling.source(), telling.time(), telling.time(), telling.body());
      return;
    }
    Lane lane = new Lane(telling.source(), telling.lane());
    Envelope envelope = open.get(lane);
    if (envelope == null) {
      envelope = new Envelope(lane);
      open.put(lane, envelope);
      oldestFirst.computeIfAbsent(lane.source(), any -> new ArrayDeque<>()).add(envelope);
    }
    envelope.records.add(telling);
    if (envelope.records.size() >= envelopeSize) {
      close(envelope);
    }
  }

  /** Closes the envelopes that have been open for too long at that time. */
  private void closeUntil(long now) {
    for (Map.Entry<Source, Deque<Envelope>> source : oldestFirst.entrySet()) {
      long span = source.getKey() == Source.SENTINEL ? SENTINEL_SPAN : OTHER_SPAN;
      Deque<Envelope> waiting = source.getValue();
      while (!waiting.isEmpty() && (waiting.peek().closed || now - waiting.peek().first() > span)) {
        Envelope oldest = waiting.remove();
        if (!oldest.closed) {
          close(oldest);
        }
      }
    }
  }

  private void close(Envelope envelope) {
    envelope.closed = true;
    open.remove(envelope.lane);
    List<Telling> records = envelope.records;
    long latest = records.get(records.size() - 1).time();
    finish(envelope.lane.source(), latest, envelope.first(), envelope);
  }

  private void finish(Source source, long latest, long earliest, Telling.Body body) {
    byte[] value = Json.bytes(buffer, body);
    ready.add(new Ready(new SampleMessage(source, null, latest, earliest, value), sequence++));
  }

  private record Lane(Source source, int number) {}

  private record Ready(SampleMessage message, long sequence) implements Comparable<Ready> {
    @Override
    public int compareTo(Ready other) {
      int byTime = Long.compare(message.eventTime(), other.message.eventTime());
      return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
    }
  }

  private static final class Envelope implements Telling.Body {
    private final Lane lane;
    private final List<Telling> records = new ArrayList<>();
    private boolean closed;

    Envelope(Lane lane) {
      this.lane = lane;
    }

    long first() {
      return records.get(0).time();
    }

    @Override
    public void write(JsonGenerator json) throws IOException {
      json.writeStartObject();
      json.writeArrayFieldStart("records");
      for (Telling record : records) {
        record.body().write(json);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
  }
}
