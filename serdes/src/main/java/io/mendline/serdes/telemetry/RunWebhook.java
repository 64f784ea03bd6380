package io.mendline.serdes.telemetry;

import io.mendline.serdes.telemetry.RunState.Level;
import io.mendline.serdes.telemetry.RunState.Outcome;
import io.mendline.serdes.telemetry.RunState.Source;
import java.util.Locale;

/**
 * Makes a run's state of a job notification that was sent to a webhook. The type of the event is
 * the life cycle, and all that there is of a state; its time is when it was received, as far as
 * what wraps it tells, else {@link TelemetryRecord#ABSENT}.
 *
 * <p>{@code jobs.on_failure} is sent of cancelled and skipped runs, too, unless the job says
 * otherwise.
 */
final class RunWebhook {
  private static final String PREFIX = "jobs.";

  private RunWebhook() {}

  /** Whether an event of this type is about jobs. */
  static boolean isOne(String eventType) {
    return eventType != null && eventType.toLowerCase(Locale.ROOT).startsWith(PREFIX);
  }

  static void finish(RunFields fields, String eventType, int index, DecodedSink sink) {
    Outcome outcome = outcome(eventType);
    if (outcome == null) {
      sink.skipped(index, "webhook " + fields.texts.quote(eventType) + " tells no state of a run");
      return;
    }
    RunState.Builder state = fields.identified(Source.WEBHOOK);
    boolean task = fields.run.taskKey != null;
    if (task && state.level() != Level.TASK) {
      // Its run is the task's own, and whose part that is nobody says.
      fields.problem.note("parent_run_id", "missing, of a task's notification");
    }
    if (fields.problem.found()) {
      sink.bad(index, fields.problem.reason());
      return;
    }
    sink.record(
        index,
        state
            .jobName(fields.texts.line(fields.jobName()))
            .state(eventType, null, outcome)
            .time(fields.recordTime)
            .build());
  }

  /** What a type of event says of the run; null where that is nothing. */
  private static Outcome outcome(String eventType) {
    return switch (eventType.toLowerCase(Locale.ROOT)) {
      case "jobs.on_start", RunState.ON_DURATION_WARNING -> Outcome.RUNNING;
      case "jobs.on_success" -> Outcome.SUCCESS;
      case "jobs.on_failure" -> Outcome.FAILED;
      default -> null; // a backlog that grows, say, is no state of the run
    };
  }
}
