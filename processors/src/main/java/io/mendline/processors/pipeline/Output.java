package io.mendline.processors.pipeline;

import io.mendline.schemas.Alert;
import io.mendline.schemas.AuditEntry;
import io.mendline.schemas.Command;
import io.mendline.schemas.Finding;
import io.mendline.schemas.Incident;

/**
 * What a concern puts out. It travels on down the line: later concerns see it, and at the end of
 * the line it leaves for its topic.
 */
public sealed interface Output extends Message {
  /** The route it was made on. */
  String route();

  /** A finding was raised, enriched or cleared; for the {@code findings} topic. */
  record Found(String route, Finding finding) implements Output {}

  /**
   * A finding as it stood once its source's watermark had passed {@code at}: what recurrence and
   * incidents judge by. Unlike {@link Found}, which is told at once, it does not depend on the
   * order of arrival. It never leaves the engine.
   *
   * @param at event time of what happened, epoch milliseconds: the failure, the recovery
   * @param sources the sources, as bits, whose watermark settles this finding's kind
   * @param finding the finding, from facts up to {@code at} (and what the detector grants for
   *     evidence)
   */
  record Settled(String route, long at, int sources, Finding finding) implements Output {}

  /**
   * That a failed run was tried again, by whomever, and how it ended: settled as {@link Settled}
   * is, and put out ahead of what it is settled with. It never leaves the engine.
   *
   * @param at event time of the end, epoch milliseconds
   * @param sources as of {@link Settled}
   * @param cause the key of the cause of the failure before
   * @param findingId the finding that the run has
   * @param worked whether the run ended well
   */
  record Tried(String route, long at, int sources, String cause, String findingId, boolean worked)
      implements Output {}

  /**
   * What one cache scope counted in a bin that its watermark has closed, for what is judged of the
   * whole service. Put out as the bin is closed, so ahead of the progress that closed it. It never
   * leaves the engine.
   *
   * @param service the service that the scope is of
   * @param scope the id of the scope: the service, a slash, and the rest
   * @param at event time of the bin's end, epoch milliseconds
   * @param sources as of {@link Settled}
   * @param length of the bin, milliseconds
   * @param promptTokens prompt tokens of the calls that could be cached; above zero
   * @param cachedTokens how many of these were read from the cache
   */
  record Metered(
      String route,
      String service,
      String scope,
      long at,
      int sources,
      long length,
      long promptTokens,
      long cachedTokens)
      implements Output {}

  /** A new version of an incident; for the {@code incidents} topic. */
  record Tracked(String route, Incident incident) implements Output {}

  /** An incident was resolved so long ago that it leaves the {@code incidents} topic. */
  record Forgot(String route, String incidentId) implements Output {}

  /** A message for people; for the {@code alerts} topic. */
  record Told(String route, Alert alert) implements Output {}

  /** What was done or decided and why; for the {@code audit} topic. */
  record Noted(String route, AuditEntry entry) implements Output {}

  /** What the planner asks of the governor; for the internal {@code command-requests} topic. */
  record Asked(String route, Request request) implements Output {}

  /** A command released or revoked by the governor; for the {@code remediation.commands} topic. */
  record Commanded(String route, Command command) implements Output {}
}
