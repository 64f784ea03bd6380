package io.mendline.processors.kafka;

import io.mendline.processors.engine.Pipeline;
import io.mendline.processors.ingest.DeadLetter;
import io.mendline.processors.ingest.Ingest;
import io.mendline.processors.ingest.IngestMemory;
import io.mendline.processors.ingest.IngestOutput;
import io.mendline.processors.ingest.RawMessage;
import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.SignalRecord;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;

/** Feeds {@link Ingest}. */
public final class IngestProcessor implements Processor<byte[], byte[], byte[], IngestOutput> {
  private static final Duration TICK = Duration.ofSeconds(1);

  /** How long signals wait at most for others: where there are transactions, less. */
  private static final Duration SOON = Duration.ofMillis(50);

  /** A hop drops records without a key; where signals go says their partitioner, not this. */
  private static final byte[] NO_KEY = {};

  private final Application application;
  private ProcessorContext<byte[], IngestOutput> context;
  private Ingest ingest;
  private Bundles bundles;
  private Vitals vitals;

  /** A processor of the application. */
  public IngestProcessor(Application application) {
    this.application = application;
  }

  @Override
  public void init(ProcessorContext<byte[], IngestOutput> processorContext) {
    context = processorContext;
    KeyValueStore<Bytes, byte[]> bytes = context.getStateStore(Pipeline.INGEST);
    ingest =
        new Ingest(
            application.stores().states(context, Pipeline.INGEST, new IngestMemory.Codec(), null),
            application.inputs(),
            application.clock(),
            application::lateness,
            application.partitions());
    vitals =
        new Vitals(Pipeline.INGEST, bytes::approximateNumEntries)
            .open(context, application.observer());
    bundles = new Bundles(application.partitions(), this::send);
    application.stores().beforeCommit(context, Pipeline.INGEST, bundles::send);
    context.schedule(SOON, PunctuationType.WALL_CLOCK_TIME, now -> bundles.send());
    int partition = context.taskId().partition();
    context.schedule(
        TICK,
        PunctuationType.WALL_CLOCK_TIME,
        now -> ingest.tick(partition, output -> forward(output, now)));
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    RecordMetadata at =
        context
            .recordMetadata()
            .orElseThrow(() -> new IllegalStateException("a message has no coordinates"));
    RawMessage message =
        new RawMessage(
            application.sources().get(at.topic()),
            new Coordinates(at.topic(), at.partition(), at.offset()),
            record.timestamp(),
            record.key(),
            record.value());
    application.observer().received(message.source());
    ingest.accept(message, output -> forward(output, record.timestamp()));
  }

  @Override
  public void close() {
    vitals.close();
  }

  private void forward(IngestOutput output, long time) {
    if (output instanceof DeadLetter letter) {
      application.observer().refused(letter);
      context.forward(new Record<>(letter.key(), output, time, DeadLetterHeaders.of(letter)));
    } else if (output instanceof IngestOutput.Policies policies) {
      context.forward(new Record<>(policies.id().getBytes(StandardCharsets.UTF_8), output, time));
    } else {
      IngestOutput.Signals signals = (IngestOutput.Signals) output;
      if (signals.record() instanceof SignalRecord.Batch batch) {
        application.observer().ingested(batch.signals().get(0).source(), batch.signals().size());
      }
      bundles.add(signals.record(), time);
    }
  }

  private void send(IngestOutput output, long time) {
    Record<byte[], IngestOutput> record = new Record<>(NO_KEY, output, time);
    if (output instanceof IngestOutput.Signals signals
        && IntakeProcessor.isIdle(signals.record())) {
      record.headers().add(IntakeProcessor.LIFE, application.life());
    }
    context.forward(record);
  }
}
