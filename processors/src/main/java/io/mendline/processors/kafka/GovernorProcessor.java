package io.mendline.processors.kafka;

import io.mendline.processors.engine.Pipeline;
import io.mendline.processors.governor.Governor;
import io.mendline.processors.governor.GovernorCodec;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Output;
import java.time.Duration;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Feeds the {@link Governor}. */
public final class GovernorProcessor implements Processor<byte[], Message, byte[], Message> {
  private static final Duration TICK = Duration.ofSeconds(1);

  private final Runtime runtime;
  private ProcessorContext<byte[], Message> context;
  private Governor governor;

  /** A processor of the application. */
  public GovernorProcessor(Runtime runtime) {
    this.runtime = runtime;
  }

  @Override
  public void init(ProcessorContext<byte[], Message> processorContext) {
    context = processorContext;
    governor =
        new Governor(
            new KafkaStore<>(context.getStateStore(Pipeline.GOVERNOR), new GovernorCodec()),
            runtime.policies(),
            runtime.clock(),
            runtime.wall());
    governor.recover();
    context.schedule(
        TICK,
        PunctuationType.WALL_CLOCK_TIME,
        now -> governor.tick(message -> context.forward(StationProcessor.record(message, now))));
  }

  @Override
  public void process(Record<byte[], Message> record) {
    if (record.value() instanceof Output.Asked asked) {
      governor.accept(
          asked.request(),
          message -> context.forward(StationProcessor.record(message, record.timestamp())));
    }
  }
}
