package io.mendline.processors.partitions;

import io.mendline.processors.partitions.PartitionState.Layer;
import io.mendline.serdes.telemetry.PartitionRow;
import java.util.ArrayList;
import java.util.List;

/**
 * How a partition is, for people.
 *
 * @param state what it comes to
 * @param row what its table says of it
 * @param waitsFor the lower layers that are missing, with commas between; empty where none is
 * @param since when the trouble began, epoch milliseconds; {@link #NONE} while there is none
 */
public record PartitionReport(State state, PartitionRow row, String waitsFor, long since) {
  /** No instant. */
  public static final long NONE = -1;

  /** What a partition comes to. */
  public enum State {
    /** It is missing or no good, and a backfill is wanted. */
    MISSING,
    /** The same, and a lower layer of its day is missing. */
    WAITING,
    /** The same, and its table allows no further backfill. */
    RETRIES_USED_UP,
    /** Neither missing nor available, such as one that is being written. */
    UNSETTLED,
    /** It is there, and nothing is known against it. */
    AVAILABLE,
    /** Nobody wants it backfilled. */
    NOT_REQUIRED
  }

  /** The partitions of a day, by layer. Rows that wait for the watermark are left out. */
  public static List<PartitionReport> of(PartitionState state) {
    List<PartitionReport> reports = new ArrayList<>();
    for (Layer layer : state.layers.values()) {
      if (layer.last != null) {
        reports.add(
            new PartitionReport(
                stateOf(layer),
                layer.last.row(),
                layer.waitsFor,
                layer.since == null ? NONE : layer.since.row().time()));
      }
    }
    return reports;
  }

  private static State stateOf(Layer layer) {
    if (layer.since != null) {
      return layer.shown.row().retriesUsedUp()
          ? State.RETRIES_USED_UP
          : layer.waitsFor.isEmpty() ? State.MISSING : State.WAITING;
    }
    PartitionRow row = layer.last.row();
    return switch (Standing.of(row)) {
      case WELL -> row.backfillRequired() ? State.AVAILABLE : State.NOT_REQUIRED;
      case UNSETTLED -> State.UNSETTLED;
      case TROUBLED -> State.MISSING;
    };
  }
}
