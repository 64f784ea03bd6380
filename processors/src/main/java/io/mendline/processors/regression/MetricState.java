package io.mendline.processors.regression;

import io.mendline.processors.pipeline.Codecs;
import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.StateCodec;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import io.mendline.serdes.binary.WireEnums;
import io.mendline.serdes.telemetry.MetricSample;
import io.mendline.serdes.telemetry.MetricSample.Better;
import java.util.List;

/**
 * What is remembered of one metric of one scope. At most 16 KB: 512 samples of 13 bytes (7 KB), 360
 * closed bins of about 12 bytes (4 KB), 48 open bins (2 KB), three regressions (2 KB), eight past
 * ones (1 KB).
 */
final class MetricState extends SeriesState<MetricBin, ClosedMetricBin> {
  /** Samples held by all open bins together: two full bins, or many small ones in a backlog. */
  static final int HELD = 2 * MetricBin.CAPACITY;

  final String scope;
  final String metric;

  /**
   * Which way is better, as samples say: the greatest that was said, so that order is no matter.
   */
  Better better = Better.UNSAID;

  MetricState(String scope, String metric) {
    this.scope = scope;
    this.metric = metric;
  }

  /** Counts a sample in its bin, and makes room where there is too little. */
  void add(MetricSample sample, long bin, long contentId, Coordinates at) {
    better = better.compareTo(sample.better()) >= 0 ? better : sample.better();
    MetricBin into = openBin(sample.time(), bin);
    if (into != null) {
      into.add(sample, contentId, at);
      makeRoom(HELD);
    }
  }

  @Override
  MetricBin begin(long start, long length) {
    return new MetricBin(start, length);
  }

  @Override
  MetricBin readOpen(BinaryReader in) {
    return new MetricBin(in);
  }

  @Override
  byte[] pack(List<ClosedMetricBin> bins) {
    return ClosedMetricBin.pack(bins);
  }

  @Override
  List<ClosedMetricBin> unpack(byte[] bins) {
    return ClosedMetricBin.unpack(bins);
  }

  /** The binary form. */
  static final class Codec implements StateCodec<MetricState> {
    /**
     * 1 held eight days of bins, and forgot what was cleared; 2 had another order; 3 knew onsets to
     * the bin.
     */
    private static final int VERSION = 4;

    private static final WireEnums<Better> BETTER = WireEnums.of(Better.class);

    @Override
    public void write(MetricState state, BinaryWriter out) {
      out.writeByte(VERSION).writeString(state.scope).writeString(state.metric);
      out.writeEnum(state.better);
      state.write(out);
    }

    @Override
    public MetricState read(BinaryReader in) {
      Codecs.requireVersion(in, VERSION, "metric");
      MetricState state = new MetricState(in.readString(), in.readString());
      state.better = in.readEnum(BETTER);
      state.read(in);
      return state;
    }
  }
}
