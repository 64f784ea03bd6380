package io.mendline.processors.sentinel;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.cause.CauseCatalogue;
import io.mendline.processors.pipeline.CanonicalResult;
import io.mendline.processors.pipeline.DetectorHarness;
import io.mendline.processors.pipeline.Disorder;
import io.mendline.processors.pipeline.Message;
import io.mendline.serdes.telemetry.SentinelHealth;
import io.mendline.serdes.telemetry.SentinelHealth.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Law 1: the same records give the same result, in any order, told twice, with restarts. */
class RuleHealthLawsTest {
  private static final CauseCatalogue CATALOGUE = CauseCatalogue.bundled();
  private static final Duration LATENESS = Duration.ofHours(2);

  @Property(tries = 600)
  void orderDuplicatesAndRestartsChangeNothing(
      @ForAll("days") List<Message> day,
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 60) int restart,
      @ForAll @IntRange(min = 1, max = 5) int watermarkEvery) {
    CanonicalResult expected = harness().run(Disorder.inOrder(day)).canonical();

    double twice = 0.1 + 0.2 * Math.floorMod(seed, 100) / 100;
    var told = Disorder.of(day, LATENESS, twice, seed);
    var result =
        harness().restartingAfter(restart, 2 * restart).watermarkEvery(watermarkEvery).run(told);

    assertThat(result.canonical()).isEqualTo(expected);
  }

  @Property(tries = 100)
  void aSecondDeliverySaysNothing(@ForAll("days") List<Message> day) {
    List<Message> twice = new ArrayList<>();
    day.forEach(message -> twice.addAll(List.of(message, message)));

    assertThat(harness().run(twice).outputs()).isEqualTo(harness().run(day).outputs());
  }

  /** Up to eighty records of a rule within half a day, some at the same instant. */
  @Provide
  Arbitrary<List<Message>> days() {
    return record().list().ofMaxSize(80).map(RuleHealthLawsTest::signals);
  }

  /** What a record says: when, for an NRT rule or not, and in which of the ways of {@link #row}. */
  private record Said(int minute, boolean nrt, int way, int code) {}

  private static Arbitrary<Said> record() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 720),
            Arbitraries.of(true, false),
            Arbitraries.integers().between(0, 13),
            Arbitraries.integers().between(0, 3))
        .as(Said::new);
  }

  private static List<Message> signals(List<Said> said) {
    List<Message> signals = new ArrayList<>();
    for (int i = 0; i < said.size(); i++) {
      signals.add(RuleRecords.signal(row(said.get(i), "record-" + i).build(), i));
    }
    return signals;
  }

  private static SentinelHealth.Builder row(Said said, String recordId) {
    String[] codes = {
      "TABLE_NOT_EXISTS",
      "TemporaryIssuesDelay",
      "ENTITIES_DROPPED_DUE_TO_SIZE_LIMIT",
      "TableNotExists"
    };
    String code = codes[said.code()];
    SentinelHealth.Builder row =
        switch (said.way()) {
          case 0, 1, 2 -> rule(said, Status.SUCCESS);
          case 3 -> rule(said, Status.SUCCESS, code);
          case 4, 5 -> rule(said, Status.PARTIAL_SUCCESS, code);
          case 6 -> rule(said, Status.WARNING, code, "TemporaryIssuesDelay");
          case 7, 8, 9, 10 -> rule(said, Status.FAILURE, code);
          case 11 ->
              rule(said, Status.FAILURE)
                  .reason("The analytics rule is disabled and was not executed.");
          case 12 -> rule(said, Status.FAILURE, code).name("AUTO DISABLED Rule r1");
          default -> rule(said, Status.INFORMATIONAL);
        };
    // Two rules, of which one is an NRT rule.
    return row.resourceId(said.nrt() ? "nrt" : "scheduled").recordId(recordId);
  }

  private static SentinelHealth.Builder rule(Said said, Status status, String... codes) {
    return said.nrt()
        ? HealthRows.nrtOver(1 + said.minute() % 30, said.minute(), status, codes)
        : HealthRows.row(said.minute(), status, codes);
  }

  private static DetectorHarness<RuleHealth> harness() {
    return DetectorHarness.of(() -> new RuleHealthDetector(CATALOGUE));
  }
}
