package io.mendline.serdes.telemetry;

import static java.util.Objects.requireNonNull;

/**
 * The poller of a Databricks workspace is alive, and has told all runs up to this instant: {@code
 * {"kind":"heartbeat","workspaceId":…,"time":…}}. Evidence that a silence is the platform's own.
 *
 * @param time when it was written
 * @param workspace the workspace as {@link RunState#workspace()} has it
 */
public record Heartbeat(long time, String workspace) implements TelemetryRecord {
  /** Checks what may not be null. */
  public Heartbeat {
    requireNonNull(workspace, "workspace");
  }

  @Override
  public long contentId() {
    return ContentIds.of(this);
  }
}
