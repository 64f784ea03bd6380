package io.mendline.processors.runs;

import io.mendline.processors.cause.RootCauseClassifier;
import io.mendline.processors.pipeline.Detector;
import io.mendline.processors.pipeline.Input;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Output;
import io.mendline.processors.pipeline.Payload;
import io.mendline.processors.pipeline.RunFailures;
import io.mendline.processors.pipeline.Signal;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.pipeline.StateCodec;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.processors.pipeline.Step;
import io.mendline.processors.pipeline.View;
import io.mendline.processors.policy.JobCheck;
import io.mendline.processors.runs.JobSafeguards.Failure;
import io.mendline.processors.runs.JobSafeguards.News;
import io.mendline.processors.runs.JobSafeguards.Settings;
import io.mendline.processors.runs.JobSafeguards.Standing;
import io.mendline.processors.runs.SafeguardFinding.Clear;
import io.mendline.schemas.AuditEntry;
import io.mendline.schemas.Finding;
import io.mendline.schemas.Transience;
import io.mendline.serdes.telemetry.JobSettings;
import io.mendline.serdes.telemetry.JobSettings.Scope;
import io.mendline.serdes.telemetry.RunState;
import io.mendline.serdes.telemetry.Safeguards;
import io.mendline.serdes.telemetry.Safeguards.Told;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Checks what jobs are set to: one {@code CHECK_FAILED} for each {@link JobCheck} from the settings
 * that say that it is not so until those that say that it is, or until the job is deleted. Nobody
 * can ask for these by a policy of the platform.
 *
 * <p>While a job has no retries, the first run that fails for a passing cause makes its finding
 * graver: a retry would have spared somebody the work.
 *
 * <p><b>Settled</b> (law 4): settings and failures are judged in the order of their time when the
 * watermark has passed them; all settings of one instant are one. What comes later than that may
 * clear and enrich, never raise. Which checks there are, the policy says at the time of the
 * settings; so a changed policy takes effect when they are told again, once a day.
 *
 * <p><b>Cost and bound.</b> One deadline for each telling of settings and each such failure. State:
 * some 60 bytes for a job whose checks pass. At most {@value #MAX_WAITING} news wait; of more,
 * failures go that decide nothing, then the oldest is judged early, which is counted, and audited
 * at the first and then at every doubling. A job of which nothing was told for {@link #MEMORY} is
 * forgotten.
 */
public final class JobSafeguardsDetector implements Detector<JobSafeguards> {
  /** See above. */
  static final Duration MEMORY = Duration.ofDays(35);

  /** At most so many news of a job wait for the watermark. */
  static final int MAX_WAITING = 64;

  private static final int SOURCES = Source.RUNS.bit();

  private final RunCauses causes;
  private final StateCodec<JobSafeguards> codec = new JobSafeguardsCodec();

  /** A detector that names causes by this classifier. */
  public JobSafeguardsDetector(RootCauseClassifier causes) {
    this.causes = new RunCauses(causes);
  }

  @Override
  public StateKey keyOf(Message message) {
    if (!(message instanceof Signal signal)
        || !(signal.payload() instanceof Payload.Observed observed)) {
      return null;
    }
    if (observed.record() instanceof JobSettings settings) {
      return new StateKey(signal.route(), settings.resourceId());
    }
    return observed.record() instanceof RunState run
            && run.level() == RunState.Level.JOB
            && !run.isPipeline()
            && RunFailures.isFailure(run)
        ? new StateKey(signal.route(), run.resourceId())
        : null;
  }

  @Override
  public int sources(JobSafeguards state) {
    return SOURCES;
  }

  @Override
  public StateCodec<JobSafeguards> codec() {
    return codec;
  }

  @Override
  public Step<JobSafeguards> step(StateKey key, JobSafeguards before, Input input, View view) {
    JobSafeguards state = before == null ? new JobSafeguards() : before;
    List<Output> outputs = new ArrayList<>();
    if (input instanceof Input.Due due) {
      while (!state.waiting.isEmpty() && state.waiting.get(0).time() <= due.at()) {
        judgeFirst(key, state, view, outputs);
      }
      if (state.forgottenAt() <= due.at()) {
        state.reset();
      }
      return step(state, outputs);
    }
    Input.Arrived arrived = (Input.Arrived) input;
    News news = news((Signal) arrived.message());
    if (news != null) {
      arrive(key, state, news, arrived.late(), view, outputs);
    }
    return step(state, outputs);
  }

  private static Step<JobSafeguards> step(JobSafeguards state, List<Output> outputs) {
    return state.isEmpty() && outputs.isEmpty()
        ? Step.gone()
        : new Step<>(state, outputs, state.wakeAt());
  }

  /** What a signal tells; null where it is a failure that no retry would have helped. */
  private News news(Signal signal) {
    if (((Payload.Observed) signal.payload()).record() instanceof JobSettings settings) {
      return Settings.of(settings, signal.contentId(), signal.at());
    }
    RunState run = (RunState) ((Payload.Observed) signal.payload()).record();
    Cause cause = causes.of(run);
    return cause.transience() == Transience.TRANSIENT
        ? Failure.of(run, signal.contentId(), cause, signal.at())
        : null;
  }

  private static void arrive(
      StateKey key, JobSafeguards state, News news, boolean late, View view, List<Output> outputs) {
    if (late && news instanceof Failure failure) {
      failed(key, state, failure, view, outputs);
      return;
    }
    if (news instanceof Settings told && (late || told.time() <= state.settingsAt)) {
      if (told.time() > state.settingsAt) {
        follow(state, told);
        judge(key, state, told, true, view, outputs);
      }
      return; // its time, or what came after it, has been judged
    }
    state.add(news);
    if (state.waiting.size() > MAX_WAITING && !state.dropFailure()) {
      state.early++;
      // Told at 1, 2, 4, 8 and so on: what overflows once overflows often.
      if (Integer.bitCount(state.early) == 1) {
        outputs.add(new Output.Noted(key.route(), overflow(key, state)));
      }
      judgeFirst(key, state, view, outputs);
    }
  }

  /** Judges the earliest that waits: all settings of its instant, or a failure. */
  private static void judgeFirst(
      StateKey key, JobSafeguards state, View view, List<Output> outputs) {
    News first = state.waiting.remove(0);
    if (state.forgottenAt() <= first.time()) {
      state.reset();
    }
    if (first instanceof Failure failure) {
      failed(key, state, failure, view, outputs);
      return;
    }
    Settings told = (Settings) first;
    follow(state, told);
    while (!state.waiting.isEmpty()
        && state.waiting.get(0) instanceof Settings next
        && next.time() == told.time()) {
      state.waiting.remove(0);
      follow(state, next);
      told = next;
    }
    judge(key, state, told, false, view, outputs);
  }

  private static void follow(JobSafeguards state, Settings told) {
    state.known =
        told.scope() == Scope.DELETED ? Safeguards.UNTOLD : told.safeguards().over(state.known);
    state.name = told.name() == null ? state.name : told.name();
    state.deployment = told.deployment() == null ? state.deployment : told.deployment();
    state.settingsAt = told.time();
    state.newest = Math.max(state.newest, told.time());
  }

  private static void judge(
      StateKey key,
      JobSafeguards state,
      Settings told,
      boolean late,
      View view,
      List<Output> outputs) {
    List<String> wanted = view.policy(told.time()).runs().checks();
    for (JobCheck check : JobCheck.values()) {
      Told known = known(check, state.known);
      Standing standing = state.standing.get(check);
      boolean isWanted = wanted.contains(check.id());
      if (standing == null && isWanted && known == Told.NO && !late) {
        Standing raised = new Standing(told.time(), told.at(), 1, null);
        state.standing.put(check, raised);
        tell(key, state, check, raised, null, told.time(), view, outputs);
      } else if (standing != null) {
        Clear clear = clear(told, known, isWanted);
        if (clear != null) {
          state.standing.remove(check);
          Standing cleared = standing.revised(standing.failure());
          tell(key, state, check, cleared, clear, told.time(), view, outputs);
        }
      }
    }
  }

  /** Why a check that does not pass is over; null while it is not. */
  private static Clear clear(Settings told, Told known, boolean isWanted) {
    if (told.scope() == Scope.DELETED) {
      return new Clear(Clear.DELETED, told.time(), told.at());
    }
    if (known == Told.YES) {
      return new Clear(Clear.SET, told.time(), told.at());
    }
    return isWanted ? null : new Clear(Clear.NOT_WANTED, told.time(), told.at());
  }

  private static Told known(JobCheck check, Safeguards safeguards) {
    return switch (check) {
      case RETRIES -> safeguards.retries();
      case TIMEOUT -> safeguards.timeout();
      case FAILURE_NOTICE -> safeguards.failureNotice();
    };
  }

  private static void failed(
      StateKey key, JobSafeguards state, Failure failure, View view, List<Output> outputs) {
    if (state.settingsAt == JobSafeguards.NONE) {
      return; // nothing is known of the job
    }
    state.newest = Math.max(state.newest, failure.time());
    Standing standing = state.standing.get(JobCheck.RETRIES);
    if (standing == null || standing.failure() != null || failure.time() < standing.since()) {
      return;
    }
    Standing graver = standing.revised(failure);
    state.standing.put(JobCheck.RETRIES, graver);
    tell(key, state, JobCheck.RETRIES, graver, null, failure.time(), view, outputs);
  }

  private static void tell(
      StateKey key,
      JobSafeguards state,
      JobCheck check,
      Standing standing,
      Clear clear,
      long at,
      View view,
      List<Output> outputs) {
    Finding finding = SafeguardFinding.of(key, state, check, standing, clear, view);
    outputs.add(new Output.Found(key.route(), finding));
    outputs.add(new Output.Settled(key.route(), at, SOURCES, finding));
  }

  private static AuditEntry overflow(StateKey key, JobSafeguards state) {
    return AuditEntry.newBuilder()
        .setAt(Instant.ofEpochMilli(state.waiting.get(0).time()))
        .setActor("job-checks")
        .setAction("JUDGE_EARLY")
        .setResource(FailedRun.subject(key, state.name).toResource())
        .setWhy("more settings of one job than may wait for the watermark")
        .setHow("the oldest are judged before the watermark has passed them")
        .setDetail(
            Map.of(
                "judgedEarly",
                Integer.toString(state.early),
                "maxWaiting",
                Integer.toString(MAX_WAITING)))
        .setStatus("OVERFLOW")
        .build();
  }
}
