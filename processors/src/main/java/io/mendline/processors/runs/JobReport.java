package io.mendline.processors.runs;

import io.mendline.processors.pipeline.JoinedDetector.Parts;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.RootCause;
import io.mendline.serdes.telemetry.RunState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * How one job is, put together from all that is kept of it. A pure function of that: the same
 * states give the same report, whenever it is asked for.
 *
 * <p>Failures show at once; all else as of the watermark. Pipelines are jobs, too, whose runs are
 * their updates.
 *
 * @param workspace the job's workspace
 * @param id the job's id
 * @param name its name; nullable
 * @param health how it is
 * @param openFindings the kinds of the findings about it that are open
 * @param schedule what starts it; null where no settings are known
 * @param nextExpected when a run is expected next, epoch milliseconds; {@link #NONE} for none
 * @param misses runs that were expected and that nothing has made good for, oldest first
 * @param runs the last runs, at most {@value #MOST_RUNS}, newest first
 * @param durations how long successes take; null where none is known
 * @param successRate how many of its last runs succeeded
 * @param asOf event time of the newest that was told of it, epoch milliseconds
 */
public record JobReport(
    String workspace,
    String id,
    String name,
    JobHealth health,
    Set<FindingKind> openFindings,
    Schedule schedule,
    long nextExpected,
    List<Miss> misses,
    List<Run> runs,
    Durations durations,
    SuccessRate successRate,
    long asOf) {
  /** No such instant. */
  public static final long NONE = -1;

  /** So many runs are told of. */
  static final int MOST_RUNS = 20;

  /**
   * What starts a job.
   *
   * @param cron its schedule's expression; null where something else starts it
   * @param timeZone the schedule's zone; nullable
   * @param paused whether the schedule is paused
   * @param deleted whether the job was deleted
   */
  public record Schedule(String cron, String timeZone, boolean paused, boolean deleted) {}

  /**
   * A run that was expected and did not start.
   *
   * @param expectedAt epoch milliseconds
   * @param judgedAt when it counted as missed
   */
  public record Miss(long expectedAt, long judgedAt) {}

  /** What has become of a run. */
  public enum State {
    /** It waits for its turn, its cluster, or another run. */
    WAITING,
    /** It is under way. */
    RUNNING,
    /** It has ended well. */
    SUCCEEDED,
    /** It has failed, and was not mended. */
    FAILED,
    /** A person has cancelled it. */
    CANCELLED,
    /** The platform has not started it. */
    SKIPPED
  }

  /**
   * A run.
   *
   * @param startedAt epoch milliseconds; {@link #NONE} where it is not known
   * @param endedAt the same; NONE while it has not ended
   * @param stuck whether it ought to have ended
   * @param cause why it failed; null of all others
   * @param url where a person can look; nullable
   */
  public record Run(
      String id,
      State state,
      long startedAt,
      long endedAt,
      boolean stuck,
      RootCause cause,
      String url) {
    private static final Comparator<Run> NEWEST_FIRST =
        Comparator.comparingLong(Run::at).reversed().thenComparing(Run::id);

    private long at() {
      return Math.max(startedAt, endedAt);
    }

    private boolean ended() {
      return state == State.SUCCEEDED || state == State.FAILED;
    }
  }

  /**
   * How long the last successes took.
   *
   * @param runs how many they are
   * @param median milliseconds
   * @param p95 what 95 in 100 did not exceed, milliseconds
   */
  public record Durations(int runs, long median, long p95) {}

  /** The report of a job; null where the key's states are not those of a job. */
  public static JobReport of(StateKey key, Parts parts) {
    JobRuns failures = parts.of(JobRuns.class);
    Expectation expected = parts.of(Expectation.class);
    SkippedRuns skipped = parts.of(SkippedRuns.class);
    JobPace pace = parts.of(JobPace.class);
    JobOdds odds = parts.of(JobOdds.class);
    if (failures == null && expected == null && skipped == null && pace == null && odds == null) {
      return null;
    }
    List<Run> runs = runs(failures, skipped, pace);
    Set<FindingKind> open = open(failures, expected, skipped, pace);
    int slash = key.id().lastIndexOf('/');
    return new JobReport(
        key.id().substring(0, slash),
        key.id().substring(slash + 1),
        name(failures, expected, pace),
        health(lastEnded(runs, odds), open),
        open,
        schedule(expected),
        nextExpected(expected),
        misses(expected),
        runs.subList(0, Math.min(MOST_RUNS, runs.size())),
        durations(pace),
        odds == null ? SuccessRate.of(List.of()) : odds.successRate(),
        asOf(failures, expected, pace, odds));
  }

  private static JobHealth health(State lastEnded, Set<FindingKind> open) {
    if (lastEnded == State.FAILED) {
      return JobHealth.FAILING;
    }
    if (open.contains(FindingKind.MISSED_RUN)) {
      return JobHealth.MISSED;
    }
    if (open.contains(FindingKind.RUN_STUCK)) {
      return JobHealth.STUCK;
    }
    if (open.contains(FindingKind.RUN_SLOW)) {
      return JobHealth.SLOW;
    }
    if (open.contains(FindingKind.RUN_SKIPPED)) {
      return JobHealth.SKIPPED;
    }
    return lastEnded == null ? JobHealth.UNKNOWN : JobHealth.HEALTHY;
  }

  /** How the last run ended; null where none is known to have. */
  private static State lastEnded(List<Run> runs, JobOdds odds) {
    Run last = runs.stream().filter(Run::ended).findFirst().orElse(null);
    JobOdds.Ended counted = odds == null ? null : odds.last();
    // Runs are forgotten sooner than how they ended.
    if (counted != null
        && (last == null || counted.last() > last.endedAt + RunFacts.EVIDENCE_WAIT)) {
      return counted.verdict() == JobOdds.Verdict.FAILED ? State.FAILED : State.SUCCEEDED;
    }
    return last == null ? null : last.state;
  }

  private static Set<FindingKind> open(
      JobRuns failures, Expectation expected, SkippedRuns skipped, JobPace pace) {
    Set<FindingKind> open = EnumSet.noneOf(FindingKind.class);
    for (RunFacts run : failures == null ? List.<RunFacts>of() : failures.all()) {
      Judgement judgement = run.raised ? Judgement.ofLast(run.counted()) : null;
      if (judgement != null && judgement.mendedBy() == null) {
        open.add(FindingKind.RUN_FAILED);
      }
      if (run.degraded) {
        open.add(FindingKind.RUN_DEGRADED);
      }
    }
    if (expected != null && !expected.missed.isEmpty()) {
      open.add(FindingKind.MISSED_RUN);
    }
    if (skipped != null && skipped.skipped.stream().anyMatch(run -> run.clearedAt == 0)) {
      open.add(FindingKind.RUN_SKIPPED);
    }
    if (pace != null && pace.active.stream().anyMatch(run -> run.stuckAt > 0)) {
      open.add(FindingKind.RUN_STUCK);
    }
    if (pace != null && pace.history.slow) {
      open.add(FindingKind.RUN_SLOW);
    }
    return open;
  }

  private static String name(JobRuns failures, Expectation expected, JobPace pace) {
    if (expected != null && expected.plan != null && expected.plan.name() != null) {
      return expected.plan.name();
    }
    if (pace != null && pace.jobName != null) {
      return pace.jobName;
    }
    return failures == null
        ? null
        : failures.all().stream()
            .flatMap(run -> run.facts.stream())
            .filter(fact -> fact.jobName() != null)
            .max(Fact.BY_TIME)
            .map(Fact::jobName)
            .orElse(null);
  }

  private static Schedule schedule(Expectation expected) {
    if (expected == null || expected.plan == null) {
      return null;
    }
    JobPlan plan = expected.plan;
    return new Schedule(plan.cron(), plan.timeZone(), plan.paused(), plan.deleted());
  }

  private static long nextExpected(Expectation expected) {
    return expected == null || expected.next == Expectation.NEVER ? NONE : expected.next;
  }

  private static List<Miss> misses(Expectation expected) {
    return expected == null
        ? List.of()
        : expected.missed.stream()
            .map(missed -> new Miss(missed.expected().at(), missed.judgedAt()))
            .toList();
  }

  private static Durations durations(JobPace pace) {
    return pace == null || pace.history.runs.isEmpty()
        ? null
        : new Durations(
            Math.min(JobHistory.KEPT, pace.history.runs.size()),
            pace.history.median(),
            pace.history.longest(1));
  }

  private static long asOf(JobRuns failures, Expectation expected, JobPace pace, JobOdds odds) {
    long asOf = NONE;
    for (RunFacts run : failures == null ? List.<RunFacts>of() : failures.all()) {
      asOf = Math.max(asOf, run.last);
    }
    asOf = expected == null ? asOf : Math.max(asOf, expected.newest);
    asOf = pace == null ? asOf : Math.max(asOf, pace.heard);
    return odds == null ? asOf : Math.max(asOf, odds.heard);
  }

  /** All runs that are known one by one, newest first. */
  private static List<Run> runs(JobRuns failures, SkippedRuns skipped, JobPace pace) {
    Map<String, Run> runs = new TreeMap<>();
    for (JobHistory.Done done : pace == null ? List.<JobHistory.Done>of() : pace.history.runs) {
      if (done.runId() != null) {
        long start = done.end() - done.took();
        runs.put(
            done.runId(),
            new Run(done.runId(), State.SUCCEEDED, start, done.end(), false, null, null));
      }
    }
    for (RunFacts facts : failures == null ? List.<RunFacts>of() : failures.all()) {
      Run ended = ended(facts, skipped);
      if (ended != null) {
        runs.put(ended.id, ended);
      }
    }
    for (JobPace.Active active : pace == null ? List.<JobPace.Active>of() : pace.active) {
      Run ended = runs.get(active.runId);
      // A repair begins a run anew.
      if (ended == null || active.heard > ended.endedAt + RunFacts.EVIDENCE_WAIT) {
        runs.put(active.runId, underWay(active));
      }
    }
    List<Run> sorted = new ArrayList<>(runs.values());
    sorted.sort(Run.NEWEST_FIRST);
    return sorted;
  }

  private static Run underWay(JobPace.Active active) {
    State state = active.waits ? State.WAITING : State.RUNNING;
    return new Run(
        active.runId, state, active.since, NONE, active.stuckAt > 0, null, active.runPageUrl);
  }

  /** A run by the facts of its end; null where it has not ended. */
  private static Run ended(RunFacts run, SkippedRuns skipped) {
    Fact last = lastEnd(Tellings.of(run.facts));
    Fact end = last == null ? lastEnd(run.facts) : last;
    if (end == null) {
      return null;
    }
    State state;
    if (last == null || end.otherwise()) {
      boolean isSkipped = skipped != null && skipped.skipped(run.runId) != null;
      state = isSkipped ? State.SKIPPED : State.CANCELLED;
    } else {
      state = end.failed() ? State.FAILED : State.SUCCEEDED;
    }
    Judgement judgement = state == State.FAILED ? Judgement.ofLast(run.facts) : null;
    RootCause cause = judgement == null ? null : judgement.best().cause().toRootCause();
    return new Run(
        run.runId,
        state,
        end.start() == RunState.ABSENT ? NONE : end.start(),
        end.end() == RunState.ABSENT ? end.time() : end.end(),
        false,
        cause,
        end.runPageUrl());
  }

  private static Fact lastEnd(List<Fact> facts) {
    Fact last = null;
    for (Fact fact : facts) {
      last = fact.ofJob() ? fact : last;
    }
    return last;
  }
}
