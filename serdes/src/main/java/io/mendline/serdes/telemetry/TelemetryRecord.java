package io.mendline.serdes.telemetry;

/**
 * One fact from telemetry, normalized: what a source said about one resource at one instant.
 *
 * <p>Conventions for every record: instants are milliseconds since 1970-01-01T00:00:00Z, durations
 * are milliseconds, an absent instant, duration or number is {@link #ABSENT}, an absent text is
 * null and never empty, lists are unmodifiable and never null. Free text has been redacted ({@link
 * io.mendline.serdes.text.Redactor}) and cut to a bounded length by the decoder. Records hold no
 * evidence coordinates: where a fact was read is known to whoever read it.
 */
public sealed interface TelemetryRecord
    permits SentinelHealth,
        RuleChange,
        RunState,
        JobSettings,
        Heartbeat,
        TokenUsage,
        Change,
        CheckResult,
        PartitionRow,
        MetricSample {
  /** Stands for an instant, duration or number that the source did not give. */
  long ABSENT = -1;

  /**
   * Event time: when the fact became true, not when it was reported or read. Absent only of a job
   * notification, until who received it says when that was: {@link RunState#timedOnArrival()}.
   */
  long time();

  /**
   * Identity of the fact for the recognition of duplicates: equal for two deliveries of the same
   * fact, on every machine and in every run. Where the source numbers its facts, the hash is over
   * that number, so that a second delivery is recognized even if its wording was redacted
   * otherwise; else it is over the canonical binary form ({@link TelemetryCodec}). Computed at each
   * call (xxHash64, well under a microsecond for a usual record): keep it rather than ask twice.
   */
  long contentId();
}
