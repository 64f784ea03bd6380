package io.mendline.processors.pipeline;

import java.util.List;

/**
 * The result of one transition.
 *
 * @param state the new state; null removes the key
 * @param outputs what to put out, in order
 * @param wakeAt the earliest deadline of this key, epoch milliseconds, or {@link #NEVER}
 */
public record Step<S>(S state, List<Output> outputs, long wakeAt) {
  /** No deadline. */
  public static final long NEVER = Long.MAX_VALUE;

  /**
   * Checks the one rule of steps.
   *
   * @throws IllegalArgumentException when a key is removed while it puts something out: what was
   *     put out must stay in the state until it can no longer be lost
   */
  public Step {
    if (state == null && !outputs.isEmpty()) {
      throw new IllegalArgumentException(
          "a key that puts something out keeps its state: " + outputs);
    }
  }

  /** A step that puts nothing out. */
  public static <S> Step<S> quiet(S state, long wakeAt) {
    return new Step<>(state, List.of(), wakeAt);
  }

  /** The key is removed. */
  public static <S> Step<S> gone() {
    return new Step<>(null, List.of(), NEVER);
  }
}
