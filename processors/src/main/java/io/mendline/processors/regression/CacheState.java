package io.mendline.processors.regression;

import io.mendline.processors.pipeline.Codecs;
import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.StateCodec;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import io.mendline.serdes.telemetry.TokenUsage;
import java.util.List;

/**
 * What is remembered of one cache scope. At most 16 KB: 1,024 fingerprints of four bytes (4 KB), 48
 * open bins (3 KB), 360 closed bins of about 14 bytes (5 KB), three regressions (2 KB), eight past
 * ones (1 KB).
 */
public final class CacheState extends SeriesState<UsageBin, Bin> {
  /**
   * Records held by all open bins together. Two full bins are what a watermark leaves open; more
   * are open while a backlog is read, whose partitions come on at different speeds.
   */
  static final int HELD = 2 * UsageBin.CAPACITY;

  final String service;
  final String model;
  final String environment;

  /** How many of the calls were too small to be cached, as people were told. */
  Cacheability.Share cacheability = Cacheability.Share.FEW;

  /** How often an open bin had to hold a smaller sample than it could alone; since last told. */
  int thinned;

  CacheState(String service, String model, String environment) {
    this.service = service;
    this.model = model;
    this.environment = environment;
  }

  /** Counts a record in its bin, and makes room where there is too little. */
  void add(TokenUsage usage, boolean cacheable, long bin, long contentId, Coordinates at) {
    UsageBin into = openBin(usage.time(), bin);
    if (into != null) {
      into.add(usage, cacheable, contentId, at);
      thinned += makeRoom(HELD);
    }
  }

  @Override
  UsageBin begin(long start, long length) {
    return new UsageBin(start, length);
  }

  @Override
  UsageBin readOpen(BinaryReader in) {
    return new UsageBin(in);
  }

  @Override
  byte[] pack(List<Bin> bins) {
    return Bins.pack(bins);
  }

  @Override
  List<Bin> unpack(byte[] bins) {
    return Bins.unpack(bins);
  }

  /** The binary form. */
  static final class Codec implements StateCodec<CacheState> {
    /**
     * 1 knew nothing of calls too small to be cached; 2 forgot what was cleared; 3 had another
     * order; 4 did not know how many records there were.
     */
    private static final int VERSION = 5;

    @Override
    public void write(CacheState state, BinaryWriter out) {
      out.writeByte(VERSION);
      out.writeString(state.service).writeString(state.model);
      out.writeNullableString(state.environment);
      out.writeByte(state.cacheability.code()).writeVarInt(state.thinned);
      state.write(out);
    }

    @Override
    public CacheState read(BinaryReader in) {
      Codecs.requireVersion(in, VERSION, "cache scope");
      CacheState state = new CacheState(in.readString(), in.readString(), in.readNullableString());
      state.cacheability = Cacheability.Share.read(in);
      state.thinned = in.readVarInt();
      state.read(in);
      return state;
    }
  }
}
