package io.mendline.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A made-up series of a ratio, sampled every ten minutes for three weeks, and what is known of it.
 *
 * @param name names it in a report
 * @param kind what happens in it
 * @param start the first instant, epoch milliseconds
 * @param values one a sample; NaN where there is none
 * @param onset when it became worse, epoch milliseconds; {@link #NEVER} where it did not
 * @param drop by how much, points of 1; a hundredth is a point
 */
record MadeUpSeries(
    String name, Kind kind, long start, List<Double> values, long onset, double drop) {
  static final long NEVER = -1;
  static final long EVERY = Duration.ofMinutes(10).toMillis();

  private static final long HOUR = Duration.ofHours(1).toMillis();
  private static final long DAY = 24 * HOUR;
  private static final int DAYS = 21;
  private static final long EARLIEST = 3 * DAY;
  private static final long LATEST = 14 * DAY;
  private static final long DRIFT = 7 * DAY;

  /** How a series changes for good. */
  private enum Change {
    NONE,
    /** Falls by 10 to 40 points at once, and stays there. */
    STEP,
    /** Falls by 15 to 40 points within a week, evenly. */
    DRIFT,
    /** Rises by 10 to 30 points at once. */
    RISE
  }

  /** What comes back with the clock. */
  private enum Rhythm {
    NONE,
    /** A wave of the day, 5 to 12 points up and down. */
    DAY,
    /** Eight hours a night 8 to 20 points lower, from one hour to the next. */
    NIGHTS,
    /** Saturdays and Sundays 8 to 20 points lower. */
    WEEKENDS,
    /** The wave of the day, and lower weekends. */
    BOTH
  }

  /** What else disturbs it. */
  private enum Trouble {
    NONE,
    /** 40 points less for one to three hours, once in two days. */
    DIPS,
    /** 30 points more for one to three hours, once in two days. */
    SPIKES,
    /** Nothing is heard for hours, at times for most of a day. */
    GAPS
  }

  /** What happens in a series, beside noise. */
  enum Kind {
    STEP(Change.STEP, Rhythm.NONE, Trouble.NONE),
    STEP_BY_DAY(Change.STEP, Rhythm.DAY, Trouble.NONE),
    STEP_BY_NIGHT(Change.STEP, Rhythm.NIGHTS, Trouble.NONE),
    STEP_BY_WEEK(Change.STEP, Rhythm.WEEKENDS, Trouble.NONE),
    STEP_BY_BOTH(Change.STEP, Rhythm.BOTH, Trouble.NONE),
    STEP_WITH_DIPS(Change.STEP, Rhythm.NONE, Trouble.DIPS),
    STEP_WITH_GAPS(Change.STEP, Rhythm.DAY, Trouble.GAPS),
    DRIFT(Change.DRIFT, Rhythm.NONE, Trouble.NONE),
    DRIFT_BY_DAY(Change.DRIFT, Rhythm.DAY, Trouble.NONE),
    DRIFT_BY_BOTH(Change.DRIFT, Rhythm.BOTH, Trouble.NONE),
    QUIET(Change.NONE, Rhythm.NONE, Trouble.NONE),
    DAILY(Change.NONE, Rhythm.DAY, Trouble.NONE),
    NIGHTLY(Change.NONE, Rhythm.NIGHTS, Trouble.NONE),
    WEEKLY(Change.NONE, Rhythm.WEEKENDS, Trouble.NONE),
    DAILY_AND_WEEKLY(Change.NONE, Rhythm.BOTH, Trouble.NONE),
    DIPS(Change.NONE, Rhythm.NONE, Trouble.DIPS),
    SPIKES(Change.NONE, Rhythm.NONE, Trouble.SPIKES),
    GAPS(Change.NONE, Rhythm.DAY, Trouble.GAPS),
    RISE(Change.RISE, Rhythm.NONE, Trouble.NONE),
    RISE_BY_BOTH(Change.RISE, Rhythm.BOTH, Trouble.NONE);

    private final Change change;
    private final Rhythm rhythm;
    private final Trouble trouble;

    Kind(Change change, Rhythm rhythm, Trouble trouble) {
      this.change = change;
      this.rhythm = rhythm;
      this.trouble = trouble;
    }

    boolean regresses() {
      return change == Change.STEP || change == Change.DRIFT;
    }

    boolean drifts() {
      return change == Change.DRIFT;
    }
  }

  /**
   * Of a seed; equal seeds make equal series.
   *
   * @param from the series begins on one of the seven days from here on
   */
  static MadeUpSeries of(long seed, Kind kind, long from) {
    Random random = new Random(seed * 31 + kind.name().hashCode());
    long start = from + random.nextInt(7) * DAY;
    // A ratio cannot rise above one.
    double level = (kind.change == Change.RISE ? 0.35 : 0.55) + 0.25 * random.nextDouble();
    double noise = 0.01 + 0.04 * random.nextDouble();
    double drop =
        kind.drifts() ? 0.15 + 0.25 * random.nextDouble() : 0.10 + 0.30 * random.nextDouble();
    long turn = EARLIEST + (long) (random.nextDouble() * (LATEST - EARLIEST));
    double wave = 0.05 + 0.07 * random.nextDouble();
    double lower = 0.08 + 0.12 * random.nextDouble();
    long phase = (long) (random.nextDouble() * DAY);
    int samples = (int) (DAYS * DAY / EVERY);
    boolean[] disturbed = disturbances(random, samples);
    List<Double> values = new ArrayList<>(samples);
    long silentUntil = 0;
    double wander = 0;
    for (int i = 0; i < samples; i++) {
      long at = i * EVERY;
      // Half of the noise lasts for about an hour, as load does.
      wander = 0.85 * wander + 0.5 * noise * random.nextGaussian();
      double value = level + wander + noise * random.nextGaussian();
      value += rhythm(kind.rhythm, start + at, phase, wave, lower);
      value -= change(kind.change, at, turn, drop);
      if (kind.trouble == Trouble.DIPS && disturbed[i]) {
        value -= 0.4;
      }
      if (kind.trouble == Trouble.SPIKES && disturbed[i]) {
        value += 0.3;
      }
      if (kind.trouble == Trouble.GAPS && at >= silentUntil && random.nextInt(150) == 0) {
        silentUntil = at + (long) (random.nextDouble() * random.nextDouble() * DAY);
      }
      values.add(at < silentUntil ? Double.NaN : Math.max(0, Math.min(1, value)));
    }
    return new MadeUpSeries(
        kind + "-" + seed, kind, start, values, kind.regresses() ? start + turn : NEVER, drop);
  }

  private static double rhythm(Rhythm rhythm, long time, long phase, double wave, double lower) {
    double ofDay = wave * Math.sin(2 * Math.PI * ((time + phase) % DAY) / DAY);
    double ofNight = (time + phase) % DAY < DAY / 3 ? -lower : 0;
    double ofWeek = Math.floorMod(time / DAY + 3, 7) >= 5 ? -lower : 0;
    return switch (rhythm) {
      case NONE -> 0;
      case DAY -> ofDay;
      case NIGHTS -> ofNight;
      case WEEKENDS -> ofWeek;
      case BOTH -> ofDay + ofWeek;
    };
  }

  private static double change(Change change, long at, long turn, double drop) {
    if (at < turn) {
      return 0;
    }
    return switch (change) {
      case NONE -> 0;
      case STEP -> drop;
      case DRIFT -> drop * Math.min(1, (double) (at - turn) / DRIFT);
      case RISE -> -Math.min(0.3, drop);
    };
  }

  /** When the first value was heard that shows the fall: its onset, but for a gap there. */
  long shownAt() {
    int i = (int) ((onset - start + EVERY - 1) / EVERY);
    while (i < values.size() && Double.isNaN(values.get(i))) {
      i++;
    }
    return Math.max(onset, start + i * EVERY);
  }

  /** When a series is disturbed: once in two days, never two at once. */
  private static boolean[] disturbances(Random random, int samples) {
    boolean[] disturbed = new boolean[samples];
    int twoDays = (int) (2 * DAY / EVERY);
    int hour = (int) (HOUR / EVERY);
    for (int from = 0; from < samples; from += twoDays) {
      int begin = from + (6 + random.nextInt(36)) * hour;
      int end = begin + hour + random.nextInt(2 * hour + 1);
      for (int i = begin; i < Math.min(end, samples); i++) {
        disturbed[i] = true;
      }
    }
    return disturbed;
  }
}
