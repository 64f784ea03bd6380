package io.mendline.processors.sentinel;

import io.mendline.processors.pipeline.Presence;
import io.mendline.processors.pipeline.Subject;
import java.time.Duration;

/**
 * The state of one data connector: what waits for the watermark, the failures since it last worked,
 * and when and how steadily it was heard.
 */
public final class ConnectorState extends HealthState {
  /** A steady connector says how it is every hour. */
  static final long STEADY = Duration.ofHours(1).toMillis();

  /** Three missing hours are allowed; with the fourth it is silent. */
  static final int MISSING_HOURS = 4;

  /** A connector is steady when it was heard so often at an hour's pace. */
  static final int STEADY_TIMES = 3;

  private static final long LONGEST_PACE = MISSING_HOURS * STEADY;
  private static final long SHORTEST_PACE = STEADY / 2;

  /** The last summary of errors while it worked, nullable: the failure they lead to may follow. */
  HealthFact recent;

  /** The newest fact of any kind that was judged; null before the first. */
  HealthFact heard;

  int steady;
  long steadyAt;

  /** When it is next looked at whether it was silent; {@link #NEVER} while that is no question. */
  long checkAt = NEVER;

  /** So many hours since it was heard its workspace was heard and it was not. */
  int missing;

  /** When it was found silent, {@link #NEVER} while it is not. */
  long silentAt = NEVER;

  ConnectorState() {
    this(new FactQueue(), null);
  }

  ConnectorState(FactQueue queue, FailingEpisode episode) {
    super(queue, episode);
  }

  Subject subject() {
    return heard.subject();
  }

  /** Takes note that the connector was heard. */
  void hear(HealthFact fact) {
    heard = fact;
    // What is logged at once on a change is no steady state, and a connector that is logged once a
    // day is never missed after hours.
    long pace = fact.time() - steadyAt;
    if (steady == 0 || pace > LONGEST_PACE) {
      steady = 1;
      steadyAt = fact.time();
    } else if (pace >= SHORTEST_PACE) {
      steady = Math.min(steady + 1, STEADY_TIMES);
      steadyAt = fact.time();
    }
    missing = 0;
    // A connector that fails is known not to deliver: that it says so no more is no second finding.
    checkAt = steady == STEADY_TIMES && episode() == null ? hourStart(MISSING_HOURS) : NEVER;
  }

  /**
   * Counts the hours up to {@link #checkAt} in which the workspace was heard, and moves that on by
   * an hour. Hours in which the workspace was not heard either count for nothing.
   */
  void check(Presence workspace) {
    long hour = checkAt == hourStart(MISSING_HOURS) ? hourStart(0) : checkAt - STEADY;
    for (; hour < checkAt; hour += STEADY) {
      missing += workspace.heardBetween(hour, hour + STEADY) ? 1 : 0;
    }
    checkAt += STEADY;
  }

  /**
   * The start of an hour after it was heard. It falls on the border of two bins of presence, as
   * only what was heard before it may count when the watermark comes to it.
   */
  private long hourStart(int hours) {
    long bin = Math.floorDiv(heard.time(), Presence.BIN_MILLIS) + 1;
    return bin * Presence.BIN_MILLIS + hours * STEADY;
  }

  @Override
  long wakeAt() {
    long wakeAt = Math.min(checkAt, forgottenAt());
    return queue().waiting().isEmpty() ? wakeAt : Math.min(wakeAt, queue().waiting().get(0).time());
  }

  @Override
  long forgottenAt() {
    return heard == null ? NEVER : heard.time() + InOrderDetector.MEMORY.toMillis();
  }

  @Override
  void forget() {
    super.forget();
    recent = null;
    heard = null;
    steady = 0;
    checkAt = NEVER;
    missing = 0;
    silentAt = NEVER;
  }
}
