package io.mendline.processors.runs;

import io.mendline.schemas.Confidence;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What a set of facts about one run comes to. A pure function of that set.
 *
 * @param occurredAt when the failure became known by event time
 * @param episode the how-manieth failure of the run since its last success, from 1
 * @param evidence the failures it rests on, oldest first; never empty
 * @param best the one that says most about the cause
 * @param mendedBy the success that cleared it, or null
 */
record Judgement(long occurredAt, int episode, List<Fact> evidence, Fact best, Fact mendedBy) {

  /**
   * What says most about the cause comes first: what is no mere notification; the surest diagnosis;
   * then a task's own words before what the run as a whole says, which mostly repeats them or
   * points to them; then a cause that a rule knows; then one that says anything; then the earliest,
   * as what fails later often fails because of it.
   */
  static final Comparator<Fact> BEST_FIRST =
      Comparator.comparing(Fact::observed)
          .thenComparingInt(fact -> -sureness(fact))
          .thenComparing(Fact::ofJob)
          .thenComparing(fact -> !fact.cause().known())
          .thenComparing(fact -> fact.message() == null)
          .thenComparing(Fact.BY_TIME);

  /**
   * Of the last failure in these facts; null where nothing failed. What only notifications said,
   * and another source then said otherwise, counts as mended by that.
   */
  static Judgement ofLast(List<Fact> all) {
    List<Fact> sorted = Tellings.of(all);
    List<Episode> episodes = Episode.of(sorted);
    return episodes.isEmpty() ? unsaid(all) : of(episodes.get(episodes.size() - 1), sorted);
  }

  private static Judgement unsaid(List<Fact> all) {
    List<Fact> notified =
        all.stream().filter(fact -> fact.failed() && fact.observed() && fact.ofJob()).toList();
    if (notified.isEmpty()) {
      return null;
    }
    Episode episode = Episode.of(notified).get(0);
    return of(episode.first().time(), 1, episode.members(), Tellings.instead(episode.first(), all));
  }

  /** Of one failure in these facts. */
  static Judgement of(Episode episode, List<Fact> all) {
    List<Fact> sorted = Tellings.of(all);
    List<Fact> evidence = new ArrayList<>(episode.members());
    for (Fact fact : sorted) {
      if (fact.ofTask() && fact.failed() && episode.covers(fact.time())) {
        evidence.add(fact);
      }
    }
    return of(episode.first().time(), episode.number(), evidence, episode.mendedBy());
  }

  private static Judgement of(long occurredAt, int episode, List<Fact> evidence, Fact mendedBy) {
    List<Fact> sorted = evidence.stream().sorted(Fact.BY_TIME).toList();
    Fact best = sorted.stream().min(BEST_FIRST).orElseThrow();
    return new Judgement(occurredAt, episode, sorted, best, mendedBy);
  }

  /** Whether nobody but notifications tells of it, so that nothing says why. */
  boolean notifiedOnly() {
    return evidence.stream().allMatch(Fact::observed);
  }

  /** The report for which it failed, though it ended well; null where it did not end well. */
  Fact report() {
    return evidence.stream().filter(Fact::reports).min(BEST_FIRST).orElse(null);
  }

  static int sureness(Fact fact) {
    Confidence confidence = fact.cause().confidence();
    return switch (confidence) {
      case HIGH -> 3;
      case MEDIUM -> 2;
      case LOW -> 1;
      case UNKNOWN -> 0;
    };
  }
}
