package io.mendline.benchmarks;

import io.mendline.cli.sample.GeneratorSettings;
import io.mendline.cli.sample.SampleMessage;
import io.mendline.cli.sample.TelemetryGenerator;
import io.mendline.processors.ingest.Decoded;
import io.mendline.processors.ingest.RawMessage;
import io.mendline.processors.pipeline.Coordinates;
import java.util.ArrayList;
import java.util.List;

/** Generated telemetry of all sources, in the order of arrival. */
final class Telemetry {
  private static final long SEED = 20_260_610;

  private Telemetry() {}

  /** Messages with about so many signals. */
  static List<RawMessage> messages(int signals) {
    List<RawMessage> messages = new ArrayList<>();
    TelemetryGenerator generator =
        new TelemetryGenerator(GeneratorSettings.ofFacts(SEED, signals).build());
    for (SampleMessage message : generator.messages()) {
      messages.add(
          new RawMessage(
              message.source(),
              new Coordinates(message.source().label(), 0, messages.size()),
              Long.MAX_VALUE / 2,
              null,
              message.value()));
    }
    return messages;
  }

  /** How many signals there are in messages. */
  static long signals(List<RawMessage> messages) {
    return messages.stream().mapToLong(message -> Decoded.of(message).signals().size()).sum();
  }
}
