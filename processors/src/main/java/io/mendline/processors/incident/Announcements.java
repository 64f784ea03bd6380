package io.mendline.processors.incident;

import io.mendline.processors.incident.IncidentState.Attempt;
import io.mendline.processors.incident.IncidentState.Raised;
import io.mendline.processors.pipeline.Ids;
import io.mendline.processors.pipeline.Output;
import io.mendline.processors.pipeline.Request;
import io.mendline.processors.pipeline.Routes;
import io.mendline.processors.policy.Policy;
import io.mendline.processors.remediation.Plan;
import io.mendline.processors.remediation.Trouble;
import io.mendline.schemas.Alert;
import io.mendline.schemas.AlertKind;
import io.mendline.schemas.AlertStatus;
import io.mendline.schemas.AlertTrigger;
import io.mendline.schemas.AuditEntry;
import io.mendline.schemas.Command;
import io.mendline.schemas.CommandStatus;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.Link;
import java.time.Instant;
import java.util.List;

/** What an incident tells people, the audit and the governor. */
final class Announcements {
  private final IncidentState state;
  private final List<Output> outputs;

  Announcements(IncidentState state, List<Output> outputs) {
    this.state = state;
    this.outputs = outputs;
  }

  /** Whom to tell. */
  String escalateTo(Policy policy) {
    Trouble trouble = state.settled == null ? state.seen : state.settled;
    return policy.escalateTo(trouble.subject().type().name(), trouble.subject().id());
  }

  /** A person has to act. The message names every error and every fix that was tried. */
  void escalation(long at, AlertTrigger trigger, String why, Policy policy) {
    StringBuilder message = new StringBuilder(sentence(why));
    if (!state.errors.isEmpty()) {
      message.append("\nErrors:");
      state.errors.forEach(error -> message.append("\n- ").append(error));
    }
    if (!state.attempts.isEmpty()) {
      message.append("\nTried:");
      for (Attempt attempt : state.attempts) {
        message.append("\n- ").append(attempt.action).append(" (attempt ").append(attempt.number);
        message.append(attempt.dryRun ? ", dry run)" : ")");
        if (attempt.detail != null) {
          message.append(": ").append(attempt.detail);
        }
      }
    }
    raise(at, AlertKind.ESCALATION, trigger, message.append(likelyNext()).toString(), policy);
  }

  /** The same cause keeps coming back. */
  void recurring(long at, String why, Policy policy) {
    boolean recurring = state.settled.kind() == FindingKind.RECURRING_ROOT_CAUSE;
    raise(
        at,
        recurring ? AlertKind.RECURRING : AlertKind.NOTICE,
        recurring ? AlertTrigger.RECURRING : AlertTrigger.NONE,
        sentence(why) + likelyNext(),
        policy);
  }

  private String likelyNext() {
    return state.likelyNext == null ? "" : "\nLikely next: " + state.likelyNext + '.';
  }

  /** Clears every alert that stands. */
  void clear(long at, Policy policy) {
    for (Raised raised : state.alerts) {
      tell(at, alert(raised, AlertStatus.CLEARED, at, policy));
    }
    state.alerts.clear();
  }

  void audit(long at, String actor, String action, String what) {
    Trouble trouble = state.settled == null ? state.seen : state.settled;
    outputs.add(
        new Output.Noted(
            state.route,
            AuditEntry.newBuilder()
                .setAt(Instant.ofEpochMilli(at))
                .setActor(actor)
                .setAction(action)
                .setResource(trouble.subject().toResource())
                .setIncidentId(state.id)
                .setWhy(trouble.summary())
                .setHow(what)
                .setStatus(state.status.name())
                .build()));
  }

  /** The command of a planned attempt. */
  Command command(Plan.Attempt attempt, long at, Policy policy) {
    Trouble trouble = state.settled;
    return Command.newBuilder()
        .setId(attempt.commandId())
        .setStatus(CommandStatus.ISSUED)
        .setIncidentId(state.id)
        .setFindingId(trouble.findingId())
        .setAction(attempt.action())
        .setTarget(trouble.subject().toResource())
        .setParameters(attempt.parameters())
        .setAttempt(attempt.attempt())
        .setMaxAttempts(attempt.maxAttempts())
        .setNotBefore(Instant.ofEpochMilli(attempt.due()))
        .setExpiresAt(Instant.ofEpochMilli(attempt.expiresAt()))
        .setRisk(policy.rules(attempt.action()).risk())
        // The governor decides on this at release, and stamps time and epoch.
        .setDryRun(false)
        .setReason(attempt.reason())
        .setIdempotencyToken(attempt.commandId())
        .setRollback(attempt.rollback())
        .setCreatedAt(Instant.ofEpochMilli(at))
        .setEpoch(0)
        .build();
  }

  /** Ends like a sentence: a hint, with which it may end, is one already. */
  private static String sentence(String text) {
    return text.endsWith(".") ? text : text + ".";
  }

  private void raise(long at, AlertKind kind, AlertTrigger trigger, String message, Policy policy) {
    Raised raised =
        new Raised(
            Ids.digest(state.id, kind, trigger),
            kind,
            trigger,
            state.settled.resourceName() + ": " + state.settled.summary(),
            message);
    state.alerts.removeIf(other -> other.alertId().equals(raised.alertId()));
    state.alerts.add(raised);
    tell(at, alert(raised, AlertStatus.RAISED, at, policy));
    audit(at, "mendline", kind.name(), message.lines().findFirst().orElse(message));
  }

  /**
   * Windows of a rule, or runs of a job, that were missed one after the other are one alert, and so
   * are the partitions of a layer, and the jobs of a workspace that lack the same.
   */
  private void tell(long at, Alert alert) {
    Trouble trouble = state.settled == null ? state.seen : state.settled;
    String group =
        switch (trouble.kind()) {
          case SKIPPED_WINDOW, MISSED_RUN -> IncidentTracker.gapId(state.route, trouble);
          case PARTITION_MISSING -> layerId(trouble);
          case CHECK_FAILED -> checkId(trouble, alert);
          default -> null;
        };
    outputs.add(
        group == null
            ? new Output.Told(state.route, alert)
            : new Output.Asked(
                state.route,
                new Request.Tell(group, at, alert, trouble.windowStart(), trouble.windowEnd())));
  }

  /** What the partitions of one layer are grouped under; the id of no incident. */
  private String layerId(Trouble trouble) {
    String partition = trouble.subject().id();
    return Ids.routed(state.route, partition.substring(0, partition.lastIndexOf('/')));
  }

  /** The jobs of a route are those of a workspace; what was proposed for one of them is its own. */
  private String checkId(Trouble trouble, Alert alert) {
    return trouble.jobCheck() == null || alert.getKind() != AlertKind.NOTICE
        ? null
        : Routes.hash(state.route) + "-" + trouble.jobCheck().id();
  }

  private Alert alert(Raised raised, AlertStatus status, long at, Policy policy) {
    Trouble trouble = state.settled == null ? state.seen : state.settled;
    String runPage = trouble.attributes().get("runPageUrl");
    return Alert.newBuilder()
        .setId(raised.alertId())
        .setDedupKey(state.id + "/" + raised.kind())
        .setStatus(status)
        .setKind(raised.kind())
        .setTrigger(raised.trigger())
        .setSeverity(trouble.severity())
        .setEscalateTo(escalateTo(policy))
        .setOwner(trouble.owner())
        .setTitle(raised.title())
        .setMessage(raised.message())
        .setResource(trouble.subject().toResource())
        .setIncidentId(state.id)
        .setFindingIds(List.of(trouble.findingId()))
        .setLinks(
            runPage == null
                ? List.of()
                : List.of(Link.newBuilder().setTitle("Run").setUrl(runPage).build()))
        .setAt(Instant.ofEpochMilli(at))
        .build();
  }
}
