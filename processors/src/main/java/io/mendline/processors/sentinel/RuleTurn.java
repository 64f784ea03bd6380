package io.mendline.processors.sentinel;

import io.mendline.serdes.telemetry.RuleChange;
import io.mendline.serdes.telemetry.RuleChange.Before;
import io.mendline.serdes.telemetry.RuleChange.Enabled;
import io.mendline.serdes.telemetry.RuleChange.Kind;
import io.mendline.serdes.telemetry.RuleChange.Told;
import java.time.Duration;
import java.util.Objects;

/**
 * What a change of a rule says about whether the rule runs, and who made it.
 *
 * @param at event time, epoch milliseconds
 * @param kind what was done
 * @param enabled whether the rule is switched on after it
 * @param before what it was before
 * @param by who did it; nullable
 * @param from the address it was done from; nullable
 * @param correlation the id of the request; nullable
 * @param told which log told it
 */
record RuleTurn(
    long at,
    Kind kind,
    Enabled enabled,
    Before before,
    String by,
    String from,
    String correlation,
    Told told) {

  /**
   * Two logs tell of one change within this time. A change is judged so much after it was made: by
   * then both have told of it, and what is logged meanwhile may have begun before.
   */
  static final Duration ECHO = Duration.ofMinutes(5);

  static RuleTurn of(RuleChange change) {
    return new RuleTurn(
        change.time(),
        change.kind(),
        change.enabled(),
        change.before(),
        change.caller(),
        change.callerIp(),
        change.correlationId(),
        change.told());
  }

  /** When it is judged, epoch milliseconds. */
  long judgedAt() {
    return at + ECHO.toMillis();
  }

  boolean isDeletion() {
    return kind == Kind.DELETE;
  }

  /** Whether the rule is switched on after it. */
  boolean enables() {
    return kind == Kind.WRITE && enabled == Enabled.YES;
  }

  /** Whether the rule is there and switched off after it, if perhaps before it as well. */
  boolean leavesDisabled() {
    return kind == Kind.WRITE && enabled == Enabled.NO;
  }

  /** Whether it may be what has switched the rule off. */
  boolean mayDisable() {
    return leavesDisabled() && (before == Before.ENABLED || before == Before.UNKNOWN);
  }

  /** Whether another, later one may be the same change, told by the other log. */
  boolean mayBe(RuleTurn other) {
    boolean sameEffect =
        kind == other.kind
            && (enabled == other.enabled
                || enabled == Enabled.UNKNOWN
                || other.enabled == Enabled.UNKNOWN);
    return told != other.told && sameEffect && other.at - at <= ECHO.toMillis();
  }

  /** How surely another one that may be the same is it. */
  int likeness(RuleTurn other) {
    boolean sameRequest = correlation != null && Objects.equals(correlation, other.correlation);
    return (sameRequest ? 2 : 0) + (enabled == other.enabled ? 1 : 0);
  }

  /** The change that both tell of: as Sentinel tells it, with what only the other one says. */
  RuleTurn with(RuleTurn other) {
    RuleTurn rich = told == Told.AUDIT ? this : other;
    RuleTurn rest = told == Told.AUDIT ? other : this;
    return new RuleTurn(
        rich.at,
        rich.kind,
        rich.enabled == Enabled.UNKNOWN ? rest.enabled : rich.enabled,
        rich.before == Before.UNKNOWN ? rest.before : rich.before,
        rich.by == null ? rest.by : rich.by,
        rich.from == null ? rest.from : rich.from,
        rich.correlation == null ? rest.correlation : rich.correlation,
        rich.told);
  }
}
