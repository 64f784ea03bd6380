package io.mendline.benchmarks;

import io.mendline.processors.cause.CauseCatalogue;
import io.mendline.processors.cause.FailureEvidence;
import io.mendline.processors.cause.RootCauseClassifier;
import io.mendline.processors.ingest.Decoded;
import io.mendline.processors.ingest.RawMessage;
import io.mendline.processors.pipeline.Payload;
import io.mendline.processors.pipeline.Signal;
import io.mendline.serdes.telemetry.RunState;
import io.mendline.serdes.text.Redactor;
import java.util.ArrayList;
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

/** Messages in, root causes out, as {@code mendline classify} does it, redaction included. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xmx2g", "-XX:+UseSerialGC"})
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class ClassifyBenchmark {
  private static final int SIGNALS = 20_000;

  /** For every message of a known kind so many that no rule of the catalogue knows. */
  private static final int UNKNOWN_EVERY = 4;

  private final RootCauseClassifier classifier = new RootCauseClassifier(CauseCatalogue.bundled());
  private final Redactor redactor = Redactor.standard();
  private List<String> messages;

  /** Messages, beside rounds through all of them. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Counted {
    /** Messages that were classified. */
    public long messages;
  }

  /** Takes the messages of failed runs out of generated telemetry. */
  @Setup
  public void generate() {
    messages = new ArrayList<>();
    for (RawMessage raw : Telemetry.messages(SIGNALS)) {
      for (Signal signal : Decoded.of(raw).signals()) {
        if (signal.payload() instanceof Payload.Observed observed
            && observed.record() instanceof RunState run
            && run.message() != null) {
          messages.add(run.message());
          if (messages.size() % UNKNOWN_EVERY == 0) {
            messages.add(
                "Step "
                    + messages.size()
                    + " of ledger-"
                    + run.runId()
                    + " gave up: 0x"
                    + Long.toHexString(signal.contentId())
                    + " is out of balance by "
                    + messages.size() * 7
                    + " cents");
          }
        }
      }
    }
  }

  /** All messages once. */
  @Benchmark
  public void classify(Counted counted, Blackhole sink) {
    for (String message : messages) {
      sink.consume(classifier.classify(FailureEvidence.ofMessage(redactor.redact(message))));
    }
    counted.messages += messages.size();
  }
}
