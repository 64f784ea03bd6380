package io.mendline.processors.pipeline;

import io.mendline.processors.policy.Policy;
import io.mendline.serdes.telemetry.Change;
import java.util.List;
import java.util.function.BiConsumer;

/** What a detector may look at beside its own state. */
public interface View {
  /** The time the engine takes it to be, epoch milliseconds. */
  long clock();

  /** The policy in force at an event time. */
  Policy policy(long at);

  /**
   * The {@linkplain Hearing clock of a route} when the watermark of a source has come to an
   * instant.
   */
  long clock(String route, Source source, long watermark);

  /** When a route's source was heard, in bins of five minutes, over the last eight days. */
  Presence presence(String route, Source source);

  /**
   * What the changes of an analytics rule have said of it up to an event time. Asked for a time
   * that the watermark has passed, the answer is final but for late changes.
   *
   * <p>What was said later is never taken for want of something earlier: whether it had come when
   * it was asked for would depend on the order of arrival.
   *
   * @param ruleId as any record names the rule
   * @param at epoch milliseconds
   * @return {@link RuleProfile#UNKNOWN} where no change was heard by then
   */
  RuleProfile ruleProfile(String route, String ruleId, long at);

  /**
   * The jobs that are like one of a workspace by what their settings said up to an event time, but
   * for those that were deleted or paused by then. Asked for a time that the watermark has passed,
   * the answer is final but for late settings.
   *
   * @param at epoch milliseconds
   */
  Siblings siblings(String route, String jobId, long at);

  /**
   * The last end before an event time of each job that a pattern names, of those that were written
   * down, see {@link RunEnd}.
   *
   * @param pattern the {@code upstream} of a dependency of the policy
   * @param before epoch milliseconds
   */
  List<RunEnd> lastEnds(String route, String pattern, long before);

  /**
   * The ends of a job's runs with {@code after < at <= until}, oldest first, of those that were
   * written down: of jobs that a dependency of the policy names as upstream, and of runs that
   * another job has started.
   */
  List<RunEnd> ends(String route, String jobId, long after, long until);

  /** The changes of a service with {@code from <= at <= to}, oldest first, ties by id. */
  List<Change> changes(String service, long from, long to);

  /**
   * How often trying again has helped against a cause in the 30 days up to an event time. Asked for
   * a time that the watermark of the concern that asks has passed, the answer is final but for what
   * comes late.
   *
   * @param cause its key
   * @param at epoch milliseconds
   */
  RepairOdds repairs(String route, String cause, long at);

  /**
   * The data connectors of a workspace that failed, or were silent though steady before, at some
   * time in {@code [from, to]}, by what was told up to {@code to}; oldest first, ties by id. Only
   * whole hours are looked at, so the last ones of a time that does not end with an hour are not.
   */
  List<ConnectorTrouble> connectors(String route, long from, long to);

  /**
   * Visits the states of a route's other keys that the concern of whoever asks has, in the order of
   * their ids; they are only to be read. For detectors that {@linkplain Detector#firesInOrder fire
   * in order}: at the deadline {@code at} of one key all that the others were to do before {@code
   * at} was done.
   *
   * @param key that of whoever asks
   * @param type states of other types are left out
   */
  <T> void others(StateKey key, Class<T> type, BiConsumer<StateKey, T> visitor);
}
