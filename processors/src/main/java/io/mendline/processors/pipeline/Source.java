package io.mendline.processors.pipeline;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Where messages come from: one public input topic each.
 *
 * <p>The code is written into signals and stored state; it never changes and is never reused.
 */
public enum Source {
  /** Health records of Microsoft Sentinel. Arrives late by hours as a matter of course. */
  SENTINEL(1, "telemetry.sentinel", Duration.ofHours(2)),
  /** Databricks run states. */
  RUNS(2, "telemetry.runs", Duration.ofSeconds(60)),
  /** Token usage of calls to language models. */
  CACHE(3, "telemetry.cache", Duration.ofMinutes(5)),
  /** Deployments, pull requests and settings that may be to blame. */
  CHANGES(4, "changes", Duration.ofMinutes(5)),
  /** What the executor did about a command. */
  OUTCOMES(5, "remediation.outcomes", Duration.ofSeconds(60)),
  /** A person's answer to a command that waits for approval. */
  APPROVALS(6, "remediation.approvals", Duration.ofSeconds(60)),
  /** What a person does to an incident. */
  OPERATIONS(7, "remediation.operations", Duration.ofSeconds(60)),
  /** Policy documents. */
  POLICIES(8, "policies", Duration.ZERO),
  /** What checks found. */
  CHECKS(9, "telemetry.checks", Duration.ofMinutes(5)),
  /** Rows of a control table of dataset partitions. */
  PARTITIONS(10, "telemetry.partitions", Duration.ofMinutes(5)),
  /** Samples of metrics. */
  METRICS(11, "telemetry.metrics", Duration.ofMinutes(2));

  /** How far the {@link #silenceBit} lies above the other one. */
  static final int SILENCES = 16;

  private static final Source[] BY_CODE = new Source[16];

  static {
    for (Source source : values()) {
      BY_CODE[source.code] = source;
    }
  }

  private final int code;
  private final String defaultTopic;
  private final Duration defaultLateness;

  Source(int code, String defaultTopic, Duration defaultLateness) {
    this.code = code;
    this.defaultTopic = defaultTopic;
    this.defaultLateness = defaultLateness;
  }

  /** The stable number that stands for this source in binary form, 1 to 15. */
  public int code() {
    return code;
  }

  /** The topic's name when no setting says otherwise. */
  public String defaultTopic() {
    return defaultTopic;
  }

  /** How far behind the newest event an event of this source may arrive and still be in time. */
  public Duration defaultLateness() {
    return defaultLateness;
  }

  /** The bit that stands for this source in a set of sources, see {@link Progress#of(int)}. */
  public int bit() {
    return 1 << code;
  }

  /**
   * The bit that stands, in a set of sources, for the silences of this source instead of its
   * watermark: what is to be said of a time in which nothing came need not wait for what comes
   * late. See {@link Progress#of(int)}.
   */
  public int silenceBit() {
    return 1 << (code + SILENCES);
  }

  /** The name of this source in files and settings: its lower-case name, as {@code sentinel}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The set of the given sources as bits. */
  public static int bits(Source... sources) {
    int bits = 0;
    for (Source source : sources) {
      bits |= source.bit();
    }
    return bits;
  }

  /**
   * The source with this code.
   *
   * @throws IllegalArgumentException when there is none
   */
  public static Source ofCode(int code) {
    Source source = code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
    if (source == null) {
      throw new IllegalArgumentException("no source has the code " + code);
    }
    return source;
  }

  /** The source with this {@link #label()}. */
  public static Optional<Source> ofLabel(String label) {
    return Arrays.stream(values()).filter(source -> source.label().equals(label)).findFirst();
  }
}
