package io.mendline.processors.runs;

import io.mendline.processors.pipeline.Detector;
import io.mendline.processors.pipeline.Input;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.RunFailures;
import io.mendline.processors.pipeline.Signal;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.pipeline.StateCodec;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.processors.pipeline.Step;
import io.mendline.processors.pipeline.View;
import io.mendline.processors.runs.JobOdds.Telling;
import io.mendline.processors.runs.JobOdds.Verdict;
import io.mendline.processors.runs.JobOdds.Weight;
import io.mendline.serdes.telemetry.RunItems;
import io.mendline.serdes.telemetry.RunState;
import io.mendline.serdes.telemetry.RunState.Outcome;
import java.util.List;

/**
 * Counts how many of the last {@value JobOdds#KEPT} runs of a job ended well. It finds nothing: the
 * count is there for those who ask, see {@link SuccessRate}.
 *
 * <p>Only ends of runs as a whole count. A run is one, however often and by whomever it is told of,
 * and counts by its last end: one that was repaired well has succeeded, at the place at which it
 * failed first. Cancelled by a person, or not started, it counts neither way. A notification of a
 * failure counts while no other source has told of the run; what a run as a whole reports of its
 * items counts as for {@link RunsDetector}, reports of single tasks do not.
 *
 * <p>Tellings are taken in the order of event time when the watermark has passed them. What comes
 * later than that is taken at once, and never counts over a later end.
 *
 * <p><b>Cost and bound.</b> A deadline for each telling, mostly one at which its job is looked at
 * anyway. State: some 12 bytes for each of at most 66 runs. At most {@value #MAX_WAITING} tellings
 * wait; of more, the oldest is counted before its time, which is counted. A job of which nothing
 * was heard for {@link JobPaceDetector#JOB_MEMORY} is forgotten.
 */
public final class JobOddsDetector implements Detector<JobOdds> {
  /** At most so many tellings wait for the watermark. */
  static final int MAX_WAITING = 512;

  private final StateCodec<JobOdds> codec = new JobOddsCodec();

  @Override
  public StateKey keyOf(Message message) {
    RunState told = RunStates.of(message);
    return told != null && told.level() == RunState.Level.JOB && told.outcome().terminal()
        ? new StateKey(((Signal) message).route(), told.resourceId())
        : null;
  }

  @Override
  public int sources(JobOdds state) {
    return Source.RUNS.bit();
  }

  @Override
  public StateCodec<JobOdds> codec() {
    return codec;
  }

  @Override
  public Step<JobOdds> step(StateKey key, JobOdds before, Input input, View view) {
    JobOdds state = before == null ? new JobOdds() : before;
    if (input instanceof Input.Due due) {
      while (!state.waiting.isEmpty() && state.waiting.first().time() <= due.at()) {
        state.count(state.waiting.pollFirst());
      }
      state.counted = Math.max(state.counted, due.at());
      return forgottenAt(state) <= due.at()
          ? Step.gone()
          : new Step<>(state, List.of(), Math.max(due.at() + 1, wakeAt(state)));
    }
    arrive(state, telling(RunStates.of(((Input.Arrived) input).message()), view));
    return new Step<>(state, List.of(), wakeAt(state));
  }

  private static void arrive(JobOdds state, Telling told) {
    state.heard = Math.max(state.heard, told.time());
    if (told.time() <= state.counted) {
      state.count(told);
      return;
    }
    state.waiting.add(told);
    if (state.waiting.size() > MAX_WAITING) {
      Telling first = state.waiting.pollFirst();
      state.counted = first.time();
      state.count(first);
      state.early++;
    }
  }

  private static Telling telling(RunState told, View view) {
    Verdict verdict = verdict(told, view);
    Weight weight = told.items() == null ? Weight.TOLD : Weight.REPORTED;
    if (told.timedOnArrival() && verdict != Verdict.SUCCEEDED) {
      weight = Weight.NOTIFIED;
    }
    return new Telling(told.time(), RunIds.hash(told.runId()), verdict, weight);
  }

  private static Verdict verdict(RunState told, View view) {
    RunItems items = told.items();
    if (items != null && items.ofTasks()) {
      boolean enough = items.verdict() == RunItems.Verdict.DEGRADED;
      if (enough && view.policy(told.time()).runs().tasksAsItems()) {
        return Verdict.SUCCEEDED;
      }
    } else if (items != null && items.verdict() == RunItems.Verdict.FAILED) {
      return told.outcome() == Outcome.SUCCESS || RunFailures.isFailure(told)
          ? Verdict.FAILED
          : Verdict.OTHERWISE;
    }
    if (told.outcome() == Outcome.SUCCESS) {
      return Verdict.SUCCEEDED;
    }
    return RunFailures.isFailure(told) ? Verdict.FAILED : Verdict.OTHERWISE;
  }

  private static long wakeAt(JobOdds state) {
    long forgottenAt = forgottenAt(state);
    return state.waiting.isEmpty()
        ? forgottenAt
        : Math.min(forgottenAt, state.waiting.first().time());
  }

  private static long forgottenAt(JobOdds state) {
    return state.heard + JobPaceDetector.JOB_MEMORY.toMillis();
  }
}
