package io.mendline.processors.regression;

import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Payload;
import io.mendline.processors.pipeline.Routes;
import io.mendline.processors.pipeline.Signal;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.pipeline.Subject;
import io.mendline.schemas.ResourceType;
import io.mendline.serdes.telemetry.Change;
import io.mendline.serdes.telemetry.TelemetryRecord;
import io.mendline.serdes.telemetry.TokenUsage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Writes down what a service reports of its calls to one model, for tests. */
final class Scope {
  static final long HOUR = 3_600_000;

  private final String service;
  private final String model;
  private final List<Message> messages = new ArrayList<>();
  private long offset;

  Scope(String service, String model) {
    this.service = service;
    this.model = model;
  }

  static long millis(String instant) {
    return Instant.parse(instant).toEpochMilli();
  }

  /** Calls evenly over one hour, each of the same prompt; the ratio differs by chance. */
  Scope hour(long start, int calls, long prompt, double ratio, double noise, Random random) {
    double level = ratio + noise * random.nextGaussian();
    for (int i = 0; i < calls; i++) {
      call(start + HOUR * i / calls + 1_000, prompt, level + noise * random.nextGaussian());
    }
    return this;
  }

  /** One call. */
  Scope call(long time, long prompt, double ratio) {
    long cached = Math.round(prompt * Math.max(0, Math.min(1, ratio)));
    return add(
        new TokenUsage(
            time, service, model, "anthropic", null, 1, prompt, cached, 0, "call-" + offset));
  }

  /** One record. */
  Scope add(TokenUsage usage) {
    messages.add(signal(Source.CACHE, usage.service(), usage, offset++));
    return this;
  }

  List<Message> messages() {
    return List.copyOf(messages);
  }

  static Signal signal(Source source, String service, TelemetryRecord record, long offset) {
    return new Signal(
        source,
        Routes.service(service),
        new Subject(ResourceType.CACHE_SCOPE, service, null, null, null),
        record.time(),
        record.contentId(),
        new Coordinates(source.defaultTopic(), 0, offset),
        new Payload.Observed(record));
  }

  /** Changes of a service that nobody asks for, every half hour: so that changes make progress. */
  static List<Message> elsewhere(long from, long to) {
    List<Message> beats = new ArrayList<>();
    for (long at = from; at <= to; at += HOUR / 2) {
      beats.add(
          signal(
              Source.CHANGES, "elsewhere", change("beat-" + at, at, "elsewhere", "x", null), at));
    }
    return beats;
  }

  static Change change(String id, long at, String service, String kind, String title) {
    return change(id, at, service, kind, title, List.of());
  }

  static Change change(
      String id, long at, String service, String kind, String title, List<String> files) {
    return new Change(id, at, service, kind, title, null, null, null, files, List.of());
  }
}
