package io.mendline.processors.sentinel;

import io.mendline.processors.pipeline.Payload;
import io.mendline.processors.pipeline.Signal;
import io.mendline.processors.sentinel.RuleRun.Issue;
import io.mendline.processors.sentinel.RuleRun.Outcome;
import io.mendline.serdes.telemetry.RuleChange;
import io.mendline.serdes.telemetry.SentinelHealth;
import io.mendline.serdes.telemetry.SentinelHealth.Operation;
import io.mendline.serdes.telemetry.SentinelHealth.RuleKind;
import io.mendline.serdes.telemetry.TelemetryRecord;
import io.mendline.serdes.text.FreeText;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads what a record, of a run or of a change, says about the health of its rule. */
final class RuleRunReader {
  /** At most so many codes are taken from one record; a handful is usual. */
  static final int MAX_ISSUES = 16;

  /** At most so many characters are kept of what Sentinel says about a disabled rule. */
  static final int MAX_TEXT = 500;

  private static final String DISABLED = "RULE_DISABLED";

  private final Causes causes;

  RuleRunReader(Causes causes) {
    this.causes = causes;
  }

  /** What a signal about a rule says. */
  RuleRun read(Signal signal) {
    TelemetryRecord record = ((Payload.Observed) signal.payload()).record();
    return record instanceof RuleChange change
        ? read(signal, change)
        : read(signal, (SentinelHealth) record);
  }

  private RuleRun read(Signal signal, RuleChange change) {
    RuleTurn turn = RuleTurn.of(change);
    return new RuleRun(
        turn.judgedAt(),
        signal.contentId(),
        Outcome.CHANGED,
        false,
        DisabledRules.hasPrefix(change.name()),
        TelemetryRecord.ABSENT,
        TelemetryRecord.ABSENT,
        List.of(),
        turn.leavesDisabled() ? causes.of(DISABLED, null) : null,
        null,
        new RuleRun.Rule(change.name(), change.workspace(), change.tenant()),
        turn,
        List.of(new RuleRun.Proof(signal.at(), change.recordId())));
  }

  private RuleRun read(Signal signal, SentinelHealth row) {
    Outcome outcome = outcome(row);
    boolean autoDisabled = DisabledRules.hasPrefix(row.name());
    boolean nrt = isNrt(row);
    boolean disabled = outcome == Outcome.NOT_RUN || autoDisabled;
    // What a run that went well has for a description is no cause of anything.
    boolean complains =
        disabled
            || outcome == Outcome.FAILED
            || outcome == Outcome.IMPAIRED
            || !row.issues().isEmpty();
    Cause cause = complains ? causes.of(row) : null;
    return new RuleRun(
        signal.eventTime(),
        signal.contentId(),
        outcome,
        nrt,
        autoDisabled,
        nrt ? row.windowStart() : TelemetryRecord.ABSENT,
        row.windowEnd(),
        issues(row, outcome, cause),
        cause,
        disabled
            ? new RuleRun.Told(
                FreeText.beginning(row.reason(), MAX_TEXT),
                FreeText.beginning(row.description(), MAX_TEXT))
            : null,
        new RuleRun.Rule(row.name(), row.workspace(), row.tenant()),
        null,
        List.of(new RuleRun.Proof(signal.at(), row.recordId())));
  }

  static boolean isNrt(SentinelHealth row) {
    return row.ruleKind() == RuleKind.NRT
        || row.operation() == Operation.NRT_RULE_RUN
        || "NrtRun".equalsIgnoreCase(row.triggerType());
  }

  private static Outcome outcome(SentinelHealth row) {
    if (DisabledRules.saysNotExecuted(row.reason())
        || DisabledRules.saysNotExecuted(row.description())) {
      return Outcome.NOT_RUN;
    }
    return switch (row.status()) {
      case SUCCESS -> Outcome.SUCCEEDED;
      case PARTIAL_SUCCESS, WARNING -> Outcome.IMPAIRED;
      case FAILURE -> Outcome.FAILED;
      case INFORMATIONAL, OTHER -> Outcome.UNTOLD;
    };
  }

  private List<Issue> issues(SentinelHealth row, Outcome outcome, Cause cause) {
    if (outcome == Outcome.NOT_RUN || outcome == Outcome.UNTOLD) {
      return List.of();
    }
    List<Issue> issues = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (String code : row.issues()) {
      String id = causes.of(code, null).key();
      if (issues.size() < MAX_ISSUES && ids.add(id)) {
        issues.add(new Issue(id, code, causes.of(code, row.description())));
      }
    }
    if (issues.isEmpty() && outcome == Outcome.IMPAIRED) {
      issues.add(
          cause == null || Causes.unlisted(cause)
              ? new Issue(Issue.UNSPECIFIED, null, cause)
              : new Issue(cause.key(), null, cause));
    }
    return List.copyOf(issues);
  }
}
