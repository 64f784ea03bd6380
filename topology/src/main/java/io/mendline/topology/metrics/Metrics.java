package io.mendline.topology.metrics;

import io.mendline.processors.kafka.Observer;
import io.mendline.processors.pipeline.Clock;
import io.mendline.processors.pipeline.Source;
import io.mendline.topology.health.Health;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.micrometer.core.instrument.binder.system.DiskSpaceMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import org.apache.kafka.streams.KafkaStreams;

/**
 * Everything that an instance counts and measures, as Prometheus reads it: Mendline's own meters,
 * those of Kafka Streams that somebody needs ({@link KafkaMeters}), and the process's. {@code
 * docs/operations.md} lists them; a test compares.
 */
public final class Metrics implements AutoCloseable {
  /** What {@link #scrape} returns, as an HTTP header says it. */
  public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  /** Tasks come and go, and with them meters of Kafka Streams; so often it is looked for them. */
  private static final Duration REFRESH = Duration.ofSeconds(10);

  private final PrometheusMeterRegistry registry;
  private final Observer observer;
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  /**
   * Meters that all stand at zero.
   *
   * @param clock what the time is taken to be; a lag is measured against it
   * @param wall the wall clock, epoch milliseconds
   * @param lateness per source, milliseconds
   */
  public Metrics(Clock clock, LongSupplier wall, Map<Source, Long> lateness) {
    registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    registry.config().meterFilter(new KafkaMeters());
    observer = new CountingObserver(registry, new VitalsMeters(registry, clock, wall));
    lateness.forEach(
        (source, millis) -> {
          if (source != Source.POLICIES) {
            Gauge.builder("mendline.lateness", () -> millis / 1_000.0)
                .description("The setting lateness.* of a source")
                .baseUnit("seconds")
                .tag("source", source.label())
                .register(registry);
          }
        });
  }

  /** What has to be told of the processors' doings. */
  public Observer observer() {
    return observer;
  }

  /**
   * Takes in the meters of the process.
   *
   * @param state the folder of state, whose disk is measured
   */
  public synchronized void bindProcess(Path state) {
    JvmGcMetrics collections = new JvmGcMetrics();
    opened.push(collections);
    List<MeterBinder> binders =
        List.of(
            collections,
            new ClassLoaderMetrics(),
            new JvmMemoryMetrics(),
            new JvmThreadMetrics(),
            new ProcessorMetrics(),
            new UptimeMetrics(),
            new FileDescriptorMetrics(),
            new DiskSpaceMetrics(state.toAbsolutePath().toFile()));
    binders.forEach(binder -> binder.bindTo(registry));
  }

  /** Takes in what Kafka Streams measures of itself. */
  public synchronized void bind(KafkaStreams streams) {
    ScheduledExecutorService refreshing =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "mendline-metrics");
              thread.setDaemon(true);
              return thread;
            });
    KafkaStreamsMetrics meters = new KafkaStreamsMetrics(streams, List.of(), refreshing, REFRESH);
    opened.push(refreshing::shutdownNow);
    opened.push(meters);
    meters.bindTo(registry);
  }

  /** Takes in how the instance is. */
  public void bind(Health health) {
    Gauge.builder("mendline.live", () -> health.live().up() ? 1 : 0)
        .description("1 while the instance can still process, as /health/live says")
        .register(registry);
    Gauge.builder("mendline.ready", () -> health.ready().up() ? 1 : 0)
        .description("1 while the instance is to be asked, as /health/ready says")
        .register(registry);
    Gauge.builder("mendline.restoring.records", () -> health.restoring().left())
        .description("Records left to read from changelogs before this instance has its state")
        .register(registry);
  }

  /** All meters in the text format of Prometheus, see {@link #CONTENT_TYPE}. */
  public String scrape() {
    return registry.scrape(CONTENT_TYPE);
  }

  /** What {@link #scrape} returns, as an HTTP header says it. */
  public String contentType() {
    return CONTENT_TYPE;
  }

  @Override
  public synchronized void close() {
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (Exception e) {
        throw new IllegalStateException("meters cannot be closed", e);
      }
    }
    registry.close();
  }
}
