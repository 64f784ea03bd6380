package io.mendline.processors.regression;

import java.time.Duration;

/** Which bins are taken to be alike, but for noise. */
enum Alike {
  /** Those of an hour of workdays, or of weekends. */
  BY_THE_CLOCK,
  /** Those of an hour of any day, as long as no other weekend is known. */
  BY_THE_HOUR,
  /** All, as long as no other day is known. */
  ALL;

  /** Longer than a weekend lasts, and shorter than the days between two. */
  private static final long WEEKEND = Duration.ofHours(60).toMillis();

  int group(Series series, int i) {
    return switch (this) {
      case BY_THE_CLOCK -> series.group(i);
      case BY_THE_HOUR -> series.group(i) % Series.HOURS;
      case ALL -> 0;
    };
  }

  /** What is known of the rhythm of the bins from one on, by those before them. */
  static Alike known(Series series, int from) {
    if (areHeard(series, BY_THE_CLOCK, from, series.start(from) - WEEKEND)) {
      return BY_THE_CLOCK;
    }
    return areHeard(series, BY_THE_HOUR, from, series.start(from)) ? BY_THE_HOUR : ALL;
  }

  /** Whether bins like most of those from one on were heard before an instant. */
  private static boolean areHeard(Series series, Alike alike, int from, long before) {
    boolean[] heard = new boolean[Series.GROUPS];
    for (int i = 0; i < from && series.start(i) < before; i++) {
      heard[alike.group(series, i)] = true;
    }
    int known = 0;
    for (int i = from; i < series.size(); i++) {
      known += heard[alike.group(series, i)] ? 1 : 0;
    }
    return 2 * known >= series.size() - from;
  }
}
