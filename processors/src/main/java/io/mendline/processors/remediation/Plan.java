package io.mendline.processors.remediation;

import io.mendline.schemas.Action;
import io.mendline.schemas.AlertTrigger;
import java.util.Map;

/** What to do about a trouble. */
public sealed interface Plan {
  /**
   * Ask for an action.
   *
   * @param attempt counted from 1
   * @param due when, epoch milliseconds of event time: a recovery up to then cancels it
   * @param expiresAt after this it is not worth doing any more, epoch milliseconds
   * @param parameters what the executor needs, sorted
   * @param reason why, in one line
   * @param rollback how to undo it; may be null
   */
  record Attempt(
      String commandId,
      Action action,
      int attempt,
      int maxAttempts,
      long due,
      long expiresAt,
      Map<String, String> parameters,
      String reason,
      String rollback)
      implements Plan {

    /** The same, not worth doing for longer than this, epoch milliseconds. */
    Attempt until(long expiry) {
      return new Attempt(
          commandId, action, attempt, maxAttempts, due, expiry, parameters, reason, rollback);
    }

    /** The same, tried this once whatever the policy allows. */
    Attempt once() {
      return new Attempt(
          commandId, action, attempt, attempt, due, expiresAt, parameters, reason, rollback);
    }

    /** The same, this much later, milliseconds. */
    Attempt later(long by) {
      return new Attempt(
          commandId,
          action,
          attempt,
          maxAttempts,
          due + by,
          expiresAt + by,
          parameters,
          reason,
          rollback);
    }

    /** The same, tried at most so often. */
    Attempt atMost(int attempts) {
      return new Attempt(
          commandId, action, attempt, attempts, due, expiresAt, parameters, reason, rollback);
    }

    /** The same for another reason. */
    Attempt because(String why) {
      return new Attempt(
          commandId, action, attempt, maxAttempts, due, expiresAt, parameters, why, rollback);
    }
  }

  /** Nothing Mendline may or can do: tell a person. */
  record Escalate(AlertTrigger trigger, String why) implements Plan {}

  /** Nothing yet: what it waits for is dealt with by itself, and it is told when that is over. */
  record Wait(String why) implements Plan {}

  /** It is a matter for people to know of, not for anybody to act on at once. */
  record Tell(String why) implements Plan {}
}
