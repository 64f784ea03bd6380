package io.mendline.cli.sample;

import io.mendline.processors.pipeline.Source;
import io.mendline.serdes.telemetry.ChangeDecoder;
import io.mendline.serdes.telemetry.DecodedSink;
import io.mendline.serdes.telemetry.MetricDecoder;
import io.mendline.serdes.telemetry.RunDecoder;
import io.mendline.serdes.telemetry.SentinelDecoder;
import io.mendline.serdes.telemetry.TelemetryDecoder;
import io.mendline.serdes.telemetry.TelemetryRecord;
import io.mendline.serdes.telemetry.TokenUsageDecoder;
import io.mendline.serdes.text.Redactor;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Everything that the decoders make of some messages. */
final class Decoding implements DecodedSink {
  private static final Map<Source, TelemetryDecoder> DECODERS = decoders();

  final Map<Source, List<TelemetryRecord>> facts = new EnumMap<>(Source.class);
  final List<String> skipped = new ArrayList<>();
  final List<String> bad = new ArrayList<>();
  private final Map<Source, Set<Long>> ids = new EnumMap<>(Source.class);
  private Source source;

  private static Map<Source, TelemetryDecoder> decoders() {
    Redactor redactor = Redactor.standard();
    return Map.of(
        Source.SENTINEL, new SentinelDecoder(redactor),
        Source.RUNS, new RunDecoder(redactor),
        Source.CACHE, new TokenUsageDecoder(redactor),
        Source.METRICS, new MetricDecoder(redactor),
        Source.CHANGES, new ChangeDecoder(redactor));
  }

  void decode(Source from, byte[] message) {
    source = from;
    DECODERS.get(from).decode(message, this);
  }

  void decode(SampleMessage message) {
    decode(message.source(), message.value());
  }

  <T extends TelemetryRecord> Stream<T> facts(Source from, Class<T> type) {
    return facts.getOrDefault(from, List.of()).stream().filter(type::isInstance).map(type::cast);
  }

  long distinctFacts(Source from) {
    return ids.getOrDefault(from, Set.of()).size();
  }

  @Override
  public void record(int index, TelemetryRecord fact) {
    facts.computeIfAbsent(source, any -> new ArrayList<>()).add(fact);
    ids.computeIfAbsent(source, any -> new HashSet<>()).add(fact.contentId());
  }

  @Override
  public void skipped(int index, String why) {
    skipped.add(source.label() + ": " + why);
  }

  @Override
  public void bad(int index, String reason) {
    bad.add(source.label() + ": " + reason);
  }

  @Override
  public void unreadable(String reason) {
    bad.add(source.label() + ": " + reason);
  }
}
