package io.mendline.databricks.poller;

import com.databricks.sdk.core.http.HttpClient;
import io.mendline.databricks.FakeTime;
import io.mendline.databricks.FakeWorkspace;
import io.mendline.databricks.api.WorkspaceApi;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** A workspace and its poller, at a time of their own. */
final class Polling implements AutoCloseable {
  static final long NOON = 1_780_315_200_000L; // 2026-06-01T12:00:00Z
  static final long SECOND = 1_000;
  static final long MINUTE = 60 * SECOND;
  static final long HOUR = 60 * MINUTE;

  /** What its notebooks exit with is fetched. */
  static final String REPORTING_JOB = "job 12";

  private static final HttpClient HTTP = WorkspaceApi.http(Duration.ofSeconds(5));

  final FakeTime time;
  final FakeWorkspace workspace;
  final RecordingOutbox outbox = new RecordingOutbox();
  private final Path folder;
  private WorkspacePoller poller;

  Polling(Path folder, String id) {
    this.folder = folder;
    this.time = new FakeTime(NOON);
    this.workspace = new FakeWorkspace(id, time);
    restart();
  }

  static PollerConfig config(Path folder, FakeWorkspace... workspaces) {
    return new PollerConfig(
        List.of(workspaces).stream().map(FakeWorkspace::workspace).toList(),
        Set.of(),
        name -> name.equals(REPORTING_JOB),
        folder,
        Duration.ofHours(6),
        Duration.ofMinutes(10),
        Duration.ofSeconds(30),
        Duration.ofMinutes(5),
        Duration.ofHours(24));
  }

  /** Another poller on the same state, as after a crash. */
  void restart() {
    outbox.crash();
    poller =
        new WorkspacePoller(
            workspace.workspace(),
            config(folder, workspace),
            new WorkspaceApi(workspace.workspace(), HTTP, time),
            outbox,
            new StateFile(folder, workspace.id),
            time);
  }

  long step() {
    try {
      return poller.step();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Polls until a time is reached. */
  void until(long end) {
    for (long next = step(); Math.max(next, time.millis()) <= end; next = step()) {
      time.moveTo(next);
    }
    time.moveTo(end);
  }

  List<String> problems() {
    return poller.problems();
  }

  WorkspaceState state() {
    return new StateFile(folder, workspace.id).load();
  }

  @Override
  public void close() {
    workspace.close();
  }
}
