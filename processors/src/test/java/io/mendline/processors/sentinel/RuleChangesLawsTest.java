package io.mendline.processors.sentinel;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.cause.CauseCatalogue;
import io.mendline.processors.pipeline.CanonicalResult;
import io.mendline.processors.pipeline.DetectorHarness;
import io.mendline.processors.pipeline.Disorder;
import io.mendline.processors.pipeline.JoinedDetector;
import io.mendline.processors.pipeline.Message;
import io.mendline.serdes.telemetry.RuleChange;
import io.mendline.serdes.telemetry.RuleChange.Before;
import io.mendline.serdes.telemetry.RuleChange.Enabled;
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

/**
 * Law 1 for all that is judged of a rule together: runs, windows given up, and changes that say
 * what the rule is, told by one log or both.
 */
class RuleChangesLawsTest {
  private static final CauseCatalogue CATALOGUE = CauseCatalogue.bundled();
  private static final List<Before> BEFORE = List.of(Before.values());
  private static final List<Enabled> ENABLED = List.of(Enabled.values());
  private static final Duration LATENESS = Duration.ofHours(2);

  @Property(tries = 400)
  void orderDuplicatesAndRestartsChangeNothing(
      @ForAll("days") List<Message> day,
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 40) int restart,
      @ForAll @IntRange(min = 1, max = 5) int watermarkEvery) {
    CanonicalResult expected = harness().run(Disorder.inOrder(day)).canonical();

    double twice = 0.1 + 0.2 * Math.floorMod(seed, 100) / 100;
    var told = Disorder.of(day, LATENESS, twice, seed);
    var result =
        harness().restartingAfter(restart, 2 * restart).watermarkEvery(watermarkEvery).run(told);

    assertThat(result.canonical()).isEqualTo(expected);
  }

  /** Up to forty records of a rule within half a day; at most twelve are changes, twice told. */
  @Provide
  Arbitrary<List<Message>> days() {
    return record().list().ofMaxSize(40).map(RuleChangesLawsTest::signals);
  }

  private record Said(int minute, int way, int what, int echo) {}

  private static Arbitrary<Said> record() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 720),
            Arbitraries.integers().between(0, 9),
            Arbitraries.integers().between(0, 11),
            Arbitraries.integers().between(-8, 8))
        .as(Said::new);
  }

  private static List<Message> signals(List<Said> said) {
    List<Message> signals = new ArrayList<>();
    int changes = 0;
    for (int i = 0; i < said.size(); i++) {
      Said one = said.get(i);
      String recordId = "record-" + i;
      if (one.way() < 5) {
        signals.add(RuleRecords.signal(row(one, recordId), i));
      } else if (changes++ < 6) {
        RuleChange.Builder change = change(one).recordId(recordId);
        signals.add(RuleChanges.signal(change));
        if (one.echo() >= -6) {
          signals.add(RuleChanges.signal(RuleChanges.echo(change, one.echo())));
        }
      }
    }
    return signals;
  }

  private static SentinelHealth row(Said said, String recordId) {
    var row =
        switch (said.way()) {
          case 0 -> HealthRows.row(said.minute(), Status.SUCCESS);
          case 1 ->
              HealthRows.row(said.minute(), Status.FAILURE)
                  .reason("The analytics rule is disabled and was not executed.");
          case 2 ->
              HealthRows.row(said.minute(), Status.FAILURE, "TABLE_NOT_EXISTS")
                  .name(said.what() % 2 == 0 ? "AUTO DISABLED Rule r1" : "Rule r1");
          default ->
              RuleRecords.givenUpRow(
                  "r1",
                  recordId,
                  HealthRows.minute(said.minute()).toString(),
                  HealthRows.minute(60 * (said.what() % 3)).toString());
        };
    return row.recordId(recordId).build();
  }

  private static RuleChange.Builder change(Said said) {
    Before before = BEFORE.get(said.what() % 4);
    Enabled enabled = ENABLED.get(said.what() / 4);
    RuleChange.Builder change =
        said.way() == 9
            ? RuleChanges.delete(said.minute())
            : RuleChanges.write(said.minute(), before, enabled);
    if (said.way() == 8) {
      change.name("AUTO DISABLED Rule r1");
    }
    if (said.way() == 7) {
      change.severity(said.what() % 2 == 0 ? "High" : "Low");
    } else if (said.way() == 6) {
      change.tactics(List.of("Tactic" + said.what() % 3));
    }
    return change;
  }

  private static DetectorHarness<JoinedDetector.Parts> harness() {
    return DetectorHarness.of(() -> SentinelDetectors.all(CATALOGUE));
  }
}
