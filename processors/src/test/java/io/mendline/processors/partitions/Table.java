package io.mendline.processors.partitions;

import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.Payload;
import io.mendline.processors.pipeline.Routes;
import io.mendline.processors.pipeline.Signal;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.pipeline.Subject;
import io.mendline.schemas.ResourceType;
import io.mendline.serdes.telemetry.PartitionRow;
import io.mendline.serdes.telemetry.PartitionRow.Quality;
import io.mendline.serdes.telemetry.PartitionRow.Status;
import java.time.Instant;

/** Rows of a control table, as the detector hears of them. */
public final class Table {
  /** The dataset of every row. */
  public static final String DATASET = "sales";

  private static final Instant MIDNIGHT = Instant.parse("2026-07-01T00:00:00Z");

  private Table() {}

  /**
   * A row in short.
   *
   * @param minute after the midnight with which July begins
   * @param text {@code layer date status/quality retries/most}; a quality of {@code -} is none, a
   *     status that begins with {@code !} wants no backfill, and most may be {@code -}
   */
  public static Signal row(long minute, String text) {
    String[] words = text.strip().split(" +", -1);
    String[] states = words[2].split("/", -1);
    String[] retries = words.length > 3 ? words[3].split("/", -1) : new String[] {"0", "3"};
    String reason = words.length > 4 ? words[4] : null;
    boolean required = !states[0].startsWith("!");
    String status = required ? states[0] : states[0].substring(1);
    return signal(
        new PartitionRow(
            at(minute).toEpochMilli(),
            DATASET,
            words[0],
            words[1],
            required,
            status(status),
            status,
            quality(states[1]),
            states[1].equals("-") ? null : states[1],
            Long.parseLong(retries[0]),
            retries[1].equals("-") ? -1 : Long.parseLong(retries[1]),
            reason));
  }

  /** An instant by its minute. */
  public static Instant at(long minute) {
    return MIDNIGHT.plusSeconds(60 * minute);
  }

  /** A row as the engine hears it. */
  public static Signal signal(PartitionRow row) {
    return new Signal(
        Source.PARTITIONS,
        Routes.dataset(row.dataset()),
        new Subject(ResourceType.DATASET_PARTITION, row.resourceId(), null, null, null),
        row.time(),
        row.contentId(),
        new Coordinates("telemetry.partitions", 0, row.time() / 60_000),
        new Payload.Observed(row));
  }

  private static Status status(String text) {
    return switch (text) {
      case "Available" -> Status.AVAILABLE;
      case "Missing" -> Status.MISSING;
      case "Failed" -> Status.FAILED;
      default -> Status.OTHER;
    };
  }

  private static Quality quality(String text) {
    return switch (text) {
      case "-" -> Quality.ABSENT;
      case "Passed" -> Quality.PASSED;
      case "Failed" -> Quality.FAILED;
      default -> Quality.OTHER;
    };
  }
}
