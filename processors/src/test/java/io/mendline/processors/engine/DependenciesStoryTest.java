package io.mendline.processors.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.mendline.processors.engine.Workspace.Task;
import io.mendline.processors.incident.IncidentTracker;
import io.mendline.processors.pipeline.Findings;
import io.mendline.processors.pipeline.Output;
import io.mendline.processors.pipeline.Routes;
import io.mendline.schemas.Action;
import io.mendline.schemas.Alert;
import io.mendline.schemas.AlertStatus;
import io.mendline.schemas.Command;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.Incident;
import io.mendline.schemas.IncidentStatus;
import io.mendline.schemas.TimelineEntry;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Job 1 is upstream of job 2. */
class DependenciesStoryTest {
  private static final String ROUTE = Routes.databricks("7700");
  private static final String MISSING =
      "[TABLE_OR_VIEW_NOT_FOUND] The table or view `a`.`b` cannot be found";
  private static final String POLICY =
      """
      mode: auto
      runs: {checks: [], dependencies: [{upstream: "job 1", downstream: "7700/2", within: PT2H}], upstreamWait: PT3H}
      """;

  private final StoryRuntime story = new StoryRuntime();
  private final Workspace workspace = new Workspace();

  @Test
  void a_downstream_failure_waits_for_its_upstream_and_is_repaired_when_that_has_succeeded() {
    workspace
        .failed(20, 1, 100, MISSING)
        .failed(40, 2, 200, MISSING)
        .succeeded(92, 1, 101)
        .alive(0, 120);
    run(POLICY);

    Incident downstream = incident("7700/2", 200);
    assertThat(downstream.getParentId()).isEqualTo(incidentId("7700/1", 100));
    assertThat(texts(downstream))
        .contains(
            "job 1 failed before it: run 100",
            "waits until job 1 has succeeded",
            "job 1 has succeeded since: run 101");
    assertThat(alertsOf("7700/2")).isEmpty();
    assertThat(alertsOf("7700/1")).as("the one that has to be looked at").hasSize(1);
    assertThat(story.commands)
        .extracting(Command::getAction, command -> command.getTarget().getId())
        .containsExactly(tuple(Action.REPAIR_RUN, "7700/2"));
    assertThat(story.commands.get(0).getNotBefore())
        .as("looked at every five minutes")
        .isBetween(Workspace.at(95), Workspace.at(97));
  }

  @Test
  void an_upstream_that_never_succeeds_is_waited_for_as_long_as_the_policy_says() {
    workspace.failed(20, 1, 100, MISSING).failed(40, 2, 200, Workspace.PASSING).alive(0, 240);
    run(POLICY);

    assertThat(story.commands).isEmpty();
    assertThat(alertsOf("7700/2"))
        .singleElement()
        .satisfies(
            alert -> {
              assertThat(alert.getMessage())
                  .startsWith("job 1, which failed before it, has not succeeded within PT3H.");
              assertThat(alert.getAt()).isEqualTo(Workspace.at(220));
            });
    assertThat(incident("7700/2", 200).getStatus()).isEqualTo(IncidentStatus.ESCALATED);
  }

  @Test
  void it_hangs_on_nothing_when_the_last_run_before_it_was_well_or_too_long_ago() {
    workspace
        .failed(10, 1, 100, MISSING)
        .succeeded(20, 1, 101)
        .failed(40, 2, 200, MISSING)
        .failed(41, 1, 102, MISSING)
        .failed(170, 2, 201, MISSING)
        .alive(0, 180);
    run(POLICY);

    assertThat(incident("7700/2", 200).getParentId()).isNull();
    assertThat(incident("7700/2", 201).getParentId()).isNull();
    assertThat(alertsOf("7700/2")).hasSize(2);
  }

  @Test
  void what_started_another_job_that_failed_hangs_on_it_and_is_told_once() {
    workspace
        .failed(20, 12, 44, "RUN_JOB_TASK", new Task("main", "FAILED", MISSING, null))
        .failed(
            21,
            11,
            22,
            "PERIODIC",
            new Task("load", "FAILED", MISSING, "12/44"),
            new Task("report", "UPSTREAM_FAILED", null, null))
        .alive(0, 30);
    run("{mode: auto, runs: {checks: []}}");

    Incident parent = incident("7700/11", 22);
    assertThat(parent.getParentId()).isEqualTo(incidentId("7700/12", 44));
    assertThat(finding("7700/11", 22).getAttributes())
        .containsEntry("upstreamFindingId", findingId("7700/12", 44))
        .containsEntry("upstreamJobId", "7700/12")
        .containsEntry("upstreamRunId", "44")
        .as("what did not run did not fail")
        .containsEntry("failedTasks", "load");
    assertThat(texts(parent))
        .contains(
            "job 12, which it started, failed: run 44",
            "people are told of it by " + incidentId("7700/12", 44));
    assertThat(alertsOf("7700/12")).hasSize(1);
    assertThat(alertsOf("7700/11")).isEmpty();
  }

  @Test
  void the_repair_of_what_started_another_job_starts_that_again() {
    workspace
        .failed(20, 12, 44, "RUN_JOB_TASK", new Task("main", "FAILED", Workspace.PASSING, null))
        .failed(21, 11, 22, "PERIODIC", new Task("load", "FAILED", Workspace.PASSING, "12/44"))
        .alive(0, 30);
    run("{mode: auto, runs: {checks: []}}");

    assertThat(story.commands)
        .extracting(command -> command.getTarget().getId())
        .containsExactly("7700/11");
  }

  @Test
  void a_run_of_which_not_all_that_failed_started_others_hangs_on_none() {
    workspace
        .failed(
            21,
            11,
            22,
            "PERIODIC",
            new Task("load", "FAILED", MISSING, "12/44"),
            new Task("own", "FAILED", MISSING, null))
        .alive(0, 30);
    run("{mode: auto, runs: {checks: []}}");

    assertThat(incident("7700/11", 22).getParentId()).isNull();
    assertThat(alertsOf("7700/11")).hasSize(1);
  }

  @Test
  void what_started_another_job_is_told_while_nothing_is_known_of_that() {
    workspace
        .failed(21, 11, 22, "PERIODIC", new Task("load", "FAILED", MISSING, "12/44"))
        .alive(0, 30);
    run("{mode: auto, runs: {checks: []}}");

    assertThat(incident("7700/11", 22).getParentId()).isEqualTo(incidentId("7700/12", 44));
    assertThat(alertsOf("7700/11")).hasSize(1);
  }

  @Test
  void jobs_that_are_declared_to_hang_on_each_other_do_not_wait_for_each_other() {
    workspace.failed(20, 1, 100, MISSING).failed(25, 2, 200, MISSING).alive(0, 60);
    run(
        """
        {mode: auto, runs: {checks: [], dependencies: [{upstream: "1", downstream: "2"}, {upstream: "2", downstream: "1"}]}}
        """);

    assertThat(incident("7700/1", 100).getParentId()).isNull();
    assertThat(alertsOf("7700/1")).hasSize(1);
    assertThat(incident("7700/2", 200).getParentId()).isEqualTo(incidentId("7700/1", 100));
    assertThat(alertsOf("7700/2")).isEmpty();
  }

  /** Two hours of waiting are no two dozen messages that nothing has happened. */
  @Test
  void waiting_is_told_once() {
    workspace.failed(20, 1, 100, MISSING).failed(40, 2, 200, MISSING).alive(0, 160);
    int[] told = {0};
    LocalRuntime runtime =
        StoryRuntime.of(
            POLICY,
            source -> source.defaultLateness().toMillis(),
            output -> {
              story.note(output);
              if (output instanceof Output.Tracked tracked
                  && tracked.incident().getResource().getId().equals("7700/2")) {
                told[0]++;
              }
            });
    workspace.tellTo(runtime);

    assertThat(told[0]).as("by its run, by its task, and when that has settled").isEqualTo(3);
  }

  @Test
  void a_long_wait_survives_many_runs_of_the_upstream_job() {
    workspace.failed(20, 1, 100, MISSING).failed(21, 2, 200, MISSING);
    IntStream.range(0, 40).forEach(i -> workspace.failed(22 + i, 1, 300 + i, MISSING));
    workspace.succeeded(70, 1, 400).alive(0, 90);
    run(POLICY);

    assertThat(incident("7700/2", 200).getParentId()).isEqualTo(incidentId("7700/1", 100));
    assertThat(texts(incident("7700/2", 200))).contains("job 1 has succeeded since: run 400");
  }

  private void run(String policy) {
    workspace.tellTo(
        StoryRuntime.of(policy, source -> source.defaultLateness().toMillis(), story::note));
  }

  private Incident incident(String job, int run) {
    return story.incidents.get(incidentId(job, run));
  }

  private Finding finding(String job, int run) {
    return story.findings.get(findingId(job, run));
  }

  private List<Alert> alertsOf(String job) {
    return story.alerts.stream()
        .filter(alert -> alert.getResource().getId().equals(job))
        .filter(alert -> alert.getStatus() == AlertStatus.RAISED)
        .toList();
  }

  private static String incidentId(String job, int run) {
    return IncidentTracker.incidentId(ROUTE, findingId(job, run));
  }

  private static String findingId(String job, int run) {
    return Findings.id(FindingKind.RUN_FAILED, ROUTE, job, Integer.toString(run));
  }

  private static List<String> texts(Incident incident) {
    return incident.getTimeline().stream().map(TimelineEntry::getText).toList();
  }
}
