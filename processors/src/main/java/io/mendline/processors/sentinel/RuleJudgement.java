package io.mendline.processors.sentinel;

import io.mendline.processors.pipeline.Output;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.processors.pipeline.View;
import io.mendline.processors.sentinel.RuleHealthDetector.Thresholds;
import io.mendline.processors.sentinel.RuleRun.Issue;
import io.mendline.processors.sentinel.RuleRun.Outcome;
import io.mendline.schemas.Confidence;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.FindingStatus;
import io.mendline.schemas.Severity;
import io.mendline.schemas.Transience;
import java.util.ArrayList;
import java.util.List;

/** Judges the records of one rule one after the other, in the order of event time. */
final class RuleJudgement {
  private static final String NO_ISSUE = "";
  private static final String RULE_DISABLED = "sentinel/rule-disabled";

  private final StateKey key;
  private final RuleHealth state;
  private final Thresholds thresholds;
  private final View view;
  private final List<Output> outputs = new ArrayList<>();

  RuleJudgement(StateKey key, RuleHealth state, Thresholds thresholds, View view) {
    this.key = key;
    this.state = state;
    this.thresholds = thresholds;
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
    if (run.autoDisabled()) {
      autoDisabled(run);
    } else if (run.outcome() == Outcome.NOT_RUN) {
      disabled(run);
    }
    switch (run.outcome()) {
      case SUCCEEDED, IMPAIRED -> ended(run);
      case FAILED -> failed(run);
      case NOT_RUN -> {
        // What a rule leaves unseen because it is switched off is no delay.
        state.unseen = null;
        state.unseenSince = -1;
        state.seenUntil = -1;
      }
      case UNTOLD -> {
        // It speaks of the name alone.
      }
    }
  }

  private void ended(RuleRun run) {
    state.failures = null;
    state.passing.removeIf(streak -> !run.names(streak.id));
    for (Issue issue : run.issues()) {
      degraded(run, issue);
    }
    if (run.delay() > thresholds.warn().toMillis()) {
      delayed(run, run.windowStart(), run.windowEnd(), 0);
    }
    seen(run);
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
      if (streak.count < thresholds.transientRuns()) {
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
    raise(trouble);
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
      raise(trouble);
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
      state.unseenSince =
          state.seenUntil >= 0 ? state.seenUntil : told ? run.windowStart() : run.time();
    } else {
      state.unseen.add(run);
    }
    if (run.time() - state.unseenSince > thresholds.warn().toMillis()) {
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
        trouble.severity == Severity.LOW && trouble.delay() > thresholds.delayed().toMillis();
    if (graver) {
      trouble.severity = Severity.MEDIUM;
    }
    if (!raised) {
      raise(trouble);
    } else if (graver) {
      revise(trouble);
    }
  }

  private void autoDisabled(RuleRun run) {
    RuleTrouble open = state.open(FindingKind.RULE_AUTO_DISABLED, NO_ISSUE);
    if (open != null) {
      open.last = run.time();
      open.runs++;
      return;
    }
    RuleTrouble trouble = trouble(FindingKind.RULE_AUTO_DISABLED, NO_ISSUE, run);
    trouble.severity = Severity.HIGH;
    trouble.confidence =
        DisabledRules.hasExactPrefix(run.rule().name()) ? Confidence.HIGH : Confidence.MEDIUM;
    trouble.told = run.told();
    trouble.cause = run.cause();
    boolean saysWhy = run.cause() != null && !run.cause().key().equals(RULE_DISABLED);
    RuleTrouble before = saysWhy ? null : lastRunUp();
    if (before != null) {
      trouble.cause = before.cause;
    }
    raise(trouble);
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
    raise(trouble);
  }

  private void clear(RuleRun run, boolean late) {
    for (RuleTrouble trouble : List.copyOf(state.open)) {
      if (clears(run, trouble) && (!late || trouble.last < run.time())) {
        state.open.remove(trouble);
        trouble.revision++;
        Finding finding =
            RuleFindings.of(key, trouble, thresholds, FindingStatus.CLEARED, run.time(), view);
        outputs.add(new Output.Found(key.route(), finding));
        outputs.add(settled(run.time(), finding));
      }
    }
  }

  private boolean clears(RuleRun run, RuleTrouble trouble) {
    return switch (trouble.kind) {
      case RULE_AUTO_DISABLED -> !run.autoDisabled() && (run.rule().name() != null || run.ended());
      case RULE_DISABLED -> run.executed();
      case RULE_DELAYED -> run.ended() && run.delay() <= thresholds.warn().toMillis();
      // A run that failed does not show that what was wrong before is mended.
      default -> run.ended() && !run.names(trouble.issue);
    };
  }

  private RuleTrouble trouble(FindingKind kind, String issue, RuleRun run) {
    return new RuleTrouble(
        kind, issue, run.time(), run.contentId(), run.time(), run.rule(), List.of(run.proof()));
  }

  private RuleTrouble trouble(FindingKind kind, Streak streak, RuleRun run) {
    RuleTrouble trouble =
        new RuleTrouble(
            kind, streak.id, streak.since, streak.first, run.time(), run.rule(), streak.proofs);
    trouble.runs = streak.count;
    return trouble;
  }

  private void raise(RuleTrouble trouble) {
    if (state.open.size() == RuleHealthDetector.MAX_OPEN) {
      state.dropped++;
      return;
    }
    state.open.add(trouble);
    Finding finding =
        RuleFindings.of(key, trouble, thresholds, FindingStatus.RAISED, trouble.last, view);
    outputs.add(new Output.Found(key.route(), finding));
    outputs.add(settled(trouble.raisedAt, finding));
  }

  private void revise(RuleTrouble trouble) {
    trouble.revision++;
    outputs.add(
        new Output.Found(
            key.route(),
            RuleFindings.of(key, trouble, thresholds, FindingStatus.RAISED, trouble.last, view)));
  }

  private Output settled(long at, Finding finding) {
    return new Output.Settled(key.route(), at, Source.SENTINEL.bit(), finding);
  }
}
