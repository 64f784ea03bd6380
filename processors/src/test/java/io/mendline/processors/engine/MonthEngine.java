package io.mendline.processors.engine;

import io.mendline.processors.cause.CauseCatalogue;
import io.mendline.processors.engine.Pipeline.Concern;
import io.mendline.processors.ingest.Decoded;
import io.mendline.processors.ingest.Ingest;
import io.mendline.processors.ingest.IngestOutput;
import io.mendline.processors.ingest.Inputs;
import io.mendline.processors.ingest.RawMessage;
import io.mendline.processors.pipeline.Budget;
import io.mendline.processors.pipeline.Clock;
import io.mendline.processors.pipeline.Commits;
import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.Detector;
import io.mendline.processors.pipeline.Emitter;
import io.mendline.processors.pipeline.Entry;
import io.mendline.processors.pipeline.EntryCodec;
import io.mendline.processors.pipeline.Intake;
import io.mendline.processors.pipeline.JoinedDetector.Parts;
import io.mendline.processors.pipeline.KeyedStation;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Output;
import io.mendline.processors.pipeline.Payload;
import io.mendline.processors.pipeline.RouteMemory;
import io.mendline.processors.pipeline.Signal;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.processors.pipeline.Station;
import io.mendline.processors.pipeline.StoreView;
import io.mendline.processors.policy.PolicyBook;
import io.mendline.serdes.binary.BinaryWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ObjIntConsumer;

/**
 * Ingest and the engine's line up to the detectors, wired as the service wires them, on a wall
 * clock that the test moves. Each partition of the input is read in its own time, so that the
 * watermark follows the slowest.
 */
final class MonthEngine {
  private final Ingest ingest;
  private final Intake intake;
  private final Emitter line;
  private final Consumer<Output.Found> found;
  private final List<Sized<?>> stores = new ArrayList<>();
  private final Source source;

  /** How often watermarks are told. */
  private final long tickMillis;

  private Consumer<Output.Settled> settled = any -> {};
  private long now;
  private long ticked;

  /** Of the Sentinel topic. */
  MonthEngine(long begin, Consumer<Output.Found> found) {
    this(Source.SENTINEL, 30_000, begin, found);
  }

  /** Of one topic, whose watermarks are told so often. */
  MonthEngine(Source source, long tickMillis, long begin, Consumer<Output.Found> found) {
    this.source = source;
    this.tickMillis = tickMillis;
    this.now = begin;
    this.ticked = begin;
    this.found = found;
    this.ingest =
        new Ingest(
            new MemoryStore<>(),
            new ReadToEnd(),
            Clock.WALL,
            any -> any.defaultLateness().toMillis(),
            1);
    MemoryStore<RouteMemory> routes = new MemoryStore<>();
    this.intake =
        new Intake(
            routes,
            Clock.WALL,
            () -> now,
            any -> any.defaultLateness().toMillis(),
            new PolicyBook()::at,
            route -> true);
    this.line = line(routes);
  }

  /** Reads one message at its time. */
  void accept(RuleMonth.Arrival arrival) {
    tickUntil(arrival.readAt());
    now = arrival.readAt();
    Coordinates at = new Coordinates(source.defaultTopic(), arrival.partition(), arrival.number());
    Signal signal =
        new Signal(
            source,
            arrival.route(),
            arrival.subject(),
            arrival.record().time(),
            arrival.record().contentId(),
            at,
            new Payload.Observed(arrival.record()));
    ingest.accept(
        new Decoded(
            new RawMessage(source, at, arrival.arrivedAt(), null, null),
            List.of(signal),
            null,
            List.of()),
        this::ingested);
  }

  /** Lets time pass in which nothing arrives. */
  void tickUntil(long instant) {
    while (ticked + tickMillis <= instant) {
      ticked += tickMillis;
      now = ticked;
      for (int partition = 0; partition < RuleMonth.PARTITIONS; partition++) {
        ingest.tick(partition, this::ingested);
      }
    }
  }

  /** How far the source has come. */
  long watermark() {
    return intake.progress().of(source);
  }

  /** By its clock. */
  long now() {
    return now;
  }

  /** Tells what is settled, too. */
  void whenSettled(Consumer<Output.Settled> listener) {
    settled = listener;
  }

  /** Visits what is kept of each of the source's resources, with its size in the store in bytes. */
  void sizes(ObjIntConsumer<StateKey> visitor) {
    stores.stream()
        .filter(store -> store.name.equals(source.label()))
        .forEach(store -> store.visit(visitor));
  }

  /** Visits what one of the joined detectors keeps of each of the source's resources. */
  <T> void parts(Class<T> type, Consumer<T> visitor) {
    stores.stream()
        .filter(store -> store.name.equals(source.label()))
        .forEach(
            store ->
                store.states.forEach(
                    (key, entry) -> {
                      if (entry.state() instanceof Parts parts && parts.of(type) != null) {
                        visitor.accept(parts.of(type));
                      }
                    }));
  }

  private void ingested(IngestOutput output) {
    if (output instanceof IngestOutput.Signals signals) {
      intake.accept(signals.record(), line);
    } else {
      throw new AssertionError("ingest put out " + output);
    }
  }

  private Emitter line(MemoryStore<RouteMemory> routes) {
    StoreView view = new StoreView(routes, new PolicyBook(), () -> now);
    List<Station> stations = new ArrayList<>();
    for (Concern<?> concern : Pipeline.line(CauseCatalogue.bundled())) {
      if (concern.name().equals(Pipeline.RECURRENCE)) {
        break;
      }
      stations.add(station(concern, view));
    }
    Emitter next = this::leave;
    for (int i = stations.size() - 1; i >= 0; i--) {
      Station station = stations.get(i);
      Emitter after = next;
      next = message -> station.accept(message, after);
    }
    return next;
  }

  private <S> Station station(Concern<S> concern, StoreView view) {
    Detector<S> detector = concern.detector().get();
    Sized<S> store = new Sized<>(concern.name(), new MemoryStore<>(), detector);
    stores.add(store);
    return new KeyedStation<>(detector, store.states, view, Commits.ATOMIC, Budget.UNLIMITED);
  }

  private void leave(Message message) {
    if (message instanceof Output.Found told) {
      found.accept(told);
    } else if (message instanceof Output.Settled told) {
      settled.accept(told);
    } else if (message instanceof Output.Noted noted) {
      throw new AssertionError("a bound was reached: " + noted.entry());
    }
  }

  /** A store of a concern whose entries can be measured. */
  private record Sized<S>(String name, MemoryStore<Entry<S>> states, Detector<S> detector) {
    void visit(ObjIntConsumer<StateKey> visitor) {
      EntryCodec<S> codec = new EntryCodec<>(detector.codec());
      states.forEach(
          (key, entry) -> {
            BinaryWriter out = new BinaryWriter(512);
            codec.write(entry, out);
            visitor.accept(key, out.size());
          });
    }
  }

  /** All partitions of the topic, each of which is read some seconds after it is written. */
  private final class ReadToEnd implements Inputs {
    @Override
    public int partitions(Source of) {
      return of == source ? RuleMonth.PARTITIONS : 0;
    }

    @Override
    public long readToEndAt(Source of, int partition, long lastOffset) {
      return now - RuleMonth.READ_AFTER[partition] - 1;
    }
  }
}
