package io.mendline.processors.sentinel;

import io.mendline.processors.pipeline.Step;
import io.mendline.schemas.FindingKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/**
 * The state of one rule's health: what is not judged yet, as the watermark has not passed it, and
 * what came of all that is.
 */
public final class RuleHealth {
  private static final Comparator<HealthyRun> BY_TIME = Comparator.comparingLong(HealthyRun::time);

  /** Records that are more than healthy runs and not judged yet, in their order. */
  final List<RuleRun> pending;

  /** Healthy runs that are not judged yet, oldest first, no two of one time. */
  final List<HealthyRun> healthy;

  /** Findings that are open; at most one of a kind and issue. */
  final List<RuleTrouble> open;

  /** Issues that may pass, with fewer runs in a row than make a finding. */
  final List<Streak> passing;

  /** Failed runs in a row of one permanent cause; null for none. */
  Streak failures;

  /** Failed runs of an NRT rule in a row; null for none. Its data is unseen meanwhile. */
  Streak unseen;

  /** Since when the data is {@link #unseen}, epoch milliseconds; absent when it is not. */
  long unseenSince = -1;

  /** Up to when an NRT rule has seen its data, epoch milliseconds; absent where not known. */
  long seenUntil = -1;

  /** Up to when the records have been judged, epoch milliseconds. */
  long judgedUntil = -1;

  /** Whether a change has left the rule switched off, and it has not run since. */
  boolean off;

  /** Event time of the last change that was judged, epoch milliseconds; absent for none. */
  long changedAt = -1;

  /** How much was dropped because a bound was reached. */
  long dropped;

  RuleHealth() {
    this(List.of(), List.of(), List.of(), List.of());
  }

  RuleHealth(
      List<RuleRun> pending,
      List<HealthyRun> healthy,
      List<RuleTrouble> open,
      List<Streak> passing) {
    this.pending = new ArrayList<>(pending);
    this.healthy = new ArrayList<>(healthy);
    this.open = new ArrayList<>(open);
    this.passing = new ArrayList<>(passing);
  }

  /** Keeps a healthy run; of two at one time, what both have seen. */
  void keep(HealthyRun run) {
    int at = Collections.binarySearch(healthy, run, BY_TIME);
    if (at < 0) {
      healthy.add(-at - 1, run);
    } else if (healthy.get(at).windowEnd() < run.windowEnd()) {
      healthy.set(at, run);
    }
  }

  /** Keeps a record; of one told with several times, the earliest. */
  void keep(RuleRun run) {
    for (RuleRun known : pending) {
      if (known.contentId() == run.contentId()) {
        if (RuleRun.ORDER.compare(known, run) <= 0) {
          return;
        }
        pending.remove(known);
        break;
      }
    }
    int at = Collections.binarySearch(pending, run, RuleRun.ORDER);
    pending.add(at < 0 ? -at - 1 : at, run);
  }

  /** Takes out the next record up to an instant; null when there is none. */
  RuleRun next(long upTo) {
    long troubled = pending.isEmpty() ? Step.NEVER : pending.get(0).time();
    long well = healthy.isEmpty() ? Step.NEVER : healthy.get(0).time();
    if (Math.min(troubled, well) > upTo || Math.min(troubled, well) == Step.NEVER) {
      return null;
    }
    // At one instant the success counts last: it has no content to be ordered by.
    if (troubled > well) {
      return healthy.remove(0).asRun();
    }
    RuleRun next = pending.remove(0);
    RuleRun echo = next.turn() == null ? null : takeEcho(next.turn());
    return echo == null ? next : next.with(echo);
  }

  /** Takes out what another log tells of the same change; null where it tells nothing. */
  private RuleRun takeEcho(RuleTurn turn) {
    RuleRun best = null;
    for (RuleRun run : pending) {
      if (run.turn() != null
          && turn.mayBe(run.turn())
          && (best == null || turn.likeness(run.turn()) > turn.likeness(best.turn()))) {
        best = run;
      }
    }
    pending.remove(best);
    return best;
  }

  /** The open finding of a kind about an issue, or null. */
  RuleTrouble open(FindingKind kind, String issue) {
    for (RuleTrouble trouble : open) {
      if (trouble.kind == kind && trouble.issue.equals(issue)) {
        return trouble;
      }
    }
    return null;
  }

  /** Whether a success would change something. */
  boolean troubled() {
    return !open.isEmpty() || !passing.isEmpty() || failures != null || unseen != null;
  }

  boolean isEmpty() {
    return pending.isEmpty() && healthy.isEmpty() && !troubled() && seenUntil < 0 && !off;
  }
}
