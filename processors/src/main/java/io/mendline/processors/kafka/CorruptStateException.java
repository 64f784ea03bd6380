package io.mendline.processors.kafka;

/**
 * Stored state that cannot be read: damaged, or written by a version that this one does not know.
 * To go on would judge without it, so the service stops.
 */
public final class CorruptStateException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CorruptStateException(String store, String key, RuntimeException cause) {
    super(
        "the state of \""
            + key
            + "\" in the store "
            + store
            + " cannot be read: "
            + cause.getMessage(),
        cause);
  }
}
