package io.mendline.processors.runs;

import io.mendline.processors.pipeline.Codecs;
import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.StateCodec;
import io.mendline.processors.pipeline.ValueTable;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import io.mendline.serdes.binary.WireEnums;
import io.mendline.serdes.telemetry.JobSettings.Scope;
import io.mendline.serdes.telemetry.JobSettings.Start;
import java.util.List;

/**
 * The binary form of {@link Expectation}: the texts, then the settings, then all else, which names
 * texts and settings by their place. Times are told by their distance from the expected time.
 */
final class ExpectationCodec implements StateCodec<Expectation> {
  private static final int VERSION = 1;

  private static final WireEnums<Scope> SCOPES = WireEnums.of(Scope.class);
  private static final WireEnums<Start> STARTS = WireEnums.of(Start.class);
  private static final WireEnums<StartedRun.By> BYS = WireEnums.of(StartedRun.By.class);

  @Override
  public void write(Expectation state, BinaryWriter out) {
    ValueTable<String> texts = new ValueTable<>();
    ValueTable<JobPlan> plans = new ValueTable<>();
    BinaryWriter body = new BinaryWriter(256);
    plans.writeNullable(state.plan, body);
    body.writeList(state.pending, (to, plan) -> to.writeVarInt(plans.placeOf(plan)))
        .writeFixed64(state.previous)
        .writeFixed64(state.next)
        .writeFixed64(state.following)
        .writeNullableString(state.lastRun)
        .writeFixed64(state.lastStart)
        .writeFixed64(state.gapStart)
        .writeVarInt(state.gapLength)
        .writeFixed64(state.newest)
        .writeVarLong(state.dropped)
        .writeList(state.unreadable, (to, digest) -> to.writeFixed64(digest))
        .writeList(state.started, (to, told) -> write(told, texts, to))
        .writeList(state.missed, (to, missed) -> write(missed, plans, to));
    BinaryWriter settings = new BinaryWriter(128);
    settings.writeList(plans.values(), (to, plan) -> write(plan, texts, to));
    out.writeByte(VERSION)
        .writeStrings(texts.values())
        .writeBytes(settings.toByteArray())
        .writeBytes(body.toByteArray());
  }

  @Override
  public Expectation read(BinaryReader in) {
    Codecs.requireVersion(in, VERSION, "state of a job's schedule");
    List<String> texts = in.readStrings();
    BinaryReader settings = new BinaryReader(in.readBytes());
    List<JobPlan> plans = settings.readList(from -> readPlan(from, texts));
    settings.requireEnd();
    BinaryReader body = new BinaryReader(in.readBytes());
    Expectation state = new Expectation();
    state.plan = ValueTable.readNullable(plans, body);
    state.pending.addAll(body.readList(from -> ValueTable.read(plans, from)));
    state.previous = body.readFixed64();
    state.next = body.readFixed64();
    state.following = body.readFixed64();
    state.lastRun = body.readNullableString();
    state.lastStart = body.readFixed64();
    state.gapStart = body.readFixed64();
    state.gapLength = body.readVarInt();
    state.newest = body.readFixed64();
    state.dropped = body.readVarLong();
    state.unreadable.addAll(body.readList(BinaryReader::readFixed64));
    state.started.addAll(body.readList(from -> readStarted(from, texts)));
    state.missed.addAll(body.readList(from -> readMissed(from, plans)));
    body.requireEnd();
    return state;
  }

  private static void write(JobPlan plan, ValueTable<String> texts, BinaryWriter to) {
    to.writeZigZag(plan.time())
        .writeEnum(plan.scope())
        .writeEnum(plan.start())
        .writeBoolean(plan.paused());
    texts.writeNullable(plan.cron(), to);
    texts.writeNullable(plan.timeZone(), to);
    texts.writeNullable(plan.name(), to);
    texts.writeNullable(plan.environment(), to);
    write(plan.at(), texts, to);
  }

  private static JobPlan readPlan(BinaryReader from, List<String> texts) {
    long time = from.readZigZag();
    Scope scope = from.readEnum(SCOPES);
    Start start = from.readEnum(STARTS);
    boolean paused = from.readBoolean();
    return new JobPlan(
        time,
        scope,
        start,
        ValueTable.readNullable(texts, from),
        ValueTable.readNullable(texts, from),
        paused,
        ValueTable.readNullable(texts, from),
        ValueTable.readNullable(texts, from),
        readCoordinates(from, texts));
  }

  private static void write(StartedRun told, ValueTable<String> texts, BinaryWriter to) {
    to.writeVarInt(texts.placeOf(told.runId()))
        .writeZigZag(told.start())
        .writeZigZag(told.time() - told.start())
        .writeBoolean(told.known())
        .writeEnum(told.by())
        .writeBoolean(told.succeeded());
    write(told.at(), texts, to);
  }

  private static StartedRun readStarted(BinaryReader from, List<String> texts) {
    String runId = ValueTable.read(texts, from);
    long start = from.readZigZag();
    long time = start + from.readZigZag();
    return new StartedRun(
        runId,
        time,
        start,
        from.readBoolean(),
        from.readEnum(BYS),
        from.readBoolean(),
        readCoordinates(from, texts));
  }

  private static void write(MissedRun missed, ValueTable<JobPlan> plans, BinaryWriter to) {
    ExpectedRun expected = missed.expected();
    to.writeZigZag(expected.at())
        .writeVarLong(expected.early())
        .writeVarLong(expected.grace())
        .writeFixed64(expected.next())
        .writeVarLong(expected.repeated())
        .writeVarInt(plans.placeOf(missed.plan()))
        .writeZigZag(missed.judgedAt() - expected.at())
        .writeFixed64(missed.lastStart())
        .writeFixed64(missed.laterStart())
        .writeZigZag(missed.gapStart())
        .writeVarInt(missed.gapPlace());
  }

  private static MissedRun readMissed(BinaryReader from, List<JobPlan> plans) {
    long at = from.readZigZag();
    ExpectedRun expected =
        new ExpectedRun(
            at, from.readVarLong(), from.readVarLong(), from.readFixed64(), from.readVarLong());
    return new MissedRun(
        expected,
        ValueTable.read(plans, from),
        at + from.readZigZag(),
        from.readFixed64(),
        from.readFixed64(),
        from.readZigZag(),
        from.readVarInt());
  }

  private static void write(Coordinates at, ValueTable<String> texts, BinaryWriter to) {
    to.writeVarInt(texts.placeOf(at.topic())).writeVarInt(at.partition()).writeZigZag(at.offset());
  }

  private static Coordinates readCoordinates(BinaryReader from, List<String> texts) {
    return new Coordinates(ValueTable.read(texts, from), from.readVarInt(), from.readZigZag());
  }
}
