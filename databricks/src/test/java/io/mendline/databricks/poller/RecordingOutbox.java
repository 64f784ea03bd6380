package io.mendline.databricks.poller;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mendline.serdes.telemetry.DecodedSink;
import io.mendline.serdes.telemetry.RunDecoder;
import io.mendline.serdes.telemetry.RunState;
import io.mendline.serdes.telemetry.TelemetryRecord;
import io.mendline.serdes.text.Redactor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Remembers what was flushed; what was only sent is lost, as it would be in a crash. */
final class RecordingOutbox implements Outbox {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final RunDecoder DECODER = new RunDecoder(Redactor.standard());

  final List<Told> told = new ArrayList<>();
  private final List<Told> unflushed = new ArrayList<>();
  int incarnation;
  boolean refuses;
  Runnable onSend = () -> {};
  Runnable beforeFlush = () -> {};
  Runnable afterFlush = () -> {};

  /** A message, by which incarnation of the poller it was told, and what it holds. */
  record Told(String key, JsonNode value, int incarnation) {
    String kind() {
      String other = value.has("update") ? "update" : value.has("event_type") ? "event" : "run";
      return value.path("kind").asText(other);
    }

    String runId() {
      return value.path("run_id").asText();
    }

    /** The states of runs in it. */
    List<RunState> states() {
      return facts().stream().filter(RunState.class::isInstance).map(RunState.class::cast).toList();
    }

    /** What those read of it whom it is for; fails when they could not, or had passed it over. */
    List<TelemetryRecord> facts() {
      List<TelemetryRecord> facts = new ArrayList<>();
      DECODER.decode(
          value.toString().getBytes(StandardCharsets.UTF_8),
          new DecodedSink() {
            @Override
            public void record(int index, TelemetryRecord fact) {
              facts.add(fact);
            }

            @Override
            public void skipped(int index, String why) {
              throw new AssertionError(why + " in " + value);
            }

            @Override
            public void bad(int index, String reason) {
              throw new AssertionError(reason + " in " + value);
            }

            @Override
            public void unreadable(String reason) {
              throw new AssertionError(reason + " in " + value);
            }
          });
      return facts;
    }

    RunState run() {
      return states().get(0);
    }
  }

  @Override
  public void send(String key, byte[] value) {
    onSend.run();
    try {
      unflushed.add(
          new Told(key, JSON.readTree(new String(value, StandardCharsets.UTF_8)), incarnation));
    } catch (JsonProcessingException e) {
      throw new AssertionError("no JSON was told", e);
    }
  }

  @Override
  public void flush() throws DeliveryException {
    beforeFlush.run();
    if (refuses) {
      unflushed.clear();
      throw new DeliveryException("nothing can be written to telemetry.runs: Refused", null);
    }
    told.addAll(unflushed);
    unflushed.clear();
    afterFlush.run();
  }

  void crash() {
    unflushed.clear();
    incarnation++;
  }

  List<Told> of(String kind) {
    return told.stream().filter(each -> each.kind().equals(kind)).toList();
  }

  List<Told> ofRun(String runId) {
    return of("run").stream().filter(each -> each.runId().equals(runId)).toList();
  }
}
