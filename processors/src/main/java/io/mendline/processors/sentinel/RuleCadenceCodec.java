package io.mendline.processors.sentinel;

import io.mendline.processors.pipeline.Codecs;
import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.StateCodec;
import io.mendline.processors.pipeline.ValueTable;
import io.mendline.processors.sentinel.RuleCadence.Absent;
import io.mendline.processors.sentinel.RuleCadence.Run;
import io.mendline.processors.sentinel.RuleCadence.Turn;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import java.util.List;

/**
 * The binary form of {@link RuleCadence}: the descriptions of the rule, then runs and windows,
 * which name them by their place.
 */
final class RuleCadenceCodec implements StateCodec<RuleCadence> {
  /** 1 did not keep the frequency that a rule was given, 2 when a window was looked at again. */
  private static final int VERSION = 3;

  @Override
  public void write(RuleCadence state, BinaryWriter out) {
    ValueTable<RunFact.Rule> rules = new ValueTable<>();
    BinaryWriter body = new BinaryWriter();
    body.writeBoolean(state.last != null);
    if (state.last != null) {
      write(state.last, rules, body);
    }
    body.writeZigZag(state.frontier)
        .writeVarInt(state.inRow)
        .writeBoolean(state.off)
        .writeFixed64(state.lookedAt)
        .writeVarLong(state.dropped)
        .writeList(state.changes, (to, turn) -> write(turn, to))
        .writeList(state.ahead, (to, run) -> write(run, rules, to))
        .writeList(state.absent, (to, absent) -> write(absent, rules, to));
    out.writeByte(VERSION)
        .writeList(rules.values(), (to, rule) -> RuleWindowsCodec.write(rule, to))
        .writeBytes(body.toByteArray());
  }

  @Override
  public RuleCadence read(BinaryReader in) {
    Codecs.requireVersion(in, VERSION, "state of a rule's rhythm");
    List<RunFact.Rule> rules = in.readList(RuleWindowsCodec::readRule);
    BinaryReader body = new BinaryReader(in.readBytes());
    RuleCadence state = new RuleCadence();
    state.last = body.readBoolean() ? readRun(body, rules) : null;
    state.frontier = body.readZigZag();
    state.inRow = body.readVarInt();
    state.off = body.readBoolean();
    state.lookedAt = body.readFixed64();
    state.dropped = body.readVarLong();
    state.changes.addAll(body.readList(RuleCadenceCodec::readTurn));
    state.ahead.addAll(body.readList(from -> readRun(from, rules)));
    state.absent.addAll(body.readList(from -> readAbsent(from, rules)));
    body.requireEnd();
    return state;
  }

  private static void write(Turn turn, BinaryWriter to) {
    to.writeZigZag(turn.at()).writeBoolean(turn.off()).writeZigZag(turn.frequency());
  }

  private static Turn readTurn(BinaryReader from) {
    return new Turn(from.readZigZag(), from.readBoolean(), from.readZigZag());
  }

  private static void write(Run run, ValueTable<RunFact.Rule> rules, BinaryWriter to) {
    to.writeZigZag(run.end()).writeZigZag(run.time() - run.end()).writeBoolean(run.looked());
    Codecs.write(run.at(), to);
    to.writeVarInt(rules.placeOf(run.rule()));
  }

  private static Run readRun(BinaryReader from, List<RunFact.Rule> rules) {
    long end = from.readZigZag();
    long time = end + from.readZigZag();
    boolean looked = from.readBoolean();
    Coordinates at = Codecs.readCoordinates(from);
    return new Run(end, time, looked, at, ValueTable.read(rules, from));
  }

  private static void write(Absent absent, ValueTable<RunFact.Rule> rules, BinaryWriter to) {
    to.writeZigZag(absent.end)
        .writeZigZag(absent.frequency)
        .writeZigZag(absent.judgedAt)
        .writeVarLong(absent.uncoveredSeconds);
    write(absent.before, rules, to);
    to.writeZigZag(absent.gapEnd)
        .writeFixed64(absent.clearedAt)
        .writeBoolean(absent.clearedBy != null);
    if (absent.clearedBy != null) {
      Codecs.write(absent.clearedBy, to);
    }
    to.writeBoolean(absent.clearSettled);
  }

  private static Absent readAbsent(BinaryReader from, List<RunFact.Rule> rules) {
    long end = from.readZigZag();
    long frequency = from.readZigZag();
    long judgedAt = from.readZigZag();
    long uncovered = from.readVarLong();
    Run before = readRun(from, rules);
    Absent absent = new Absent(end, frequency, judgedAt, uncovered, before, from.readZigZag());
    absent.clearedAt = from.readFixed64();
    absent.clearedBy = from.readBoolean() ? Codecs.readCoordinates(from) : null;
    absent.clearSettled = from.readBoolean();
    return absent;
  }
}
