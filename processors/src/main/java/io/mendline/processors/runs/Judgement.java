package io.mendline.processors.runs;

import io.mendline.schemas.Confidence;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * What a set of facts about one run comes to. A pure function of that set.
 *
 * @param occurredAt when the failure became known by event time
 * @param episode the how-manieth failure of the run since its last success, from 1
 * @param ofJob whether the run as a whole is told to have failed, not only tasks of it
 * @param evidence the failures it rests on, oldest first; never empty
 * @param best the one that says most about the cause
 * @param mendedBy the success that cleared it, or null
 */
record Judgement(
    long occurredAt, int episode, boolean ofJob, List<Fact> evidence, Fact best, Fact mendedBy) {

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
    return episodes.isEmpty() ? ofTasks(sorted) : of(episodes.get(episodes.size() - 1), sorted);
  }

  /** Of one failure in these facts. */
  static Judgement of(Episode episode, List<Fact> sorted) {
    List<Fact> evidence = new ArrayList<>(episode.members());
    for (Fact fact : sorted) {
      if (fact.ofTask() && fact.failed() && episode.covers(fact.time())) {
        evidence.add(fact);
      }
    }
    return of(episode.first().time(), episode.number(), true, evidence, episode.mendedBy());
  }

  /** Of a run of which nobody has told that it failed as a whole. */
  static Judgement ofTasks(List<Fact> sorted) {
    List<Fact> failures = new ArrayList<>();
    Fact mendedByTask = null;
    Fact mendedByJob = null;
    for (Fact fact : sorted) {
      if (fact.failed()) {
        failures.add(fact);
      } else if (fact.ofJob()) {
        mendedByJob = mendedByJob == null ? fact : mendedByJob;
      } else {
        mendedByTask = fact;
      }
    }
    if (failures.isEmpty()) {
      return null;
    }
    List<Fact> standing = failures.stream().filter(fact -> !retried(fact, sorted)).toList();
    Fact mendedBy = standing.isEmpty() ? mendedByTask : mendedByJob;
    List<Fact> evidence = standing.isEmpty() ? failures : standing;
    return of(evidence.get(0).time(), 1, false, evidence, mendedBy);
  }

  /** Whether the same task succeeded afterwards. */
  static boolean retried(Fact failure, List<Fact> facts) {
    for (Fact fact : facts) {
      if (fact.ofTask()
          && !fact.failed()
          && fact.time() >= failure.time()
          && Objects.equals(fact.taskKey(), failure.taskKey())) {
        return true;
      }
    }
    return false;
  }

  private static Judgement of(
      long occurredAt, int episode, boolean ofJob, List<Fact> evidence, Fact mendedBy) {
    List<Fact> sorted = evidence.stream().sorted(Fact.BY_TIME).toList();
    Fact best = sorted.stream().min(BEST_FIRST).orElseThrow();
    return new Judgement(occurredAt, episode, ofJob, sorted, best, mendedBy);
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
