package io.mendline.processors.sentinel;

import io.mendline.processors.pipeline.Codecs;
import io.mendline.processors.pipeline.StateCodec;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;

/** The binary form of {@link ConnectorState}. */
final class ConnectorStateCodec implements StateCodec<ConnectorState> {
  private static final int VERSION = 1;

  @Override
  public void write(ConnectorState state, BinaryWriter out) {
    HealthTables.Out tables = new HealthTables.Out();
    tables.queue(state.queue());
    tables.nullableEpisode(state.episode());
    tables.nullableFact(state.recent);
    tables.nullableFact(state.heard);
    tables
        .body()
        .writeVarInt(state.steady)
        .writeZigZag(state.steadyAt)
        .writeZigZag(state.checkAt)
        .writeVarInt(state.missing)
        .writeZigZag(state.silentAt);
    tables.appendTo(out.writeByte(VERSION));
  }

  @Override
  public ConnectorState read(BinaryReader in) {
    Codecs.requireVersion(in, VERSION, "state of a connector");
    HealthTables.In tables = new HealthTables.In(in);
    ConnectorState state = new ConnectorState(tables.queue(), tables.nullableEpisode());
    state.recent = tables.nullableFact();
    state.heard = tables.nullableFact();
    state.steady = tables.body().readVarInt();
    state.steadyAt = tables.body().readZigZag();
    state.checkAt = tables.body().readZigZag();
    state.missing = tables.body().readVarInt();
    state.silentAt = tables.body().readZigZag();
    tables.body().requireEnd();
    return state;
  }
}
