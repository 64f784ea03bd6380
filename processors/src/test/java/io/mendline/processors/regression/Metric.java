package io.mendline.processors.regression;

import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Payload;
import io.mendline.processors.pipeline.Routes;
import io.mendline.processors.pipeline.Signal;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.pipeline.Subject;
import io.mendline.schemas.ResourceType;
import io.mendline.serdes.telemetry.MetricSample;
import io.mendline.serdes.telemetry.MetricSample.Better;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongToDoubleFunction;

/** The samples of one metric, as tests make them up. */
final class Metric {
  private final String scope;
  private final String name;
  private final Better better;
  private final List<Message> messages = new ArrayList<>();
  private long offset;

  Metric(String scope, String name, Better better) {
    this.scope = scope;
    this.name = name;
    this.better = better;
  }

  /** Samples every so often, of what the metric is at then. */
  Metric every(long millis, long from, long to, LongToDoubleFunction value) {
    for (long at = from; at < to; at += millis) {
      sample(at, value.applyAsDouble(at), 1);
    }
    return this;
  }

  Metric sample(long time, double value, double weight) {
    MetricSample sample = new MetricSample(time, name, scope, value, weight, better, null);
    messages.add(
        new Signal(
            Source.METRICS,
            Routes.metrics(scope),
            new Subject(ResourceType.METRIC, scope + "/" + name, null, null, null),
            time,
            sample.contentId(),
            new Coordinates("telemetry.metrics", 0, offset++),
            new Payload.Observed(sample)));
    return this;
  }

  /** These, with changes elsewhere so that their source makes progress. */
  List<Message> messages(long from, long to) {
    List<Message> all = new ArrayList<>(messages);
    all.addAll(Scope.elsewhere(from, to));
    return all;
  }
}
