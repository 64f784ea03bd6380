package io.mendline.databricks.poller;

import io.mendline.databricks.api.Workspace;

/** Hands messages of one workspace to the outbox, under the keys that they have. */
final class Messages {
  private final Workspace workspace;
  private final Outbox outbox;
  private int waiting;

  Messages(Workspace workspace, Outbox outbox) {
    this.workspace = workspace;
    this.outbox = outbox;
  }

  /**
   * A message about a job or a run of it.
   *
   * @param jobId empty when it is not known
   */
  void aboutJob(String jobId, byte[] value) {
    send(jobId.isEmpty() ? workspace.id() : workspace.id() + '/' + jobId, value);
  }

  /** A message about the workspace. */
  void aboutWorkspace(byte[] value) {
    send(workspace.id(), value);
  }

  private void send(String key, byte[] value) {
    outbox.send(key, value);
    waiting++;
  }

  /** How many were sent since the last flush. */
  int waiting() {
    return waiting;
  }

  void flush() throws DeliveryException {
    // What failed is handed over again as a whole.
    int sent = waiting;
    waiting = 0;
    if (sent > 0) {
      outbox.flush();
    }
  }
}
