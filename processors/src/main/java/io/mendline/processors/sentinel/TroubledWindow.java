package io.mendline.processors.sentinel;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/**
 * What is known of one window in which at least one run did not succeed: its distinct records, and
 * what of it was settled. Every question is answered from the set of records up to an instant.
 */
final class TroubledWindow {
  /** Distinct records of runs that did not succeed, kept per window; six are documented. */
  static final int MAX_NON_SUCCESS = 12;

  /** Distinct successes kept per window. */
  static final int MAX_SUCCESS = 4;

  /** So many records that are no success make a window skipped, as documented. */
  static final int ATTEMPTS = 6;

  /** So many windows make a gap at most, a day of a rule that runs every 5 minutes. */
  static final int MAX_IN_GAP = 288;

  /** No such instant. */
  static final long NEVER = Long.MAX_VALUE;

  /** Later runs kept that each leave less of the window unseen than all before them. */
  static final int MAX_COVERS = 4;

  /** Of a rule that runs so often, the next run is waited for where it looks at the same data. */
  private static final long OFTEN = Duration.ofHours(1).toMillis();

  /** How long after it is due that run may be logged. */
  private static final long LOGGED_WITHIN = Duration.ofMinutes(15).toMillis();

  static final Comparator<RunFact> SUREST_WINDOW =
      Comparator.<RunFact, Window.Told>comparing(fact -> fact.window().told())
          .thenComparing(RunFact.ORDER);

  private final WindowKey key;
  private final List<RunFact> facts;
  private final List<Cover> covers;
  private boolean failureSettled;
  private boolean recoverySettled;

  /**
   * The first of the neighbouring windows that were skipped with this one; null while not known.
   */
  WindowKey gap;

  /** Which of them it is, counted from 1. */
  int gapPlace;

  TroubledWindow(WindowKey key) {
    this(key, List.of(), List.of(), false, false);
  }

  TroubledWindow(
      WindowKey key,
      List<RunFact> facts,
      List<Cover> covers,
      boolean failureSettled,
      boolean recoverySettled) {
    this.key = key;
    this.facts = new ArrayList<>(facts);
    this.covers = new ArrayList<>(covers);
    this.failureSettled = failureSettled;
    this.recoverySettled = recoverySettled;
  }

  WindowKey key() {
    return key;
  }

  /** The records, oldest first. */
  List<RunFact> facts() {
    return facts;
  }

  boolean failureSettled() {
    return failureSettled;
  }

  boolean recoverySettled() {
    return recoverySettled;
  }

  /**
   * A run over a later window that looked back on this one.
   *
   * @param time event time of its record
   * @param from from when on it looked at data, epoch milliseconds
   */
  record Cover(long time, long from) {}

  /** Later runs that looked back on this window, by time. */
  List<Cover> covers() {
    return covers;
  }

  /**
   * Takes note of a run over a later window.
   *
   * @return whether it has looked at what no run logged before it has
   */
  boolean cover(RunFact run) {
    long from = run.lookedFrom();
    WindowKey other = run.window().key();
    // Where its start is not told, how much of a window is left cannot be said.
    if (from < 0 || key.byRunTime() || other.byRunTime() || other.second() <= key.second()) {
      return false;
    }
    Cover cover = new Cover(run.time(), from);
    if (covers.stream().anyMatch(known -> known.time <= cover.time && known.from <= cover.from)) {
      return false;
    }
    covers.removeIf(known -> cover.time <= known.time && cover.from <= known.from);
    covers.add(cover);
    covers.sort(Comparator.comparingLong(Cover::time));
    if (covers.size() > MAX_COVERS) {
      covers.remove(MAX_COVERS);
    }
    return true;
  }

  /** The window, as the surest record of it up to an instant tells it; null before the first. */
  private Window span(long upTo) {
    return facts.stream()
        .filter(fact -> fact.nonSuccess() && fact.time() <= upTo)
        .min(SUREST_WINDOW)
        .map(RunFact::window)
        .orElse(null);
  }

  /**
   * How much of what this run alone was to look at first no run had looked at by an instant,
   * seconds; -1 where the window is not told. What lies further back its predecessor has looked at,
   * or is that one's window.
   */
  long uncoveredSeconds(long upTo) {
    Window span = span(upTo);
    if (span == null || span.start() < 0 || span.end() <= span.start()) {
      return -1;
    }
    long from = Math.max(span.start(), span.end() - newDataMillis(upTo));
    return Math.max(0, seenFrom(span, upTo) - from) / 1_000L;
  }

  /** Whether a later run logged by an instant has looked back on the window. */
  boolean isLookedBackOn(long upTo) {
    Window span = span(upTo);
    return span != null
        && span.start() >= 0
        && span.end() > span.start()
        && seenFrom(span, upTo) < span.end();
  }

  private long seenFrom(Window span, long upTo) {
    long seenFrom = span.end();
    for (Cover cover : covers) {
      if (cover.time <= upTo) {
        seenFrom = Math.min(seenFrom, cover.from);
      }
    }
    return seenFrom;
  }

  /** How much data is new to a run: all of it, but for a rule that looks back further. */
  private long newDataMillis(long upTo) {
    for (RunFact fact : facts) {
      if (fact.nonSuccess() && fact.time() <= upTo && fact.rule().frequencyMillis() > 0) {
        return fact.rule().frequencyMillis();
      }
    }
    return Long.MAX_VALUE / 2;
  }

  /** The outcome of adding a record. */
  enum Added {
    /** The set is another one now. */
    CHANGED,
    /** It was known. */
    KNOWN,
    /** It was kept and another dropped for it: the bound is reached. */
    DISPLACED,
    /** It was not kept: the bound is reached. */
    REFUSED
  }

  /**
   * Adds a record. Where the bound is reached the earliest are kept, given-up records before all
   * others, so that what is kept is a function of the set. (The revision, a count of records, no
   * longer rises then.)
   */
  Added add(RunFact fact) {
    int at = Collections.binarySearch(facts, fact, RunFact.ORDER);
    if (at >= 0 || facts.stream().anyMatch(known -> known.contentId() == fact.contentId())) {
      return Added.KNOWN;
    }
    facts.add(-at - 1, fact);
    boolean success = !fact.nonSuccess();
    long alike = facts.stream().filter(known -> known.nonSuccess() != success).count();
    if (alike <= (success ? MAX_SUCCESS : MAX_NON_SUCCESS)) {
      return Added.CHANGED;
    }
    RunFact dropped = lastToKeep(success);
    facts.remove(dropped);
    return dropped.equals(fact) ? Added.REFUSED : Added.DISPLACED;
  }

  private RunFact lastToKeep(boolean success) {
    RunFact last = null;
    for (RunFact fact : facts) {
      boolean alike = fact.nonSuccess() != success;
      if (alike && (last == null || last.consolidated() || !fact.consolidated())) {
        last = fact;
      }
    }
    return last;
  }

  /**
   * Event time of the earliest record that is no success and names this very window. One that was
   * only matched with it by its time does not count, or what belongs to the window would depend on
   * which of two was matched first.
   */
  long firstTrouble() {
    for (RunFact fact : facts) {
      if (fact.nonSuccess() && fact.window().key().equals(key)) {
        return fact.time();
      }
    }
    return NEVER;
  }

  /**
   * When the window became a skipped one: with the first record that says it was given up, or with
   * the sixth attempt, whichever was first; {@link #NEVER} while neither holds.
   */
  long skippedAt() {
    int attempts = 0;
    for (RunFact fact : facts) {
      attempts += fact.nonSuccess() ? 1 : 0;
      if (fact.consolidated() || attempts == ATTEMPTS) {
        return fact.time();
      }
    }
    return NEVER;
  }

  /** Event time of the first run that looked at the data; {@link #NEVER} while none has. */
  long ranAt() {
    for (RunFact fact : facts) {
      if (fact.ran()) {
        return fact.time();
      }
    }
    return NEVER;
  }

  boolean skipped() {
    return skippedAt() != NEVER;
  }

  boolean cleared() {
    return ranAt() != NEVER;
  }

  /** The records with event times up to an instant. */
  List<RunFact> factsUpTo(long instant) {
    int size = facts.size();
    while (size > 0 && facts.get(size - 1).time() > instant) {
      size--;
    }
    return List.copyOf(facts.subList(0, size));
  }

  /**
   * When something about this window is settled next: the failure when it is complete, the recovery
   * when it has happened, never before the failure. Where the next run may look at the same data,
   * the failure waits for it.
   */
  long settlesAt() {
    long skippedAt = skippedAt();
    if (skippedAt == NEVER) {
      return NEVER;
    }
    long failure = skippedAt + nextRunWithin(skippedAt);
    if (!failureSettled) {
      return failure;
    }
    return recoverySettled || !cleared() ? NEVER : Math.max(failure, ranAt());
  }

  /**
   * How long the next run is waited for before anything is done: where a rule often runs and looks
   * back further than its last run, that one mostly sees the same data, and nothing is to be done.
   */
  private long nextRunWithin(long skippedAt) {
    for (RunFact fact : facts) {
      long frequency = fact.rule().frequencyMillis();
      if (fact.nonSuccess() && fact.time() <= skippedAt && frequency > 0) {
        boolean looksBack = fact.rule().periodMillis() > frequency && !key.byRunTime();
        return looksBack && frequency <= OFTEN ? frequency + LOGGED_WITHIN : 0;
      }
    }
    return 0;
  }

  /**
   * Whether this window follows right on another one of the rule, as records up to an instant tell
   * them; ends differ by less than half a frequency.
   */
  private boolean follows(TroubledWindow other, long upTo) {
    Window span = span(upTo);
    Window before = other.span(upTo);
    long frequency = newDataMillis(upTo);
    return span != null
        && before != null
        && span.end() >= 0
        && before.end() >= 0
        && frequency < Long.MAX_VALUE / 4
        && 2 * Math.abs(span.end() - before.end() - frequency) < frequency;
  }

  /**
   * Finds out which gap it belongs to, at the instant at which it is settled that it was skipped:
   * that of the window right before it, where that was settled by then.
   */
  void joinGap(Collection<TroubledWindow> windows, long at) {
    gap = key;
    gapPlace = 1;
    for (TroubledWindow other : windows) {
      if (other.failureSettled && other.gapPlace < MAX_IN_GAP && follows(other, at)) {
        gap = other.gap;
        gapPlace = other.gapPlace + 1;
        return;
      }
    }
  }

  /** What {@link #settlesAt} spoke of is now settled. */
  void settled(boolean recovered) {
    failureSettled = true;
    recoverySettled |= recovered;
  }

  /** When nothing can be said of this window any more. */
  long forgottenAt() {
    return key.millis() + Window.SPOKEN_OF.toMillis();
  }
}
