package io.mendline.processors.kafka;

import io.mendline.processors.engine.Pipeline;
import io.mendline.processors.ingest.IngestOutput;
import io.mendline.processors.pipeline.Intake;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Progress;
import io.mendline.processors.pipeline.RouteMemory;
import io.mendline.processors.pipeline.Routes;
import io.mendline.processors.pipeline.SignalRecord;
import java.time.Duration;
import java.util.Arrays;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/** Feeds {@link Intake}. */
public final class IntakeProcessor implements Processor<byte[], IngestOutput, byte[], Message> {
  /** The header that says which life of the application took a partition for idle. */
  static final String LIFE = "life";

  private static final Duration SOON = Duration.ofMillis(1);

  private final Application application;
  private ProcessorContext<byte[], Message> context;
  private Intake intake;
  private Cancellable recovery;
  private Vitals vitals;

  /** A processor of the application. */
  public IntakeProcessor(Application application) {
    this.application = application;
  }

  @Override
  public void init(ProcessorContext<byte[], Message> processorContext) {
    context = processorContext;
    int partition = context.taskId().partition();
    KeyValueStore<Bytes, byte[]> bytes = context.getStateStore(Pipeline.ROUTES);
    intake =
        new Intake(
            application.stores().states(context, Pipeline.ROUTES, new RouteMemory.Codec(), null),
            application.clock(),
            application.wall(),
            application::lateness,
            application.policies()::at,
            route -> Routes.partition(route, application.partitions()) == partition);
    vitals =
        new Vitals(Pipeline.ROUTES, bytes::approximateNumEntries)
            .ofIntake()
            .open(context, application.observer());
    // Nothing may be forwarded before the whole task is initialized.
    recovery = context.schedule(SOON, PunctuationType.WALL_CLOCK_TIME, this::recover);
  }

  @Override
  public void process(Record<byte[], IngestOutput> record) {
    recover(record.timestamp());
    if (record.value() instanceof IngestOutput.Unpacked unpacked) {
      for (SignalRecord each : unpacked.records()) {
        intake.accept(
            isIdle(each) && !isOfThisLife(record) ? ((SignalRecord.Watermark) each).busy() : each,
            message -> forward(message, record.timestamp()));
      }
    }
  }

  @Override
  public void close() {
    vitals.close();
  }

  private void forward(Message message, long time) {
    if (message instanceof Progress progress) {
      vitals.reached(progress);
    }
    context.forward(StationProcessor.record(message, time));
  }

  static boolean isIdle(SignalRecord record) {
    return record instanceof SignalRecord.Watermark watermark && watermark.idle();
  }

  /** What an earlier life found read to its end may have got more since. */
  private boolean isOfThisLife(Record<byte[], IngestOutput> record) {
    Header life = record.headers().lastHeader(LIFE);
    return life != null && Arrays.equals(life.value(), application.life());
  }

  private void recover(long now) {
    if (recovery != null) {
      recovery.cancel();
      recovery = null;
      intake.recover(message -> forward(message, now));
    }
  }
}
