package io.mendline.cli.sample;

import static java.util.Objects.requireNonNull;

import io.mendline.processors.pipeline.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;

/**
 * How much telemetry to make, and how much of it is trouble. Shares are from 0 to 1.
 *
 * @param seed what chance begins with; equal settings make equal messages on every machine
 * @param from event time of the beginning
 * @param duration event time until the end; nothing happens at or after it
 * @param workspaces how many Sentinel and how many Databricks workspaces; rules and jobs are dealt
 *     out to them in turn
 * @param rules scheduled Sentinel rules, each with a window an hour
 * @param jobs Databricks jobs, each with a run every half hour
 * @param services services with three caches each (two that can regress, one whose calls are too
 *     small to be cached), told every ten minutes
 * @param changesPerDay innocent changes of each service, at least 1
 * @param skippedShare windows that no run covers at first: consolidated records and six attempts
 * @param retriedShare windows with five failures before a success, and runs with a task that is
 *     retried to success: nothing is to be found
 * @param failedShare runs that fail
 * @param mendedShare skipped windows and failed runs that are made good within half an hour
 * @param regressedShare services with a cache whose share falls, where the duration leaves room
 * @param auditShare runs that the audit log tells of too
 * @param packedShare Sentinel rows and audit records that travel in envelopes
 * @param envelopeSize the most records in an envelope; fewer where they come too far apart
 * @param duplicateShare messages that are delivered twice
 * @param lateness per source how far messages may be behind; empty leaves them in order
 */
public record GeneratorSettings(
    long seed,
    Instant from,
    Duration duration,
    int workspaces,
    int rules,
    int jobs,
    int services,
    int changesPerDay,
    double skippedShare,
    double retriedShare,
    double failedShare,
    double mendedShare,
    double regressedShare,
    double auditShare,
    double packedShare,
    int envelopeSize,
    double duplicateShare,
    Map<Source, Duration> lateness) {

  private static final int FACTS_PER_RULE = 25;
  private static final int FACTS_PER_JOB = 180;
  private static final int FACTS_PER_SERVICE = 435;

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException naming the setting that is out of range
   */
  public GeneratorSettings {
    requireNonNull(from, "from");
    lateness = Map.copyOf(lateness);
    check("duration", !duration.isNegative() && !duration.isZero());
    check("workspaces", workspaces >= 1);
    check("rules", rules >= 0);
    check("jobs", jobs >= 0);
    check("services", services >= 0);
    check("changesPerDay", changesPerDay >= 1);
    check("skippedShare and retriedShare", isShare(skippedShare) && isShare(retriedShare));
    check("skippedShare + retriedShare", skippedShare + retriedShare <= 1);
    check("failedShare", isShare(failedShare) && failedShare + retriedShare <= 1);
    check("mendedShare", isShare(mendedShare));
    check("regressedShare", isShare(regressedShare));
    check("auditShare", isShare(auditShare));
    check("packedShare", isShare(packedShare));
    check("envelopeSize", envelopeSize >= 1);
    check("duplicateShare", isShare(duplicateShare));
  }

  private static boolean isShare(double value) {
    return value >= 0 && value <= 1;
  }

  private static void check(String name, boolean holds) {
    if (!holds) {
      throw new IllegalArgumentException(name + " is out of range");
    }
  }

  /** The end, epoch milliseconds, exclusive. */
  long to() {
    return from.plus(duration).toEpochMilli();
  }

  /** A small day of 10 June 2026: 20 rules, 10 jobs, 3 services, in order, nothing twice. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * A day with about so many facts, a quarter from Sentinel, not quite half from runs, the rest
   * from caches. {@link Expected#totalFacts()} has the exact number.
   */
  public static Builder ofFacts(long seed, int facts) {
    return builder()
        .seed(seed)
        .workspaces(Math.max(1, facts / 10_000))
        .rules(Math.max(1, facts / 4 / FACTS_PER_RULE))
        .jobs(Math.max(1, (int) (facts * 0.45 / FACTS_PER_JOB)))
        .services(Math.max(1, (int) (facts * 0.30 / FACTS_PER_SERVICE)));
  }

  /** A builder that starts from these settings. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** Collects settings; not safe for use by several threads. */
  public static final class Builder {
    private long seed = 1;
    private Instant from = Instant.parse("2026-06-10T00:00:00Z");
    private Duration duration = Duration.ofDays(1);
    private int workspaces = 2;
    private int rules = 20;
    private int jobs = 10;
    private int services = 3;
    private int changesPerDay = 4;
    private double skippedShare = 0.03;
    private double retriedShare = 0.01;
    private double failedShare = 0.04;
    private double mendedShare = 0.4;
    private double regressedShare = 0.5;
    private double auditShare = 0.3;
    private double packedShare = 0.6;
    private int envelopeSize = 8;
    private double duplicateShare;
    private Map<Source, Duration> lateness = Map.of();

    private Builder() {}

    private Builder(GeneratorSettings settings) {
      seed = settings.seed;
      from = settings.from;
      duration = settings.duration;
      workspaces = settings.workspaces;
      rules = settings.rules;
      jobs = settings.jobs;
      services = settings.services;
      changesPerDay = settings.changesPerDay;
      skippedShare = settings.skippedShare;
      retriedShare = settings.retriedShare;
      failedShare = settings.failedShare;
      mendedShare = settings.mendedShare;
      regressedShare = settings.regressedShare;
      auditShare = settings.auditShare;
      packedShare = settings.packedShare;
      envelopeSize = settings.envelopeSize;
      duplicateShare = settings.duplicateShare;
      lateness = settings.lateness;
    }

    /** Sets {@link GeneratorSettings#seed()}. */
    public Builder seed(long value) {
      seed = value;
      return this;
    }

    /** Sets {@link GeneratorSettings#from()}. */
    public Builder from(Instant value) {
      from = value;
      return this;
    }

    /** Sets {@link GeneratorSettings#duration()}. */
    public Builder duration(Duration value) {
      duration = value;
      return this;
    }

    /** Sets {@link GeneratorSettings#workspaces()}. */
    public Builder workspaces(int value) {
      workspaces = value;
      return this;
    }

    /** Sets {@link GeneratorSettings#rules()}. */
    public Builder rules(int value) {
      rules = value;
      return this;
    }

    /** Sets {@link GeneratorSettings#jobs()}. */
    public Builder jobs(int value) {
      jobs = value;
      return this;
    }

    /** Sets {@link GeneratorSettings#services()}. */
    public Builder services(int value) {
      services = value;
      return this;
    }

    /** Sets {@link GeneratorSettings#changesPerDay()}. */
    public Builder changesPerDay(int value) {
      changesPerDay = value;
      return this;
    }

    /** Sets {@link GeneratorSettings#skippedShare()}. */
    public Builder skippedShare(double value) {
      skippedShare = value;
      return this;
    }

    /** Sets {@link GeneratorSettings#retriedShare()}. */
    public Builder retriedShare(double value) {
      retriedShare = value;
      return this;
    }

    /** Sets {@link GeneratorSettings#failedShare()}. */
    public Builder failedShare(double value) {
      failedShare = value;
      return this;
    }

    /** Sets {@link GeneratorSettings#mendedShare()}. */
    public Builder mendedShare(double value) {
      mendedShare = value;
      return this;
    }

    /** Sets {@link GeneratorSettings#regressedShare()}. */
    public Builder regressedShare(double value) {
      regressedShare = value;
      return this;
    }

    /** Sets {@link GeneratorSettings#auditShare()}. */
    public Builder auditShare(double value) {
      auditShare = value;
      return this;
    }

    /** Sets {@link GeneratorSettings#packedShare()}. */
    public Builder packedShare(double value) {
      packedShare = value;
      return this;
    }

    /** Sets {@link GeneratorSettings#envelopeSize()}. */
    public Builder envelopeSize(int value) {
      envelopeSize = value;
      return this;
    }

    /** Sets {@link GeneratorSettings#duplicateShare()}. */
    public Builder duplicateShare(double value) {
      duplicateShare = value;
      return this;
    }

    /** Sets {@link GeneratorSettings#lateness()}. */
    public Builder lateness(Map<Source, Duration> value) {
      lateness = value;
      return this;
    }

    /** Shuffles every source as far as its default lateness allows. */
    public Builder shuffled() {
      Map<Source, Duration> defaults = new EnumMap<>(Source.class);
      for (Source source : Source.values()) {
        defaults.put(source, source.defaultLateness());
      }
      return lateness(defaults);
    }

    /**
     * The settings.
     *
     * @throws IllegalArgumentException naming the setting that is out of range
     */
    public GeneratorSettings build() {
      return new GeneratorSettings(
          seed,
          from,
          duration,
          workspaces,
          rules,
          jobs,
          services,
          changesPerDay,
          skippedShare,
          retriedShare,
          failedShare,
          mendedShare,
          regressedShare,
          auditShare,
          packedShare,
          envelopeSize,
          duplicateShare,
          lateness);
    }
  }
}
