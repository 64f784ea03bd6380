package io.mendline.processors.runs;

import io.mendline.serdes.telemetry.RunItems.Verdict;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What of a set of facts counts where several sources tell of one end, or the run itself tells
 * otherwise than the platform. A pure function of the set.
 *
 * <p>A notification says neither when a run ended nor quite how: one of a failure is sent of what
 * was cancelled or skipped, too. So of an end that another source tells, its notification counts no
 * more, whichever came first. The other source's end lies before the notification was received, or
 * at most {@link RunFacts#EVIDENCE_WAIT} after, as clocks differ; one that lies later is another
 * end, after a repair.
 *
 * <p>A run that ended well, as the platform knows, failed all the same where what it reported of
 * its items says so. Of each task the last report before the end counts. A run that ended in
 * failure, but of whose tasks enough succeeded, where policy lets that count, did not fail.
 */
final class Tellings {
  private Tellings() {}

  /** The facts that count, in their order. */
  static List<Fact> of(List<Fact> sorted) {
    if (sorted.stream().noneMatch(fact -> fact.observed() || fact.otherwise() || fact.reports())) {
      return sorted;
    }
    List<Fact> counted = new ArrayList<>();
    for (Fact fact : sorted) {
      if (!fact.otherwise() && instead(fact, sorted) == null && !isLetBe(fact, sorted)) {
        counted.add(asReported(fact, sorted));
      }
    }
    counted.sort(Fact.BY_TIME);
    return counted;
  }

  /**
   * What was reported of items up to the last end of the run, if that was good as far as the
   * platform knows; the worst first, empty where nothing was.
   */
  static List<Fact> reportsAtEnd(List<Fact> all) {
    Fact last = null;
    for (Fact fact : all) {
      last = fact.ofJob() && !fact.otherwise() ? fact : last;
    }
    return last == null || last.failed() ? List.of() : reports(last, all);
  }

  private static boolean isLetBe(Fact fact, List<Fact> sorted) {
    return fact.ofJob()
        && fact.failed()
        && sorted.stream()
            .anyMatch(
                other ->
                    other.ofJob()
                        && other.reports()
                        && other.items().ofTasks()
                        && Math.abs(other.time() - fact.time()) <= RunFacts.EVIDENCE_WAIT);
  }

  private static Fact asReported(Fact fact, List<Fact> sorted) {
    if (fact.ofTask()) {
      boolean counts =
          isBad(fact)
              && sorted.stream()
                  .anyMatch(
                      end -> end.ofJob() && end.succeeded() && reports(end, sorted).contains(fact));
      return counts ? fact.failedFor(fact) : fact;
    }
    if (!fact.succeeded()) {
      return fact;
    }
    List<Fact> reports = reports(fact, sorted);
    return reports.isEmpty() || !isBad(reports.get(0)) ? fact : fact.failedFor(reports.get(0));
  }

  private static boolean isBad(Fact fact) {
    return fact.reports() && !fact.failed() && fact.items().verdict() == Verdict.FAILED;
  }

  /** The last report of each task up to an end, the worst first. */
  private static List<Fact> reports(Fact end, Collection<Fact> all) {
    Map<String, Fact> last = new HashMap<>();
    for (Fact fact : all) {
      if (fact.reports() && !fact.failed() && fact.time() <= end.time()) {
        last.put(fact.taskKey() == null ? "" : fact.taskKey(), fact);
      }
    }
    List<Fact> reports = new ArrayList<>(last.values());
    reports.sort(
        Comparator.comparing((Fact fact) -> fact.items().verdict())
            .reversed()
            .thenComparing(Fact.BY_TIME));
    return reports;
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
