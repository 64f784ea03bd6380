package io.mendline.processors.runs;

import io.mendline.processors.pipeline.Codecs;
import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.StateCodec;
import io.mendline.processors.pipeline.ValueTable;
import io.mendline.schemas.Confidence;
import io.mendline.schemas.Transience;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import io.mendline.serdes.binary.CorruptDataException;
import io.mendline.serdes.binary.WireEnums;
import io.mendline.serdes.telemetry.ChildRun;
import io.mendline.serdes.telemetry.RunItems;
import io.mendline.serdes.telemetry.RunState.Level;
import java.util.ArrayList;
import java.util.List;

/**
 * The binary form of {@link JobRuns}: a table of the texts in the order of their first use, then
 * the runs, which refer to texts by number. A job that fails again and again mostly says the same,
 * so a further run costs some 60 to 120 bytes instead of a kilobyte.
 */
final class JobRunsCodec implements StateCodec<JobRuns> {
  private static final int VERSION = 5;

  /** How many texts a fact may have. */
  private static final int OWN_TEXTS = 12;

  private static final int OTHERWISE = 1;
  private static final int OBSERVED = 2;
  private static final int REPORTS = 4;
  private static final int SAID = 8;
  private static final int ALL_PURPOSE = 16;

  private static final WireEnums<Level> LEVELS = WireEnums.of(Level.class);
  private static final WireEnums<Fact.Stage> STAGES = WireEnums.of(Fact.Stage.class);

  // Places in these lists are written; they only ever grow at the end.
  private static final List<Transience> TRANSIENCES =
      List.of(Transience.UNKNOWN, Transience.TRANSIENT, Transience.PERMANENT);
  private static final List<Confidence> CONFIDENCES =
      List.of(Confidence.UNKNOWN, Confidence.LOW, Confidence.MEDIUM, Confidence.HIGH);

  @Override
  public void write(JobRuns state, BinaryWriter out) {
    BinaryWriter body = new BinaryWriter(1024);
    ValueTable<String> texts = new ValueTable<>();
    body.writeVarInt(state.evicted);
    body.writeVarInt(state.all().size());
    for (RunFacts run : state.all()) {
      write(run, body, texts);
    }
    out.writeByte(VERSION).writeStrings(texts.values()).append(body);
  }

  @Override
  public JobRuns read(BinaryReader in) {
    Codecs.requireVersion(in, VERSION, "state of a job's runs");
    List<String> texts = in.readStrings();
    JobRuns state = new JobRuns();
    state.evicted = in.readVarInt();
    for (RunFacts run : in.readList(from -> readRun(from, texts))) {
      state.append(run);
    }
    return state;
  }

  private static void write(RunFacts run, BinaryWriter to, ValueTable<String> texts) {
    RunIds.write(run.runId, to);
    to.writeZigZag(run.last)
        .writeZigZag(run.last - run.ended)
        .writeBoolean(run.pipeline)
        .writeBoolean(run.degraded)
        .writeBoolean(run.raised)
        .writeBoolean(run.standing)
        .writeVarInt(run.told)
        .writeVarInt(run.dropped)
        .writeList(run.facts, (writer, fact) -> write(fact, run.last, writer, texts));
  }

  private static RunFacts readRun(BinaryReader from, List<String> texts) {
    String runId = RunIds.read(from);
    long last = from.readZigZag();
    long ended = last - from.readZigZag();
    boolean pipeline = from.readBoolean();
    boolean degraded = from.readBoolean();
    boolean raised = from.readBoolean();
    boolean standing = from.readBoolean();
    int told = from.readVarInt();
    int dropped = from.readVarInt();
    RunFacts run =
        new RunFacts(
            runId, new ArrayList<>(from.readList(reader -> readFact(last, reader, texts))));
    run.ended = ended;
    run.last = last;
    run.pipeline = pipeline;
    run.degraded = degraded;
    run.raised = raised;
    run.standing = standing;
    run.told = told;
    run.dropped = dropped;
    return run;
  }

  /** Times lie close to the run's last, so their distance to it is short. */
  private static void write(Fact fact, long last, BinaryWriter to, ValueTable<String> texts) {
    to.writeZigZag(last - fact.time())
        .writeFixed64(fact.contentId())
        .writeEnum(fact.level())
        .writeEnum(fact.stage())
        .writeZigZag(fact.attempt())
        .writeZigZag(last - fact.start())
        .writeZigZag(last - fact.end());
    String[] own = {
      fact.taskRunId(),
      fact.taskKey(),
      fact.jobName(),
      fact.environment(),
      fact.message(),
      fact.runPageUrl(),
      fact.repairId(),
      fact.terminationCode(),
      fact.clusterId(),
      fact.trigger(),
      fact.childRun() == null ? null : fact.childRun().jobId(),
      fact.childRun() == null ? null : fact.childRun().runId()
    };
    int given = 0;
    for (int i = 0; i < own.length; i++) {
      given |= own[i] == null ? 0 : 1 << i;
    }
    to.writeVarInt(given);
    for (String text : own) {
      if (text != null) {
        texts.writeNullable(text, to);
      }
    }
    to.writeVarInt(
        (fact.otherwise() ? OTHERWISE : 0)
            | (fact.observed() ? OBSERVED : 0)
            | (fact.reports() ? REPORTS : 0)
            | (fact.saidCause() == null ? 0 : SAID)
            | (fact.allPurpose() ? ALL_PURPOSE : 0));
    if (fact.reports()) {
      to.writeVarInt(fact.items().total())
          .writeVarInt(fact.items().succeeded())
          .writeStrings(fact.items().failed())
          .writeBoolean(fact.items().saysFailed())
          .writeBoolean(fact.items().ofTasks());
    }
    if (fact.saidCause() != null) {
      write(fact.saidCause(), to, texts);
    }
    texts.writeNullable(fact.at().topic(), to);
    to.writeVarInt(fact.at().partition()).writeVarLong(fact.at().offset());
    to.writeBoolean(fact.failed());
    if (fact.failed()) {
      write(fact.cause(), to, texts);
    }
  }

  private static Fact readFact(long last, BinaryReader from, List<String> texts) {
    long time = last - from.readZigZag();
    long contentId = from.readFixed64();
    Level level = from.readEnum(LEVELS);
    Fact.Stage stage = from.readEnum(STAGES);
    int attempt = (int) from.readZigZag();
    long start = last - from.readZigZag();
    long end = last - from.readZigZag();
    int given = from.readVarInt();
    String[] own = new String[OWN_TEXTS];
    for (int i = 0; i < own.length; i++) {
      own[i] = (given & 1 << i) == 0 ? null : text(from, texts);
    }
    int flags = from.readVarInt();
    RunItems items = (flags & REPORTS) == 0 ? null : readItems(from);
    Cause said = (flags & SAID) == 0 ? null : readCause(from, texts);
    Coordinates at = new Coordinates(text(from, texts), from.readVarInt(), from.readVarLong());
    Cause cause = from.readBoolean() ? readCause(from, texts) : null;
    return new Fact(
        time,
        contentId,
        level,
        stage,
        cause,
        attempt,
        start,
        end,
        own[0],
        own[1],
        own[2],
        own[3],
        own[4],
        own[5],
        own[6],
        own[7],
        own[8],
        (flags & ALL_PURPOSE) != 0,
        own[9],
        own[10] == null || own[11] == null ? null : new ChildRun(own[10], own[11]),
        (flags & OTHERWISE) != 0,
        (flags & OBSERVED) != 0,
        items,
        said,
        at);
  }

  private static RunItems readItems(BinaryReader from) {
    int at = from.position();
    try {
      return new RunItems(
          from.readVarInt(),
          from.readVarInt(),
          from.readStrings(),
          from.readBoolean(),
          from.readBoolean());
    } catch (IllegalArgumentException e) {
      CorruptDataException corrupt = new CorruptDataException(e.getMessage(), at);
      corrupt.initCause(e);
      throw corrupt;
    }
  }

  static void write(Cause cause, BinaryWriter to, ValueTable<String> texts) {
    texts.writeNullable(cause.key(), to);
    texts.writeNullable(cause.category(), to);
    to.writeByte(TRANSIENCES.indexOf(cause.transience()));
    texts.writeNullable(cause.title(), to);
    texts.writeNullable(cause.hint(), to);
    to.writeByte(CONFIDENCES.indexOf(cause.confidence()));
  }

  static Cause readCause(BinaryReader from, List<String> texts) {
    return new Cause(
        text(from, texts),
        text(from, texts),
        listed(from, TRANSIENCES),
        text(from, texts),
        text(from, texts),
        listed(from, CONFIDENCES));
  }

  private static <T> T listed(BinaryReader from, List<T> values) {
    return values.get(place(from, from.readByte(), values.size()));
  }

  private static String text(BinaryReader from, List<String> texts) {
    return ValueTable.readNullable(texts, from);
  }

  private static int place(BinaryReader from, int place, int size) {
    if (place < 0 || place >= size) {
      throw new CorruptDataException("place " + place + " of " + size, from.position());
    }
    return place;
  }
}
