package io.mendline.serdes.telemetry;

/**
 * Told what a {@link TelemetryDecoder} finds in a message, in the order of the message.
 *
 * <p>An index is the position of the record in its envelope, 0 when it came bare. A record may give
 * several facts, such as a run and its tasks: they share its index. Reasons are one line, name the
 * field and the offending value, redacted and cut at 80 characters, and never quote more than that.
 */
public interface DecodedSink {
  /** A fact was read. */
  void record(int index, TelemetryRecord fact);

  /** A record is fine but of no concern, such as an audit record about something else. */
  void skipped(int index, String why);

  /** A record was parsed but makes no sense; it belongs in the dead letters. */
  void bad(int index, String reason);

  /**
   * The message, or the rest of it, could not be parsed. Called at most once and last; what came
   * before stands.
   */
  void unreadable(String reason);
}
