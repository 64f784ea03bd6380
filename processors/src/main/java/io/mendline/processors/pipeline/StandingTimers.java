package io.mendline.processors.pipeline;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * Deadlines that the watermark has passed and the {@linkplain Hearing clock of their route} has
 * not, until it has. In memory only, as a {@link TimerIndex} is.
 */
final class StandingTimers {
  private final Map<String, Route> routes = new HashMap<>();
  private int size;

  /** Takes the one deadline of a key. */
  void put(StateKey key, long at, int sources) {
    Route route = routes.computeIfAbsent(key.route(), any -> new Route());
    route.earliest = Math.min(route.earliest, at);
    size += route.timers.put(key, new Timer(at, sources)) == null ? 1 : 0;
  }

  /** Forgets the deadline of a key. */
  void remove(StateKey key) {
    Route route = size == 0 ? null : routes.get(key.route());
    if (route != null && route.timers.remove(key) != null) {
      size--;
      if (route.timers.isEmpty()) {
        routes.remove(key.route());
      }
    }
  }

  /** Gives the deadlines of all routes back whose clock has come to one of them. */
  void release(ToLongFunction<String> clock, TimerIndex timers) {
    Iterator<Map.Entry<String, Route>> all = routes.entrySet().iterator();
    while (all.hasNext()) {
      Map.Entry<String, Route> entry = all.next();
      Route route = entry.getValue();
      if (route.earliest <= clock.applyAsLong(entry.getKey())) {
        route.timers.forEach((key, timer) -> timers.set(key, timer.at(), timer.sources()));
        size -= route.timers.size();
        all.remove();
      }
    }
  }

  /** How many keys have a deadline here. */
  int size() {
    return size;
  }

  private static final class Route {
    private final Map<StateKey, Timer> timers = new HashMap<>();

    /** No deadline is earlier; one that was forgotten may have been. */
    private long earliest = Step.NEVER;
  }

  private record Timer(long at, int sources) {}
}
