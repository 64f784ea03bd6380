package io.mendline.processors.ingest;

import io.mendline.processors.pipeline.Signal;
import io.mendline.processors.pipeline.Source;
import io.mendline.serdes.telemetry.ChangeDecoder;
import io.mendline.serdes.telemetry.CheckDecoder;
import io.mendline.serdes.telemetry.DecodedSink;
import io.mendline.serdes.telemetry.MetricDecoder;
import io.mendline.serdes.telemetry.PartitionDecoder;
import io.mendline.serdes.telemetry.RunDecoder;
import io.mendline.serdes.telemetry.RunState;
import io.mendline.serdes.telemetry.SentinelDecoder;
import io.mendline.serdes.telemetry.TelemetryDecoder;
import io.mendline.serdes.telemetry.TelemetryRecord;
import io.mendline.serdes.telemetry.TokenUsageDecoder;
import io.mendline.serdes.text.Redactor;
import java.util.EnumMap;
import java.util.Map;

/** Reads the messages of one source. */
interface MessageReader {
  /** Stands for a message as a whole, where the records of an envelope are counted from 0. */
  int WHOLE = -1;

  /** Told what is in a message. */
  interface Sink {
    /** A signal was read. */
    void signal(int index, Signal signal);

    /** A record, or the message as a whole, was refused. */
    void refuse(int index, String stage, String error);
  }

  /**
   * Reads one message; never throws for what is in it.
   *
   * @param receivedAt the time of what has none of its own, epoch milliseconds; negative where it
   *     is not known
   */
  void read(RawMessage message, long receivedAt, Sink sink);

  /** The reader of every source but policies, which ingest itself reads. */
  static Map<Source, MessageReader> all() {
    Redactor redactor = Redactor.standard();
    Map<Source, MessageReader> readers = new EnumMap<>(Source.class);
    readers.put(Source.SENTINEL, telemetry(new SentinelDecoder(redactor)));
    readers.put(Source.RUNS, telemetry(new RunDecoder(redactor)));
    readers.put(Source.CACHE, telemetry(new TokenUsageDecoder(redactor)));
    readers.put(Source.CHANGES, telemetry(new ChangeDecoder(redactor)));
    readers.put(Source.CHECKS, telemetry(new CheckDecoder(redactor)));
    readers.put(Source.METRICS, telemetry(new MetricDecoder(redactor)));
    readers.put(Source.PARTITIONS, telemetry(new PartitionDecoder(redactor)));
    readers.putAll(AnswerReader.all());
    return readers;
  }

  private static MessageReader telemetry(TelemetryDecoder decoder) {
    return (message, receivedAt, sink) ->
        decoder.decode(
            message.value(),
            new DecodedSink() {
              @Override
              public void record(int index, TelemetryRecord fact) {
                TelemetryRecord timed = timed(fact, receivedAt);
                if (timed.time() == TelemetryRecord.ABSENT) {
                  sink.refuse(index, "decode", "time: missing, and nothing before it has one");
                } else {
                  sink.signal(index, Normalizer.signal(message.source(), message.at(), timed));
                }
              }

              @Override
              public void skipped(int index, String why) {
                // Known to be of no concern: neither a signal nor a mistake.
              }

              @Override
              public void bad(int index, String reason) {
                sink.refuse(index, "decode", reason);
              }

              @Override
              public void unreadable(String reason) {
                sink.refuse(WHOLE, "decode", reason);
              }
            });
  }

  private static TelemetryRecord timed(TelemetryRecord fact, long receivedAt) {
    return receivedAt >= 0
            && fact instanceof RunState state
            && state.timedOnArrival()
            && state.time() == TelemetryRecord.ABSENT
        ? state.toBuilder().time(receivedAt).build()
        : fact;
  }
}
