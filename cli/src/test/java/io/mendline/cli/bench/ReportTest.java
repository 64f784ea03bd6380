package io.mendline.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportTest {
  private static final Plan PLAN =
      new Plan(
          1_000,
          List.of(1_000, 100_000),
          EnumSet.allOf(Scenario.class),
          1,
          3,
          Duration.ofSeconds(1),
          "rocksdb",
          List.of());

  @Test
  void a_floor_is_a_share_of_the_median_of_the_pass_through() {
    Report report =
        report(
            Map.of(
                Scenario.B, outcome(Scenario.B, 90, 100, 500),
                Scenario.C, outcome(Scenario.C, 50, 10, 60),
                Scenario.D, outcome(Scenario.D, 79, 79, 79)));
    assertThat(report.floors())
        .containsExactly(
            new Report.Floor(Scenario.C, 0.5, 0.5), new Report.Floor(Scenario.D, 0.8, 0.79));
    assertThat(report.floors()).extracting(Report.Floor::met).containsExactly(true, false);
  }

  @Test
  void floors_are_said_plainly() {
    StringWriter out = new StringWriter();
    report(
            Map.of(
                Scenario.B, outcome(Scenario.B, 100),
                Scenario.C, outcome(Scenario.C, 49)))
        .print(new PrintWriter(out, true));
    assertThat(out.toString())
        .contains("floor: (c) is at least 0.5 of (b) at 1,000 resources: not met, 0.49");
  }

  @Test
  void without_the_pass_through_there_is_no_floor() {
    assertThat(report(Map.of(Scenario.C, outcome(Scenario.C, 49))).floors()).isEmpty();
  }

  private static Report report(Map<Scenario, Outcome> measured) {
    return new Report(PLAN, new LinkedHashMap<>(Map.of(1_000, measured)));
  }

  private static Outcome outcome(Scenario scenario, double... rates) {
    List<Outcome.Run> runs =
        Arrays.stream(rates).mapToObj(rate -> new Outcome.Run(rate, 1, 1, 1, 1)).toList();
    return new Outcome(scenario, runs, null);
  }
}
