package io.mendline.cli.proof;

import io.mendline.cli.sample.GeneratorSettings;
import io.mendline.cli.sample.SampleMessage;
import io.mendline.cli.sample.TelemetryGenerator;
import io.mendline.processors.cause.CauseCatalogue;
import io.mendline.processors.engine.LocalRuntime;
import io.mendline.processors.ingest.Decoded;
import io.mendline.processors.ingest.RawMessage;
import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.policy.Policies;
import io.mendline.processors.policy.PolicyBook;
import io.mendline.processors.regression.SeriesReport;
import io.mendline.processors.runs.JobReport;
import io.mendline.processors.sentinel.WorkspaceCoverage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Messages run through the pipeline in this process, as replay runs them. */
final class InProcess {
  /** Everything may be done at once: what is left to compare is what was found. */
  static final byte[] POLICY =
      """
      {"id": "proof", "mode": "auto", "actions": {"REPAIR_RUN": {"capPerHour": 100000}, "REPLAY_WINDOW": {"capPerHour": 100000}}, "capacity": {"hotNode": {"minimumBins": 20}}, "partitions": {"backfills": [{"dataset": "*", "pipeline": "pl_backfill"}]}}
      """
          .strip()
          .getBytes(StandardCharsets.UTF_8);

  /** When {@link #twoDays} begin. */
  static final Instant FROM = Instant.parse("2026-05-04T00:00:00Z");

  /** What {@link #twoDays} end with. */
  static final SampleMessage END = endAt(FROM.plus(Duration.ofDays(24)));

  /** Whose metrics {@link #withMetrics} has. */
  static final List<String> SCOPES = List.of("checkout", "/subscriptions/42/pools/a");

  private InProcess() {}

  /** Two days of generated telemetry, in order, that hold something of everything. */
  static List<SampleMessage> twoDays() {
    return new TelemetryGenerator(
            GeneratorSettings.builder()
                .seed(11)
                .from(FROM)
                .duration(Duration.ofDays(2))
                .rules(20)
                .jobs(30)
                .services(3)
                .build())
        .messages();
  }

  /**
   * These messages and, among them, rows of a control table: of the layers of a day, and of some
   * that are missing.
   */
  static List<SampleMessage> withPartitions(List<SampleMessage> messages) {
    List<SampleMessage> all = new ArrayList<>(messages);
    all.add(row(6, "Bronze", "Missing", 0));
    all.add(row(6, "Silver", "Missing", 0));
    all.add(row(6, "Gold", "Missing", 3));
    all.add(row(9, "Bronze", "Available", 1));
    all.add(row(30, "Bronze", "Available", 1));
    all.sort(Comparator.comparingLong(SampleMessage::eventTime));
    return all;
  }

  /**
   * These messages and, among them, a metric of each of two scopes over 22 hours: so few bins are
   * told apart while a backlog is read. That of the first scope gets worse for good at the 36th.
   */
  static List<SampleMessage> withMetrics(List<SampleMessage> messages) {
    List<SampleMessage> all = new ArrayList<>(messages);
    for (int minute = 24 * 60; minute < 46 * 60; minute += 10) {
      double wobble = minute % 70 / 10.0;
      all.add(sample(minute, SCOPES.get(0), (minute < 36 * 60 ? 200 : 320) + wobble));
      all.add(sample(minute, SCOPES.get(1), 90 + wobble));
    }
    all.sort(Comparator.comparingLong(SampleMessage::eventTime));
    return all;
  }

  private static SampleMessage sample(int minute, String scope, double value) {
    Instant at = FROM.plus(Duration.ofMinutes(minute));
    String sample =
        String.format(
            Locale.ROOT,
            "{\"time\":\"%s\",\"scope\":\"%s\",\"metric\":\"p95_latency_ms\",\"value\":%.1f}",
            at,
            scope,
            value);
    return new SampleMessage(
        Source.METRICS, null, at.toEpochMilli(), sample.getBytes(StandardCharsets.UTF_8));
  }

  private static SampleMessage row(int hour, String layer, String status, int retries) {
    Instant at = FROM.plus(Duration.ofHours(hour));
    String row =
        """
        {"LastUpdated":"%s","DatasetName":"sales","Layer":"%s","PartitionDate":"2026-05-03",\
        "Status":"%s","RetryCount":%d,"MaxRetryCount":3}"""
            .formatted(at, layer, status, retries);
    return new SampleMessage(
        Source.PARTITIONS, null, at.toEpochMilli(), row.getBytes(StandardCharsets.UTF_8));
  }

  /** What comes of the messages, in their order. */
  static CanonicalResult run(List<SampleMessage> messages) {
    CanonicalResult result = new CanonicalResult();
    LocalRuntime unused = run(messages, result);
    return result;
  }

  /** What the rules of each workspace have looked at after the messages. */
  static List<WorkspaceCoverage> coverage(List<SampleMessage> messages) {
    return run(messages, new CanonicalResult()).coverage();
  }

  /** How the jobs of these messages are. */
  static List<JobReport> jobs(List<SampleMessage> messages) {
    return run(messages, new CanonicalResult()).jobs();
  }

  /** The caches and metrics of these messages. */
  static List<SeriesReport> series(List<SampleMessage> messages) {
    return run(messages, new CanonicalResult()).series();
  }

  private static LocalRuntime run(List<SampleMessage> messages, CanonicalResult result) {
    PolicyBook policies = new PolicyBook();
    policies.put(Policies.parse("proof", POLICY));
    LocalRuntime runtime =
        new LocalRuntime(
            source -> source.defaultLateness().toMillis(),
            policies,
            CauseCatalogue.bundled(),
            result::take,
            result::take);
    long offset = 0;
    for (SampleMessage message : messages) {
      runtime.accept(decoded(message, offset++));
    }
    return runtime;
  }

  /** How many signals the messages hold. */
  static long signals(List<SampleMessage> messages) {
    return messages.stream().mapToLong(message -> decoded(message, 0).signals().size()).sum();
  }

  /** Something harmless that happens much later, so that every clock passes the last deadline. */
  static SampleMessage endAt(Instant at) {
    String change =
        """
        {"id":"the-end","at":"%s","service":"elsewhere","kind":"setting","title":"The end"}"""
            .formatted(at);
    return new SampleMessage(
        Source.CHANGES, null, at.toEpochMilli(), change.getBytes(StandardCharsets.UTF_8));
  }

  private static Decoded decoded(SampleMessage message, long offset) {
    return Decoded.of(
        new RawMessage(
            message.source(),
            new Coordinates(message.source().label(), 0, offset),
            System.currentTimeMillis(),
            null,
            message.value()));
  }
}
