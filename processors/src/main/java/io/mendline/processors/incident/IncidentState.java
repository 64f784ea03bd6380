package io.mendline.processors.incident;

import io.mendline.processors.pipeline.Step;
import io.mendline.processors.pipeline.Upstream;
import io.mendline.processors.remediation.Plan;
import io.mendline.processors.remediation.Trouble;
import io.mendline.schemas.Action;
import io.mendline.schemas.AlertKind;
import io.mendline.schemas.AlertTrigger;
import io.mendline.schemas.AttemptStatus;
import io.mendline.schemas.IncidentStatus;
import io.mendline.schemas.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * The state of one incident: what is folded, and what waits to be. Changed in place by {@link
 * IncidentTracker}.
 *
 * <p>Bounded: {@value #TIMELINE_LIMIT} timeline entries, {@value #ERRORS_LIMIT} errors, {@value
 * #FACTS_LIMIT} remembered facts.
 */
public final class IncidentState {
  static final int TIMELINE_LIMIT = 200;
  static final int ERRORS_LIMIT = 10;
  static final int FACTS_LIMIT = 500;

  final String id;
  final String route;
  final int sources;

  /** The finding as last told: what people see. */
  Trouble seen;

  /** The same, whole and in Avro, for those who ask for it. */
  byte[] finding;

  /** Whether the finding as last told is cleared. */
  boolean cleared;

  /** The finding as last settled: what is decided by; null until it has settled once. */
  Trouble settled;

  IncidentStatus status = IncidentStatus.OPEN;
  long openedAt;
  long changedAt;

  /** When its document was last told, by the clock; what lists are in the order of. */
  long updatedAt;

  long resolvedAt = Trouble.NONE;
  String lessons;

  /** What a person says has mended the cause; null while nobody does. */
  String fix;

  /** Not yet folded, in order. */
  final TreeSet<Fact> waiting = new TreeSet<>();

  /** Identities of the facts that were taken, so that a fact told twice is taken once. */
  final TreeSet<String> taken = new TreeSet<>();

  /** How many facts were not taken because there were too many. */
  int refused;

  final List<Attempt> attempts = new ArrayList<>();
  final List<String> errors = new ArrayList<>();
  final List<Entry> timeline = new ArrayList<>();
  final List<Raised> alerts = new ArrayList<>();

  /** The step to take when it is due; null when none is planned. */
  Plan.Attempt planned;

  /** Until when steps wait because a person said so; {@link Trouble#NONE} when they do not. */
  long pausedUntil = Trouble.NONE;

  /** A person has taken over: no further step is planned. */
  boolean takenOver;

  /**
   * When the outstanding attempt is no longer worth doing; {@link Step#NEVER} when there is none.
   */
  long expiryAt = Step.NEVER;

  /** When proof of the outstanding attempt is given up; {@link Step#NEVER} when there is none. */
  long proofBy = Step.NEVER;

  /** What it hangs on; null where it hangs on nothing. */
  Upstream upstream;

  /**
   * When it is looked at again whether the job that it hangs on has succeeded; {@link Step#NEVER}
   * when it does not wait for that.
   */
  long upstreamAt = Step.NEVER;

  /** Which jobs are likely to fail next, in words; null where nothing is known. */
  String likelyNext;

  /** The incident left the topic of incidents; its state goes next. */
  boolean forgotten;

  IncidentState(String id, String route, int sources) {
    this.id = id;
    this.route = route;
    this.sources = sources;
  }

  /** One command that was asked for. */
  static final class Attempt {
    final String commandId;
    final Action action;
    final int number;
    final long at;
    final boolean dryRun;
    AttemptStatus status;
    String detail;

    /** Whether nothing final is known of it yet. */
    boolean open = true;

    Attempt(
        String commandId,
        Action action,
        int number,
        long at,
        boolean dryRun,
        AttemptStatus status,
        String detail) {
      this.commandId = commandId;
      this.action = action;
      this.number = number;
      this.at = at;
      this.dryRun = dryRun;
      this.status = status;
      this.detail = detail;
    }
  }

  /** One line of the timeline. */
  record Entry(long at, Phase phase, String text) {}

  /** An alert that stands. */
  record Raised(
      String alertId, AlertKind kind, AlertTrigger trigger, String title, String message) {}

  /** The attempt with this command, or null. */
  Attempt attempt(String commandId) {
    for (Attempt attempt : attempts) {
      if (attempt.commandId.equals(commandId)) {
        return attempt;
      }
    }
    return null;
  }

  /** The attempt whose result is not known yet, or null. */
  Attempt outstanding() {
    Attempt last = attempts.isEmpty() ? null : attempts.get(attempts.size() - 1);
    return last != null && last.open ? last : null;
  }

  /** Says in the first line of the timeline what was discovered. */
  void discover(String text) {
    Entry entry = new Entry(openedAt, Phase.DISCOVER, text);
    if (timeline.isEmpty()) {
      timeline.add(entry);
    } else {
      timeline.set(0, entry);
    }
  }

  void note(long at, Phase phase, String text) {
    if (timeline.size() < TIMELINE_LIMIT) {
      timeline.add(new Entry(at, phase, text));
    }
  }

  /** Whether it has left the topic of incidents. */
  public boolean forgotten() {
    return forgotten;
  }

  /** Whether it is over, one way or the other. */
  boolean resolved() {
    return status == IncidentStatus.RESOLVED;
  }
}
