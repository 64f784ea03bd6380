package io.mendline.processors.remediation;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.pipeline.Samples;
import io.mendline.processors.policy.Mode;
import io.mendline.processors.policy.Policies;
import io.mendline.processors.policy.Policy;
import io.mendline.schemas.Action;
import io.mendline.schemas.AlertTrigger;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.Resource;
import io.mendline.schemas.ResourceType;
import io.mendline.schemas.Suspect;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PlannerTest {
  private static final Policy POLICY = Policies.builtIn();
  private static final long AT = Samples.at("10:00");

  @ParameterizedTest
  @CsvSource({"0, 1, 30", "1, 2, 60", "2, 3, 120"})
  void a_passing_failure_of_a_run_is_repaired_three_times_ever_later(
      int attempts, int number, long seconds) {
    Plan.Attempt plan = (Plan.Attempt) next(Samples.failedRun("10:00").build(), attempts);

    assertThat(plan.action()).isEqualTo(Action.REPAIR_RUN);
    assertThat(plan.attempt()).isEqualTo(number);
    assertThat(plan.maxAttempts()).isEqualTo(3);
    assertThat(plan.due() - AT).isBetween(seconds * 1_000, seconds * 1_000 + seconds * 1_000 / 5);
    assertThat(plan.expiresAt() - plan.due()).isEqualTo(Duration.ofHours(1).toMillis());
    assertThat(plan.parameters())
        .containsEntry("runId", "900")
        .containsEntry("rerunAllFailedTasks", "true");
    assertThat(plan.reason()).contains("A node was lost").contains("attempt " + number + " of 3");
  }

  @Test
  void used_up_attempts_are_a_matter_for_a_person() {
    assertThat(next(Samples.failedRun("10:00").build(), 3))
        .isEqualTo(
            new Plan.Escalate(AlertTrigger.ATTEMPTS_EXHAUSTED, "all 3 attempts are used up"));
  }

  @Test
  void a_lasting_cause_is_never_retried_and_the_hint_is_passed_on() {
    Finding finding = Samples.failedRun("10:00").setRootCause(Samples.lasting()).build();

    assertThat(next(finding, 0))
        .isEqualTo(
            new Plan.Escalate(
                AlertTrigger.PERMANENT_CAUSE, "a retry cannot help: install it on the cluster"));
  }

  @Test
  void a_failure_that_nobody_gave_a_cause_for_may_pass_by_itself() {
    Plan plan = next(Samples.failedRun("10:00").setRootCause(null).build(), 0);

    assertThat(plan)
        .isInstanceOfSatisfying(
            Plan.Attempt.class,
            attempt -> assertThat(attempt.action()).isEqualTo(Action.REPAIR_RUN));
  }

  @Test
  void a_second_repair_names_the_first_one() {
    Finding finding =
        Samples.failedRun("10:00").setAttributes(Map.of("runId", "900", "repairId", "7")).build();

    assertThat(((Plan.Attempt) next(finding, 1)).parameters()).containsEntry("latestRepairId", "7");
  }

  @Test
  void a_skipped_window_is_replayed_once() {
    Finding finding = skipped("2026-06-01T09:00:00Z", "2026-06-01T09:05:00Z");

    Plan.Attempt plan = (Plan.Attempt) next(finding, 0);
    assertThat(plan.action()).isEqualTo(Action.REPLAY_WINDOW);
    assertThat(plan.parameters())
        .containsEntry("windowStart", "2026-06-01T09:00:00Z")
        .containsEntry("windowEnd", "2026-06-01T09:05:00Z")
        .containsEntry("executionTimeUtc", "2026-06-01T09:05:00Z");
    assertThat(next(finding, 1))
        .isEqualTo(
            new Plan.Escalate(AlertTrigger.ATTEMPTS_EXHAUSTED, "the one attempt did not help"));
  }

  @ParameterizedTest
  @CsvSource({
    "2026-05-25T10:01:00Z, true",
    "2026-05-25T10:00:00Z, false",
    "2026-05-01T00:00:00Z, false"
  })
  void a_window_is_replayed_within_seven_days_of_its_end(String end, boolean replayed) {
    Plan plan = next(skipped("2026-05-01T00:00:00Z", end), 0);

    assertThat(plan instanceof Plan.Attempt).isEqualTo(replayed);
    if (!replayed) {
      assertThat(((Plan.Escalate) plan).why()).contains("seven days");
    }
  }

  @Test
  void a_window_whose_data_a_later_run_has_looked_at_is_not_replayed() {
    Finding finding =
        Finding.newBuilder(skipped("2026-06-01T09:00:00Z", "2026-06-01T09:05:00Z"))
            .setAttributes(Map.of("detectedBy", "ABSENT", "uncoveredSeconds", "0"))
            .build();

    assertThat(next(finding, 0)).isInstanceOf(Plan.Tell.class);
  }

  @Test
  void a_clear_suspect_of_a_regression_is_proposed_for_a_rollback() {
    Plan.Attempt plan = (Plan.Attempt) next(regression("true", suspect()), 0);

    assertThat(plan.action()).isEqualTo(Action.ROLLBACK_CHANGE);
    assertThat(plan.due()).isEqualTo(AT);
    assertThat(plan.parameters())
        .containsEntry("changeId", "deploy-7")
        .containsEntry("changeUrl", "https://git.example/7");
    assertThat(plan.rollback()).contains("deploy-7");
    assertThat(POLICY.mode(plan.action())).isNotEqualTo(Mode.AUTO);
  }

  @Test
  void without_a_clear_suspect_a_person_has_to_look() {
    Plan none = next(regression("true"), 0);
    Plan unclear = next(regression("false", suspect()), 0);

    assertThat(((Plan.Escalate) none).trigger()).isEqualTo(AlertTrigger.MISSING_EVIDENCE);
    assertThat(((Plan.Escalate) unclear).why()).contains("Deploy 7");
  }

  @ParameterizedTest
  @EnumSource(
      value = FindingKind.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"RUN_FAILED", "SKIPPED_WINDOW", "CACHE_REGRESSION", "METRIC_REGRESSION"})
  void of_everything_else_people_are_told(FindingKind kind) {
    assertThat(next(Samples.failedRun("10:00").setKind(kind).build(), 0))
        .isInstanceOf(Plan.Tell.class);
  }

  @Test
  void the_same_attempt_has_the_same_id_and_due_time_whoever_plans_it() {
    Finding finding = Samples.failedRun("10:00").build();

    assertThat(next(finding, 1)).isEqualTo(next(finding, 1));
    assertThat(((Plan.Attempt) next(finding, 0)).commandId())
        .isNotEqualTo(((Plan.Attempt) next(finding, 1)).commandId());
  }

  @Test
  void a_commands_id_leads_back_to_its_incident_and_fits_a_token() {
    String id = ((Plan.Attempt) next(Samples.failedRun("10:00").build(), 0)).commandId();

    assertThat(Planner.incidentOf(id)).isEqualTo(Samples.INCIDENT);
    assertThat(id).hasSizeLessThanOrEqualTo(64);
  }

  @ParameterizedTest
  @CsvSource(
      value = {"NULL", "''", "abc", "0123abcd-incident", "-a-b", "-"},
      nullValues = "NULL")
  void other_texts_lead_nowhere(String text) {
    String incident = Planner.incidentOf(text);

    assertThat(incident == null || text.startsWith(incident + "-")).isTrue();
  }

  private static Plan next(Finding finding, int attempts) {
    return Planner.next(Samples.INCIDENT, Trouble.of(finding), Known.NOTHING, attempts, AT, POLICY);
  }

  private static Finding skipped(String from, String to) {
    return Samples.failedRun("10:00")
        .setKind(FindingKind.SKIPPED_WINDOW)
        .setWindowStart(Instant.parse(from))
        .setWindowEnd(Instant.parse(to))
        .build();
  }

  private static Finding regression(String clear, Suspect... suspects) {
    Finding.Builder finding =
        Samples.failedRun("10:00")
            .setKind(FindingKind.CACHE_REGRESSION)
            .setAttributes(Map.of("suspectClear", clear))
            .setSuspects(List.of(suspects));
    return finding
        .setResource(
            Resource.newBuilder().setType(ResourceType.CACHE_SCOPE).setId("chat/claude").build())
        .build();
  }

  private static Suspect suspect() {
    return Suspect.newBuilder()
        .setChangeId("deploy-7")
        .setAt(Samples.instant("09:30"))
        .setTitle("Deploy 7")
        .setUrl("https://git.example/7")
        .setScore(0.9)
        .build();
  }
}
