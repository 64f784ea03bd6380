package io.mendline.processors.incident;

import io.mendline.processors.pipeline.Codecs;
import io.mendline.processors.remediation.Trouble;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.FindingStatus;
import io.mendline.schemas.IncidentStatus;
import io.mendline.schemas.ResourceType;
import io.mendline.schemas.Severity;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;

/**
 * What an incident, or the finding it is about, is chosen by. Stands in the index, so that a list
 * looks only at the states of what it shows.
 *
 * @param id the incident's
 * @param status where the incident stands
 * @param updatedAt when its document was last told, epoch milliseconds
 * @param severity of the finding as last told
 * @param kind of the finding
 * @param finding whether the finding stands or is cleared
 * @param occurredAt when it happened, epoch milliseconds
 * @param type of the resource
 * @param resource its id
 * @param owner who owns it; nullable
 * @param cause the key of the root cause; nullable
 */
public record IncidentSummary(
    String id,
    IncidentStatus status,
    long updatedAt,
    Severity severity,
    FindingKind kind,
    FindingStatus finding,
    long occurredAt,
    ResourceType type,
    String resource,
    String owner,
    String cause) {
  private static final int VERSION = 1;

  /** Of an incident as it stands. */
  public static IncidentSummary of(IncidentState state) {
    Trouble trouble = state.seen;
    return new IncidentSummary(
        state.id,
        state.status,
        state.updatedAt,
        trouble.severity(),
        trouble.kind(),
        state.cleared ? FindingStatus.CLEARED : FindingStatus.RAISED,
        trouble.occurredAt(),
        trouble.subject().type(),
        trouble.subject().id(),
        trouble.owner(),
        trouble.cause() == null ? null : trouble.cause().key());
  }

  void write(BinaryWriter out) {
    out.writeByte(VERSION)
        .writeString(id)
        .writeString(status.name())
        .writeFixed64(updatedAt)
        .writeString(severity.name())
        .writeString(kind.name())
        .writeString(finding.name())
        .writeFixed64(occurredAt)
        .writeString(type.name())
        .writeString(resource)
        .writeNullableString(owner)
        .writeNullableString(cause);
  }

  /** Reads what the index holds. */
  public static IncidentSummary read(BinaryReader in) {
    Codecs.requireVersion(in, VERSION, "incident summary");
    return new IncidentSummary(
        in.readString(),
        Codecs.readNamed(IncidentStatus.class, in),
        in.readFixed64(),
        Codecs.readNamed(Severity.class, in),
        Codecs.readNamed(FindingKind.class, in),
        Codecs.readNamed(FindingStatus.class, in),
        in.readFixed64(),
        Codecs.readNamed(ResourceType.class, in),
        in.readString(),
        in.readNullableString(),
        in.readNullableString());
  }
}
