package io.mendline.processors.runs;

import java.util.List;

/**
 * What of a set of facts counts where several sources tell of one end. A pure function of the set.
 *
 * <p>A notification says neither when a run ended nor quite how: one of a failure is sent of what
 * was cancelled or skipped, too. So of an end that another source tells, its notification counts no
 * more, whichever came first. The other source's end lies before the notification was received, or
 * at most {@link RunFacts#EVIDENCE_WAIT} after, as clocks differ; one that lies later is another
 * end, after a repair.
 */
final class Tellings {
  private Tellings() {}

  /** The facts that count, in their order. */
  static List<Fact> of(List<Fact> sorted) {
    return sorted.stream().noneMatch(fact -> fact.observed() || fact.otherwise())
        ? sorted
        : sorted.stream()
            .filter(fact -> !fact.otherwise() && instead(fact, sorted) == null)
            .toList();
  }

  /** What another source says of the end that a notification is about; null where that counts. */
  static Fact instead(Fact fact, List<Fact> sorted) {
    if (!fact.observed()) {
      return null;
    }
    for (Fact other : sorted) {
      if (!other.observed()
          && other.time() <= fact.time() + RunFacts.EVIDENCE_WAIT
          && tellsOfTheSame(other, fact)) {
        return other;
      }
    }
    return null;
  }

  private static boolean tellsOfTheSame(Fact other, Fact notified) {
    if (notified.ofTask()) {
      return other.ofTask()
          && other.taskRunId() != null
          && other.taskRunId().equals(notified.taskRunId());
    }
    // A run may fail first, as another source tells, and be repaired before it is said to succeed.
    return other.ofJob() && (notified.failed() || other.succeeded());
  }
}
