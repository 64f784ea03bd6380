package io.mendline.processors.mix;

import io.mendline.processors.pipeline.Output;
import io.mendline.processors.pipeline.Step;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What the scopes of one service used by hours of event time.
 *
 * <p>Bins wait until the watermark has passed their hour and are then folded into it; so whatever
 * the order in which scopes close their bins, an hour is what all of them had. What is told of an
 * hour that was folded has been told before: a scope tells again after a restart.
 *
 * <p><b>Bounds.</b> {@value #HOURS} hours in which something was used, of at most {@value #SCOPES}
 * scopes beside one for all others: the smallest of the hours that are kept go there, and come out
 * again when they have grown. At most 12 bytes for each, 15 KB, and for names 17 times their
 * length. Totals of {@link #MEMORY}, 264 hours of at most 14 bytes, 4 KB. At most {@value #WAITING}
 * bins wait, of some 16 bytes: one a scope as a rule, 64 KB while a backlog is read whose watermark
 * comes late. Beyond, the latest are dropped and counted.
 */
final class ServiceUsage {
  static final long HOUR = Duration.ofHours(1).toMillis();
  static final long DAY = Duration.ofDays(1).toMillis();

  /** How long totals are known: a week before the day before, over a weekend of no calls. */
  static final long MEMORY = 11 * DAY;

  /** Hours with tokens that are known by scope. */
  static final int HOURS = 72;

  /** Scopes that are known by name. */
  static final int SCOPES = 16;

  /** Bins that wait for the watermark. */
  static final int WAITING = 4_096;

  /** All scopes beyond those known by name; no scope has that name. */
  static final String OTHERS = "";

  /** No instant: before everything. */
  static final long NOT_YET = Long.MIN_VALUE;

  /** A bin that a scope has closed, by when it is folded. */
  record Closed(long foldedAt, String scope, long start, long length)
      implements Comparable<Closed> {
    private static final Comparator<Closed> ORDER =
        Comparator.comparingLong(Closed::foldedAt)
            .thenComparing(Closed::scope)
            .thenComparingLong(Closed::start)
            .thenComparingLong(Closed::length);

    static Closed of(String scope, long start, long length) {
      return new Closed(Math.max(hourOf(start) + HOUR, start + length), scope, start, length);
    }

    @Override
    public int compareTo(Closed other) {
      return ORDER.compare(this, other);
    }
  }

  final int sources;
  final NavigableMap<Closed, Tokens> waiting = new TreeMap<>();
  final NavigableMap<Long, Map<String, Tokens>> hours = new TreeMap<>();
  final NavigableMap<Long, Tokens> totals = new TreeMap<>();

  /** Logical time up to which hours were folded. */
  long foldedUntil = NOT_YET;

  /** Hours before this are of a level that was left behind. */
  long since = NOT_YET;

  /** The shift that the share has not come back from, or null. */
  Standing standing;

  /** Bins dropped because too many waited. */
  long dropped;

  /**
   * Nothing yet.
   *
   * @param sources the sources, as bits, whose watermark closes bins
   */
  ServiceUsage(int sources) {
    this.sources = sources;
  }

  /**
   * Takes a bin.
   *
   * @return whether there was room
   */
  boolean add(Output.Metered metered) {
    long start = metered.at() - metered.length();
    String scope = metered.scope().substring(metered.service().length() + 1);
    Closed closed = Closed.of(scope, start, metered.length());
    if (closed.foldedAt() <= foldedUntil) {
      return true;
    }
    waiting.put(closed, new Tokens(metered.promptTokens(), metered.cachedTokens()));
    if (waiting.size() <= WAITING) {
      return true;
    }
    waiting.pollLastEntry();
    dropped++;
    return false;
  }

  /**
   * Folds what is to be folded by an instant, and forgets what is too old then.
   *
   * @return whether anything was folded
   */
  boolean fold(long at) {
    boolean any = false;
    while (!waiting.isEmpty() && waiting.firstKey().foldedAt() <= at) {
      Map.Entry<Closed, Tokens> next = waiting.pollFirstEntry();
      long hour = hourOf(next.getKey().start());
      hours
          .computeIfAbsent(hour, added -> new TreeMap<>())
          .merge(next.getKey().scope(), next.getValue(), Tokens::plus);
      totals.merge(hour, next.getValue(), Tokens::plus);
      any = true;
    }
    foldedUntil = Math.max(foldedUntil, at);
    totals.headMap(at - MEMORY).clear();
    hours.headMap(at - MEMORY).clear();
    while (hours.size() > HOURS) {
      hours.pollFirstEntry();
    }
    putTogether();
    return any;
  }

  private void putTogether() {
    Map<String, Long> volumes = new HashMap<>();
    for (Map<String, Tokens> hour : hours.values()) {
      hour.forEach((scope, tokens) -> volumes.merge(scope, tokens.prompt(), Long::sum));
    }
    volumes.remove(OTHERS);
    Comparator<String> bySize = Comparator.comparingLong(volumes::get);
    volumes.keySet().stream()
        .sorted(bySize.reversed().thenComparing(Comparator.naturalOrder()))
        .skip(SCOPES)
        .forEach(this::putToOthers);
  }

  private void putToOthers(String scope) {
    for (Map<String, Tokens> hour : hours.values()) {
      Tokens tokens = hour.remove(scope);
      if (tokens != null) {
        hour.merge(OTHERS, tokens, Tokens::plus);
      }
    }
  }

  boolean isEmpty() {
    return waiting.isEmpty() && totals.isEmpty();
  }

  /** When something is to be folded or forgotten. */
  long wakeAt() {
    long fold = waiting.isEmpty() ? Step.NEVER : waiting.firstKey().foldedAt();
    return Math.min(fold, forgottenAt());
  }

  /** When nothing is left of what was folded; {@link Step#NEVER} where there is nothing. */
  private long forgottenAt() {
    return totals.isEmpty() ? Step.NEVER : totals.lastKey() + MEMORY + 1;
  }

  private static long hourOf(long time) {
    return Math.floorDiv(time, HOUR) * HOUR;
  }
}
