package io.mendline.processors.sentinel;

import static io.mendline.processors.sentinel.HealthRecords.automation;
import static io.mendline.processors.sentinel.HealthRecords.playbook;
import static io.mendline.processors.sentinel.HealthRecords.state;
import static io.mendline.processors.sentinel.HealthRecords.summary;
import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.cause.CauseCatalogue;
import io.mendline.processors.pipeline.CanonicalResult;
import io.mendline.processors.pipeline.DetectorHarness;
import io.mendline.processors.pipeline.Disorder;
import io.mendline.processors.pipeline.Message;
import io.mendline.serdes.telemetry.SentinelHealth;
import io.mendline.serdes.telemetry.SentinelHealth.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;

/** Law 1: the same records give the same result, in any order, told twice, with restarts. */
class HealthLawsTest {
  private static final CauseCatalogue CATALOGUE = CauseCatalogue.bundled();
  private static final Duration LATENESS = Duration.ofHours(2);
  private static final Instant START = Instant.parse("2026-06-01T09:00:00Z");
  private static final List<String> TEXTS =
      List.of(
          "Too many requests exceeded throttling limits.",
          "The playbook was disabled.",
          "Access to the queue was denied.",
          "It did not work.");
  private static final List<String> CODES = List.of("AccessDenied", "503", "QueryTimeout");

  @Property(tries = 400)
  void connectors(
      @ForAll("connectorDays") List<Message> day,
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 60) int restart,
      @ForAll @IntRange(min = 1, max = 5) int watermarkEvery) {
    requireSame(
        DetectorHarness.of(() -> new ConnectorDetector(CATALOGUE)),
        day,
        seed,
        restart,
        watermarkEvery);
  }

  @Property(tries = 400)
  void automations(
      @ForAll("automationDays") List<Message> day,
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 60) int restart,
      @ForAll @IntRange(min = 1, max = 5) int watermarkEvery) {
    requireSame(
        DetectorHarness.of(() -> new AutomationDetector(CATALOGUE)),
        day,
        seed,
        restart,
        watermarkEvery);
  }

  @Property(tries = 100)
  void aSecondDeliverySaysNothing(
      @ForAll("connectorDays") List<Message> connectors,
      @ForAll("automationDays") List<Message> automations) {
    var detector = DetectorHarness.of(() -> new ConnectorDetector(CATALOGUE));
    assertThat(detector.run(twice(connectors)).outputs())
        .isEqualTo(detector.run(connectors).outputs());
    var other = DetectorHarness.of(() -> new AutomationDetector(CATALOGUE));
    assertThat(other.run(twice(automations)).outputs()).isEqualTo(other.run(automations).outputs());
  }

  private static void requireSame(
      DetectorHarness<?> harness, List<Message> day, long seed, int restart, int watermarkEvery) {
    CanonicalResult expected = harness.run(Disorder.inOrder(day)).canonical();

    double twice = 0.1 + 0.2 * Math.floorMod(seed, 100) / 100;
    var told = Disorder.of(day, LATENESS, twice, seed);
    var result =
        harness.restartingAfter(restart, 2 * restart).watermarkEvery(watermarkEvery).run(told);

    assertThat(result.canonical()).isEqualTo(expected);
    assertThat(result.keys()).isZero();
  }

  private static List<Message> twice(List<Message> day) {
    List<Message> twice = new ArrayList<>();
    day.forEach(message -> twice.addAll(List.of(message, message)));
    return twice;
  }

  /**
   * Up to sixty records of two connectors, mostly steady, in a workspace that is heard once a day:
   * when it was heard is remembered for eight days.
   */
  @Provide
  Arbitrary<List<Message>> connectorDays() {
    return told()
        .list()
        .ofMaxSize(60)
        .map(
            all ->
                signals(
                    all,
                    told ->
                        switch (told.way()) {
                          case 0, 1, 2, 3 -> state(told.name(), told.time(), Status.SUCCESS);
                          case 4, 5, 6 -> state(told.name(), told.time(), Status.FAILURE);
                          case 7 -> state(told.name(), told.time(), Status.WARNING);
                          default -> summary(told.name(), told.time());
                        }))
        .map(HealthLawsTest::withDailyRecords);
  }

  private static List<Message> withDailyRecords(List<Message> day) {
    List<Message> all = new ArrayList<>(day);
    for (int days = 0; days < 63; days++) {
      String time = START.plus(Duration.ofDays(days)).plusSeconds(1).toString();
      all.add(HealthRecords.signal(state("daily", time, Status.SUCCESS), 1_000 + days));
    }
    return all;
  }

  /** Up to sixty runs of an automation rule and a playbook of one name, and of another rule. */
  @Provide
  Arbitrary<List<Message>> automationDays() {
    return told()
        .list()
        .ofMaxSize(60)
        .map(
            all ->
                signals(
                    all,
                    told ->
                        switch (told.way()) {
                          case 0, 1, 2 -> automation(told.name(), told.time(), Status.SUCCESS);
                          case 3, 4, 5 -> automation(told.name(), told.time(), Status.FAILURE);
                          case 6 -> automation(told.name(), told.time(), Status.PARTIAL_SUCCESS);
                          case 7 -> playbook(told.name(), told.time(), Status.SUCCESS);
                          default -> playbook(told.name(), told.time(), Status.FAILURE);
                        }));
  }

  /**
   * What a record says.
   *
   * @param way of telling
   * @param minutes after the start; often the same, and often an hour apart
   */
  private record Told(int resource, int way, int minutes, int text, int code) {
    String name() {
      return "r" + resource;
    }

    String time() {
      return START.plus(Duration.ofMinutes(minutes)).toString();
    }
  }

  private static Arbitrary<Told> told() {
    return Combinators.combine(
            Arbitraries.integers().between(1, 2),
            Arbitraries.integers().between(0, 9),
            Arbitraries.frequencyOf(
                Tuple.of(6, Arbitraries.integers().between(0, 30).map(hour -> 60 * hour)),
                Tuple.of(2, Arbitraries.integers().between(0, 300)),
                Tuple.of(1, Arbitraries.integers().between(0, 90_000))),
            Arbitraries.integers().between(0, TEXTS.size()),
            Arbitraries.integers().between(0, CODES.size()))
        .as(Told::new);
  }

  private static List<Message> signals(
      List<Told> all, Function<Told, SentinelHealth.Builder> rows) {
    List<Message> signals = new ArrayList<>();
    for (Told told : all) {
      SentinelHealth.Builder row = rows.apply(told).recordId("record-" + signals.size());
      row.description(told.text() == TEXTS.size() ? null : TEXTS.get(told.text()));
      row.issues(told.code() == CODES.size() ? List.of() : List.of(CODES.get(told.code())));
      signals.add(HealthRecords.signal(row, signals.size()));
    }
    return signals;
  }
}
