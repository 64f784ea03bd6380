package io.mendline.processors.sentinel;

import io.mendline.processors.pipeline.Coordinates;
import io.mendline.schemas.Transience;
import io.mendline.serdes.binary.WireEnum;
import io.mendline.serdes.telemetry.RuleChange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What is kept of one record about a rule that says more than that a run went well: of a run, or of
 * a change of the rule.
 *
 * @param time when it is judged, epoch milliseconds: event time of the record, of a change {@link
 *     RuleTurn#ECHO} later
 * @param contentId its identity
 * @param outcome what became of the run
 * @param nrt the rule runs in near real time, every minute
 * @param autoDisabled its name has the prefix that Sentinel puts before a rule it has disabled
 * @param windowStart start of the data looked at, epoch milliseconds; only of NRT rules, else
 *     absent
 * @param windowEnd end of the data looked at, epoch milliseconds; absent where it is not told
 * @param issues what the record complains of, each once; of a run that went well mostly empty
 * @param cause why it failed or what went wrong most surely; nullable
 * @param told what Sentinel says about a disabled rule; null of all others
 * @param rule the rule as the record describes it
 * @param turn the change; null of a run
 * @param proofs where it was read; of a change that two logs tell of, both
 */
record RuleRun(
    long time,
    long contentId,
    Outcome outcome,
    boolean nrt,
    boolean autoDisabled,
    long windowStart,
    long windowEnd,
    List<Issue> issues,
    Cause cause,
    Told told,
    Rule rule,
    RuleTurn turn,
    List<Proof> proofs) {

  /** Records are judged in the order of event time and content, never of arrival. */
  static final Comparator<RuleRun> ORDER =
      Comparator.comparingLong(RuleRun::time).thenComparingLong(RuleRun::contentId);

  /** What became of a run. */
  enum Outcome implements WireEnum {
    /** It went to its end. */
    SUCCEEDED(1),
    /** It went to its end with something lost or a warning. */
    IMPAIRED(2),
    /** It failed. */
    FAILED(3),
    /** There was none, as the rule is disabled. */
    NOT_RUN(4),
    /** There was none: the rule was changed. */
    CHANGED(5),
    /** The record does not say. */
    UNTOLD(0);

    private final int code;

    Outcome(int code) {
      this.code = code;
    }

    @Override
    public int code() {
      return code;
    }
  }

  /**
   * One thing a record complains of.
   *
   * @param id one for both styles in which Sentinel spells a code
   * @param code the code as spelled; null where only the record's words or status tell of it
   * @param cause what is known of it; null where the record does not even have words
   */
  record Issue(String id, String code, Cause cause) {
    /** The id of what is only told by a run's status. */
    static final String UNSPECIFIED = "unspecified";

    /** Whether it is of no interest until it has come several times in a row. */
    boolean mayPass() {
      return !id.equals(UNSPECIFIED) && cause.transience() == Transience.TRANSIENT;
    }
  }

  /**
   * What Sentinel says about a disabled rule.
   *
   * @param reason as given, cut; nullable
   * @param description as given, cut; nullable
   */
  record Told(String reason, String description) {}

  /**
   * A rule as one record describes it.
   *
   * @param name as given; nullable
   * @param workspace the workspace; nullable
   * @param tenant the tenant; nullable
   */
  record Rule(String name, String workspace, String tenant) {}

  /**
   * Where a record was read.
   *
   * @param at its coordinates
   * @param ref the source's number for it; nullable
   */
  record Proof(Coordinates at, String ref) {}

  /** When it happened, epoch milliseconds. */
  long happenedAt() {
    return turn == null ? time : turn.at();
  }

  /** The same change, with what a second record tells of it. */
  RuleRun with(RuleRun echo) {
    List<Proof> both = new ArrayList<>(proofs);
    both.addAll(echo.proofs);
    boolean isRich = turn.told() == RuleChange.Told.AUDIT;
    RuleRun rich = isRich ? this : echo;
    RuleRun rest = isRich ? echo : this;
    boolean prefixed = autoDisabled || echo.autoDisabled;
    boolean richName = rich.rule.name() != null && rich.autoDisabled == prefixed;
    return new RuleRun(
        time,
        contentId,
        outcome,
        nrt,
        prefixed,
        windowStart,
        windowEnd,
        issues,
        cause == null ? echo.cause : cause,
        told,
        richName || rest.rule.name() == null ? rich.rule : rest.rule,
        turn.with(echo.turn),
        List.copyOf(both));
  }

  /** Whether the rule was run at all, well or not. */
  boolean executed() {
    return ended() || outcome == Outcome.FAILED;
  }

  /**
   * Whether the rule was run after an instant. A run is logged minutes after it looked at its data,
   * and may be so hours after.
   */
  boolean executedAfter(long instant) {
    return executed() && (windowEnd < 0 || windowEnd > instant);
  }

  /** Whether a run looked at its data, if not without trouble. */
  boolean ended() {
    return outcome == Outcome.SUCCEEDED || outcome == Outcome.IMPAIRED;
  }

  /** Whether the record complains of this. */
  boolean names(String issue) {
    for (Issue one : issues) {
      if (one.id().equals(issue)) {
        return true;
      }
    }
    return false;
  }

  /** How long a stretch of data the run looked at, which for an NRT rule is its delay; 0 untold. */
  long delay() {
    return nrt && windowStart >= 0 && windowEnd > windowStart ? windowEnd - windowStart : 0;
  }

  /** Up to when the data of an NRT rule has been seen by this run; absent for all others. */
  long seenUntil() {
    return !nrt ? -1 : windowEnd >= 0 ? windowEnd : time;
  }

  /** Whether nothing can be said of it but that the rule went well, and when. */
  boolean healthy(Duration warn) {
    return outcome == Outcome.SUCCEEDED
        && issues.isEmpty()
        && !autoDisabled
        && delay() <= warn.toMillis();
  }
}
