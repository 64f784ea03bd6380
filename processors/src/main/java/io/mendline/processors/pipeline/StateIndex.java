package io.mendline.processors.pipeline;

import java.util.List;

/**
 * What the states of a concern can be found by, beside their keys. The runtime keeps the entries
 * beside the states, in the same store: they move, restore and are committed with them.
 *
 * @param <S> the state
 */
@FunctionalInterface
public interface StateIndex<S> {
  /**
   * The entries of a state.
   *
   * @param key the state's key
   * @param state not null
   */
  List<IndexEntry> entriesOf(StateKey key, S state);

  /**
   * One entry.
   *
   * @param key its place among the entries of the store, unsigned bytes in order
   * @param value what is known without a look at the state; never null
   */
  @SuppressWarnings("ArrayRecordComponent") // Bytes on their way to a store; never compared.
  record IndexEntry(byte[] key, byte[] value) {}
}
