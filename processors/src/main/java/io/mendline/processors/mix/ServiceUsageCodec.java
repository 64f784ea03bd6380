package io.mendline.processors.mix;

import io.mendline.processors.pipeline.Codecs;
import io.mendline.processors.pipeline.StateCodec;
import io.mendline.processors.pipeline.ValueTable;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The binary form of {@link ServiceUsage}: names of scopes once, then hours by their distance. */
final class ServiceUsageCodec implements StateCodec<ServiceUsage> {
  private static final int VERSION = 1;

  @Override
  public void write(ServiceUsage state, BinaryWriter out) {
    ValueTable<String> names = new ValueTable<>();
    BinaryWriter body = new BinaryWriter();
    writeHours(state, names, body);
    writeWaiting(state, names, body);
    out.writeByte(VERSION)
        .writeVarInt(state.sources)
        .writeFixed64(state.foldedUntil)
        .writeFixed64(state.since)
        .writeVarLong(state.dropped)
        .writeStrings(names.values())
        .writeBytes(body.toByteArray());
    writeTotals(state, out);
    out.writeBoolean(state.standing != null);
    if (state.standing != null) {
      write(state.standing, out);
    }
  }

  @Override
  public ServiceUsage read(BinaryReader in) {
    Codecs.requireVersion(in, VERSION, "usage of a service");
    ServiceUsage state = new ServiceUsage(in.readVarInt());
    state.foldedUntil = in.readFixed64();
    state.since = in.readFixed64();
    state.dropped = in.readVarLong();
    List<String> names = in.readStrings();
    BinaryReader body = new BinaryReader(in.readBytes());
    readHours(state, names, body);
    readWaiting(state, names, body);
    body.requireEnd();
    readTotals(state, in);
    state.standing = in.readBoolean() ? readStanding(in) : null;
    return state;
  }

  private static void writeHours(ServiceUsage state, ValueTable<String> names, BinaryWriter out) {
    out.writeVarInt(state.hours.size());
    long before = 0;
    for (Map.Entry<Long, Map<String, Tokens>> hour : state.hours.entrySet()) {
      out.writeZigZag(hour.getKey() / ServiceUsage.HOUR - before);
      out.writeVarInt(hour.getValue().size());
      hour.getValue()
          .forEach((scope, tokens) -> write(tokens, out.writeVarInt(names.placeOf(scope))));
      before = hour.getKey() / ServiceUsage.HOUR;
    }
  }

  private static void readHours(ServiceUsage state, List<String> names, BinaryReader in) {
    int count = in.readVarInt();
    long hour = 0;
    for (int i = 0; i < count; i++) {
      hour += in.readZigZag();
      Map<String, Tokens> scopes = new TreeMap<>();
      int size = in.readVarInt();
      for (int j = 0; j < size; j++) {
        scopes.put(ValueTable.read(names, in), readTokens(in));
      }
      state.hours.put(hour * ServiceUsage.HOUR, scopes);
    }
  }

  private static void writeWaiting(ServiceUsage state, ValueTable<String> names, BinaryWriter out) {
    out.writeVarInt(state.waiting.size());
    long before = 0;
    for (Map.Entry<ServiceUsage.Closed, Tokens> closed : state.waiting.entrySet()) {
      out.writeVarInt(names.placeOf(closed.getKey().scope()))
          .writeZigZag(closed.getKey().start() - before)
          .writeVarLong(closed.getKey().length());
      write(closed.getValue(), out);
      before = closed.getKey().start();
    }
  }

  private static void readWaiting(ServiceUsage state, List<String> names, BinaryReader in) {
    int count = in.readVarInt();
    long start = 0;
    for (int i = 0; i < count; i++) {
      String scope = ValueTable.read(names, in);
      start += in.readZigZag();
      long length = in.readVarLong();
      state.waiting.put(ServiceUsage.Closed.of(scope, start, length), readTokens(in));
    }
  }

  private static void writeTotals(ServiceUsage state, BinaryWriter out) {
    out.writeVarInt(state.totals.size());
    long before = 0;
    for (Map.Entry<Long, Tokens> total : state.totals.entrySet()) {
      out.writeZigZag(total.getKey() / ServiceUsage.HOUR - before);
      write(total.getValue(), out);
      before = total.getKey() / ServiceUsage.HOUR;
    }
  }

  private static void readTotals(ServiceUsage state, BinaryReader in) {
    int count = in.readVarInt();
    long hour = 0;
    for (int i = 0; i < count; i++) {
      hour += in.readZigZag();
      state.totals.put(hour * ServiceUsage.HOUR, readTokens(in));
    }
  }

  private static void write(Tokens tokens, BinaryWriter out) {
    out.writeVarLong(tokens.prompt()).writeVarLong(tokens.cached());
  }

  private static Tokens readTokens(BinaryReader in) {
    return new Tokens(in.readVarLong(), in.readVarLong());
  }

  private static void write(Standing standing, BinaryWriter out) {
    Shift shift = standing.shift();
    out.writeFixed64(standing.firstOnset())
        .writeDouble(standing.firstBefore())
        .writeBoolean(standing.told())
        .writeFixed64(shift.onset())
        .writeDouble(shift.before())
        .writeDouble(shift.after())
        .writeDouble(shift.mix())
        .writeDouble(shift.rate())
        .writeBoolean(shift.weekKnown());
    write(shift.mover(), out);
    out.writeBoolean(shift.worst() != null);
    if (shift.worst() != null) {
      write(shift.worst(), out);
    }
  }

  private static Standing readStanding(BinaryReader in) {
    long firstOnset = in.readFixed64();
    double firstBefore = in.readDouble();
    boolean told = in.readBoolean();
    long onset = in.readFixed64();
    double before = in.readDouble();
    double after = in.readDouble();
    double mix = in.readDouble();
    double rate = in.readDouble();
    boolean weekKnown = in.readBoolean();
    Shift.Moved mover = readMoved(in);
    Shift.Moved worst = in.readBoolean() ? readMoved(in) : null;
    Shift shift = new Shift(onset, before, after, mix, rate, mover, worst, weekKnown);
    return new Standing(shift, firstOnset, firstBefore, told);
  }

  private static void write(Shift.Moved moved, BinaryWriter out) {
    out.writeString(moved.scope()).writeDouble(moved.from()).writeDouble(moved.to());
  }

  private static Shift.Moved readMoved(BinaryReader in) {
    return new Shift.Moved(in.readString(), in.readDouble(), in.readDouble());
  }
}
