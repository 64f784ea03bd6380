package io.mendline.processors.recurrence;

import io.mendline.processors.pipeline.Findings;
import java.util.ArrayList;
import java.util.List;

/**
 * A recurrence that is open: failures of one cause that lie close together, from the one that began
 * it. The details of the first ones only are kept.
 */
final class Cluster {
  /** So many runs or windows, and so many resources, are named. */
  static final int NAMED = 20;

  private final int threshold;
  private final long withinMillis;
  private final long completedAt;
  private final List<Failure> named;
  private final List<String> resources;
  private long lastAt;
  private int count;

  /** A cluster without failures, judged by these numbers for as long as it is open. */
  Cluster(int threshold, long withinMillis, long completedAt) {
    this(threshold, withinMillis, completedAt, List.of(), List.of(), completedAt, 0);
  }

  Cluster(
      int threshold,
      long withinMillis,
      long completedAt,
      List<Failure> named,
      List<String> resources,
      long lastAt,
      int count) {
    this.threshold = threshold;
    this.withinMillis = withinMillis;
    this.completedAt = completedAt;
    this.named = new ArrayList<>(named);
    this.resources = new ArrayList<>(resources);
    this.lastAt = lastAt;
    this.count = count;
  }

  void add(Failure failure) {
    count++;
    lastAt = Math.max(lastAt, failure.at());
    if (named.size() < NAMED) {
      named.add(failure);
    }
    if (resources.size() < NAMED && !resources.contains(failure.resource())) {
      resources.add(failure.resource());
    }
  }

  /** So many failures make a recurrence, and fewer end it. */
  int threshold() {
    return threshold;
  }

  /** The sliding time they fall into. */
  long withinMillis() {
    return withinMillis;
  }

  /** When the failure that completed it happened. */
  long completedAt() {
    return completedAt;
  }

  /** The first failures, at most {@link #NAMED}, in the order of event time. */
  List<Failure> named() {
    return named;
  }

  /** The failure that began it. */
  Failure anchor() {
    return named.get(0);
  }

  /** Distinct resources, at most {@link #NAMED}, in the order of event time. */
  List<String> resources() {
    return resources;
  }

  /** When the last failure happened. */
  long lastAt() {
    return lastAt;
  }

  /** All failures, named or not. */
  int count() {
    return count;
  }

  /** The failures that are given as evidence. */
  List<Failure> evidence() {
    return named.subList(0, Math.min(named.size(), Findings.EVIDENCE_LIMIT));
  }
}
