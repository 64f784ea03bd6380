package io.mendline.processors.pipeline;

import java.time.Duration;

/**
 * A keyed state machine: messages and deadlines in, outputs out. Pure: it knows no Kafka, has no
 * clock of its own and keeps nothing between steps but the state it is given.
 *
 * <p>What it finds must be a function of the set of its inputs. So a step is idempotent (a message
 * told twice changes nothing), and a judgement that needs the whole set is made at a deadline,
 * which fires only once the watermark of {@link #sources} has passed it.
 *
 * @param <S> the state of one key; owned by the step, which may change it in place and return it
 */
public interface Detector<S> {
  /** The key whose state this message is for, or null when it is not for this detector. */
  StateKey keyOf(Message message);

  /**
   * The sources, as bits, whose watermark the deadlines of this state wait for.
   *
   * @param state a state, never null
   */
  int sources(S state);

  /**
   * The sources, as bits, that have a {@linkplain Hearing clock for each route}: instead of their
   * watermark the deadlines wait for that. It stands still while nothing is heard of the route.
   */
  default int clocks() {
    return 0;
  }

  /**
   * How far past the clock of a route a deadline may lie and fire: by default so far that what is
   * about the newest event there was need not wait for a further one.
   */
  default Duration soon() {
    return Hearing.SOON;
  }

  /**
   * The earliest deadline of a state that waits for the watermark alone, though the detector has
   * {@link #clocks}; {@link Step#NEVER} where there is none. It does not wait for earlier ones that
   * stand still with their route's clock, and fires as {@link Input.Due#alone}.
   */
  default long aloneAt(S state) {
    return Step.NEVER;
  }

  /**
   * Whether deadlines fire in the order of time over all keys, without exception, so that a step
   * may look at {@linkplain View#others other states}: as a rule those of a key that a message
   * comes for fire before it, though other keys have earlier ones that wait for budget.
   *
   * <p>Then messages are applied before deadlines that they came after, and must not change what
   * these find.
   */
  default boolean firesInOrder() {
    return false;
  }

  /**
   * One transition.
   *
   * @param state the key's state, null when it has none
   */
  Step<S> step(StateKey key, S state, Input input, View view);

  /** The binary form of the state. */
  StateCodec<S> codec();
}
