package io.mendline.processors.sentinel;

import io.mendline.processors.pipeline.Codecs;
import io.mendline.processors.pipeline.ConnectorTrouble;
import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.StateCodec;
import io.mendline.processors.pipeline.ValueTable;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import io.mendline.serdes.binary.CorruptDataException;
import java.util.BitSet;
import java.util.List;

/**
 * The binary form of {@link RuleRhythm}: the descriptions of the rule and the topics, then the
 * rhythm, which names them by their place.
 */
final class RuleRhythmCodec implements StateCodec<RuleRhythm> {
  private static final int VERSION = 1;

  @Override
  public void write(RuleRhythm state, BinaryWriter out) {
    ValueTable<RunFact.Rule> rules = new ValueTable<>();
    ValueTable<String> topics = new ValueTable<>();
    BinaryWriter body = new BinaryWriter();
    body.writeFixed64(state.judged)
        .writeBytes(state.ran().toByteArray())
        .writeBytes(state.returned().toByteArray())
        .writeZigZag(state.lastResult)
        .writeVarLong(state.quietRuns)
        .writeVarLong(state.early)
        .writeBoolean(state.newest != null);
    if (state.newest != null) {
      write(state.newest, rules, topics, body);
    }
    body.writeList(state.waiting, (to, hour) -> write(hour, rules, topics, to))
        .writeBoolean(state.open != null);
    if (state.open != null) {
      write(state.open, body);
    }
    out.writeByte(VERSION)
        .writeList(rules.values(), (to, rule) -> RuleWindowsCodec.write(rule, to))
        .writeStrings(topics.values())
        .writeBytes(body.toByteArray());
  }

  @Override
  public RuleRhythm read(BinaryReader in) {
    Codecs.requireVersion(in, VERSION, "state of a rule's results");
    List<RunFact.Rule> rules = in.readList(RuleWindowsCodec::readRule);
    List<String> topics = in.readStrings();
    BinaryReader body = new BinaryReader(in.readBytes());
    long judged = body.readFixed64();
    RuleRhythm state = new RuleRhythm(readHours(body), readHours(body), judged);
    state.lastResult = body.readZigZag();
    state.quietRuns = body.readVarLong();
    state.early = body.readVarLong();
    state.newest = body.readBoolean() ? readRun(body, rules, topics) : null;
    state.waiting.addAll(body.readList(from -> readHour(from, rules, topics)));
    state.open = body.readBoolean() ? readOpen(body) : null;
    body.requireEnd();
    return state;
  }

  private static BitSet readHours(BinaryReader from) {
    int at = from.position();
    BitSet hours = BitSet.valueOf(from.readBytes());
    if (hours.length() > RuleRhythm.HOURS) {
      throw new CorruptDataException("more hours are marked than are kept", at);
    }
    return hours;
  }

  private static void write(
      RuleRhythm.Run run,
      ValueTable<RunFact.Rule> rules,
      ValueTable<String> topics,
      BinaryWriter to) {
    to.writeZigZag(run.time())
        .writeFixed64(run.contentId())
        .writeVarInt(rules.placeOf(run.rule()))
        .writeVarInt(topics.placeOf(run.at().topic()))
        .writeVarInt(run.at().partition())
        .writeZigZag(run.at().offset());
  }

  private static RuleRhythm.Run readRun(
      BinaryReader from, List<RunFact.Rule> rules, List<String> topics) {
    return new RuleRhythm.Run(
        from.readZigZag(),
        from.readFixed64(),
        ValueTable.read(rules, from),
        new Coordinates(ValueTable.read(topics, from), from.readVarInt(), from.readZigZag()));
  }

  /** Of the sixty minutes of an hour a run now and then is a number below 60. */
  private static void write(
      RuleRhythm.Hour hour,
      ValueTable<RunFact.Rule> rules,
      ValueTable<String> topics,
      BinaryWriter to) {
    to.writeZigZag(hour.hour);
    write(hour.quiet, to);
    write(hour.returned, to);
    write(hour.newest, rules, topics, to);
  }

  private static void write(long minutes, BinaryWriter to) {
    int count = Long.bitCount(minutes);
    if (count > Long.BYTES) {
      to.writeByte(Long.SIZE).writeFixed64(minutes);
      return;
    }
    to.writeByte(count);
    for (long rest = minutes; rest != 0; rest &= rest - 1) {
      to.writeByte(Long.numberOfTrailingZeros(rest));
    }
  }

  private static long readMinutes(BinaryReader from) {
    int count = from.readByte();
    if (count == Long.SIZE) {
      return from.readFixed64();
    }
    long minutes = 0;
    for (int i = 0; i < count; i++) {
      minutes |= 1L << from.readByte();
    }
    return minutes;
  }

  private static RuleRhythm.Hour readHour(
      BinaryReader from, List<RunFact.Rule> rules, List<String> topics) {
    RuleRhythm.Hour hour = new RuleRhythm.Hour(from.readZigZag());
    hour.quiet = readMinutes(from);
    hour.returned = readMinutes(from);
    hour.newest = readRun(from, rules, topics);
    return hour;
  }

  private static void write(RuleRhythm.Open open, BinaryWriter to) {
    to.writeZigZag(open.lastResult)
        .writeZigZag(open.onset)
        .writeZigZag(open.raisedAt)
        .writeDouble(open.expected)
        .writeVarInt(open.quietHours)
        .writeVarInt(open.learntDays)
        .writeVarLong(open.quietRuns);
    ConnectorTrouble connector = open.connector;
    to.writeBoolean(connector != null);
    if (connector != null) {
      to.writeString(connector.id())
          .writeNullableString(connector.name())
          .writeString(connector.state().name())
          .writeZigZag(connector.since())
          .writeFixed64(connector.until());
    }
  }

  private static RuleRhythm.Open readOpen(BinaryReader from) {
    return new RuleRhythm.Open(
        from.readZigZag(),
        from.readZigZag(),
        from.readZigZag(),
        from.readDouble(),
        from.readVarInt(),
        from.readVarInt(),
        from.readVarLong(),
        from.readBoolean()
            ? new ConnectorTrouble(
                from.readString(),
                from.readNullableString(),
                Codecs.readNamed(ConnectorTrouble.State.class, from),
                from.readZigZag(),
                from.readFixed64())
            : null);
  }
}
