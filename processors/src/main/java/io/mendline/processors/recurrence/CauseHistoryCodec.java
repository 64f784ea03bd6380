package io.mendline.processors.recurrence;

import io.mendline.processors.pipeline.Codecs;
import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.StateCodec;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.RootCause;
import io.mendline.schemas.Transience;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import io.mendline.serdes.binary.CorruptDataException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The binary form of {@link CauseHistory}. Root causes are written once, in a table ahead of the
 * failures: they share their key, and mostly everything else.
 */
final class CauseHistoryCodec implements StateCodec<CauseHistory> {
  private static final int VERSION = 2;

  @Override
  public void write(CauseHistory state, BinaryWriter out) {
    Map<RootCause, Integer> causes = new LinkedHashMap<>();
    BinaryWriter body = new BinaryWriter();
    writeAll(state.pending(), causes, body);
    writeAll(state.judged(), causes, body);
    body.writeBoolean(state.open() != null);
    if (state.open() != null) {
      write(state.open(), causes, body);
    }
    out.writeByte(VERSION)
        .writeVarInt(state.sources())
        .writeString(state.kind().name())
        .writeZigZag(state.judgedUpTo())
        .writeVarLong(state.dropped())
        .writeList(List.copyOf(causes.keySet()), (to, cause) -> write(cause, to))
        .writeBytes(body.toByteArray());
    state.repairs().write(out);
  }

  @Override
  public CauseHistory read(BinaryReader in) {
    Codecs.requireVersion(in, VERSION, "history of a cause");
    int sources = in.readVarInt();
    FindingKind kind = FindingKind.valueOf(in.readString());
    long judgedUpTo = in.readZigZag();
    long dropped = in.readVarLong();
    List<RootCause> causes = in.readList(CauseHistoryCodec::readCause);
    BinaryReader body = new BinaryReader(in.readBytes());
    List<Failure> pending = readAll(causes, body);
    List<Failure> judged = readAll(causes, body);
    Cluster open = body.readBoolean() ? readCluster(causes, body) : null;
    body.requireEnd();
    Repairs repairs = Repairs.read(in);
    return new CauseHistory(sources, kind, pending, judged, open, judgedUpTo, dropped, repairs);
  }

  private static void write(Cluster cluster, Map<RootCause, Integer> causes, BinaryWriter out) {
    out.writeVarInt(cluster.threshold())
        .writeVarLong(cluster.withinMillis())
        .writeZigZag(cluster.completedAt());
    writeAll(cluster.named(), causes, out);
    out.writeStrings(cluster.resources())
        .writeZigZag(cluster.lastAt())
        .writeVarInt(cluster.count());
  }

  private static Cluster readCluster(List<RootCause> causes, BinaryReader in) {
    return new Cluster(
        in.readVarInt(),
        in.readVarLong(),
        in.readZigZag(),
        readAll(causes, in),
        in.readStrings(),
        in.readZigZag(),
        in.readVarInt());
  }

  private static void writeAll(
      List<Failure> failures, Map<RootCause, Integer> causes, BinaryWriter out) {
    out.writeList(failures, (to, failure) -> write(failure, causes, to));
  }

  private static List<Failure> readAll(List<RootCause> causes, BinaryReader in) {
    return in.readList(from -> readFailure(causes, from));
  }

  private static void write(Failure failure, Map<RootCause, Integer> causes, BinaryWriter out) {
    out.writeZigZag(failure.at())
        .writeString(failure.findingId())
        .writeString(failure.label())
        .writeString(failure.resource())
        .writeVarInt(causes.computeIfAbsent(failure.cause(), added -> causes.size()))
        .writeBoolean(failure.evidence() != null);
    if (failure.evidence() != null) {
      out.writeString(failure.evidence().topic())
          .writeVarInt(failure.evidence().partition())
          .writeZigZag(failure.evidence().offset())
          .writeNullableString(failure.ref());
    }
  }

  private static Failure readFailure(List<RootCause> causes, BinaryReader in) {
    long at = in.readZigZag();
    String findingId = in.readString();
    String label = in.readString();
    String resource = in.readString();
    int cause = in.readVarInt();
    if (cause < 0 || cause >= causes.size()) {
      throw new CorruptDataException("no cause has the place " + cause, in.position());
    }
    if (!in.readBoolean()) {
      return new Failure(at, findingId, label, resource, causes.get(cause), null, null);
    }
    Coordinates evidence = new Coordinates(in.readString(), in.readVarInt(), in.readZigZag());
    return new Failure(
        at, findingId, label, resource, causes.get(cause), evidence, in.readNullableString());
  }

  private static void write(RootCause cause, BinaryWriter out) {
    out.writeString(cause.getKey())
        .writeString(cause.getCategory())
        .writeString(cause.getTransience().name())
        .writeString(cause.getTitle())
        .writeNullableString(cause.getHint());
  }

  private static RootCause readCause(BinaryReader in) {
    return RootCause.newBuilder()
        .setKey(in.readString())
        .setCategory(in.readString())
        .setTransience(Transience.valueOf(in.readString()))
        .setTitle(in.readString())
        .setHint(in.readNullableString())
        .build();
  }
}
