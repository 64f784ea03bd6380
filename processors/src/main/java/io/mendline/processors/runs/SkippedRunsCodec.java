package io.mendline.processors.runs;

import io.mendline.processors.pipeline.Codecs;
import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.StateCodec;
import io.mendline.processors.pipeline.Step;
import io.mendline.processors.pipeline.ValueTable;
import io.mendline.processors.runs.SkippedRuns.Skipped;
import io.mendline.processors.runs.SkippedRuns.Started;
import io.mendline.processors.runs.SkippedRuns.Telling;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import java.util.List;

/** The binary form of {@link SkippedRuns}: a table of the texts, then the runs. */
final class SkippedRunsCodec implements StateCodec<SkippedRuns> {
  private static final int VERSION = 2;

  @Override
  public void write(SkippedRuns state, BinaryWriter out) {
    BinaryWriter body = new BinaryWriter(256);
    ValueTable<String> texts = new ValueTable<>();
    body.writeVarInt(state.dropped);
    body.writeList(
        state.skipped,
        (to, run) -> {
          RunIds.write(run.runId, to);
          to.writeBoolean(run.settled).writeBoolean(run.inRow).writeZigZag(run.clearedAt);
          to.writeList(run.tellings, (each, told) -> write(told, each, texts));
        });
    body.writeList(
        state.started,
        (to, run) -> {
          RunIds.write(run.runId, to);
          to.writeZigZag(run.told)
              .writeFixed64(run.contentId)
              .writeZigZag(run.told - run.start)
              .writeBoolean(run.succeeded != Step.NEVER);
          if (run.succeeded != Step.NEVER) {
            to.writeZigZag(run.succeeded - run.told);
            write(run.at, to, texts);
          }
          to.writeBoolean(run.scheduled);
        });
    out.writeByte(VERSION).writeStrings(texts.values()).append(body);
  }

  @Override
  public SkippedRuns read(BinaryReader in) {
    Codecs.requireVersion(in, VERSION, "skipped runs of a job");
    List<String> texts = in.readStrings();
    SkippedRuns state = new SkippedRuns();
    state.dropped = in.readVarInt();
    state.skipped.addAll(in.readList(from -> readSkipped(from, texts)));
    state.started.addAll(in.readList(from -> readStarted(from, texts)));
    return state;
  }

  private static Skipped readSkipped(BinaryReader from, List<String> texts) {
    Skipped run = new Skipped(RunIds.read(from));
    run.settled = from.readBoolean();
    run.inRow = from.readBoolean();
    run.clearedAt = from.readZigZag();
    run.tellings.addAll(from.readList(each -> readTelling(each, texts)));
    return run;
  }

  private static Started readStarted(BinaryReader from, List<String> texts) {
    Started run = new Started(RunIds.read(from));
    run.told = from.readZigZag();
    run.contentId = from.readFixed64();
    run.start = run.told - from.readZigZag();
    if (from.readBoolean()) {
      run.succeeded = run.told + from.readZigZag();
      run.at = readCoordinates(from, texts);
    }
    run.scheduled = from.readBoolean();
    return run;
  }

  private static void write(Telling told, BinaryWriter to, ValueTable<String> texts) {
    to.writeZigZag(told.time()).writeFixed64(told.contentId());
    texts.writeNullable(told.limit(), to);
    to.writeBoolean(told.cause() != null);
    if (told.cause() != null) {
      JobRunsCodec.write(told.cause(), to, texts);
    }
    texts.writeNullable(told.message(), to);
    texts.writeNullable(told.jobName(), to);
    texts.writeNullable(told.environment(), to);
    texts.writeNullable(told.runPageUrl(), to);
    to.writeBoolean(told.scheduled());
    write(told.at(), to, texts);
  }

  private static Telling readTelling(BinaryReader from, List<String> texts) {
    return new Telling(
        from.readZigZag(),
        from.readFixed64(),
        text(from, texts),
        from.readBoolean() ? JobRunsCodec.readCause(from, texts) : null,
        text(from, texts),
        text(from, texts),
        text(from, texts),
        text(from, texts),
        from.readBoolean(),
        readCoordinates(from, texts));
  }

  private static void write(Coordinates at, BinaryWriter to, ValueTable<String> texts) {
    texts.writeNullable(at.topic(), to);
    to.writeVarInt(at.partition()).writeVarLong(at.offset());
  }

  private static Coordinates readCoordinates(BinaryReader from, List<String> texts) {
    return new Coordinates(text(from, texts), from.readVarInt(), from.readVarLong());
  }

  private static String text(BinaryReader from, List<String> texts) {
    return ValueTable.readNullable(texts, from);
  }
}
