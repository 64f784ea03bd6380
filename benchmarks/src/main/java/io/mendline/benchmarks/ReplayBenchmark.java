package io.mendline.benchmarks;

import io.mendline.processors.cause.CauseCatalogue;
import io.mendline.processors.engine.LocalRuntime;
import io.mendline.processors.ingest.Decoded;
import io.mendline.processors.ingest.RawMessage;
import io.mendline.processors.policy.PolicyBook;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Bytes in, findings, incidents and commands out: the whole pipeline as {@code mendline replay}
 * runs it, in one thread, without reading and writing files.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xmx4g", "-XX:+UseSerialGC"})
@Warmup(iterations = 10, time = 5)
@Measurement(iterations = 5, time = 5)
public class ReplayBenchmark {
  private static final int SIGNALS = 100_000;

  private List<RawMessage> messages;
  private long signals;

  /** Signals, beside runs through all of them. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Counted {
    /** Signals that went through. */
    public long signals;

    /** Messages that they came in. */
    public long messages;
  }

  /** Makes the telemetry. */
  @Setup
  public void generate() {
    messages = Telemetry.messages(SIGNALS);
    signals = Telemetry.signals(messages);
  }

  /** A new runtime and all of the telemetry through it. */
  @Benchmark
  public void replay(Counted counted, Blackhole sink) {
    LocalRuntime runtime =
        new LocalRuntime(
            source -> source.defaultLateness().toMillis(),
            new PolicyBook(),
            CauseCatalogue.bundled(),
            sink::consume,
            letter -> {
              throw new IllegalStateException(letter.error());
            });
    for (RawMessage message : messages) {
      runtime.accept(Decoded.of(message));
    }
    counted.signals += signals;
    counted.messages += messages.size();
  }
}
