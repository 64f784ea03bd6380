package io.mendline.processors.incident;

import static io.mendline.processors.remediation.Trouble.NONE;

import io.mendline.processors.incident.IncidentState.Attempt;
import io.mendline.processors.pipeline.Output;
import io.mendline.processors.pipeline.RepairOdds;
import io.mendline.processors.pipeline.Request;
import io.mendline.processors.pipeline.RuleProfile;
import io.mendline.processors.pipeline.RunEnd;
import io.mendline.processors.pipeline.Step;
import io.mendline.processors.pipeline.Subject;
import io.mendline.processors.pipeline.Upstream;
import io.mendline.processors.pipeline.View;
import io.mendline.processors.policy.Mode;
import io.mendline.processors.policy.Policy;
import io.mendline.processors.remediation.Known;
import io.mendline.processors.remediation.Plan;
import io.mendline.processors.remediation.Planner;
import io.mendline.processors.remediation.Trouble;
import io.mendline.schemas.AlertTrigger;
import io.mendline.schemas.AttemptStatus;
import io.mendline.schemas.Decision;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.IncidentStatus;
import io.mendline.schemas.Phase;
import io.mendline.schemas.ResourceType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * One fold of an incident: takes facts and deadlines in the order of their time, up to a logical
 * time.
 *
 * <p>At one instant facts come before deadlines, and the end of the trouble before everything, so
 * that a recovery cancels the step that was due at the same instant.
 */
final class Fold {
  /** Resolved incidents are kept so long, then leave the topic. */
  static final long KEPT_MILLIS = Duration.ofDays(30).toMillis();

  /** An incident of which nothing was heard for so long is closed. */
  static final long STALE_MILLIS = Duration.ofDays(30).toMillis();

  private static final long FORGET_MILLIS = Duration.ofDays(1).toMillis();

  /** How often it is looked at whether the job that another hangs on has succeeded. */
  static final long UPSTREAM_MILLIS = Duration.ofMinutes(5).toMillis();

  /** What a control table says of a partition. */
  private static final List<String> ROW = List.of("status", "dqStatus", "retryCount");

  /** How an attempt's detail begins while it runs and its table says that it was in vain. */
  private static final String IN_VAIN = "the control table says meanwhile: ";

  private final IncidentState state;
  private final View view;
  private final Announcements announcements;
  private final List<Output> outputs = new ArrayList<>();

  Fold(IncidentState state, View view) {
    this.state = state;
    this.view = view;
    this.announcements = new Announcements(state, outputs);
  }

  /** The earliest time at which an incident has something to fold. */
  static long wakeAt(IncidentState state) {
    long earliest = Math.min(deadline(state), forgetAt(state));
    return state.waiting.isEmpty() ? earliest : Math.min(earliest, state.waiting.first().at());
  }

  private static long deadline(IncidentState state) {
    long planned =
        state.planned == null ? Step.NEVER : Math.max(state.planned.due(), state.pausedUntil);
    return Math.min(Math.min(planned, state.upstreamAt), Math.min(state.expiryAt, state.proofBy));
  }

  private static long forgetAt(IncidentState state) {
    if (state.forgotten) {
      return state.changedAt + KEPT_MILLIS + FORGET_MILLIS;
    }
    return state.changedAt + (state.resolved() ? KEPT_MILLIS : STALE_MILLIS);
  }

  List<Output> outputs() {
    return outputs;
  }

  void upTo(long at) {
    IncidentStatus shown = state.status;
    boolean changed = false;
    while (wakeAt(state) <= at && !state.forgotten) {
      long deadline = deadline(state);
      if (!state.waiting.isEmpty() && state.waiting.first().at() <= Math.min(deadline, at)) {
        Fact fact = state.waiting.pollFirst();
        state.changedAt = Math.max(state.changedAt, fact.at());
        take(fact);
      } else if (deadline <= at && looksInVain(deadline)) {
        continue;
      } else if (deadline <= at) {
        state.changedAt = Math.max(state.changedAt, deadline);
        meet(deadline);
      } else {
        leave(forgetAt(state));
      }
      changed = true;
      // A status is shown even when the next one follows at once: who waits for VERIFYING before
      // RESOLVED sees both, however far the watermark has moved on.
      if (state.status != shown) {
        shown = state.status;
        changed = false;
        show();
      }
    }
    if (changed) {
      show();
    }
  }

  private void show() {
    if (!state.forgotten) {
      outputs.add(new Output.Tracked(state.route, IncidentDocument.told(state, view)));
    }
  }

  private void take(Fact fact) {
    if (fact instanceof Fact.Struck struck) {
      struck(struck);
    } else if (fact instanceof Fact.Recovered recovered) {
      recovered(recovered);
    } else if (fact instanceof Fact.Reported reported) {
      reported(reported);
    } else if (fact instanceof Fact.Decided decided) {
      decided(decided);
    } else if (fact instanceof Fact.Operated operated) {
      operated(operated);
    }
  }

  private void struck(Fact.Struck struck) {
    Trouble trouble = struck.trouble();
    if (state.settled == null) {
      // The first failure opened it, whatever the finding has come to speak of since.
      state.openedAt = trouble.occurredAt();
      state.discover(trouble.summary());
    }
    boolean first = state.settled == null;
    if (isNews(trouble)) {
      news(struck);
      return;
    }
    state.settled = trouble;
    if (state.errors.size() < IncidentState.ERRORS_LIMIT) {
      state.errors.add(trouble.summary());
    }
    if (trouble.cause() != null) {
      state.note(
          struck.at(),
          Phase.RCA,
          String.format(
              Locale.ROOT,
              "%s (%s, %s)",
              trouble.cause().title(),
              trouble.cause().category(),
              trouble.cause().transience().name().toLowerCase(Locale.ROOT)));
    }
    Attempt tried = state.outstanding();
    if (tried != null) {
      end(tried, AttemptStatus.FAILED, "it failed again: " + trouble.summary());
      state.note(struck.at(), Phase.VERIFY, name(tried) + " did not help");
      outputs.add(
          new Output.Asked(
              state.route, new Request.Withdraw(tried.commandId, struck.at(), "it failed again")));
    }
    if (state.resolved()) {
      state.status = IncidentStatus.OPEN;
      state.resolvedAt = NONE;
    }
    foresee(struck.at());
    hang(first, struck.at());
    plan(struck.at());
  }

  private void foresee(long at) {
    String before = state.likelyNext;
    state.likelyNext = LikelyNext.of(state.route, state.settled, at, view);
    if (state.likelyNext != null && !state.likelyNext.equals(before)) {
      state.note(at, Phase.ANALYZE, "likely to fail next: " + state.likelyNext);
    }
  }

  /**
   * Finds what the failure hangs on: what a policy names at the first failure only, what a task has
   * started each time, as a repair starts it anew.
   */
  private void hang(boolean first, long at) {
    Upstream found = Hanging.of(state.route, state.settled, state.openedAt, view);
    if (found == null || found.equals(state.upstream) || (found.declared() && !first)) {
      return;
    }
    state.upstream = found;
    state.note(
        at,
        Phase.ANALYZE,
        found.shown()
            + (found.declared() ? " failed before it" : ", which it started, failed")
            + ": run "
            + found.runId());
    if (found.declared()) {
      state.upstreamAt = at;
    }
  }

  /** Waits on, or goes on once the job that it hangs on has succeeded or has had its time. */
  private void lookUpstream(long at) {
    RunEnd success = Hanging.success(state.route, state.upstream, at, view);
    if (success != null) {
      state.upstreamAt = Step.NEVER;
      state.note(
          at,
          Phase.ANALYZE,
          state.upstream.shown() + " has succeeded since: run " + success.runId());
      plan(at);
    } else {
      state.upstreamAt = Step.NEVER;
      escalate(
          at,
          AlertTrigger.NONE,
          state.upstream.shown()
              + ", which failed before it, has not succeeded within "
              + policy(state.openedAt).runs().upstreamWait());
    }
  }

  /** That a job still has not succeeded is no news; then it is looked at again later. */
  private boolean looksInVain(long at) {
    if (state.upstreamAt > at
        || upstreamUntil() <= at
        || Hanging.success(state.route, state.upstream, at, view) != null) {
      return false;
    }
    state.upstreamAt = Math.min(at + UPSTREAM_MILLIS, upstreamUntil());
    return true;
  }

  private long upstreamUntil() {
    return state.openedAt + policy(state.openedAt).runs().upstreamWait().toMillis();
  }

  private boolean waitsForUpstream() {
    return state.upstreamAt != Step.NEVER;
  }

  /** Whether it tells more of what has happened already, and not that it has happened again. */
  private boolean isNews(Trouble trouble) {
    if (state.settled == null) {
      return false;
    }
    return switch (trouble.kind()) {
      case RULE_AUTO_DISABLED -> true;
      case PARTITION_MISSING -> isUnderWay() || saysTheSame(state.settled, trouble);
      default -> false;
    };
  }

  /**
   * Whether a remedy was asked for and may be at work. What a control table says of the partition
   * meanwhile is no judgement on it, and a second one must not begin beside it.
   */
  private boolean isUnderWay() {
    Attempt tried = state.outstanding();
    return tried != null && !tried.dryRun && state.status != IncidentStatus.VERIFYING;
  }

  /** Whether a table says the same of a partition, though something about it has changed. */
  private static boolean saysTheSame(Trouble one, Trouble other) {
    return ROW.stream()
        .allMatch(name -> Objects.equals(one.attributes().get(name), other.attributes().get(name)));
  }

  private void news(Fact.Struck struck) {
    Attempt tried = state.outstanding();
    boolean begun = tried != null && tried.status != AttemptStatus.REQUESTED;
    if (begun
        && struck.trouble().kind() == FindingKind.PARTITION_MISSING
        && !saysTheSame(state.settled, struck.trouble())) {
      // A pipeline writes what its validation found before it ends.
      tried.detail = IN_VAIN + struck.trouble().summary();
    }
    state.settled = struck.trouble();
    state.note(struck.at(), Phase.ANALYZE, struck.trouble().summary());
    if (!begun && state.settled.attributes().containsKey("waitsFor")) {
      withdraw(struck.at(), "it has to wait for " + state.settled.attributes().get("waitsFor"));
    }
    planUnlessUnderWay(struck.at());
  }

  private void planUnlessUnderWay(long at) {
    if (!state.resolved() && state.settled != null && state.outstanding() == null) {
      plan(at);
    }
  }

  private void recovered(Fact.Recovered recovered) {
    Attempt tried = state.outstanding();
    state.planned = null;
    if (tried != null) {
      boolean proven = !tried.dryRun;
      state.note(
          recovered.at(),
          Phase.VERIFY,
          (proven ? "telemetry shows that " + name(tried) + " worked: " : "it recovered: ")
              + recovered.summary());
      end(tried, proven ? AttemptStatus.SUCCEEDED : AttemptStatus.DRY_RUN, tried.detail);
      outputs.add(
          new Output.Asked(
              state.route,
              new Request.Withdraw(tried.commandId, recovered.at(), "the trouble is over")));
    } else {
      state.note(recovered.at(), Phase.VERIFY, "it recovered: " + recovered.summary());
    }
    resolve(recovered.at(), "resolved");
  }

  private void reported(Fact.Reported reported) {
    Attempt attempt = state.attempt(reported.commandId());
    if (attempt == null) {
      return;
    }
    outputs.add(
        new Output.Asked(
            state.route,
            new Request.Report(
                reported.commandId(), reported.at(), reported.status(), reported.externalRef())));
    String detail = reported.detail() == null ? "" : ": " + reported.detail();
    state.note(
        reported.at(),
        Phase.REMEDIATE,
        reported.actor()
            + " reports "
            + name(attempt)
            + " "
            + reported.status().name().toLowerCase(Locale.ROOT)
            + detail);
    if (!attempt.open || attempt != state.outstanding()) {
      return;
    }
    switch (reported.status()) {
      case ACCEPTED, DUPLICATE -> {
        attempt.status = AttemptStatus.ACCEPTED;
        state.expiryAt = Step.NEVER;
      }
      case SUCCEEDED -> {
        if (attempt.detail != null && attempt.detail.startsWith(IN_VAIN)) {
          end(attempt, AttemptStatus.FAILED, attempt.detail);
          plan(reported.at());
          return;
        }
        attempt.status = AttemptStatus.ACCEPTED;
        attempt.detail = reported.detail();
        state.expiryAt = Step.NEVER;
        state.proofBy =
            reported.at() + policy(reported.at()).rules(attempt.action).verifyWithin().toMillis();
        state.status = IncidentStatus.VERIFYING;
        state.note(reported.at(), Phase.VERIFY, "done; waiting for telemetry to prove it");
      }
      case FAILED, REJECTED, TIMED_OUT -> {
        end(
            attempt,
            AttemptStatus.FAILED,
            reported.status().name().toLowerCase(Locale.ROOT) + detail);
        plan(reported.at());
      }
      case UNKNOWN -> attempt.detail = "an outcome of an unknown kind" + detail;
    }
  }

  private void decided(Fact.Decided decided) {
    Attempt attempt = state.attempt(decided.commandId());
    if (attempt == null || !attempt.open) {
      return;
    }
    outputs.add(
        new Output.Asked(
            state.route,
            new Request.Decide(
                decided.commandId(),
                decided.at(),
                decided.decision(),
                decided.by(),
                decided.comment())));
    String comment = decided.comment() == null ? "" : ": " + decided.comment();
    if (decided.decision() == Decision.APPROVED) {
      state.status = IncidentStatus.REMEDIATING;
      state.note(
          decided.at(), Phase.REMEDIATE, decided.by() + " approved " + name(attempt) + comment);
    } else if (decided.decision() == Decision.DENIED) {
      end(attempt, AttemptStatus.REVOKED, "denied by " + decided.by() + comment);
      state.note(
          decided.at(), Phase.REMEDIATE, decided.by() + " denied " + name(attempt) + comment);
      escalate(decided.at(), AlertTrigger.DENIED, "the remedy was denied by " + decided.by());
    }
  }

  private void operated(Fact.Operated operated) {
    String comment = operated.comment() == null ? "" : ": " + operated.comment();
    String what = operated.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    state.note(operated.at(), Phase.ANALYZE, operated.by() + ": " + what + comment);
    announcements.audit(operated.at(), operated.by(), operated.kind().name(), what + comment);
    switch (operated.kind()) {
      case ACK, UNKNOWN -> {}
      case VERDICT -> verdict(operated);
      case SNOOZE, PAUSE ->
          state.pausedUntil = operated.until() == NONE ? Step.NEVER : operated.until();
      case RESUME -> {
        // What waited is due now, not at the time that has passed meanwhile.
        state.pausedUntil = operated.at();
        state.takenOver = false;
      }
      case TAKE_OVER -> {
        withdraw(operated.at(), "taken over by " + operated.by());
        state.upstreamAt = Step.NEVER;
        state.takenOver = true;
      }
      case CLOSE -> {
        withdraw(operated.at(), "closed by " + operated.by());
        resolve(operated.at(), "closed by " + operated.by());
      }
      case REOPEN -> {
        if (state.resolved()) {
          state.status = IncidentStatus.OPEN;
          state.resolvedAt = NONE;
        }
      }
    }
  }

  private void verdict(Fact.Operated operated) {
    state.lessons = operated.comment();
    if (operated.fix() == null) {
      return;
    }
    state.note(operated.at(), Phase.ANALYZE, operated.by() + " names the fix: " + operated.fix());
    boolean first = state.fix == null;
    state.fix = operated.fix();
    boolean isWaitedFor =
        state.settled != null && state.settled.kind() == FindingKind.RULE_AUTO_DISABLED;
    if (first && isWaitedFor) {
      planUnlessUnderWay(operated.at());
    }
  }

  private void meet(long deadline) {
    if (state.planned != null && Math.max(state.planned.due(), state.pausedUntil) <= deadline) {
      Plan.Attempt due = postponed(state.planned, deadline);
      state.planned = null;
      follow(Planner.recheck(state.settled, known(deadline), due), deadline);
    } else if (state.expiryAt <= deadline) {
      expire(deadline);
    } else if (state.upstreamAt <= deadline) {
      lookUpstream(deadline);
    } else {
      unproven(deadline);
    }
  }

  /** What waited because a person said so is worth doing for as long as if it had not. */
  private static Plan.Attempt postponed(Plan.Attempt planned, long at) {
    if (at <= planned.due()) {
      return planned;
    }
    return new Plan.Attempt(
        planned.commandId(),
        planned.action(),
        planned.attempt(),
        planned.maxAttempts(),
        at,
        planned.expiresAt() + at - planned.due(),
        planned.parameters(),
        planned.reason(),
        planned.rollback());
  }

  private void plan(long at) {
    state.planned = null;
    if (state.takenOver) {
      return;
    }
    if (waitsForUpstream()) {
      follow(new Plan.Wait("waits until " + state.upstream.shown() + " has succeeded"), at);
      return;
    }
    Plan plan =
        Planner.next(state.id, state.settled, known(at), state.attempts.size(), at, policy(at));
    if (plan instanceof Plan.Attempt attempt) {
      state.planned = attempt;
      state.status = IncidentStatus.OPEN;
    } else {
      follow(plan, at);
    }
  }

  /** What has come due is asked for, and all else is for people. */
  private void follow(Plan plan, long at) {
    if (plan instanceof Plan.Attempt attempt) {
      ask(attempt, at);
    } else if (plan instanceof Plan.Escalate escalate) {
      escalate(at, escalate.trigger(), escalate.why());
    } else if (plan instanceof Plan.Tell tell) {
      tell(at, tell.why());
    } else if (plan instanceof Plan.Wait wait) {
      state.status = IncidentStatus.OPEN;
      state.note(at, Phase.ANALYZE, wait.why());
    }
  }

  private Known known(long at) {
    Subject subject = state.settled.subject();
    boolean isRule = subject.type() == ResourceType.SENTINEL_RULE;
    RuleProfile rule =
        isRule ? view.ruleProfile(state.route, subject.id(), at) : RuleProfile.UNKNOWN;
    Trouble trouble = state.settled;
    boolean isTriedAgain = trouble.kind() == FindingKind.RUN_FAILED && trouble.cause() != null;
    RepairOdds repairs =
        isTriedAgain ? view.repairs(state.route, trouble.cause().key(), at) : RepairOdds.NONE;
    boolean mended =
        state.upstream != null
            && state.upstream.declared()
            && Hanging.success(state.route, state.upstream, at, view) != null;
    return new Known(rule.standing(), state.fix, repairs, mended);
  }

  private void ask(Plan.Attempt due, long at) {
    Mode mode = policy(at).mode(due.action());
    if (mode == Mode.OFF) {
      escalate(at, AlertTrigger.NONE, "remediation is off; " + due.reason());
      return;
    }
    Trouble trouble = state.settled;
    boolean dryRun = mode == Mode.DRY_RUN;
    Attempt attempt =
        new Attempt(
            due.commandId(),
            due.action(),
            due.attempt(),
            at,
            dryRun,
            dryRun ? AttemptStatus.DRY_RUN : AttemptStatus.REQUESTED,
            null);
    state.attempts.add(attempt);
    state.expiryAt = dryRun ? Step.NEVER : due.expiresAt();
    state.proofBy =
        (dryRun ? at : due.expiresAt()) + policy(at).rules(due.action()).verifyWithin().toMillis();
    state.status =
        switch (mode) {
          case APPROVAL -> IncidentStatus.AWAITING_APPROVAL;
          case AUTO -> IncidentStatus.REMEDIATING;
          case DRY_RUN, OFF -> IncidentStatus.OPEN;
        };
    state.note(
        at,
        Phase.REMEDIATE,
        (dryRun ? "would ask for " : "asks for ") + name(attempt) + ": " + due.reason());
    outputs.add(
        new Output.Asked(
            state.route,
            new Request.Release(
                due.commandId(),
                at,
                announcements.command(due, at, policy(at)),
                trouble.owner(),
                announcements.escalateTo(policy(at)))));
  }

  private void expire(long at) {
    Attempt attempt = state.outstanding();
    state.expiryAt = Step.NEVER;
    if (attempt == null) {
      return;
    }
    outputs.add(
        new Output.Asked(
            state.route,
            new Request.Withdraw(
                attempt.commandId, at, "expired: it was not worth doing any more")));
    if (state.status == IncidentStatus.AWAITING_APPROVAL) {
      end(attempt, AttemptStatus.EXPIRED, "nobody approved it in time");
      escalate(at, AlertTrigger.NONE, "nobody approved " + name(attempt) + " in time");
    }
  }

  private void unproven(long at) {
    Attempt attempt = state.outstanding();
    state.proofBy = Step.NEVER;
    if (attempt == null) {
      return;
    }
    if (attempt.dryRun) {
      end(attempt, AttemptStatus.DRY_RUN, "a dry run: nothing was done");
      escalate(
          at, AlertTrigger.NONE, "it did not recover, and " + name(attempt) + " was a dry run");
    } else {
      end(attempt, AttemptStatus.EXPIRED, "telemetry never proved that it worked");
      escalate(
          at, AlertTrigger.MISSING_EVIDENCE, "nothing shows that " + name(attempt) + " worked");
    }
  }

  private void escalate(long at, AlertTrigger trigger, String why) {
    state.status = IncidentStatus.ESCALATED;
    state.planned = null;
    state.note(at, Phase.ESCALATE, why);
    if (isToldUpstream(at)) {
      return;
    }
    announcements.escalation(at, trigger, why, policy(at));
  }

  private void tell(long at, String why) {
    state.status = IncidentStatus.ESCALATED;
    state.note(at, Phase.ESCALATE, why);
    if (!isToldUpstream(at)) {
      announcements.recurring(at, why, policy(at));
    }
  }

  /** One trouble is told once: by the run that another one has started, where that failed. */
  private boolean isToldUpstream(long at) {
    boolean told =
        state.upstream != null
            && !state.upstream.declared()
            && Hanging.isToldOf(state.route, state.upstream, at, view);
    if (told) {
      state.note(
          at,
          Phase.ESCALATE,
          "people are told of it by "
              + IncidentTracker.incidentId(state.route, state.upstream.findingId()));
    }
    return told;
  }

  private void withdraw(long at, String why) {
    state.planned = null;
    Attempt attempt = state.outstanding();
    if (attempt != null) {
      end(attempt, AttemptStatus.REVOKED, why);
      state.status = IncidentStatus.OPEN;
      outputs.add(new Output.Asked(state.route, new Request.Withdraw(attempt.commandId, at, why)));
    }
  }

  private void resolve(long at, String how) {
    if (state.resolved()) {
      return;
    }
    state.status = IncidentStatus.RESOLVED;
    state.resolvedAt = at;
    state.planned = null;
    state.upstreamAt = Step.NEVER;
    state.note(at, Phase.CLOSE, how);
    announcements.clear(at, policy(at));
    announcements.audit(at, "mendline", "RESOLVE", how);
  }

  private void leave(long at) {
    if (state.resolved()) {
      state.forgotten = true;
      outputs.add(new Output.Forgot(state.route, state.id));
    } else {
      state.changedAt = at;
      withdraw(at, "nothing was heard of it for 30 days");
      resolve(at, "closed: nothing was heard of it for 30 days");
    }
  }

  private void end(Attempt attempt, AttemptStatus status, String detail) {
    // A dry run had no effect, so it can neither have failed nor have worked.
    attempt.status = attempt.dryRun ? AttemptStatus.DRY_RUN : status;
    attempt.detail = detail;
    attempt.open = false;
    state.expiryAt = Step.NEVER;
    state.proofBy = Step.NEVER;
  }

  private Policy policy(long at) {
    return view.policy(at);
  }

  private static String name(Attempt attempt) {
    return attempt.action + " (attempt " + attempt.number + ")";
  }
}
