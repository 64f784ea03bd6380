package io.mendline.processors.kafka;

/**
 * A failure left a state half changed, and what is stored of it is older than the changes before
 * that were sound. The task goes back to its last commit; from then on each change is written by
 * itself for a while, so that the message that fails can be told from those before it.
 */
public final class UnwrittenStateException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnwrittenStateException(String store, RuntimeException cause) {
    super(
        "a state in the store "
            + store
            + " was left half changed by a failure; its task goes back to the last commit: "
            + cause.getMessage(),
        cause);
  }
}
