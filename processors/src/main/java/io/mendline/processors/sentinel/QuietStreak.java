package io.mendline.processors.sentinel;

import java.time.Duration;

/**
 * A row of hours without results, against the rhythm of the four weeks before it.
 *
 * <p>The likelihood of results in an hour is that of the same hour of the week before: its share of
 * hours with results, with the hours beside it, for an office opens a little earlier on one day
 * than on the next and by an hour in summer. The hours of one day are no independent witnesses; so
 * the share is taken down to {@code w / (w + 1)} of itself where {@code w} weeks speak for it, as
 * by Laplace's rule of succession.
 *
 * <p>The surprise of a silence is the sum of {@code -ln(1 - likelihood)} over its hours, divided by
 * the number of runs that look at the same data where the rule looks back for longer than its
 * frequency. By the time-rescaling theorem (Brown, Barbieri, Ventura, Kass and Frank, <i>The
 * time-rescaling theorem and its application to neural spike train data analysis</i>, Neural
 * Computation 14, 2002) the surprises between results are of a unit exponential distribution if the
 * rhythm is right and hours are independent: a silence of surprise {@code s} has the probability
 * {@code exp(-s)}.
 *
 * <p>Results that come in bursts have longer silences. By how much is measured on the rule's own,
 * each against the rhythm of the other weeks: {@code scale = E(s²) / 2E(s)}, the mean residual life
 * of renewal theory, is 1 for the unit exponential distribution and the length of the tail for one
 * that is heavier. A scale above 1 is an estimate, from {@code n = (Σs)² / Σs²} effective silences;
 * so the probability is that of an exponential distribution whose mean was estimated, {@code (1 + s
 * / (n scale))^-n}, with {@code n} growing without bound as the scale comes down to 1.
 */
final class QuietStreak {
  /** So far back a rhythm is learnt. */
  static final Duration LEARNT = Duration.ofDays(28);

  /** A rhythm of which less was seen is none yet: each hour of the week at least three times. */
  static final Duration LEARNT_AT_LEAST = Duration.ofDays(21);

  /** A rule with results on fewer days of those has no rhythm. */
  static final int DAYS_WITH_RESULTS = 5;

  /** A silence that is longer says nothing: what was learnt lies too far back. */
  static final Duration LONGEST = Duration.ofDays(14);

  /** A silence counts when its probability is at most one in a million: its {@code -ln}. */
  static final double UNLIKELY = 13.8;

  /** And when it is so many times as surprising as any silence of the four weeks. */
  static final double AGAINST_LONGEST = 2.5;

  /** At least so many hours with runs and without results. */
  static final int HOURS = 6;

  /** Without its most surprising day a silence is still less likely than one in ten thousand. */
  static final double REST_UNLIKELY = 9.2;

  /** Onset is when it is more likely than not that results should have come. */
  private static final double DUE = 0.69;

  /** A rule with results in so many tenths of its hours knows no holidays. */
  private static final int ALWAYS_TENTHS = 9;

  private static final int WEEK = 7 * 24;
  private static final int DAY = 24;
  private static final int WEEKS = 4;
  private static final int WINDOW = WEEKS * WEEK;

  private final RuleRhythm rhythm;
  private final long last;
  private final long first;
  private final double overlap;

  /** By hour of the week: in how many weeks it was seen. */
  private final int[] seen = new int[WEEK];

  /** By hour of the week: in how many of those it had results. */
  private final int[] hits = new int[WEEK];

  private double scale = 1;
  private double unlikelyFrom;
  private double longest;
  private double expected;
  private double surprise;
  private long day;
  private double ofDay;
  private double worstDay;
  private int hours;
  private long onset = RuleRhythm.NEVER;

  private QuietStreak(RuleRhythm rhythm) {
    this.rhythm = rhythm;
    this.last = RuleRhythm.hourOf(rhythm.lastResult);
    this.first = last - WINDOW + 1;
    this.overlap = overlap(rhythm.newest.rule());
  }

  /** In how many runs, an hour or more apart, the same data is looked at. */
  private static double overlap(RunFact.Rule rule) {
    long pace = Math.max(rule.frequencyMillis(), RuleRhythm.HOUR_MILLIS);
    return Math.max(1, (double) rule.periodMillis() / pace);
  }

  /**
   * The silence since the last results, up to all that is judged; null where there is no rhythm.
   */
  static QuietStreak of(RuleRhythm rhythm) {
    if (rhythm.lastResult < 0) {
      return null;
    }
    QuietStreak streak = new QuietStreak(rhythm);
    boolean apt = rhythm.judged - 1 - streak.last >= HOURS;
    if (!apt || rhythm.judged - 1 - streak.last > LONGEST.toHours() || !streak.learn()) {
      return null;
    }
    for (long hour = streak.last + 1; hour < rhythm.judged; hour++) {
      if (rhythm.ranIn(hour)) {
        streak.add(hour);
      }
    }
    return streak;
  }

  /** Whether it is too unlikely to be the rule's rhythm. */
  boolean isQuiet() {
    if (hours < HOURS || surprise < unlikely()) {
      return false; // as it is of most nights, and the rest takes longer
    }
    measureSilences();
    return surprise >= unlikelyFrom
        && surprise >= AGAINST_LONGEST * longest
        && (isAlways() || surprise - worstDay >= REST_UNLIKELY * scale);
  }

  /** As many false findings a year for a rule that runs once a day as for one that runs hourly. */
  private double unlikely() {
    long pace = Math.min(rhythm.newest.rule().frequencyMillis(), Duration.ofDays(1).toMillis());
    return UNLIKELY - StrictMath.log(Math.max(1, (double) pace / RuleRhythm.HOUR_MILLIS));
  }

  /** From when on results were due, epoch milliseconds. */
  long onset() {
    return onset * RuleRhythm.HOUR_MILLIS;
  }

  /** In how many of its hours results were to be expected. */
  double expected() {
    return expected;
  }

  /** How many hours with runs it has. */
  int hours() {
    return hours;
  }

  /** How much of the rule's past the rhythm is learnt from, whole days. */
  int learntDays() {
    return (int) ((last + 1 - firstSeen()) / DAY);
  }

  private long firstSeen() {
    long hour = first;
    while (hour <= last && !rhythm.ranIn(hour)) {
      hour++;
    }
    return hour;
  }

  private boolean learn() {
    if (last + 1 - firstSeen() < LEARNT_AT_LEAST.toHours()) {
      return false;
    }
    long dayWithResults = Long.MIN_VALUE;
    int days = 0;
    for (long hour = first; hour <= last; hour++) {
      if (rhythm.ranIn(hour)) {
        seen[slot(hour)]++;
        if (rhythm.returnedIn(hour)) {
          hits[slot(hour)]++;
        }
      }
      if (rhythm.returnedIn(hour) && Math.floorDiv(hour, DAY) != dayWithResults) {
        dayWithResults = Math.floorDiv(hour, DAY);
        days++;
      }
    }
    return days >= DAYS_WITH_RESULTS;
  }

  /** How long the rule's own silences are. */
  private void measureSilences() {
    double sum = 0;
    double squares = 0;
    double gap = 0;
    double secondLongest = 0;
    for (long hour = first; hour <= last; hour++) {
      if (rhythm.returnedIn(hour)) {
        sum += gap;
        squares += gap * gap;
        secondLongest = Math.max(secondLongest, Math.min(gap, longest));
        longest = Math.max(longest, gap);
        gap = 0;
      } else if (rhythm.ranIn(hour)) {
        gap += surpriseOf(hour, true);
      }
    }
    // A holiday is one silence among many and says little of their scale.
    double usual = Math.min(longest, 2 * secondLongest);
    sum -= longest - usual;
    squares -= longest * longest - usual * usual;
    unlikelyFrom = unlikely();
    if (squares > 2 * sum) {
      scale = squares / (2 * sum);
      // As far as the scale is more than 1 it is an estimate, from so many silences.
      double silences = sum * sum / squares * scale / (scale - 1);
      unlikelyFrom = silences * scale * (StrictMath.exp(unlikelyFrom / silences) - 1);
    }
  }

  private void add(long hour) {
    double one = surpriseOf(hour, false);
    hours++;
    surprise += one;
    expected += 1 - StrictMath.exp(-one);
    if (onset == RuleRhythm.NEVER && surprise >= DUE) {
      onset = hour;
    }
    long dayOf = onset == RuleRhythm.NEVER ? 0 : (hour - onset) / DAY;
    ofDay = dayOf == day ? ofDay + one : one;
    day = dayOf;
    worstDay = Math.max(worstDay, ofDay);
  }

  private boolean isAlways() {
    int allSeen = 0;
    int allHits = 0;
    for (int slot = 0; slot < WEEK; slot++) {
      allSeen += seen[slot];
      allHits += hits[slot];
    }
    return allHits * 10 >= allSeen * ALWAYS_TENTHS;
  }

  /**
   * The surprise of an hour without results.
   *
   * @param learnt it is one of those the rhythm is learnt from: then its own week does not count
   */
  private double surpriseOf(long hour, boolean learnt) {
    int ofSeen = 0;
    int ofHits = 0;
    int weeks = 1;
    double share = 1;
    for (long near = hour - 1; near <= hour + 1; near++) {
      boolean own = learnt && near >= first && near <= last && rhythm.ranIn(near);
      int nearSeen = seen[slot(near)] - (own ? 1 : 0);
      int nearHits = hits[slot(near)] - (own && rhythm.returnedIn(near) ? 1 : 0);
      ofSeen += nearSeen;
      ofHits += nearHits;
      weeks = Math.max(weeks, nearSeen);
      if (near == hour && nearSeen > 0) {
        share = (double) nearHits / nearSeen;
      }
    }
    if (ofHits == 0) {
      return 0;
    }
    share = Math.min(share, (double) ofHits / ofSeen);
    return -StrictMath.log(1 - share * weeks / (weeks + 1)) / overlap;
  }

  private static int slot(long hour) {
    return (int) Math.floorMod(hour, (long) WEEK);
  }
}
