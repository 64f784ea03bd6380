package io.mendline.processors.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.engine.Workspace.Task;
import io.mendline.schemas.Alert;
import io.mendline.schemas.Command;
import io.mendline.schemas.Incident;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Law 1: siblings, what hangs on what, and what is told of it, in whatever order they come. */
class DependenciesLawsTest {
  private static final Duration LATENESS = Duration.ofMinutes(3);
  private static final String POLICY =
      """
      mode: auto
      runs:
        checks: []
        upstreamWait: PT30M
        dependencies: [{upstream: "job 1", downstream: "job 2"}, {upstream: "2", downstream: "3", within: PT20M}]
      """;

  @Property(tries = 60)
  void the_order_of_arrival_within_lateness_decides_nothing(@ForAll long seed) {
    Workspace workspace = workspace(seed);
    SortedMap<String, String> expected = result(workspace, null);

    assertThat(expected).isNotEmpty();
    assertThat(result(workspace, seed)).isEqualTo(expected);
  }

  private static Workspace workspace(long seed) {
    Random random = new Random(seed);
    Workspace workspace = new Workspace();
    for (int i = 0; i < 12; i++) {
      String library = "\"libraries\": [{\"whl\": \"/" + random.nextInt(3) + ".whl\"}]";
      workspace.job(
          random.nextInt(60) + random.nextInt(50) / 60.0,
          1 + random.nextInt(5),
          "named",
          "\"tasks\": [{\"task_key\": \"a\", \"dbt_task\": {}, " + library + "}]");
    }
    for (int run = 100; run < 125; run++) {
      double minute = 1 + random.nextInt(70) + random.nextInt(50) / 60.0;
      int job = 1 + random.nextInt(3);
      switch (random.nextInt(4)) {
        case 0 -> workspace.succeeded(minute, job, run);
        case 1 -> workspace.failed(minute, job, run, Workspace.PASSING);
        case 2 -> workspace.failed(minute, job, run, Workspace.CODE);
        default -> {
          Task child = new Task("main", "FAILED", Workspace.CODE, null);
          Task parent = new Task("load", "FAILED", Workspace.CODE, "4/" + run);
          workspace.failed(minute, 4, run, "RUN_JOB_TASK", child);
          workspace.failed(minute + 0.5, 5, run + 1_000, "PERIODIC", parent);
        }
      }
    }
    return workspace.alive(0, 140);
  }

  /** Incidents without when they were told, alerts and commands, the last by id. */
  private static SortedMap<String, String> result(Workspace workspace, Long disorder) {
    StoryRuntime story = new StoryRuntime();
    LocalRuntime runtime = StoryRuntime.of(POLICY, any -> LATENESS.toMillis(), story::note);
    if (disorder == null) {
      workspace.tellTo(runtime);
    } else {
      workspace.disorderedTo(runtime, LATENESS, disorder);
    }
    SortedMap<String, String> result = new TreeMap<>();
    story.incidents.forEach(
        (id, incident) ->
            result.put(
                "incident " + id,
                Incident.newBuilder(incident).setUpdatedAt(Instant.EPOCH).build().toString()));
    for (Alert alert : story.alerts) {
      result.put("alert " + alert.getId() + alert.getStatus(), alert.toString());
    }
    for (Command command : story.commands) {
      result.put(
          "command " + command.getId() + command.getStatus(),
          Command.newBuilder(command)
              .setCreatedAt(Instant.EPOCH)
              .setEpoch(0)
              .setParameters(new TreeMap<>(command.getParameters()))
              .build()
              .toString());
    }
    return result;
  }
}
