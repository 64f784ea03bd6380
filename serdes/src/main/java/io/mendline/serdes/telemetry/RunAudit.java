package io.mendline.serdes.telemetry;

import io.mendline.serdes.telemetry.JobSettings.Scope;
import io.mendline.serdes.telemetry.RunState.Outcome;
import io.mendline.serdes.telemetry.RunState.Source;

/**
 * Makes a run's state, or a job's settings, of a record of the {@code jobs} audit log. The action
 * is the life cycle; the time of the record is the time of what it tells.
 */
final class RunAudit {
  private static final Spellings<Action> ACTIONS =
      Spellings.of(Action.class, action -> action.words);
  private static final String CATEGORY = "jobs";
  private static final int FIRST_ERROR = 400;

  private RunAudit() {}

  static void finish(RunFields fields, int index, DecodedSink sink) {
    Action action = ACTIONS.find(fields.action);
    String why = ignored(fields, action);
    if (why != null) {
      sink.skipped(index, why);
      return;
    }
    if (action.scope != null) {
      fields.settings(action.scope, Source.AUDIT, index, sink);
      return;
    }
    RunState.Builder state = fields.identified(Source.AUDIT);
    if (fields.recordTime == TelemetryRecord.ABSENT) {
      fields.problem.note("time", "missing");
    }
    if (fields.problem.found()) {
      sink.bad(index, fields.problem.reason());
      return;
    }
    sink.record(index, state(fields, action, state));
  }

  /** Why the record is of no concern, or null if it is a fact about a run. */
  private static String ignored(RunFields fields, Action action) {
    String name = fields.texts.quote(fields.action);
    if (fields.category != null && !fields.category.equalsIgnoreCase(CATEGORY)) {
      return "an audit record of category " + fields.texts.quote(fields.category);
    }
    if (action == null) {
      return "action " + name + " is no fact about a run";
    }
    if (action.request && fields.statusCode >= FIRST_ERROR) {
      return "action " + name + " was refused with status " + fields.statusCode;
    }
    return action.request && fields.jobId() == null ? "action " + name + " names no job" : null;
  }

  private static RunState state(RunFields fields, Action action, RunState.Builder state) {
    RunObject run = fields.run;
    Outcome outcome = outcome(action, run.result);
    long start = action == Action.START ? fields.recordTime : run.startTime;
    long end = outcome.terminal() ? fields.recordTime : TelemetryRecord.ABSENT;
    return run.fill(state, fields.texts)
        .state(fields.action, run.result, outcome)
        .time(fields.recordTime)
        .ran(start, end)
        .build();
  }

  /** A failed run was perhaps cancelled, skipped or out of time: the terminal state knows. */
  private static Outcome outcome(Action action, String result) {
    if (action != Action.FAILED) {
      return action.outcome;
    }
    Outcome said = RunOutcomes.ofResult(result);
    return said == Outcome.OTHER || said == Outcome.SUCCESS ? Outcome.FAILED : said;
  }

  private enum Action {
    TRIGGERED(Outcome.RUNNING, false, "runTriggered"),
    START(Outcome.RUNNING, false, "runStart", "runStarted"),
    SUCCEEDED(Outcome.SUCCESS, false, "runSucceeded"),
    FAILED(Outcome.FAILED, false, "runFailed"),
    /** Someone asked for a repair: the run is under way again. */
    REPAIR(Outcome.RUNNING, true, "repairRun"),
    /** Someone asked for it; how the run ended is told by a record of its own. */
    CANCEL(Outcome.RUNNING, true, "cancel", "cancelRun"),
    /** A job was made, with all its settings. */
    CREATE(Scope.WHOLE, "create"),
    /** All settings of a job were replaced. */
    RESET(Scope.WHOLE, "reset"),
    /** Some settings of a job were changed. */
    UPDATE(Scope.PART, "update"),
    /** A job was deleted. */
    DELETE(Scope.DELETED, "delete");

    private final Outcome outcome;
    private final boolean request;
    private final Scope scope;
    private final String words;

    Action(Outcome outcome, boolean request, String... words) {
      this(outcome, request, null, words);
    }

    /** One that is about a job and no run of it. */
    Action(Scope scope, String... words) {
      this(null, true, scope, words);
    }

    Action(Outcome outcome, boolean request, Scope scope, String... words) {
      this.outcome = outcome;
      this.request = request;
      this.scope = scope;
      this.words = Spellings.join(words);
    }
  }
}
