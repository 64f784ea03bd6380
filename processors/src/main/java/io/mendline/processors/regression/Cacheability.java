package io.mendline.processors.regression;

import io.mendline.processors.pipeline.Alerts;
import io.mendline.processors.pipeline.Ids;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.processors.pipeline.Subject;
import io.mendline.processors.policy.Policy;
import io.mendline.schemas.Alert;
import io.mendline.schemas.AlertKind;
import io.mendline.schemas.AlertStatus;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.CorruptDataException;
import java.util.List;
import java.util.Locale;

/**
 * How many of a scope's calls are too small for its provider to cache them at all. Pure.
 *
 * <p>Such calls are no trouble that came up and none that goes away by itself, so people are told
 * once, and again only when their share has come to another class. It is taken over the time of the
 * baseline and judged when a bin is closed; a class is left downwards only when the share lies five
 * points below it, so that one at the border is not told every hour.
 *
 * @param share the class
 * @param uncacheable how many calls were too small
 * @param calls how many calls there were
 */
record Cacheability(Share share, long uncacheable, long calls) {
  private static final double MANY_FROM = 0.25;
  private static final double MOST_FROM = 0.75;
  private static final double MARGIN = 0.05;

  /** Classes of the share of calls that are too small. */
  enum Share {
    /** Fewer than a quarter, or none; not worth telling. */
    FEW(0),
    /** A quarter and more. */
    MANY(1),
    /** Three quarters and more. */
    MOST(2);

    private final int code;

    Share(int code) {
      this.code = code;
    }

    int code() {
      return code;
    }

    static Share read(BinaryReader in) {
      int code = in.readByte();
      for (Share share : values()) {
        if (share.code == code) {
          return share;
        }
      }
      throw new CorruptDataException("no share has the code " + code, in.position());
    }
  }

  /**
   * As of the close of a bin.
   *
   * @param bins closed bins, whatever they hold
   * @param at epoch milliseconds
   * @param known the class that people were told
   */
  static Cacheability of(List<Bin> bins, long at, Share known, Policy.Cache rules) {
    long uncacheable = 0;
    long calls = 0;
    int counted = 0;
    for (Bin bin : bins) {
      if (bin.end() > at - rules.baseline().toMillis()) {
        uncacheable += bin.uncacheableCalls();
        calls += bin.calls() + bin.uncacheableCalls();
        counted++;
      }
    }
    if (bins.isEmpty()) {
      return new Cacheability(Share.FEW, 0, 0);
    }
    if (counted < rules.minimumBins() || calls == 0) {
      return new Cacheability(known, uncacheable, calls);
    }
    double share = (double) uncacheable / calls;
    Share reached = share(share);
    Share kept = share(share + MARGIN);
    Share now = reached.code >= known.code ? reached : kept.code < known.code ? kept : known;
    return new Cacheability(now, uncacheable, calls);
  }

  private static Share share(double part) {
    return part >= MOST_FROM ? Share.MOST : part >= MANY_FROM ? Share.MANY : Share.FEW;
  }

  /**
   * What to tell people.
   *
   * @param before the class that they were told
   */
  Alert notice(
      Share before, StateKey key, Subject subject, CacheState state, long at, Policy policy) {
    String id = Ids.routed(key.route(), key.id(), AlertKind.NOTICE, "uncacheable");
    AlertStatus told = before == Share.FEW ? AlertStatus.RAISED : AlertStatus.UPDATED;
    return Alerts.notice(id, subject, at, policy)
        .setDedupKey(key.id() + "/UNCACHEABLE")
        .setStatus(share == Share.FEW ? AlertStatus.CLEARED : told)
        .setTitle(title(key.id()))
        .setMessage(message(state, policy.cache()))
        .build();
  }

  private String title(String scope) {
    return calls == 0
        ? scope + ": no longer called"
        : scope + ": structurally uncacheable, " + percent() + " of calls";
  }

  private String message(CacheState state, Policy.Cache rules) {
    String scope = state.model + " in " + state.service;
    if (calls == 0) {
      return "There have been no calls to " + scope + " for eight days.";
    }
    return String.format(
        Locale.ROOT,
        "%s of %,d calls to %s had prompts below %,d tokens, the least that its provider caches: it"
            + " reads nothing of them from its cache and says so nowhere. This is no regression, and"
            + " they are left out of the share of cached tokens. %s",
        percent(),
        calls,
        scope,
        rules.minimumTokens(state.model),
        share == Share.FEW
            ? "They are few now."
            : "To have them cached, put more of what they share into the prompt, or call a model"
                + " with a lower minimum.");
  }

  private String percent() {
    return Figures.percent((double) uncacheable / calls);
  }
}
