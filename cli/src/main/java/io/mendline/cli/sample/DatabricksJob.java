package io.mendline.cli.sample;

import io.mendline.cli.sample.Draws.Question;
import io.mendline.processors.pipeline.Source;
import java.util.function.Consumer;

/** A job with a run every half hour, told by a poller and, of some runs, by the audit log too. */
final class DatabricksJob implements Script {
  private static final long MINUTE = 60_000L;
  private static final long EVERY = 30 * MINUTE;
  private static final long LAST_RECORD_AFTER = 40 * MINUTE;
  private static final double SNAPSHOT_SHARE = 0.2;
  private static final double CANCELLED_SHARE = 0.005;
  private static final long RUNS_OF_A_JOB = 10_000_000L;

  /** What becomes of a run. */
  enum Story {
    SUCCEEDED,
    FAILED,
    TASK_RETRIED,
    CANCELLED
  }

  private final GeneratorSettings settings;
  private final Draws draws;
  private final RunObjects objects;
  private final int workspace;
  private final int number;
  private final int tasks;
  private final long firstRun;

  DatabricksJob(GeneratorSettings settings, Draws all, int number) {
    this.settings = settings;
    this.draws = all.of("job", number);
    this.number = number;
    this.workspace = number % settings.workspaces();
    this.tasks = 1 + (int) draws.between(Question.SHAPE, 0, 0, 3);
    boolean newer = draws.chance(Question.SHAPE, 1, 0.5);
    this.objects = new RunObjects(workspace, number, tasks, newer);
    this.firstRun =
        settings.from().toEpochMilli()
            + draws.between(Question.OFFSET, 0, 0, EVERY / MINUTE) * MINUTE;
  }

  @Override
  public int chapters() {
    return (int) Math.max(0, (settings.to() - LAST_RECORD_AFTER - firstRun) / EVERY + 1);
  }

  @Override
  public long begin(int run) {
    return firstRun + run * EVERY;
  }

  /** The ids of a run's tasks follow on its own. */
  private long runId(int run) {
    return RUNS_OF_A_JOB * (number + 1L) + run * 10L;
  }

  private Story story(int run) {
    double draw = draws.fraction(Question.STORY, run);
    double failed = settings.failedShare();
    if (draw < failed) {
      return Story.FAILED;
    }
    if (draw < failed + settings.retriedShare()) {
      return Story.TASK_RETRIED;
    }
    return draw > 1 - CANCELLED_SHARE ? Story.CANCELLED : Story.SUCCEEDED;
  }

  private boolean mended(int run) {
    return draws.chance(Question.MENDED_AFTER, run, settings.mendedShare());
  }

  private RunCause cause(int run) {
    return draws.one(Question.CAUSE, run, RunCause.values());
  }

  private boolean audited(int run) {
    return draws.chance(Question.AUDITED, run, settings.auditShare());
  }

  private boolean seenRunning(int run) {
    return draws.chance(Question.SNAPSHOT, run, SNAPSHOT_SHARE);
  }

  private RunObjects.Run facts(int run) {
    long start = begin(run) + draws.between(Question.JITTER, run, 200, 3_000);
    long end = start + draws.between(Question.LENGTH, run, 2 * MINUTE, 10 * MINUTE);
    Story story = story(run);
    RunCause cause = story == Story.FAILED ? cause(run) : null;
    return new RunObjects.Run(runId(run), start, end, story, cause);
  }

  private long mendedEnd(int run, RunObjects.Run facts) {
    return facts.end() + draws.between(Question.LENGTH, ~run, 12 * MINUTE, 25 * MINUTE);
  }

  @Override
  public void tell(int run, Consumer<Telling> to) {
    RunObjects.Run facts = facts(run);
    if (seenRunning(run)) {
      to.accept(alone(facts.start(), json -> objects.running(json, facts)));
    }
    boolean audited = audited(run);
    if (audited) {
      long started = facts.start() + 600;
      to.accept(audit(run, started, json -> objects.audit(json, facts, started, "runStart")));
    }
    to.accept(alone(facts.end(), json -> objects.ended(json, facts)));
    if (audited) {
      boolean failed = facts.story() == Story.FAILED || facts.story() == Story.CANCELLED;
      long ended = facts.end() + 1_700;
      String action = failed ? "runFailed" : "runSucceeded";
      to.accept(audit(~run, ended, json -> objects.audit(json, facts, ended, action)));
    }
    if (facts.story() == Story.FAILED && mended(run)) {
      long mendedEnd = mendedEnd(run, facts);
      to.accept(alone(mendedEnd, json -> objects.repaired(json, facts, mendedEnd)));
    }
  }

  private static Telling alone(long time, Telling.Body body) {
    return new Telling(Source.RUNS, time, Telling.ALONE, body);
  }

  private Telling audit(long record, long time, Telling.Body body) {
    boolean packed = draws.chance(Question.PACKED, record, settings.packedShare());
    return new Telling(Source.RUNS, time, packed ? workspace : Telling.ALONE, body);
  }

  @Override
  public void expect(int run, Expected.Builder to) {
    Story story = story(run);
    if (seenRunning(run)) {
      to.record(Source.RUNS, 1);
    }
    to.record(Source.RUNS, 1 + tasks + (story == Story.TASK_RETRIED ? 1 : 0));
    if (audited(run)) {
      to.record(Source.RUNS, 1);
      to.record(Source.RUNS, 1);
    }
    if (story == Story.FAILED) {
      if (mended(run)) {
        to.record(Source.RUNS, 2); // the run and its last task; the others are as told before
      }
      to.failure(
          Expected.runFailed(objects.workspaceId(), objects.jobId(), Long.toString(runId(run))),
          facts(run).end(),
          mended(run),
          objects.workspaceId(),
          cause(run).name());
    }
  }
}
