package io.mendline.processors.sentinel;

import io.mendline.processors.pipeline.Coordinates;
import io.mendline.serdes.telemetry.SentinelHealth;
import java.util.Comparator;

/**
 * What is kept of one record about a run of a rule.
 *
 * @param time event time of the record, epoch milliseconds
 * @param contentId its identity
 * @param status how the run ended: SUCCESS, PARTIAL_SUCCESS, WARNING or FAILURE
 * @param consolidated it says that the window was given up
 * @param window the window it speaks of
 * @param rule the rule as the record describes it
 * @param cause why it failed; null for a success
 * @param at where it was read
 * @param ref the source's number for it; nullable, and not kept of successes
 */
record RunFact(
    long time,
    long contentId,
    SentinelHealth.Status status,
    boolean consolidated,
    Window window,
    Rule rule,
    Cause cause,
    Coordinates at,
    String ref) {

  /** Facts are chosen among by event time and content, never by arrival. */
  static final Comparator<RunFact> ORDER =
      Comparator.comparingLong(RunFact::time).thenComparingLong(RunFact::contentId);

  /**
   * A rule as one record describes it.
   *
   * @param name as given; nullable
   * @param workspace the workspace; nullable
   * @param tenant the tenant; nullable
   * @param frequencyMillis how often it runs; may be absent
   * @param periodMillis how far back it looks; may be absent
   */
  record Rule(
      String name, String workspace, String tenant, long frequencyMillis, long periodMillis) {

    static Rule of(SentinelHealth row) {
      return new Rule(
          row.name(), row.workspace(), row.tenant(), row.frequencyMillis(), row.periodMillis());
    }
  }

  /** The same, holding the other's description of the rule where it is equal. */
  RunFact sharing(RunFact other) {
    return rule.equals(other.rule)
        ? new RunFact(time, contentId, status, consolidated, window, other.rule, cause, at, ref)
        : this;
  }

  /** From when on the run looked at data, epoch milliseconds; negative where that is not told. */
  long lookedFrom() {
    if (window.end() < 0 || rule.periodMillis() <= 0) {
      return window.start();
    }
    long byPeriod = window.end() - rule.periodMillis();
    return window.start() < 0 ? byPeriod : Math.min(byPeriod, window.start());
  }

  /** Whether the run looked at the window's data, if not without trouble. */
  boolean ran() {
    return status == SentinelHealth.Status.SUCCESS
        || status == SentinelHealth.Status.PARTIAL_SUCCESS;
  }

  /**
   * Whether it counts among the attempts that the documentation's query counts: all that is not
   * Success. A partial success is both: an attempt with trouble, and a run over the data.
   */
  boolean nonSuccess() {
    return status != SentinelHealth.Status.SUCCESS;
  }
}
