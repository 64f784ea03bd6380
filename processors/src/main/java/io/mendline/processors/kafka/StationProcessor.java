package io.mendline.processors.kafka;

import io.mendline.processors.engine.Pipeline;
import io.mendline.processors.pipeline.Commits;
import io.mendline.processors.pipeline.Detector;
import io.mendline.processors.pipeline.Emitter;
import io.mendline.processors.pipeline.Entry;
import io.mendline.processors.pipeline.EntryCodec;
import io.mendline.processors.pipeline.KeyedStation;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Output;
import io.mendline.processors.pipeline.RouteMemory;
import io.mendline.processors.pipeline.Signal;
import io.mendline.processors.pipeline.StateIndex;
import io.mendline.processors.pipeline.Station;
import io.mendline.processors.pipeline.StoreView;
import io.mendline.processors.recurrence.CauseHistory;
import io.mendline.processors.recurrence.RecurrenceDetector;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/** Feeds one concern's {@link KeyedStation}. */
public final class StationProcessor<S> implements Processor<byte[], Message, byte[], Message> {
  private static final Duration RESUME = Duration.ofMillis(50);

  private final Application application;
  private final Pipeline.Concern<S> concern;
  private ProcessorContext<byte[], Message> context;
  private Station station;
  private KafkaStore<Entry<S>> states;
  private Vitals vitals;
  private boolean recovered;

  /** A processor of the application. */
  public StationProcessor(Application application, Pipeline.Concern<S> concern) {
    this.application = application;
    this.concern = concern;
  }

  @Override
  public void init(ProcessorContext<byte[], Message> processorContext) {
    context = processorContext;
    // A task that is revived after a failed transaction initializes the same processors again.
    recovered = false;
    Detector<S> detector = concern.detector().get();
    KeyValueStore<Bytes, byte[]> bytes = context.getStateStore(concern.name());
    KafkaStore<RouteMemory> routes =
        application.stores().states(context, Pipeline.ROUTES, new RouteMemory.Codec(), null);
    states =
        application
            .stores()
            .states(context, concern.name(), new EntryCodec<>(detector.codec()), indexed());
    KeyedStation<S> keyed =
        new KeyedStation<>(
            detector,
            states,
            new StoreView(
                routes,
                application.policies(),
                () -> RouteMemory.clock(routes, application.clock(), application.wall()),
                repairs(),
                states),
            application.outbox()
                ? application.stores().commits(context.taskId(), concern.name())
                : Commits.ATOMIC,
            application.budget(),
            application.observer()::late);
    station = keyed;
    vitals =
        new Vitals(concern.name(), bytes::approximateNumEntries)
            .of(keyed)
            .open(context, application.observer());
    context.schedule(
        RESUME,
        PunctuationType.WALL_CLOCK_TIME,
        now -> {
          Emitter out =
              message -> {
                tell(message);
                context.forward(record(message, now));
              };
          states.soundly(
              () -> {
                recover(out);
                station.resume(out);
              });
        });
  }

  private StoreView.Repairs repairs() {
    if (!concern.asksRecurrence()) {
      return StoreView.Repairs.UNKNOWN;
    }
    KafkaStore<Entry<CauseHistory>> recurrence =
        application
            .stores()
            .states(
                context,
                Pipeline.RECURRENCE,
                new EntryCodec<>(new RecurrenceDetector().codec()),
                null);
    return (route, cause, at) -> Pipeline.repairs(recurrence, route, cause, at);
  }

  private StateIndex<Entry<S>> indexed() {
    StateIndex<S> index = concern.index();
    if (index == null) {
      return null;
    }
    return (key, entry) -> entry.state() == null ? List.of() : index.entriesOf(key, entry.state());
  }

  @Override
  public void process(Record<byte[], Message> record) {
    Emitter out =
        message -> {
          // What only passes by was told by the concern that it comes from.
          if (message != record.value()) {
            tell(message);
            answer(message, record);
          }
          context.forward(record(message, record.timestamp()));
        };
    states.soundly(
        () -> {
          recover(out);
          station.accept(record.value(), out);
        });
  }

  @Override
  public void close() {
    vitals.close();
  }

  private void tell(Message message) {
    if (message instanceof Output output) {
      application.observer().told(output);
    }
  }

  /** A signal is not always the cause of what is told with it: deadlines of its key fire first. */
  private void answer(Message message, Record<byte[], Message> cause) {
    if (cause.value() instanceof Signal && message instanceof Output.Found found) {
      application.observer().answered(found, application.wall().getAsLong() - cause.timestamp());
    }
  }

  private void recover(Emitter out) {
    // Not in init: nothing may be forwarded before the whole task is initialized.
    if (!recovered) {
      recovered = true;
      station.recover(out);
    }
  }

  /** A message as a record; its key is what its topic is keyed by. */
  static Record<byte[], Message> record(Message message, long time) {
    return new Record<>(Keys.of(message), message, time);
  }
}
