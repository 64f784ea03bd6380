package io.mendline.processors.sentinel;

import java.util.ArrayList;
import java.util.Collections;
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

  /** No such instant. */
  static final long NEVER = Long.MAX_VALUE;

  private final WindowKey key;
  private final List<RunFact> facts;
  private boolean failureSettled;
  private boolean recoverySettled;

  TroubledWindow(WindowKey key) {
    this(key, List.of(), false, false);
  }

  TroubledWindow(
      WindowKey key, List<RunFact> facts, boolean failureSettled, boolean recoverySettled) {
    this.key = key;
    this.facts = new ArrayList<>(facts);
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
   * when it has happened, never before the failure.
   */
  long settlesAt() {
    long skippedAt = skippedAt();
    if (skippedAt == NEVER) {
      return NEVER;
    }
    if (!failureSettled) {
      return skippedAt;
    }
    return recoverySettled || !cleared() ? NEVER : Math.max(skippedAt, ranAt());
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
