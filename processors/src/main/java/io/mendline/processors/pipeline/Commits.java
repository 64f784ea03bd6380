package io.mendline.processors.pipeline;

/**
 * Counts the commits of a task, so that a station knows when what it put out can no longer be lost
 * (law 5).
 *
 * <p>Under at-least-once a crash may keep a state and lose the output that went with it. So outputs
 * stay in the state until two further commits have begun: the second begins only after the first
 * has ended.
 */
public interface Commits {
  /**
   * For a runtime in which outputs and state are one transaction, or which keeps no state: no
   * outbox.
   */
  Commits ATOMIC = () -> -1;

  /** How many commits have begun, or -1 when outputs need no keeping. */
  long begun();
}
