package io.mendline.topology.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;

/**
 * One counter for each constant of an enum. All are there from the start, so that the first event
 * shows as an increase, and are found by the constant's number: nothing is looked up by name or put
 * together for a message.
 */
final class EnumCounters<E extends Enum<E>> {
  private final Map<E, Counter> counters;

  private EnumCounters(Map<E, Counter> counters) {
    this.counters = counters;
  }

  /**
   * Counters that stand at zero.
   *
   * @param name with dots, without an ending
   * @param more labels that all of them have
   * @param label what tells them from each other
   * @param value the value of that label, for each constant
   */
  static <E extends Enum<E>> EnumCounters<E> of(
      MeterRegistry registry,
      String name,
      String description,
      Tags more,
      String label,
      Class<E> type,
      Function<E, String> value) {
    Map<E, Counter> counters = new EnumMap<>(type);
    for (E constant : type.getEnumConstants()) {
      counters.put(
          constant,
          Counter.builder(name)
              .description(description)
              .tags(more.and(label, value.apply(constant)))
              .register(registry));
    }
    return new EnumCounters<>(counters);
  }

  /** One more. */
  void add(E constant) {
    counters.get(constant).increment();
  }

  /** So many more. */
  void add(E constant, int count) {
    counters.get(constant).increment(count);
  }
}
