package io.mendline.processors.pipeline;

import java.util.function.BiConsumer;

/**
 * One of the two ports of a concern: its keyed state. Replicated and restored by the runtime.
 *
 * @param <V> the state of a key; a value put may be kept as it is, so it belongs to the store
 *     afterwards
 */
public interface Store<V> {
  /** The state of a key, or null. */
  V get(StateKey key);

  /** Puts the state of a key; null removes it. */
  void put(StateKey key, V value);

  /** Visits every key. Used once, at start, to build the index of timers. */
  void forEach(BiConsumer<StateKey, V> visitor);

  /**
   * Visits every key of a route, in the order of their ids. The states are only to be read, and not
   * to be kept.
   */
  default void forEachOf(String route, BiConsumer<StateKey, V> visitor) {
    forEach(
        (key, value) -> {
          if (key.route().equals(route)) {
            visitor.accept(key, value);
          }
        });
  }
}
