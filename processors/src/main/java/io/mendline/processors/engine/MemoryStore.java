package io.mendline.processors.engine;

import io.mendline.processors.pipeline.StateKey;
import io.mendline.processors.pipeline.Store;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** A store in memory that keeps states as they are. It lives as long as its runtime. */
public final class MemoryStore<V> implements Store<V> {
  private final Map<StateKey, V> states = new HashMap<>();

  @Override
  public V get(StateKey key) {
    return states.get(key);
  }

  @Override
  public void put(StateKey key, V value) {
    if (value == null) {
      states.remove(key);
    } else {
      states.put(key, value);
    }
  }

  @Override
  public void forEach(BiConsumer<StateKey, V> visitor) {
    new TreeMap<>(states).forEach(visitor);
  }
}
