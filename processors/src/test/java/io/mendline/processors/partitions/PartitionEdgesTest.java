package io.mendline.processors.partitions;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.pipeline.DetectorHarness;
import io.mendline.processors.pipeline.DetectorHarness.Result;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Output;
import io.mendline.processors.pipeline.Routes;
import io.mendline.processors.pipeline.Signal;
import io.mendline.processors.pipeline.Source;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingStatus;
import io.mendline.schemas.ResourceType;
import io.mendline.schemas.Severity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a row of a control table means, one at a time and one after the other. */
class PartitionEdgesTest {
  private static final String DAY = "2026-06-01";

  @ParameterizedTest
  @CsvSource({
    "Missing/-,        0/3, true",
    "Missing/Passed,   0/3, true",
    "Failed/-,         2/3, true",
    "Failed/Passed,    0/-, true",
    "Missing/-,        9/-, true",
    "Available/Failed, 0/3, true",
    "Running/Failed,   0/3, true",
    "Missing/-,        3/3, true",
    "Missing/-,        0/0, true",
    "Available/Passed, 0/3, false",
    "Available/-,      0/3, false",
    "Available/Pending,0/3, false",
    "Running/-,        0/3, false",
    "!Missing/-,       0/3, false",
    "!Failed/Failed,   0/3, false",
  })
  void a_row_tells_of_a_missing_partition_or_does_not(
      String states, String retries, boolean found) {
    assertThat(run(Table.row(0, "Bronze " + DAY + " " + states + " " + retries)).findings())
        .hasSize(found ? 1 : 0);
  }

  @ParameterizedTest
  @CsvSource({
    "Available/Passed,  CLEARED, AVAILABLE",
    "Available/-,       CLEARED, AVAILABLE",
    "!Missing/-,        CLEARED, NOT_REQUIRED",
    "!Available/Failed, CLEARED, NOT_REQUIRED",
    "Available/Pending, RAISED,",
    "Available/Failed,  RAISED,",
    "Running/-,         RAISED,",
    "Running/Passed,    RAISED,",
    "Failed/-,          RAISED,",
    "Missing/Passed,    RAISED,",
  })
  void a_later_row_clears_it_or_does_not(String states, FindingStatus status, String because) {
    Finding finding =
        run(
                Table.row(0, "Bronze " + DAY + " Missing/-"),
                Table.row(10, "bronze " + DAY + " " + states))
            .findings()
            .get(0);

    assertThat(finding.getStatus()).isEqualTo(status);
    assertThat(finding.getAttributes().get("clearedBecause")).isEqualTo(because);
  }

  /** How often an incident is told that its trouble has shown itself, after the first row. */
  @ParameterizedTest
  @CsvSource({
    "Missing/- 0/3,          Missing/- 0/3,          1",
    "Missing/- 0/3,          Missing/- 0/3 moved,    1",
    "Missing/- 0/3,          Missing/- 0/4,          1",
    "Missing/- 0/3,          Missing/- 1/3,          2",
    "Missing/- 0/3,          Failed/- 0/3,           2",
    "Available/Failed 0/3,   Available/Failed 0/3,   1",
    "Available/Passed 0/3,   Available/Failed 0/3,   1",
    "Missing/- 3/3,          Missing/- 3/5,          2",
  })
  void the_same_row_again_is_no_further_trouble(String first, String second, int times) {
    assertThat(
            run(
                    Table.row(0, "Bronze " + DAY + " " + first),
                    Table.row(10, "Bronze " + DAY + " " + second))
                .settled())
        .hasSize(times);
  }

  @Test
  void the_same_row_after_something_was_tried_is_a_further_trouble() {
    assertThat(
            run(
                    Table.row(0, "Bronze " + DAY + " Failed/- 0/3"),
                    Table.row(10, "Bronze " + DAY + " Running/- 0/3"),
                    Table.row(20, "Bronze " + DAY + " Failed/- 0/3"))
                .settled())
        .extracting(Output.Settled::at)
        .containsExactly(Table.at(0).toEpochMilli(), Table.at(20).toEpochMilli());
  }

  @Test
  void a_finding_says_what_the_row_says() {
    Finding finding =
        run(Table.row(0, "Silver " + DAY + " Failed/Failed 1/3 late")).findings().get(0);

    assertThat(finding.getResource().getType()).isEqualTo(ResourceType.DATASET_PARTITION);
    assertThat(finding.getResource().getId()).isEqualTo("sales/silver/2026-06-01");
    assertThat(finding.getSeverity()).isEqualTo(Severity.MEDIUM);
    assertThat(finding.getSummary())
        .isEqualTo("Partition sales/silver/2026-06-01 has failed: late");
    assertThat(finding.getWindowStart()).isEqualTo(Instant.parse("2026-06-01T00:00:00Z"));
    assertThat(finding.getWindowEnd()).isEqualTo(Instant.parse("2026-06-02T00:00:00Z"));
    assertThat(finding.getAttributes())
        .containsOnly(
            java.util.Map.entry("dataset", "sales"),
            java.util.Map.entry("layer", "Silver"),
            java.util.Map.entry("partitionDate", DAY),
            java.util.Map.entry("status", "Failed"),
            java.util.Map.entry("dqStatus", "Failed"),
            java.util.Map.entry("retryCount", "1"),
            java.util.Map.entry("retryCountBefore", "1"),
            java.util.Map.entry("maxRetryCount", "3"),
            java.util.Map.entry("reason", "late"));
  }

  @Test
  void one_whose_retries_are_used_up_says_so_and_is_graver() {
    Finding finding = run(Table.row(0, "Gold " + DAY + " Missing/- 3/3")).findings().get(0);

    assertThat(finding.getSeverity()).isEqualTo(Severity.HIGH);
    assertThat(finding.getAttributes()).containsEntry("retriesUsedUp", "true");
    assertThat(finding.getSummary())
        .isEqualTo("Partition sales/gold/2026-06-01 is missing (retries used up: 3 of 3)");
  }

  @Test
  void a_layer_waits_for_those_below_it_until_they_are_there() {
    Result result =
        run(
            Table.row(0, "Gold " + DAY + " Missing/-"),
            Table.row(0, "Silver " + DAY + " Missing/-"),
            Table.row(0, "Bronze " + DAY + " Missing/-"),
            Table.row(0, "Platinum " + DAY + " Missing/-"),
            Table.row(10, "Bronze " + DAY + " Available/Passed"),
            Table.row(20, "Silver " + DAY + " Available/Passed"));

    assertThat(waits(result, "bronze")).containsExactly("", "");
    assertThat(waits(result, "silver")).containsExactly("bronze", "", "");
    assertThat(waits(result, "gold")).containsExactly("bronze, silver", "silver", "");
    assertThat(waits(result, "platinum")).containsExactly("");
  }

  @Test
  void a_layer_waits_for_one_of_its_own_day_only() {
    Result result =
        run(
            Table.row(0, "Bronze 2026-06-02 Missing/-"),
            Table.row(0, "Silver " + DAY + " Missing/-"));

    assertThat(waits(result, "silver")).containsExactly("");
  }

  @Test
  void a_layer_that_goes_missing_later_is_waited_for_from_then_on() {
    Result result =
        run(
            Table.row(0, "Silver " + DAY + " Missing/-"),
            Table.row(10, "Bronze " + DAY + " Available/Failed"),
            Table.row(20, "Bronze " + DAY + " !Available/Failed"));

    assertThat(waits(result, "silver")).containsExactly("", "bronze", "");
  }

  @Test
  void of_one_instant_the_worst_counts() {
    assertThat(
            run(
                    Table.row(0, "Bronze " + DAY + " Missing/-"),
                    Table.row(0, "Bronze " + DAY + " Available/Passed"))
                .findings())
        .extracting(Finding::getStatus)
        .containsExactly(FindingStatus.RAISED);
  }

  @Test
  void the_next_trouble_is_another_finding() {
    assertThat(
            run(
                    Table.row(0, "Bronze " + DAY + " Missing/-"),
                    Table.row(10, "Bronze " + DAY + " Available/-"),
                    Table.row(20, "Bronze " + DAY + " Missing/-"))
                .findings())
        .extracting(Finding::getStatus)
        .containsExactly(FindingStatus.CLEARED, FindingStatus.RAISED);
  }

  @Test
  void what_comes_too_late_clears_and_does_not_raise() {
    List<Message> rows = new ArrayList<>();
    rows.add(Table.row(0, "Bronze " + DAY + " Missing/-"));
    rows.add(Table.row(0, "Silver " + DAY + " Missing/-"));
    rows.add(Table.row(60, "Bronze 2026-06-09 Available/-"));
    rows.add(Table.row(10, "Bronze " + DAY + " Available/-"));
    rows.add(Table.row(10, "Bronze 2026-06-02 Missing/-"));
    Result result = DetectorHarness.of(PartitionDetector::new).run(rows);

    assertThat(result.findings())
        .extracting(Finding::getStatus)
        .containsExactlyInAnyOrder(FindingStatus.CLEARED, FindingStatus.RAISED);
    assertThat(waits(result, "silver")).containsExactly("bronze", "");
  }

  @Test
  void what_is_settled_late_of_an_instant_is_told_as_later_than_what_was_settled_of_it() {
    List<Message> rows = new ArrayList<>();
    rows.add(Table.row(0, "Bronze " + DAY + " Missing/-"));
    rows.add(Table.row(10, "Silver " + DAY + " Missing/-"));
    rows.add(Table.row(60, "Bronze 2026-06-09 Available/-"));
    rows.add(Table.row(10, "Bronze " + DAY + " Available/-"));

    assertThat(DetectorHarness.of(PartitionDetector::new).run(rows).settled())
        .filteredOn(told -> told.finding().getResource().getId().contains("silver"))
        .extracting(Output.Settled::at)
        .doesNotHaveDuplicates()
        .hasSize(2);
  }

  @Test
  void nothing_is_told_before_the_watermark_has_passed() {
    assertThat(
            DetectorHarness.of(PartitionDetector::new)
                .withoutJump()
                .run(List.of(Table.row(0, "Bronze " + DAY + " Missing/-")))
                .found())
        .isEmpty();
  }

  @Test
  void what_is_too_much_is_counted_and_bounded() {
    List<Message> rows = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      rows.add(Table.row(i % 4, "L" + i % 40 + " " + DAY + " Missing/- " + i + "/-"));
    }
    Result result = DetectorHarness.of(PartitionDetector::new).run(rows);

    assertThat(result.of(Output.Noted.class))
        .extracting(noted -> noted.entry().getAction())
        .contains("JUDGE_EARLY", "DROP_LAYER");
    assertThat(result.findings()).hasSize(PartitionState.MAX_LAYERS);
    assertThat(result.keys()).isZero();
  }

  @Test
  void a_day_takes_little_room_and_is_forgotten() {
    Result result =
        run(
            Table.row(0, "Bronze " + DAY + " Available/Passed"),
            Table.row(0, "Silver " + DAY + " Available/Passed"),
            Table.row(0, "Gold " + DAY + " Missing/- 0/3 late"));

    assertThat(result.keysBeforeJump()).isEqualTo(1);
    assertThat(result.keys()).isZero();
    assertThat(result.largestEntry()).isLessThan(900);
  }

  @Test
  void datasets_have_routes_of_their_own() {
    Signal row = Table.row(0, "Bronze " + DAY + " Missing/-");

    assertThat(new PartitionDetector().keyOf(row).route()).isEqualTo(Routes.dataset("sales"));
    assertThat(row.source()).isEqualTo(Source.PARTITIONS);
  }

  /** What each version of a layer's finding says that it waits for. */
  private static List<String> waits(Result result, String layer) {
    return result.found().stream()
        .filter(finding -> finding.getResource().getId().contains("/" + layer + "/"))
        .map(finding -> finding.getAttributes().getOrDefault("waitsFor", ""))
        .toList();
  }

  private static Result run(Signal... rows) {
    return DetectorHarness.of(PartitionDetector::new).run(Arrays.asList(rows));
  }
}
