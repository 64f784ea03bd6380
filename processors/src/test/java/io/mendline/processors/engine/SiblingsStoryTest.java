package io.mendline.processors.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.schemas.Alert;
import io.mendline.schemas.Incident;
import io.mendline.schemas.TimelineEntry;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A job fails for a cause that others share with it: they are named before they fail, too. */
class SiblingsStoryTest {
  private static final String BUNDLE =
      "\"deployment\": {\"kind\": \"BUNDLE\", \"metadata_file_path\":"
          + " \"/Workspace/Users/x/.bundle/%s/prod/state/metadata.json\"}";
  private static final String PAUSED =
      ", \"schedule\": {\"quartz_cron_expression\": \"0 0 5 * * ?\", \"timezone_id\": \"UTC\","
          + " \"pause_status\": \"PAUSED\"}";

  private final StoryRuntime story = new StoryRuntime();
  private final LocalRuntime runtime =
      StoryRuntime.of("runs: {checks: []}", s -> s.defaultLateness().toMillis(), story::note);
  private final Workspace workspace = new Workspace();

  @Test
  void the_jobs_of_its_bundle_are_named_but_not_those_that_do_not_run() {
    for (int job = 1; job <= 5; job++) {
      workspace.job(job, job, "etl " + job, BUNDLE.formatted("etl"));
    }
    workspace
        .job(6, 6, "etl paused", BUNDLE.formatted("etl") + PAUSED)
        .job(7, 7, "etl deleted", BUNDLE.formatted("etl"))
        .deleted(8, 7)
        .job(9, 8, "report", BUNDLE.formatted("reports"))
        .failed(20, 1, 100, Workspace.CODE)
        .alive(0, 30)
        .tellTo(runtime);

    String named =
        "etl 2 (same bundle etl/prod), etl 3 (same bundle etl/prod), etl 4 (same bundle etl/prod),"
            + " etl 5 (same bundle etl/prod)";
    assertThat(timeline()).contains("likely to fail next: " + named);
    assertThat(alert().getMessage()).endsWith("\nLikely next: " + named + ".");
  }

  @Test
  void what_was_said_after_it_failed_names_nobody() {
    workspace
        .job(1, 1, "etl 1", BUNDLE.formatted("etl"))
        .failed(20, 1, 100, Workspace.CODE)
        .job(20.2, 2, "etl 2", BUNDLE.formatted("etl"))
        .alive(0, 30)
        .tellTo(runtime);

    assertThat(alert().getMessage()).doesNotContain("Likely next");
  }

  @Test
  void a_cause_that_passes_or_that_others_do_not_share_names_nobody() {
    workspace
        .job(1, 1, "etl 1", BUNDLE.formatted("etl"))
        .job(2, 2, "etl 2", BUNDLE.formatted("etl"))
        .failed(20, 1, 100, Workspace.PASSING)
        .failed(21, 1, 101, "Invalid access token (403)")
        .alive(0, 30)
        .tellTo(runtime);

    assertThat(story.incidents.values())
        .filteredOn(incident -> incident.getResource().getId().equals("7700/1"))
        .hasSize(2)
        .allSatisfy(
            incident ->
                assertThat(texts(incident)).noneMatch(text -> text.contains("likely to fail")));
  }

  private Alert alert() {
    return story.alerts.stream()
        .filter(alert -> alert.getResource().getId().equals("7700/1"))
        .reduce((earlier, later) -> later)
        .orElseThrow();
  }

  private List<String> timeline() {
    return story.incidents.values().stream()
        .filter(incident -> incident.getResource().getId().equals("7700/1"))
        .map(SiblingsStoryTest::texts)
        .findFirst()
        .orElseThrow();
  }

  private static List<String> texts(Incident incident) {
    return incident.getTimeline().stream().map(TimelineEntry::getText).toList();
  }
}
