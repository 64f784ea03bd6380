package io.mendline.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.engine.Pipeline;
import io.mendline.processors.ingest.IngestOutput;
import io.mendline.processors.kafka.Application;
import io.mendline.processors.kafka.IntakeProcessor;
import io.mendline.processors.kafka.Stores;
import io.mendline.processors.pipeline.Budget;
import io.mendline.processors.pipeline.Clock;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Progress;
import io.mendline.processors.pipeline.SignalRecord;
import io.mendline.processors.pipeline.Source;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * On the input's clock an idle partition follows the newest event. What an earlier life of the
 * application found idle may have got more since, and its word may still be in the log.
 */
class IdlePartitionTest {
  private static final Instant STARTED = Instant.parse("2026-06-01T10:00:00Z");
  private static final Instant HEARD = Instant.parse("2026-05-01T00:00:00Z");
  private static final Instant LATER = Instant.parse("2026-05-25T00:00:00Z");
  private static final long LATENESS = Duration.ofMinutes(1).toMillis();

  @TempDir private Path state;

  private MockProcessorContext<byte[], Message> context;
  private IntakeProcessor intake;

  @BeforeEach
  void start() {
    Application application =
        new Application(
            Map.of(),
            1,
            Map.of(Source.RUNS, LATENESS, Source.CHANGES, LATENESS),
            Clock.INPUT,
            STARTED::toEpochMilli,
            new MendlineService.NothingRead(),
            Budget.UNLIMITED,
            false);
    context = new MockProcessorContext<>(new Properties(), new TaskId(0, 0), state.toFile());
    KeyValueStore<Bytes, byte[]> store =
        Stores.store(Pipeline.ROUTES, true, application).withLoggingDisabled().build();
    store.init(context.getStateStoreContext(), store);
    intake = new IntakeProcessor(application);
    intake.init(context);
  }

  @Test
  void what_this_life_found_idle_follows_the_newest_event() {
    runsAreIdle(STARTED);
    changesAreRead(LATER);

    assertThat(runs()).isEqualTo(LATER.toEpochMilli() - LATENESS);
  }

  @Test
  void what_an_earlier_life_found_idle_does_not() {
    runsAreIdle(STARTED.minusSeconds(60));
    changesAreRead(LATER);

    assertThat(runs()).isEqualTo(HEARD.toEpochMilli() - LATENESS);
  }

  private void runsAreIdle(Instant life) {
    Record<byte[], IngestOutput> told =
        watermark(Source.RUNS, HEARD.toEpochMilli(), /* idle= */ true);
    told.headers().add("life", Long.toString(life.toEpochMilli()).getBytes(StandardCharsets.UTF_8));
    intake.process(told);
  }

  private void changesAreRead(Instant newest) {
    intake.process(watermark(Source.CHANGES, newest.toEpochMilli(), /* idle= */ false));
  }

  private static Record<byte[], IngestOutput> watermark(Source source, long newest, boolean idle) {
    return new Record<>(
        new byte[0],
        new IngestOutput.Unpacked(
            List.of(new SignalRecord.Watermark(source, 0, 1, newest, newest - LATENESS, idle))),
        STARTED.toEpochMilli());
  }

  private long runs() {
    Progress last = null;
    for (var forwarded : context.forwarded()) {
      if (forwarded.record().value() instanceof Progress progress) {
        last = progress;
      }
    }
    return last.of(Source.RUNS);
  }
}
