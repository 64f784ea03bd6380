package io.mendline.processors.sentinel;

import io.mendline.processors.sentinel.RuleRun.Proof;
import io.mendline.schemas.Confidence;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.Severity;
import java.util.ArrayList;
import java.util.List;

/** One open finding about a rule: what it says now, so that it can be revised and cleared. */
final class RuleTrouble {
  /** What the finding is about. */
  final FindingKind kind;

  /** The issue of a degraded rule; empty for other kinds. */
  final String issue;

  /** Event time of the first record of the episode, epoch milliseconds. */
  final long since;

  /** Identity of that record: with its time it tells episodes apart. */
  final long first;

  /** When it happened that it became one: event time of that record. */
  final long raisedAt;

  /** The rule as the record described it with which it became one. */
  final RuleRun.Rule rule;

  /** Where the first records were read. */
  final List<Proof> proofs;

  /** Event time of the last record that told of it. */
  long last;

  int revision = 1;
  Severity severity = Severity.MEDIUM;
  Confidence confidence = Confidence.HIGH;

  /** Why; null while it is not known. */
  Cause cause;

  /** The code as first spelled; null where there is none. */
  String code;

  /** What Sentinel says of a disabled rule; else null. */
  RuleRun.Told told;

  /** The change by which the rule was switched off or deleted; null where it is not known. */
  RuleTurn turn;

  /** The first change of a rule that Sentinel had switched off, while it stayed so; nullable. */
  RuleTurn mended;

  /** As of when it was settled last, epoch milliseconds. */
  long settledAt = -1;

  /** How many records told of it. */
  int runs = 1;

  /** The longest streak of failed runs with it; 0 where it did not fail. */
  int failures;

  /** The stretch of data that was seen late, epoch milliseconds; absent where not late. */
  long lateFrom = -1;

  long lateUntil = -1;

  RuleTrouble(
      FindingKind kind,
      String issue,
      long since,
      long first,
      long raisedAt,
      RuleRun.Rule rule,
      List<Proof> proofs) {
    this.kind = kind;
    this.issue = issue;
    this.since = since;
    this.first = first;
    this.raisedAt = raisedAt;
    this.rule = rule;
    this.proofs = new ArrayList<>(proofs);
    this.last = raisedAt;
  }

  /** The longest delay so far, milliseconds. */
  long delay() {
    return lateFrom < 0 ? 0 : lateUntil - lateFrom;
  }
}
