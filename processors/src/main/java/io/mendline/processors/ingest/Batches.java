package io.mendline.processors.ingest;

import io.mendline.processors.pipeline.Signal;
import io.mendline.processors.pipeline.SignalRecord;
import io.mendline.processors.pipeline.SignalRecordCodec;
import io.mendline.serdes.binary.BinaryWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Collects the signals of one message by partition, so that those that go to one partition share a
 * record, and keeps each record below what a broker takes: a refused send would end the stream.
 *
 * <p>Sizes are measured only where they can matter: a few signals of a message that is not large
 * are small, though each repeats its route, its resource and what it inherits from the envelope.
 */
final class Batches {
  /** A record holds at most so many bytes; a broker takes a million. */
  static final int BYTES_LIMIT = 600_000;

  /** Larger messages are measured, bytes. */
  private static final int LARGE = 50_000;

  /** So are messages of more signals than this. */
  private static final int MANY = 16;

  private final Map<Integer, List<Signal>> byPartition = new TreeMap<>();
  private final boolean measured;

  /** For the signals of one message. */
  Batches(Decoded decoded) {
    measured = isLarge(decoded.message()) || decoded.signals().size() > MANY;
  }

  /** Whether a single signal of a message is too large for a record. */
  static boolean isTooLarge(RawMessage message, Signal signal) {
    return isLarge(message) && bytes(signal) > BYTES_LIMIT;
  }

  void add(int partition, Signal signal) {
    byPartition.computeIfAbsent(partition, any -> new ArrayList<>(4)).add(signal);
  }

  void flush(Consumer<IngestOutput> out) {
    byPartition.forEach(
        (partition, signals) -> {
          if (measured) {
            flush(partition, signals, out);
          } else {
            emit(partition, signals, out);
          }
        });
  }

  private static void flush(int partition, List<Signal> signals, Consumer<IngestOutput> out) {
    int from = 0;
    int bytes = 0;
    for (int i = 0; i < signals.size(); i++) {
      int more = bytes(signals.get(i));
      if (i > from && bytes + more > BYTES_LIMIT) {
        emit(partition, signals.subList(from, i), out);
        from = i;
        bytes = 0;
      }
      bytes += more;
    }
    emit(partition, signals.subList(from, signals.size()), out);
  }

  private static void emit(int partition, List<Signal> signals, Consumer<IngestOutput> out) {
    out.accept(new IngestOutput.Signals(new SignalRecord.Batch(partition, List.copyOf(signals))));
  }

  private static boolean isLarge(RawMessage message) {
    return message.value() != null && message.value().length > LARGE;
  }

  private static int bytes(Signal signal) {
    BinaryWriter writer = new BinaryWriter(1024);
    SignalRecordCodec.write(new SignalRecord.Batch(0, List.of(signal)), writer);
    return writer.size();
  }
}
