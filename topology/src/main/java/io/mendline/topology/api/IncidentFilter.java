package io.mendline.topology.api;

import io.mendline.processors.incident.IncidentSummary;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.FindingStatus;
import io.mendline.schemas.IncidentStatus;
import io.mendline.schemas.ResourceType;
import io.mendline.schemas.Severity;
import java.util.Map;
import java.util.Set;

/**
 * Which incidents, or findings, are wanted. An empty set stands for all.
 *
 * @param owner null for any
 * @param resource the id of a resource; null for any
 * @param cause the key of a root cause; null for any
 * @param from the earliest time at which it happened, epoch milliseconds
 * @param to the end of that time, exclusive
 */
record IncidentFilter(
    Set<IncidentStatus> statuses,
    Set<FindingStatus> findings,
    Set<Severity> severities,
    Set<FindingKind> kinds,
    Set<ResourceType> types,
    String owner,
    String resource,
    String cause,
    long from,
    long to) {

  /** The parameters of {@code /incidents} and {@code /findings}. */
  static final Set<String> PARAMETERS =
      Set.of(
          "status",
          "severity",
          "kind",
          "owner",
          "resourceType",
          "resource",
          "rootCause",
          "from",
          "to");

  /** For incidents. */
  static IncidentFilter ofIncidents(Map<String, String> given) {
    return of(given, Parameters.symbols(given, "status", IncidentStatus.class), Set.of());
  }

  /** For findings. */
  static IncidentFilter ofFindings(Map<String, String> given) {
    return of(given, Set.of(), Parameters.symbols(given, "status", FindingStatus.class));
  }

  private static IncidentFilter of(
      Map<String, String> given, Set<IncidentStatus> statuses, Set<FindingStatus> findings) {
    return new IncidentFilter(
        statuses,
        findings,
        Parameters.symbols(given, "severity", Severity.class),
        Parameters.symbols(given, "kind", FindingKind.class),
        Parameters.symbols(given, "resourceType", ResourceType.class),
        given.get("owner"),
        given.get("resource"),
        given.get("rootCause"),
        Parameters.instant(given, "from", Long.MIN_VALUE),
        Parameters.instant(given, "to", Long.MAX_VALUE));
  }

  boolean takes(IncidentSummary summary) {
    return takes(statuses, summary.status())
        && takes(findings, summary.finding())
        && takes(severities, summary.severity())
        && takes(kinds, summary.kind())
        && takes(types, summary.type())
        && (owner == null || owner.equals(summary.owner()))
        && (resource == null || resource.equals(summary.resource()))
        && (cause == null || cause.equals(summary.cause()))
        && summary.occurredAt() >= from
        && summary.occurredAt() < to;
  }

  private static <E> boolean takes(Set<E> wanted, E value) {
    return wanted.isEmpty() || wanted.contains(value);
  }
}
