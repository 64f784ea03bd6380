package io.mendline.processors.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.engine.ControlTable.Begun;
import io.mendline.processors.engine.ControlTable.End;
import io.mendline.schemas.Action;
import io.mendline.schemas.AlertKind;
import io.mendline.schemas.AlertStatus;
import io.mendline.schemas.AlertTrigger;
import io.mendline.schemas.AttemptStatus;
import io.mendline.schemas.Command;
import io.mendline.schemas.FindingStatus;
import io.mendline.schemas.IncidentStatus;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * A dataset of three layers of which a month is missing is backfilled: in the order of days and
 * layers, five at once, again where a backfill has failed, and until the table says that it is
 * there.
 */
class MonthOfPartitionsTest {
  private static final LocalDate FIRST = LocalDate.parse("2026-06-01");
  private static final List<String> LAYERS = List.of("Bronze", "Silver", "Gold");
  private static final String POLICY =
      """
      mode: auto
      partitions:
        backfills: [{dataset: "sales", layer: "*", pipeline: "pl_backfill"}]
      actions:
        BACKFILL_PARTITION: {capPerHour: 1000}
      """;

  @Test
  void a_month_is_backfilled_day_by_day_and_layer_by_layer() {
    ControlTable table =
        new ControlTable(
            POLICY,
            (partition, attempt) -> {
              int day = Integer.parseInt(partition.substring(partition.length() - 2));
              if (partition.contains("bronze") && day == 17) {
                return End.FAILS;
              }
              if (day % 3 == 0 && attempt == 1) {
                return partition.contains("silver") ? End.NO_GOOD : End.FAILS;
              }
              return End.GOOD;
            });
    for (int day = 29; day >= 0; day--) {
      for (String layer : LAYERS) {
        boolean usedUp = day == 19 && layer.equals("Silver");
        table.write(layer, FIRST.plusDays(day).toString(), "Missing", "", usedUp ? 3 : 0, 3);
      }
    }

    table.pass(Duration.ofHours(8));

    assertThat(table.findings).hasSize(90);
    assertThat(table.mostAtOnce).as("at once").isEqualTo(5);
    assertThat(table.doubled).as("twice at once").isEmpty();
    assertThat(table.begun).allSatisfy(MonthOfPartitionsTest::isInTheOrderOfLayers);
    assertThat(firstAttempts(table, "bronze")).hasSize(30).isSorted();
    assertThat(table.commands)
        .extracting(Command::getAction)
        .containsOnly(Action.BACKFILL_PARTITION);

    assertThat(table.of("sales/bronze/2026-06-03"))
        .as("one that failed once")
        .extracting(each -> each.command().getAttempt())
        .containsExactly(1, 2);
    assertThat(table.incident("sales/bronze/2026-06-03").getAttempts())
        .extracting(attempt -> attempt.getStatus())
        .containsExactly(AttemptStatus.FAILED, AttemptStatus.SUCCEEDED);
    assertThat(table.of("sales/silver/2026-06-03"))
        .as("one that the table did not take")
        .hasSize(2);
    assertThat(table.incident("sales/silver/2026-06-03").getStatus())
        .isEqualTo(IncidentStatus.RESOLVED);

    assertThat(table.of("sales/bronze/2026-06-17")).as("one that always fails").hasSize(3);
    assertThat(table.incident("sales/bronze/2026-06-17").getStatus())
        .isEqualTo(IncidentStatus.ESCALATED);
    assertThat(table.of("sales/silver/2026-06-17")).as("what waits for it").isEmpty();
    assertThat(table.of("sales/gold/2026-06-17")).isEmpty();
    assertThat(table.incident("sales/gold/2026-06-17").getStatus()).isEqualTo(IncidentStatus.OPEN);

    assertThat(table.of("sales/silver/2026-06-20")).as("retries used up").isEmpty();
    assertThat(table.of("sales/gold/2026-06-20")).isEmpty();
    assertThat(table.incident("sales/silver/2026-06-20").getStatus())
        .isEqualTo(IncidentStatus.ESCALATED);

    assertThat(table.incidents.values())
        .filteredOn(incident -> incident.getStatus() == IncidentStatus.RESOLVED)
        .hasSize(85);
    assertThat(table.findings.values())
        .filteredOn(finding -> finding.getStatus() == FindingStatus.CLEARED)
        .hasSize(85)
        .allSatisfy(
            finding ->
                assertThat(finding.getAttributes()).containsEntry("clearedBecause", "AVAILABLE"));
  }

  @Test
  void a_command_says_what_to_start_and_with_what() {
    ControlTable table = new ControlTable(POLICY, (partition, attempt) -> End.GOOD);
    table.write("Bronze", "2026-06-01", "Missing", "", 0, 3);
    table.pass(Duration.ofMinutes(30));

    Command command = table.commands.get(0);
    assertThat(command.getParameters())
        .isEqualTo(
            Map.of(
                "pipeline", "pl_backfill",
                "DatasetName", "sales",
                "Layer", "Bronze",
                "PartitionDate", "2026-06-01",
                "IsBackfill", "true"));
    assertThat(command.getMaxAttempts()).isEqualTo(3);
    assertThat(command.getReason())
        .isEqualTo("Partition sales/bronze/2026-06-01 is missing; attempt 1 of 3");
  }

  @Test
  void what_the_table_says_while_one_runs_starts_no_second() {
    ControlTable table = new ControlTable(POLICY, (partition, attempt) -> End.ENDLESS);
    table.write("Bronze", "2026-06-01", "Missing", "", 0, 9);
    table.after(20, () -> table.write("Bronze", "2026-06-01", "Running", "", 0, 9));
    table.after(30, () -> table.write("Bronze", "2026-06-01", "Failed", "", 1, 9));
    table.after(60, () -> table.write("Bronze", "2026-06-01", "Failed", "Failed", 2, 9));
    table.pass(Duration.ofHours(3));

    assertThat(table.begun).hasSize(1);
    assertThat(table.commands).hasSize(1);
    assertThat(table.incident("sales/bronze/2026-06-01").getStatus())
        .isEqualTo(IncidentStatus.REMEDIATING);
  }

  @Test
  void a_success_is_no_proof_and_what_nothing_proves_is_told_to_people() {
    ControlTable table = new ControlTable(POLICY, (partition, attempt) -> End.UNPROVEN);
    table.write("Bronze", "2026-06-01", "Missing", "", 0, 3);
    table.pass(Duration.ofHours(2));
    assertThat(table.incident("sales/bronze/2026-06-01").getStatus())
        .isEqualTo(IncidentStatus.VERIFYING);

    table.pass(Duration.ofHours(13));
    assertThat(table.incident("sales/bronze/2026-06-01").getStatus())
        .isEqualTo(IncidentStatus.ESCALATED);
    assertThat(table.begun).hasSize(1);
  }

  @Test
  void no_more_are_tried_than_the_table_leaves() {
    ControlTable table = new ControlTable(POLICY, (partition, attempt) -> End.FAILS);
    table.write("Bronze", "2026-06-01", "Missing", "", 1, 3);
    table.pass(Duration.ofHours(5));

    assertThat(table.begun).hasSize(2);
    assertThat(table.alerts)
        .filteredOn(alert -> alert.getKind() == AlertKind.ESCALATION)
        .singleElement()
        .satisfies(
            alert -> {
              assertThat(alert.getTrigger()).isEqualTo(AlertTrigger.ATTEMPTS_EXHAUSTED);
              assertThat(alert.getMessage()).contains("all 2 attempts are used up");
            });
  }

  @Test
  void retries_that_are_used_up_are_told_to_people_and_begin_anew_when_they_are_given_back() {
    ControlTable table = new ControlTable(POLICY, (partition, attempt) -> End.GOOD);
    table.write("Bronze", "2026-06-01", "Missing", "", 3, 3);
    table.pass(Duration.ofHours(1));
    assertThat(table.begun).isEmpty();
    assertThat(table.alerts)
        .extracting(alert -> alert.getTrigger())
        .containsExactly(AlertTrigger.ATTEMPTS_EXHAUSTED);

    table.write("Bronze", "2026-06-01", "Missing", "", 0, 3);
    table.pass(Duration.ofHours(1));
    assertThat(table.begun).hasSize(1);
    assertThat(table.incident("sales/bronze/2026-06-01").getStatus())
        .isEqualTo(IncidentStatus.RESOLVED);
    assertThat(table.alerts)
        .last()
        .extracting(alert -> alert.getStatus())
        .isEqualTo(AlertStatus.CLEARED);
  }

  @Test
  void one_that_waits_for_approval_is_withdrawn_when_a_layer_below_goes_missing() {
    ControlTable table =
        new ControlTable(
            POLICY.replace("mode: auto", "mode: approval"), (partition, attempt) -> End.GOOD);
    table.write("Silver", "2026-06-01", "Missing", "", 0, 3);
    table.after(30, () -> table.write("Bronze", "2026-06-01", "Available", "Failed", 0, 3));
    table.pass(Duration.ofMinutes(25));
    assertThat(table.incident("sales/silver/2026-06-01").getStatus())
        .isEqualTo(IncidentStatus.AWAITING_APPROVAL);

    table.pass(Duration.ofHours(1));
    assertThat(table.incident("sales/silver/2026-06-01").getStatus())
        .isEqualTo(IncidentStatus.OPEN);
    assertThat(table.incident("sales/bronze/2026-06-01").getStatus())
        .isEqualTo(IncidentStatus.AWAITING_APPROVAL);
  }

  @Test
  void a_month_that_nobody_says_how_to_backfill_is_one_message_for_each_layer() {
    ControlTable table = new ControlTable("mode: auto", (partition, attempt) -> End.GOOD);
    for (int day = 0; day < 30; day++) {
      table.write("Bronze", FIRST.plusDays(day).toString(), "Missing", "", 0, 3);
    }
    table.pass(Duration.ofHours(1));

    assertThat(table.begun).isEmpty();
    assertThat(table.incidents.values())
        .extracting(incident -> incident.getStatus())
        .containsOnly(IncidentStatus.ESCALATED);
    assertThat(table.alerts)
        .filteredOn(alert -> alert.getStatus() == AlertStatus.RAISED)
        .hasSize(1);
    assertThat(table.alerts)
        .extracting(alert -> alert.getDedupKey())
        .containsOnly(table.alerts.get(0).getDedupKey());
    assertThat(table.alerts)
        .last()
        .satisfies(
            alert -> {
              assertThat(alert.getTitle())
                  .startsWith("sales/bronze: 16 partitions from 2026-06-")
                  .endsWith(" are missing");
              assertThat(table.incidents).containsKey(alert.getIncidentId());
            });
  }

  /** No layer is begun while the table says that one below it is missing. */
  private static void isInTheOrderOfLayers(Begun begun) {
    String day = begun.partition().substring(begun.partition().lastIndexOf('/'));
    for (String lower : List.of("bronze", "silver")) {
      if (begun.partition().contains(lower)) {
        return;
      }
      assertThat(begun.missing()).doesNotContain("sales/" + lower + day);
    }
  }

  private static List<String> firstAttempts(ControlTable table, String layer) {
    return table.begun.stream()
        .filter(each -> each.partition().contains(layer) && each.command().getAttempt() == 1)
        .map(Begun::partition)
        .toList();
  }
}
