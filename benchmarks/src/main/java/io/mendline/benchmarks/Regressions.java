package io.mendline.benchmarks;

import io.mendline.processors.cause.CauseCatalogue;
import io.mendline.processors.engine.LocalRuntime;
import io.mendline.processors.ingest.Decoded;
import io.mendline.processors.ingest.RawMessage;
import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.Output;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.policy.PolicyBook;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.FindingStatus;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Sends a series as messages through the pipeline, as {@code mendline replay} runs it. */
final class Regressions {
  private final Map<String, Finding> raised = new LinkedHashMap<>();
  private final LocalRuntime runtime;
  private long offset;

  /**
   * A pipeline of its own.
   *
   * @param name names what is sent, in errors
   */
  Regressions(String name, PolicyBook policies) {
    this.runtime =
        new LocalRuntime(
            source -> source.defaultLateness().toMillis(),
            policies,
            CauseCatalogue.bundled(),
            this::take,
            letter -> {
              throw new EvaluationException(name + " cannot be judged: " + letter.error());
            });
  }

  /** A value of a metric; messages have to come in order of time. */
  void sample(long at, String metric, String scope, double value) {
    send(
        Source.METRICS,
        at,
        String.format(
            Locale.ROOT,
            "{\"time\": \"%s\", \"metric\": \"%s\", \"scope\": \"%s\", \"value\": %s}",
            Instant.ofEpochMilli(at),
            metric,
            scope,
            value));
  }

  /** A change, as its topic would carry it. */
  void change(long at, String json) {
    send(Source.CHANGES, at, json);
  }

  /** Moves the clock on, so that what is due until then comes about. */
  void advance(long until) {
    runtime.advance(until);
  }

  /** The findings, each as it was first raised, in that order. */
  List<Finding> raised() {
    return List.copyOf(raised.values());
  }

  private void send(Source source, long at, String json) {
    runtime.accept(
        Decoded.of(
            new RawMessage(
                source,
                new Coordinates(source.label(), 0, offset++),
                at,
                null,
                json.getBytes(StandardCharsets.UTF_8))));
  }

  private void take(Output output) {
    if (output instanceof Output.Found found
        && found.finding().getKind() == FindingKind.METRIC_REGRESSION
        && found.finding().getStatus() == FindingStatus.RAISED) {
      raised.putIfAbsent(found.finding().getId(), found.finding());
    }
  }
}
