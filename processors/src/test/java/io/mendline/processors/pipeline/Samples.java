package io.mendline.processors.pipeline;

import io.mendline.processors.engine.MemoryStore;
import io.mendline.processors.policy.PolicyBook;
import io.mendline.schemas.Action;
import io.mendline.schemas.Alert;
import io.mendline.schemas.AlertKind;
import io.mendline.schemas.AlertStatus;
import io.mendline.schemas.AlertTrigger;
import io.mendline.schemas.AuditEntry;
import io.mendline.schemas.Command;
import io.mendline.schemas.CommandStatus;
import io.mendline.schemas.Confidence;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.FindingStatus;
import io.mendline.schemas.Incident;
import io.mendline.schemas.IncidentStatus;
import io.mendline.schemas.Resource;
import io.mendline.schemas.ResourceType;
import io.mendline.schemas.Risk;
import io.mendline.schemas.RootCause;
import io.mendline.schemas.Severity;
import io.mendline.schemas.Transience;
import io.mendline.serdes.telemetry.Change;
import io.mendline.serdes.telemetry.RuleChange;
import io.mendline.serdes.telemetry.TokenUsage;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Records of the contract and of telemetry, complete enough to be encoded, for tests. */
public final class Samples {
  /** The route of every sample. */
  public static final String ROUTE = Routes.databricks("1234");

  /** An incident of that route. */
  public static final String INCIDENT = Ids.routed(ROUTE, "incident");

  private Samples() {}

  /** An instant of 2026-06-01, from a time of day such as {@code 10:00} or {@code 10:00:30}. */
  public static long at(String time) {
    return instant(time).toEpochMilli();
  }

  /** See {@link #at}. */
  public static Instant instant(String time) {
    return Instant.parse("2026-06-01T" + time + (time.length() == 5 ? ":00Z" : "Z"));
  }

  /** A job of the route. */
  public static Resource job(String jobId) {
    return Resource.newBuilder()
        .setType(ResourceType.DATABRICKS_JOB)
        .setId("1234/" + jobId)
        .setName("nightly load " + jobId)
        .setWorkspace("1234")
        .build();
  }

  /** A failed run of job 77 with a passing cause. */
  public static Finding.Builder failedRun(String time) {
    return Finding.newBuilder()
        .setId(Ids.digest("finding", ROUTE, "77"))
        .setKind(FindingKind.RUN_FAILED)
        .setStatus(FindingStatus.RAISED)
        .setRevision(1)
        .setResource(job("77"))
        .setOccurredAt(instant(time))
        .setDetectedAt(instant(time))
        .setSeverity(Severity.HIGH)
        .setConfidence(Confidence.HIGH)
        .setRootCause(passing())
        .setSummary("nightly load 77 failed: the cluster was lost")
        .setAttributes(Map.of("runId", "900"));
  }

  /** A cause that passes by itself. */
  public static RootCause passing() {
    return RootCause.newBuilder()
        .setKey("cloud.node-lost")
        .setCategory("CAPACITY")
        .setTransience(Transience.TRANSIENT)
        .setTitle("A node was lost")
        .build();
  }

  /** A cause that stays until somebody does something about it. */
  public static RootCause lasting() {
    return RootCause.newBuilder()
        .setKey("code.missing-module")
        .setCategory("CODE")
        .setTransience(Transience.PERMANENT)
        .setTitle("A module is missing")
        .setHint("install it on the cluster")
        .build();
  }

  /** A command of an attempt on a job. */
  public static Command.Builder command(String id, Resource target, String due, String expires) {
    return Command.newBuilder()
        .setId(id)
        .setStatus(CommandStatus.ISSUED)
        .setIncidentId(INCIDENT)
        .setFindingId(Ids.digest("finding", ROUTE, "77"))
        .setAction(Action.REPAIR_RUN)
        .setTarget(target)
        .setParameters(Map.of("runId", "900"))
        .setAttempt(1)
        .setMaxAttempts(3)
        .setNotBefore(instant(due))
        .setExpiresAt(instant(expires))
        .setRisk(Risk.LOW)
        .setDryRun(false)
        .setReason("passing cause: A node was lost; attempt 1 of 3")
        .setIdempotencyToken(id)
        .setCreatedAt(instant(due))
        .setEpoch(0);
  }

  /** A command of job 77. */
  public static Command command() {
    return command(INCIDENT + "-c0ffee", job("77"), "10:00", "11:00").build();
  }

  /** An alert that carries a command. */
  public static Alert alert() {
    return Alert.newBuilder()
        .setId("alert")
        .setDedupKey(INCIDENT + "/ESCALATION")
        .setStatus(AlertStatus.RAISED)
        .setKind(AlertKind.ESCALATION)
        .setTrigger(AlertTrigger.PERMANENT_CAUSE)
        .setSeverity(Severity.HIGH)
        .setEscalateTo("on-call")
        .setTitle("nightly load")
        .setMessage("a retry cannot help.")
        .setResource(job("77"))
        .setCommand(command())
        .setAt(instant("10:00"))
        .build();
  }

  /** A line of the audit. */
  public static AuditEntry auditEntry() {
    return AuditEntry.newBuilder()
        .setAt(instant("10:00"))
        .setActor("governor")
        .setAction("HOLD")
        .setResource(job("77"))
        .setWhy("a node was lost")
        .setHow("the kill switch is on")
        .setStatus("HELD")
        .build();
  }

  /** An open incident. */
  public static Incident incident() {
    return Incident.newBuilder()
        .setId(INCIDENT)
        .setResource(job("77"))
        .setStatus(IncidentStatus.OPEN)
        .setSeverity(Severity.HIGH)
        .setOpenedAt(instant("10:00"))
        .setUpdatedAt(instant("10:01"))
        .build();
  }

  /** A deployment of a service; a null service may touch any. */
  public static Change change(String id, String service, String time) {
    return new Change(
        id,
        at(time),
        service,
        "deployment",
        "Deploy " + id,
        null,
        "ann",
        null,
        List.of(),
        List.of());
  }

  /** A change as a signal. */
  public static Signal changed(Change change) {
    String route = Routes.service(change.service() == null ? "" : change.service());
    return new Signal(
        Source.CHANGES,
        route,
        null,
        change.at(),
        change.contentId(),
        new Coordinates("changes", 0, 1),
        new Payload.Observed(change));
  }

  /** Somebody switched a Sentinel rule off, as a signal. */
  public static Signal ruleChanged(String time) {
    RuleChange change =
        RuleChange.builder()
            .time(at(time))
            .workspace("soc")
            .ruleId("rule-1")
            .name("Dormant admin")
            .kind(RuleChange.Kind.WRITE)
            .enabled(RuleChange.Enabled.NO)
            .recordId("audit-1")
            .told(RuleChange.Told.AUDIT)
            .build();
    return new Signal(
        Source.SENTINEL,
        Routes.sentinel("soc"),
        new Subject(ResourceType.SENTINEL_RULE, "rule-1", "Dormant admin", "soc", null),
        change.time(),
        change.contentId(),
        new Coordinates("telemetry.sentinel", 0, 7),
        new Payload.Observed(change));
  }

  /** One call of a service's model as a signal. */
  public static Signal called(String service, String time) {
    TokenUsage usage =
        new TokenUsage(
            at(time), service, "claude-sonnet-4-5", "anthropic", null, 1, 900, 300, 0, null);
    return new Signal(
        Source.CACHE,
        Routes.service(service),
        new Subject(ResourceType.CACHE_SCOPE, service + "/claude-sonnet-4-5", null, null, null),
        usage.time(),
        usage.contentId(),
        new Coordinates("telemetry.cache", 2, 41),
        new Payload.Observed(usage));
  }

  /** A view of which nothing but the built-in policy is known. */
  public static View view() {
    return new StoreView(new MemoryStore<>(), new PolicyBook(), () -> 0);
  }
}
