package io.mendline.processors.partitions;

import io.mendline.serdes.telemetry.PartitionRow;
import io.mendline.serdes.telemetry.PartitionRow.Quality;
import io.mendline.serdes.telemetry.PartitionRow.Status;

/** What a row of a control table means, from the best to the worst. */
enum Standing {
  /** It is there and nothing is wrong with it, or nobody wants it backfilled. */
  WELL,
  /** Neither: it is being written, or its quality is not known yet. */
  UNSETTLED,
  /** A backfill is wanted. */
  TROUBLED;

  /** What a row means. Quality that the table does not tell of is no objection. */
  static Standing of(PartitionRow row) {
    if (!row.backfillRequired()) {
      return WELL;
    }
    if (row.status() == Status.MISSING
        || row.status() == Status.FAILED
        || row.quality() == Quality.FAILED) {
      return TROUBLED;
    }
    boolean good = row.quality() == Quality.PASSED || row.quality() == Quality.ABSENT;
    return row.status() == Status.AVAILABLE && good ? WELL : UNSETTLED;
  }
}
