package io.mendline.processors.engine;

import io.mendline.processors.engine.RuleMonth.Arrival;
import io.mendline.processors.pipeline.Routes;
import io.mendline.processors.pipeline.Subject;
import io.mendline.schemas.FindingStatus;
import io.mendline.schemas.ResourceType;
import io.mendline.serdes.telemetry.Heartbeat;
import io.mendline.serdes.telemetry.JobMakeup;
import io.mendline.serdes.telemetry.JobSettings;
import io.mendline.serdes.telemetry.JobSettings.Scope;
import io.mendline.serdes.telemetry.JobSettings.Start;
import io.mendline.serdes.telemetry.RunState;
import io.mendline.serdes.telemetry.RunState.Outcome;
import io.mendline.serdes.telemetry.Safeguards;
import io.mendline.serdes.telemetry.TelemetryRecord;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TimeZone;
import java.util.TreeMap;
import org.quartz.CronExpression;

/**
 * Eight days of scheduled jobs, made up by chance, with what is to be found in them. It knows
 * nothing of the detector: when a job is to run it asks of Quartz, and whether it does is drawn.
 */
final class WeekOfJobs {
  static final Duration LENGTH = Duration.ofDays(8);

  private static final long MINUTE = Duration.ofMinutes(1).toMillis();
  private static final long HOUR = 60 * MINUTE;
  private static final long GRACE = 10 * MINUTE;

  /** A change that is seen so long after an expected time takes it back. */
  private static final long NOT_JUDGED = GRACE + 5 * MINUTE;

  private static final List<String> WORKSPACES = List.of("7701", "7702", "7703");
  private static final List<String> ZONES =
      List.of(
          "America/New_York",
          "Europe/Berlin",
          "Australia/Lord_Howe",
          "Asia/Kolkata",
          "America/Sao_Paulo",
          "UTC");

  final long begin;
  final long end;

  /** What is to be found, by job and expected time, and how it ends. */
  final Map<String, FindingStatus> truth = new TreeMap<>();

  /** What may be found or not: the schedule was changed before it was judged. */
  final Set<String> allowed = new HashSet<>();

  final List<Arrival> arrivals = new ArrayList<>();

  private final Random chance;
  private final long outage;
  private final long outageEnd;
  private final List<Arrival> keptBack = new ArrayList<>();
  private long number;

  /**
   * A week.
   *
   * @param begin its first instant
   * @param jobs how many jobs
   */
  WeekOfJobs(Instant begin, int jobs, long seed) {
    this.begin = begin.toEpochMilli();
    this.end = begin.plus(LENGTH).toEpochMilli();
    this.chance = new Random(seed);
    this.outage = this.begin + 3 * 24 * HOUR + 17 * MINUTE;
    this.outageEnd = outage + 5 * HOUR;
    for (String workspace : WORKSPACES) {
      for (long at = this.begin; at < end; at += MINUTE) {
        tell(workspace, new Heartbeat(at + chance.nextInt(2_000), workspace));
      }
    }
    for (int i = 0; i < jobs; i++) {
      job(i);
    }
    release();
    arrivals.sort(null);
  }

  static String name(String job, long expected) {
    return job + " " + Instant.ofEpochMilli(expected);
  }

  /** The first fifty jobs are paused and resumed, the next changed, and twenty deleted. */
  private void job(int i) {
    Job job = new Job(WORKSPACES.get(i % WORKSPACES.size()), Integer.toString(1_000 + i), zone());
    long seen = begin + chance.nextInt(30) * MINUTE;
    String cron = cron();
    long changed = begin + 12 * HOUR + (long) (chance.nextDouble() * 6 * 24 * HOUR);
    settings(job, seen, cron, false);
    if (i < 50) {
      long resumed = changed + MINUTE + (long) (chance.nextDouble() * 24 * HOUR);
      settings(job, changed, cron, true);
      settings(job, resumed, cron, false);
      runs(job, cron, seen, changed);
      runs(job, cron, resumed, end);
    } else if (i < 100) {
      String next = cron();
      settings(job, changed, next, false);
      runs(job, cron, seen, next.equals(cron) ? end : changed);
      if (!next.equals(cron)) {
        runs(job, next, changed, end);
      }
    } else if (i < 120) {
      tell(
          job.workspace,
          new JobSettings(
              changed,
              job.workspace,
              job.id,
              Scope.DELETED,
              Start.UNTOLD,
              null,
              null,
              false,
              null,
              null,
              null,
              Safeguards.UNTOLD,
              JobMakeup.UNTOLD,
              RunState.Source.JOBS_API));
      runs(job, cron, seen, changed);
      clear(job);
    } else {
      runs(job, cron, seen, end);
      if (chance.nextInt(3) == 0) {
        settings(job, seen + (long) (chance.nextDouble() * (end - seen)), cron, false);
      }
    }
  }

  private String zone() {
    return ZONES.get(chance.nextInt(ZONES.size()));
  }

  private String cron() {
    int minute = chance.nextInt(60);
    int hour = chance.nextInt(24);
    return switch (chance.nextInt(20)) {
      case 0 -> "0 0/15 * * * ?";
      case 1, 2, 3, 4, 5, 6 -> "0 " + minute + " * * * ?";
      case 7, 8, 9, 10 -> "%d %d 0/3 * * ?".formatted(chance.nextInt(60), minute);
      case 11 -> "0 %d %d ? * MON-FRI".formatted(minute, hour);
      // Where clocks are changed.
      case 12, 13, 14 -> "0 %d %d * * ?".formatted(minute, chance.nextInt(4));
      default -> "0 %d %d * * ?".formatted(minute, hour);
    };
  }

  private void settings(Job job, long at, String cron, boolean paused) {
    tell(
        job.workspace,
        new JobSettings(
            at,
            job.workspace,
            job.id,
            Scope.WHOLE,
            Start.SCHEDULE,
            cron,
            job.zone,
            paused,
            "job " + job.id,
            null,
            null,
            Safeguards.UNTOLD,
            JobMakeup.UNTOLD,
            RunState.Source.JOBS_API));
  }

  /** What runs by a schedule, and what was missed of it, up to when it is changed. */
  private void runs(Job job, String cron, long from, long to) {
    List<Long> expected = expected(cron, job.zone, from, end + 5 * 24 * HOUR);
    for (int i = 0; i + 1 < expected.size() && expected.get(i) < to; i++) {
      long at = expected.get(i);
      long next = Math.min(expected.get(i + 1), to);
      int drawn = chance.nextInt(1_000);
      if (drawn < 10) {
        miss(job, at, to);
        if (drawn == 0 && truth.containsKey(name(job.resource(), at))) {
          // It makes good for all that was missed before.
          long by = at + 25 * MINUTE;
          run(job, by, by + MINUTE, "ONE_TIME", Outcome.SUCCESS);
          clear(job);
        }
      } else if (drawn < 13 && next - at > 40 * MINUTE) {
        // Late, and found late.
        miss(job, at, to);
        truth.replace(name(job.resource(), at), FindingStatus.CLEARED);
        run(job, at + 20 * MINUTE, at + 25 * MINUTE, "PERIODIC", Outcome.SUCCESS);
      } else {
        long start = at + chance.nextInt(60_000);
        Outcome outcome =
            drawn < 20 ? Outcome.SKIPPED : drawn < 30 ? Outcome.FAILED : Outcome.SUCCESS;
        double share = outcome == Outcome.SKIPPED ? 0 : chance.nextDouble();
        long took = (long) (share * Math.min(30 * MINUTE, (next - at) / 2));
        run(job, start, start + took, drawn % 7 == 0 ? null : "PERIODIC", outcome);
      }
      if (drawn == 500) {
        // By hand, when nothing is missed.
        run(job, at + 12 * MINUTE, at + 13 * MINUTE, "ONE_TIME", Outcome.FAILED);
      }
    }
  }

  @SuppressWarnings("JavaUtilDate") // Quartz knows no other
  private static List<Long> expected(String cron, String zone, long from, long to) {
    try {
      CronExpression expression = new CronExpression(cron);
      expression.setTimeZone(TimeZone.getTimeZone(zone));
      List<Long> expected = new ArrayList<>();
      for (Date at = expression.getTimeAfter(new Date(from));
          at.getTime() < to;
          at = expression.getTimeAfter(at)) {
        expected.add(at.getTime());
      }
      return expected;
    } catch (ParseException e) {
      throw new IllegalArgumentException(cron, e);
    }
  }

  /** All that a job has missed so far is over. */
  private void clear(Job job) {
    truth.replaceAll(
        (name, status) -> name.startsWith(job.resource() + " ") ? FindingStatus.CLEARED : status);
  }

  private void miss(Job job, long at, long changedAt) {
    String name = name(job.resource(), at);
    // At the beginning nothing had been heard before.
    if (at < begin + GRACE || at > end - HOUR || at > changedAt - NOT_JUDGED) {
      allowed.add(name);
    } else {
      truth.put(name, FindingStatus.RAISED);
    }
  }

  private void run(Job job, long start, long stop, String trigger, Outcome outcome) {
    RunState.Builder run =
        RunState.builder()
            .workspace(job.workspace)
            .jobId(job.id)
            .runId(job.id + "-" + start)
            .jobName("job " + job.id)
            .trigger(trigger);
    if (outcome != Outcome.SKIPPED) {
      tell(
          job.workspace,
          run.time(start)
              .ran(start, RunState.ABSENT)
              .state("RUNNING", null, Outcome.RUNNING)
              .build());
    }
    tell(
        job.workspace,
        run.time(stop).ran(start, stop).state("TERMINATED", outcome.name(), outcome).build());
  }

  private void tell(String workspace, TelemetryRecord record) {
    if (record.time() >= end) {
      return;
    }
    // A poller sees things some seconds later; some things arrive late, but in time.
    int more = chance.nextInt(100) == 0 ? chance.nextInt(28_000) : 0;
    long delay = (long) chance.nextInt(5_000) + more;
    arrive(workspace, record, record.time() + delay);
    if (chance.nextInt(100) == 0) {
      arrive(workspace, record, record.time() + chance.nextInt(30_000));
    }
  }

  private void arrive(String workspace, TelemetryRecord record, long at) {
    int partition = chance.nextInt(RuleMonth.PARTITIONS);
    boolean isJob = !(record instanceof Heartbeat);
    Subject subject =
        new Subject(
            isJob ? ResourceType.DATABRICKS_JOB : ResourceType.DATABRICKS_WORKSPACE,
            workspace,
            null,
            workspace,
            null);
    Arrival arrival =
        new Arrival(
            at + RuleMonth.READ_AFTER[partition],
            at,
            partition,
            number++,
            Routes.databricks(workspace),
            subject,
            record);
    (at >= outage && at < outageEnd ? keptBack : arrivals).add(arrival);
  }

  /** What was kept back in the outage comes one partition after the other. */
  private void release() {
    long at = outageEnd;
    for (int partition = 0; partition < RuleMonth.PARTITIONS; partition++) {
      for (Arrival late : keptBack) {
        if (late.partition() == partition) {
          at += 1;
          arrivals.add(
              new Arrival(
                  at + RuleMonth.READ_AFTER[partition],
                  at,
                  partition,
                  number++,
                  late.route(),
                  late.subject(),
                  late.record()));
        }
      }
    }
  }

  private record Job(String workspace, String id, String zone) {
    String resource() {
      return workspace + "/" + id;
    }
  }
}
