package io.mendline.serdes.telemetry;

/**
 * Turns a message of one source into records, in one streaming pass over its bytes.
 *
 * <p>What every decoder accepts: one object, an array of objects, either of them wrapped as {@code
 * {"records":[…]}}, or several of these one after the other; keys in any case and with or without
 * underscores; numbers as strings and strings as numbers; an object as JSON in a string; fields
 * that it does not know, however deep. A byte-order mark is passed over. When a key appears twice,
 * the last value that is not null counts.
 *
 * <p>What it refuses: text that is not UTF-8 and nesting deeper than 1,000 levels.
 *
 * <p>No input makes it throw. Each record of a message ends up as exactly one of accepted, skipped
 * or bad. If the message itself turns out malformed, what was told to the sink before stands, and
 * the rest, including the record that was being read, is reported as unreadable. Decoders keep
 * nothing between messages and may be used by several threads at once.
 */
public interface TelemetryDecoder {
  /**
   * Reads a message and tells the sink what is in it.
   *
   * @param message the value of a Kafka record as received; null and empty are unreadable
   */
  void decode(byte[] message, DecodedSink sink);
}
