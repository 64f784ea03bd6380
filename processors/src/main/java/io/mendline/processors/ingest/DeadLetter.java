package io.mendline.processors.ingest;

import java.util.Arrays;
import java.util.List;

/**
 * A message, or some records of it, that could not be taken.
 *
 * @param message as received
 * @param stage where it was refused: {@code decode}, {@code time}, {@code size}, {@code route} or
 *     {@code policy}
 * @param error why, in one line without secrets
 * @param records which records of an envelope, counted from 0; empty means the whole message
 */
public record DeadLetter(RawMessage message, String stage, String error, List<Integer> records)
    implements IngestOutput {
  /**
   * Key and value together are cut to this many bytes and marked so: a broker refuses what exceeds
   * 1 MB, and a refused send would end the stream.
   */
  public static final int BYTES_LIMIT = 900 * 1024;

  /** Longer keys are cut to this many bytes. */
  static final int KEY_LIMIT = 64 * 1024;

  /** At most so many record numbers are listed. */
  static final int RECORDS_LISTED = 1_000;

  /** The key as received, cut where it is too long; null where there is none. */
  public byte[] key() {
    return cut(message.key(), KEY_LIMIT);
  }

  /** The value as received, cut where it is too long; null where there is none. */
  public byte[] value() {
    return cut(message.value(), BYTES_LIMIT - length(key()));
  }

  /** Whether key or value had to be cut. */
  public boolean cut() {
    return length(key()) < length(message.key()) || length(value()) < length(message.value());
  }

  private static byte[] cut(byte[] bytes, int most) {
    return bytes == null || bytes.length <= most ? bytes : Arrays.copyOf(bytes, most);
  }

  private static int length(byte[] bytes) {
    return bytes == null ? 0 : bytes.length;
  }
}
