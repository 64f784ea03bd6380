package io.mendline.benchmarks;

import io.mendline.processors.cause.CauseCatalogue;
import io.mendline.processors.engine.LocalRuntime;
import io.mendline.processors.ingest.Decoded;
import io.mendline.processors.ingest.RawMessage;
import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.policy.PolicyBook;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Samples of metrics through the engine, in one thread: 200 series, one sample a minute each, for
 * two days. With decoding, and of messages that were decoded before.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xmx4g", "-XX:+UseSerialGC"})
@Warmup(iterations = 3, time = 10)
@Measurement(iterations = 3, time = 10)
public class SamplesBenchmark {
  private static final int SERIES = 200;
  private static final int MINUTES = 2 * 24 * 60;
  private static final int SAMPLES = SERIES * MINUTES;
  private static final long START = Instant.parse("2026-03-02T00:00:00Z").toEpochMilli();
  private static final long MINUTE = Duration.ofMinutes(1).toMillis();

  private List<RawMessage> messages;
  private List<Decoded> decoded;

  /** Makes the samples. */
  @Setup
  public void generate() {
    Random random = new Random(1);
    messages = new ArrayList<>(SAMPLES);
    for (int minute = 0; minute < MINUTES; minute++) {
      for (int series = 0; series < SERIES; series++) {
        messages.add(message(minute, series, 0.7 + 0.03 * random.nextGaussian()));
      }
    }
    decoded = messages.stream().map(Decoded::of).toList();
  }

  private static RawMessage message(int minute, int series, double value) {
    long at = START + minute * MINUTE;
    String json =
        String.format(
            Locale.ROOT,
            "{\"time\": %d, \"metric\": \"hit_ratio\", \"scope\": \"service-%d\", \"value\": %.4f}",
            at,
            series,
            value);
    return new RawMessage(
        Source.METRICS,
        new Coordinates("telemetry.metrics", 0, (long) minute * SERIES + series),
        at,
        null,
        json.getBytes(StandardCharsets.UTF_8));
  }

  /** From bytes on. */
  @Benchmark
  @OperationsPerInvocation(SAMPLES)
  public void decodedAndJudged(Blackhole sink) {
    LocalRuntime runtime = runtime(sink);
    for (RawMessage message : messages) {
      runtime.accept(Decoded.of(message));
    }
  }

  /** The engine alone. */
  @Benchmark
  @OperationsPerInvocation(SAMPLES)
  public void judged(Blackhole sink) {
    LocalRuntime runtime = runtime(sink);
    for (Decoded message : decoded) {
      runtime.accept(message);
    }
  }

  private static LocalRuntime runtime(Blackhole sink) {
    return new LocalRuntime(
        source -> source.defaultLateness().toMillis(),
        new PolicyBook(),
        CauseCatalogue.bundled(),
        sink::consume,
        letter -> {
          throw new IllegalStateException(letter.error());
        });
  }
}
