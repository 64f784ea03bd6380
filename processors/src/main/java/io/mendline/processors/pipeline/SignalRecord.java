package io.mendline.processors.pipeline;

import java.util.List;

/** One record of the internal {@code signals} topic. */
public sealed interface SignalRecord {
  /** Stands for every partition of {@code signals}. */
  int ALL_PARTITIONS = -1;

  /** The partition of {@code signals} it is for, or {@link #ALL_PARTITIONS}. */
  int partition();

  /** Signals of one message that go to one partition. */
  record Batch(int partition, List<Signal> signals) implements SignalRecord {}

  /**
   * By what name records call a workspace, told to every partition of {@code signals}, ahead of the
   * record that says so.
   *
   * @param path the workspace's path in Azure, lower case
   * @param workspace what records about its rules call it
   * @param since the event time of the earliest record known to do so, epoch milliseconds
   */
  record Named(String path, String workspace, long since) implements SignalRecord {
    @Override
    public int partition() {
      return ALL_PARTITIONS;
    }
  }

  /**
   * How far one partition of one input topic has come; told to every partition of {@code signals},
   * in the same log as the signals it speaks of.
   *
   * @param source the topic
   * @param inputPartition its partition
   * @param inputPartitionCount how many partitions the topic has
   * @param newestEvent the greatest event time read from that partition, epoch milliseconds, or
   *     {@link Progress#UNHEARD}
   * @param watermark everything of that partition up to here is taken to have arrived, epoch
   *     milliseconds, or {@link Progress#UNHEARD}
   * @param idle the partition is read to its end; on a clock driven by input the watermark follows
   *     the clock
   */
  record Watermark(
      Source source,
      int inputPartition,
      int inputPartitionCount,
      long newestEvent,
      long watermark,
      boolean idle)
      implements SignalRecord {
    @Override
    public int partition() {
      return ALL_PARTITIONS;
    }

    /** The same of a partition of which there may be more to read. */
    public Watermark busy() {
      return new Watermark(
          source, inputPartition, inputPartitionCount, newestEvent, watermark, false);
    }
  }
}
