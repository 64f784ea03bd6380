package io.mendline.processors.regression;

import io.mendline.processors.policy.Policy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Another scope of the service, and whether it fell when the one that is judged did.
 *
 * <p>What it was since the onset is held against the same hours of earlier days, so that a night is
 * no fall; where none are known, against the day before the onset. It fell where it lost half of
 * the least effect or more.
 *
 * @param scope what it is of
 * @param fell whether it fell as well
 */
record Neighbour(Blame.Scope scope, boolean fell) {
  private static final long DAY = Duration.ofDays(1).toMillis();

  /** Bins on each side without which nothing is known of it. */
  private static final int LEAST_BINS = 3;

  /**
   * What is known of a scope; null where too little is.
   *
   * @param state the scope's, only read
   * @param rules those of the scope
   * @param onset of the fall that is judged
   * @param at when that is; only bins that end before are looked at, as it depends on the order of
   *     the scopes' ids whether the ones that end now are closed
   */
  static Neighbour of(CacheState state, Policy.Cache rules, long onset, long at) {
    long least = Math.max(1, rules.minimumTokensPerBin());
    List<Bin> before = new ArrayList<>();
    List<Bin> since = new ArrayList<>();
    for (Bin bin : state.judged(at - 1)) {
      if (bin.promptTokens() >= least) {
        (bin.start() >= onset ? since : before).add(bin);
      }
    }
    double sameHours = fall(before, since, true, onset);
    double fall = Double.isNaN(sameHours) ? fall(before, since, false, onset) : sameHours;
    return Double.isNaN(fall)
        ? null
        : new Neighbour(
            new Blame.Scope(state.model, state.environment, rules),
            fall >= rules.minimumDrop() / 2);
  }

  /** By how much the share is lower than before; NaN where too few bins tell. */
  private static double fall(List<Bin> before, List<Bin> since, boolean sameHours, long onset) {
    double lost = 0;
    double tokens = 0;
    int told = 0;
    for (Bin bin : since) {
      double sum = 0;
      double cached = 0;
      int count = 0;
      for (Bin earlier : before) {
        if (sameHours
            ? Math.floorMod(bin.start() - earlier.start(), DAY) == 0
            : earlier.start() >= onset - DAY) {
          sum += earlier.promptTokens();
          cached += earlier.cachedTokens();
          count++;
        }
      }
      if (count >= (sameHours ? 1 : LEAST_BINS)) {
        lost += bin.promptTokens() * (cached / sum - bin.ratio());
        tokens += bin.promptTokens();
        told++;
      }
    }
    return told < LEAST_BINS ? Double.NaN : lost / tokens;
  }
}
