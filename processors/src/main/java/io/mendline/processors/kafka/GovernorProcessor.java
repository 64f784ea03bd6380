package io.mendline.processors.kafka;

import io.mendline.processors.engine.Pipeline;
import io.mendline.processors.governor.Governor;
import io.mendline.processors.governor.GovernorCodec;
import io.mendline.processors.governor.GovernorMemory;
import io.mendline.processors.pipeline.Emitter;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Output;
import io.mendline.processors.pipeline.Request;
import java.time.Duration;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/** Feeds the {@link Governor}. */
public final class GovernorProcessor implements Processor<byte[], Message, byte[], Message> {
  private static final Duration TICK = Duration.ofSeconds(1);

  private final Application application;
  private ProcessorContext<byte[], Message> context;
  private Governor governor;
  private KafkaStore<GovernorMemory> states;
  private Vitals vitals;
  private boolean recovered;

  /** A processor of the application. */
  public GovernorProcessor(Application application) {
    this.application = application;
  }

  @Override
  public void init(ProcessorContext<byte[], Message> processorContext) {
    context = processorContext;
    // A task that is revived after a failed transaction initializes the same processors again.
    recovered = false;
    KeyValueStore<Bytes, byte[]> bytes = context.getStateStore(Pipeline.GOVERNOR);
    states = application.stores().states(context, Pipeline.GOVERNOR, new GovernorCodec(), null);
    governor =
        new Governor(
            states,
            application.policies(),
            application.clock(),
            application.wall(),
            application.outbox());
    vitals =
        new Vitals(Pipeline.GOVERNOR, bytes::approximateNumEntries)
            .ofGovernor(governor::waiting)
            .open(context, application.observer());
    context.schedule(
        TICK,
        PunctuationType.WALL_CLOCK_TIME,
        now -> {
          Emitter out = message -> forward(message, now);
          states.soundly(
              () -> {
                recover(out);
                governor.tick(out);
              });
        });
  }

  @Override
  public void process(Record<byte[], Message> record) {
    Emitter out = message -> forward(message, record.timestamp());
    states.soundly(
        () -> {
          recover(out);
          if (record.value() instanceof Output.Asked asked) {
            accept(asked.request(), out);
          }
        });
  }

  private void accept(Request request, Emitter out) {
    if (request instanceof Request.Report report) {
      application.observer().reported(governor.action(report.commandId()), report.status());
    }
    governor.accept(request, out);
  }

  @Override
  public void close() {
    vitals.close();
  }

  private void forward(Message message, long time) {
    application.observer().told((Output) message);
    context.forward(StationProcessor.record(message, time));
  }

  private void recover(Emitter out) {
    // Not in init: nothing may be forwarded before the whole task is initialized.
    if (!recovered) {
      recovered = true;
      governor.recover(out);
    }
  }
}
