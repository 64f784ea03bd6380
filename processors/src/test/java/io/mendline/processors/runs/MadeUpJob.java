package io.mendline.processors.runs;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;

/**
 * The durations of a job that does not exist: log-normal noise about a level, with one habit of
 * real jobs, and from some run on a step.
 *
 * @param habit what it does beside noise
 * @param cadence how often it runs
 * @param variation the coefficient of variation of the noise
 * @param step the factor of the step; 1 for none
 * @param stepAt the place of the first run after the step
 * @param backAt the place of the first run that is as fast as before again
 * @param runs how many there are
 * @param seed equal seeds give equal jobs
 */
record MadeUpJob(
    Habit habit,
    Duration cadence,
    double variation,
    double step,
    int stepAt,
    int backAt,
    int runs,
    long seed) {
  private static final long FROM = Instant.parse("2026-01-05T00:00:00Z").toEpochMilli();
  private static final long DAY = Duration.ofDays(1).toMillis();
  private static final double LEVEL = Duration.ofMinutes(10).toMillis();

  /** What jobs do beside noise. */
  enum Habit {
    PLAIN,
    /** Three tenths longer on Mondays, a fifth shorter at the weekend. */
    WEEKLY,
    /** Six tenths longer from 8 to 18. */
    DAILY,
    /** A fifth of the runs take three times as long, by chance. */
    BIMODAL,
    /** One in thirty takes five times as long. */
    OUTLIERS,
    /** Three in a thousand longer from run to run. */
    GROWTH
  }

  /** One run. */
  record Run(long end, long took) {}

  Run[] make() {
    Random random = new Random(seed);
    double sigma = Math.sqrt(Math.log1p(variation * variation));
    Run[] made = new Run[runs];
    for (int i = 0; i < runs; i++) {
      long start = FROM + i * cadence.toMillis();
      double level = LEVEL * habit(i, start, random) * Math.exp(sigma * random.nextGaussian());
      long took = Math.round(level * (i >= stepAt && i < backAt ? step : 1));
      made[i] = new Run(start + took, took);
    }
    return made;
  }

  private double habit(int run, long start, Random random) {
    double draw = random.nextDouble();
    return switch (habit) {
      case PLAIN -> 1;
      case WEEKLY -> {
        long day = Math.floorMod(start / DAY - 4, 7L); // Monday is 0; 1 January 1970 a Thursday
        yield day == 0 ? 1.3 : day >= 5 ? 0.8 : 1;
      }
      case DAILY -> {
        long hour = Math.floorMod(start, DAY) / Duration.ofHours(1).toMillis();
        yield hour >= 8 && hour < 18 ? 1.6 : 1;
      }
      case BIMODAL -> draw < 0.2 ? 3 : 1;
      case OUTLIERS -> draw < 1 / 30.0 ? 5 : 1;
      case GROWTH -> Math.pow(1.003, run);
    };
  }
}
