package io.mendline.processors.pipeline;

import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import io.mendline.serdes.binary.CorruptDataException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * How far every partition of every input topic has come, as told in band, and the progress that
 * follows: per source the least over its partitions, where a partition not heard of counts as
 * nothing arrived.
 *
 * <p>Progress never goes back: what was once taken to have arrived stays so.
 */
final class WatermarkTable {
  private final Map<Source, Partitions> sources = new EnumMap<>(Source.class);
  private final long[] reached = new long[16];
  private final long[] newest = new long[16];
  private long newestEvent = Progress.UNHEARD;

  WatermarkTable() {
    Arrays.fill(reached, Progress.UNHEARD);
    Arrays.fill(newest, Progress.UNHEARD);
  }

  /** Takes what was told about one partition. */
  void tell(SignalRecord.Watermark told) {
    Partitions partitions =
        sources.computeIfAbsent(
            told.source(), source -> new Partitions(told.inputPartitionCount()));
    partitions.tell(told);
    see(told.source(), told.newestEvent());
  }

  /** Takes note of an event time of a source. */
  void see(Source source, long eventTime) {
    newest[source.code()] = Math.max(newest[source.code()], eventTime);
    newestEvent = Math.max(newestEvent, eventTime);
  }

  /** The highest event time seen, epoch milliseconds, or {@link Progress#UNHEARD}. */
  long newestEvent() {
    return newestEvent;
  }

  /**
   * The progress that follows.
   *
   * @param clock on {@link Clock#INPUT} the watermark of a partition that is read to its end
   *     follows the newest event, as its own clock does on {@link Clock#WALL}
   * @param now the wall clock, epoch milliseconds; used on {@link Clock#WALL}
   */
  Progress progress(Clock clock, long now, ToLongFunction<Source> lateness) {
    for (Map.Entry<Source, Partitions> entry : sources.entrySet()) {
      Source source = entry.getKey();
      long whenIdle =
          clock == Clock.INPUT && newestEvent != Progress.UNHEARD
              ? newestEvent - lateness.applyAsLong(source)
              : Progress.UNHEARD;
      reached[source.code()] = Math.max(reached[source.code()], entry.getValue().least(whenIdle));
    }
    return clock == Clock.INPUT
        ? Progress.of(this::reached, this::wentOn, newestEvent)
        : Progress.of(this::reached, source -> readUntil(source, lateness), now);
  }

  private long reached(Source source) {
    return reached[source.code()];
  }

  /**
   * Where time is that of the input, the end of a recording looks like a silence. So a source goes
   * on only as far as something of it was read.
   */
  private long wentOn(Source source) {
    return Math.min(reached[source.code()], newest[source.code()]);
  }

  /** On the wall clock nothing is late that was read by then. */
  private long readUntil(Source source, ToLongFunction<Source> lateness) {
    long until = reached[source.code()];
    return until == Progress.UNHEARD ? until : until + lateness.applyAsLong(source);
  }

  /** How far each source has come, for those who ask. */
  List<RouteMemory.SourceProgress> bySource() {
    List<RouteMemory.SourceProgress> all = new ArrayList<>();
    sources.forEach(
        (source, partitions) ->
            all.add(
                new RouteMemory.SourceProgress(
                    source,
                    reached[source.code()],
                    Arrays.stream(partitions.watermark).boxed().toList())));
    return all;
  }

  /** The partitions of one input topic. */
  private static final class Partitions {
    private long[] watermark;
    private boolean[] heard;
    private boolean[] idle;

    Partitions(int count) {
      watermark = new long[count];
      heard = new boolean[count];
      idle = new boolean[count];
      Arrays.fill(watermark, Progress.UNHEARD);
    }

    void tell(SignalRecord.Watermark told) {
      grow(Math.max(told.inputPartitionCount(), told.inputPartition() + 1));
      int at = told.inputPartition();
      heard[at] = true;
      idle[at] = told.idle();
      watermark[at] = Math.max(watermark[at], told.watermark());
    }

    long least(long whenIdle) {
      long least = Long.MAX_VALUE;
      for (int i = 0; i < watermark.length; i++) {
        if (!heard[i]) {
          return Progress.UNHEARD;
        }
        least = Math.min(least, idle[i] ? Math.max(watermark[i], whenIdle) : watermark[i]);
      }
      return least;
    }

    private void grow(int count) {
      int had = watermark.length;
      if (count > had) {
        watermark = Arrays.copyOf(watermark, count);
        heard = Arrays.copyOf(heard, count);
        idle = Arrays.copyOf(idle, count);
        Arrays.fill(watermark, had, count, Progress.UNHEARD);
      }
    }
  }

  /**
   * The binary form: per partition whether it was heard of, and its watermark. Whether it is idle
   * is not kept: that held of the life that ended, and by now there may be more to read.
   */
  static final class Codec implements StateCodec<WatermarkTable> {
    private static final int VERSION = 2;
    private static final int BYTES_PER_PARTITION = 1 + Long.BYTES;

    @Override
    public void write(WatermarkTable state, BinaryWriter out) {
      out.writeByte(VERSION);
      out.writeFixed64(state.newestEvent);
      out.writeVarInt(state.sources.size());
      state.sources.forEach(
          (source, partitions) -> {
            out.writeByte(source.code());
            out.writeFixed64(state.reached[source.code()]);
            out.writeFixed64(state.newest[source.code()]);
            out.writeVarInt(partitions.watermark.length);
            for (int i = 0; i < partitions.watermark.length; i++) {
              out.writeBoolean(partitions.heard[i]);
              out.writeFixed64(partitions.watermark[i]);
            }
          });
    }

    @Override
    public WatermarkTable read(BinaryReader in) {
      Codecs.requireVersion(in, VERSION, "watermark table");
      WatermarkTable state = new WatermarkTable();
      state.newestEvent = in.readFixed64();
      int count = in.readVarInt();
      for (int i = 0; i < count; i++) {
        Source source = Codecs.readSource(in);
        state.reached[source.code()] = in.readFixed64();
        state.newest[source.code()] = in.readFixed64();
        Partitions partitions = new Partitions(readCount(in));
        for (int p = 0; p < partitions.watermark.length; p++) {
          partitions.heard[p] = in.readBoolean();
          partitions.watermark[p] = in.readFixed64();
        }
        state.sources.put(source, partitions);
      }
      return state;
    }

    private static int readCount(BinaryReader in) {
      int at = in.position();
      int count = in.readVarInt();
      if (count < 0 || count > in.remaining() / BYTES_PER_PARTITION) {
        throw new CorruptDataException("a count of " + (count & 0xFFFF_FFFFL) + " partitions", at);
      }
      return count;
    }
  }
}
