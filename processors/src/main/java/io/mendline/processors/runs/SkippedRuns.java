package io.mendline.processors.runs;

import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.Step;
import io.mendline.serdes.telemetry.RunState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The runs of one job that the platform did not start, and the last ones that it did. */
final class SkippedRuns {
  /** At most so many tellings of one skipped run count. */
  static final int MAX_TELLINGS = 8;

  /**
   * One source's word that a run was skipped.
   *
   * @param limit the limit that caused it; nullable, as all that follow but the last
   * @param cause why, where the catalogue knows it
   * @param scheduled whether a schedule had asked for it
   */
  record Telling(
      long time,
      long contentId,
      String limit,
      Cause cause,
      String message,
      String jobName,
      String environment,
      String runPageUrl,
      boolean scheduled,
      Coordinates at) {
    /** What names the limit says most, then what is older. */
    static final Comparator<Telling> BEST_FIRST =
        Comparator.comparing((Telling told) -> told.limit() == null)
            .thenComparing(told -> told.cause() == null)
            .thenComparing(told -> told.message() == null)
            .thenComparingLong(Telling::time)
            .thenComparingLong(Telling::contentId);
  }

  /** A run that was skipped. */
  static final class Skipped {
    final String runId;

    /** By event time. */
    final List<Telling> tellings = new ArrayList<>();

    /** Whether the watermark has passed it. */
    boolean settled;

    /** Whether it is one of several in a row. */
    boolean inRow;

    /** The end of the later run that went well; 0 while there is none. */
    long clearedAt;

    Skipped(String runId) {
      this.runId = runId;
    }

    /** When it was skipped, by the earliest telling. */
    long at() {
      return tellings.get(0).time();
    }

    /** Whether a schedule had asked for it, by what was told up to an instant. */
    boolean scheduledBy(long instant) {
      return tellings.stream().filter(told -> told.time() <= instant).allMatch(Telling::scheduled);
    }
  }

  /** A run that was started. */
  static final class Started {
    final String runId;

    /** When it was heard of first. */
    long told = Step.NEVER;

    /**
     * By which telling; what it says of the start counts, so that no later one changes the past.
     */
    long contentId;

    /** When it began, by that telling, or absent. */
    long start = RunState.ABSENT;

    /** When it ended well first; NEVER while it did not. */
    long succeeded = Step.NEVER;

    /** Where that was read. */
    Coordinates at;

    boolean scheduled = true;

    Started(String runId) {
      this.runId = runId;
    }

    long begun() {
      return start < 0 ? told : start;
    }
  }

  /** By the time they were skipped. */
  final List<Skipped> skipped = new ArrayList<>();

  /** By the time they began. */
  final List<Started> started = new ArrayList<>();

  /** How many skipped runs were dropped for want of room. */
  int dropped;

  Skipped skipped(String runId) {
    return skipped.stream().filter(run -> run.runId.equals(runId)).findFirst().orElse(null);
  }

  /** Whether a run was told of as skipped by an instant. */
  boolean isSkippedBy(String runId, long instant) {
    Skipped run = skipped(runId);
    return run != null && run.at() <= instant;
  }

  Started started(String runId) {
    return started.stream().filter(run -> run.runId.equals(runId)).findFirst().orElse(null);
  }

  void sort() {
    skipped.sort(Comparator.comparingLong(Skipped::at).thenComparing(run -> run.runId));
    started.sort(Comparator.comparingLong(Started::begun).thenComparing(run -> run.runId));
  }
}
