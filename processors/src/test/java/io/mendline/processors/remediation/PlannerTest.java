package io.mendline.processors.remediation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.mendline.processors.cause.CauseCatalogue;
import io.mendline.processors.cause.FailureEvidence;
import io.mendline.processors.cause.RootCauseClassifier;
import io.mendline.processors.pipeline.RepairOdds;
import io.mendline.processors.pipeline.RuleProfile.Standing;
import io.mendline.processors.pipeline.Samples;
import io.mendline.processors.policy.Mode;
import io.mendline.processors.policy.Policies;
import io.mendline.processors.policy.Policy;
import io.mendline.processors.policy.PolicyBook;
import io.mendline.schemas.Action;
import io.mendline.schemas.AlertTrigger;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.Resource;
import io.mendline.schemas.ResourceType;
import io.mendline.schemas.RootCause;
import io.mendline.schemas.Suspect;
import io.mendline.schemas.Transience;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
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

  @ParameterizedTest
  @CsvSource({"capacity, 0, 300", "capacity, 1, 900", "capacity, 2, 1800", "platform, 1, 60"})
  void what_lacks_capacity_is_given_more_time(String category, int attempts, long seconds) {
    Finding finding =
        Samples.failedRun("10:00")
            .setRootCause(RootCause.newBuilder(Samples.passing()).setCategory(category).build())
            .build();

    Plan.Attempt plan = (Plan.Attempt) next(finding, attempts);

    assertThat(plan.due() - AT).isBetween(seconds * 1_000, seconds * 1_200);
  }

  @Test
  void who_asks_to_be_left_alone_is_left_alone() {
    Finding finding =
        Samples.failedRun("10:00")
            .setAttributes(Map.of("runId", "900", "retryAfterSeconds", "700"))
            .build();

    assertThat(((Plan.Attempt) next(finding, 0)).due() - AT).isBetween(700_000L, 840_000L);
    assertThat(((Plan.Attempt) next(Samples.failedRun("10:00").build(), 0)).due() - AT)
        .isLessThan(40_000);
  }

  @Test
  void a_repair_that_repeats_what_destroys_says_so() {
    Finding finding =
        Samples.failedRun("10:00")
            .setAttributes(Map.of("runId", "900", "failedTasks", "load,Vacuum_old"))
            .build();

    Plan.Attempt plan = (Plan.Attempt) next(finding, 0);

    assertThat(plan.parameters()).containsEntry("failedTasks", "load,Vacuum_old");
    assertThat(plan.reason()).endsWith("; it would repeat Vacuum_old, which may destroy something");
  }

  @ParameterizedTest
  @CsvSource({
    "jvm/driver-out-of-memory, ALL_PURPOSE, 0, RESTART_CLUSTER",
    "databricks/driver-unreachable, ALL_PURPOSE, 0, RESTART_CLUSTER",
    "databricks/driver-unreachable, ALL_PURPOSE, 1, REPAIR_RUN",
    "databricks/driver-unreachable, , 0, REPAIR_RUN",
    "jvm/executor-lost, ALL_PURPOSE, 0, REPAIR_RUN"
  })
  void a_shared_clusters_driver_is_restarted_once(
      String cause, String clusterType, int attempts, Action action) {
    Map<String, String> attributes = new TreeMap<>(Map.of("runId", "900", "clusterId", "c-1"));
    if (clusterType != null) {
      attributes.put("clusterType", clusterType);
    }
    Finding finding =
        Samples.failedRun("10:00")
            .setAttributes(attributes)
            .setRootCause(RootCause.newBuilder(Samples.passing()).setKey(cause).build())
            .build();

    Plan.Attempt plan = (Plan.Attempt) next(finding, attempts);

    assertThat(plan.action()).isEqualTo(action);
    if (action == Action.RESTART_CLUSTER) {
      assertThat(plan.maxAttempts()).isEqualTo(1);
      assertThat(plan.parameters())
          .containsOnly(Map.entry("clusterId", "c-1"), Map.entry("runId", "900"));
      assertThat(Policy.alwaysNeedsApproval(action)).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "DRIVER_ERROR, databricks/DRIVER_ERROR",
    "DRIVER_UNREACHABLE, databricks/driver-unreachable",
    "DRIVER_OUT_OF_MEMORY, jvm/driver-out-of-memory"
  })
  void the_catalogue_calls_what_a_restart_mends_so(String code, String key) {
    assertThat(
            new RootCauseClassifier(CauseCatalogue.bundled())
                .classify(new FailureEvidence(code, null, null, null, null, null, null))
                .key())
        .isEqualTo(key);
  }

  @Test
  void what_another_job_has_started_is_for_the_repair_of_that_job() {
    Finding finding =
        Samples.failedRun("10:00")
            .setAttributes(Map.of("runId", "900", "trigger", "RUN_JOB_TASK"))
            .build();

    assertThat(next(finding, 0)).isInstanceOf(Plan.Tell.class);
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

  /** Of a check that Mendline makes of a job's settings. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "job-timeout | | | 0 | Tell: set timeout_seconds",
        "job-failure-notification | | BUNDLE | 0 | Tell: set on_failure",
        "job-retries | | | 0 | Tell: set max_retries",
        "job-retries | | BUNDLE | 0 | Tell: set max_retries",
        "job-retries | 22 | | 0 | UPDATE_JOB_SETTINGS",
        "job-retries | 22 | OTHER | 0 | UPDATE_JOB_SETTINGS",
        "job-retries | 22 | | 1 | Escalate ATTEMPTS_EXHAUSTED: the one attempt did not help",
        "job-retries | 22 | BUNDLE | 0 | Escalate NONE: run 22 failed for a passing cause",
        "job-retries | 22 | bundle | 1 | Escalate NONE: run 22 failed for a passing cause",
      })
  void what_a_job_lacks_is_told_and_retries_are_proposed_once_they_were_missed(
      String check, String failedRun, String deployment, int attempts, String expected) {
    Plan plan = next(lacking(check, failedRun, deployment), attempts);

    String shown =
        plan instanceof Plan.Tell tell
            ? "Tell: " + tell.why()
            : plan instanceof Plan.Escalate escalate
                ? "Escalate " + escalate.trigger() + ": " + escalate.why()
                : ((Plan.Attempt) plan).action().name();
    assertThat(shown).startsWith(expected);
  }

  @Test
  void retries_are_set_where_a_task_has_none_and_never_without_approval() {
    Plan.Attempt plan = (Plan.Attempt) next(lacking("job-retries", "22", null), 0);

    assertThat(plan.parameters())
        .containsOnly(
            Map.entry("jobId", "11"),
            Map.entry(
                "taskDefaults",
                "{\"max_retries\":2,\"min_retry_interval_millis\":60000,\"retry_on_timeout\":false}"));
    assertThat(plan.rollback()).contains("max_retries");
    assertThat(plan.reason()).endsWith("; attempt 1 of 1");
    PolicyBook policies = new PolicyBook();
    policies.put(Policies.parse("test", "mode: auto".getBytes(UTF_8)));
    assertThat(policies.at(AT).mode(plan.action())).isEqualTo(Mode.APPROVAL);
  }

  @Test
  void a_bundle_is_told_what_to_write_into_it() throws IOException {
    Plan.Escalate plan = (Plan.Escalate) next(lacking("job-retries", "22", "BUNDLE"), 0);

    String yaml =
        plan.why()
            .lines()
            .filter(line -> line.startsWith("resources") || line.startsWith(" "))
            .collect(Collectors.joining("\n"));
    JsonNode task =
        new ObjectMapper(new YAMLFactory()).readTree(yaml).at("/resources/jobs/JOB/tasks/0");
    assertThat(task.path("max_retries").asInt()).isEqualTo(2);
    assertThat(task.path("min_retry_interval_millis").asInt()).isEqualTo(60_000);
    assertThat(task.path("retry_on_timeout").asBoolean(true)).isFalse();
    assertThat(plan.why().lines().findFirst().orElseThrow()).contains("A bundle owns the job");
  }

  private static Finding lacking(String check, String failedRun, String deployment) {
    Map<String, String> attributes = new TreeMap<>();
    attributes.put("builtIn", "true");
    attributes.put("check", check);
    attributes.put("category", "configuration");
    attributes.put("status", "FAIL");
    attributes.put("jobId", "11");
    if (failedRun != null) {
      attributes.put("failedRunId", failedRun);
    }
    if (deployment != null) {
      attributes.put("deployment", deployment);
    }
    return Samples.failedRun("10:00")
        .setKind(FindingKind.CHECK_FAILED)
        .setAttributes(attributes)
        .build();
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

  @ParameterizedTest
  @CsvSource({"DISABLED, switched off", "DELETED, deleted"})
  void a_rule_that_is_known_not_to_run_is_not_replayed(Standing standing, String why) {
    Finding finding = skipped("2026-06-01T09:00:00Z", "2026-06-01T09:05:00Z");
    Known known = new Known(standing, null, RepairOdds.NONE, false);

    Plan plan = next(finding, known, 0);
    assertThat(plan)
        .isInstanceOfSatisfying(Plan.Tell.class, tell -> assertThat(tell.why()).contains(why));
    Plan.Attempt planned = (Plan.Attempt) next(finding, 0);
    assertThat(Planner.recheck(Trouble.of(finding), known, planned)).isEqualTo(plan);
    assertThat(Planner.recheck(Trouble.of(finding), Known.NOTHING, planned)).isEqualTo(planned);
  }

  @Test
  void a_replay_is_not_worth_doing_when_sentinel_does_it_no_more() {
    Finding finding = skipped("2026-05-25T10:30:00Z", "2026-05-25T11:00:00Z");

    Plan.Attempt plan = (Plan.Attempt) next(finding, 0);
    assertThat(plan.expiresAt()).isEqualTo(Samples.at("11:00"));
  }

  @Test
  void a_window_is_replayed_once_whatever_a_policy_says() {
    Policy often = policy("actions: {REPLAY_WINDOW: {maxAttempts: 5}}");

    assertThat(
            Planner.next(
                Samples.INCIDENT,
                Trouble.of(skipped("2026-06-01T09:00:00Z", "2026-06-01T09:05:00Z")),
                Known.NOTHING,
                1,
                AT,
                often))
        .isInstanceOf(Plan.Escalate.class);
  }

  @Test
  void what_sentinel_has_disabled_stays_so_until_its_cause_is_gone() {
    assertThat(next(autoDisabled(Map.of()), 0))
        .isEqualTo(
            new Plan.Escalate(
                AlertTrigger.PERMANENT_CAUSE,
                "it stays disabled until the cause is mended: install it on the cluster"));
  }

  @Test
  void a_rule_is_enabled_when_it_was_changed_while_disabled_or_a_person_names_the_fix() {
    Map<String, String> edited = Map.of("editedAt", "2026-06-01T09:00:00Z", "editedBy", "ann");
    Plan.Attempt byChange = (Plan.Attempt) next(autoDisabled(edited), 0);
    Plan.Attempt byVerdict =
        (Plan.Attempt)
            next(
                autoDisabled(Map.of()),
                new Known(Standing.UNKNOWN, "table restored", RepairOdds.NONE, false),
                0);

    for (Plan.Attempt plan : List.of(byChange, byVerdict)) {
      assertThat(plan.action()).isEqualTo(Action.ENABLE_RULE);
      assertThat(plan.parameters())
          .containsEntry("ruleId", "rule-1")
          .containsEntry("workspace", "soc");
      assertThat(plan.rollback()).isEqualTo("disable the rule again");
    }
    assertThat(byChange.reason()).contains("changed by ann while it was disabled");
    assertThat(byVerdict.reason()).contains("said to be mended: table restored");
    assertThat(next(autoDisabled(edited), 1)).isInstanceOf(Plan.Escalate.class);
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void a_rule_is_never_enabled_without_approval(Mode mode) {
    String name = mode.name().toLowerCase(Locale.ROOT).replace('_', '-');
    String text = "mode: " + name + "\nactions: {ENABLE_RULE: {mode: " + name + "}}";
    assertThat(policy(text).mode(Action.ENABLE_RULE)).isNotEqualTo(Mode.AUTO);
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

  @Test
  void a_stuck_run_is_cancelled_once_and_with_approval_and_then_is_for_a_person() {
    Finding finding =
        Samples.failedRun("10:00").setKind(FindingKind.RUN_STUCK).setRootCause(null).build();

    Plan.Attempt plan = (Plan.Attempt) next(finding, 0);

    assertThat(plan.action()).isEqualTo(Action.CANCEL_RUN);
    assertThat(plan.parameters()).containsOnly(Map.entry("runId", "900"));
    assertThat(policy("{mode: auto, actions: {CANCEL_RUN: {mode: auto}}}").mode(plan.action()))
        .isEqualTo(Mode.APPROVAL);
    assertThat(next(finding, 1)).isInstanceOf(Plan.Escalate.class);
  }

  @Test
  void a_hot_node_is_a_proposal_that_always_waits_for_approval() {
    Finding hot =
        Samples.failedRun("10:00")
            .setKind(FindingKind.HOT_NODE)
            .setRootCause(null)
            .setResource(
                Resource.newBuilder().setType(ResourceType.NODE_POOL).setId("registry").build())
            .setAttributes(
                Map.of("metric", "cpu", "hotNode", "n1", "hotNodeP95", "99", "clearBelow", "70"))
            .build();
    Policy auto =
        policy(
            """
            mode: auto
            capacity:
              pools:
                - scope: reg*
                  members: [{name: a, weight: 1, node: n1}, {name: b, weight: 1, node: n1}]
                  nodes: [n2]
            """);

    Plan.Attempt bare = (Plan.Attempt) next(hot, 0);
    Plan.Attempt planned =
        (Plan.Attempt) Planner.next(Samples.INCIDENT, Trouble.of(hot), Known.NOTHING, 0, AT, auto);

    assertThat(bare.action()).isEqualTo(Action.REBALANCE_POOL);
    assertThat(bare.parameters())
        .containsOnlyKeys("pool", "metric", "hotNode", "hotNodeP95", "stopAbove");
    assertThat(planned.parameters())
        .containsEntry("stopAbove", "99")
        .containsEntry(
            "plan",
            "[{\"phase\":\"LARGEST\",\"moves\":[{\"member\":\"a\",\"from\":\"n1\",\"to\":\"n2\"}],"
                + "\"observe\":\"PT48H\"}]")
        .containsKey("afterwards");
    assertThat(planned.reason()).contains("a plan of 1 move in 1 step");
    assertThat(auto.mode(Action.REBALANCE_POOL)).isEqualTo(Mode.APPROVAL);
    assertThat(next(hot, 1)).isInstanceOf(Plan.Escalate.class);
  }

  @Test
  void a_rule_that_returns_nothing_is_told_of_and_nothing_is_done() {
    Finding finding =
        Samples.failedRun("10:00").setKind(FindingKind.RULE_QUIET).setRootCause(null).build();

    assertThat(next(finding, 0)).isEqualTo(new Plan.Tell("there is no remedy for RULE_QUIET"));
  }

  @ParameterizedTest
  @EnumSource(
      value = FindingKind.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {
        "RUN_FAILED",
        "RUN_STUCK",
        "SKIPPED_WINDOW",
        "CACHE_REGRESSION",
        "METRIC_REGRESSION",
        "HOT_NODE",
        "RULE_AUTO_DISABLED",
        "PARTITION_MISSING"
      })
  void of_everything_else_people_are_told(FindingKind kind) {
    assertThat(next(Samples.failedRun("10:00").setKind(kind).build(), 0))
        .isInstanceOf(Plan.Tell.class);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 3,   0, 1, 3",
    "2, 3, 0, 1, 1",
    "0, 2, 1, 2, 2",
    "0, , 2, 3, 3",
    "9, , 0, 1, 3",
    "0, 9, 2, 3, 3",
  })
  void a_partition_is_backfilled_as_often_as_policy_and_table_allow(
      int before, String most, int attempts, int number, int maxAttempts) {
    Plan plan = backfill("2026-06-01", before, most, attempts, MAPPED);

    assertThat(plan)
        .isInstanceOfSatisfying(
            Plan.Attempt.class,
            attempt -> {
              assertThat(attempt.action()).isEqualTo(Action.BACKFILL_PARTITION);
              assertThat(attempt.attempt()).isEqualTo(number);
              assertThat(attempt.maxAttempts()).isEqualTo(maxAttempts);
              assertThat(attempt.parameters())
                  .isEqualTo(
                      Map.of(
                          "workspace",
                          "1234",
                          "jobId",
                          "77",
                          "day",
                          "2026-06-01",
                          "of",
                          "a$b/Gold"));
            });
  }

  @ParameterizedTest
  @CsvSource({"0, 3, 3", "2, 3, 1", "0, , 3", "1, 2, 1"})
  void a_partition_whose_attempts_are_used_up_is_a_matter_for_a_person(
      int before, String most, int attempts) {
    assertThat(backfill("2026-06-01", before, most, attempts, MAPPED))
        .isInstanceOfSatisfying(
            Plan.Escalate.class,
            plan -> assertThat(plan.trigger()).isEqualTo(AlertTrigger.ATTEMPTS_EXHAUSTED));
  }

  @Test
  void of_partitions_the_oldest_is_due_first() {
    Plan.Attempt older = (Plan.Attempt) backfill("2026-05-31", 0, "3", 0, MAPPED);
    Plan.Attempt newer = (Plan.Attempt) backfill("2026-06-01", 0, "3", 0, MAPPED);

    assertThat(newer.due() - older.due()).isEqualTo(1);
    assertThat(older.due() - AT).isBetween(60_000L, 90_000L);
    assertThat(older.expiresAt() - older.due()).isEqualTo(Duration.ofDays(2).toMillis());
  }

  @Test
  void a_partition_that_no_mapping_takes_is_a_matter_for_a_person() {
    Policy other = policy("{partitions: {backfills: [{dataset: stock, pipeline: p}]}}");

    assertThat(((Plan.Escalate) backfill("2026-06-01", 0, "3", 0, other)).why())
        .contains("partitions.backfills");
  }

  private static final Policy MAPPED =
      policy(
          """
          partitions:
            backfills:
              - {dataset: "a*", layer: silver, pipeline: other}
              - {dataset: "A*", layer: "GOLD", workspace: "1234", jobId: "77",
                 parameters: {day: "{date}", of: "{dataset}/{layer}"}}
          """);

  private static Plan backfill(String date, int before, String most, int attempts, Policy policy) {
    Map<String, String> of = new java.util.TreeMap<>();
    of.put("dataset", "a$b");
    of.put("layer", "Gold");
    of.put("partitionDate", date);
    of.put("retryCount", Integer.toString(before));
    of.put("retryCountBefore", Integer.toString(before));
    if (most != null) {
      of.put("maxRetryCount", most);
    }
    Finding finding =
        Samples.failedRun("10:00")
            .setKind(FindingKind.PARTITION_MISSING)
            .setRootCause(null)
            .setAttributes(of)
            .build();
    return Planner.next(Samples.INCIDENT, Trouble.of(finding), Known.NOTHING, attempts, AT, policy);
  }

  @Test
  void a_pipeline_whose_update_failed_for_a_passing_cause_is_restarted_as_often_as_allowed() {
    Plan.Attempt plan = (Plan.Attempt) next(failedUpdate("1"), 0);

    assertThat(plan.action()).isEqualTo(Action.RESTART_PIPELINE);
    assertThat(plan.parameters())
        .containsEntry("pipelineId", "p-1")
        .containsEntry("fullRefresh", "false")
        .containsKey("updateId");
    assertThat(((Plan.Attempt) next(failedUpdate("2"), 0)).attempt()).isEqualTo(2);
    assertThat(next(failedUpdate("3"), 0))
        .isInstanceOfSatisfying(
            Plan.Escalate.class,
            escalation ->
                assertThat(escalation.trigger()).isEqualTo(AlertTrigger.ATTEMPTS_EXHAUSTED));
  }

  private static Finding failedUpdate(String failedInRow) {
    Finding run = Samples.failedRun("10:00").build();
    Map<String, String> attributes = new TreeMap<>(run.getAttributes());
    attributes.put("runId", "u-1");
    attributes.put("pipelineId", "p-1");
    attributes.put("failedInRow", failedInRow);
    return Finding.newBuilder(run)
        .setResource(
            Resource.newBuilder()
                .setType(ResourceType.DATABRICKS_PIPELINE)
                .setId("1234/p-1")
                .setWorkspace("1234")
                .build())
        .setAttributes(attributes)
        .build();
  }

  @Test
  void where_nothing_says_why_a_run_failed_a_person_is_asked() {
    Finding run = Samples.failedRun("10:00").build();
    Map<String, String> attributes = new TreeMap<>(run.getAttributes());
    attributes.put("toldBy", "NOTIFICATION");
    RootCause unknown =
        RootCause.newBuilder(run.getRootCause()).setTransience(Transience.UNKNOWN).build();

    assertThat(
            next(
                Finding.newBuilder(run).setAttributes(attributes).setRootCause(unknown).build(), 0))
        .isInstanceOfSatisfying(
            Plan.Escalate.class,
            escalation ->
                assertThat(escalation.trigger()).isEqualTo(AlertTrigger.MISSING_EVIDENCE));
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
    return next(finding, Known.NOTHING, attempts);
  }

  private static Plan next(Finding finding, Known known, int attempts) {
    return Planner.next(Samples.INCIDENT, Trouble.of(finding), known, attempts, AT, POLICY);
  }

  private static Policy policy(String text) {
    PolicyBook book = new PolicyBook();
    book.put(Policies.parse("test", text.getBytes(UTF_8)));
    return book.at(AT);
  }

  private static Finding autoDisabled(Map<String, String> attributes) {
    return Samples.failedRun("10:00")
        .setKind(FindingKind.RULE_AUTO_DISABLED)
        .setRootCause(Samples.lasting())
        .setAttributes(attributes)
        .setResource(
            Resource.newBuilder()
                .setType(ResourceType.SENTINEL_RULE)
                .setId("rule-1")
                .setWorkspace("soc")
                .build())
        .build();
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
