package io.mendline.processors.sentinel;

import io.mendline.processors.pipeline.Codecs;
import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.StateCodec;
import io.mendline.processors.pipeline.ValueTable;
import io.mendline.processors.sentinel.RuleRun.Issue;
import io.mendline.processors.sentinel.RuleRun.Outcome;
import io.mendline.processors.sentinel.RuleRun.Proof;
import io.mendline.processors.sentinel.RuleRun.Rule;
import io.mendline.processors.sentinel.RuleRun.Told;
import io.mendline.schemas.Confidence;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.Severity;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import io.mendline.serdes.binary.WireEnums;
import io.mendline.serdes.telemetry.RuleChange;
import java.util.ArrayList;
import java.util.List;

/**
 * The binary form of {@link RuleHealth}. Healthy runs are written by their distance from the one
 * before. What many records of a rule share is written once, in tables ahead of the records, which
 * name it by its place; the tables and all that uses them are left out where nothing is wrong.
 */
final class RuleHealthCodec implements StateCodec<RuleHealth> {
  /** 2: changes of rules. */
  private static final int VERSION = 2;

  private static final WireEnums<Outcome> OUTCOMES = WireEnums.of(Outcome.class);
  private static final WireEnums<RuleChange.Kind> KINDS = WireEnums.of(RuleChange.Kind.class);
  private static final WireEnums<RuleChange.Enabled> ENABLED =
      WireEnums.of(RuleChange.Enabled.class);
  private static final WireEnums<RuleChange.Before> BEFORE = WireEnums.of(RuleChange.Before.class);
  private static final WireEnums<RuleChange.Told> TELLERS = WireEnums.of(RuleChange.Told.class);

  @Override
  public void write(RuleHealth state, BinaryWriter out) {
    out.writeByte(VERSION)
        .writeVarLong(state.dropped)
        .writeZigZag(state.judgedUntil)
        .writeZigZag(state.seenUntil)
        .writeBoolean(state.off)
        .writeZigZag(state.changedAt)
        .writeVarInt(state.healthy.size());
    long before = 0;
    for (HealthyRun run : state.healthy) {
      out.writeZigZag(run.time() - before);
      out.writeBoolean(run.nrt());
      NearInstants.write(run.windowEnd(), run.time(), out);
      before = run.time();
    }
    boolean troubled = state.troubled() || !state.pending.isEmpty();
    out.writeBoolean(troubled);
    if (troubled) {
      Tables tables = new Tables();
      BinaryWriter body = new BinaryWriter();
      tables.write(state, body);
      tables.write(out);
      out.writeBytes(body.toByteArray());
    }
  }

  @Override
  public RuleHealth read(BinaryReader in) {
    Codecs.requireVersion(in, VERSION, "state of a rule's health");
    long dropped = in.readVarLong();
    long judgedUntil = in.readZigZag();
    long seenUntil = in.readZigZag();
    boolean off = in.readBoolean();
    long changedAt = in.readZigZag();
    long[] before = {0};
    List<HealthyRun> healthy =
        in.readList(
            from -> {
              before[0] += from.readZigZag();
              return new HealthyRun(
                  before[0], from.readBoolean(), NearInstants.read(before[0], from));
            });
    RuleHealth state =
        in.readBoolean()
            ? Values.of(in).state(new BinaryReader(in.readBytes()), healthy)
            : new RuleHealth(List.of(), healthy, List.of(), List.of());
    state.dropped = dropped;
    state.judgedUntil = judgedUntil;
    state.seenUntil = seenUntil;
    state.off = off;
    state.changedAt = changedAt;
    return state;
  }

  /** What is shared, as it is written. */
  private static final class Tables {
    private final ValueTable<Rule> rules = new ValueTable<>();
    private final ValueTable<String> topics = new ValueTable<>();
    private final ValueTable<Cause> causes = new ValueTable<>();
    private final ValueTable<Issue> issues = new ValueTable<>();
    private final ValueTable<Told> told = new ValueTable<>();

    void write(BinaryWriter to) {
      // An issue takes up its cause, so the issues are written before the table of causes is.
      BinaryWriter ofIssues = new BinaryWriter();
      ofIssues.writeList(
          issues.values(),
          (each, issue) -> {
            each.writeString(issue.id()).writeNullableString(issue.code());
            causes.writeNullable(issue.cause(), each);
          });
      to.writeList(
              rules.values(),
              (each, rule) ->
                  each.writeNullableString(rule.name())
                      .writeNullableString(rule.workspace())
                      .writeNullableString(rule.tenant()))
          .writeList(topics.values(), BinaryWriter::writeString)
          .writeList(causes.values(), CauseCodec::write)
          .append(ofIssues)
          .writeList(
              told.values(),
              (each, one) ->
                  each.writeNullableString(one.reason()).writeNullableString(one.description()));
    }

    void write(RuleHealth state, BinaryWriter to) {
      to.writeList(state.pending, (each, run) -> write(run, each));
      to.writeList(state.open, (each, trouble) -> write(trouble, each));
      to.writeList(state.passing, (each, streak) -> write(streak, each));
      to.writeBoolean(state.failures != null);
      if (state.failures != null) {
        write(state.failures, to);
      }
      to.writeBoolean(state.unseen != null);
      if (state.unseen != null) {
        write(state.unseen, to);
        to.writeZigZag(state.unseenSince);
      }
    }

    private void write(RuleRun run, BinaryWriter to) {
      to.writeZigZag(run.time())
          .writeFixed64(run.contentId())
          .writeEnum(run.outcome())
          .writeByte((run.nrt() ? 1 : 0) | (run.autoDisabled() ? 2 : 0));
      NearInstants.write(run.windowStart(), run.time(), to);
      NearInstants.write(run.windowEnd(), run.time(), to);
      to.writeList(run.issues(), (each, issue) -> each.writeVarInt(issues.placeOf(issue)));
      causes.writeNullable(run.cause(), to);
      told.writeNullable(run.told(), to);
      to.writeVarInt(rules.placeOf(run.rule()));
      write(run.turn(), to);
      to.writeList(run.proofs(), (each, proof) -> write(proof, each));
    }

    private void write(RuleTrouble trouble, BinaryWriter to) {
      to.writeString(trouble.kind.name())
          .writeString(trouble.issue)
          .writeZigZag(trouble.since)
          .writeFixed64(trouble.first)
          .writeZigZag(trouble.raisedAt)
          .writeVarInt(rules.placeOf(trouble.rule))
          .writeList(trouble.proofs, (each, proof) -> write(proof, each))
          .writeZigZag(trouble.last)
          .writeVarInt(trouble.revision)
          .writeString(trouble.severity.name())
          .writeString(trouble.confidence.name());
      causes.writeNullable(trouble.cause, to);
      to.writeNullableString(trouble.code);
      told.writeNullable(trouble.told, to);
      to.writeVarInt(trouble.runs)
          .writeVarInt(trouble.failures)
          .writeZigZag(trouble.lateFrom)
          .writeZigZag(trouble.lateUntil)
          .writeZigZag(trouble.settledAt);
      write(trouble.turn, to);
      write(trouble.mended, to);
    }

    private static void write(RuleTurn turn, BinaryWriter to) {
      to.writeBoolean(turn != null);
      if (turn != null) {
        to.writeZigZag(turn.at())
            .writeEnum(turn.kind())
            .writeEnum(turn.enabled())
            .writeEnum(turn.before())
            .writeNullableString(turn.by())
            .writeNullableString(turn.from())
            .writeNullableString(turn.correlation())
            .writeEnum(turn.told());
      }
    }

    private void write(Streak streak, BinaryWriter to) {
      to.writeString(streak.id)
          .writeZigZag(streak.since)
          .writeFixed64(streak.first)
          .writeZigZag(streak.last)
          .writeVarInt(streak.count)
          .writeList(streak.proofs, (each, proof) -> write(proof, each));
    }

    private void write(Proof proof, BinaryWriter to) {
      to.writeVarInt(topics.placeOf(proof.at().topic()))
          .writeVarInt(proof.at().partition())
          .writeZigZag(proof.at().offset())
          .writeNullableString(proof.ref());
    }
  }

  /** What is shared, as it was read. */
  private record Values(
      List<Rule> rules,
      List<String> topics,
      List<Cause> causes,
      List<Issue> issues,
      List<Told> told) {

    static Values of(BinaryReader in) {
      List<Rule> rules =
          in.readList(
              from ->
                  new Rule(
                      from.readNullableString(),
                      from.readNullableString(),
                      from.readNullableString()));
      List<String> topics = in.readList(BinaryReader::readString);
      List<Cause> causes = in.readList(CauseCodec::read);
      List<Issue> issues =
          in.readList(
              from ->
                  new Issue(
                      from.readString(),
                      from.readNullableString(),
                      ValueTable.readNullable(causes, from)));
      List<Told> told =
          in.readList(from -> new Told(from.readNullableString(), from.readNullableString()));
      return new Values(rules, topics, causes, issues, told);
    }

    RuleHealth state(BinaryReader from, List<HealthyRun> healthy) {
      List<RuleRun> pending = from.readList(this::readRun);
      List<RuleTrouble> open = from.readList(this::readTrouble);
      List<Streak> passing = from.readList(this::readStreak);
      RuleHealth state = new RuleHealth(pending, healthy, open, passing);
      if (from.readBoolean()) {
        state.failures = readStreak(from);
      }
      if (from.readBoolean()) {
        state.unseen = readStreak(from);
        state.unseenSince = from.readZigZag();
      }
      from.requireEnd();
      return state;
    }

    private RuleRun readRun(BinaryReader from) {
      long time = from.readZigZag();
      long contentId = from.readFixed64();
      Outcome outcome = from.readEnum(OUTCOMES);
      int flags = from.readByte();
      long windowStart = NearInstants.read(time, from);
      long windowEnd = NearInstants.read(time, from);
      List<Issue> complaints = from.readList(each -> ValueTable.read(issues, each));
      Cause cause = ValueTable.readNullable(causes, from);
      Told said = ValueTable.readNullable(told, from);
      return new RuleRun(
          time,
          contentId,
          outcome,
          (flags & 1) != 0,
          (flags & 2) != 0,
          windowStart,
          windowEnd,
          List.copyOf(complaints),
          cause,
          said,
          ValueTable.read(rules, from),
          readTurn(from),
          List.copyOf(from.readList(this::readProof)));
    }

    private RuleTrouble readTrouble(BinaryReader from) {
      RuleTrouble trouble =
          new RuleTrouble(
              Codecs.readNamed(FindingKind.class, from),
              from.readString(),
              from.readZigZag(),
              from.readFixed64(),
              from.readZigZag(),
              ValueTable.read(rules, from),
              new ArrayList<>(from.readList(this::readProof)));
      trouble.last = from.readZigZag();
      trouble.revision = from.readVarInt();
      trouble.severity = Codecs.readNamed(Severity.class, from);
      trouble.confidence = Codecs.readNamed(Confidence.class, from);
      trouble.cause = ValueTable.readNullable(causes, from);
      trouble.code = from.readNullableString();
      trouble.told = ValueTable.readNullable(told, from);
      trouble.runs = from.readVarInt();
      trouble.failures = from.readVarInt();
      trouble.lateFrom = from.readZigZag();
      trouble.lateUntil = from.readZigZag();
      trouble.settledAt = from.readZigZag();
      trouble.turn = readTurn(from);
      trouble.mended = readTurn(from);
      return trouble;
    }

    private static RuleTurn readTurn(BinaryReader from) {
      return from.readBoolean()
          ? new RuleTurn(
              from.readZigZag(),
              from.readEnum(KINDS),
              from.readEnum(ENABLED),
              from.readEnum(BEFORE),
              from.readNullableString(),
              from.readNullableString(),
              from.readNullableString(),
              from.readEnum(TELLERS))
          : null;
    }

    private Streak readStreak(BinaryReader from) {
      return new Streak(
          from.readString(),
          from.readZigZag(),
          from.readFixed64(),
          from.readZigZag(),
          from.readVarInt(),
          from.readList(this::readProof));
    }

    private Proof readProof(BinaryReader from) {
      String topic = ValueTable.read(topics, from);
      Coordinates at = new Coordinates(topic, from.readVarInt(), from.readZigZag());
      return new Proof(at, from.readNullableString());
    }
  }
}
