package io.mendline.serdes.telemetry;

import static java.util.Objects.requireNonNull;

import io.mendline.serdes.binary.WireEnum;
import java.util.Locale;

/**
 * What a control table says of one partition of a dataset in one layer at one instant. See {@link
 * TelemetryRecord} for how absence is written.
 *
 * @param time when the row became what it is
 * @param dataset the dataset, as told
 * @param layer the layer, as told, such as {@code Bronze}
 * @param date the day that the partition holds, as {@code 2026-06-01}
 * @param backfillRequired whether the partition is to be backfilled where it is not well; a row
 *     that does not say so says yes
 * @param status what is known of the partition
 * @param statusText the status in the table's words; null where the row names none
 * @param quality whether what is in the partition was found good
 * @param qualityText the same in the table's words; null where the row names none
 * @param retryCount how many backfills the table has counted; 0 where it does not say
 * @param maxRetryCount how many may be tried; {@link #ABSENT} where there is no bound
 * @param reason why it is as it is, in words; nullable
 */
public record PartitionRow(
    long time,
    String dataset,
    String layer,
    String date,
    boolean backfillRequired,
    Status status,
    String statusText,
    Quality quality,
    String qualityText,
    long retryCount,
    long maxRetryCount,
    String reason)
    implements TelemetryRecord {

  /** Checks what may not be null. */
  public PartitionRow {
    requireNonNull(dataset, "dataset");
    requireNonNull(layer, "layer");
    requireNonNull(date, "date");
    requireNonNull(status, "status");
    requireNonNull(quality, "quality");
  }

  /** The partition: {@code <dataset>/<layer>/<date>}, the layer in lower case. */
  public String resourceId() {
    return dataset + "/" + layer.toLowerCase(Locale.ROOT) + "/" + date;
  }

  /** Whether as many backfills were counted as may be tried. */
  public boolean retriesUsedUp() {
    return maxRetryCount != ABSENT && retryCount >= maxRetryCount;
  }

  @Override
  public long contentId() {
    return ContentIds.of(this);
  }

  /** What is known of a partition. */
  public enum Status implements WireEnum {
    /** Another word, such as {@code Running}, or none. */
    OTHER(0),
    /** It is there. */
    AVAILABLE(1),
    /** It is not there. */
    MISSING(2),
    /** What was to write it has failed. */
    FAILED(3);

    private final int code;

    Status(int code) {
      this.code = code;
    }

    @Override
    public int code() {
      return code;
    }
  }

  /** Whether what is in a partition was found good. */
  public enum Quality implements WireEnum {
    /** Another word, such as {@code Pending}. */
    OTHER(0),
    /** It was. */
    PASSED(1),
    /** It was not. */
    FAILED(2),
    /** The row says nothing of it. */
    ABSENT(3);

    private final int code;

    Quality(int code) {
      this.code = code;
    }

    @Override
    public int code() {
      return code;
    }
  }
}
