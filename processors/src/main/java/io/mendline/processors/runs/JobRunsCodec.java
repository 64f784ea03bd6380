package io.mendline.processors.runs;

import io.mendline.processors.pipeline.Codecs;
import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.StateCodec;
import io.mendline.schemas.Confidence;
import io.mendline.schemas.Transience;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import io.mendline.serdes.binary.CorruptDataException;
import io.mendline.serdes.binary.WireEnums;
import io.mendline.serdes.telemetry.RunState.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The binary form of {@link JobRuns}: a table of the texts in the order of their first use, then
 * the runs, which refer to texts by number. A job that fails again and again mostly says the same,
 * so a further run costs some 60 to 120 bytes instead of a kilobyte.
 */
final class JobRunsCodec implements StateCodec<JobRuns> {
  private static final int VERSION = 1;
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
    Texts texts = new Texts();
    body.writeVarInt(state.evicted);
    body.writeList(List.copyOf(state.runs.values()), (to, run) -> write(run, to, texts));
    out.writeByte(VERSION).writeStrings(texts.table).writeBytes(body.toByteArray());
  }

  @Override
  public JobRuns read(BinaryReader in) {
    Codecs.requireVersion(in, VERSION, "state of a job's runs");
    List<String> texts = in.readStrings();
    BinaryReader body = new BinaryReader(in.readBytes());
    JobRuns state = new JobRuns();
    state.evicted = body.readVarInt();
    for (RunFacts run : body.readList(from -> readRun(from, texts))) {
      state.runs.put(run.runId, run);
    }
    body.requireEnd();
    return state;
  }

  private static void write(RunFacts run, BinaryWriter to, Texts texts) {
    to.writeString(run.runId)
        .writeZigZag(run.ended)
        .writeZigZag(run.last)
        .writeBoolean(run.raised)
        .writeBoolean(run.standing)
        .writeVarInt(run.told)
        .writeVarInt(run.dropped)
        .writeList(run.facts, (writer, fact) -> write(fact, writer, texts));
  }

  private static RunFacts readRun(BinaryReader from, List<String> texts) {
    String runId = from.readString();
    long ended = from.readZigZag();
    long last = from.readZigZag();
    boolean raised = from.readBoolean();
    boolean standing = from.readBoolean();
    int told = from.readVarInt();
    int dropped = from.readVarInt();
    RunFacts run =
        new RunFacts(runId, new ArrayList<>(from.readList(reader -> readFact(reader, texts))));
    run.ended = ended;
    run.last = last;
    run.raised = raised;
    run.standing = standing;
    run.told = told;
    run.dropped = dropped;
    return run;
  }

  private static void write(Fact fact, BinaryWriter to, Texts texts) {
    to.writeZigZag(fact.time())
        .writeFixed64(fact.contentId())
        .writeEnum(fact.level())
        .writeEnum(fact.stage())
        .writeZigZag(fact.attempt())
        .writeZigZag(fact.start())
        .writeZigZag(fact.end());
    texts.write(fact.taskRunId(), to);
    texts.write(fact.taskKey(), to);
    texts.write(fact.jobName(), to);
    texts.write(fact.environment(), to);
    texts.write(fact.message(), to);
    texts.write(fact.runPageUrl(), to);
    texts.write(fact.repairId(), to);
    texts.write(fact.terminationCode(), to);
    texts.write(fact.clusterId(), to);
    texts.write(fact.at().topic(), to);
    to.writeVarInt(fact.at().partition()).writeVarLong(fact.at().offset());
    to.writeBoolean(fact.failed());
    if (fact.failed()) {
      write(fact.cause(), to, texts);
    }
  }

  private static Fact readFact(BinaryReader from, List<String> texts) {
    long time = from.readZigZag();
    long contentId = from.readFixed64();
    Level level = from.readEnum(LEVELS);
    Fact.Stage stage = from.readEnum(STAGES);
    int attempt = (int) from.readZigZag();
    long start = from.readZigZag();
    long end = from.readZigZag();
    String taskRunId = text(from, texts);
    String taskKey = text(from, texts);
    String jobName = text(from, texts);
    String environment = text(from, texts);
    String message = text(from, texts);
    String runPageUrl = text(from, texts);
    String repairId = text(from, texts);
    String terminationCode = text(from, texts);
    String clusterId = text(from, texts);
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
        taskRunId,
        taskKey,
        jobName,
        environment,
        message,
        runPageUrl,
        repairId,
        terminationCode,
        clusterId,
        at);
  }

  private static void write(Cause cause, BinaryWriter to, Texts texts) {
    texts.write(cause.key(), to);
    texts.write(cause.category(), to);
    to.writeByte(TRANSIENCES.indexOf(cause.transience()));
    texts.write(cause.title(), to);
    texts.write(cause.hint(), to);
    to.writeByte(CONFIDENCES.indexOf(cause.confidence()));
  }

  private static Cause readCause(BinaryReader from, List<String> texts) {
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
    int reference = from.readVarInt();
    return reference == 0 ? null : texts.get(place(from, reference - 1, texts.size()));
  }

  private static int place(BinaryReader from, int place, int size) {
    if (place < 0 || place >= size) {
      throw new CorruptDataException("place " + place + " of " + size, from.position());
    }
    return place;
  }

  /** The texts written so far; looked up by hash, listed in the order of first use. */
  private static final class Texts {
    private final List<String> table = new ArrayList<>();
    private final Map<String, Integer> places = new HashMap<>();

    void write(String text, BinaryWriter to) {
      if (text == null) {
        to.writeVarInt(0);
        return;
      }
      Integer place = places.get(text);
      if (place == null) {
        place = table.size();
        places.put(text, place);
        table.add(text);
      }
      to.writeVarInt(place + 1);
    }
  }
}
