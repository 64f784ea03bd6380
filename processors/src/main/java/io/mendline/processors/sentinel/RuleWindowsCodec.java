package io.mendline.processors.sentinel;

import io.mendline.processors.pipeline.Codecs;
import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.StateCodec;
import io.mendline.processors.pipeline.ValueTable;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import io.mendline.serdes.binary.WireEnums;
import io.mendline.serdes.telemetry.SentinelHealth;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * The binary form of {@link RuleWindows}. What many records of a rule share (the rule's
 * description, the topic, the cause) is written once, in tables ahead of the records, which name it
 * by its place.
 */
final class RuleWindowsCodec implements StateCodec<RuleWindows> {
  /** 2 knew no gaps. */
  private static final int VERSION = 3;

  private static final WireEnums<SentinelHealth.Status> STATUSES =
      WireEnums.of(SentinelHealth.Status.class);
  private static final WireEnums<Window.Told> TOLD = WireEnums.of(Window.Told.class);

  @Override
  public void write(RuleWindows state, BinaryWriter out) {
    ValueTable<RunFact.Rule> rules = new ValueTable<>();
    ValueTable<String> topics = new ValueTable<>();
    ValueTable<Cause> causes = new ValueTable<>();
    BinaryWriter body = new BinaryWriter();
    BiConsumer<BinaryWriter, RunFact> fact = (to, one) -> write(one, rules, topics, causes, to);
    body.writeList(state.runs(), fact);
    body.writeList(
        List.copyOf(state.troubled().values()),
        (to, window) -> {
          write(window.key(), to);
          to.writeBoolean(window.failureSettled()).writeBoolean(window.recoverySettled());
          if (window.failureSettled()) {
            write(window.gap, to);
            to.writeVarInt(window.gapPlace);
          }
          to.writeList(window.facts(), fact);
          to.writeList(window.covers(), RuleWindowsCodec::write);
        });
    out.writeByte(VERSION)
        .writeVarLong(state.dropped())
        .writeList(rules.values(), (to, rule) -> write(rule, to))
        .writeList(topics.values(), BinaryWriter::writeString)
        .writeList(causes.values(), CauseCodec::write)
        .writeBytes(body.toByteArray());
  }

  @Override
  public RuleWindows read(BinaryReader in) {
    Codecs.requireVersion(in, VERSION, "state of a rule's windows");
    long dropped = in.readVarLong();
    List<RunFact.Rule> rules = in.readList(RuleWindowsCodec::readRule);
    List<String> topics = in.readList(BinaryReader::readString);
    List<Cause> causes = in.readList(CauseCodec::read);
    BinaryReader body = new BinaryReader(in.readBytes());
    Function<BinaryReader, RunFact> fact = from -> readFact(from, rules, topics, causes);
    List<RunFact> runs = body.readList(fact);
    List<TroubledWindow> troubled =
        body.readList(
            from -> {
              WindowKey key = readKey(from);
              boolean failureSettled = from.readBoolean();
              boolean recoverySettled = from.readBoolean();
              WindowKey gap = failureSettled ? readKey(from) : null;
              int gapPlace = failureSettled ? from.readVarInt() : 0;
              TroubledWindow window =
                  new TroubledWindow(
                      key,
                      from.readList(fact),
                      from.readList(RuleWindowsCodec::readCover),
                      failureSettled,
                      recoverySettled);
              window.gap = gap;
              window.gapPlace = gapPlace;
              return window;
            });
    body.requireEnd();
    return new RuleWindows(troubled, runs, dropped);
  }

  private static void write(
      RunFact fact,
      ValueTable<RunFact.Rule> rules,
      ValueTable<String> topics,
      ValueTable<Cause> causes,
      BinaryWriter to) {
    Window window = fact.window();
    to.writeZigZag(fact.time())
        .writeFixed64(fact.contentId())
        .writeEnum(fact.status())
        .writeBoolean(fact.consolidated());
    write(window.key(), to);
    // Both ends lie near the record's time, so their distance to it is short.
    to.writeEnum(window.told());
    NearInstants.write(window.start(), fact.time(), to);
    NearInstants.write(window.end(), fact.time(), to);
    to.writeVarInt(rules.placeOf(fact.rule()));
    causes.writeNullable(fact.cause(), to);
    to.writeVarInt(topics.placeOf(fact.at().topic()))
        .writeVarInt(fact.at().partition())
        .writeZigZag(fact.at().offset())
        .writeNullableString(fact.ref());
  }

  private static RunFact readFact(
      BinaryReader from, List<RunFact.Rule> rules, List<String> topics, List<Cause> causes) {
    long time = from.readZigZag();
    long contentId = from.readFixed64();
    SentinelHealth.Status status = from.readEnum(STATUSES);
    boolean consolidated = from.readBoolean();
    WindowKey key = readKey(from);
    Window.Told told = from.readEnum(TOLD);
    long start = NearInstants.read(time, from);
    long end = NearInstants.read(time, from);
    RunFact.Rule rule = ValueTable.read(rules, from);
    Cause cause = ValueTable.readNullable(causes, from);
    String topic = ValueTable.read(topics, from);
    return new RunFact(
        time,
        contentId,
        status,
        consolidated,
        new Window(key, told, start, end),
        rule,
        cause,
        new Coordinates(topic, from.readVarInt(), from.readZigZag()),
        from.readNullableString());
  }

  private static void write(BinaryWriter to, TroubledWindow.Cover cover) {
    to.writeZigZag(cover.time());
    NearInstants.write(cover.from(), cover.time(), to);
  }

  private static TroubledWindow.Cover readCover(BinaryReader from) {
    long time = from.readZigZag();
    return new TroubledWindow.Cover(time, NearInstants.read(time, from));
  }

  private static void write(WindowKey key, BinaryWriter to) {
    to.writeBoolean(key.byRunTime()).writeZigZag(key.second());
  }

  private static WindowKey readKey(BinaryReader from) {
    return new WindowKey(from.readBoolean(), from.readZigZag());
  }

  static void write(RunFact.Rule rule, BinaryWriter to) {
    to.writeNullableString(rule.name())
        .writeNullableString(rule.workspace())
        .writeNullableString(rule.tenant())
        .writeZigZag(rule.frequencyMillis())
        .writeZigZag(rule.periodMillis());
  }

  static RunFact.Rule readRule(BinaryReader from) {
    return new RunFact.Rule(
        from.readNullableString(),
        from.readNullableString(),
        from.readNullableString(),
        from.readZigZag(),
        from.readZigZag());
  }
}
