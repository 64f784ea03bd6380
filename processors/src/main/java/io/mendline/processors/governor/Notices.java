package io.mendline.processors.governor;

import io.mendline.processors.governor.GovernorMemory.Tracked;
import io.mendline.processors.pipeline.Ids;
import io.mendline.processors.pipeline.Output;
import io.mendline.processors.pipeline.Routes;
import io.mendline.schemas.Alert;
import io.mendline.schemas.AlertKind;
import io.mendline.schemas.AlertStatus;
import io.mendline.schemas.AlertTrigger;
import io.mendline.schemas.AuditEntry;
import io.mendline.schemas.Command;
import io.mendline.schemas.Risk;
import io.mendline.schemas.Severity;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What the governor tells people and the audit. */
final class Notices {
  /** The reason for holding a command that a person has to approve. */
  static final String AWAITING_APPROVAL = "it waits for approval";

  private Notices() {}

  /** A line of the audit. */
  static Output audit(Tracked tracked, String action, long at, String how, String status) {
    Command command = tracked.command();
    return new Output.Noted(
        route(command),
        AuditEntry.newBuilder()
            .setAt(Instant.ofEpochMilli(at))
            .setActor("governor")
            .setAction(action)
            .setResource(command.getTarget())
            .setIncidentId(command.getIncidentId())
            .setWhy(command.getReason())
            .setHow(how)
            .setDetail(Map.of("commandId", command.getId(), "command", command.getAction().name()))
            .setStatus(status)
            .build());
  }

  /** Asks a person to approve a command, which the alert carries; or says that this is over. */
  static Output approval(Tracked tracked, AlertStatus status, long at) {
    Command command = tracked.command();
    String resource =
        command.getTarget().getName() == null
            ? command.getTarget().getId()
            : command.getTarget().getName();
    return new Output.Told(
        route(command),
        Alert.newBuilder()
            .setId(Ids.digest(command.getId(), AlertKind.APPROVAL_REQUEST))
            .setDedupKey(command.getIncidentId() + "/" + AlertKind.APPROVAL_REQUEST)
            .setStatus(status)
            .setKind(AlertKind.APPROVAL_REQUEST)
            .setTrigger(AlertTrigger.NONE)
            .setSeverity(command.getRisk() == Risk.HIGH ? Severity.HIGH : Severity.MEDIUM)
            .setEscalateTo(tracked.escalateTo())
            .setOwner(tracked.owner())
            .setTitle("Approve " + command.getAction() + " on " + resource + "?")
            .setMessage(command.getReason())
            .setResource(command.getTarget())
            .setIncidentId(command.getIncidentId())
            .setFindingIds(List.of(command.getFindingId()))
            .setCommand(Command.newBuilder(command).setDryRun(false).build())
            .setAt(Instant.ofEpochMilli(at))
            .build());
  }

  private static String route(Command command) {
    return command.getId().substring(0, Routes.HASH_LENGTH);
  }
}
