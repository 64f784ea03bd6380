package io.mendline.processors.recurrence;

import io.mendline.processors.pipeline.RepairOdds;
import io.mendline.schemas.FindingKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The state of one cause on one route: failures to be judged, failures judged, and what is open.
 */
public final class CauseHistory {
  private final int sources;
  private final FindingKind kind;
  private final List<Failure> pending;
  private final List<Failure> judged;
  private final Repairs repairs;
  private Cluster open;
  private long judgedUpTo;
  private long dropped;

  /**
   * An empty history.
   *
   * @param sources the sources whose watermark settles these failures
   * @param kind what kind of failure is counted; all of a route are of one
   */
  CauseHistory(int sources, FindingKind kind) {
    this(sources, kind, List.of(), List.of(), null, Long.MIN_VALUE, 0, new Repairs());
  }

  CauseHistory(
      int sources,
      FindingKind kind,
      List<Failure> pending,
      List<Failure> judged,
      Cluster open,
      long judgedUpTo,
      long dropped,
      Repairs repairs) {
    this.sources = sources;
    this.kind = kind;
    this.pending = new ArrayList<>(pending);
    this.judged = new ArrayList<>(judged);
    this.open = open;
    this.judgedUpTo = judgedUpTo;
    this.dropped = dropped;
    this.repairs = repairs;
  }

  /** How often trying again has helped in the 30 days up to an event time. */
  public RepairOdds repairs(long at) {
    return repairs.upTo(at);
  }

  Repairs repairs() {
    return repairs;
  }

  /** What is known of the cause, for those who ask. */
  public CauseSummary summary() {
    List<Failure> all = new ArrayList<>(judged);
    all.addAll(pending);
    if (all.isEmpty() && open != null) {
      all.addAll(open.named());
    }
    RepairOdds odds = repairs.isEmpty() ? RepairOdds.NONE : repairs.upTo(repairs.newest());
    return CauseSummary.of(kind, all, open, odds);
  }

  int sources() {
    return sources;
  }

  FindingKind kind() {
    return kind;
  }

  /** Failures that the watermark has not passed by long enough, oldest first. */
  List<Failure> pending() {
    return pending;
  }

  /** Distinct failures of the sliding time that were judged, oldest first. */
  List<Failure> judged() {
    return judged;
  }

  /** The recurrence that is open, or null. */
  Cluster open() {
    return open;
  }

  void open(Cluster cluster) {
    open = cluster;
  }

  /** Logical time up to which everything was judged. */
  long judgedUpTo() {
    return judgedUpTo;
  }

  void judgedUpTo(long instant) {
    judgedUpTo = Math.max(judgedUpTo, instant);
  }

  /** How many failures were dropped because a bound was reached. */
  long dropped() {
    return dropped;
  }

  void drop() {
    dropped++;
  }

  boolean isEmpty() {
    return pending.isEmpty() && judged.isEmpty() && open == null && repairs.isEmpty();
  }

  /** Adds to one of the lists, in order; what is there already is not added. */
  static boolean insert(List<Failure> failures, Failure failure) {
    int at = Collections.binarySearch(failures, failure, Failure.ORDER);
    if (at >= 0) {
      return false;
    }
    failures.add(-at - 1, failure);
    return true;
  }
}
