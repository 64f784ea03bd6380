package io.mendline.serdes.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What a decoder told about a message, to be looked at. */
final class Decoded implements DecodedSink {
  final List<TelemetryRecord> facts = new ArrayList<>();
  final List<Integer> indexes = new ArrayList<>();
  final List<String> skipped = new ArrayList<>();
  final List<String> bad = new ArrayList<>();
  final List<String> unreadable = new ArrayList<>();

  static Decoded of(TelemetryDecoder decoder, String message) {
    return of(decoder, message.getBytes(StandardCharsets.UTF_8));
  }

  static Decoded of(TelemetryDecoder decoder, byte[] message) {
    Decoded decoded = new Decoded();
    decoder.decode(message, decoded);
    return decoded;
  }

  /** The only fact of a message with which nothing is wrong. */
  <T extends TelemetryRecord> T only(Class<T> type) {
    assertThat(problems()).isEmpty();
    assertThat(facts).hasSize(1);
    return type.cast(facts.get(0));
  }

  /** The reason for which the only record of a message is bad. */
  String onlyBad() {
    assertThat(facts).isEmpty();
    assertThat(skipped).isEmpty();
    assertThat(unreadable).isEmpty();
    assertThat(bad).hasSize(1);
    return bad.get(0);
  }

  List<String> problems() {
    List<String> all = new ArrayList<>(skipped);
    all.addAll(bad);
    all.addAll(unreadable);
    return all;
  }

  @Override
  public void record(int index, TelemetryRecord fact) {
    facts.add(fact);
    indexes.add(index);
  }

  @Override
  public void skipped(int index, String why) {
    skipped.add(index + " " + why);
  }

  @Override
  public void bad(int index, String reason) {
    bad.add(index + " " + reason);
  }

  @Override
  public void unreadable(String reason) {
    unreadable.add(reason);
  }
}
