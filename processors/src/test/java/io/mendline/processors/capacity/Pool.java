package io.mendline.processors.capacity;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.DetectorHarness;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Payload;
import io.mendline.processors.pipeline.Routes;
import io.mendline.processors.pipeline.Signal;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.pipeline.Subject;
import io.mendline.processors.policy.Policies;
import io.mendline.processors.policy.PolicyBook;
import io.mendline.schemas.ResourceType;
import io.mendline.serdes.telemetry.MetricSample;
import io.mendline.serdes.telemetry.MetricSample.Better;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Writes down what is measured of a pool from 00:00 on, for tests. */
final class Pool {
  static final long START = Instant.parse("2026-03-02T00:00:00Z").toEpochMilli();
  static final long MINUTE = 60_000;

  final List<Message> messages = new ArrayList<>();
  private final String scope;
  private final String metric;

  Pool(String scope, String metric) {
    this.scope = scope;
    this.metric = metric;
  }

  /** A sample so many minutes after the start; of the node, or of the whole where it is null. */
  Pool tell(double minute, String node, double value) {
    return tell(minute, node, value, 1);
  }

  Pool tell(double minute, String node, double value, double weight) {
    long time = START + Math.round(minute * MINUTE);
    messages.add(
        signal(
            new MetricSample(time, metric, scope, value, weight, Better.UNSAID, node),
            messages.size()));
    return this;
  }

  /** Nodes {@code node-0}, {@code node-1} and so on, one value each. */
  Pool nodes(double minute, double... values) {
    for (int i = 0; i < values.length; i++) {
      tell(minute, "node-" + i, values[i]);
    }
    return this;
  }

  static Signal signal(MetricSample sample, long offset) {
    return new Signal(
        Source.METRICS,
        Routes.metrics(sample.scope()),
        new Subject(ResourceType.METRIC, sample.scope() + "/" + sample.metric(), null, null, null),
        sample.time(),
        sample.contentId(),
        new Coordinates("telemetry.metrics", 0, offset),
        new Payload.Observed(sample));
  }

  static Instant at(double minute) {
    return Instant.ofEpochMilli(START + Math.round(minute * MINUTE));
  }

  static DetectorHarness<CapacityState> harness() {
    return DetectorHarness.of(CapacityDetector::new);
  }

  static PolicyBook policy(String... documents) {
    PolicyBook book = new PolicyBook();
    for (int i = 0; i < documents.length; i++) {
      book.put(Policies.parse("test-" + i, documents[i].getBytes(UTF_8)));
    }
    return book;
  }
}
