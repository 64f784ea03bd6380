package io.mendline.processors.mix;

import io.mendline.processors.pipeline.Alerts;
import io.mendline.processors.pipeline.Ids;
import io.mendline.processors.pipeline.Output;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.processors.pipeline.Subject;
import io.mendline.processors.policy.Policy;
import io.mendline.schemas.AlertKind;
import io.mendline.schemas.AlertStatus;
import io.mendline.schemas.ResourceType;
import java.time.Instant;
import java.util.Locale;

/**
 * What people are told of a shift of mix. One id from its first onset until the share is back.
 *
 * @param key the service's
 * @param at logical time, epoch milliseconds
 */
record MixNotice(StateKey key, long at, Policy policy) {
  /** The service as a resource: all its scopes together. */
  static Subject subject(StateKey key) {
    return new Subject(ResourceType.CACHE_SCOPE, key.id(), null, null, null);
  }

  /** That the share has fallen, or fallen further. */
  Output shifted(Standing standing, AlertStatus status) {
    Shift shift = standing.shift();
    String title =
        String.format(
            "%s: cached share down from %s to %s by a shift of mix",
            key.id(), percent(shift.before()), percent(shift.after()));
    return told(standing, status, title, message(shift));
  }

  /** That it is back. */
  Output recovered(Standing standing, double share) {
    String title = key.id() + ": cached share back at " + percent(share);
    String message =
        String.format(
            "The cached share of %s is back at %s. By a shift between its scopes it had been %s since"
                + " %s.",
            key.id(),
            percent(share),
            percent(standing.shift().after()),
            Instant.ofEpochMilli(standing.firstOnset()));
    return told(standing, AlertStatus.CLEARED, title, message);
  }

  /** That the service is no longer called. */
  Output unobserved(Standing standing) {
    return told(
        standing,
        AlertStatus.CLEARED,
        key.id() + ": no longer called",
        "There have been no calls to " + key.id() + " that could be cached for eleven days.");
  }

  private String message(Shift shift) {
    boolean rate = shift.isAlsoRate(policy.cache().minimumDrop());
    String fell =
        String.format(
            "The cached share of %s fell from %s to %s since %s",
            key.id(),
            percent(shift.before()),
            percent(shift.after()),
            Instant.ofEpochMilli(shift.onset()));
    String moved =
        String.format(
            "%s share of the prompts went from %s to %s (mix %s points, rate %s).",
            possessive(shift.mover().scope()),
            percent(shift.mover().from()),
            percent(shift.mover().to()),
            points(shift.mix()),
            points(shift.rate()));
    if (!rate && shift.worst() == null) {
      return fell
          + " without any scope getting worse: "
          + moved
          + " This is no regression: if the shift is meant, there is nothing to mend.";
    }
    String worst =
        shift.worst() == null
            ? ""
            : String.format(
                " The cached share of %s alone fell from %s to %s.",
                named(shift.worst().scope()),
                percent(shift.worst().from()),
                percent(shift.worst().to()));
    return fell
        + (rate ? ", in part" : ", for the most part")
        + " by a shift between its scopes: "
        + moved
        + worst
        + " Of scopes that got worse their own findings tell.";
  }

  private Output told(Standing standing, AlertStatus status, String title, String message) {
    String id = Ids.routed(key.route(), key.id(), AlertKind.NOTICE, "mix", standing.firstOnset());
    return new Output.Told(
        key.route(),
        Alerts.notice(id, subject(key), at, policy)
            .setDedupKey(key.id() + "/MIX")
            .setStatus(status)
            .setTitle(title)
            .setMessage(message)
            .build());
  }

  private static String named(String scope) {
    return scope.equals(ServiceUsage.OTHERS) ? "all other scopes" : scope;
  }

  private static String possessive(String scope) {
    return named(scope) + (scope.equals(ServiceUsage.OTHERS) ? "'" : "'s");
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.0f %%", 100 * share);
  }

  /** Percentage points with their sign. */
  private static String points(double change) {
    long points = Math.round(100 * change);
    return points < 0 ? "−" + -points : points == 0 ? "0" : "+" + points;
  }
}
