package io.mendline.processors.runs;

import io.mendline.processors.pipeline.Codecs;
import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.StateCodec;
import io.mendline.processors.pipeline.ValueTable;
import io.mendline.processors.runs.JobHistory.Done;
import io.mendline.processors.runs.JobPace.Active;
import io.mendline.processors.runs.JobPace.Saying;
import io.mendline.processors.runs.JobPace.Telling;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import io.mendline.serdes.binary.WireEnums;
import java.util.List;

/**
 * The binary form of {@link JobPace}: a table of the texts, then times as their distance from the
 * one before. A success of the past costs some 7 bytes: its end to the second and its duration to
 * the millisecond.
 */
final class JobPaceCodec implements StateCodec<JobPace> {
  /** 2 knew no hours of the day. */
  private static final int VERSION = 3;

  private static final WireEnums<Saying> SAYINGS = WireEnums.of(Saying.class);

  @Override
  public void write(JobPace state, BinaryWriter out) {
    BinaryWriter body = new BinaryWriter(512);
    ValueTable<String> texts = new ValueTable<>();
    body.writeZigZag(state.judged)
        .writeZigZag(state.heard)
        .writeVarInt(state.early)
        .writeVarInt(state.dropped);
    body.writeList(List.copyOf(state.waiting), (to, told) -> write(told, to, texts));
    body.writeList(state.active, (to, run) -> write(run, to, texts));
    body.writeList(
        state.ended,
        (to, ended) ->
            to.writeFixed64(ended.run())
                .writeZigZag(state.heard - ended.at())
                .writeBoolean(ended.well()));
    write(state.history, body);
    RunIds.write(state.slowRunId, body);
    body.writeZigZag(state.slowSince);
    texts.writeNullable(state.jobName, body);
    texts.writeNullable(state.runPageUrl, body);
    write(state.at, body, texts);
    out.writeByte(VERSION).writeStrings(texts.values()).append(body);
  }

  @Override
  public JobPace read(BinaryReader in) {
    Codecs.requireVersion(in, VERSION, "pace of a job");
    List<String> texts = in.readStrings();
    JobPace state = new JobPace();
    state.judged = in.readZigZag();
    state.heard = in.readZigZag();
    state.early = in.readVarInt();
    state.dropped = in.readVarInt();
    state.waiting.addAll(in.readList(from -> readTelling(from, texts)));
    state.active.addAll(in.readList(from -> readActive(from, texts)));
    state.ended.addAll(
        in.readList(
            from ->
                new JobPace.Ended(
                    from.readFixed64(), state.heard - from.readZigZag(), from.readBoolean())));
    readHistory(state.history, in);
    state.slowRunId = RunIds.read(in);
    state.slowSince = in.readZigZag();
    state.jobName = text(in, texts);
    state.runPageUrl = text(in, texts);
    state.at = readCoordinates(in, texts);
    return state;
  }

  private static void write(JobHistory history, BinaryWriter to) {
    to.writeVarInt(history.runs.size());
    long before = 0;
    for (Done run : history.runs) {
      RunIds.write(run.runId(), to);
      to.writeZigZag(run.end() / 1_000 - before).writeVarLong(run.took());
      before = run.end() / 1_000;
    }
    to.writeVarInt(history.peaks.size());
    long day = 0;
    for (JobHistory.Peak peak : history.peaks) {
      to.writeZigZag(peak.day() - day).writeVarLong(peak.level());
      day = peak.day();
    }
    history.rhythm.write(to);
    to.writeBoolean(history.slow).writeBoolean(history.shift != null);
    if (history.shift != null) {
      to.writeVarInt(history.volume)
          .writeVarInt(history.shift.onset())
          .writeVarLong(history.shift.before())
          .writeVarLong(history.shift.after())
          .writeDouble(history.shift.chance());
    }
  }

  private static void readHistory(JobHistory history, BinaryReader from) {
    int count = from.readVarInt();
    long end = 0;
    for (int i = 0; i < count; i++) {
      String runId = RunIds.read(from);
      end += from.readZigZag();
      history.runs.add(new Done(runId, end * 1_000, from.readVarLong()));
    }
    int days = from.readVarInt();
    long day = 0;
    for (int i = 0; i < days; i++) {
      day += from.readZigZag();
      history.peaks.add(new JobHistory.Peak(day, from.readVarLong()));
    }
    history.rhythm.read(from);
    history.slow = from.readBoolean();
    if (from.readBoolean()) {
      history.volume = from.readVarInt();
      history.shift =
          new Shift(from.readVarInt(), from.readVarLong(), from.readVarLong(), from.readDouble());
    }
  }

  private static void write(Telling told, BinaryWriter to, ValueTable<String> texts) {
    to.writeZigZag(told.time()).writeFixed64(told.contentId());
    RunIds.write(told.runId(), to);
    to.writeEnum(told.saying())
        .writeZigZag(told.time() - told.start())
        .writeZigZag(told.time() - told.end())
        .writeBoolean(told.endless())
        .writeBoolean(told.repaired())
        .writeZigZag(told.lateBy());
    texts.writeNullable(told.state(), to);
    texts.writeNullable(told.jobName(), to);
    texts.writeNullable(told.runPageUrl(), to);
    write(told.at(), to, texts);
  }

  private static Telling readTelling(BinaryReader from, List<String> texts) {
    long time = from.readZigZag();
    return new Telling(
        time,
        from.readFixed64(),
        RunIds.read(from),
        from.readEnum(SAYINGS),
        time - from.readZigZag(),
        time - from.readZigZag(),
        from.readBoolean(),
        from.readBoolean(),
        from.readZigZag(),
        text(from, texts),
        text(from, texts),
        text(from, texts),
        readCoordinates(from, texts));
  }

  private static void write(Active run, BinaryWriter to, ValueTable<String> texts) {
    RunIds.write(run.runId, to);
    to.writeZigZag(run.longest)
        .writeZigZag(run.since)
        .writeZigZag(run.heard)
        .writeBoolean(run.waits)
        .writeBoolean(run.endless)
        .writeBoolean(run.repaired)
        .writeZigZag(run.lateBy)
        .writeFixed64(run.deadline)
        .writeFixed64(run.judgeAt)
        .writeZigZag(run.stuckAt);
    texts.writeNullable(run.state, to);
    texts.writeNullable(run.jobName, to);
    texts.writeNullable(run.runPageUrl, to);
    write(run.at, to, texts);
  }

  private static Active readActive(BinaryReader from, List<String> texts) {
    Active run = new Active(RunIds.read(from), from.readZigZag());
    run.since = from.readZigZag();
    run.heard = from.readZigZag();
    run.waits = from.readBoolean();
    run.endless = from.readBoolean();
    run.repaired = from.readBoolean();
    run.lateBy = from.readZigZag();
    run.deadline = from.readFixed64();
    run.judgeAt = from.readFixed64();
    run.stuckAt = from.readZigZag();
    run.state = text(from, texts);
    run.jobName = text(from, texts);
    run.runPageUrl = text(from, texts);
    run.at = readCoordinates(from, texts);
    return run;
  }

  private static void write(Coordinates at, BinaryWriter to, ValueTable<String> texts) {
    texts.writeNullable(at == null ? null : at.topic(), to);
    if (at != null) {
      to.writeVarInt(at.partition()).writeVarLong(at.offset());
    }
  }

  private static Coordinates readCoordinates(BinaryReader from, List<String> texts) {
    String topic = text(from, texts);
    return topic == null ? null : new Coordinates(topic, from.readVarInt(), from.readVarLong());
  }

  private static String text(BinaryReader from, List<String> texts) {
    return ValueTable.readNullable(texts, from);
  }
}
