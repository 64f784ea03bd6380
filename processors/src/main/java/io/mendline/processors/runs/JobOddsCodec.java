package io.mendline.processors.runs;

import io.mendline.processors.pipeline.Codecs;
import io.mendline.processors.pipeline.StateCodec;
import io.mendline.processors.runs.JobOdds.Ended;
import io.mendline.processors.runs.JobOdds.Telling;
import io.mendline.processors.runs.JobOdds.Verdict;
import io.mendline.processors.runs.JobOdds.Weight;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import io.mendline.serdes.binary.WireEnums;
import java.util.List;

/**
 * The binary form of {@link JobOdds}: some 12 bytes a run, its time as the distance from the last.
 */
final class JobOddsCodec implements StateCodec<JobOdds> {
  private static final int VERSION = 2;
  private static final WireEnums<Verdict> VERDICTS = WireEnums.of(Verdict.class);
  private static final WireEnums<Weight> WEIGHTS = WireEnums.of(Weight.class);

  @Override
  public void write(JobOdds state, BinaryWriter out) {
    out.writeByte(VERSION)
        .writeZigZag(state.heard)
        .writeZigZag(state.counted)
        .writeVarInt(state.early);
    out.writeList(
        List.copyOf(state.waiting),
        (to, told) ->
            to.writeFixed64(told.run())
                .writeZigZag(state.heard - told.time())
                .writeEnum(told.verdict())
                .writeEnum(told.weight()));
    out.writeVarInt(state.ended.size());
    long before = 0;
    for (Ended run : state.ended) {
      boolean again = run.last() != run.at();
      out.writeFixed64(run.run())
          .writeZigZag(run.at() - before)
          .writeByte(run.verdict().code() << 4 | run.weight().code() << 1 | (again ? 1 : 0));
      if (again) {
        out.writeZigZag(run.last() - run.at());
      }
      before = run.at();
    }
  }

  @Override
  public JobOdds read(BinaryReader in) {
    Codecs.requireVersion(in, VERSION, "odds of a job");
    JobOdds state = new JobOdds();
    state.heard = in.readZigZag();
    state.counted = in.readZigZag();
    state.early = in.readVarInt();
    state.waiting.addAll(
        in.readList(
            from -> {
              long run = from.readFixed64();
              long time = state.heard - from.readZigZag();
              return new Telling(time, run, from.readEnum(VERDICTS), from.readEnum(WEIGHTS));
            }));
    int count = in.readVarInt();
    long before = 0;
    for (int i = 0; i < count; i++) {
      long run = in.readFixed64();
      long at = before + in.readZigZag();
      int place = in.position();
      int how = in.readByte();
      long last = (how & 1) == 0 ? at : at + in.readZigZag();
      state.ended.add(
          new Ended(
              run,
              at,
              last,
              VERDICTS.require(how >> 4, place),
              WEIGHTS.require(how >> 1 & 7, place)));
      before = at;
    }
    return state;
  }
}
