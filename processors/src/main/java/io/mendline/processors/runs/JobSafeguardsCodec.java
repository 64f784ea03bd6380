package io.mendline.processors.runs;

import io.mendline.processors.pipeline.Codecs;
import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.StateCodec;
import io.mendline.processors.pipeline.ValueTable;
import io.mendline.processors.policy.JobCheck;
import io.mendline.processors.runs.JobSafeguards.Failure;
import io.mendline.processors.runs.JobSafeguards.News;
import io.mendline.processors.runs.JobSafeguards.Settings;
import io.mendline.processors.runs.JobSafeguards.Standing;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import io.mendline.serdes.binary.CorruptDataException;
import io.mendline.serdes.binary.WireEnums;
import io.mendline.serdes.telemetry.JobSettings.Scope;
import io.mendline.serdes.telemetry.Safeguards;
import io.mendline.serdes.telemetry.Safeguards.Told;
import java.util.List;

/** The binary form of {@link JobSafeguards}: a table of the texts, then the state. */
final class JobSafeguardsCodec implements StateCodec<JobSafeguards> {
  private static final int VERSION = 1;

  private static final WireEnums<Scope> SCOPES = WireEnums.of(Scope.class);
  private static final WireEnums<Told> TOLD = WireEnums.of(Told.class);

  @Override
  public void write(JobSafeguards state, BinaryWriter out) {
    ValueTable<String> texts = new ValueTable<>();
    BinaryWriter body = new BinaryWriter(128);
    write(state.known, body);
    texts.writeNullable(state.name, body);
    texts.writeNullable(state.deployment, body);
    body.writeFixed64(state.settingsAt).writeFixed64(state.newest).writeVarInt(state.early);
    body.writeVarInt(state.standing.size());
    state.standing.forEach(
        (check, standing) -> {
          body.writeString(check.id());
          body.writeZigZag(standing.since()).writeVarInt(standing.revision());
          write(standing.at(), body, texts);
          body.writeBoolean(standing.failure() != null);
          if (standing.failure() != null) {
            write(standing.failure(), body, texts);
          }
        });
    body.writeList(state.waiting, (to, news) -> write(news, to, texts));
    out.writeByte(VERSION).writeStrings(texts.values()).append(body);
  }

  @Override
  public JobSafeguards read(BinaryReader in) {
    Codecs.requireVersion(in, VERSION, "safeguards of a job");
    List<String> texts = in.readStrings();
    JobSafeguards state = new JobSafeguards();
    state.known = readSafeguards(in);
    state.name = ValueTable.readNullable(texts, in);
    state.deployment = ValueTable.readNullable(texts, in);
    state.settingsAt = in.readFixed64();
    state.newest = in.readFixed64();
    state.early = in.readVarInt();
    for (int left = in.readVarInt(); left > 0; left--) {
      JobCheck check = readCheck(in);
      long since = in.readZigZag();
      int revision = in.readVarInt();
      Coordinates at = readCoordinates(in, texts);
      Failure failure = in.readBoolean() ? readFailure(in, texts) : null;
      state.standing.put(check, new Standing(since, at, revision, failure));
    }
    state.waiting.addAll(in.readList(from -> readNews(from, texts)));
    return state;
  }

  private static JobCheck readCheck(BinaryReader in) {
    int at = in.position();
    JobCheck check = JobCheck.of(in.readString());
    if (check == null) {
      throw new CorruptDataException("no check of a job has that name", at);
    }
    return check;
  }

  private static void write(Safeguards safeguards, BinaryWriter to) {
    to.writeEnum(safeguards.retries())
        .writeEnum(safeguards.timeout())
        .writeEnum(safeguards.failureNotice());
  }

  private static Safeguards readSafeguards(BinaryReader from) {
    return new Safeguards(from.readEnum(TOLD), from.readEnum(TOLD), from.readEnum(TOLD));
  }

  private static void write(News news, BinaryWriter to, ValueTable<String> texts) {
    to.writeBoolean(news instanceof Failure);
    if (news instanceof Failure failure) {
      write(failure, to, texts);
      return;
    }
    Settings told = (Settings) news;
    to.writeZigZag(told.time()).writeFixed64(told.contentId()).writeEnum(told.scope());
    write(told.safeguards(), to);
    texts.writeNullable(told.name(), to);
    texts.writeNullable(told.deployment(), to);
    write(told.at(), to, texts);
  }

  private static News readNews(BinaryReader from, List<String> texts) {
    if (from.readBoolean()) {
      return readFailure(from, texts);
    }
    return new Settings(
        from.readZigZag(),
        from.readFixed64(),
        from.readEnum(SCOPES),
        readSafeguards(from),
        ValueTable.readNullable(texts, from),
        ValueTable.readNullable(texts, from),
        readCoordinates(from, texts));
  }

  private static void write(Failure failure, BinaryWriter to, ValueTable<String> texts) {
    to.writeZigZag(failure.time()).writeFixed64(failure.contentId());
    texts.writeNullable(failure.runId(), to);
    JobRunsCodec.write(failure.cause(), to, texts);
    write(failure.at(), to, texts);
  }

  private static Failure readFailure(BinaryReader from, List<String> texts) {
    return new Failure(
        from.readZigZag(),
        from.readFixed64(),
        ValueTable.readNullable(texts, from),
        JobRunsCodec.readCause(from, texts),
        readCoordinates(from, texts));
  }

  private static void write(Coordinates at, BinaryWriter to, ValueTable<String> texts) {
    to.writeVarInt(texts.placeOf(at.topic())).writeVarInt(at.partition()).writeZigZag(at.offset());
  }

  private static Coordinates readCoordinates(BinaryReader from, List<String> texts) {
    return new Coordinates(ValueTable.read(texts, from), from.readVarInt(), from.readZigZag());
  }
}
