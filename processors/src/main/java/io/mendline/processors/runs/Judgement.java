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
   * What says most about the cause comes first: the surest diagnosis; then a task's own words
   * before what the run as a whole says, which mostly repeats them or points to them; then a cause
   * that a rule knows; then one that says anything; then the earliest, as what fails later often
   * fails because of it.
   */
  static final Comparator<Fact> BEST_FIRST =
      Comparator.comparingInt((Fact fact) -> -sureness(fact))
          .thenComparing(Fact::ofJob)
          .thenComparing(fact -> !fact.cause().known())
          .thenComparing(fact -> fact.message() == null)
          .thenComparing(Fact.BY_TIME);

  /** Of the last failure in these facts; null where nothing failed. */
  static Judgement ofLast(List<Fact> sorted) {
    List<Episode> episodes = Episode.of(sorted);
    return episodes.isEmpty() ? null : of(episodes.get(episodes.size() - 1), sorted);
  }

  /** Of one failure in these facts. */
  static Judgement of(Episode episode, List<Fact> sorted) {
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
