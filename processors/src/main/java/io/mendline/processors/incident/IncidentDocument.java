package io.mendline.processors.incident;

import io.mendline.processors.pipeline.View;
import io.mendline.processors.remediation.Trouble;
import io.mendline.schemas.Attempt;
import io.mendline.schemas.Incident;
import io.mendline.schemas.RootCause;
import io.mendline.schemas.TimelineEntry;
import java.time.Instant;
import java.util.List;

/** An incident's state in the words of the contract. */
final class IncidentDocument {
  private IncidentDocument() {}

  static Incident of(IncidentState state, View view) {
    Trouble trouble = state.seen;
    Trouble.Cause cause = trouble.cause();
    boolean resolved = state.resolvedAt != Trouble.NONE;
    return Incident.newBuilder()
        .setId(state.id)
        .setResource(trouble.subject().toResource())
        .setStatus(state.status)
        .setSeverity(trouble.severity())
        .setOpenedAt(Instant.ofEpochMilli(state.openedAt))
        .setUpdatedAt(Instant.ofEpochMilli(Math.max(view.clock(), state.changedAt)))
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
        .setOwner(trouble.owner())
        .setTier(trouble.tier())
        .setLessons(state.lessons)
        .setMttrSeconds(resolved ? Math.max(0, state.resolvedAt - state.openedAt) / 1_000 : null)
        .build();
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
