package io.mendline.processors.incident;

import io.mendline.processors.pipeline.View;
import io.mendline.processors.remediation.Trouble;
import io.mendline.schemas.Attempt;
import io.mendline.schemas.Finding;
import io.mendline.schemas.Incident;
import io.mendline.schemas.RootCause;
import io.mendline.schemas.TimelineEntry;
import io.mendline.serdes.RecordFormat;
import io.mendline.serdes.avro.AvroSingleObject;
import java.time.Instant;
import java.util.List;

/** An incident's state in the words of the contract. */
public final class IncidentDocument {
  private static final RecordFormat<Finding> FINDING = new AvroSingleObject<>(Finding.class);

  private IncidentDocument() {}

  /** A new version of the incident, told now. */
  static Incident told(IncidentState state, View view) {
    state.updatedAt = Math.max(view.clock(), state.changedAt);
    return of(state);
  }

  /** The finding as the state keeps it. */
  static byte[] kept(Finding finding) {
    return FINDING.write(finding);
  }

  /** The finding that the incident is about, as last told. */
  public static Finding finding(IncidentState state) {
    return FINDING.read(state.finding);
  }

  /** The incident as last told. */
  public static Incident of(IncidentState state) {
    Trouble trouble = state.seen;
    Trouble.Cause cause = trouble.cause();
    boolean resolved = state.resolvedAt != Trouble.NONE;
    return Incident.newBuilder()
        .setId(state.id)
        .setResource(trouble.subject().toResource())
        .setStatus(state.status)
        .setSeverity(trouble.severity())
        .setOpenedAt(Instant.ofEpochMilli(state.openedAt))
        .setUpdatedAt(Instant.ofEpochMilli(state.updatedAt))
        .setResolvedAt(resolved ? Instant.ofEpochMilli(state.resolvedAt) : null)
        .setRootCause(
            cause == null
                ? null
                : RootCause.newBuilder()
                    .setKey(cause.key())
                    .setCategory(cause.category())
                    .setTransience(cause.transience())
                    .setTitle(cause.title())
                    .setHint(cause.hint())
                    .build())
        .setFindingIds(List.of(trouble.findingId()))
        .setAttempts(state.attempts.stream().map(IncidentDocument::attempt).toList())
        .setTimeline(state.timeline.stream().map(IncidentDocument::entry).toList())
        .setParentId(parentId(state))
        .setOwner(trouble.owner())
        .setTier(trouble.tier())
        .setLessons(state.lessons)
        .setMttrSeconds(resolved ? Math.max(0, state.resolvedAt - state.openedAt) / 1_000 : null)
        .build();
  }

  /**
   * A window that was skipped after its neighbour hangs on the first of them, a failed run on the
   * one of another job that failed before it.
   */
  private static String parentId(IncidentState state) {
    if (state.upstream != null) {
      return IncidentTracker.incidentId(state.route, state.upstream.findingId());
    }
    String gap = IncidentTracker.gapId(state.route, state.seen);
    return gap.equals(state.id) ? null : gap;
  }

  private static Attempt attempt(IncidentState.Attempt attempt) {
    return Attempt.newBuilder()
        .setCommandId(attempt.commandId)
        .setAction(attempt.action)
        .setAttempt(attempt.number)
        .setStatus(attempt.status)
        .setAt(Instant.ofEpochMilli(attempt.at))
        .setDetail(attempt.detail)
        .build();
  }

  private static TimelineEntry entry(IncidentState.Entry entry) {
    return TimelineEntry.newBuilder()
        .setAt(Instant.ofEpochMilli(entry.at()))
        .setPhase(entry.phase())
        .setText(entry.text())
        .build();
  }
}
