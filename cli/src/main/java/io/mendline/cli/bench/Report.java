package io.mendline.cli.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import org.apache.kafka.common.utils.AppInfoParser;

/** The outcomes as a table for people and as JSON, and whether the floors are met. */
final class Report {
  /** The number of resources at which the floors hold. */
  private static final int FLOOR_RESOURCES = 1_000;

  /** Of the pass-through's rate, on single records. */
  private static final double FLOOR_SINGLE = 0.5;

  /** Of the pass-through's rate, per record in envelopes. */
  private static final double FLOOR_ENVELOPED = 0.8;

  private static final double MEBIBYTE = 1024 * 1024;

  private final Plan plan;
  private final Map<Integer, Map<Scenario, Outcome>> outcomes;

  Report(Plan plan, Map<Integer, Map<Scenario, Outcome>> outcomes) {
    this.plan = plan;
    this.outcomes = outcomes;
  }

  /**
   * A floor.
   *
   * @param ratio measured, to the pass-through
   */
  record Floor(Scenario scenario, double least, double ratio) {
    boolean met() {
      return ratio >= least;
    }
  }

  /** The floors of what was measured; none of what was measured cold. */
  List<Floor> floors() {
    List<Floor> floors = new ArrayList<>();
    if (plan.warmUps() == 0) {
      return floors;
    }
    Map<Scenario, Outcome> measured = outcomes.getOrDefault(FLOOR_RESOURCES, Map.of());
    for (Scenario scenario : List.of(Scenario.C, Scenario.D)) {
      ratio(measured, scenario)
          .ifPresent(
              ratio ->
                  floors.add(
                      new Floor(
                          scenario,
                          scenario == Scenario.C ? FLOOR_SINGLE : FLOOR_ENVELOPED,
                          ratio)));
    }
    return floors;
  }

  private static OptionalDouble ratio(Map<Scenario, Outcome> measured, Scenario scenario) {
    Outcome outcome = measured.get(scenario);
    return outcome == null ? OptionalDouble.empty() : outcome.ratioTo(measured.get(Scenario.B));
  }

  /** Prints all of it. */
  void print(PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "%,d events a run, medians of %d; an event is one record of telemetry; stores: %s; %s%n",
        plan.events(),
        plan.repeats(),
        plan.stores(),
        machine());
    outcomes.forEach((resources, measured) -> print(resources, measured, out));
    out.println();
    for (Floor floor : floors()) {
      out.printf(
          Locale.ROOT,
          "floor: (%s) is at least %.1f of (b) at %,d resources: %s, %.2f%n",
          floor.scenario().label(),
          floor.least(),
          FLOOR_RESOURCES,
          floor.met() ? "met" : "not met",
          floor.ratio());
    }
  }

  private static void print(int resources, Map<Scenario, Outcome> measured, PrintWriter out) {
    out.printf(Locale.ROOT, "%n%,d resources%n", resources);
    out.println(
        "                                  events/s  of (b)  CPU s/M  heap MiB  RSS MiB"
            + "  changelog B/event  restore s  p50 ms  p99 ms  at events/s");
    for (Outcome outcome : measured.values()) {
      OptionalDouble ratio = ratio(measured, outcome.scenario());
      out.printf(
          Locale.ROOT,
          "(%s) %-28s %,9.0f  %6s  %7.1f  %8.0f  %7s",
          outcome.scenario().label(),
          outcome.scenario().title(),
          outcome.eventsPerSecond(),
          ratio.isPresent() ? String.format(Locale.ROOT, "%.2f", ratio.getAsDouble()) : "",
          outcome.cpuSecondsPerMillion(),
          outcome.heapBytes() / MEBIBYTE,
          outcome.rssBytes() < 0
              ? ""
              : String.format(Locale.ROOT, "%.0f", outcome.rssBytes() / MEBIBYTE));
      Outcome.Upkeep upkeep = outcome.upkeep();
      if (upkeep != null) {
        out.printf(
            Locale.ROOT,
            "  %17.0f  %9.1f  %6.0f  %6.0f  %,11.0f",
            outcome.changelogBytesPerEvent(),
            upkeep.restoreMillis() / 1_000,
            upkeep.latency().median(),
            upkeep.latency().at(0.99),
            upkeep.eventsPerSecond());
      }
      out.println();
    }
  }

  private static String machine() {
    return Runtime.getRuntime().availableProcessors()
        + " cores, JDK "
        + Runtime.version()
        + ", Kafka "
        + AppInfoParser.getVersion();
  }

  /** Writes all of it. */
  void write(Writer to) throws IOException {
    try (JsonGenerator json = new JsonFactory().createGenerator(to)) {
      json.setPrettyPrinter(new DefaultPrettyPrinter());
      json.writeStartObject();
      json.writeNumberField("cores", Runtime.getRuntime().availableProcessors());
      json.writeStringField("jdk", Runtime.version().toString());
      json.writeStringField("kafka", AppInfoParser.getVersion());
      json.writeNumberField("events", plan.events());
      json.writeNumberField("repeats", plan.repeats());
      json.writeStringField("stores", plan.stores());
      json.writeArrayFieldStart("outcomes");
      for (Map.Entry<Integer, Map<Scenario, Outcome>> measured : outcomes.entrySet()) {
        for (Outcome outcome : measured.getValue().values()) {
          write(measured.getKey(), outcome, ratio(measured.getValue(), outcome.scenario()), json);
        }
      }
      json.writeEndArray();
      json.writeArrayFieldStart("floors");
      for (Floor floor : floors()) {
        json.writeStartObject();
        json.writeStringField("scenario", floor.scenario().label());
        json.writeNumberField("least", floor.least());
        json.writeNumberField("ratio", floor.ratio());
        json.writeBooleanField("met", floor.met());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    }
  }

  private static void write(
      int resources, Outcome outcome, OptionalDouble ratio, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeNumberField("resources", resources);
    json.writeStringField("scenario", outcome.scenario().label());
    json.writeStringField("title", outcome.scenario().title());
    json.writeNumberField("eventsPerSecond", outcome.eventsPerSecond());
    json.writeArrayFieldStart("runs");
    for (Outcome.Run run : outcome.runs()) {
      json.writeNumber(run.eventsPerSecond());
    }
    json.writeEndArray();
    if (ratio.isPresent()) {
      json.writeNumberField("ratioToPassThrough", ratio.getAsDouble());
    }
    json.writeNumberField("cpuSecondsPerMillionEvents", outcome.cpuSecondsPerMillion());
    json.writeNumberField("heapBytes", outcome.heapBytes());
    json.writeNumberField("rssBytes", outcome.rssBytes());
    Outcome.Upkeep upkeep = outcome.upkeep();
    if (upkeep != null) {
      json.writeNumberField("changelogBytesPerEvent", outcome.changelogBytesPerEvent());
      json.writeNumberField("restoreMillis", upkeep.restoreMillis());
      json.writeObjectFieldStart("latency");
      json.writeNumberField("p50Millis", upkeep.latency().median());
      json.writeNumberField("p99Millis", upkeep.latency().at(0.99));
      json.writeNumberField("findings", upkeep.findings());
      json.writeNumberField("eventsPerSecond", upkeep.eventsPerSecond());
      json.writeEndObject();
    }
    json.writeEndObject();
  }
}
