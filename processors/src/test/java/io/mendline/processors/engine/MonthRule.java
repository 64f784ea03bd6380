package io.mendline.processors.engine;

import io.mendline.processors.pipeline.Routes;
import io.mendline.processors.pipeline.Subject;
import io.mendline.schemas.ResourceType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One rule of a {@link RuleMonth}: what it is, how it runs, and what was planned for it. */
final class MonthRule {
  /** How often rules run, and how many of a thousand do. */
  enum Cadence {
    NRT(Duration.ofMinutes(1), 1, 4),
    MINUTE(Duration.ofMinutes(1), 1, 2),
    FIVE_MINUTES(Duration.ofMinutes(5), 12, 12),
    QUARTER(Duration.ofMinutes(15), 30, 16),
    HOUR(Duration.ofHours(1), 360, 0),
    SIX_HOURS(Duration.ofHours(6), 150, 0),
    DAY(Duration.ofDays(1), 400, 0),
    WEEK(Duration.ofDays(7), 30, 8),
    FORTNIGHT(Duration.ofDays(14), 16, 4);

    final long millis;
    final int ofThousand;
    final int least;

    Cadence(Duration frequency, int ofThousand, int least) {
      this.millis = frequency.toMillis();
      this.ofThousand = ofThousand;
      this.least = least;
    }
  }

  /** What becomes of a window. */
  enum Fate {
    /** A run succeeds. */
    RUN,
    /** Some attempts fail, then one succeeds: not given up. */
    RETRIED,
    /** Given up, told by one record. */
    GIVEN_UP,
    /** Given up, told by six attempts. */
    SIX_ATTEMPTS,
    /** Given up for a permanent cause, told by one record. */
    BROKEN,
    /** Given up for a permanent cause, told by six attempts. */
    BROKEN_SIX,
    /** Nothing is logged. */
    MISSING
  }

  /** How a stretch of runs ends. */
  enum End {
    /** With the month. */
    NONE,
    /** The audit tells that the rule was switched off or changed. */
    TOLD,
    /** Nothing tells of it. */
    UNTOLD
  }

  /**
   * A stretch of time over which a rule keeps its frequency.
   *
   * @param firstEnd end of its first window
   * @param until windows that end later are not run
   * @param end how it ends
   */
  record Stretch(long firstEnd, long until, long frequency, long period, End end) {}

  /** A fate that is not left to chance, of the windows that end between two instants. */
  record Planned(long from, long to, Fate fate) {}

  final int number;
  final String id;
  final String name;
  final int workspace;
  final String workspaceId;
  final String route;
  final Cadence cadence;
  final Subject subject;
  final List<Stretch> stretches = new ArrayList<>();
  final List<Planned> planned = new ArrayList<>();

  /**
   * Nothing is left to chance but when a record is logged within the usual time, and duplicates.
   */
  boolean calm;

  /** Where the generator has come. */
  int stretch;

  long nextEnd;

  /** How many windows in a row were logged, as the documentation of the detector counts them. */
  int inRow;

  /** Whether a window was not expected to be logged and was not, so that the row begins anew. */
  boolean rowBroken;

  /** End of the last window that was logged. */
  long lastLogged;

  MonthRule(int number, Cadence cadence, int workspace, String workspaceId) {
    this.number = number;
    this.cadence = cadence;
    this.workspace = workspace;
    this.workspaceId = workspaceId;
    this.id = "rule-" + Integer.toString(number, 36);
    this.name = "Rule " + number;
    this.route = Routes.sentinel(workspaceId);
    this.subject = new Subject(ResourceType.SENTINEL_RULE, id, name, workspaceId, null);
  }

  boolean nrt() {
    return cadence == Cadence.NRT;
  }

  void begin() {
    stretch = 0;
    nextEnd = stretches.get(0).firstEnd();
  }
}
