package io.mendline.processors.sentinel;

import io.mendline.processors.pipeline.Codecs;
import io.mendline.processors.pipeline.StateCodec;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;

/** The binary form of {@link AutomationState}. */
final class AutomationStateCodec implements StateCodec<AutomationState> {
  private static final int VERSION = 1;

  @Override
  public void write(AutomationState state, BinaryWriter out) {
    HealthTables.Out tables = new HealthTables.Out();
    tables.queue(state.queue());
    tables.nullableEpisode(state.episode());
    tables.appendTo(out.writeByte(VERSION));
  }

  @Override
  public AutomationState read(BinaryReader in) {
    Codecs.requireVersion(in, VERSION, "state of an automation");
    HealthTables.In tables = new HealthTables.In(in);
    AutomationState state = new AutomationState(tables.queue(), tables.nullableEpisode());
    tables.body().requireEnd();
    return state;
  }
}
