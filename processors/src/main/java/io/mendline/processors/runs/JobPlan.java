package io.mendline.processors.runs;

import io.mendline.processors.pipeline.Coordinates;
import io.mendline.serdes.telemetry.JobSettings;
import io.mendline.serdes.telemetry.JobSettings.Scope;
import io.mendline.serdes.telemetry.JobSettings.Start;
import java.util.Comparator;
import java.util.Objects;

/**
 * What is kept of a job's settings.
 *
 * @param time event time of what told them
 * @param scope how much of the job they are; of settings in force WHOLE, or DELETED
 * @param start what starts the job
 * @param cron the schedule's expression; null where no schedule starts it
 * @param timeZone the schedule's zone; nullable
 * @param paused whether the schedule is paused
 * @param name the job's name; nullable
 * @param environment the deployment environment; nullable
 * @param at where they were read
 */
record JobPlan(
    long time,
    Scope scope,
    Start start,
    String cron,
    String timeZone,
    boolean paused,
    String name,
    String environment,
    Coordinates at) {

  /** In the order of time; of one instant in an order that content decides. */
  static final Comparator<JobPlan> BY_TIME =
      Comparator.comparingLong(JobPlan::time)
          .thenComparing(JobPlan::scope)
          .thenComparing(JobPlan::start)
          .thenComparing(JobPlan::paused)
          .thenComparing(JobPlan::cron, Comparator.nullsFirst(Comparator.naturalOrder()))
          .thenComparing(JobPlan::timeZone, Comparator.nullsFirst(Comparator.naturalOrder()))
          .thenComparing(JobPlan::name, Comparator.nullsFirst(Comparator.naturalOrder()))
          .thenComparing(JobPlan::environment, Comparator.nullsFirst(Comparator.naturalOrder()));

  static JobPlan of(JobSettings told, Coordinates at) {
    return new JobPlan(
        told.time(),
        told.scope(),
        told.start(),
        told.cron(),
        told.timeZone(),
        told.paused(),
        told.name(),
        told.environment(),
        at);
  }

  /** Whether a schedule is to start the job. */
  boolean fires() {
    return start == Start.SCHEDULE && !paused && !deleted();
  }

  boolean deleted() {
    return scope == Scope.DELETED;
  }

  /** Whether the job is started just as by another plan. */
  boolean startsAs(JobPlan other) {
    return deleted() == other.deleted()
        && start == other.start
        && paused == other.paused
        && Objects.equals(cron, other.cron)
        && Objects.equals(timeZone, other.timeZone);
  }

  /**
   * The plan in force once this has become known.
   *
   * @param before what was in force; nullable
   * @return null where it is not told what starts the job
   */
  JobPlan over(JobPlan before) {
    boolean part = scope == Scope.PART;
    if (part && start == Start.UNTOLD && (before == null || before.deleted())) {
      return before;
    }
    boolean kept = part && start == Start.UNTOLD;
    boolean known = before != null;
    return new JobPlan(
        time,
        deleted() ? Scope.DELETED : Scope.WHOLE,
        kept ? before.start : start,
        kept ? before.cron : cron,
        kept ? before.timeZone : timeZone,
        kept ? before.paused : paused,
        name == null && known ? before.name : name,
        environment == null && known ? before.environment : environment,
        at);
  }
}
