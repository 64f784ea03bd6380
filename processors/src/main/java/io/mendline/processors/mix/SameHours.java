package io.mendline.processors.mix;

import io.mendline.processors.policy.Policy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Looks for a lasting fall of a service's cached share as of the end of an hour, against the same
 * hours of earlier days. Pure: a function of the hours and the policy.
 *
 * <p>Method: what mix a service has goes by the hour of the day, so an hour is only ever compared
 * with the same hour of the two nearest days before that had calls. A fall has to hold in hours
 * with nine tenths of the tokens for a day (or the policy's persistence, where that is longer),
 * against each of the two days, and over the last day as a whole by the least effect. Where the
 * same hours of a week before are known, it has to show against them, too, or the week before must
 * not have fallen likewise: else it is a weekend. Cost: O(hours).
 */
final class SameHours {
  private static final long DAY = ServiceUsage.DAY;
  private static final long WEEK = 7 * DAY;

  /** Earlier days that an hour is compared with. */
  private static final int DAYS = 2;

  /** The part of the tokens since the onset that lies in hours that fell. */
  private static final double LASTS = 0.9;

  /** The part of the last day's tokens that can be compared at all. */
  private static final double COMPARED = 0.8;

  /** The part of the least effect that has to show against the week before. */
  private static final double SAME_HOUR_PART = 0.75;

  private final ServiceUsage usage;
  private final long at;
  private final Policy.Cache rules;
  private final long least;
  private final double effect;

  /**
   * As of an instant.
   *
   * @param usage folded up to it
   * @param at the end of an hour, epoch milliseconds
   */
  SameHours(ServiceUsage usage, long at, Policy.Cache rules) {
    this.usage = usage;
    this.at = at;
    this.rules = rules;
    this.least = Math.max(1, rules.minimumTokensPerBin());
    this.effect = rules.minimumDrop();
  }

  /** The fall that the hours end in, taken apart. */
  Optional<Shift> shift() {
    Long onset = onset();
    if (onset == null) {
      return Optional.empty();
    }
    NavigableMap<Long, List<Long>> compared = new TreeMap<>();
    Tokens lastDay = Tokens.NONE;
    for (long hour : telling(at - DAY, at).keySet()) {
      lastDay = lastDay.plus(usage.totals.get(hour));
      List<Long> earlier = earlier(hour, onset);
      if (!earlier.isEmpty()) {
        compared.put(hour, earlier);
      }
    }
    List<Long> now = List.copyOf(compared.keySet());
    if (now.size() < rules.minimumBins()
        || total(now).prompt() < COMPARED * lastDay.prompt()
        || !fellSince(compared)) {
      return Optional.empty();
    }
    Boolean week = showsAgainstTheWeek(compared);
    return Boolean.FALSE.equals(week)
        ? Optional.empty()
        : Optional.of(
            Shift.of(onset, byScope(flat(compared)), byScope(now), least, effect, week != null));
  }

  /** The share of the day before an instant, or NaN where too few of its hours tell. */
  double shareOfDay(long end) {
    Map<Long, Tokens> day = telling(end - DAY, end);
    return day.size() < rules.minimumBins() ? Double.NaN : Tokens.sum(day.values()).share();
  }

  /** The first hour from which on nearly all is low, long enough ago; null where there is none. */
  private Long onset() {
    long lasting = Math.max(DAY, rules.persistence().toMillis());
    Map<Long, Boolean> low = new LinkedHashMap<>();
    Tokens known = Tokens.NONE;
    Tokens fallen = Tokens.NONE;
    for (Map.Entry<Long, Tokens> hour : telling(at - lasting - DAY, at).entrySet()) {
      List<Long> earlier = earlier(hour.getKey(), hour.getKey());
      if (!earlier.isEmpty()) {
        boolean isLow = highest(earlier) - hour.getValue().share() >= effect / 2;
        low.put(hour.getKey(), isLow);
        known = known.plus(hour.getValue());
        fallen = isLow ? fallen.plus(hour.getValue()) : fallen;
      }
    }
    long knownLeft = known.prompt();
    long fallenLeft = fallen.prompt();
    for (Map.Entry<Long, Boolean> hour : low.entrySet()) {
      if (hour.getKey() > at - lasting) {
        return null;
      }
      if (hour.getValue() && fallenLeft >= LASTS * knownLeft) {
        return hour.getKey();
      }
      long prompt = usage.totals.get(hour.getKey()).prompt();
      knownLeft -= prompt;
      fallenLeft -= hour.getValue() ? prompt : 0;
    }
    return null;
  }

  private double highest(List<Long> hours) {
    double highest = Double.NEGATIVE_INFINITY;
    for (long hour : hours) {
      highest = Math.max(highest, usage.totals.get(hour).share());
    }
    return highest;
  }

  /** The same hour of the nearest days before that tell, nearest first. */
  private List<Long> earlier(long hour, long before) {
    List<Long> found = new ArrayList<>(DAYS);
    for (long one = hour - DAY; one > hour - ServiceUsage.MEMORY; one -= DAY) {
      if (found.size() < DAYS && one < before && one >= usage.since && tells(one)) {
        found.add(one);
      }
    }
    return found;
  }

  /** Whether an hour had tokens enough, and is still known by scope. */
  private boolean tells(long hour) {
    return usage.hours.containsKey(hour) && hasTokens(hour);
  }

  private boolean hasTokens(long hour) {
    Tokens total = usage.totals.get(hour);
    return total != null && total.prompt() >= least;
  }

  private NavigableMap<Long, Tokens> telling(long from, long to) {
    NavigableMap<Long, Tokens> telling = new TreeMap<>(usage.totals.subMap(from, to));
    telling.keySet().removeIf(hour -> !tells(hour));
    return telling;
  }

  /** Whether the last day lies below each of the days before, and below both. */
  private boolean fellSince(NavigableMap<Long, List<Long>> compared) {
    double now = total(compared.keySet()).share();
    if (total(flat(compared)).share() - now < effect) {
      return false;
    }
    for (int day = 0; day < DAYS; day++) {
      int nth = day;
      List<Long> hours = new ArrayList<>();
      List<Long> days = new ArrayList<>();
      compared.forEach(
          (hour, earlier) -> {
            if (nth < earlier.size()) {
              hours.add(hour);
              days.add(earlier.get(nth));
            }
          });
      if (hours.size() >= rules.minimumBins()
          && total(days).share() - total(hours).share() < effect) {
        return false;
      }
    }
    return true;
  }

  /** Null where too few of the hours were told of a week before. */
  private Boolean showsAgainstTheWeek(NavigableMap<Long, List<Long>> compared) {
    List<Long> present =
        compared.keySet().stream()
            .filter(hour -> hour - WEEK >= usage.since && hasTokens(hour - WEEK))
            .toList();
    if (2 * present.size() >= compared.size()) {
      return fall(present, hour -> hour - WEEK, hour -> hour) >= SAME_HOUR_PART * effect;
    }
    // The level of a week ago was left behind since; what went with the day of the week was not.
    List<Long> both =
        compared.keySet().stream()
            .filter(hour -> hasTokens(hour - WEEK))
            .filter(hour -> hasTokens(compared.get(hour).get(0) - WEEK))
            .toList();
    if (2 * both.size() < compared.size()) {
      return null;
    }
    double now = fall(both, hour -> compared.get(hour).get(0), hour -> hour);
    double then = fall(both, hour -> compared.get(hour).get(0) - WEEK, hour -> hour - WEEK);
    return now - then >= SAME_HOUR_PART * effect;
  }

  private double fall(List<Long> hours, Function<Long, Long> from, Function<Long, Long> to) {
    return total(hours.stream().map(from).toList()).share()
        - total(hours.stream().map(to).toList()).share();
  }

  private Tokens total(Iterable<Long> hours) {
    Tokens sum = Tokens.NONE;
    for (long hour : hours) {
      sum = sum.plus(usage.totals.get(hour));
    }
    return sum;
  }

  private static List<Long> flat(Map<Long, List<Long>> compared) {
    return compared.values().stream().flatMap(List::stream).toList();
  }

  private Map<String, Tokens> byScope(List<Long> hours) {
    Map<String, Tokens> scopes = new TreeMap<>();
    for (long hour : hours) {
      usage.hours.get(hour).forEach((scope, used) -> scopes.merge(scope, used, Tokens::plus));
    }
    return scopes;
  }
}
