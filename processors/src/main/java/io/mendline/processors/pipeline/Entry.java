package io.mendline.processors.pipeline;

import java.util.List;

/**
 * What a store holds for a key of a detector: its state, when to wake it, and what it put out that
 * may not have been committed yet.
 *
 * @param state the detector's state; null when the key is gone and only its outbox is left, until
 *     that can no longer be lost
 * @param wakeAt the key's earliest deadline, or {@link Step#NEVER}
 * @param outbox outputs to put out again after a crash; empty under exactly-once, where a
 *     transaction covers outputs and state alike
 * @param commit the commit count at which the outbox was last added to, see {@link Commits}
 */
public record Entry<S>(S state, long wakeAt, List<Output> outbox, long commit) {
  /** What is left of a key that is gone. */
  static <S> Entry<S> gone(List<Output> outbox, long commit) {
    return new Entry<>(null, Step.NEVER, outbox, commit);
  }
}
