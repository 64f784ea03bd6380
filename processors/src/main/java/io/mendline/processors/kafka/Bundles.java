package io.mendline.processors.kafka;

import io.mendline.processors.ingest.Decoded;
import io.mendline.processors.ingest.IngestOutput;
import io.mendline.processors.pipeline.Signal;
import io.mendline.processors.pipeline.SignalRecord;
import io.mendline.processors.pipeline.SignalRecordCodec;
import io.mendline.serdes.binary.BinaryWriter;
import java.util.List;
import java.util.function.ObjLongConsumer;

/**
 * Packs what goes to one partition of {@code signals} into few records: to send, store and read a
 * record costs more than to decode what is in it. What waits is sent when enough of it waits,
 * before a watermark, which speaks of it, and before a commit. So within transactions nothing comes
 * later by it: a record is seen with the commit.
 */
final class Bundles {
  /** A bundle holds at most so many bytes, unless a single record is larger. */
  static final int MOST_BYTES = 64 * 1024;

  /** So does a record, unless it is a single signal's; no signal is larger. */
  static final int MOST_OF_A_RECORD = Decoded.MOST_OF_A_SIGNAL;

  private final ObjLongConsumer<IngestOutput> out;
  private final BinaryWriter[] waiting;
  private final long[] since;
  private final BinaryWriter scratch = new BinaryWriter(1024);

  /**
   * Bundles for all partitions.
   *
   * @param out takes a bundle and the transport time of its oldest message
   */
  Bundles(int partitions, ObjLongConsumer<IngestOutput> out) {
    this.out = out;
    this.waiting = new BinaryWriter[partitions];
    this.since = new long[partitions];
  }

  /**
   * Adds a record for one partition, or sends one for all behind what waits. One that is too large
   * for a broker goes in parts: signals repeat what they inherit from their envelope.
   *
   * @param time transport time of the message it came of, epoch milliseconds
   */
  void add(SignalRecord record, long time) {
    scratch.reset();
    SignalRecordCodec.write(record, scratch);
    if (scratch.size() > MOST_OF_A_RECORD
        && record instanceof SignalRecord.Batch batch
        && batch.signals().size() > 1) {
      List<Signal> signals = batch.signals();
      int half = signals.size() / 2;
      add(new SignalRecord.Batch(batch.partition(), signals.subList(0, half)), time);
      add(new SignalRecord.Batch(batch.partition(), signals.subList(half, signals.size())), time);
      return;
    }
    int partition = record.partition();
    if (partition == SignalRecord.ALL_PARTITIONS) {
      send();
      out.accept(new IngestOutput.Signals(record), time);
      return;
    }
    if (waiting[partition] == null) {
      waiting[partition] = new BinaryWriter(MOST_BYTES / 8);
    }
    BinaryWriter bundle = waiting[partition];
    if (bundle.size() > 0 && bundle.size() + scratch.size() > MOST_BYTES) {
      send(partition);
    }
    since[partition] = bundle.size() == 0 ? time : Math.min(since[partition], time);
    bundle.append(scratch);
  }

  /** Sends all that waits. */
  void send() {
    for (int partition = 0; partition < waiting.length; partition++) {
      if (waiting[partition] != null && waiting[partition].size() > 0) {
        send(partition);
      }
    }
  }

  private void send(int partition) {
    byte[] records = waiting[partition].toByteArray();
    waiting[partition].reset();
    out.accept(new IngestOutput.Packed(partition, records), since[partition]);
  }
}
