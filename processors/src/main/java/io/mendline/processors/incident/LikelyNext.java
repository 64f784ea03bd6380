package io.mendline.processors.incident;

import io.mendline.processors.cause.Category;
import io.mendline.processors.pipeline.Siblings;
import io.mendline.processors.pipeline.Siblings.Sibling;
import io.mendline.processors.pipeline.View;
import io.mendline.processors.remediation.Trouble;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.ResourceType;
import io.mendline.schemas.Transience;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which jobs are likely to fail next, in words. Only a lasting cause in the code or the
 * configuration of a job is one that other jobs share with it.
 */
final class LikelyNext {
  private static final Set<String> SHARED = Set.of(Category.CODE.id(), Category.CONFIGURATION.id());

  /** More of what two jobs have in common tells nobody anything. */
  private static final int MOST_LIKENESSES = 2;

  private LikelyNext() {}

  /** As of an event time that the watermark has passed; null where nothing is known. */
  static String of(String route, Trouble trouble, long at, View view) {
    Trouble.Cause cause = trouble.cause();
    if (trouble.kind() != FindingKind.RUN_FAILED
        || trouble.subject().type() != ResourceType.DATABRICKS_JOB
        || cause == null
        || cause.transience() != Transience.PERMANENT
        || !SHARED.contains(cause.category())) {
      return null;
    }
    String resourceId = trouble.subject().id();
    String jobId = resourceId.substring(resourceId.lastIndexOf('/') + 1);
    Siblings siblings = view.siblings(route, jobId, at);
    if (siblings.named().isEmpty()) {
      return null;
    }
    String named =
        siblings.named().stream().map(LikelyNext::shown).collect(Collectors.joining(", "));
    return siblings.others() == 0 ? named : named + ", and " + siblings.others() + " more";
  }

  private static String shown(Sibling sibling) {
    String why =
        sibling.likenesses().stream()
            .limit(MOST_LIKENESSES)
            .map(Object::toString)
            .collect(Collectors.joining(", "));
    return (sibling.name() == null ? "job " + sibling.jobId() : sibling.name()) + " (" + why + ")";
  }
}
