package io.mendline.processors.ingest;

import java.util.List;

/**
 * A message, or some records of it, that could not be taken.
 *
 * @param message as received
 * @param stage where it was refused: {@code decode}, {@code time}, {@code route} or {@code policy}
 * @param error why, in one line without secrets
 * @param records which records of an envelope, counted from 0; empty means the whole message
 */
public record DeadLetter(RawMessage message, String stage, String error, List<Integer> records)
    implements IngestOutput {
  /** Larger values are cut to this many bytes and marked so: a broker refuses what exceeds 1 MB. */
  public static final int VALUE_LIMIT = 900 * 1024;

  /** At most so many record numbers are listed. */
  static final int RECORDS_LISTED = 1_000;

  /** Whether the value has to be cut. */
  public boolean cut() {
    return message.value() != null && message.value().length > VALUE_LIMIT;
  }
}
