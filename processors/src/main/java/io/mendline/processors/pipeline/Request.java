package io.mendline.processors.pipeline;

import io.mendline.schemas.Alert;
import io.mendline.schemas.Command;
import io.mendline.schemas.Decision;
import io.mendline.schemas.OutcomeStatus;

/** What the engine tells the governor. */
public sealed interface Request {
  /** What it is about: the id of a command or of the incident that an alert is grouped under. */
  String id();

  /** The event time at which the engine came to it, epoch milliseconds. */
  long at();

  /** What is said about one command. */
  sealed interface OfCommand extends Request {
    /** The command's id. */
    String commandId();

    @Override
    default String id() {
      return commandId();
    }
  }

  /**
   * Release this command when the rules allow it.
   *
   * @param command as it would be released; whether it is a dry run is for the governor to say
   * @param owner who owns the resource; null where nobody does
   * @param escalateTo whom to ask for approval
   */
  record Release(String commandId, long at, Command command, String owner, String escalateTo)
      implements OfCommand {}

  /** A person decided; {@code by} and {@code comment} as the approval says, comment may be null. */
  record Decide(String commandId, long at, Decision decision, String by, String comment)
      implements OfCommand {}

  /**
   * The executor reported; terminal states free the resource.
   *
   * @param externalRef what the executor calls it, as the id of the run it started; null where it
   *     does not say
   */
  record Report(String commandId, long at, OutcomeStatus status, String externalRef)
      implements OfCommand {}

  /** The command is no longer wanted: the trouble is over or was taken out of Mendline's hands. */
  record Withdraw(String commandId, long at, String why) implements OfCommand {}

  /**
   * Tell people of one of several incidents that are one to them: neighbouring windows of a rule.
   *
   * @param id the incident that they are grouped under
   * @param alert the alert of this incident alone, raised or cleared
   * @param windowStart of its window, epoch milliseconds; negative where it is not known
   * @param windowEnd of its window, epoch milliseconds; negative where it is not known
   */
  record Tell(String id, long at, Alert alert, long windowStart, long windowEnd)
      implements Request {}
}
