package io.mendline.processors.pipeline;

import io.mendline.serdes.telemetry.RuleChange;

/**
 * One normalized fact about one resource at one instant.
 *
 * @param source where it came from
 * @param route what it is judged together with; decides the partition
 * @param subject the resource; for outcomes, approvals and operations null, as they name only an id
 * @param eventTime when it happened, epoch milliseconds; a field of the message, never transport
 *     time
 * @param contentId identifies the fact by its content: equal facts told twice have equal ids
 * @param at where the message was read
 * @param payload the fact itself
 */
public record Signal(
    Source source,
    String route,
    Subject subject,
    long eventTime,
    long contentId,
    Coordinates at,
    Payload payload)
    implements Message {

  /**
   * Whether it is a change of a rule whose workspace is named by its path alone: where the rule's
   * runs are judged is not known yet.
   */
  public boolean isNamedByPath() {
    return payload instanceof Payload.Observed observed
        && observed.record() instanceof RuleChange change
        && change.workspacePath() != null;
  }
}
