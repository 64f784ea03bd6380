package io.mendline.topology.metrics;

import io.mendline.processors.kafka.Vitals;
import io.mendline.processors.pipeline.Clock;
import io.mendline.processors.pipeline.Progress;
import io.mendline.processors.pipeline.Source;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/**
 * Gauges over what the tasks of this instance say of themselves: sums over its partitions, and for
 * watermarks the least.
 */
final class VitalsMeters {
  private static final double MILLIS = 1_000;

  private final MeterRegistry registry;
  private final Clock clock;
  private final LongSupplier wall;
  private final Set<Vitals> open = ConcurrentHashMap.newKeySet();
  private final Set<String> known = ConcurrentHashMap.newKeySet();

  VitalsMeters(MeterRegistry registry, Clock clock, LongSupplier wall) {
    this.registry = registry;
    this.clock = clock;
    this.wall = wall;
    for (Source source : Source.values()) {
      if (source != Source.POLICIES) {
        Gauge.builder("mendline.watermark.lag", () -> lag(source))
            .description("Now less the least watermark of a source over the partitions here")
            .baseUnit("seconds")
            .tag("source", source.label())
            .register(registry);
      }
    }
    Gauge.builder("mendline.commands.waiting", () -> sum(Vitals::waiting))
        .description("Commands that wait to be released")
        .register(registry);
  }

  void opened(Vitals vitals) {
    open.add(vitals);
    if (known.add(vitals.name())) {
      gauge("mendline.state.entries", "store", vitals.name(), Vitals::entries)
          .description("Entries of a store, about")
          .register(registry);
      if (vitals.isConcern()) {
        gauge("mendline.timers", "concern", vitals.name(), Vitals::timers)
            .description("Keys with a deadline")
            .register(registry);
        gauge("mendline.timers.due", "concern", vitals.name(), Vitals::due)
            .description("Keys whose deadline has passed and that wait to be dealt with")
            .register(registry);
      }
    }
  }

  void closed(Vitals vitals) {
    open.remove(vitals);
  }

  private Gauge.Builder<?> gauge(
      String name, String tag, String value, ToLongFunction<Vitals> figure) {
    return Gauge.builder(name, () -> sum(value, figure)).tag(tag, value);
  }

  /** Infinite while a partition here was not heard of; not a number while there is none here. */
  private double lag(Source source) {
    double most = Double.NaN;
    for (Vitals vitals : open) {
      if (vitals.hasProgress()) {
        double lag = lag(source, vitals.progress());
        most = Double.isNaN(most) ? lag : Math.max(most, lag);
      }
    }
    return most;
  }

  private double lag(Source source, Progress progress) {
    if (progress.of(source) == Progress.UNHEARD) {
      return Double.POSITIVE_INFINITY;
    }
    long now = clock == Clock.WALL ? wall.getAsLong() : progress.clock();
    return (now - progress.of(source)) / MILLIS;
  }

  private long sum(ToLongFunction<Vitals> figure) {
    return open.stream().mapToLong(figure).sum();
  }

  private long sum(String name, ToLongFunction<Vitals> figure) {
    return open.stream().filter(vitals -> vitals.name().equals(name)).mapToLong(figure).sum();
  }
}
