package io.mendline.serdes;

import io.mendline.schemas.Action;
import io.mendline.schemas.Alert;
import io.mendline.schemas.AlertKind;
import io.mendline.schemas.AlertStatus;
import io.mendline.schemas.Command;
import io.mendline.schemas.CommandStatus;
import io.mendline.schemas.Confidence;
import io.mendline.schemas.Evidence;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.FindingStatus;
import io.mendline.schemas.Link;
import io.mendline.schemas.Operation;
import io.mendline.schemas.OperationKind;
import io.mendline.schemas.Outcome;
import io.mendline.schemas.OutcomeStatus;
import io.mendline.schemas.Resource;
import io.mendline.schemas.ResourceType;
import io.mendline.schemas.Risk;
import io.mendline.schemas.Severity;
import io.mendline.schemas.Suspect;
import io.mendline.schemas.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Records of the contract, as they look in use. */
public final class Samples {
  private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");

  private Samples() {}

  /** A command succeeded. */
  public static Outcome outcome() {
    return Outcome.newBuilder()
        .setCommandId("r1-abc")
        .setStatus(OutcomeStatus.SUCCEEDED)
        .setAt(NOON.plusMillis(123))
        .setExternalRef("run 22")
        .setActor("executor")
        .build();
  }

  /** A person's verdict. */
  public static Operation verdict() {
    return Operation.newBuilder()
        .setId("op-1")
        .setIncidentId("r1-i")
        .setKind(OperationKind.VERDICT)
        .setBy("ada")
        .setAt(NOON)
        .setVerdict(Verdict.newBuilder().setFalseAlarm(false).setCauseCorrect(true).build())
        .build();
  }

  /** A finding with something in every kind of field. */
  public static Finding finding() {
    return Finding.newBuilder()
        .setId("f-1")
        .setKind(FindingKind.CACHE_REGRESSION)
        .setStatus(FindingStatus.RAISED)
        .setRevision(2)
        .setResource(resource())
        .setWindowStart(NOON.minusSeconds(60))
        .setOccurredAt(NOON)
        .setDetectedAt(NOON.plusMillis(5))
        .setSeverity(Severity.HIGH)
        .setConfidence(Confidence.MEDIUM)
        .setSummary("\"quoted\" and ünïcode")
        .setAttributes(Map.of("onset", "2026-05-30", "after", "0.48", "before", "0.70"))
        .setLinks(List.of(new Link("page", "https://x/")))
        .setEvidence(List.of(new Evidence("telemetry.cache", 3, 4_000_000_000L, null)))
        .setSuspects(List.of(new Suspect("pr-17", NOON, "Reorder the prompt", null, 0.75)))
        .build();
  }

  /** An alert that carries a command. */
  public static Alert alert() {
    return Alert.newBuilder()
        .setId("a-1")
        .setDedupKey("d-1")
        .setStatus(AlertStatus.RAISED)
        .setKind(AlertKind.APPROVAL_REQUEST)
        .setSeverity(Severity.LOW)
        .setEscalateTo("team")
        .setTitle("t")
        .setMessage("m")
        .setCommand(command())
        .setAt(NOON)
        .build();
  }

  private static Command command() {
    return Command.newBuilder()
        .setId("r1-c")
        .setStatus(CommandStatus.ISSUED)
        .setIncidentId("r1-i")
        .setFindingId("f-1")
        .setAction(Action.REPAIR_RUN)
        .setTarget(resource())
        .setParameters(Map.of("runId", "22"))
        .setAttempt(1)
        .setMaxAttempts(3)
        .setNotBefore(NOON)
        .setExpiresAt(NOON.plusSeconds(3600))
        .setRisk(Risk.LOW)
        .setDryRun(true)
        .setReason("because")
        .setIdempotencyToken("t")
        .setCreatedAt(NOON)
        .setEpoch(1)
        .build();
  }

  private static Resource resource() {
    return Resource.newBuilder().setType(ResourceType.CACHE_SCOPE).setId("assistant/m-1").build();
  }
}
