package io.mendline.processors.pipeline;

import io.mendline.schemas.Command;
import io.mendline.schemas.Decision;
import io.mendline.schemas.OutcomeStatus;

/** What the engine tells the governor about one command. */
public sealed interface Request {
  /** The command's id. */
  String commandId();

  /** The event time at which the engine came to it, epoch milliseconds. */
  long at();

  /**
   * Release this command when the rules allow it.
   *
   * @param command as it would be released; whether it is a dry run is for the governor to say
   * @param owner who owns the resource; null where nobody does
   * @param escalateTo whom to ask for approval
   */
  record Release(String commandId, long at, Command command, String owner, String escalateTo)
      implements Request {}

  /** A person decided; {@code by} and {@code comment} as the approval says, comment may be null. */
  record Decide(String commandId, long at, Decision decision, String by, String comment)
      implements Request {}

  /** The executor reported; terminal states free the resource. */
  record Report(String commandId, long at, OutcomeStatus status) implements Request {}

  /** The command is no longer wanted: the trouble is over or was taken out of Mendline's hands. */
  record Withdraw(String commandId, long at, String why) implements Request {}
}
