package io.mendline.processors.sentinel;

import io.mendline.processors.pipeline.Findings;
import io.mendline.processors.pipeline.Subject;
import io.mendline.schemas.Confidence;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.FindingStatus;
import io.mendline.schemas.Severity;
import io.mendline.schemas.Transience;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/** Writes the finding about an episode of failures. */
final class FailingFindings {
  private FailingFindings() {}

  /**
   * The finding as it stands, as its next revision.
   *
   * @param summary one sentence, to which the cause is appended
   * @param counts attributes of this kind of resource
   */
  static Finding of(
      FailingEpisode episode,
      FindingKind kind,
      String summary,
      Map<String, String> counts,
      InOrderDetector.Verdicts verdicts) {
    boolean cleared = episode.clearedAt != HealthState.NEVER;
    Map<String, String> attributes = new TreeMap<>(counts);
    attributes.put("lastStatus", episode.lastStatus.name());
    attributes.put("lastFailureAt", Instant.ofEpochMilli(episode.lastAt).toString());
    if (!episode.codes.isEmpty()) {
      attributes.put("issues", String.join(", ", episode.codes));
    }
    if (episode.message != null) {
      attributes.put("message", episode.message);
    }
    Cause cause = episode.cause;
    String what = episode.subject.type().name() + "@" + episode.since;
    String id = Findings.id(kind, verdicts.key.route(), episode.subject.id(), what);
    return Findings.begin(id, kind, episode.subject, episode.raisedAt, verdicts.view)
        .setStatus(cleared ? FindingStatus.CLEARED : FindingStatus.RAISED)
        .setRevision(++episode.revision)
        .setWindowStart(Instant.ofEpochMilli(episode.since))
        .setWindowEnd(cleared ? Instant.ofEpochMilli(episode.clearedAt) : null)
        .setSeverity(severity(episode))
        .setConfidence(Confidence.HIGH)
        .setRootCause(cause == null ? null : cause.toRootCause())
        .setSummary(cause == null ? summary : summary + ": " + cause.title())
        .setAttributes(attributes)
        .setEvidence(
            episode.sightings.stream()
                .map(seen -> Findings.evidence(seen.at(), seen.ref()))
                .toList())
        .build();
  }

  /** What a resource is called: its name, or its id where it has none. */
  static String nameOf(Subject subject) {
    return subject.name() == null ? subject.id() : subject.name();
  }

  /** A resource that does part of its work, or that will work again by itself, is less urgent. */
  private static Severity severity(FailingEpisode episode) {
    boolean passing = episode.cause != null && episode.cause.transience() == Transience.TRANSIENT;
    return passing || episode.failures == 0 ? Severity.MEDIUM : Severity.HIGH;
  }
}
