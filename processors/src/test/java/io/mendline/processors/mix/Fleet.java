package io.mendline.processors.mix;

import io.mendline.processors.pipeline.DetectorHarness;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Output;
import io.mendline.processors.pipeline.Routes;
import io.mendline.processors.pipeline.Source;
import io.mendline.schemas.Alert;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Writes down what the scopes of a service used by the hour, as they hand it on, for tests. */
final class Fleet {
  static final String SERVICE = "assistant";
  static final long HOUR = Duration.ofHours(1).toMillis();
  static final int DAY = 24;

  /** Scopes close their bins in any order: here, within so much of each other. */
  static final Duration LATENESS = Duration.ofHours(3);

  /** A Monday. */
  static final long START = Instant.parse("2026-03-02T00:00:00Z").toEpochMilli();

  private final List<Message> messages = new ArrayList<>();

  static long at(int hour) {
    return START + hour * HOUR;
  }

  /** One hour of one scope; nothing where there are no tokens. */
  Fleet used(int hour, String model, long prompt, double share) {
    if (prompt > 0) {
      messages.add(bin(model, at(hour), HOUR, prompt, Math.round(prompt * share)));
    }
    return this;
  }

  static Output.Metered bin(String model, long start, long length, long prompt, long cached) {
    return new Output.Metered(
        Routes.service(SERVICE),
        SERVICE,
        SERVICE + "/" + model,
        start + length,
        Source.bits(Source.CACHE, Source.CHANGES),
        length,
        prompt,
        cached);
  }

  List<Message> messages() {
    return List.copyOf(messages);
  }

  static DetectorHarness<ServiceUsage> harness() {
    return DetectorHarness.of(MixDetector::new)
        .lateness(Source.CACHE, LATENESS)
        .lateness(Source.CHANGES, LATENESS);
  }

  /** The notices, as far as the service is still called. */
  List<Alert> notices() {
    return notices(harness().withoutJump().run(messages));
  }

  static List<Alert> notices(DetectorHarness.Result result) {
    return result.of(Output.Told.class).stream().map(Output.Told::alert).toList();
  }
}
