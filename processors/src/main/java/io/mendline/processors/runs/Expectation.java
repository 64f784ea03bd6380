package io.mendline.processors.runs;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The state of one job's schedule: when it is expected next, what has started, what was missed. */
public final class Expectation {
  /** No such instant. */
  static final long NEVER = Long.MAX_VALUE;

  /** Not known. */
  static final long NONE = Long.MIN_VALUE;

  /** The settings in force; null before the first. */
  JobPlan plan;

  /** Settings that the watermark has not passed, by time. */
  final List<JobPlan> pending = new ArrayList<>();

  /** The expected time before the next one, by the same settings. */
  long previous = NONE;

  /** The expected time that is judged next. */
  long next = NEVER;

  /** The expected time after that. */
  long following = NEVER;

  /** The last run that counted: it may go on, and be told of, for long; nullable. */
  String lastRun;

  /** Start of the last run that counted. */
  long lastStart = NONE;

  /** Where the last expected time was missed: the first of the neighbours missed with it. */
  long gapStart = NONE;

  /** How many neighbours were missed up to the last expected time; zero where it was not missed. */
  int gapLength;

  /** Event time of the newest that was told of the job. */
  long newest = NONE;

  /** What is told of runs that still may count, in the order told. */
  final List<StartedRun> started = new ArrayList<>();

  /** What was missed and is not cleared, by expected time. */
  final List<MissedRun> missed = new ArrayList<>();

  /** Digests of the expressions that could not be read and were audited. */
  final List<Long> unreadable = new ArrayList<>();

  /** How much was dropped because a bound was reached. */
  long dropped;

  /** Takes settings; those that were taken before, or are older than what is in force, are none. */
  void add(JobPlan told) {
    newest = Math.max(newest, told.time());
    if (plan != null && told.time() <= plan.time()) {
      return;
    }
    int at = Collections.binarySearch(pending, told, JobPlan.BY_TIME);
    if (at < 0) {
      pending.add(-at - 1, told);
    }
  }

  /** Takes what is told of a run; of what is told again the earliest telling counts. */
  void add(StartedRun told) {
    newest = Math.max(newest, told.time());
    for (int i = 0; i < started.size(); i++) {
      if (started.get(i).tellsAs(told)) {
        if (told.time() < started.get(i).time()) {
          started.set(i, told);
        }
        return;
      }
    }
    started.add(told);
  }

  /** The runs as they are known by an event time. */
  Collection<Run> runs(long by) {
    Map<String, Run> runs = new LinkedHashMap<>();
    for (StartedRun told : started) {
      if (told.time() <= by) {
        runs.computeIfAbsent(told.runId(), Run::new).take(told);
      }
    }
    Run last = lastRun == null ? null : runs.get(lastRun);
    if (last != null) {
      last.start = Math.min(last.start, lastStart);
    }
    return runs.values();
  }

  /** A run, from all that is told of it. */
  static final class Run {
    final String runId;
    private boolean known;
    private long start = NEVER;
    private boolean byOther;
    private long succeededAt = NEVER;
    private StartedRun told;

    Run(String runId) {
      this.runId = runId;
    }

    private void take(StartedRun record) {
      boolean better = record.known() == known ? record.start() < start : record.known();
      if (better || told == null) {
        known = record.known();
        start = record.start();
        told = record;
      }
      byOther |= record.by() == StartedRun.By.OTHER;
      succeededAt = record.succeeded() ? Math.min(succeededAt, record.time()) : succeededAt;
    }

    long start() {
      return start;
    }

    /** Whether something else than the schedule started it. */
    boolean byOther() {
      return byOther;
    }

    /** What tells its start. */
    StartedRun told() {
      return told;
    }

    /** Whether it is the run that was expected. */
    boolean isOf(ExpectedRun expected) {
      return !byOther && expected.takes(start);
    }

    /** Whether it is a run by hand that has made good for one that was expected. */
    boolean makesGoodFor(ExpectedRun expected) {
      return byOther
          && succeededAt != NEVER
          && succeededAt > expected.at()
          && (!known || start >= expected.from());
    }
  }
}
