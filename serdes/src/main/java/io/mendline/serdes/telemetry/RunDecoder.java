package io.mendline.serdes.telemetry;

import io.mendline.serdes.text.FreeText;
import io.mendline.serdes.text.Redactor;
import java.util.EnumSet;

/**
 * Reads what comes of Databricks jobs: the states of runs into {@link RunState}, the settings of
 * jobs into {@link JobSettings}, and the {@link Heartbeat}s of a poller. A state is read from every
 * record that carries one:
 *
 * <ul>
 *   <li>the Jobs API's run object, 2.1 ({@code state}) and 2.2 ({@code status}), as it is, under
 *       {@code run}, as a page of the list of runs, or as the answer to "get run output", whose run
 *       stands under {@code metadata}; a poller may attach {@code run_output}, or {@code error},
 *       {@code error_trace} and {@code logs}, to a run or task, or say under {@code
 *       evidence_unavailable} why it could not, which then ends the message. A run gives one record
 *       for the job run and one for each task that has a state;
 *   <li>records of the {@code jobs} audit log, in Azure Monitor's envelope or flat. Actions that
 *       are no fact about a run are skipped;
 *   <li>rows of the run timeline system tables, whose slices of an unfinished run count as running.
 * </ul>
 *
 * <p>Of declarative pipelines it reads updates ({@code {"update":{…}}}, or the {@code
 * latest_updates} of a pipeline) and the event log: how updates go on, and what went wrong in them,
 * a record each. Other events are skipped.
 *
 * <p>Settings are read from a poller's {@code {"kind":"job",…}} and from the actions {@code
 * create}, {@code update}, {@code reset} and {@code delete} of the audit log.
 *
 * <p>Job notifications, as webhooks are sent them, say by their type what became of a run or task,
 * but not when. Where what wraps them names no time either, theirs is {@link
 * TelemetryRecord#ABSENT}, and who knows when they were received has to set it. Types that say
 * nothing of a run's state are skipped.
 *
 * <p>A run needs a workspace, a job id, a run id, a state and otherwise a time, else it is bad.
 * Values that the audit log cut ({@code ... truncated}) are read as far as they go.
 */
public final class RunDecoder implements TelemetryDecoder {
  private final EnvelopeReader envelopes;

  /** A decoder whose free texts are redacted by {@code redactor}. */
  public RunDecoder(Redactor redactor) {
    FreeText texts = new FreeText(redactor);
    this.envelopes =
        new EnvelopeReader(
            () -> new RunFields(texts), EnumSet.allOf(EnvelopeReader.Wrapper.class), texts);
  }

  @Override
  public void decode(byte[] message, DecodedSink sink) {
    envelopes.decode(message, sink);
  }
}
