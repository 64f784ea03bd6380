package io.mendline.processors.incident;

import io.mendline.processors.pipeline.Codecs;
import io.mendline.processors.pipeline.StateCodec;
import io.mendline.processors.pipeline.Subject;
import io.mendline.processors.pipeline.Upstream;
import io.mendline.processors.remediation.Plan;
import io.mendline.processors.remediation.Trouble;
import io.mendline.schemas.Action;
import io.mendline.schemas.AlertKind;
import io.mendline.schemas.AlertTrigger;
import io.mendline.schemas.AttemptStatus;
import io.mendline.schemas.Decision;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.IncidentStatus;
import io.mendline.schemas.OperationKind;
import io.mendline.schemas.OutcomeStatus;
import io.mendline.schemas.Phase;
import io.mendline.schemas.ResourceType;
import io.mendline.schemas.Severity;
import io.mendline.schemas.Transience;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import io.mendline.serdes.binary.CorruptDataException;
import java.util.Map;
import java.util.TreeMap;

/**
 * The binary form of an incident. Incidents are few, so the contract's enums are written by their
 * names, which never change, rather than by numbers of our own.
 */
final class IncidentCodec implements StateCodec<IncidentState> {
  private static final int VERSION = 5;

  @Override
  public void write(IncidentState state, BinaryWriter out) {
    out.writeByte(VERSION);
    out.writeString(state.id).writeString(state.route).writeVarInt(state.sources);
    writeTrouble(state.seen, out);
    out.writeBytes(state.finding).writeBoolean(state.cleared);
    out.writeBoolean(state.settled != null);
    if (state.settled != null) {
      writeTrouble(state.settled, out);
    }
    out.writeString(state.status.name());
    out.writeFixed64(state.openedAt)
        .writeFixed64(state.changedAt)
        .writeFixed64(state.updatedAt)
        .writeFixed64(state.resolvedAt);
    out.writeNullableString(state.lessons).writeNullableString(state.fix);
    out.writeVarInt(state.waiting.size());
    state.waiting.forEach(fact -> writeFact(fact, out));
    out.writeVarInt(state.taken.size());
    state.taken.forEach(out::writeString);
    out.writeVarInt(state.refused);
    out.writeList(state.attempts, IncidentCodec::writeAttempt);
    out.writeStrings(state.errors);
    out.writeList(
        state.timeline,
        (to, entry) ->
            to.writeFixed64(entry.at())
                .writeString(entry.phase().name())
                .writeString(entry.text()));
    out.writeList(
        state.alerts,
        (to, raised) ->
            to.writeString(raised.alertId())
                .writeString(raised.kind().name())
                .writeString(raised.trigger().name())
                .writeString(raised.title())
                .writeString(raised.message()));
    out.writeBoolean(state.planned != null);
    if (state.planned != null) {
      writePlanned(state.planned, out);
    }
    out.writeFixed64(state.pausedUntil).writeBoolean(state.takenOver);
    out.writeFixed64(state.expiryAt).writeFixed64(state.proofBy).writeBoolean(state.forgotten);
    out.writeBoolean(state.upstream != null);
    if (state.upstream != null) {
      writeUpstream(state.upstream, out);
    }
    out.writeFixed64(state.upstreamAt).writeNullableString(state.likelyNext);
  }

  @Override
  public IncidentState read(BinaryReader in) {
    Codecs.requireVersion(in, VERSION, "incident");
    IncidentState state = new IncidentState(in.readString(), in.readString(), in.readVarInt());
    state.seen = readTrouble(in);
    state.finding = in.readBytes();
    state.cleared = in.readBoolean();
    state.settled = in.readBoolean() ? readTrouble(in) : null;
    state.status = Codecs.readNamed(IncidentStatus.class, in);
    state.openedAt = in.readFixed64();
    state.changedAt = in.readFixed64();
    state.updatedAt = in.readFixed64();
    state.resolvedAt = in.readFixed64();
    state.lessons = in.readNullableString();
    state.fix = in.readNullableString();
    for (int i = in.readVarInt(); i > 0; i--) {
      state.waiting.add(readFact(in));
    }
    for (int i = in.readVarInt(); i > 0; i--) {
      state.taken.add(in.readString());
    }
    state.refused = in.readVarInt();
    state.attempts.addAll(in.readList(IncidentCodec::readAttempt));
    state.errors.addAll(in.readStrings());
    state.timeline.addAll(
        in.readList(
            from ->
                new IncidentState.Entry(
                    from.readFixed64(), Codecs.readNamed(Phase.class, from), from.readString())));
    state.alerts.addAll(
        in.readList(
            from ->
                new IncidentState.Raised(
                    from.readString(),
                    Codecs.readNamed(AlertKind.class, from),
                    Codecs.readNamed(AlertTrigger.class, from),
                    from.readString(),
                    from.readString())));
    state.planned = in.readBoolean() ? readPlanned(in) : null;
    state.pausedUntil = in.readFixed64();
    state.takenOver = in.readBoolean();
    state.expiryAt = in.readFixed64();
    state.proofBy = in.readFixed64();
    state.forgotten = in.readBoolean();
    state.upstream = in.readBoolean() ? readUpstream(in) : null;
    state.upstreamAt = in.readFixed64();
    state.likelyNext = in.readNullableString();
    return state;
  }

  private static void writeTrouble(Trouble trouble, BinaryWriter out) {
    out.writeString(trouble.findingId()).writeString(trouble.kind().name());
    out.writeVarInt(trouble.revision());
    Subject subject = trouble.subject();
    out.writeString(subject.type().name())
        .writeString(subject.id())
        .writeNullableString(subject.name())
        .writeNullableString(subject.workspace())
        .writeNullableString(subject.tenant());
    out.writeString(trouble.severity().name()).writeString(trouble.summary());
    out.writeFixed64(trouble.occurredAt())
        .writeFixed64(trouble.windowStart())
        .writeFixed64(trouble.windowEnd());
    Trouble.Cause cause = trouble.cause();
    out.writeBoolean(cause != null);
    if (cause != null) {
      out.writeString(cause.key())
          .writeString(cause.category())
          .writeString(cause.transience().name())
          .writeString(cause.title())
          .writeNullableString(cause.hint());
    }
    out.writeNullableString(trouble.owner()).writeNullableString(trouble.tier());
    writeMap(trouble.attributes(), out);
    Trouble.Blamed suspect = trouble.suspect();
    out.writeBoolean(suspect != null);
    if (suspect != null) {
      out.writeString(suspect.changeId())
          .writeFixed64(suspect.at())
          .writeString(suspect.title())
          .writeNullableString(suspect.url())
          .writeDouble(suspect.score())
          .writeBoolean(suspect.clear());
    }
  }

  private static Trouble readTrouble(BinaryReader in) {
    return new Trouble(
        in.readString(),
        Codecs.readNamed(FindingKind.class, in),
        in.readVarInt(),
        new Subject(
            Codecs.readNamed(ResourceType.class, in),
            in.readString(),
            in.readNullableString(),
            in.readNullableString(),
            in.readNullableString()),
        Codecs.readNamed(Severity.class, in),
        in.readString(),
        in.readFixed64(),
        in.readFixed64(),
        in.readFixed64(),
        in.readBoolean()
            ? new Trouble.Cause(
                in.readString(),
                in.readString(),
                Codecs.readNamed(Transience.class, in),
                in.readString(),
                in.readNullableString())
            : null,
        in.readNullableString(),
        in.readNullableString(),
        readMap(in),
        in.readBoolean()
            ? new Trouble.Blamed(
                in.readString(),
                in.readFixed64(),
                in.readString(),
                in.readNullableString(),
                in.readDouble(),
                in.readBoolean())
            : null);
  }

  private static void writeFact(Fact fact, BinaryWriter out) {
    out.writeByte(fact.rank()).writeFixed64(fact.at());
    if (fact instanceof Fact.Recovered recovered) {
      out.writeString(recovered.summary());
    } else if (fact instanceof Fact.Struck struck) {
      writeTrouble(struck.trouble(), out);
    } else if (fact instanceof Fact.Decided decided) {
      out.writeString(decided.commandId())
          .writeString(decided.decision().name())
          .writeString(decided.by())
          .writeNullableString(decided.comment());
    } else if (fact instanceof Fact.Reported reported) {
      out.writeString(reported.commandId())
          .writeString(reported.status().name())
          .writeNullableString(reported.detail())
          .writeNullableString(reported.externalRef())
          .writeString(reported.actor());
    } else if (fact instanceof Fact.Operated operated) {
      out.writeString(operated.id())
          .writeString(operated.kind().name())
          .writeString(operated.by())
          .writeFixed64(operated.until())
          .writeNullableString(operated.comment())
          .writeNullableString(operated.fix());
    }
  }

  private static Fact readFact(BinaryReader in) {
    int rank = in.readByte();
    long at = in.readFixed64();
    return switch (rank) {
      case 0 -> new Fact.Recovered(at, in.readString());
      case 1 -> new Fact.Struck(at, readTrouble(in));
      case 2 ->
          new Fact.Decided(
              at,
              in.readString(),
              Codecs.readNamed(Decision.class, in),
              in.readString(),
              in.readNullableString());
      case 3 ->
          new Fact.Reported(
              at,
              in.readString(),
              Codecs.readNamed(OutcomeStatus.class, in),
              in.readNullableString(),
              in.readNullableString(),
              in.readString());
      case 4 ->
          new Fact.Operated(
              at,
              in.readString(),
              Codecs.readNamed(OperationKind.class, in),
              in.readString(),
              in.readFixed64(),
              in.readNullableString(),
              in.readNullableString());
      default -> throw new CorruptDataException("no fact has the rank " + rank, in.position());
    };
  }

  private static void writeAttempt(BinaryWriter out, IncidentState.Attempt attempt) {
    out.writeString(attempt.commandId)
        .writeString(attempt.action.name())
        .writeVarInt(attempt.number)
        .writeFixed64(attempt.at)
        .writeBoolean(attempt.dryRun)
        .writeString(attempt.status.name())
        .writeNullableString(attempt.detail)
        .writeBoolean(attempt.open);
  }

  private static IncidentState.Attempt readAttempt(BinaryReader in) {
    IncidentState.Attempt attempt =
        new IncidentState.Attempt(
            in.readString(),
            Codecs.readNamed(Action.class, in),
            in.readVarInt(),
            in.readFixed64(),
            in.readBoolean(),
            Codecs.readNamed(AttemptStatus.class, in),
            in.readNullableString());
    attempt.open = in.readBoolean();
    return attempt;
  }

  private static void writePlanned(Plan.Attempt planned, BinaryWriter out) {
    out.writeString(planned.commandId())
        .writeString(planned.action().name())
        .writeVarInt(planned.attempt())
        .writeVarInt(planned.maxAttempts())
        .writeFixed64(planned.due())
        .writeFixed64(planned.expiresAt());
    writeMap(planned.parameters(), out);
    out.writeString(planned.reason()).writeNullableString(planned.rollback());
  }

  private static Plan.Attempt readPlanned(BinaryReader in) {
    return new Plan.Attempt(
        in.readString(),
        Codecs.readNamed(Action.class, in),
        in.readVarInt(),
        in.readVarInt(),
        in.readFixed64(),
        in.readFixed64(),
        readMap(in),
        in.readString(),
        in.readNullableString());
  }

  private static void writeUpstream(Upstream upstream, BinaryWriter out) {
    out.writeString(upstream.resourceId())
        .writeNullableString(upstream.name())
        .writeString(upstream.runId())
        .writeString(upstream.findingId())
        .writeFixed64(upstream.failedAt())
        .writeBoolean(upstream.declared());
  }

  private static Upstream readUpstream(BinaryReader in) {
    return new Upstream(
        in.readString(),
        in.readNullableString(),
        in.readString(),
        in.readString(),
        in.readFixed64(),
        in.readBoolean());
  }

  private static void writeMap(Map<String, String> map, BinaryWriter out) {
    out.writeVarInt(map.size());
    map.forEach((key, value) -> out.writeString(key).writeString(value));
  }

  private static Map<String, String> readMap(BinaryReader in) {
    Map<String, String> map = new TreeMap<>();
    for (int i = in.readVarInt(); i > 0; i--) {
      map.put(in.readString(), in.readString());
    }
    return map;
  }
}
