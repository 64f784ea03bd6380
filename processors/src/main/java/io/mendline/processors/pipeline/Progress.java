package io.mendline.processors.pipeline;

import java.util.Arrays;
import java.util.function.ToLongFunction;

/**
 * How far event time has come: a watermark per source, and the clock.
 *
 * <p>A watermark W of a source says that everything of that source up to and including W is taken
 * to have arrived. Progress travels in the same line as the signals, so it can never overtake them;
 * a station that has due work left holds it back until that work is done.
 */
public final class Progress implements Message {
  /** The watermark of a source that was not heard of: nothing is taken to have arrived. */
  public static final long UNHEARD = Long.MIN_VALUE;

  /** Before anything was heard. */
  public static final Progress NONE = new Progress(filled(), UNHEARD);

  private static final int SLOTS = 2 * Source.SILENCES;

  private final long[] watermarks;
  private final long clock;

  private Progress(long[] watermarks, long clock) {
    this.watermarks = watermarks;
    this.clock = clock;
  }

  /**
   * Progress from functions of sources.
   *
   * @param watermark see above
   * @param wentOn up to when a source was seen to go on: a route of which nothing came by then was
   *     silent; epoch milliseconds, or {@link #UNHEARD}
   * @param clock the time the engine takes it to be, epoch milliseconds
   */
  public static Progress of(
      ToLongFunction<Source> watermark, ToLongFunction<Source> wentOn, long clock) {
    long[] watermarks = filled();
    for (Source source : Source.values()) {
      watermarks[source.code()] = watermark.applyAsLong(source);
      watermarks[source.code() + Source.SILENCES] = wentOn.applyAsLong(source);
    }
    return new Progress(watermarks, clock);
  }

  /** Progress of sources that go on as far as their watermarks. */
  public static Progress of(ToLongFunction<Source> watermark, long clock) {
    return of(watermark, watermark, clock);
  }

  /**
   * The least watermark of a set of sources, see {@link Source#bit()}; the set must not be empty.
   */
  public long of(int sources) {
    long least = Long.MAX_VALUE;
    for (int rest = sources; rest != 0; rest &= rest - 1) {
      least = Math.min(least, watermarks[Integer.numberOfTrailingZeros(rest)]);
    }
    return least;
  }

  /** The watermark of one source, epoch milliseconds, or {@link #UNHEARD}. */
  public long of(Source source) {
    return watermarks[source.code()];
  }

  /** The time the engine takes it to be, epoch milliseconds. */
  public long clock() {
    return clock;
  }

  /** Whether the watermarks are the same, whatever the clock says. */
  public boolean sameWatermarks(Progress other) {
    return Arrays.equals(watermarks, other.watermarks);
  }

  private static long[] filled() {
    long[] watermarks = new long[SLOTS];
    Arrays.fill(watermarks, UNHEARD);
    return watermarks;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Progress that
        && clock == that.clock
        && Arrays.equals(watermarks, that.watermarks);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(watermarks) * 31 + Long.hashCode(clock);
  }

  @Override
  public String toString() {
    return "Progress" + Arrays.toString(watermarks) + "@" + clock;
  }
}
