package io.mendline.processors.governor;

import io.mendline.processors.governor.GovernorMemory.Epoch;
import io.mendline.processors.governor.GovernorMemory.Group;
import io.mendline.processors.governor.GovernorMemory.InFlight;
import io.mendline.processors.governor.GovernorMemory.Phase;
import io.mendline.processors.governor.GovernorMemory.Releases;
import io.mendline.processors.governor.GovernorMemory.Tracked;
import io.mendline.processors.pipeline.Codecs;
import io.mendline.processors.pipeline.RequestCodec;
import io.mendline.processors.pipeline.StateCodec;
import io.mendline.schemas.Alert;
import io.mendline.schemas.Severity;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import io.mendline.serdes.binary.CorruptDataException;
import java.util.SortedMap;
import java.util.TreeMap;

/** The binary form of {@link GovernorMemory}. */
public final class GovernorCodec implements StateCodec<GovernorMemory> {
  private static final int VERSION = 2;
  private static final int TRACKED = 1;
  private static final int IN_FLIGHT = 2;
  private static final int RELEASES = 3;
  private static final int EPOCH = 4;
  private static final int GROUP = 5;

  @Override
  public void write(GovernorMemory state, BinaryWriter out) {
    out.writeByte(VERSION);
    if (state instanceof Tracked tracked) {
      out.writeByte(TRACKED).writeString(tracked.phase().name());
      RequestCodec.writeCommand(tracked.command(), out);
      out.writeNullableString(tracked.owner())
          .writeNullableString(tracked.escalateTo())
          .writeNullableString(tracked.approvedBy())
          .writeNullableString(tracked.heldFor())
          .writeBoolean(tracked.asked())
          .writeNullableString(tracked.externalRef())
          .writeFixed64(tracked.changedAt());
    } else if (state instanceof InFlight inFlight) {
      out.writeByte(IN_FLIGHT).writeString(inFlight.commandId()).writeFixed64(inFlight.until());
    } else if (state instanceof Releases releases) {
      out.writeByte(RELEASES).writeVarInt(releases.perMinute().size());
      releases.perMinute().forEach((minute, count) -> out.writeVarLong(minute).writeVarInt(count));
    } else if (state instanceof Epoch epoch) {
      out.writeByte(EPOCH).writeVarLong(epoch.number());
    } else if (state instanceof Group group) {
      write(group, out.writeByte(GROUP));
    }
  }

  @Override
  public GovernorMemory read(BinaryReader in) {
    Codecs.requireVersion(in, VERSION, "governor memory");
    int kind = in.readByte();
    return switch (kind) {
      case TRACKED ->
          new Tracked(
              Codecs.readNamed(Phase.class, in),
              RequestCodec.readCommand(in),
              in.readNullableString(),
              in.readNullableString(),
              in.readNullableString(),
              in.readNullableString(),
              in.readBoolean(),
              in.readNullableString(),
              in.readFixed64());
      case IN_FLIGHT -> new InFlight(in.readString(), in.readFixed64());
      case RELEASES -> readReleases(in);
      case EPOCH -> new Epoch(in.readVarLong());
      case GROUP -> readGroup(in);
      default -> throw new CorruptDataException("no memory has the kind " + kind, in.position());
    };
  }

  private static void write(Group group, BinaryWriter out) {
    RequestCodec.writeAlert(group.first(), out);
    out.writeString(group.severity().name())
        .writeFixed64(group.windowStart())
        .writeFixed64(group.windowEnd())
        .writeVarInt(group.open().size());
    group.open().forEach((alert, finding) -> out.writeString(alert).writeString(finding));
    out.writeVarInt(group.count()).writeVarInt(group.told()).writeFixed64(group.at());
  }

  private static Group readGroup(BinaryReader in) {
    Alert first = RequestCodec.readAlert(in);
    Severity severity = Codecs.readNamed(Severity.class, in);
    long windowStart = in.readFixed64();
    long windowEnd = in.readFixed64();
    SortedMap<String, String> open = new TreeMap<>();
    for (int left = in.readVarInt(); left > 0; left--) {
      String alert = in.readString();
      open.put(alert, in.readString());
    }
    return new Group(
        first,
        severity,
        windowStart,
        windowEnd,
        open,
        in.readVarInt(),
        in.readVarInt(),
        in.readFixed64());
  }

  private static Releases readReleases(BinaryReader in) {
    SortedMap<Long, Integer> perMinute = new TreeMap<>();
    for (int left = in.readVarInt(); left > 0; left--) {
      long minute = in.readVarLong();
      perMinute.put(minute, in.readVarInt());
    }
    return new Releases(perMinute);
  }
}
