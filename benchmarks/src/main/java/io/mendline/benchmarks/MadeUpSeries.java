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
  private static final long EARLIEST = 8 * DAY;
  private static final long LATEST = 12 * DAY;
  private static final long DRIFT = 7 * DAY;

  /** What happens in a series, beside noise. */
  enum Kind {
    /** Falls by 10 to 40 points at once, and stays there. */
    STEP(true),
    /** A step in a series with a rhythm of the day. */
    STEP_BY_DAY(true),
    /** A step in a series that is lower at weekends. */
    STEP_BY_WEEK(true),
    /** Falls by 15 to 40 points within a week, evenly. */
    DRIFT(true),
    /** Nothing. */
    QUIET(false),
    /** A rhythm of the day. */
    DAILY(false),
    /** Lower at weekends. */
    WEEKLY(false),
    /** Dips of one to three hours, one in two days. */
    DIPS(false),
    /** Nothing is heard for hours, at times for a day. */
    GAPS(false),
    /** Rises by 10 to 30 points. */
    RISE(false);

    private final boolean regresses;

    Kind(boolean regresses) {
      this.regresses = regresses;
    }

    boolean regresses() {
      return regresses;
    }
  }

  /** Of a seed; equal seeds make equal series. */
  static MadeUpSeries of(long seed, Kind kind, long start) {
    Random random = new Random(seed * 31 + kind.name().hashCode());
    double level = 0.55 + 0.25 * random.nextDouble();
    double noise = 0.01 + 0.04 * random.nextDouble();
    double drop =
        kind == Kind.DRIFT ? 0.15 + 0.25 * random.nextDouble() : 0.10 + 0.30 * random.nextDouble();
    long turn = EARLIEST + (long) (random.nextDouble() * (LATEST - EARLIEST));
    int samples = (int) (DAYS * DAY / EVERY);
    List<Double> values = new ArrayList<>(samples);
    long silentUntil = 0;
    double wander = 0;
    for (int i = 0; i < samples; i++) {
      long at = i * EVERY;
      // Half of the noise lasts for about an hour, as load does.
      wander = 0.85 * wander + 0.5 * noise * random.nextGaussian();
      double value = level + wander + noise * random.nextGaussian();
      value += rhythm(kind, start + at);
      value -= change(kind, at, turn, drop);
      if (kind == Kind.DIPS && dips(seed, at)) {
        value -= 0.4;
      }
      if (kind == Kind.GAPS && at >= silentUntil && random.nextInt(150) == 0) {
        silentUntil = at + (long) (random.nextDouble() * random.nextDouble() * DAY);
      }
      values.add(at < silentUntil ? Double.NaN : Math.max(0, Math.min(1, value)));
    }
    return new MadeUpSeries(
        kind + "-" + seed, kind, start, values, kind.regresses() ? start + turn : NEVER, drop);
  }

  private static double rhythm(Kind kind, long time) {
    return switch (kind) {
      case STEP_BY_DAY, DAILY -> 0.10 * Math.sin(2 * Math.PI * (time % DAY) / DAY);
      case STEP_BY_WEEK, WEEKLY -> Math.floorMod(time / DAY + 3, 7) >= 5 ? -0.15 : 0;
      default -> 0;
    };
  }

  private static double change(Kind kind, long at, long turn, double drop) {
    if (at < turn) {
      return 0;
    }
    return switch (kind) {
      case STEP, STEP_BY_DAY, STEP_BY_WEEK -> drop;
      case DRIFT -> drop * Math.min(1, (double) (at - turn) / DRIFT);
      case RISE -> -Math.min(0.3, drop);
      default -> 0;
    };
  }

  /** One dip in two days, at a time of its own. */
  private static boolean dips(long seed, long at) {
    Random random = new Random(seed * 1_000 + at / (2 * DAY));
    long begin = (long) (random.nextDouble() * 44 * HOUR);
    long length = HOUR + (long) (random.nextDouble() * 2 * HOUR);
    long within = at % (2 * DAY);
    return within >= begin && within < begin + length;
  }
}
