package io.mendline.processors.mix;

import java.util.Map;
import java.util.TreeSet;

/**
 * A fall of a service's cached share, taken apart. All shares are from 0 to 1, changes negative
 * where they lower the share; four decimals are kept.
 *
 * <p>Method: the symmetric decomposition of a change of a weighted mean (Bennet 1920, <i>The theory
 * of measurement of changes in cost of living</i>). With w a scope's part of the prompt tokens and
 * r its cached share, the rate effect is the sum over the scopes of the mean w times the change of
 * r, the mix effect that of the change of w times the mean r less the mean share of the service.
 * They add up to the change. A scope that was not there on one side, or with too few tokens to know
 * its share by, is taken to have had the share of the other: it cannot have got worse. Cost:
 * O(scopes).
 *
 * @param onset start of the first hour of it, epoch milliseconds
 * @param before the service's share in the same hours of the days before
 * @param after its share in the last day
 * @param mix what came of scopes gaining and losing weight
 * @param rate what came of shares of scopes
 * @param mover the scope whose gain or loss of weight lowered the share most
 * @param worst the scope whose own share fell most; null where none fell by the least effect
 * @param weekKnown whether the same hours of a week before were known
 */
record Shift(
    long onset,
    double before,
    double after,
    double mix,
    double rate,
    Moved mover,
    Moved worst,
    boolean weekKnown) {
  private static final double DECIMALS = 10_000;

  /**
   * A scope of which something changed.
   *
   * @param from what it was, 0 to 1
   * @param to what it is
   */
  record Moved(String scope, double from, double to) {}

  /**
   * Takes a change apart.
   *
   * @param before tokens by scope, of one at least
   * @param after the same
   * @param least with fewer prompt tokens a scope's share is not known
   * @param minimumEffect from this on a scope got worse itself
   */
  static Shift of(
      long onset,
      Map<String, Tokens> before,
      Map<String, Tokens> after,
      long least,
      double minimumEffect,
      boolean weekKnown) {
    Tokens allBefore = Tokens.sum(before.values());
    Tokens allAfter = Tokens.sum(after.values());
    double mean = (allBefore.share() + allAfter.share()) / 2;
    double mix = 0;
    double greatest = Double.POSITIVE_INFINITY;
    double deepest = minimumEffect;
    Moved mover = null;
    Moved worst = null;
    TreeSet<String> scopes = new TreeSet<>(before.keySet());
    scopes.addAll(after.keySet());
    for (String scope : scopes) {
      Tokens was = before.getOrDefault(scope, Tokens.NONE);
      Tokens is = after.getOrDefault(scope, Tokens.NONE);
      double wasPart = (double) was.prompt() / allBefore.prompt();
      double isPart = (double) is.prompt() / allAfter.prompt();
      double effect = (isPart - wasPart) * (meanShare(was, is, least) - mean);
      mix += effect;
      if (effect < greatest) {
        greatest = effect;
        mover = new Moved(scope, round(wasPart), round(isPart));
      }
      double fall = was.share() - is.share();
      if (was.prompt() >= least && is.prompt() >= least && fall >= deepest) {
        deepest = fall;
        worst = new Moved(scope, round(was.share()), round(is.share()));
      }
    }
    double change = allAfter.share() - allBefore.share();
    return new Shift(
        onset,
        round(allBefore.share()),
        round(allAfter.share()),
        round(mix),
        round(change - mix),
        mover,
        worst,
        weekKnown);
  }

  private static double meanShare(Tokens was, Tokens is, long least) {
    boolean known = was.prompt() >= least;
    if (was.prompt() == 0 || (!known && is.prompt() >= least)) {
      return is.share();
    }
    if (is.prompt() == 0 || (known && is.prompt() < least)) {
      return was.share();
    }
    return (was.share() + is.share()) / 2;
  }

  /** Whether people are told: the mix explains the fall, or is a fall that counts by itself. */
  boolean isTold(double minimumEffect) {
    return -mix >= minimumEffect || (!isAlsoRate(minimumEffect) && mix < rate);
  }

  /** Whether scopes that got worse are a part of it that is worth telling. */
  boolean isAlsoRate(double minimumEffect) {
    return -rate >= minimumEffect / 2;
  }

  private static double round(double value) {
    return Math.round(value * DECIMALS) / DECIMALS;
  }
}
