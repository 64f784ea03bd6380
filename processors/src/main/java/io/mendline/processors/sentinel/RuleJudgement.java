package io.mendline.processors.sentinel;

import io.mendline.processors.pipeline.Output;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.processors.pipeline.View;
import io.mendline.processors.policy.Policy;
import io.mendline.processors.sentinel.RuleRun.Issue;
import io.mendline.processors.sentinel.RuleRun.Outcome;
import io.mendline.schemas.Confidence;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.FindingStatus;
import io.mendline.schemas.Severity;
import io.mendline.schemas.Transience;
import io.mendline.serdes.telemetry.RuleChange.Before;
import java.util.ArrayList;
import java.util.List;

/** Judges the records of one rule one after the other, in the order of event time. */
final class RuleJudgement {
  private static final String NO_ISSUE = "";
  private static final String RULE_DISABLED = "sentinel/rule-disabled";

  private final StateKey key;
  private final RuleHealth state;
  private final View view;
  private final List<Output> outputs = new ArrayList<>();

  RuleJudgement(StateKey key, RuleHealth state, View view) {
    this.key = key;
    this.state = state;
    this.view = view;
  }

  List<Output> outputs() {
    return outputs;
  }

  /** Judges all records up to an instant, which the watermark has passed. */
  void upTo(long instant) {
    for (RuleRun run = state.next(instant); run != null; run = state.next(instant)) {
      judge(run);
    }
    state.judgedUntil = Math.max(state.judgedUntil, instant);
  }

  /**
   * Takes a record that comes after its time was judged: it clears what it would have cleared, if
   * nothing later has told of it again, and raises nothing.
   */
  void late(RuleRun run) {
    clear(run, true);
    if (run.turn() != null) {
      lateChange(run);
    }
    if (run.ended()) {
      state.passing.removeIf(streak -> streak.last < run.time() && !run.names(streak.id));
      if (state.failures != null && state.failures.last < run.time()) {
        state.failures = null;
      }
      if (state.unseen != null && state.unseen.last < run.time()) {
        seen(run);
      }
    }
  }

  private void judge(RuleRun run) {
    clear(run, false);
    if (run.executed()) {
      state.off = false;
    }
    if (run.turn() != null) {
      changed(run, run.turn());
    } else if (run.autoDisabled() && !run.ended()) {
      // A run that ended shows that the rule is enabled, whatever its name is still.
      autoDisabled(run);
    } else if (run.outcome() == Outcome.NOT_RUN) {
      disabled(run);
    }
    switch (run.outcome()) {
      case SUCCEEDED, IMPAIRED -> ended(run);
      case FAILED -> failed(run);
      case NOT_RUN -> notExpectedToSee();
      case UNTOLD, CHANGED -> {
        // It speaks of the name alone, or of the rule.
      }
    }
  }

  /** What a rule leaves unseen because it is switched off is no delay. */
  private void notExpectedToSee() {
    state.unseen = null;
    state.unseenSince = -1;
    state.seenUntil = -1;
  }

  private void changed(RuleRun run, RuleTurn turn) {
    state.changedAt = Math.max(state.changedAt, turn.at());
    if (turn.isDeletion()) {
      notExpectedToSee();
      state.off = false;
      state.passing.clear();
      state.failures = null;
      deleted(run);
    } else if (turn.enables()) {
      state.off = false;
    } else if (turn.leavesDisabled()) {
      notExpectedToSee();
      boolean knownToBeOff = state.off;
      state.off = true;
      leftDisabled(run, turn, knownToBeOff);
    } else if (run.autoDisabled() && state.open(FindingKind.RULE_AUTO_DISABLED, NO_ISSUE) == null) {
      autoDisabled(run);
    }
  }

  private void deleted(RuleRun run) {
    if (state.open(FindingKind.RULE_DELETED, NO_ISSUE) == null) {
      RuleTrouble trouble = trouble(FindingKind.RULE_DELETED, NO_ISSUE, run);
      trouble.turn = run.turn();
      raise(trouble, run);
    }
  }

  private void leftDisabled(RuleRun run, RuleTurn turn, boolean knownToBeOff) {
    RuleTrouble bySentinel = state.open(FindingKind.RULE_AUTO_DISABLED, NO_ISSUE);
    RuleTrouble open = state.open(FindingKind.RULE_DISABLED, NO_ISSUE);
    if (bySentinel != null) {
      ofAutoDisabled(run, turn, bySentinel);
    } else if (run.autoDisabled() && turn.before() != Before.NONE) {
      autoDisabled(run);
    } else if (open != null) {
      if (open.turn == null && turn.mayDisable()) {
        enrich(open, run);
        revise(open);
      }
    } else if (turn.before() == Before.ENABLED || (turn.mayDisable() && !knownToBeOff)) {
      RuleTrouble trouble = trouble(FindingKind.RULE_DISABLED, NO_ISSUE, run);
      trouble.turn = turn;
      trouble.cause = run.cause();
      raise(trouble, run);
    }
  }

  /** The write by which Sentinel has switched the rule off, or a change while it stays so. */
  private void ofAutoDisabled(RuleRun run, RuleTurn turn, RuleTrouble open) {
    boolean unclear = turn.before() == Before.UNKNOWN;
    if (turn.before() == Before.ENABLED || (unclear && isOfBeginning(turn, open))) {
      if (open.turn == null) {
        enrich(open, run);
        revise(open);
      }
    } else if (open.mended == null && turn.before() != Before.NONE) {
      open.mended = turn;
      addProofs(open, run);
      open.last = run.time();
      revise(open);
      outputs.add(settled(open, run.time(), told(open, FindingStatus.RAISED, null)));
    }
  }

  private static boolean isOfBeginning(RuleTurn turn, RuleTrouble open) {
    return turn.at() <= open.since + RuleTurn.ECHO.toMillis();
  }

  /** What was known by words alone is now known by the record of the change. */
  private static void enrich(RuleTrouble open, RuleRun run) {
    open.turn = run.turn();
    open.confidence = Confidence.HIGH;
    addProofs(open, run);
    open.last = Math.max(open.last, run.time());
  }

  private static void addProofs(RuleTrouble open, RuleRun run) {
    if (open.proofs.size() < Streak.MAX_PROOFS) {
      open.proofs.addAll(run.proofs());
    }
  }

  /** A change that comes too late to raise anything may still say who it was. */
  private void lateChange(RuleRun run) {
    RuleTrouble open = state.open(FindingKind.RULE_DISABLED, NO_ISSUE);
    // One that was judged already, told again, is no news.
    boolean news = run.turn().at() > state.changedAt;
    if (news && open != null && open.turn == null && run.turn().mayDisable()) {
      enrich(open, run);
      revise(open);
    }
  }

  private void ended(RuleRun run) {
    state.failures = null;
    state.passing.removeIf(streak -> !run.names(streak.id));
    for (Issue issue : run.issues()) {
      degraded(run, issue);
    }
    if (run.delay() > rules(run).delayWarning().toMillis()) {
      delayed(run, run.windowStart(), run.windowEnd(), 0);
    }
    seen(run);
  }

  private Policy.Sentinel rules(RuleRun run) {
    return view.policy(run.time()).sentinel();
  }

  private void seen(RuleRun run) {
    state.unseen = null;
    state.unseenSince = -1;
    state.seenUntil = Math.max(state.seenUntil, run.seenUntil());
  }

  private void degraded(RuleRun run, Issue issue) {
    RuleTrouble open = state.open(FindingKind.RULE_DEGRADED, issue.id());
    if (open != null) {
      open.last = run.time();
      open.runs++;
      return;
    }
    Streak streak = null;
    if (issue.mayPass()) {
      streak = passing(run, issue.id());
      if (streak.count < rules(run).transientRuns()) {
        return;
      }
      state.passing.remove(streak);
    }
    RuleTrouble trouble =
        streak == null
            ? trouble(FindingKind.RULE_DEGRADED, issue.id(), run)
            : trouble(FindingKind.RULE_DEGRADED, streak, run);
    trouble.cause = issue.cause();
    trouble.code = issue.code();
    trouble.severity =
        issue.cause() != null && issue.cause().transience() == Transience.PERMANENT
            ? Severity.MEDIUM
            : Severity.LOW;
    trouble.confidence = issue.cause() == null ? Confidence.LOW : issue.cause().confidence();
    raise(trouble, run);
  }

  private Streak passing(RuleRun run, String issue) {
    for (Streak streak : state.passing) {
      if (streak.id.equals(issue)) {
        streak.add(run);
        return streak;
      }
    }
    Streak streak = new Streak(issue, run);
    state.passing.add(streak);
    return streak;
  }

  private void failed(RuleRun run) {
    state.passing.removeIf(streak -> !run.names(streak.id));
    Cause cause = run.cause();
    if (cause == null || cause.transience() != Transience.PERMANENT) {
      state.failures = null;
    } else {
      if (state.failures != null && state.failures.id.equals(cause.key())) {
        state.failures.add(run);
      } else {
        state.failures = new Streak(cause.key(), run);
      }
      if (state.failures.count >= RuleHealthDetector.PERMANENT_FAILURES) {
        runUp(run, state.failures);
      }
    }
    if (run.nrt()) {
      unseen(run);
    }
  }

  /** Many failures of one permanent cause: Sentinel disables a rule that goes on like this. */
  private void runUp(RuleRun run, Streak streak) {
    RuleTrouble trouble = state.open(FindingKind.RULE_DEGRADED, streak.id);
    boolean raised = trouble != null;
    if (!raised) {
      trouble = trouble(FindingKind.RULE_DEGRADED, streak, run);
      trouble.code = codeOf(run, streak.id);
      trouble.confidence = run.cause().confidence();
    }
    int told = trouble.failures;
    trouble.cause = run.cause();
    trouble.failures = Math.max(told, streak.count);
    trouble.severity = Severity.HIGH;
    if (!raised) {
      raise(trouble, run);
      return;
    }
    trouble.last = run.time();
    trouble.runs++;
    // Told at 3, 6, 12, 24 and so on: who fails like this fails often.
    if (told == 0 || doublings(trouble.failures) > doublings(told)) {
      revise(trouble);
    }
  }

  private static int doublings(int failures) {
    return Integer.highestOneBit(failures / RuleHealthDetector.PERMANENT_FAILURES);
  }

  private static String codeOf(RuleRun run, String id) {
    for (Issue issue : run.issues()) {
      if (issue.id().equals(id)) {
        return issue.code();
      }
    }
    return null;
  }

  private void unseen(RuleRun run) {
    if (state.unseen == null) {
      state.unseen = new Streak(NO_ISSUE, run);
      boolean told = run.windowStart() >= 0 && run.windowStart() < run.time();
      // Runs before its window that were not heard of may have been lost on the way.
      long unseenFrom = told ? run.windowStart() : state.seenUntil < 0 ? run.time() : -1;
      state.unseenSince = Math.max(state.seenUntil, unseenFrom);
    } else {
      state.unseen.add(run);
    }
    if (run.time() - state.unseenSince > rules(run).delayWarning().toMillis()) {
      delayed(run, state.unseenSince, run.time(), state.unseen.count);
    }
  }

  private void delayed(RuleRun run, long from, long until, int failures) {
    RuleTrouble trouble = state.open(FindingKind.RULE_DELAYED, NO_ISSUE);
    boolean raised = trouble != null;
    if (!raised) {
      trouble = trouble(FindingKind.RULE_DELAYED, NO_ISSUE, run);
      trouble.severity = Severity.LOW;
    } else {
      trouble.last = run.time();
      trouble.runs++;
    }
    if (trouble.cause == null) {
      trouble.cause = run.cause();
    }
    trouble.failures = Math.max(trouble.failures, failures);
    if (until - from > trouble.delay()) {
      trouble.lateFrom = from;
      trouble.lateUntil = until;
    }
    boolean graver =
        trouble.severity == Severity.LOW && trouble.delay() > rules(run).delay().toMillis();
    if (graver) {
      trouble.severity = Severity.MEDIUM;
    }
    if (!raised) {
      raise(trouble, run);
    } else if (graver) {
      revise(trouble);
    }
  }

  private void autoDisabled(RuleRun run) {
    RuleTrouble open = state.open(FindingKind.RULE_AUTO_DISABLED, NO_ISSUE);
    if (open != null) {
      stillAutoDisabled(run, open);
      return;
    }
    RuleTrouble trouble = trouble(FindingKind.RULE_AUTO_DISABLED, NO_ISSUE, run);
    trouble.severity = Severity.HIGH;
    if (run.turn() != null && run.turn().before() == Before.DISABLED) {
      trouble.mended = run.turn();
    } else {
      trouble.turn = run.turn();
    }
    trouble.confidence =
        DisabledRules.hasExactPrefix(run.rule().name()) ? Confidence.HIGH : Confidence.MEDIUM;
    trouble.told = run.told();
    trouble.cause = run.cause();
    RuleTrouble before = saysWhy(run.cause()) ? null : lastRunUp();
    if (before != null) {
      trouble.cause = before.cause;
    }
    raise(trouble, run);
  }

  /** One more record of it, which may be the first that says why. */
  private void stillAutoDisabled(RuleRun run, RuleTrouble open) {
    open.last = run.time();
    open.runs++;
    boolean why = !saysWhy(open.cause) && saysWhy(run.cause());
    if (open.told != null && !why) {
      return;
    }
    open.told = run.told();
    if (why) {
      open.cause = run.cause();
    }
    revise(open);
    if (why) {
      outputs.add(settled(open, run.time(), told(open, FindingStatus.RAISED, null)));
    }
  }

  /** Whether it is more than that the rule is disabled. */
  private static boolean saysWhy(Cause cause) {
    return cause != null && !cause.key().equals(RULE_DISABLED);
  }

  /** Of the open run-ups to a disabling the one told of last; null where there is none. */
  private RuleTrouble lastRunUp() {
    RuleTrouble last = null;
    for (RuleTrouble trouble : state.open) {
      if (trouble.kind == FindingKind.RULE_DEGRADED
          && trouble.failures > 0
          && (last == null || trouble.last > last.last)) {
        last = trouble;
      }
    }
    return last;
  }

  private void disabled(RuleRun run) {
    RuleTrouble open = state.open(FindingKind.RULE_DISABLED, NO_ISSUE);
    if (open != null) {
      open.last = run.time();
      open.runs++;
      return;
    }
    RuleTrouble trouble = trouble(FindingKind.RULE_DISABLED, NO_ISSUE, run);
    trouble.confidence = Confidence.LOW;
    trouble.told = run.told();
    trouble.cause = run.cause();
    raise(trouble, run);
  }

  private void clear(RuleRun run, boolean late) {
    for (RuleTrouble trouble : List.copyOf(state.open)) {
      if (clears(run, trouble) && (!late || trouble.last < run.time())) {
        state.open.remove(trouble);
        trouble.revision++;
        Finding finding = told(trouble, FindingStatus.CLEARED, run);
        outputs.add(new Output.Found(key.route(), finding));
        outputs.add(settled(trouble, run.time(), finding));
      }
    }
  }

  private boolean clears(RuleRun run, RuleTrouble trouble) {
    if (run.turn() != null) {
      return clears(run, run.turn(), trouble);
    }
    return switch (trouble.kind) {
      case RULE_AUTO_DISABLED -> run.ended() || (!run.autoDisabled() && run.rule().name() != null);
      // Who is disabled by Sentinel was not disabled by a person.
      case RULE_DISABLED -> run.executedAfter(trouble.since) || run.autoDisabled();
      case RULE_DELETED -> run.executedAfter(trouble.since);
      case RULE_DELAYED -> run.ended() && run.delay() <= rules(run).delayWarning().toMillis();
      // A run that failed does not show that what was wrong before is mended.
      default -> run.ended() && !run.names(trouble.issue);
    };
  }

  private static boolean clears(RuleRun run, RuleTurn turn, RuleTrouble trouble) {
    if (turn.isDeletion()) {
      return trouble.kind != FindingKind.RULE_DELETED;
    }
    return switch (trouble.kind) {
      case RULE_DELETED -> true;
      case RULE_DISABLED -> turn.enables() || (turn.leavesDisabled() && run.autoDisabled());
      case RULE_AUTO_DISABLED -> turn.enables() || isDisabledAnew(run, turn, trouble);
      default -> false;
    };
  }

  /** A person has switched off what must have been enabled since Sentinel had done so. */
  private static boolean isDisabledAnew(RuleRun run, RuleTurn turn, RuleTrouble open) {
    return turn.leavesDisabled()
        && turn.before() == Before.ENABLED
        && !run.autoDisabled()
        && !isOfBeginning(turn, open);
  }

  private RuleTrouble trouble(FindingKind kind, String issue, RuleRun run) {
    RuleTrouble trouble =
        new RuleTrouble(
            kind,
            issue,
            run.happenedAt(),
            run.contentId(),
            run.happenedAt(),
            run.rule(),
            run.proofs());
    trouble.last = run.time();
    return trouble;
  }

  private RuleTrouble trouble(FindingKind kind, Streak streak, RuleRun run) {
    RuleTrouble trouble =
        new RuleTrouble(
            kind, streak.id, streak.since, streak.first, run.time(), run.rule(), streak.proofs);
    trouble.runs = streak.count;
    return trouble;
  }

  private void raise(RuleTrouble trouble, RuleRun run) {
    if (state.open.size() == RuleHealthDetector.MAX_OPEN) {
      state.dropped++;
      return;
    }
    state.open.add(trouble);
    Finding finding = told(trouble, FindingStatus.RAISED, null);
    outputs.add(new Output.Found(key.route(), finding));
    outputs.add(settled(trouble, run.time(), finding));
  }

  private void revise(RuleTrouble trouble) {
    trouble.revision++;
    outputs.add(new Output.Found(key.route(), told(trouble, FindingStatus.RAISED, null)));
  }

  private Finding told(RuleTrouble trouble, FindingStatus status, RuleRun clearedBy) {
    return RuleFindings.of(key, trouble, status, clearedBy, view);
  }

  /** Of one finding nothing is settled twice at one instant: an order of time has to tell. */
  private Output settled(RuleTrouble trouble, long at, Finding finding) {
    trouble.settledAt = Math.max(at, trouble.settledAt + 1);
    return new Output.Settled(key.route(), trouble.settledAt, Source.SENTINEL.bit(), finding);
  }
}
