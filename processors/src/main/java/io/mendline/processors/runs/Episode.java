package io.mendline.processors.runs;

import io.mendline.serdes.telemetry.RunState;
import java.util.ArrayList;
import java.util.List;

/**
 * One failure of a run as a whole, by however many facts it is told. A run that is repaired may
 * fail again: that is a further episode.
 *
 * <p>Which facts tell of one failure is a function of the set of facts: in the order of time, a
 * failure belongs to the episode before it when it lies within {@link RunFacts#EVIDENCE_WAIT} of
 * that episode's first fact, no success lies between, and neither attempt nor repair says
 * otherwise. A source that names no attempt or repair, as the audit log, does not contradict one
 * that does; and a run cannot fail twice at one instant, whatever is said of attempts.
 */
final class Episode {
  private final List<Fact> members = new ArrayList<>();
  private final int number;
  private final long after;
  private long until = Long.MAX_VALUE;
  private Fact mendedBy;
  private int attempt = (int) RunState.ABSENT;
  private String repairId;

  private Episode(Fact first, int number, long after) {
    this.number = number;
    this.after = after;
    add(first);
  }

  /** The episodes in a set of facts, oldest first. */
  static List<Episode> of(List<Fact> sorted) {
    List<Episode> all = new ArrayList<>();
    Episode open = null;
    int number = 0;
    long after = Long.MIN_VALUE;
    for (Fact fact : sorted) {
      if (fact.ofTask() || fact.otherwise()) {
        continue;
      }
      if (!fact.failed()) {
        if (open != null) {
          open.mendedBy = fact;
          open.until = fact.time();
        }
        open = null;
        number = 0;
        after = fact.time();
      } else if (open != null && open.takes(fact)) {
        open.add(fact);
      } else {
        if (open != null) {
          after = open.endBefore(fact);
        }
        open = new Episode(fact, ++number, after);
        all.add(open);
      }
    }
    return all;
  }

  /** The facts of the run as a whole that tell of it, oldest first; never empty. */
  List<Fact> members() {
    return members;
  }

  /** The fact that it is known by. */
  Fact first() {
    return members.get(0);
  }

  /** The how-manieth failure since the last success, from 1. */
  int number() {
    return number;
  }

  /** The first success after it, or null. */
  Fact mendedBy() {
    return mendedBy;
  }

  /** Whether a task's failure at this time is evidence for this episode. */
  boolean covers(long time) {
    return time > after && time <= until;
  }

  private boolean takes(Fact fact) {
    if (fact.time() == first().time()) {
      return true;
    }
    return fact.time() - first().time() <= RunFacts.EVIDENCE_WAIT
        && (attempt == RunState.ABSENT
            || fact.attempt() == RunState.ABSENT
            || attempt == fact.attempt())
        && (repairId == null || fact.repairId() == null || repairId.equals(fact.repairId()));
  }

  private void add(Fact fact) {
    members.add(fact);
    attempt = attempt == RunState.ABSENT ? fact.attempt() : attempt;
    repairId = repairId == null ? fact.repairId() : repairId;
  }

  /** Leaves evidence that lags behind to this episode, unless the next one follows too closely. */
  private long endBefore(Fact next) {
    long last = members.get(members.size() - 1).time();
    long lagging = last + RunFacts.EVIDENCE_WAIT;
    until = lagging < next.time() ? lagging : last;
    return until;
  }
}
