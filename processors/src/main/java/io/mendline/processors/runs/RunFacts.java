package io.mendline.processors.runs;

import io.mendline.processors.pipeline.Settling;
import io.mendline.serdes.telemetry.RunState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What is kept of one run: the facts that ended it or its tasks, and of all others only when the
 * run was heard of.
 *
 * <p>At most {@link #MAX_JOB_FACTS} and {@link #MAX_TASK_FACTS} are kept. Which ones is a function
 * of the set, too: of the run's own the newest, of the tasks' those with the surest diagnosis and
 * of equals the newest.
 */
final class RunFacts {
  /** How long evidence may lag behind a failure, and two sources tell of one failure. */
  static final long EVIDENCE_WAIT = Settling.RUN.toMillis();

  /** How long a run is kept after its last fact, unless others need its place. */
  static final long KEPT = 8L * 24 * 3_600_000;

  /** At most so many facts of the run as a whole. */
  static final int MAX_JOB_FACTS = 16;

  /** At most so many facts of tasks. */
  static final int MAX_TASK_FACTS = 16;

  private static final Comparator<Fact> LEAST_USE_FIRST =
      Comparator.comparingInt(
              (Fact fact) -> fact.ofTask() && fact.failed() ? Judgement.sureness(fact) : 0)
          .thenComparing(Fact.BY_TIME);

  final String runId;

  /** Sorted {@link Fact#BY_TIME}. */
  final List<Fact> facts;

  /** The greatest event time of an end of the run as a whole, or {@link RunState#ABSENT}. */
  long ended = RunState.ABSENT;

  /** The greatest event time of any fact. */
  long last = RunState.ABSENT;

  /** Whether it is an update of a pipeline. */
  boolean pipeline;

  /** Whether what was settled last was that some of its items failed. */
  boolean degraded;

  /** Whether there is a finding: the run as a whole failed. */
  boolean raised;

  /** Whether what was settled last was a failure. */
  boolean standing;

  /** The revision put out last, 0 before the first. */
  int told;

  /** How many facts were dropped; one that comes again counts again. */
  int dropped;

  /** What its job has noted of it, see {@link JobRuns#note}; null while nothing. */
  JobRuns.Noted noted;

  RunFacts(String runId, List<Fact> facts) {
    this.runId = runId;
    this.facts = facts;
  }

  RunFacts(String runId) {
    this(runId, new ArrayList<>());
  }

  /** Notes that the run was heard of. */
  void hear(RunState state) {
    last = Math.max(last, state.time());
    pipeline |= state.isPipeline();
    if (state.level() == RunState.Level.JOB) {
      if (state.outcome().terminal()) {
        ended = Math.max(ended, state.time());
      }
    }
  }

  boolean knows(long contentId) {
    for (Fact fact : facts) {
      if (fact.contentId() == contentId) {
        return true;
      }
    }
    return false;
  }

  /**
   * Takes up that a known fact was received another time, too: of one that has no time of its own
   * the first time counts.
   */
  void again(Fact fact) {
    for (Fact known : facts) {
      if (known.contentId() == fact.contentId()) {
        if (fact.observed() && fact.time() < known.time()) {
          facts.set(facts.indexOf(known), known.earlier(fact));
          facts.sort(Fact.BY_TIME);
        }
        return;
      }
    }
  }

  /**
   * Adds a fact that is not known yet; true if another, or this one, had to be dropped for it.
   *
   * @param atOnce whether a failure of the run as a whole is one whatever else comes
   */
  boolean add(Fact fact, boolean atOnce) {
    int at = 0;
    while (at < facts.size() && Fact.BY_TIME.compare(facts.get(at), fact) < 0) {
      at++;
    }
    facts.add(at, fact);
    raised |= atOnce && fact.ofJob() && fact.failed();
    int most = fact.ofJob() ? MAX_JOB_FACTS : MAX_TASK_FACTS;
    List<Fact> alike = facts.stream().filter(one -> one.level() == fact.level()).toList();
    if (alike.size() <= most) {
      return false;
    }
    facts.remove(alike.stream().min(LEAST_USE_FIRST).orElseThrow());
    dropped++;
    return true;
  }

  /**
   * The facts that count by now: a success, and what may turn out otherwise, counts once the
   * watermark has passed it.
   */
  List<Fact> counted() {
    return facts.stream()
        .filter(fact -> (fact.failed() && !fact.observed()) || !fact.pending())
        .toList();
  }

  /** The facts up to an event time. */
  List<Fact> upTo(long time) {
    return facts.stream().filter(fact -> fact.time() <= time).toList();
  }

  /** The revision of a finding that rests on these facts. */
  int revision(List<Fact> on) {
    return on.size() + dropped;
  }

  /** The earliest deadline of this run; it always has one. */
  long deadline() {
    long earliest = prunedAt();
    for (Fact fact : facts) {
      if (fact.pending()) {
        earliest = Math.min(earliest, deadline(fact));
      }
    }
    return earliest;
  }

  /**
   * When a fact is judged: a success at its time; a failure when its evidence has come, or when it
   * is mended, whichever is first.
   */
  long deadline(Fact fact) {
    if (!fact.failed()) {
      return fact.time();
    }
    long due = fact.time() + EVIDENCE_WAIT;
    if (fact.ofJob()) {
      for (Fact other : facts) {
        if (other.ofJob() && other.succeeded() && other.time() >= fact.time()) {
          due = Math.min(due, other.time());
        }
      }
    }
    return due;
  }

  /** When the run is forgotten. */
  long prunedAt() {
    return last + KEPT;
  }

  /** Whether the run as a whole ended and has not gone on since. */
  boolean over() {
    return ended != RunState.ABSENT && last <= ended + EVIDENCE_WAIT;
  }

  /** Whether nothing is left to be done about any of its facts. */
  boolean settled() {
    for (Fact fact : facts) {
      if (fact.pending()) {
        return false;
      }
    }
    return true;
  }

  /** Sets the stage of a fact that is kept. */
  void put(Fact fact, Fact.Stage stage) {
    facts.set(facts.indexOf(fact), fact.at(stage));
  }
}
