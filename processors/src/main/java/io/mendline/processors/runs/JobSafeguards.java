package io.mendline.processors.runs;

import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.Step;
import io.mendline.processors.policy.JobCheck;
import io.mendline.serdes.telemetry.JobSettings;
import io.mendline.serdes.telemetry.JobSettings.Scope;
import io.mendline.serdes.telemetry.RunState;
import io.mendline.serdes.telemetry.Safeguards;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The state of one job's built-in checks: what it is set to, which do not pass, what waits. */
public final class JobSafeguards {
  /** Not known. */
  static final long NONE = Long.MIN_VALUE;

  /** Not judged yet, in order. */
  final List<News> waiting = new ArrayList<>();

  /** The checks that do not pass. */
  final Map<JobCheck, Standing> standing = new EnumMap<>(JobCheck.class);

  /** What the job is set to. */
  Safeguards known = Safeguards.UNTOLD;

  /** The job's name; nullable. */
  String name;

  /** {@code deployment.kind} of the job; nullable. */
  String deployment;

  /** Event time of the last settings that were judged. */
  long settingsAt = NONE;

  /** Event time of the last news that was judged. */
  long newest = NONE;

  /** How much was judged before the watermark had passed it, or dropped. */
  int early;

  /** What was told of a job. */
  sealed interface News {
    /** In the order of time; at one instant settings first. */
    Comparator<News> ORDER =
        Comparator.comparingLong(News::time)
            .thenComparingInt(news -> news instanceof Settings told ? told.scope.code() : 0x10)
            .thenComparingLong(News::contentId);

    /** Event time. */
    long time();

    /** Identity of what told it. */
    long contentId();
  }

  /** Settings of the job. The name and the kind of deployment are nullable. */
  record Settings(
      long time,
      long contentId,
      Scope scope,
      Safeguards safeguards,
      String name,
      String deployment,
      Coordinates at)
      implements News {
    static Settings of(JobSettings told, long contentId, Coordinates at) {
      return new Settings(
          told.time(),
          contentId,
          told.scope(),
          told.safeguards(),
          told.name(),
          told.deployment(),
          at);
    }
  }

  /** A run of the job has failed for a passing cause. */
  record Failure(long time, long contentId, String runId, Cause cause, Coordinates at)
      implements News {
    static Failure of(RunState told, long contentId, Cause cause, Coordinates at) {
      return new Failure(told.time(), contentId, told.runId(), cause, at);
    }
  }

  /**
   * A check that does not pass.
   *
   * @param since event time of the settings that said so first
   * @param at where those were read
   * @param revision of its finding
   * @param failure the first run since then that failed for a passing cause, where that matters;
   *     nullable
   */
  record Standing(long since, Coordinates at, int revision, Failure failure) {
    Standing revised(Failure because) {
      return new Standing(since, at, revision + 1, because);
    }
  }

  /** Takes what is to be judged, once. */
  void add(News news) {
    int at = Collections.binarySearch(waiting, news, News.ORDER);
    if (at < 0) {
      waiting.add(-at - 1, news);
    }
  }

  /**
   * Makes room: of two failures with no settings between them the later one decides nothing that
   * the earlier does not.
   *
   * @return whether there was one to drop
   */
  boolean dropFailure() {
    for (int i = waiting.size() - 1; i > 0; i--) {
      if (waiting.get(i) instanceof Failure && waiting.get(i - 1) instanceof Failure) {
        waiting.remove(i);
        return true;
      }
    }
    return false;
  }

  /** Forgets all that was judged. */
  void reset() {
    standing.clear();
    known = Safeguards.UNTOLD;
    name = null;
    deployment = null;
    settingsAt = NONE;
    newest = NONE;
  }

  /** When it is forgotten, if nothing more is told. */
  long forgottenAt() {
    return newest == NONE ? Step.NEVER : newest + JobSafeguardsDetector.MEMORY.toMillis();
  }

  long wakeAt() {
    return waiting.isEmpty() ? forgottenAt() : Math.min(forgottenAt(), waiting.get(0).time());
  }

  /** Whether there is nothing to be known by. */
  boolean isEmpty() {
    return waiting.isEmpty() && settingsAt == NONE;
  }
}
