package io.mendline.processors.pipeline;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The distinct values of a state, in the order first met: written once, and named by their place
 * wherever they stand.
 */
public final class ValueTable<T> {
  private final Map<T, Integer> places = new LinkedHashMap<>();
  private T last;
  private int lastPlace;

  /** The place of a value, which is taken up if it is new. */
  public int placeOf(T value) {
    // Mostly the same value comes again and again.
    if (!value.equals(last)) {
      lastPlace = places.computeIfAbsent(value, added -> places.size());
      last = value;
    }
    return lastPlace;
  }

  /** The values by place. */
  public List<T> values() {
    return new ArrayList<>(places.keySet());
  }
}
