package io.mendline.processors.recurrence;

import io.mendline.processors.pipeline.Coordinates;
import io.mendline.schemas.Evidence;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.Resource;
import io.mendline.schemas.RootCause;
import java.time.Instant;
import java.util.Comparator;

/**
 * What is kept of one settled failure.
 *
 * @param at when it happened, event time, epoch milliseconds
 * @param findingId the finding it is of
 * @param label what failed, for people: the run's id, or the window's start
 * @param resource the resource's name, or its id where it has none
 * @param cause why it failed
 * @param evidence where the first message of it was read; nullable
 * @param ref the source's number for that message; nullable
 */
record Failure(
    long at,
    String findingId,
    String label,
    String resource,
    RootCause cause,
    Coordinates evidence,
    String ref) {

  /** In event time; failures of one instant by their finding. */
  static final Comparator<Failure> ORDER =
      Comparator.comparingLong(Failure::at).thenComparing(Failure::findingId);

  static Failure of(long at, Finding finding) {
    Resource resource = finding.getResource();
    Evidence first = finding.getEvidence().isEmpty() ? null : finding.getEvidence().get(0);
    return new Failure(
        at,
        finding.getId(),
        label(finding),
        resource.getName() == null ? resource.getId() : resource.getName(),
        finding.getRootCause(),
        first == null
            ? null
            : new Coordinates(first.getTopic(), first.getPartition(), first.getOffset()),
        first == null ? null : first.getRef());
  }

  private static String label(Finding finding) {
    if (finding.getKind() == FindingKind.RUN_FAILED) {
      return finding.getAttributes().getOrDefault("runId", finding.getId());
    }
    Instant window =
        finding.getWindowStart() != null ? finding.getWindowStart() : finding.getWindowEnd();
    return window == null ? finding.getId() : window.toString();
  }
}
