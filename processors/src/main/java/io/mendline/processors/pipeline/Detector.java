package io.mendline.processors.pipeline;

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
   * One transition.
   *
   * @param state the key's state, null when it has none
   */
  Step<S> step(StateKey key, S state, Input input, View view);

  /** The binary form of the state. */
  StateCodec<S> codec();
}
