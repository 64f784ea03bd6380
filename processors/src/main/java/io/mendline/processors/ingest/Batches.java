package io.mendline.processors.ingest;

import io.mendline.processors.pipeline.Payload;
import io.mendline.processors.pipeline.Signal;
import io.mendline.processors.pipeline.SignalRecord;
import io.mendline.serdes.telemetry.RunState;
import io.mendline.serdes.telemetry.SentinelHealth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Collects the signals of one message by partition, so that those that go to one partition share a
 * record, and keeps each record far below what a broker takes.
 */
final class Batches {
  /** Roughly how many characters of text a record may hold; at worst three bytes each in UTF-8. */
  private static final int TEXT_LIMIT = 200_000;

  private static final int SIGNALS_LIMIT = 500;
  private static final int TEXT_PER_SIGNAL = 300;

  private final Map<Integer, List<Signal>> byPartition = new TreeMap<>();

  void add(int partition, Signal signal) {
    byPartition.computeIfAbsent(partition, any -> new ArrayList<>(4)).add(signal);
  }

  void flush(Consumer<IngestOutput> out) {
    byPartition.forEach(
        (partition, signals) -> {
          int from = 0;
          int text = 0;
          for (int i = 0; i < signals.size(); i++) {
            int more = text(signals.get(i));
            if (i > from && (text + more > TEXT_LIMIT || i - from >= SIGNALS_LIMIT)) {
              emit(partition, signals.subList(from, i), out);
              from = i;
              text = 0;
            }
            text += more;
          }
          emit(partition, signals.subList(from, signals.size()), out);
        });
  }

  private static void emit(int partition, List<Signal> signals, Consumer<IngestOutput> out) {
    out.accept(new IngestOutput.Signals(new SignalRecord.Batch(partition, List.copyOf(signals))));
  }

  private static int text(Signal signal) {
    if (signal.payload() instanceof Payload.Observed observed) {
      if (observed.record() instanceof RunState run) {
        return TEXT_PER_SIGNAL + length(run.message()) + length(run.errorTrace());
      }
      if (observed.record() instanceof SentinelHealth health) {
        return TEXT_PER_SIGNAL + length(health.description()) + length(health.reason());
      }
    }
    return TEXT_PER_SIGNAL;
  }

  private static int length(String text) {
    return text == null ? 0 : text.length();
  }
}
