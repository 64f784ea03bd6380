package io.mendline.serdes.telemetry;

import io.mendline.serdes.binary.BinaryWriter;

/** How the {@link TelemetryRecord#contentId()} of each kind of record is made. */
final class ContentIds {
  // Keeps the hashes of short ids apart from those of whole records of the same bytes.
  private static final int BY_SOURCE_ID = 0x80;

  private ContentIds() {}

  /**
   * By the row's number and the resource, both of which a repeated export and the two ways of
   * export have in common, while the workspace may be written as an id in one and as a name in the
   * other.
   */
  static long of(SentinelHealth row) {
    return row.recordId() == null ? ofContent(row) : ofId(1, row.recordId(), row.resourceId());
  }

  /**
   * By the record's number and the rule, for the same reasons. The two logs number the same change
   * each for themselves.
   */
  static long of(RuleChange change) {
    return change.recordId() == null
        ? ofContent(change)
        : ofId(5, change.recordId(), change.ruleId());
  }

  /**
   * By the whole state: a run has no number for each of its states. When it was received is no part
   * of what it says.
   */
  static long of(RunState state) {
    return ofContent(
        state.timedOnArrival() ? state.toBuilder().time(TelemetryRecord.ABSENT).build() : state);
  }

  /** By all that is told: settings have no number. */
  static long of(JobSettings settings) {
    return ofContent(settings);
  }

  /** By workspace and time, which is all that it tells. */
  static long of(Heartbeat heartbeat) {
    return ofContent(heartbeat);
  }

  /** By the producer's id of the call within the service, since some producers only count. */
  static long of(TokenUsage usage) {
    return usage.callId() == null ? ofContent(usage) : ofId(3, usage.callId(), usage.service());
  }

  /** By the whole change: an edited title under the same id is news. */
  static long of(Change change) {
    return ofContent(change);
  }

  /** By the whole sample: who measures the same at one instant twice has measured it once. */
  static long of(MetricSample sample) {
    return ofContent(sample);
  }

  /** By the whole result: a check that is made again is another fact. */
  static long of(CheckResult result) {
    return ofContent(result);
  }

  /** By the whole row: the table is written over, and what it said before is another fact. */
  static long of(PartitionRow row) {
    return ofContent(row);
  }

  private static long ofId(int kind, String id, String scope) {
    return new BinaryWriter(128)
        .writeByte(BY_SOURCE_ID | kind)
        .writeString(id)
        .writeString(scope)
        .hashFrom(0);
  }

  private static long ofContent(TelemetryRecord fact) {
    BinaryWriter writer = new BinaryWriter(512);
    TelemetryCodec.encode(fact, writer);
    return writer.hashFrom(0);
  }
}
