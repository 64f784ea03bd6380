package io.mendline.processors.capacity;

import io.mendline.processors.pipeline.ValueTable;
import io.mendline.processors.policy.Policy;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import java.util.ArrayList;
import java.util.List;

/** For how long a metric has been beyond its limits, or within. */
final class Streak {
  /** More minutes wait only in a backlog that is read unevenly. */
  private static final int MOST_WAITING = 64;

  /**
   * The metric in one minute.
   *
   * @param mean the weighted mean over the scope
   * @param node the node that is furthest up, then down; {@link Names#NONE} where none is named
   */
  record Mean(long start, double mean, String highest, String lowest) {}

  private final List<Mean> waiting = new ArrayList<>();

  /** Whether the last minute that was heard was beyond the limits. */
  boolean beyond;

  /** When the first minute began that was on this side; {@link CapacityState#NEVER} before any. */
  long since = CapacityState.NEVER;

  /** The last minute that was heard. */
  Mean last;

  boolean isEmpty() {
    return waiting.isEmpty() && last == null;
  }

  /** Takes up a minute later than all before it; one with no weight says nothing. */
  void add(ClosedBin bin) {
    if (!Double.isNaN(bin.mean())) {
      waiting.add(new Mean(bin.start(), bin.mean(), bin.hottest(), bin.coldest()));
      if (waiting.size() > MOST_WAITING) {
        waiting.remove(0);
      }
    }
  }

  /** Looks at the minutes that end by an instant. */
  void follow(long at, Policy.Limit limit) {
    while (!waiting.isEmpty() && waiting.get(0).start() + OpenBin.LENGTH <= at) {
      Mean next = waiting.remove(0);
      boolean isBeyond = limit.isBeyond(next.mean());
      if (since == CapacityState.NEVER || isBeyond != beyond) {
        beyond = isBeyond;
        since = next.start();
      }
      last = next;
    }
  }

  /** Whether it was on this side for as long as the limit asks, by the end of a minute. */
  boolean lasts(long at, Policy.Limit limit) {
    return since != CapacityState.NEVER && at - since >= limit.persistence().toMillis();
  }

  void write(BinaryWriter out, ValueTable<String> names) {
    out.writeList(waiting, (to, mean) -> write(mean, to, names));
    out.writeBoolean(beyond).writeFixed64(since).writeBoolean(last != null);
    if (last != null) {
      write(last, out, names);
    }
  }

  static Streak read(BinaryReader in, List<String> names) {
    Streak read = new Streak();
    read.waiting.addAll(in.readList(from -> mean(from, names)));
    read.beyond = in.readBoolean();
    read.since = in.readFixed64();
    read.last = in.readBoolean() ? mean(in, names) : null;
    return read;
  }

  private static void write(Mean mean, BinaryWriter out, ValueTable<String> names) {
    out.writeZigZag(mean.start()).writeDouble(mean.mean());
    out.writeVarInt(names.placeOf(mean.highest())).writeVarInt(names.placeOf(mean.lowest()));
  }

  private static Mean mean(BinaryReader in, List<String> names) {
    return new Mean(
        in.readZigZag(), in.readDouble(), ValueTable.read(names, in), ValueTable.read(names, in));
  }
}
