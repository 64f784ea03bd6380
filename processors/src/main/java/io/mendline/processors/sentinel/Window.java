package io.mendline.processors.sentinel;

import static io.mendline.serdes.telemetry.TelemetryRecord.ABSENT;

import io.mendline.serdes.binary.WireEnum;
import io.mendline.serdes.telemetry.SentinelHealth;
import java.time.Duration;

/**
 * The window of data that one record speaks of. A function of the record alone, so that it is the
 * same in whatever order records arrive.
 *
 * <p>Two records about one run agree on the {@link WindowKey} when the rule's frequency is known to
 * both: of a window that spans the whole look-back, the key is the part that is new in it, the
 * frequency before its end; of a run time alone it is the frequency before that time. A window that
 * spans anything else is known by its start, as the documentation's own query groups by {@code
 * QueryStartTimeUTC}.
 *
 * @param key the window's identity
 * @param told where it was read
 * @param start start of the data, epoch milliseconds; may be absent
 * @param end end of the data, epoch milliseconds; may be absent
 */
record Window(WindowKey key, Told told, long start, long end) {
  /**
   * How long after its start a window may be spoken of: the longest look-back is 14 days, a replay
   * is possible for 7, and a day's grace.
   */
  static final Duration SPOKEN_OF = Duration.ofDays(22);

  /** How far a window may lie ahead of the record that speaks of it: clocks differ. */
  private static final long AHEAD_MILLIS = Duration.ofDays(1).toMillis();

  /** Where a window was read, the surest first. */
  enum Told implements WireEnum {
    /** The record gives the window's start. */
    EXPLICIT(1),
    /** From the run time or the window's end, and the rule's frequency or look-back. */
    DERIVED(2),
    /** Only the run time or the window's end is known. */
    RUN_TIME(3),
    /** Not even that; the record's own time stands for the run's. */
    RECORD_TIME(4);

    private final int code;

    Told(int code) {
      this.code = code;
    }

    @Override
    public int code() {
      return code;
    }
  }

  /**
   * The window that a record speaks of.
   *
   * @param consolidated the record says that its window was given up; only then the text is asked
   *     for the time, and at last the record's own time taken
   * @return null where it speaks of none
   */
  static Window of(SentinelHealth row, boolean consolidated) {
    long earliest = row.time() - SPOKEN_OF.toMillis();
    long latest = row.time() + AHEAD_MILLIS;
    boolean hasStart = row.windowStart() >= earliest && row.windowStart() <= latest;
    boolean hasEnd = row.windowEnd() >= earliest && row.windowEnd() <= latest;
    if (hasStart && (!hasEnd || row.windowEnd() > row.windowStart())) {
      return explicit(row, hasEnd);
    }
    long run = hasEnd ? row.windowEnd() : ABSENT;
    Told told = Told.RUN_TIME;
    if (run == ABSENT && consolidated) {
      run = ConsolidatedWording.runTime(row.description(), earliest, latest);
      run = run != ABSENT ? run : ConsolidatedWording.runTime(row.reason(), earliest, latest);
      told = run != ABSENT ? Told.RUN_TIME : Told.RECORD_TIME;
      run = run != ABSENT ? run : row.time();
    }
    return run == ABSENT ? null : derived(row, run, told, earliest);
  }

  private static Window explicit(SentinelHealth row, boolean hasEnd) {
    long start = row.windowStart();
    long end = hasEnd ? row.windowEnd() : ABSENT;
    if (!hasEnd && row.periodMillis() > 0) {
      end = start + row.periodMillis();
    } else if (!hasEnd && row.frequencyMillis() > 0) {
      end = start + row.frequencyMillis();
    }
    boolean wholeLookBack =
        end != ABSENT && end - start == row.periodMillis() && row.frequencyMillis() > 0;
    WindowKey key = WindowKey.ofStart(wholeLookBack ? end - row.frequencyMillis() : start);
    return new Window(key, Told.EXPLICIT, start, end);
  }

  private static Window derived(SentinelHealth row, long run, Told told, long earliest) {
    long length = row.frequencyMillis() > 0 ? row.frequencyMillis() : row.periodMillis();
    if (length <= 0 || run - length < earliest) {
      return new Window(WindowKey.ofRunTime(run), told, ABSENT, run);
    }
    Told better = told == Told.RUN_TIME ? Told.DERIVED : told;
    return new Window(WindowKey.ofStart(run - length), better, run - length, run);
  }
}
