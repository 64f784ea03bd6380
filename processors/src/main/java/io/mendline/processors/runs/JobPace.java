package io.mendline.processors.runs;

import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.Step;
import io.mendline.serdes.binary.WireEnum;
import io.mendline.serdes.telemetry.RunState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/** How the runs of one job go: those under way, how long the last ones took, what was told. */
final class JobPace {
  /** What a state says of a run as a whole. */
  enum Saying implements WireEnum {
    /** It waits for its turn, its cluster, or another run. */
    WAITS(1),
    /** It does something. */
    RUNS(2),
    /** Somebody wants it to end: it does not begin by that. */
    IS_TO_END(3),
    /** It ended well. */
    SUCCEEDED(4),
    /** It ended otherwise. */
    ENDED(5);

    private final int code;

    Saying(int code) {
      this.code = code;
    }

    @Override
    public int code() {
      return code;
    }

    boolean ends() {
      return this == SUCCEEDED || this == ENDED;
    }
  }

  /**
   * One telling, as it waits for the watermark.
   *
   * @param start when the run started, or {@link RunState#ABSENT}
   * @param end when it ended, or absent
   * @param endless whether runs of its trigger are not expected to end
   * @param repaired whether it was repaired
   * @param lateBy what of the workspace had been heard when it came late, epoch milliseconds: it
   *     raises nothing as of then; 0 of one that came in time
   * @param state the state in the source's own word; nullable
   * @param jobName nullable
   * @param runPageUrl nullable
   */
  record Telling(
      long time,
      long contentId,
      String runId,
      Saying saying,
      long start,
      long end,
      boolean endless,
      boolean repaired,
      long lateBy,
      String state,
      String jobName,
      String runPageUrl,
      Coordinates at) {

    /** At one instant what waits goes before what runs, and that before what ends. */
    static final Comparator<Telling> ORDER =
        Comparator.comparingLong(Telling::time)
            .thenComparing(Telling::saying)
            .thenComparingLong(Telling::contentId)
            .thenComparing(Telling::runId);
  }

  /** A run that is under way. */
  static final class Active {
    final String runId;

    /** When it began, or was first heard of, epoch milliseconds. */
    long since;

    /** When it was heard of last. */
    long heard;

    /** What a run took that was among the longest when this one was heard of first; -1: unknown. */
    final long longest;

    boolean waits;
    boolean endless;
    boolean repaired;
    long lateBy;
    String state;
    String jobName;
    String runPageUrl;
    Coordinates at;

    /** The deadline by which it was to end, by its present state; {@link Step#NEVER} for none. */
    long deadline = Step.NEVER;

    /** When it is looked at next; NEVER when no more. */
    long judgeAt = Step.NEVER;

    /** When it was found to be stuck; 0 while it is not. */
    long stuckAt;

    Active(String runId, long longest) {
      this.runId = runId;
      this.longest = longest;
    }
  }

  /**
   * A run that ended, so that what is told of it later begins it no second time.
   *
   * @param run a hash of its id
   * @param at when, epoch milliseconds
   * @param well whether it always ended well
   */
  record Ended(long run, long at, boolean well) {}

  final TreeSet<Telling> waiting = new TreeSet<>(Telling.ORDER);
  final List<Active> active = new ArrayList<>();
  final List<Ended> ended = new ArrayList<>();
  final JobHistory history = new JobHistory();

  /** Up to which event time everything has been judged. */
  long judged = RunState.ABSENT;

  /** When anything was told last. */
  long heard = RunState.ABSENT;

  /** Tells the episodes of slow runs apart: the id of the first slow run. */
  String slowRunId;

  /** When that run began. */
  long slowSince;

  String jobName;
  String runPageUrl;
  Coordinates at;

  /** How many tellings were judged before the watermark had passed them, for want of room. */
  int early;

  /** How many runs under way were dropped for want of room. */
  int dropped;

  Active active(String runId) {
    for (Active run : active) {
      if (run.runId.equals(runId)) {
        return run;
      }
    }
    return null;
  }

  Ended ended(String runId) {
    long run = RunIds.hash(runId);
    for (int i = ended.size() - 1; i >= 0; i--) {
      if (ended.get(i).run() == run) {
        return ended.get(i);
      }
    }
    return null;
  }
}
